/* vfs_modules/posix/record.c - small records kept with a file or directory: one
 * extended attribute each.  user.SmbReparse is Samba's name and form (the
 * whole reparse buffer); clients see none of them as an EA (ea.c).  What a
 * reparse point needs besides is in reparse.c. */
#include <errno.h>

#include "lib/assert.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/privileged.h"
#include "vfs_modules/posix/reparse.h"
#include "vfs_modules/posix/xattr.h"

static const char *attr_of(enum fsa_record which)
{
	static const char *const attrs[FSA_RECORDS] = {
		[FSA_RECORD_OBJECT_ID] = "user.holdfast.object_id",
		[FSA_RECORD_VOLUME_ID] = "user.holdfast.volume_id",
		[FSA_RECORD_NETATALK] = "user.org.netatalk.Metadata",
		[FSA_RECORD_REPARSE] = REPARSE_ATTR,
	};

	ASSERT(which < FSA_RECORDS);
	return attrs[which];
}

static NTSTATUS get_attr(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			 enum fsa_record which, struct blob *out)
{
	const struct posix_node *n = posix_node(node);
	uint8_t *value = xattr_value_buffer(n);
	ssize_t size;
	uint8_t *copy;

	if (value == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	size = privileged_get_xattr(n->fd, attr_of(which), value,
				    XATTR_VALUE_MAX);
	if (size == 0 ||
	    (size < 0 && (errno == ENODATA || errno == EOPNOTSUPP))) {
		return NT_STATUS(NOT_FOUND);
	}
	if (size < 0) {
		return xattr_status(errno);
	}
	copy = talloc_memdup(mem_ctx, value, (size_t)size);
	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = (struct blob){.data = copy, .length = (size_t)size};
	return NT_STATUS_OK;
}

NTSTATUS posix_get_record(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			  enum fsa_record which, struct blob *out)
{
	struct posix_node *n = posix_node(node);
	struct blob found = {0};
	NTSTATUS status;

	if (node->no_data) {
		return which == FSA_RECORD_REPARSE
			       ? reparse_get_special(mem_ctx, n, out)
			       : NT_STATUS(NOT_FOUND);
	}
	status = get_attr(mem_ctx, node, which, &found);
	if (NT_STATUS_IS_OK(status) && which == FSA_RECORD_REPARSE) {
		status = reparse_get_rest(mem_ctx, n, &found);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = found;
	}
	return status;
}

NTSTATUS posix_set_record(struct fsa_node *node, enum fsa_record which,
			  struct blob value)
{
	struct posix_node *n = posix_node(node);

	if (which == FSA_RECORD_REPARSE) {
		return reparse_set(n, value);
	}
	return value.length == 0
		       ? privileged_remove_record(n->fd, attr_of(which))
		       : privileged_set_record(n->fd, attr_of(which),
					       value.data, value.length);
}
