/* fsa/quiet.h - what an open need not look up again.
 *
 * Before each read and write comes the question whether others cache the file
 * or have locked bytes of it, and nearly always the answer is no.  An open that
 * has found it so keeps that in mind, and goes by it until the file's counter
 * (locking/file_board.h), which all processes share, is raised. */
#ifndef FSA_QUIET_H
#define FSA_QUIET_H

#include "fsa/file.h"

#define QUIET_READ   0x1 /* nobody else's grant is concerned by reading */
#define QUIET_OTHERS 0x2 /* ... nor by writing */
#define QUIET_OWN    0x4 /* nor is its own, which is no level II oplock */
#define QUIET_LOCKS  0x8 /* the file has no byte-range locks */

/* Whether it is still known that all of what (QUIET_*) is so.  When not: look,
 * and say so by quiet_note() without having waited or called this again. */
bool quiet_is(struct fsa_file *f, uint8_t what);
void quiet_note(struct fsa_file *f, uint8_t what);

/* f has got locks (gone: QUIET_LOCKS), or what it may cache (0), and it is
 * stored: everybody is to look again, before f's client hears of it.  What f
 * knew it still knows, but for gone, unless others have got something since:
 * then f's client hears of it when it has been seen to (quiet_is()). */
void quiet_raise(struct fsa_file *f, uint8_t gone);

/* f knows nothing any more. */
void quiet_forget(struct fsa_file *f);

/* f->id has changed, and f's locks have come along. */
void quiet_moved(struct fsa_file *f);

#endif
