/* vfs_modules/posix/read_dir.h - reading directories with getdents64. */
#ifndef VFS_MODULES_POSIX_READ_DIR_H
#define VFS_MODULES_POSIX_READ_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ntstatus.h"

/* A buffer full of entries, and where in it the reader is. */
struct dir_buffer {
	size_t size;
	size_t filled;
	size_t pos;
	char *data; /* aligned as malloc does */
};

struct dir_entry {
	const char *name; /* lent until the next fill */
	uint8_t type;	  /* DT_* */
};

/* The next entry of the directory fd but "." and ".."; reads more when the
 * buffer is used up.  NO_MORE_FILES. */
MUST_CHECK NTSTATUS read_dir_next(int fd, struct dir_buffer *b,
				  struct dir_entry *out);

/* Calls fn for each name in the directory that dir (maybe O_PATH) is open on,
 * until it says false. */
MUST_CHECK NTSTATUS read_dir_all(int dir,
				 bool (*fn)(const char *name,
					    void *private_data),
				 void *private_data);

#endif
