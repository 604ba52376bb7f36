/* client/cache.c - cached files: whose turn it is, and how it ends. */
#include "client/cache.h"

#include "client/cache_int.h"
#include "client/tree.h"

#define KEPT_MAX  64
#define DIRTY_MAX 1024

struct op_state {
	struct cached_op *op; /* NULL: it is over */
	struct cli_cached *f;
	uint8_t *data; /* what was read */
	size_t length;
	uint32_t state;
};

/* --- operations ----------------------------------------------------------- */

static int op_state_destructor(struct op_state *state)
{
	if (state->op != NULL) {
		state->op->req = NULL;
	}
	return 0;
}

/* Its file is freed with all there is to do. */
static int op_destructor(struct cached_op *op)
{
	if (op->req != NULL) {
		struct op_state *state =
			tevent_req_data(op->req, struct op_state);

		state->op = NULL;
		(void)req_failed(op->req, NT_STATUS(CANCELLED));
	}
	return 0;
}

struct cached_op *cached_op_create(struct cli_cached *f, cached_step_fn *start)
{
	struct cached_op *op = talloc_zero(f, struct cached_op);

	if (op != NULL) {
		op->f = f;
		op->start = start;
		talloc_set_destructor(op, op_destructor);
	}
	return op;
}

struct tevent_req *cached_op_send(TALLOC_CTX *mem_ctx, struct cli_cached *f,
				  cached_step_fn *start,
				  struct cached_op **out_op)
{
	struct op_state *state;
	struct tevent_req *req =
		tevent_req_create(mem_ctx, &state, struct op_state);
	struct cached_op *op;

	if (req == NULL) {
		return NULL;
	}
	op = cached_op_create(f, start);
	if (op == NULL) {
		talloc_free(req);
		return NULL;
	}
	tevent_req_defer_callback(req, cli_conn_ev(f->cache->conn));
	state->op = op;
	state->f = f;
	talloc_set_destructor(state, op_state_destructor);
	op->req = req;
	DLIST_ADD_END(f->queue, op);
	*out_op = op;
	return req;
}

bool cached_is_idle(const struct cli_cached *f)
{
	return f->running == NULL && f->breaks == NULL && f->queue == NULL;
}

void cached_run(struct cli_cached *f)
{
	struct cached_op *op;

	if (f->running != NULL) {
		return;
	}
	if (cached_is_idle(f)) {
		if (f->users == 0 && !f->is_open) {
			talloc_free(f);
		}
		return;
	}
	if (f->breaks != NULL) {
		op = f->breaks;
		DLIST_REMOVE(f->breaks, op);
	} else {
		op = f->queue;
		DLIST_REMOVE(f->queue, op);
	}
	f->running = op;
	op->start(op);
}

static void give_result(struct cached_op *op, NTSTATUS status)
{
	struct tevent_req *req = op->req;
	struct op_state *state = tevent_req_data(req, struct op_state);

	op->req = NULL;
	state->op = NULL;
	state->data = talloc_move(state, &op->data);
	state->length = op->length;
	state->state = op->f->state;
	/* It may have timed out. */
	if (tevent_req_is_in_progress(req) && !req_failed(req, status)) {
		tevent_req_done(req);
	}
}

void cached_op_end(struct cached_op *op, NTSTATUS status)
{
	struct cli_cached *f = op->f;

	ASSERT(f->running == op);
	if (op->req != NULL) {
		give_result(op, status);
	}
	f->running = NULL;
	talloc_free(op);
	cached_run(f);
}

void cached_sent(struct cached_op *op, struct tevent_req *req,
		 tevent_req_fn done)
{
	if (req == NULL) {
		cached_op_end(op, NT_STATUS(NO_MEMORY));
		return;
	}
	tevent_req_set_callback(req, done, op);
}

struct cached_op *cached_op_of(struct tevent_req *sub)
{
	return tevent_req_callback_data(sub, struct cached_op);
}

NTSTATUS cached_take_error(struct cli_cached *f)
{
	NTSTATUS status = f->error;

	f->error = NT_STATUS_OK;
	return status;
}

NTSTATUS cli_cached_recv(struct tevent_req *req)
{
	return req_status(req);
}

NTSTATUS cli_cached_read_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			      struct blob *out, uint32_t *out_state)
{
	struct op_state *state = tevent_req_data(req, struct op_state);
	NTSTATUS status = req_status(req);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out = (struct blob){talloc_move(mem_ctx, &state->data), state->length};
	if (out_state != NULL) {
		*out_state = state->state;
	}
	return NT_STATUS_OK;
}

NTSTATUS cli_cached_open_recv(struct tevent_req *req, struct cli_cached **out)
{
	struct op_state *state = tevent_req_data(req, struct op_state);
	NTSTATUS status = req_status(req);

	if (NT_STATUS_IS_OK(status)) {
		*out = state->f;
	}
	return status;
}

uint32_t cli_cached_state(const struct cli_cached *f)
{
	return f->state;
}

/* --- the cache ------------------------------------------------------------ */

static int cache_destructor(struct cli_cache *cache)
{
	cli_conn_set_on_break(cache->conn, NULL, NULL);
	return 0;
}

NTSTATUS cli_cache_open(struct cli_tree *tree,
			const struct cli_cache_options *options,
			struct cli_cache **out)
{
	struct cli_cache *cache = talloc_zero(tree, struct cli_cache);

	if (cache == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	cache->tree = tree;
	cache->conn = cli_tree_conn(tree);
	cache->options = *options;
	if (cache->options.max_kept == 0) {
		cache->options.max_kept = KEPT_MAX;
	}
	if (cache->options.max_dirty == 0) {
		cache->options.max_dirty = DIRTY_MAX;
	}
	cli_conn_set_on_break(cache->conn, cached_on_break, cache);
	talloc_set_destructor(cache, cache_destructor);
	*out = cache;
	return NT_STATUS_OK;
}

struct cli_cache_stats cli_cache_stats(const struct cli_cache *cache)
{
	return cache->stats;
}
