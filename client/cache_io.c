/* client/cache_io.c - reading, writing and writing back. */
#include <string.h>

#include "client/cache_int.h"

#define RW (SMB2_LEASE_READ_CACHING | SMB2_LEASE_WRITE_CACHING)

static bool may_read_cached(const struct cli_cached *f)
{
	return (f->state & SMB2_LEASE_READ_CACHING) != 0;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* --- filling pages -------------------------------------------------------- */

static void fill_done(struct tevent_req *sub);

/* Makes the pages of op's range be there, then calls then(). */
static void fill(struct cached_op *op, cached_step_fn *then)
{
	struct cli_cached *f = op->f;
	uint64_t end = (op->offset + op->length + CACHE_PAGE - 1) / CACHE_PAGE *
		       CACHE_PAGE;
	struct smb2_read_request in = {.id = f->id};

	ASSERT(!op->filled);
	op->filled = true;
	op->then = then;
	op->run_offset = op->offset / CACHE_PAGE * CACHE_PAGE;
	op->run_length = (size_t)(end - op->run_offset);
	if (op->run_offset >= f->server_size) {
		if (!cache_pages_fill(f->pages, op->run_offset, end,
				      (const uint8_t *)"", 0)) {
			cached_op_end(op, NT_STATUS(NO_MEMORY));
			return;
		}
		then(op);
		return;
	}
	f->cache->stats.reads++;
	in.offset = op->run_offset;
	in.length = (uint32_t)op->run_length;
	cached_sent(op, cli_read_send(op, f->cache->tree, &in), fill_done);
}

/* The result of a READ; nothing at the end of the file. */
static NTSTATUS read_result(struct tevent_req *sub, TALLOC_CTX *mem_ctx,
			    size_t max, struct wire_reader *out)
{
	struct smb2_read_response r = {0};
	NTSTATUS status = cli_read_recv(sub, mem_ctx, &r);

	if (NT_STATUS_IS(status, END_OF_FILE)) {
		status = NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status) && r.data.length > max) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	*out = r.data.length > 0 ? r.data : wire_reader("", 0);
	return status;
}

static void fill_done(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	TALLOC_CTX *tmp = talloc_new(op);
	struct wire_reader data;
	NTSTATUS status = read_result(sub, tmp, op->run_length, &data);

	talloc_free(sub);
	if (NT_STATUS_IS_OK(status) &&
	    !cache_pages_fill(op->f->pages, op->run_offset,
			      op->run_offset + op->run_length, data.data,
			      data.length)) {
		status = NT_STATUS(NO_MEMORY);
	}
	talloc_free(tmp);
	if (!NT_STATUS_IS_OK(status)) {
		cached_op_end(op, status);
		return;
	}
	op->then(op);
}

static void invalid(struct cached_op *op)
{
	cached_op_end(op, NT_STATUS(INVALID_PARAMETER));
}

static void no_memory(struct cached_op *op)
{
	cached_op_end(op, NT_STATUS(NO_MEMORY));
}

/* What a read or write is about, and room for its bytes. */
static void set_range(struct cached_op *op, uint64_t offset, size_t length)
{
	op->offset = offset;
	op->length = length;
	if (length > CLI_CACHE_IO_MAX || offset > INT64_MAX - length) {
		op->start = invalid;
		return;
	}
	op->data = talloc_array(op, uint8_t, length + 1);
	if (op->data == NULL) {
		op->start = no_memory;
	}
}

static bool is_kept(const struct cached_op *op)
{
	return op->offset + op->length <= CACHE_PAGES_END;
}

/* --- READ ----------------------------------------------------------------- */

static void read_direct_done(struct tevent_req *sub);

static void read_direct(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	struct smb2_read_request in = {
		.length = (uint32_t)op->length,
		.offset = op->offset,
		.id = f->id,
	};

	f->cache->stats.reads++;
	cached_sent(op, cli_read_send(op, f->cache->tree, &in),
		    read_direct_done);
}

static void read_direct_done(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	TALLOC_CTX *tmp = talloc_new(op);
	struct wire_reader data;
	NTSTATUS status = read_result(sub, tmp, op->length, &data);

	if (NT_STATUS_IS_OK(status)) {
		memcpy(op->data, data.data, data.length);
		op->length = data.length;
	}
	talloc_free(sub);
	talloc_free(tmp);
	cached_op_end(op, status);
}

static void read_start(struct cached_op *op)
{
	struct cli_cached *f = op->f;

	if (!may_read_cached(f) || !is_kept(op)) {
		read_direct(op);
		return;
	}
	if (op->offset >= f->size) {
		op->length = 0;
	} else if (op->length > f->size - op->offset) {
		op->length = (size_t)(f->size - op->offset);
	}
	if (cache_pages_read(f->pages, op->offset, op->length, op->data)) {
		f->cache->stats.reads_cached += !op->filled;
		cached_op_end(op, NT_STATUS_OK);
		return;
	}
	fill(op, read_start);
}

struct tevent_req *cli_cached_read_send(TALLOC_CTX *mem_ctx,
					struct cli_cached *f, uint64_t offset,
					size_t length)
{
	struct cached_op *op;
	struct tevent_req *req = cached_op_send(mem_ctx, f, read_start, &op);

	if (req == NULL) {
		return NULL;
	}
	set_range(op, offset, length);
	cached_run(f);
	return req;
}

