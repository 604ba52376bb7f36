/* vfs_modules/posix/reparse.c - what is a reparse point, and with which tag. */
#include "vfs_modules/posix/reparse.h"

#include <errno.h>
#include <unistd.h>

#include "lib/reparse.h"
#include "lib/wire.h"
#include "vfs_modules/posix/privileged.h"
#include "vfs_modules/posix/side_store.h"
#include "vfs_modules/posix/symlink.h"

void reparse_stat_special(mode_t mode, bool to_directory, struct fsa_stat *st)
{
	st->directory = S_ISLNK(mode) && to_directory;
	st->end_of_file = 0;
	st->allocation_size = 0;
	st->attributes = FILE_ATTRIBUTE_REPARSE_POINT;
	st->attributes |= st->directory ? FILE_ATTRIBUTE_DIRECTORY
					: FILE_ATTRIBUTE_ARCHIVE;
	st->reparse_tag =
		S_ISLNK(mode) ? IO_REPARSE_TAG_SYMLINK : IO_REPARSE_TAG_NFS;
}

void reparse_stat_tag(const uint8_t *data, ssize_t length, struct fsa_stat *st)
{
	struct wire_reader r =
		wire_reader(data, length > 0 ? (size_t)length : 0);
	uint32_t tag = wire_u32(&r);

	wire_skip(&r, REPARSE_HEADER - 4);
	if (wire_ok(&r)) {
		st->reparse_tag = tag;
		return;
	}
	st->attributes &= ~FILE_ATTRIBUTE_REPARSE_POINT;
}

/* --- buffers ------------------------------------------------------------- */

NTSTATUS reparse_get_special(TALLOC_CTX *mem_ctx, const struct posix_node *n,
			     struct blob *out)
{
	struct reparse_symlink link;
	struct stat st;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	if (fstat(n->fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	if (!S_ISLNK(st.st_mode)) {
		return reparse_nfs_encode(mem_ctx, st.st_mode, st.st_rdev, out);
	}
	tmp = talloc_new(mem_ctx);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = symlink_read(tmp, n->fd, &link);
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_symlink_encode(mem_ctx, &link, out);
	}
	talloc_free(tmp);
	return status;
}

/* What does not fit into an attribute is whole in the side store, and the
 * attribute has its header. */
static bool is_header_alone(struct blob b)
{
	return b.length == REPARSE_HEADER && (b.data[4] | b.data[5]) != 0;
}

NTSTATUS reparse_get_rest(TALLOC_CTX *mem_ctx, const struct posix_node *n,
			  struct blob *inout)
{
	uint8_t *data;
	ssize_t length;
	NTSTATUS status;
	int fd = -1;

	if (!is_header_alone(*inout)) {
		return NT_STATUS_OK;
	}
	data = talloc_array(mem_ctx, uint8_t, REPARSE_MAX);
	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = side_open(n, SIDE_REPARSE, &fd);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	length = pread(fd, data, REPARSE_MAX, 0);
	close(fd);
	if (length < REPARSE_HEADER) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	talloc_free(inout->data);
	*inout = (struct blob){.data = data, .length = (size_t)length};
	return NT_STATUS_OK;
}

static NTSTATUS remove_side(const struct posix_node *n)
{
	NTSTATUS status = side_remove(n, SIDE_REPARSE);

	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ? NT_STATUS_OK
							   : status;
}

static NTSTATUS store(const struct posix_node *n, struct blob value)
{
	NTSTATUS status = privileged_set_record(n->fd, REPARSE_ATTR, value.data,
						value.length);
	int fd = -1;

	if (!NT_STATUS_IS(status, DISK_FULL) ||
	    value.length <= REPARSE_HEADER) {
		return NT_STATUS_IS_OK(status) ? remove_side(n) : status;
	}
	status = side_make(n, SIDE_REPARSE, value.data, value.length, &fd);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	close(fd);
	return privileged_set_record(n->fd, REPARSE_ATTR, value.data,
				     REPARSE_HEADER);
}

static NTSTATUS forget(struct posix_node *n)
{
	NTSTATUS status = posix_mark_reparse(n, false);

	if (NT_STATUS_IS_OK(status)) {
		status = privileged_remove_record(n->fd, REPARSE_ATTR);
	}
	return NT_STATUS_IS_OK(status) ? remove_side(n) : status;
}

NTSTATUS reparse_set(struct posix_node *n, struct blob value)
{
	NTSTATUS status;

	if (n->base.no_data) {
		struct stat st;
		bool link = fstat(n->fd, &st) == 0 && S_ISLNK(st.st_mode);

		return link && value.length == 0 ? symlink_remove(n)
						 : NT_STATUS(ACCESS_DENIED);
	}
	if (!n->mount->dos_attributes) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (value.length == 0) {
		return forget(n);
	}
	status = store(n, value);
	if (NT_STATUS_IS_OK(status)) {
		status = posix_mark_reparse(n, true);
	}
	return status;
}
