/* vfs_modules/posix/xattr.c - the extended attributes of an open file. */
#include "vfs_modules/posix/xattr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

/* A list that grows while we look is asked for again, so often. */
#define MAX_TRIES 8

#define PROC_SIZE 32

/* What was opened by its path alone takes no call by its descriptor. */
static const char *by_proc(const struct posix_node *n, char path[PROC_SIZE])
{
	snprintf(path, PROC_SIZE, "/proc/self/fd/%d", n->fd);
	return path;
}

ssize_t xattr_get(const struct posix_node *n, const char *name, void *value,
		  size_t size)
{
	char path[PROC_SIZE];

	if (n->mode == O_PATH) {
		return getxattr(by_proc(n, path), name, value, size);
	}
	return fgetxattr(n->fd, name, value, size);
}

int xattr_set(const struct posix_node *n, const char *name, const void *value,
	      size_t size, int flags)
{
	char path[PROC_SIZE];

	if (n->mode == O_PATH) {
		return setxattr(by_proc(n, path), name, value, size, flags);
	}
	return fsetxattr(n->fd, name, value, size, flags);
}

int xattr_remove(const struct posix_node *n, const char *name)
{
	char path[PROC_SIZE];

	if (n->mode == O_PATH) {
		return removexattr(by_proc(n, path), name);
	}
	return fremovexattr(n->fd, name);
}

static ssize_t list(const struct posix_node *n, char *names, size_t size)
{
	char path[PROC_SIZE];

	if (n->mode == O_PATH) {
		return listxattr(by_proc(n, path), names, size);
	}
	return flistxattr(n->fd, names, size);
}

uint8_t *xattr_value_buffer(const struct posix_node *n)
{
	return xattr_value_buffer_of(n->mount);
}

uint8_t *xattr_value_buffer_of(const struct posix_mount *m)
{
	struct posix_state *s = m->state;

	if (s->value == NULL) {
		s->value = talloc_array(s, uint8_t, XATTR_VALUE_MAX);
	}
	return s->value;
}

static NTSTATUS get_list(const struct posix_node *n, char **out, size_t *out_n)
{
	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		ssize_t size = list(n, NULL, 0);
		char *names;

		if (size < 0) {
			return xattr_status(errno);
		}
		names = talloc_array(NULL, char, (size_t)size + 1);
		if (names == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		size = size == 0 ? 0 : list(n, names, (size_t)size);
		if (size >= 0) {
			*out = names;
			*out_n = (size_t)size;
			return NT_STATUS_OK;
		}
		talloc_free(names);
		if (errno != ERANGE) {
			return xattr_status(errno);
		}
	}
	return NT_STATUS(UNSUCCESSFUL);
}

NTSTATUS xattr_each(const struct posix_node *n,
		    bool (*take)(const char *name, void *private_data),
		    void *private_data)
{
	char *names = NULL;
	size_t size = 0;
	NTSTATUS status = get_list(n, &names, &size);
	bool more = true;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	for (size_t i = 0; more && i < size; i += strlen(names + i) + 1) {
		more = take(names + i, private_data);
	}
	talloc_free(names);
	return NT_STATUS_OK;
}

NTSTATUS xattr_status(int err)
{
	switch (err) {
	case ENODATA:
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	case E2BIG:
		return NT_STATUS(DISK_FULL);
	case EEXIST:
		return NT_STATUS(OBJECT_NAME_COLLISION);
	case ERANGE: /* a name that is too long */
		return NT_STATUS(OBJECT_NAME_INVALID);
	case EPERM:
		return NT_STATUS(ACCESS_DENIED);
	default:
		return ntstatus_from_errno(err);
	}
}
