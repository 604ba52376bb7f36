/* notifyd/local_fs.c - see local_fs.h.  Paths are kept, by a hash of the
 * handle, until a directory somewhere is renamed. */
#include "notifyd/local_fs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/dlist.h"
#include "lib/log.h"

#define KEPT_PATHS 1024
#define RENAMES	   (FAN_RENAME | FAN_ONDIR)

struct kept_path {
	struct dir_key key;
	uint64_t generation;
	char *path;
};

struct local_fs {
	struct local_fs *prev, *next;
	struct local_file_systems *all;
	__kernel_fsid_t fsid;
	int mount_id;
	int mount_fd;
	unsigned int users, trees;
};

struct local_file_systems {
	int fanotify; /* lent */
	uint64_t mask;
	struct local_fs *list; /* one for each mount */
	uint64_t generation;
	struct kept_path kept[KEPT_PATHS];
	char path[PATH_MAX];
};

struct local_file_systems *local_file_systems_create(TALLOC_CTX *mem_ctx,
						     int fanotify,
						     uint64_t mask)
{
	struct local_file_systems *all =
		talloc_zero(mem_ctx, struct local_file_systems);

	if (all != NULL) {
		all->fanotify = fanotify;
		all->mask = mask;
		all->generation = 1;
	}
	return all;
}

/* --- keys ---------------------------------------------------------------- */

uint32_t dir_key_hash(const struct dir_key *key)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < key->length; i++) {
		hash = (hash ^ key->handle[i]) * 16777619u;
	}
	return hash;
}

/* A handle with room for its bytes. */
union handle {
	struct file_handle h;
	uint8_t room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
};

bool dir_key_of_path(const char *path, struct dir_key *out, int *out_mount_id)
{
	union handle u = {.h.handle_bytes = MAX_HANDLE_SZ};
	struct statfs fs;

	if (statfs(path, &fs) != 0 ||
	    name_to_handle_at(AT_FDCWD, path, &u.h, out_mount_id, 0) != 0) {
		return false;
	}
	memset(out, 0, sizeof(*out));
	memcpy(&out->fsid, &fs.f_fsid, sizeof(out->fsid));
	out->type = (uint32_t)u.h.handle_type;
	out->length = u.h.handle_bytes;
	memcpy(out->handle, u.h.f_handle, out->length);
	return true;
}

/* --- marks --------------------------------------------------------------- */

static bool is_of(const struct local_fs *fs, const __kernel_fsid_t *fsid)
{
	return memcmp(&fs->fsid, fsid, sizeof(*fsid)) == 0;
}

static unsigned int users_of(const struct local_file_systems *all,
			     const __kernel_fsid_t *fsid, bool trees)
{
	unsigned int n = 0;

	for (const struct local_fs *fs = all->list; fs != NULL; fs = fs->next) {
		n += !is_of(fs, fsid) ? 0 : trees ? fs->trees : fs->users;
	}
	return n;
}

/* By the mount's descriptor, which is there as long as the mark. */
static int mark(const struct local_fs *fs, unsigned int how, uint64_t mask)
{
	return fanotify_mark(fs->all->fanotify, how | FAN_MARK_FILESYSTEM, mask,
			     fs->mount_fd, ".");
}

static int fs_destructor(struct local_fs *fs)
{
	DLIST_REMOVE(fs->all->list, fs);
	if (users_of(fs->all, &fs->fsid, false) == 0) {
		mark(fs, FAN_MARK_REMOVE, RENAMES | fs->all->mask);
	}
	close(fs->mount_fd);
	return 0;
}

static struct local_fs *fs_create(struct local_file_systems *all,
				  const char *path, const struct dir_key *key,
				  int mount_id)
{
	struct local_fs *fs = talloc_zero(all, struct local_fs);

	if (fs == NULL) {
		return NULL;
	}
	fs->all = all;
	fs->fsid = key->fsid;
	fs->mount_id = mount_id;
	fs->mount_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fs->mount_fd == -1) {
		talloc_free(fs);
		return NULL;
	}
	if (mark(fs, FAN_MARK_ADD, RENAMES) != 0) {
		LOG_INFO(LOG_GENERAL,
			 "%s: its file system is not looked at: %s", path,
			 strerror(errno));
		close(fs->mount_fd);
		talloc_free(fs);
		return NULL;
	}
	DLIST_ADD(all->list, fs);
	talloc_set_destructor(fs, fs_destructor);
	return fs;
}

struct local_fs *local_fs_get(struct local_file_systems *all, const char *path,
			      const struct dir_key *key, int mount_id)
{
	struct local_fs *fs = all->list;

	while (fs != NULL &&
	       (fs->mount_id != mount_id || !is_of(fs, &key->fsid))) {
		fs = fs->next;
	}
	if (fs == NULL) {
		fs = fs_create(all, path, key, mount_id);
	}
	if (fs != NULL) {
		fs->users++;
	}
	return fs;
}

void local_fs_release(struct local_fs *fs)
{
	if (--fs->users == 0) {
		talloc_free(fs);
	}
}

void local_fs_add_tree(struct local_fs *fs)
{
	if (fs->trees++ == 0 && mark(fs, FAN_MARK_ADD, fs->all->mask) != 0) {
		LOG_WARN(LOG_GENERAL, "changes by programs are not seen: %s",
			 strerror(errno));
	}
}

void local_fs_remove_tree(struct local_fs *fs)
{
	if (--fs->trees == 0 && users_of(fs->all, &fs->fsid, true) == 0) {
		mark(fs, FAN_MARK_REMOVE, fs->all->mask & ~RENAMES);
	}
}

/* --- paths --------------------------------------------------------------- */

void local_fs_forget_paths(struct local_file_systems *all)
{
	all->generation++;
}

/* Into all->path; false when there is none below this mount. */
static bool find_path(struct local_file_systems *all, const struct local_fs *fs,
		      const struct dir_key *key)
{
	union handle u = {.h.handle_bytes = key->length,
			  .h.handle_type = (int)key->type};
	struct stat st = {0};
	char link[32];
	ssize_t n = -1;
	int fd;

	memcpy(u.h.f_handle, key->handle, key->length);
	fd = open_by_handle_at(fs->mount_fd, &u.h,
			       O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		return false;
	}
	if (fstat(fd, &st) == 0 && st.st_nlink > 0) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, all->path, sizeof(all->path) - 1);
	}
	close(fd);
	if (n <= 0 || all->path[0] != '/') {
		return false;
	}
	all->path[n == 1 ? 0 : n] = '\0'; /* "" is the root */
	return true;
}

static void keep(struct local_file_systems *all, struct kept_path *k,
		 const struct dir_key *key)
{
	talloc_free(k->path);
	k->path = talloc_strdup(all, all->path);
	k->key = *key;
	k->generation = all->generation;
}

const char *local_fs_path(struct local_file_systems *all,
			  const struct dir_key *key)
{
	struct kept_path *k = &all->kept[dir_key_hash(key) % KEPT_PATHS];

	if (k->path != NULL && k->generation == all->generation &&
	    memcmp(&k->key, key, sizeof(*key)) == 0) {
		return k->path;
	}
	for (const struct local_fs *fs = all->list; fs != NULL; fs = fs->next) {
		if (is_of(fs, &key->fsid) && find_path(all, fs, key)) {
			keep(all, k, key);
			return all->path;
		}
	}
	return NULL;
}
