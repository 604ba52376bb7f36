/* client/cache_sync.h - client/cache.h, waiting for the result, as
 * client/sync.h does. */
#ifndef CLIENT_CACHE_SYNC_H
#define CLIENT_CACHE_SYNC_H

#include "client/cache.h"
#include "client/sync.h"

MUST_CHECK NTSTATUS cli_cached_open(struct cli_cache *cache, const char *name,
				    uint32_t access, uint32_t share_access,
				    struct cli_cached **out);
/* out->data is on mem_ctx; out_state may be NULL. */
MUST_CHECK NTSTATUS cli_cached_read(TALLOC_CTX *mem_ctx, struct cli_cached *f,
				    uint64_t offset, size_t length,
				    struct blob *out, uint32_t *out_state);
MUST_CHECK NTSTATUS cli_cached_write(struct cli_cached *f, uint64_t offset,
				     const void *data, size_t length);
MUST_CHECK NTSTATUS cli_cached_flush(struct cli_cached *f);
MUST_CHECK NTSTATUS cli_cached_close(struct cli_cached *f);
MUST_CHECK NTSTATUS cli_cache_empty(struct cli_cache *cache);

#endif