/* --- WRITE ---------------------------------------------------------------- */

static void write_through_done(struct tevent_req *sub);

static void write_through(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	struct smb2_write_request in = {
		.offset = op->offset,
		.id = f->id,
		.data = wire_reader(op->data, op->length),
	};

	f->cache->stats.writes++;
	cached_sent(op, cli_write_send(op, f->cache->tree, &in),
		    write_through_done);
}

static void write_through_done(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	struct cli_cached *f = op->f;
	uint32_t count = 0;
	NTSTATUS status = cli_write_recv(sub, &count);

	talloc_free(sub);
	if (NT_STATUS_IS_OK(status) && count != op->length) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (NT_STATUS_IS_OK(status)) {
		cache_pages_update(f->pages, op->offset, op->data, op->length);
		f->server_size =
			larger(f->server_size, op->offset + op->length);
		f->size = larger(f->size, f->server_size);
	}
	cached_op_end(op, status);
}

static void write_end(struct cached_op *op)
{
	cached_op_end(op, NT_STATUS_OK);
}

static void write_start(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	NTSTATUS status = cached_take_error(f);

	if (!NT_STATUS_IS_OK(status)) {
		cached_op_end(op, status);
		return;
	}
	if ((f->state & RW) != RW || (f->access & FILE_READ_DATA) == 0 ||
	    !is_kept(op)) {
		write_through(op);
		return;
	}
	if (!cache_pages_may_write(f->pages, op->offset, op->length)) {
		fill(op, write_start);
		return;
	}
	if (!cache_pages_write(f->pages, op->offset, op->data, op->length)) {
		cached_op_end(op, NT_STATUS(NO_MEMORY));
		return;
	}
	f->size = larger(f->size, op->offset + op->length);
	f->cache->stats.writes_cached++;
	if (cache_pages_num_dirty(f->pages) > f->cache->options.max_dirty) {
		cached_write_back(op, write_end);
		return;
	}
	cached_op_end(op, NT_STATUS_OK);
}

struct tevent_req *cli_cached_write_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f, uint64_t offset,
					 const void *data, size_t length)
{
	struct cached_op *op;
	struct tevent_req *req = cached_op_send(mem_ctx, f, write_start, &op);

	if (req == NULL) {
		return NULL;
	}
	set_range(op, offset, length);
	if (op->data != NULL) {
		memcpy(op->data, data, length);
	}
	cached_run(f);
	return req;
}

/* --- writing back --------------------------------------------------------- */

static void run_written(struct tevent_req *sub);

static void write_run(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	struct smb2_write_request in = {.id = f->id};

	op->run_length = cache_pages_dirty(f->pages, &op->run_offset, op->run);
	if (op->run_length == 0) {
		TALLOC_FREE(op->run);
		op->then(op);
		return;
	}
	f->cache->stats.writes++;
	in.offset = op->run_offset;
	in.data = wire_reader(op->run, op->run_length);
	cached_sent(op, cli_write_send(op, f->cache->tree, &in), run_written);
}

void cached_write_back(struct cached_op *op, cached_step_fn *then)
{
	op->then = then;
	if (cache_pages_num_dirty(op->f->pages) == 0) {
		then(op);
		return;
	}
	op->run = talloc_array(op, uint8_t, CACHE_RUN_MAX);
	if (op->run == NULL) {
		op->f->error = NT_STATUS(NO_MEMORY);
		cache_pages_drop(op->f->pages);
		then(op);
		return;
	}
	write_run(op);
}

static void run_written(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	struct cli_cached *f = op->f;
	uint32_t count = 0;
	NTSTATUS status = cli_write_recv(sub, &count);

	talloc_free(sub);
	if (NT_STATUS_IS_OK(status) && count != op->run_length) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (NT_STATUS_IS_OK(status)) {
		cache_pages_clean(f->pages, op->run_offset, op->run_length);
		f->server_size =
			larger(f->server_size, op->run_offset + op->run_length);
	} else {
		f->error = status;
		cache_pages_drop(f->pages);
		f->size = f->server_size;
	}
	write_run(op);
}

/* --- FLUSH ---------------------------------------------------------------- */

static void flush_done(struct tevent_req *sub)
{
	struct cached_op *op = cached_op_of(sub);
	NTSTATUS status = cli_status_recv(sub);

	talloc_free(sub);
	cached_op_end(op, status);
}

static void flush_written(struct cached_op *op)
{
	struct cli_cached *f = op->f;
	NTSTATUS status = cached_take_error(f);

	if (!NT_STATUS_IS_OK(status)) {
		cached_op_end(op, status);
		return;
	}
	cached_sent(op, cli_flush_send(op, f->cache->tree, f->id), flush_done);
}

static void flush_start(struct cached_op *op)
{
	cached_write_back(op, flush_written);
}

struct tevent_req *cli_cached_flush_send(TALLOC_CTX *mem_ctx,
					 struct cli_cached *f)
{
	struct cached_op *op;
	struct tevent_req *req = cached_op_send(mem_ctx, f, flush_start, &op);

	if (req != NULL) {
		cached_run(f);
	}
	return req;
}
