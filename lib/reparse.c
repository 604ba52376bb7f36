/* lib/reparse.c - what reparse points are made of. */
#include "lib/reparse.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/utf16.h"
#include "lib/wire.h"

#define NAMES_HEADER 8 /* offsets and lengths of two names */

#define NFS_SPECFILE_CHR  0x0000000000524843u
#define NFS_SPECFILE_BLK  0x00000000004B4C42u
#define NFS_SPECFILE_FIFO 0x000000004F464946u
#define NFS_SPECFILE_SOCK 0x000000004B434F53u

NTSTATUS reparse_decode(struct blob in, struct reparse *out)
{
	struct wire_reader r = wire_reader(in.data, in.length);
	struct reparse found = {0};
	uint16_t length;

	if (in.length > REPARSE_MAX) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	found.tag = wire_u32(&r);
	length = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved */
	if (!reparse_is_microsoft(found.tag)) {
		found.guid = guid_read(&r);
	}
	if (!wire_ok(&r) || wire_left(&r) != length ||
	    (!reparse_is_microsoft(found.tag) && guid_is_zero(&found.guid))) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	if (length > 0) {
		found.data.data = in.data + r.pos;
		found.data.length = length;
	}
	*out = found;
	return NT_STATUS_OK;
}

static void put_header(struct wire_writer *w, uint32_t tag, size_t length)
{
	wire_put_u32(w, tag);
	wire_put_u16(w, (uint16_t)length);
	wire_put_u16(w, 0); /* Reserved */
}

NTSTATUS reparse_encode(TALLOC_CTX *mem_ctx, const struct reparse *in,
			struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, REPARSE_MAX);

	put_header(&w, in->tag, in->data.length);
	if (!reparse_is_microsoft(in->tag)) {
		guid_put(&w, &in->guid);
	}
	wire_put_bytes(&w, in->data.data, in->data.length);
	return wire_finish(&w, out);
}

/* --- names --------------------------------------------------------------- */

struct names {
	struct wire_reader substitute;
	struct wire_reader print;
	uint32_t flags;
};

static NTSTATUS decode_names(struct blob data, bool has_flags,
			     struct names *out)
{
	struct wire_reader r = wire_reader(data.data, data.length);
	uint16_t at[2];
	uint16_t length[2];
	struct names n = {0};

	for (unsigned int i = 0; i < 2; i++) {
		at[i] = wire_u16(&r);
		length[i] = wire_u16(&r);
	}
	n.flags = has_flags ? wire_u32(&r) : 0;
	n.substitute = wire_field(&r, r.pos + at[0], length[0]);
	n.print = wire_field(&r, r.pos + at[1], length[1]);
	if (!wire_ok(&r) || length[0] == 0 || length[0] % 2 != 0 ||
	    length[1] % 2 != 0) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	*out = n;
	return NT_STATUS_OK;
}

static NTSTATUS to_utf8(TALLOC_CTX *mem_ctx, const struct wire_reader *name,
			const char **out)
{
	char *text = NULL;
	NTSTATUS status =
		utf16_to_utf8(mem_ctx, name->data, name->length, &text);

	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS_IS(status, NO_MEMORY)
			       ? status
			       : NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	*out = text;
	return NT_STATUS_OK;
}

NTSTATUS reparse_symlink_decode(TALLOC_CTX *mem_ctx, struct blob data,
				struct reparse_symlink *out)
{
	struct reparse_symlink found = {0};
	struct names names;
	NTSTATUS status = decode_names(data, true, &names);

	if (NT_STATUS_IS_OK(status) &&
	    (names.flags & ~SYMLINK_FLAG_RELATIVE) != 0) {
		status = NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = to_utf8(mem_ctx, &names.substitute, &found.substitute);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = to_utf8(mem_ctx, &names.print, &found.print);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	found.relative = (names.flags & SYMLINK_FLAG_RELATIVE) != 0;
	*out = found;
	return NT_STATUS_OK;
}

NTSTATUS reparse_symlink_encode(TALLOC_CTX *mem_ctx,
				const struct reparse_symlink *in,
				struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, REPARSE_MAX);
	size_t substitute = utf16_size(in->substitute);
	size_t print = utf16_size(in->print);

	if (substitute + print > REPARSE_MAX) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	put_header(&w, IO_REPARSE_TAG_SYMLINK,
		   NAMES_HEADER + 4 + substitute + print);
	wire_put_u16(&w, 0);
	wire_put_u16(&w, (uint16_t)substitute);
	wire_put_u16(&w, (uint16_t)substitute);
	wire_put_u16(&w, (uint16_t)print);
	wire_put_u32(&w, in->relative ? SYMLINK_FLAG_RELATIVE : 0);
	wire_put_utf16(&w, in->substitute);
	wire_put_utf16(&w, in->print);
	return wire_finish(&w, out);
}

NTSTATUS reparse_mount_point_check(struct blob data)
{
	struct names names;

	return decode_names(data, false, &names);
}

/* --- special files ------------------------------------------------------- */

static uint64_t nfs_type(mode_t mode)
{
	if (S_ISFIFO(mode)) {
		return NFS_SPECFILE_FIFO;
	}
	if (S_ISSOCK(mode)) {
		return NFS_SPECFILE_SOCK;
	}
	return S_ISCHR(mode) ? NFS_SPECFILE_CHR : NFS_SPECFILE_BLK;
}

NTSTATUS reparse_nfs_encode(TALLOC_CTX *mem_ctx, mode_t mode, dev_t device,
			    struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, 64);
	bool is_device = S_ISCHR(mode) || S_ISBLK(mode);

	put_header(&w, IO_REPARSE_TAG_NFS, is_device ? 16 : 8);
	wire_put_u64(&w, nfs_type(mode));
	if (is_device) {
		wire_put_u32(&w, major(device));
		wire_put_u32(&w, minor(device));
	}
	return wire_finish(&w, out);
}
