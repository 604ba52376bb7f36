/* fsa/security.c - FSA_QUERY_SECURITY, FSA_SET_SECURITY ([MS-FSA] 2.1.5.14,
 * 2.1.5.17). */
#include "fsa/file.h"

#define READABLE                                                               \
	(OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |             \
	 DACL_SECURITY_INFORMATION)

NTSTATUS fsa_query_security_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_security *s = &io->u.security;

	if ((s->which & SACL_SECURITY_INFORMATION) != 0 &&
	    (f->granted & ACCESS_SYSTEM_SECURITY) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if ((s->which & READABLE) != 0 && (f->granted & READ_CONTROL) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return driver_of(f)->get_security(s->mem_ctx, file_node(f), s->which,
					  &s->descriptor);
}

/* No driver keeps descriptors yet. */
NTSTATUS fsa_set_security_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	uint32_t which = io->u.security.which;
	uint32_t needs = 0;

	if ((which & DACL_SECURITY_INFORMATION) != 0) {
		needs |= WRITE_DAC;
	}
	if ((which &
	     (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION)) != 0) {
		needs |= WRITE_OWNER;
	}
	if ((needs & ~f->granted) != 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS(NOT_SUPPORTED);
}
