/* vfs_modules/posix/side_store.c - streams too large for an attribute. */
#include "vfs_modules/posix/side_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/identity.h"
#include "lib/log.h"
#include "vfs_modules/posix/read_dir.h"
#include "vfs_modules/posix/sweep.h"

#define STREAMS	  "streams"
#define NEW_NAME  "new" /* no stream is called so: they have a type */
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

bool side_store_is_name(const char *name, size_t length)
{
	return length == strlen(SIDE_STORE) &&
	       strncasecmp(name, SIDE_STORE, length) == 0;
}

/* Mostly there is none, and then that is all it costs. */
static bool exists(const struct posix_mount *m)
{
	struct stat st;

	return fstatat(m->root, SIDE_STORE, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- keys ---------------------------------------------------------------- */

void side_key(const struct posix_mount *m, int dir, const char *name,
	      struct side_key *out)
{
	int flags = AT_SYMLINK_NOFOLLOW | (*name == '\0' ? AT_EMPTY_PATH : 0);
	struct statx sx;

	out->name[0] = '\0';
	if (!m->streams || !exists(m) ||
	    statx(dir, name, flags, STATX_INO | STATX_BTIME, &sx) != 0 ||
	    (sx.stx_mask & STATX_BTIME) == 0) {
		return;
	}
	snprintf(out->name, sizeof(out->name), "%llx-%llx.%08x",
		 (unsigned long long)sx.stx_ino,
		 (unsigned long long)sx.stx_btime.tv_sec, sx.stx_btime.tv_nsec);
}

/* --- directories: with the process's own rights from here ---------------- */

/* dir below parent, if it is ours alone. */
static int open_own(int parent, const char *dir)
{
	int fd = openat(parent, dir, DIR_FLAGS);
	struct stat st;

	if (fd == -1) {
		return -1;
	}
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0) {
		return fd;
	}
	close(fd);
	errno = EACCES;
	return -1;
}

static int open_dir(int parent, const char *dir, bool make)
{
	if (make && mkdirat(parent, dir, 0700) != 0 && errno != EEXIST) {
		return -1;
	}
	return open_own(parent, dir);
}

/* .holdfast/streams/KEY; without a key .holdfast/streams. */
static int open_key(const struct posix_mount *m, const char *key, bool make)
{
	const char *const steps[] = {SIDE_STORE, STREAMS, key};
	int fd = -1;

	for (size_t i = 0; i < 3 && steps[i] != NULL; i++) {
		int next = open_dir(i == 0 ? m->root : fd, steps[i], make);
		int err = errno;

		if (fd != -1) {
			close(fd);
		}
		if (next == -1) {
			errno = err;
			return -1;
		}
		fd = next;
	}
	return fd;
}

static void make_store(const struct posix_mount *m)
{
	int fd = open_dir(m->root, SIDE_STORE, true);

	if (fd != -1) {
		close(fd);
	}
}

static int open_files_dir(const struct posix_node *file, bool make)
{
	struct side_key key;

	if (make) {
		make_store(file->mount);
	}
	side_key(file->mount, file->fd, "", &key);
	if (key.name[0] == '\0') {
		errno = make ? ENOSPC : ENOENT;
		return -1;
	}
	return open_key(file->mount, key.name, make);
}

/* What is not there, or not ours, is no store. */
static NTSTATUS lookup_status(int err)
{
	return err == ENOENT || err == EACCES || err == ENOTDIR || err == ELOOP
		       ? NT_STATUS(OBJECT_NAME_NOT_FOUND)
		       : ntstatus_from_errno(err);
}

/* --- files --------------------------------------------------------------- */

NTSTATUS side_open(const struct posix_node *file, const char *name, int *out_fd)
{
	int fd = -1;
	int err = 0;
	int dir;

	if (!exists(file->mount)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	identity_save();
	dir = open_files_dir(file, false);
	if (dir != -1) {
		fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	}
	err = errno;
	if (dir != -1) {
		close(dir);
	}
	identity_restore();
	if (fd == -1) {
		return lookup_status(err);
	}
	*out_fd = fd;
	return NT_STATUS_OK;
}

static int write_whole(int fd, const uint8_t *data, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = pwrite(fd, data + done, length - done, (off_t)done);

		if (n >= 0) {
			done += (size_t)n;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return fsync(fd);
}

static int make_in(int dir, const char *name, const uint8_t *data,
		   size_t length)
{
	int fd;

	if (unlinkat(dir, NEW_NAME, 0) != 0 && errno != ENOENT) {
		return -1;
	}
	fd = openat(dir, NEW_NAME,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1) {
		return -1;
	}
	if (write_whole(fd, data, length) != 0 ||
	    renameat(dir, NEW_NAME, dir, name) != 0 || fsync(dir) != 0) {
		int err = errno;

		unlinkat(dir, NEW_NAME, 0);
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

NTSTATUS side_make(const struct posix_node *file, const char *name,
		   const uint8_t *data, size_t length, int *out_fd)
{
	int fd = -1;
	int err = 0;
	int dir;

	identity_save();
	dir = open_files_dir(file, true);
	if (dir != -1) {
		sweep_note_owner(dir, file->fd);
		fd = make_in(dir, name, data, length);
	}
	err = errno;
	if (dir != -1) {
		close(dir);
	}
	identity_restore();
	if (fd == -1) {
		/* No store can be made here: attributes are all there is. */
		return err == EACCES || err == EPERM ? NT_STATUS(DISK_FULL)
						     : ntstatus_from_errno(err);
	}
	*out_fd = fd;
	return NT_STATUS_OK;
}

NTSTATUS side_remove(const struct posix_node *file, const char *name)
{
	int err = 0;
	int dir;

	if (!exists(file->mount)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	identity_save();
	dir = open_files_dir(file, false);
	if (dir == -1 || unlinkat(dir, name, 0) != 0) {
		err = errno;
	}
	if (dir != -1) {
		close(dir);
	}
	identity_restore();
	return err == 0 ? NT_STATUS_OK : lookup_status(err);
}

NTSTATUS side_rename(const struct posix_node *file, const char *from,
		     const char *to)
{
	int err = 0;
	int dir;

	if (!exists(file->mount)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	identity_save();
	dir = open_files_dir(file, false);
	if (dir == -1 || renameat(dir, from, dir, to) != 0) {
		err = errno;
	}
	if (dir != -1) {
		close(dir);
	}
	identity_restore();
	return err == 0 ? NT_STATUS_OK : lookup_status(err);
}

/* --- all of a file ------------------------------------------------------- */

struct each {
	int dir;
	bool (*take)(const char *name, uint64_t size, void *private_data);
	void *private_data;
};

static bool take_entry(const char *name, void *private_data)
{
	const struct each *e = private_data;
	struct stat st;

	if (strcmp(name, NEW_NAME) == 0 || strcmp(name, SIDE_REPARSE) == 0 ||
	    fstatat(e->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return true;
	}
	return e->take(name, (uint64_t)st.st_size, e->private_data);
}

NTSTATUS side_each(const struct posix_node *file,
		   bool (*take)(const char *name, uint64_t size,
				void *private_data),
		   void *private_data)
{
	struct each e = {.take = take, .private_data = private_data};
	NTSTATUS status = NT_STATUS_OK;

	if (!exists(file->mount)) {
		return NT_STATUS_OK;
	}
	identity_save();
	e.dir = open_files_dir(file, false);
	if (e.dir != -1) {
		status = read_dir_all(e.dir, take_entry, &e);
		close(e.dir);
	}
	identity_restore();
	return status;
}

static bool remove_entry(const char *name, void *private_data)
{
	unlinkat(*(const int *)private_data, name, 0);
	return true;
}

bool side_remove_dir(int store, const char *key)
{
	int dir = open_own(store, key);
	NTSTATUS status;

	if (dir == -1) {
		return false;
	}
	status = read_dir_all(dir, remove_entry, &dir);
	close(dir);
	if (!NT_STATUS_IS_OK(status) ||
	    unlinkat(store, key, AT_REMOVEDIR) != 0) {
		LOG_WARN(LOG_VFS, "streams of a deleted file stay: %s", key);
		return false;
	}
	return true;
}

int side_open_store(const struct posix_mount *m)
{
	return exists(m) ? open_key(m, NULL, false) : -1;
}

static void remove_dir(const struct posix_mount *m, const char *key)
{
	int store = open_key(m, NULL, false);

	if (store != -1) {
		side_remove_dir(store, key);
		close(store);
	}
}

void side_remove_all(const struct posix_mount *m, const struct side_key *key)
{
	if (key->name[0] == '\0') {
		return;
	}
	identity_save();
	remove_dir(m, key->name);
	identity_restore();
}
