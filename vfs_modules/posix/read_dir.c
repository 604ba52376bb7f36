/* vfs_modules/posix/read_dir.c - reading directories with getdents64. */
#include "vfs_modules/posix/read_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <talloc.h>
#include <unistd.h>

#include "lib/log.h"

#define SCAN_BUFFER 32768

static bool is_dot_name(const char *name)
{
	return name[0] == '.' &&
	       (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* Some file systems have longer names than [MS-FSCC] 2.1.5.2 allows. */
static bool is_too_long(const char *name)
{
	if (strlen(name) <= NAME_MAX) {
		return false;
	}
	LOG_INFO(LOG_VFS, "not shown, the name is too long: %s", name);
	return true;
}

NTSTATUS read_dir_next(int fd, struct dir_buffer *b, struct dir_entry *out)
{
	const struct dirent64 *d;

	do {
		if (b->pos >= b->filled) {
			long n = syscall(SYS_getdents64, fd, b->data, b->size);

			if (n < 0 && errno != ENOENT) {
				return ntstatus_from_errno(errno);
			}
			if (n <= 0) { /* the end, or it was removed */
				return NT_STATUS(NO_MORE_FILES);
			}
			b->filled = (size_t)n;
			b->pos = 0;
		}
		d = (const struct dirent64 *)(const void *)(b->data + b->pos);
		b->pos += d->d_reclen;
	} while (is_dot_name(d->d_name) || is_too_long(d->d_name));
	*out = (struct dir_entry){.name = d->d_name, .type = d->d_type};
	return NT_STATUS_OK;
}

NTSTATUS read_dir_all(int dir, bool (*fn)(const char *name, void *private_data),
		      void *private_data)
{
	struct dir_buffer b = {.size = SCAN_BUFFER};
	struct dir_entry e;
	NTSTATUS status;
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1) {
		return ntstatus_from_errno(errno);
	}
	b.data = talloc_array(NULL, char, b.size);
	if (b.data == NULL) {
		close(fd);
		return NT_STATUS(NO_MEMORY);
	}
	do {
		status = read_dir_next(fd, &b, &e);
	} while (NT_STATUS_IS_OK(status) && fn(e.name, private_data));
	talloc_free(b.data);
	close(fd);
	return NT_STATUS_IS(status, NO_MORE_FILES) ? NT_STATUS_OK : status;
}
