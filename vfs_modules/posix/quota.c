/* vfs_modules/posix/quota.c - disk quotas of users: quotactl_fd(2), the generic
 * commands, which ext4, XFS and others answer alike.  The kernel lets everybody
 * ask for his own; for the rest the process has CAP_SYS_ADMIN, and the core has
 * looked whether the user may. */
#include <errno.h>
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

/* linux/quota.h has no QCMD() of its own. */
#define USER_QUOTA(cmd) (((unsigned int)(cmd) << SUBCMDSHIFT) | USRQUOTA)

#define BLOCK 1024 /* what limits are counted in */

static int call(const struct posix_mount *m, unsigned int cmd, uid_t uid,
		void *data)
{
#ifdef SYS_quotactl_fd
	return (int)syscall(SYS_quotactl_fd, m->root, cmd, uid, data);
#else
	errno = ENOSYS;
	return -1;
#endif
}

static NTSTATUS status_of(int err)
{
	switch (err) {
	case ENOSYS: /* no quotas in this kernel, or file system */
	case EINVAL:
	case EOPNOTSUPP:
	case ENOTBLK:
	case ESRCH: /* ... or not turned on */
		return NT_STATUS(NOT_SUPPORTED);
	case ENOENT:
		return NT_STATUS(NOT_FOUND);
	case EPERM:
		return NT_STATUS(ACCESS_DENIED);
	default:
		return ntstatus_from_errno(err);
	}
}

NTSTATUS posix_quota_state(struct fsa_mount *mount, bool *out_enforced)
{
	struct fs_quota_stat st = {0};

	if (call(posix_mount(mount), USER_QUOTA(Q_XGETQSTAT), 0, &st) != 0) {
		return status_of(errno);
	}
	if ((st.qs_flags & FS_QUOTA_UDQ_ACCT) == 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	*out_enforced = (st.qs_flags & FS_QUOTA_UDQ_ENFD) != 0;
	return NT_STATUS_OK;
}

static uint64_t limit_of(uint64_t blocks)
{
	if (blocks == 0 || blocks > UINT64_MAX / BLOCK) {
		return FSA_QUOTA_NONE;
	}
	return blocks * BLOCK;
}

NTSTATUS posix_get_quota(struct fsa_mount *mount, uid_t uid, bool next,
			 struct fsa_quota *out)
{
	struct if_nextdqblk q = {.dqb_id = uid};
	unsigned int cmd =
		next ? USER_QUOTA(Q_GETNEXTQUOTA) : USER_QUOTA(Q_GETQUOTA);

	/* if_dqblk is how if_nextdqblk begins. */
	if (call(posix_mount(mount), cmd, uid, &q) != 0) {
		return status_of(errno);
	}
	*out = (struct fsa_quota){
		.uid = next ? q.dqb_id : uid,
		.used = q.dqb_curspace,
		.soft = limit_of(q.dqb_bsoftlimit),
		.hard = limit_of(q.dqb_bhardlimit),
	};
	return NT_STATUS_OK;
}

/* To the kernel 0 is no limit; a limit of nothing is one block. */
static uint64_t blocks_of(uint64_t limit)
{
	if (limit == FSA_QUOTA_NONE) {
		return 0;
	}
	return limit == 0 ? 1 : limit / BLOCK + (limit % BLOCK != 0);
}

NTSTATUS posix_set_quota(struct fsa_mount *mount, const struct fsa_quota *in)
{
	struct if_dqblk q = {
		.dqb_bsoftlimit = blocks_of(in->soft),
		.dqb_bhardlimit = blocks_of(in->hard),
		.dqb_valid = QIF_BLIMITS,
	};

	return call(posix_mount(mount), USER_QUOTA(Q_SETQUOTA), in->uid, &q) ==
			       0
		       ? NT_STATUS_OK
		       : status_of(errno);
}
