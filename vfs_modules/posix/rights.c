/* vfs_modules/posix/rights.c - NT rights and descriptors from Unix modes.
 *
 * The kernel decides, for the identity in force, on reading, writing and
 * searching; the rest follows from these, from who owns the file and, for
 * deleting, from the directory it is in.  How is in docs/vfs.md. */
#include "vfs_modules/posix/rights.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

#define ALWAYS	 (FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)
#define OF_OWNER (WRITE_DAC | WRITE_OWNER | FILE_WRITE_ATTRIBUTES)

bool posix_may(int fd, int mode)
{
	return syscall(SYS_faccessat2, fd, "", mode,
		       AT_EMPTY_PATH | AT_EACCESS) == 0;
}

bool posix_may_at(int dir, const char *name, int mode)
{
	return syscall(SYS_faccessat2, dir, name, mode,
		       AT_EMPTY_PATH | AT_EACCESS | AT_SYMLINK_NOFOLLOW) == 0;
}

uid_t posix_user(void)
{
	return (uid_t)setfsuid((uid_t)-1);
}

/* Whether the user may remove the node's name: by the directory it is in. */
static bool may_unlink(struct posix_node *n, const struct stat *st)
{
	struct posix_place place;
	uid_t user = posix_user();
	struct stat dir;
	bool may;

	if (*n->path == '\0' || !NT_STATUS_IS_OK(posix_find_node(n, &place))) {
		return false;
	}
	may = posix_may(place.parent, W_OK | X_OK);
	if (may && user != 0 && user != st->st_uid) {
		/* In a sticky directory only what is one's own. */
		may = fstat(place.parent, &dir) == 0 &&
		      ((dir.st_mode & S_ISVTX) == 0 || dir.st_uid == user);
	}
	posix_place_end(&place);
	return may;
}

uint32_t posix_rights(struct fsa_node *node)
{
	struct posix_node *n = posix_node(node);
	uint32_t rights = ALWAYS;
	unsigned int rwx = 0;
	uid_t user = posix_user();
	struct stat st;

	if (fstat(n->fd, &st) != 0) {
		return 0;
	}
	rwx |= posix_may(n->fd, R_OK) ? 4 : 0;
	rwx |= posix_may(n->fd, W_OK) ? 2 : 0;
	if (node->directory) {
		rwx |= posix_may(n->fd, X_OK) ? 1 : 0;
	}
	rights = fsa_unix_rights(rwx, node->directory) | node->proven;
	if (user == 0 || user == st.st_uid) {
		rights |= OF_OWNER;
	}
	if (n->mount->dos_filemode && (rwx & 2) != 0) {
		rights |= WRITE_DAC;
	}
	if (may_unlink(n, &st)) {
		rights |= DELETE_ACCESS;
	}
	return rights;
}
