/* fsa/watch_sight.h - which changes a watcher may hear of: names that a listing
 * would show him.  Whoever watches a tree learns nothing of a directory in it
 * that he could not list (Windows: this is so for users without
 * SeChangeNotifyPrivilege, and only to pass through is asked for; here nobody
 * passes through what the file system keeps closed), and nobody of names that
 * `veto files` or `hide unreadable` keep from him. */
#ifndef FSA_WATCH_SIGHT_H
#define FSA_WATCH_SIGHT_H

#include "fsa/file.h"

/* What was found of a directory, for a moment. */
struct watch_sight {
	char *dir; /* NULL: nothing; relative to what is watched */
	bool may;
	struct timespec until;
};

/* Whether io's user, whose identity is in force, may hear of name, relative to
 * the directory io->file, in which it may not be any more. */
bool watch_may_see(struct watch_sight *s, const struct fsa_io *io,
		   const char *name);

#endif
