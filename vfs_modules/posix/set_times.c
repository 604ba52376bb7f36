/* vfs_modules/posix/set_times.c - access, write and change time of a file. */
#include <errno.h>
#include <sys/stat.h>
#include <time.h>

#include "vfs_modules/posix/attr.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/privileged.h"

static struct timespec time_or_omit(NTTIME t)
{
	if (t == 0) {
		return (struct timespec){.tv_nsec = UTIME_OMIT};
	}
	return nttime_to_timespec(t);
}

static NTSTATUS put_times(struct posix_node *n, const struct timespec ts[2])
{
	if (utimensat(n->fd, "", ts, AT_EMPTY_PATH) == 0) {
		return NT_STATUS_OK;
	}
	if (errno != EPERM || !n->mount->dos_filetimes) {
		return ntstatus_from_errno(errno);
	}
	return privileged_set_times(n->fd, ts);
}

/* Every file system has room for what fits into 32 bits. */
static bool is_unusual(const struct timespec *ts)
{
	return ts->tv_nsec != UTIME_OMIT &&
	       (ts->tv_sec < INT32_MIN || ts->tv_sec > INT32_MAX);
}

static bool is_kept(const struct timespec *asked,
		    const struct statx_timestamp *now)
{
	return asked->tv_nsec == UTIME_OMIT || asked->tv_sec == now->tv_sec;
}

static struct timespec timespec_of(const struct statx_timestamp *ts)
{
	return (struct timespec){.tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec};
}

/* The kernel cuts what is out of a file system's range down to what is in it,
 * and says nothing: so it is looked at, and taken back. */
static NTSTATUS put_unusual(struct posix_node *n, const struct timespec ts[2])
{
	const unsigned int mask = STATX_ATIME | STATX_MTIME;
	struct timespec before[2];
	struct statx sx;
	NTSTATUS status;

	if (statx(n->fd, "", AT_EMPTY_PATH, mask, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	before[0] = timespec_of(&sx.stx_atime);
	before[1] = timespec_of(&sx.stx_mtime);
	status = put_times(n, ts);
	if (NT_STATUS_IS_OK(status) &&
	    statx(n->fd, "", AT_EMPTY_PATH, mask, &sx) != 0) {
		status = ntstatus_from_errno(errno);
	}
	if (!NT_STATUS_IS_OK(status) || (is_kept(&ts[0], &sx.stx_atime) &&
					 is_kept(&ts[1], &sx.stx_mtime))) {
		return status;
	}
	status = put_times(n, before);
	return NT_STATUS_IS_OK(status) ? NT_STATUS(INVALID_PARAMETER) : status;
}

NTSTATUS posix_set_times(struct posix_node *n, const struct fsa_times *t)
{
	const struct timespec ts[2] = {time_or_omit(t->access),
				       time_or_omit(t->write)};

	if (t->access == 0 && t->write == 0) {
		return NT_STATUS_OK;
	}
	return is_unusual(&ts[0]) || is_unusual(&ts[1]) ? put_unusual(n, ts)
							: put_times(n, ts);
}

NTSTATUS posix_keep_access_time(struct fsa_node *node, bool keep)
{
	const struct posix_node *n = posix_node(node);

	/* By its path alone nothing is read. */
	return n->mode == O_PATH ? NT_STATUS_OK
				 : privileged_keep_access_time(n->fd, keep);
}

/* --- the change time ----------------------------------------------------- */

/* The clock that the kernel stamps files with. */
static NTTIME kernel_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME_COARSE, &ts);
	return nttime_from_timespec(ts);
}

static NTSTATUS get_ctime(const struct posix_node *n, NTTIME *out)
{
	struct statx sx;

	if (statx(n->fd, "", AT_EMPTY_PATH, STATX_CTIME, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	*out = nttime_from_timespec(timespec_of(&sx.stx_ctime));
	return NT_STATUS_OK;
}

#define MAX_TRIES 16

/* The attribute holds the ctime that writing it will give the file.  That is
 * foreseen, looked at, and foreseen again if the clock went on in between. */
NTSTATUS posix_set_change_time(struct posix_node *n, NTTIME change)
{
	struct dosattrib d;
	NTSTATUS status;

	if (!n->mount->dos_attributes) {
		return NT_STATUS_OK;
	}
	status = posix_get_dosattrib(n, &d);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	d.change = change;
	d.ctime = kernel_now();
	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		NTTIME ctime = 0;

		status = posix_put_dosattrib(n->fd, n->mode == O_PATH, &d);
		if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
			return NT_STATUS_OK;
		}
		if (NT_STATUS_IS_OK(status)) {
			status = get_ctime(n, &ctime);
		}
		if (!NT_STATUS_IS_OK(status) ||
		    dosattrib_change_holds(&d, ctime)) {
			return status;
		}
		d.ctime = ctime;
	}
	return NT_STATUS(IO_TIMEOUT);
}
