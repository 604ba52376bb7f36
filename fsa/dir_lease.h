/* fsa/dir_lease.h - leases on directories: who changes what a directory's
 * listing shows breaks those that others have on it ([MS-FSA] 2.1.4.12 with
 * PARENT_OBJECT), and does not wait.  After the change: who lists the directory
 * anew sees it.  Without a lease on any directory of the device all this is a
 * read of a word.  For fsa/ alone. */
#ifndef FSA_DIR_LEASE_H
#define FSA_DIR_LEASE_H

#include "fsa/file.h"

/* Directories of the volume can be leased. */
static inline bool dir_lease_is_possible(const struct fsa_volume *v)
{
	return v->driver->parent != NULL;
}

/* The file that f is open to has just been made. */
void dir_lease_added(struct fsa_file *f);

/* The file that f is open to is another now than its directory shows. */
void dir_lease_changed(struct fsa_file *f);

/* Before the name that f has now goes or moves: notes where it is. */
void dir_lease_note(struct fsa_file *f);

/* It has gone, if one was noted; or it is there as before. */
void dir_lease_left(struct fsa_file *f);
void dir_lease_stays(struct fsa_file *f);

/* By somebody who has no lease something has changed in it. */
void dir_lease_break_all(struct fsa_server *s, const struct file_id *directory);

/* By f something has changed in this directory, or it is none any more. */
void dir_lease_break(struct fsa_file *f, const struct file_id *directory);

#endif
