/* vfs_modules/posix/stepwise.c - opening a path a component at a time. */
#include "vfs_modules/posix/stepwise.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_PATH opens a symlink itself, O_NOFOLLOW or not: that is ELOOP unless the
 * caller asked for it. */
static int no_link(int fd, bool wanted)
{
	struct stat st;

	if (fd == -1 || wanted || fstat(fd, &st) != 0 || !S_ISLNK(st.st_mode)) {
		return fd;
	}
	close(fd);
	errno = ELOOP;
	return -1;
}

static int open_last(int parent, const char *name, int flags, mode_t mode)
{
	int fd = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);

	return no_link(fd, (flags & O_NOFOLLOW) != 0);
}

/* A directory on the way.  O_DIRECTORY comes before O_NOFOLLOW in the kernel:
 * a symlink would be ENOTDIR, so it is left out here. */
static int enter(int parent, const char *name, size_t length)
{
	char component[NAME_MAX + 1];

	if (length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(component, name, length);
	component[length] = '\0';
	if (strcmp(component, "..") == 0) {
		errno = EXDEV;
		return -1;
	}
	return no_link(
		openat(parent, component, O_PATH | O_NOFOLLOW | O_CLOEXEC),
		false);
}

int stepwise_openat(int root, const char *path, int flags, mode_t mode)
{
	int parent = root, fd, err;

	if (*path == '/') {
		errno = EXDEV;
		return -1;
	}
	for (;;) {
		size_t length = strcspn(path, "/");

		if (path[length] == '\0') {
			break;
		}
		fd = enter(parent, path, length);
		err = errno;
		if (parent != root) {
			close(parent);
		}
		if (fd == -1) {
			errno = err;
			return -1;
		}
		parent = fd;
		path += length + strspn(path + length, "/");
	}
	if (strcmp(path, "..") == 0) {
		fd = -1;
		err = EXDEV;
	} else {
		fd = open_last(parent, *path == '\0' ? "." : path, flags, mode);
		err = errno;
	}
	if (parent != root) {
		close(parent);
	}
	errno = err;
	return fd;
}
