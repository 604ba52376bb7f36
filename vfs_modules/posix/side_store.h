/* vfs_modules/posix/side_store.h - streams that are too large for an extended
 * attribute: files of the server's own, below .holdfast/streams of the share,
 * in one directory for each file that has such streams.  Its name is the file's
 * inode and birth time, so that what was made for a file that is gone is never
 * taken for another's.
 *
 * All is done with the process's own rights: who may is decided before, by the
 * file that the stream belongs to.  A .holdfast that somebody else has made is
 * left alone, as if there were none. */
#ifndef VFS_MODULES_POSIX_SIDE_STORE_H
#define VFS_MODULES_POSIX_SIDE_STORE_H

#include "vfs_modules/posix/posix.h"

/* Besides streams, whose names have a type, a reparse buffer can be there. */
#define SIDE_REPARSE "reparse"

/* In the share's root; no client can name it. */
#define SIDE_STORE ".holdfast"
bool side_store_is_name(const char *name, size_t length);

/* Which file: taken before it is deleted, for side_remove_all(). */
struct side_key {
	char name[64]; /* "": it can have none */
};
void side_key(const struct posix_mount *m, int dir, const char *name,
	      struct side_key *out);

/* The stream's file, for reading and writing: OBJECT_NAME_NOT_FOUND. */
MUST_CHECK NTSTATUS side_open(const struct posix_node *file, const char *name,
			      int *out_fd);

/* Makes it with these contents, whole or not at all, in place of what is there.
 * DISK_FULL also where files have no birth time. */
MUST_CHECK NTSTATUS side_make(const struct posix_node *file, const char *name,
			      const uint8_t *data, size_t length, int *out_fd);

/* OBJECT_NAME_NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS side_remove(const struct posix_node *file,
				const char *name);
MUST_CHECK NTSTATUS side_rename(const struct posix_node *file, const char *from,
				const char *to);

/* Calls take for each stream, until it says false. */
MUST_CHECK NTSTATUS side_each(const struct posix_node *file,
			      bool (*take)(const char *name, uint64_t size,
					   void *private_data),
			      void *private_data);

/* For sweep.h: the directory of all, -1 when there is none of ours, and what is
 * kept for one file; false when that stays.  With the process's own rights in
 * force. */
int side_open_store(const struct posix_mount *m);
bool side_remove_dir(int store, const char *key);

/* Of a file that is deleted, or overwritten. */
void side_remove_all(const struct posix_mount *m, const struct side_key *key);

#endif
