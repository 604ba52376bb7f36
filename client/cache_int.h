/* client/cache_int.h - a cached file and what is to be done with it, for
 * cache.c and cache_io.c. */
#ifndef CLIENT_CACHE_INT_H
#define CLIENT_CACHE_INT_H

#include "client/cache.h"
#include "client/cache_pages.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/req.h"

struct cached_op;
typedef void cached_step_fn(struct cached_op *op);

/* One operation of one file, from when it is asked for to its end; its file's.
 * start is called when it is its turn; the last step calls cached_op_end(). */
struct cached_op {
	struct cached_op *prev, *next;
	struct cli_cached *f;
	struct tevent_req *req; /* NULL: nobody waits for it */
	cached_step_fn *start;
	cached_step_fn *then; /* after filling pages, or writing them back */
	uint64_t offset;      /* of a read or write */
	size_t length;
	uint8_t *data;
	bool filled;	     /* pages were asked for once */
	uint64_t run_offset; /* of the request under way */
	size_t run_length;
	uint8_t *run;
	struct smb2_lease_break_notification b; /* of a break */
};

struct cli_cached {
	struct cli_cached *prev, *next;
	struct cli_cache *cache;
	char *name;
	uint32_t access, share_access;
	unsigned int users; /* opens of the caller */
	bool is_open;	    /* at the server, as id */
	struct smb2_file_id id;
	struct guid key; /* of this open at the server, and no other */
	uint32_t state;
	uint16_t epoch;
	/* What the file's size is with and without what is dirty; true as long
	 * as state has R. */
	uint64_t size, server_size;
	struct cache_pages *pages;
	NTSTATUS error;		   /* of bytes that could not be written */
	struct cached_op *running; /* one at a time */
	struct cached_op *breaks, *queue;
};

struct cli_cache {
	struct cli_conn *conn;
	struct cli_tree *tree;
	struct cli_cache_options options;
	struct cli_cached *files; /* the one that was used last is last */
	struct cli_cache_stats stats;
};

/* cache.c: an operation is asked for; its result is status_recv's. */
struct tevent_req *cached_op_send(TALLOC_CTX *mem_ctx, struct cli_cached *f,
				  cached_step_fn *start,
				  struct cached_op **out_op);
/* Begins the next operation, if none is under way.  May free f. */
void cached_run(struct cli_cached *f);
/* The operation is over; may free its file. */
void cached_op_end(struct cached_op *op, NTSTATUS status);

/* The same without anybody who waits, in no queue yet; NULL: no memory. */
struct cached_op *cached_op_create(struct cli_cached *f, cached_step_fn *start);
/* Nothing is to be done with it. */
bool cached_is_idle(const struct cli_cached *f);

/* cache_open.c: nobody has it open, but it is open at the server. */
bool cached_is_kept(const struct cli_cached *f);
/* An operation, or the rest of one: what is only kept is written and closed. */
void cached_evict(struct cached_op *op);

/* cache_break.c: a cli_break_fn; private_data is the cache. */
void cached_on_break(void *private_data, struct cli_conn *conn,
		     const struct smb2_break_notification *b);

/* What is an error of the past is told once. */
NTSTATUS cached_take_error(struct cli_cached *f);

/* cache_io.c: writes what is dirty, then op->then(); what cannot be written is
 * forgotten, and f->error says why. */
void cached_write_back(struct cached_op *op, cached_step_fn *then);

/* done is the step after req, which was sent; ends op when req is NULL. */
void cached_sent(struct cached_op *op, struct tevent_req *req,
		 tevent_req_fn done);
/* For such a step: whose it is. */
struct cached_op *cached_op_of(struct tevent_req *sub);

#endif
