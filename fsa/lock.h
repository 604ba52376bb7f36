/* fsa/lock.h - byte-range locks of an open ([MS-FSA] 2.1.5.8, 2.1.5.9), over
 * locking/brlock.h. */
#ifndef FSA_LOCK_H
#define FSA_LOCK_H

#include "fsa/file.h"

NTSTATUS fsa_lock_start(struct fsa_io *io);
NTSTATUS fsa_lock_resumed(struct fsa_io *io, NTSTATUS status);

/* FILE_LOCK_CONFLICT when a lock forbids f to read or write the range
 * (2.1.4.10).  offset UINT64_MAX: at the end of the file. */
MUST_CHECK NTSTATUS lock_check_io(struct fsa_file *f, uint64_t offset,
				  uint64_t length, bool write);

/* The open ends: its locks go. */
void lock_release_all(struct fsa_file *f);

/* The stream that f is has got another id: f's locks go along. */
MUST_CHECK NTSTATUS lock_move(struct fsa_file *f, const struct file_id *to);

#endif
