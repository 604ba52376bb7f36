/* vfs_modules/posix/privileged.c - with more rights than the user's. */
#include "vfs_modules/posix/privileged.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/identity.h"
#include "vfs_modules/posix/rights.h"

NTSTATUS privileged_set_times(int fd, const struct timespec ts[2])
{
	int err = 0;

	if (!posix_may(fd, W_OK)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	identity_save();
	if (utimensat(fd, "", ts, AT_EMPTY_PATH) != 0) {
		err = errno;
	}
	identity_restore();
	return ntstatus_from_errno(err);
}

NTSTATUS privileged_set_xattr(int fd, const char *name, const void *data,
			      size_t size)
{
	struct stat st;
	int err = 0;

	if (fstat(fd, &st) != 0 || st.st_uid != posix_user()) {
		return NT_STATUS(ACCESS_DENIED);
	}
	identity_save();
	if (fsetxattr(fd, name, data, size, 0) != 0) {
		err = errno;
	}
	identity_restore();
	return ntstatus_from_errno(err);
}
