/* client/cache_sync.c - cached files, waiting for the result. */
#include "client/cache_sync.h"

#include "client/cache_int.h"

/* Waits, and frees req. */
static NTSTATUS end_of(struct cli_cache *cache, struct tevent_req *req)
{
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cache->conn, req)) {
		status = cli_cached_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_cached_open(struct cli_cache *cache, const char *name,
			 uint32_t access, uint32_t share_access,
			 struct cli_cached **out)
{
	struct tevent_req *req =
		cli_cached_open_send(cache, cache, name, access, share_access);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cache->conn, req)) {
		status = cli_cached_open_recv(req, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_cached_read(TALLOC_CTX *mem_ctx, struct cli_cached *f,
			 uint64_t offset, size_t length, struct blob *out,
			 uint32_t *out_state)
{
	struct tevent_req *req =
		cli_cached_read_send(mem_ctx, f, offset, length);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(f->cache->conn, req)) {
		status = cli_cached_read_recv(req, mem_ctx, out, out_state);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_cached_write(struct cli_cached *f, uint64_t offset,
			  const void *data, size_t length)
{
	return end_of(f->cache,
		      cli_cached_write_send(f->cache, f, offset, data, length));
}

NTSTATUS cli_cached_flush(struct cli_cached *f)
{
	return end_of(f->cache, cli_cached_flush_send(f->cache, f));
}

NTSTATUS cli_cached_close(struct cli_cached *f)
{
	struct cli_cache *cache = f->cache;

	return end_of(cache, cli_cached_close_send(cache, f));
}

NTSTATUS cli_cache_empty(struct cli_cache *cache)
{
	return end_of(cache, cli_cache_empty_send(cache, cache));
}
