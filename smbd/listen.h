/* smbd/listen.h - the sockets that clients connect to. */
#ifndef SMBD_LISTEN_H
#define SMBD_LISTEN_H

#include <talloc.h>

#include "lib/conf.h"

/* Opens a listener for each of smb.conf's addresses and ports, in an array of
 * descriptors on mem_ctx.  What does not work is logged in one sentence. */
MUST_CHECK NTSTATUS smbd_listen(TALLOC_CTX *mem_ctx, const struct conf *conf,
				int **out_fds, size_t *out_count);

#endif
