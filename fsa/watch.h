/* fsa/watch.h - FSA_NOTIFY: a directory's open that is told of changes
 * ([MS-FSA] 2.1.5.11). */
#ifndef FSA_WATCH_H
#define FSA_WATCH_H

#include "fsa/file.h"

NTSTATUS fsa_notify_start(struct fsa_io *io);
NTSTATUS fsa_notify_resumed(struct fsa_io *io, NTSTATUS status);

#endif
