/* fsa/dir_watch.h - what programs on this machine change in a directory breaks
 * the leases on it, too, where notifyd sees it (notifyd/local.h).  For fsa/
 * alone. */
#ifndef FSA_DIR_WATCH_H
#define FSA_DIR_WATCH_H

#include "fsa/file.h"

/* f, an open of a directory, may cache: until something changes, or f is
 * closed, it is looked at.  That it cannot be is no error. */
void dir_watch_begin(struct fsa_file *f);

#endif
