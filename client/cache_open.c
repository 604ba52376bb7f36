/* client/cache_open.c - cached files: opening, closing, and what stays open in
 * between. */
#include <string.h>

#include "client/cache_int.h"

/* --- closing at the server ------------------------------------------------ */

/* Nothing of it is at the server any more, or to be believed. */
static void is_closed(struct cli_cached *f)
{
	f->is_open = false;
	f->state = SMB2_LEASE_NONE;
	cache_pages_drop(f->pages);
}

static void server_closed(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	struct smb2_close_response out;
	NTSTATUS status = cli_close_recv(sub, &out);

	talloc_free(sub);
	is_closed(op->f);
	if (NT_STATUS_IS_OK(status)) {
		status = cached_take_error(op->f);
	}
	cached_op_end(op, status);
}

/* All is written. */
static void server_close(struct cached_op *op)
{
	struct smb2_close_request in = {.id = op->f->id};

	cached_sent(op, cli_close_send(op, op->f->cache->tree, &in),
		    server_closed);
}

/* --- opening -------------------------------------------------------------- */

static void opened(struct tevent_req *sub);

static void open_end(struct cached_op *op, NTSTATUS status)
{
	if (!NT_STATUS_IS_OK(status)) {
		op->f->users--;
	}
	cached_op_end(op, status);
}

/* Who only reads has no use for a cache of what he writes. */
static struct cli_oplock wanted(const struct cli_cached *f)
{
	struct cli_oplock want = cli_lease(f->key, f->cache->options.lease);

	if ((f->access & FILE_WRITE_DATA) == 0) {
		want.lease.state &= ~(uint32_t)SMB2_LEASE_WRITE_CACHING;
	}
	if (cli_conn_negotiated(f->cache->conn)->dialect < SMB2_DIALECT_300) {
		want.lease.version = 1;
	}
	if (want.lease.state == SMB2_LEASE_NONE) {
		want.level = SMB2_OPLOCK_LEVEL_NONE;
	}
	return want;
}

static void server_open(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	struct smb2_create_request in = {
		.impersonation_level = SMB2_IMPERSONATION_IMPERSONATION,
		.desired_access = f->access,
		.share_access = f->share_access,
		.create_disposition = FILE_OPEN_IF,
		.create_options = FILE_NON_DIRECTORY_FILE,
	};
	struct cli_oplock want;

	f->key = guid_random();
	f->cache->stats.opens++;
	want = wanted(f);
	cached_sent(op,
		    cli_create_oplock_send(op, f->cache->tree, f->name, &in,
					   NULL, &want),
		    opened);
}

static void anew_closed(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);

	(void)!NT_STATUS_IS_OK(cli_status_recv(sub));
	talloc_free(sub);
	is_closed(op->f);
	server_open(op);
}

static void open_anew(struct cached_op *op)
{
	struct smb2_close_request in = {.id = op->f->id};

	cached_sent(op, cli_close_send(op, op->f->cache->tree, &in),
		    anew_closed);
}

/* A closed file with less than a cache for writing, where that is wanted: it
 * may be had now. */
static bool is_worth_another(const struct cli_cached *f)
{
	uint32_t missing = wanted(f).lease.state & ~f->state;

	return f->users == 1 && (missing & SMB2_LEASE_WRITE_CACHING) != 0;
}

static void open_start(struct cached_op *op)
{
	struct cli_cached *f = op->f;

	if (!f->is_open) {
		server_open(op);
	} else if (is_worth_another(f)) {
		cached_write_back(op, open_anew);
	} else {
		f->cache->stats.opens_kept++;
		open_end(op, NT_STATUS_OK);
	}
}

static void opened(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	struct cli_cached *f = op->f;
	struct smb2_create_response out;
	struct cli_oplock granted = {0};
	NTSTATUS status = cli_create_recv(sub, op, &out);

	if (NT_STATUS_IS_OK(status)) {
		f->is_open = true;
		f->id = out.id;
		f->size = f->server_size = out.end_of_file;
		/* What cannot be understood grants nothing. */
		(void)!NT_STATUS_IS_OK(cli_oplock_granted(&out, &granted));
		f->state = guid_equal(&granted.lease.key, &f->key)
				   ? granted.lease.state
				   : SMB2_LEASE_NONE;
		f->epoch = granted.lease.epoch;
	}
	talloc_free(sub);
	open_end(op, status);
}

static struct cli_cached *find(struct cli_cache *cache, const char *name,
			       uint32_t access, uint32_t share_access)
{
	for (struct cli_cached *f = cache->files; f != NULL; f = f->next) {
		if (f->access == access && f->share_access == share_access &&
		    strcmp(f->name, name) == 0) {
			return f;
		}
	}
	return NULL;
}

