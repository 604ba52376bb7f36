/* client/cache.h - files that a client keeps in memory under leases
 * ([MS-SMB2] 3.2.4.3.8, 3.2.5.19.2).
 *
 * What was read is kept as long as the lease has R, what was written as long as
 * it has W, and a file that was closed stays open at the server as long as it
 * has H.  When the server takes some of that, dirty bytes are written, pages
 * dropped, closed files closed, and the break answered, in this order; all of
 * it happens in the event loop.  Without a lease all goes to the server at
 * once.
 *
 * The operations of one file are done one after the other, breaks first.  An
 * operation whose request is freed is done all the same. */
#ifndef CLIENT_CACHE_H
#define CLIENT_CACHE_H

#include "client/oplock.h"
#include "lib/blob.h"

struct cli_cache;
struct cli_cached;

/* The longest read or write. */
#define CLI_CACHE_IO_MAX 32768u

/* What a test may bend, to see that it can see it. */
#define CLI_CACHE_KEEPS_STALE 0x1u /* pages stay when R goes */
#define CLI_CACHE_KEEPS_DIRTY 0x2u /* bytes are not written when W goes */

struct cli_cache_options {
	uint32_t lease;		/* what is asked for: SMB2_LEASE_... */
	unsigned int max_kept;	/* closed files that stay open; 0: 64 */
	unsigned int max_dirty; /* pages of a file; 0: 1024 */
	uint32_t bend;		/* CLI_CACHE_KEEPS_... */
};

/* The cache is tree's, and takes all breaks of its connection; those of others'
 * leases are dropped.  Freed, it forgets what was not written. */
MUST_CHECK NTSTATUS cli_cache_open(struct cli_tree *tree,
				   const struct cli_cache_options *options,
				   struct cli_cache **out);

/* What happened so far. */
struct cli_cache_stats {
	unsigned long opens, opens_kept; /* at the server; without it */
	unsigned long reads, reads_cached;
	unsigned long writes, writes_cached;
	unsigned long breaks;
};
struct cli_cache_stats cli_cache_stats(const struct cli_cache *cache);

/* Opens name, or makes it; two who open it with the same access and sharing
 * have one file.  The file is the cache's, until close. */
struct tevent_req *cli_cached_open_send(TALLOC_CTX *mem_ctx,
					struct cli_cache *cache,
					const char *name, uint32_t access,
					uint32_t share_access);
MUST_CHECK NTSTATUS cli_cached_open_recv(struct tevent_req *req,
					 struct cli_cached **out);

/* SMB2_LEASE_... that it has now. */
uint32_t cli_cached_state(const struct cli_cached *f);

/* Less than length at the end of the file.  length is at most
 * CLI_CACHE_IO_MAX, else INVALID_PARAMETER. */
struct tevent_req *cli_cached_read_send(TALLOC_CTX *mem_ctx,
					struct cli_cached *f, uint64_t offset,
					size_t length);
/* out_state (may be NULL): under which lease state it was read; what was read
 * without R came from the server just now. */
MUST_CHECK NTSTATUS cli_cached_read_recv(struct tevent_req *req,
					 TALLOC_CTX *mem_ctx, struct blob *out,
					 uint32_t *out_state);

/* Done when the server has it, or the cache with W. */
struct tevent_req *cli_cached_write_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f, uint64_t offset,
					 const void *data, size_t length);
/* Done when the server has all that was written, on stable storage. */
struct tevent_req *cli_cached_flush_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f);
/* f is gone for the caller, whatever the result. */
struct tevent_req *cli_cached_close_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f);
/* Writes and closes what is kept of files that nobody has open. */
struct tevent_req *cli_cache_empty_send(TALLOC_CTX *mem_ctx,
					struct cli_cache *cache);
/* The result of these.  An earlier write that failed when it was sent at last
 * fails the next of them. */
MUST_CHECK NTSTATUS cli_cached_recv(struct tevent_req *req);

#endif
