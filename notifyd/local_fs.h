/* notifyd/local_fs.h - file systems that fanotify(7) looks at: marks for all of
 * one, and paths made of the file handles in its events. */
#ifndef NOTIFYD_LOCAL_FS_H
#define NOTIFYD_LOCAL_FS_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>
#include <linux/types.h>
#include <asm/posix_types.h>

/* Which directory, as events say it. */
struct dir_key {
	__kernel_fsid_t fsid;
	uint32_t type;
	uint32_t length;
	uint8_t handle[MAX_HANDLE_SZ]; /* zero beyond length */
};

uint32_t dir_key_hash(const struct dir_key *key);

/* False when there is no such directory, or no file handle of it. */
bool dir_key_of_path(const char *path, struct dir_key *out, int *out_mount_id);

struct local_file_systems;
struct local_fs;

/* All of them, with marks of the descriptor fanotify, which is lent: mask for
 * trees.  Belongs to mem_ctx; NULL without memory. */
struct local_file_systems *local_file_systems_create(TALLOC_CTX *mem_ctx,
						     int fanotify,
						     uint64_t mask);

/* The one of the directory path, whose key is known, as long as it is not
 * released; NULL: it cannot be looked at.  Renamed directories are told of from
 * now on, wherever they are in it. */
struct local_fs *local_fs_get(struct local_file_systems *all, const char *path,
			      const struct dir_key *key, int mount_id);
void local_fs_release(struct local_fs *fs);

/* Whether all of it is looked at: counted. */
void local_fs_add_tree(struct local_fs *fs);
void local_fs_remove_tree(struct local_fs *fs);

/* The path that a directory of an event has now: lent until the next call;
 * NULL when it is gone, or not known. */
const char *local_fs_path(struct local_file_systems *all,
			  const struct dir_key *key);

/* A directory of it has another name, or is gone. */
void local_fs_forget_paths(struct local_file_systems *all);

#endif
