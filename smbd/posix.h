/* smbd/posix.h - the POSIX extensions of SMB 3.1.1 on the wire
 * ([POSIX-SMB2]): what is special in the requests of a POSIX open. */
#ifndef SMBD_POSIX_H
#define SMBD_POSIX_H

#include "fsa/fsa.h"
#include "smb2/create_contexts.h"
#include "smb2/posix.h"

struct smbd_request;

/* Whether the create is a POSIX open: the client has asked for one, the
 * extensions are agreed on, and the share has them.  INVALID_PARAMETER when
 * they are, and what it sent is malformed. */
MUST_CHECK NTSTATUS
smbd_posix_check(const struct smbd_request *req,
		 const struct smb2_create_request_contexts *c, bool *out);

/* Between a name on the wire, where "/" separates and a backslash is a
 * character like any other, and the same in fsa/posix.h's form: in place. */
void smbd_posix_swap(char *name);

/* Makes args those of a POSIX open with this mode. */
void smbd_posix_set_create(struct fsa_create *args, uint32_t mode);

/* The answer to the create context; out on mem_ctx. */
MUST_CHECK NTSTATUS smbd_posix_answer(TALLOC_CTX *mem_ctx,
				      const struct fsa_stat *st,
				      struct wire_reader *out);

struct smb2_posix_info smbd_posix_info(const struct fsa_stat *st);
struct smb2_posix_fs smbd_posix_fs(const struct fsa_volume_info *v);

#endif
