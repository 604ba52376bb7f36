/* client/cache_break.c - what happens when the server takes a lease ([MS-SMB2]
 * 3.2.5.19.2). */
#include "client/cache_int.h"

/* The steps, in order: */
static void break_written(struct cached_op *op);
static void break_answered(struct tevent_req *sub);

static void break_start(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	bool dirty = (op->b.new_state & SMB2_LEASE_WRITE_CACHING) == 0 &&
		     (f->cache->options.bend & CLI_CACHE_KEEPS_DIRTY) == 0;

	f->cache->stats.breaks++;
	if (!f->is_open || !guid_equal(&f->key, &op->b.key)) {
		cached_op_end(op, NT_STATUS_OK); /* it was closed meanwhile */
		return;
	}
	if (dirty) {
		cached_write_back(op, break_written);
	} else {
		break_written(op);
	}
}

/* Not when the caching states of before and after are the same, but for changes
 * in between that nobody told of ([MS-SMB2] 3.2.5.19.2). */
static bool must_drop(const struct cli_cached *f,
		      const struct smb2_lease_break_notification *b)
{
	uint16_t passed = (uint16_t)(b->new_epoch - f->epoch);

	if ((f->cache->options.bend & CLI_CACHE_KEEPS_STALE) != 0) {
		return false;
	}
	return (b->new_state & SMB2_LEASE_READ_CACHING) == 0 ||
	       (b->new_state == f->state && passed > 1);
}

static void break_written(struct cached_op *op)
{
	struct cli_cached *f = op->f;

	if (must_drop(f, &op->b)) {
		cache_pages_drop(f->pages);
	}
	if ((f->cache->options.bend & CLI_CACHE_KEEPS_STALE) == 0) {
		f->state &= op->b.new_state;
	}
	f->epoch = op->b.new_epoch;
	/* Who has nothing open answers by closing. */
	if (cached_is_kept(f) && (f->state & SMB2_LEASE_HANDLE_CACHING) == 0) {
		cached_evict(op);
		return;
	}
	if ((op->b.flags & SMB2_NOTIFY_BREAK_LEASE_FLAG_ACK_REQUIRED) == 0) {
		cached_op_end(op, NT_STATUS_OK);
		return;
	}
	cached_sent(
		op,
		cli_lease_ack_send(op, f->cache->tree, f->key, op->b.new_state),
		break_answered);
}

/* An answer that is refused leaves nothing (3.2.5.19.4). */
static void break_answered(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	NTSTATUS status = cli_ack_recv(sub, NULL);

	talloc_free(sub);
	if (!NT_STATUS_IS_OK(status)) {
		op->f->state = SMB2_LEASE_NONE;
		cache_pages_drop(op->f->pages);
	}
	cached_op_end(op, NT_STATUS_OK);
}

void cached_on_break(void *private_data, struct cli_conn *conn,
		     const struct smb2_break_notification *b)
{
	struct cli_cache *cache =
		talloc_get_type_abort(private_data, struct cli_cache);
	struct cli_cached *f = cache->files;
	struct cached_op *op;

	while (f != NULL && (b->kind != SMB2_BREAK_LEASE ||
			     !guid_equal(&f->key, &b->lease.key))) {
		f = f->next;
	}
	if (f == NULL) {
		return;
	}
	op = cached_op_create(f, break_start);
	if (op == NULL) {
		/* The server will wait in vain, and take all of it. */
		f->state = SMB2_LEASE_NONE;
		f->error = NT_STATUS(NO_MEMORY);
		cache_pages_drop(f->pages);
		return;
	}
	op->b = b->lease;
	DLIST_ADD_END(f->breaks, op);
	cached_run(f);
}