static int cached_destructor(struct cli_cached *f)
{
	DLIST_REMOVE(f->cache->files, f);
	return 0;
}

static struct cli_cached *make(struct cli_cache *cache, const char *name,
			       uint32_t access, uint32_t share_access)
{
	struct cli_cached *f = talloc_zero(cache, struct cli_cached);

	if (f == NULL) {
		return NULL;
	}
	f->cache = cache;
	f->access = access;
	f->share_access = share_access;
	f->name = talloc_strdup(f, name);
	f->pages = cache_pages_create(f);
	if (f->name == NULL || f->pages == NULL) {
		talloc_free(f);
		return NULL;
	}
	DLIST_ADD_END(cache->files, f);
	talloc_set_destructor(f, cached_destructor);
	return f;
}

static void evict_some(struct cli_cache *cache);

struct tevent_req *cli_cached_open_send(TALLOC_CTX *mem_ctx,
					struct cli_cache *cache,
					const char *name, uint32_t access,
					uint32_t share_access)
{
	struct cli_cached *f = find(cache, name, access, share_access);
	struct cached_op *op;
	struct tevent_req *req;

	if (f == NULL) {
		f = make(cache, name, access, share_access);
	}
	if (f == NULL) {
		return NULL;
	}
	req = cached_op_send(mem_ctx, f, open_start, &op);
	if (req != NULL) {
		f->users++;
		DLIST_REMOVE(cache->files, f);
		DLIST_ADD_END(cache->files, f);
	}
	cached_run(f);
	if (req != NULL) {
		evict_some(cache);
	}
	return req;
}

/* --- closing -------------------------------------------------------------- */

bool cached_is_kept(const struct cli_cached *f)
{
	return f->users == 0 && f->is_open;
}

void cached_evict(struct cached_op *op)
{
	if (!cached_is_kept(op->f)) {
		cached_op_end(op, NT_STATUS_OK);
		return;
	}
	cached_write_back(op, server_close);
}

static void close_start(struct cached_op *op)
{
	if ((op->f->state & SMB2_LEASE_HANDLE_CACHING) != 0) {
		cached_op_end(op, cached_take_error(op->f));
		return;
	}
	cached_evict(op);
}

struct tevent_req *cli_cached_close_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f)
{
	struct cached_op *op;
	struct tevent_req *req = cached_op_send(mem_ctx, f, close_start, &op);

	if (req != NULL) {
		ASSERT(f->users > 0);
		f->users--;
		cached_run(f);
	}
	return req;
}

/* Closes the files that were closed longest ago, when there are too many. */
static void evict_some(struct cli_cache *cache)
{
	unsigned int kept = 0;
	struct cli_cached *f, *next;

	for (f = cache->files; f != NULL; f = f->next) {
		kept += cached_is_kept(f);
	}
	for (f = cache->files; f != NULL && kept > cache->options.max_kept;
	     f = next) {
		struct cached_op *op;

		next = f->next;
		if (!cached_is_kept(f) || !cached_is_idle(f)) {
			continue;
		}
		op = cached_op_create(f, cached_evict);
		if (op == NULL) {
			return;
		}
		DLIST_ADD_END(f->queue, op);
		cached_run(f);
		kept--;
	}
}

/* --- all files ------------------------------------------------------------ */

struct empty_state {
	unsigned int left;
	NTSTATUS status; /* the first that is not OK */
};

static void emptied(struct tevent_req *sub)
{
	struct tevent_req *req =
		tevent_req_callback_data(sub, struct tevent_req);
	struct empty_state *state = tevent_req_data(req, struct empty_state);
	NTSTATUS status = cli_cached_recv(sub);

	talloc_free(sub);
	if (NT_STATUS_IS_OK(state->status)) {
		state->status = status;
	}
	if (--state->left == 0 && !req_failed(req, state->status)) {
		tevent_req_done(req);
	}
}

struct tevent_req *cli_cache_empty_send(TALLOC_CTX *mem_ctx,
					struct cli_cache *cache)
{
	struct empty_state *state;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct empty_state);
	struct cli_cached *f, *next;

	if (req == NULL) {
		return NULL;
	}
	for (f = cache->files; f != NULL; f = next) {
		struct cached_op *op;
		struct tevent_req *sub;

		next = f->next;
		if (!cached_is_kept(f)) {
			continue;
		}
		sub = cached_op_send(state, f, cached_evict, &op);
		if (sub == NULL) {
			state->status = NT_STATUS(NO_MEMORY);
			continue;
		}
		state->left++;
		tevent_req_set_callback(sub, emptied, req);
		cached_run(f);
	}
	if (state->left > 0) {
		return req;
	}
	if (!req_failed(req, state->status)) {
		tevent_req_done(req);
	}
	return tevent_req_post(req, cli_conn_ev(cache->conn));
}
