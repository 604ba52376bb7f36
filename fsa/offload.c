/* fsa/offload.c - FSCTL_OFFLOAD_READ, FSCTL_OFFLOAD_WRITE: copies by a token,
 * which says what data is meant ([MS-FSA] 2.1.5.10.20, 2.1.5.10.21; [MS-FSCC]
 * 2.3.41 to 2.3.44).
 *
 * A token stands for the data at the time it was made.  The data stays where it
 * is, so the token is good as long as the file is unchanged, looked at before
 * and after the copy.  It is good for who might read the file then; that the
 * file is unchanged means that its protection is.
 *
 * The steps of a write:
 *   start    checks, opens the token's file
 *   copy     what the file has of the range
 *   zero     what is behind its end, in the last sector; or all of it
 *   resumed  the driver has done one of these */
#include "fsa/offload_token.h"

#include <string.h>
#include <time.h>

#include "fsa/fsctl.h"
#include "fsa/lock.h"
#include "fsa/notify.h"
#include "lib/wire.h"

#define SECTOR	     512u
#define READ_INPUT   32
#define READ_OUTPUT  528
#define WRITE_INPUT  544
#define WRITE_OUTPUT 16
#define ALL_ZERO_AFTER                                                         \
	1u /* OFFLOAD_READ_FLAG_ALL_ZERO_BEYOND_CURRENT_RANGE                  \
	    */
#define MAX_FILE_SIZE 0xFFFFFFF0000ull /* as write.c */

/* TokenTimeToLive, in milliseconds; 0 asks for the default. */
#define DEFAULT_TTL (10 * 60 * 1000u)
#define MAX_TTL	    (60 * 60 * 1000u)

static uint64_t at_most(uint64_t n, uint64_t most)
{
	return n < most ? n : most;
}

static uint64_t sector_up(uint64_t n)
{
	return (n + SECTOR - 1) / SECTOR * SECTOR;
}

static NTTIME now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return nttime_from_timespec(ts);
}

static struct offload_holder holder_of(const struct fsa_io *io)
{
	const struct fsa_volume *v = io->volume;

	return (struct offload_holder){
		.key = v->server->offload_key,
		.user = &io->token->sids[0],
		.share_path = v->path,
	};
}

static bool is_supported(const struct fsa_file *f)
{
	const struct fsa_driver *d = driver_of(f);

	return d->file_version != NULL && d->copy != NULL && d->zero != NULL;
}

/* What no offload goes with: no is the status for that. */
static NTSTATUS check_file(struct fsa_file *f, NTSTATUS no,
			   struct fsa_stat *out)
{
	NTSTATUS status;

	if (f->node->directory || f->stream != NULL) {
		return no;
	}
	status = driver_of(f)->stat(f->node, out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((out->attributes &
	     (FILE_ATTRIBUTE_SPARSE_FILE | FILE_ATTRIBUTE_COMPRESSED |
	      FILE_ATTRIBUTE_ENCRYPTED)) != 0) {
		return no;
	}
	return driver_of(f)->is_linked(f->node) ? NT_STATUS_OK
						: NT_STATUS(FILE_DELETED);
}

/* --- read ------------------------------------------------------------------
 */

struct read_input {
	uint32_t ttl;
	uint64_t offset, length;
};

static NTSTATUS decode_read(const struct fsa_fsctl *c, struct read_input *out)
{
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	struct read_input r = {0};
	uint32_t size = wire_u32(&in);

	wire_skip(&in, 4); /* Flags */
	r.ttl = wire_u32(&in);
	wire_skip(&in, 4); /* Reserved */
	r.offset = wire_u64(&in);
	r.length = wire_u64(&in);
	if (!wire_ok(&in) || c->max_out < READ_OUTPUT) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	if (r.offset % SECTOR != 0 || r.length % SECTOR != 0 ||
	    size != READ_INPUT || r.offset > UINT64_MAX - r.length) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = r;
	return NT_STATUS_OK;
}

static NTSTATUS put_read_output(struct fsa_io *io, uint32_t flags,
				const struct offload_token *t)
{
	const struct offload_holder holder = holder_of(io);
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_writer w = wire_writer(c->mem_ctx, READ_OUTPUT);

	wire_put_u32(&w, READ_OUTPUT);
	wire_put_u32(&w, flags);
	wire_put_u64(&w, t->length);
	offload_token_put(&w, t, &holder);
	return wire_finish(&w, &c->out);
}

static NTSTATUS make_token(struct fsa_io *io, const struct read_input *in,
			   uint64_t length)
{
	struct fsa_node *n = io->file->node;
	struct offload_token t = {.device = n->device,
				  .inode = n->inode,
				  .offset = in->offset,
				  .length = at_most(in->length, length)};
	uint64_t ttl = in->ttl == 0 ? DEFAULT_TTL : at_most(in->ttl, MAX_TTL);
	NTSTATUS status = driver_of(io->file)->file_version(n, t.version);

	if (NT_STATUS_IS_OK(status)) {
		status = offload_token_set_path(&t,
						driver_of(io->file)->path(n));
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	t.expires = now() + ttl * 10000;
	return put_read_output(io, t.length < in->length ? ALL_ZERO_AFTER : 0,
			       &t);
}

NTSTATUS fsa_offload_read(struct fsa_io *io)
{
	static const struct offload_token nothing = {.zero = true};
	struct fsa_file *f = io->file;
	struct read_input in;
	struct fsa_stat st;
	NTSTATUS status;

	if (!is_supported(f)) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	status = decode_read(&io->u.fsctl, &in);
	if (NT_STATUS_IS_OK(status)) {
		status = file_check_access(f, FILE_READ_DATA);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.length == 0) {
		return put_read_output(io, 0, &nothing);
	}
	status = check_file(f, NT_STATUS(OFFLOAD_READ_FILE_NOT_SUPPORTED), &st);
	if (NT_STATUS_IS_OK(status)) {
		status = lock_check_io(f, in.offset, in.length, false);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.offset >= st.end_of_file) {
		return NT_STATUS(END_OF_FILE);
	}
	return make_token(io, &in, sector_up(st.end_of_file - in.offset));
}

/* --- write -----------------------------------------------------------------
 */

struct offload_write {
	struct fsa_node *source; /* NULL: zeros */
	struct offload_token token;
	uint64_t offset, length, transfer_offset;
	struct fsa_range copy, zero; /* what is still to be done */
};

static NTSTATUS decode_write(const struct fsa_io *io, struct offload_write *out)
{
	const struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	uint32_t size;

	if (c->in.length < WRITE_INPUT || c->max_out < WRITE_OUTPUT) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	size = wire_u32(&in);
	wire_skip(&in, 4); /* Flags */
	out->offset = wire_u64(&in);
	out->length = wire_u64(&in);
	out->transfer_offset = wire_u64(&in);
	if (out->offset % SECTOR != 0 || out->length % SECTOR != 0 ||
	    out->transfer_offset % SECTOR != 0 || size != WRITE_INPUT ||
	    out->offset > UINT64_MAX - out->length) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

static NTSTATUS read_token(const struct fsa_io *io, struct offload_write *w)
{
	const struct offload_holder holder = holder_of(io);
	const struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = wire_reader(c->in.data, c->in.length);

	wire_seek(&in, WRITE_INPUT - OFFLOAD_TOKEN_SIZE);
	return offload_token_read(&in, now(), &holder, &w->token);
}

/* It is the token's file, as it was then. */
static bool is_unchanged(struct fsa_file *f, const struct offload_write *w)
{
	uint8_t version[FSA_VERSION_SIZE];

	return w->source->device == w->token.device &&
	       w->source->inode == w->token.inode && !w->source->directory &&
	       NT_STATUS_IS_OK(
		       driver_of(f)->file_version(w->source, version)) &&
	       memcmp(version, w->token.version, sizeof(version)) == 0;
}

static NTSTATUS open_source(struct fsa_file *f, struct offload_write *w,
			    struct fsa_stat *out)
{
	const struct fsa_how how = {.path = w->token.path,
				    .access = FILE_READ_DATA};
	NTSTATUS status =
		driver_of(f)->open(w, f->volume->mount, &how, &w->source, out);

	if (!NT_STATUS_IS_OK(status) || !is_unchanged(f, w)) {
		return NT_STATUS(INVALID_TOKEN);
	}
	return NT_STATUS_OK;
}

/* size: of the file; source_size: of the token's.  The size of the file stays
 * as it is: what is written is clusters. */
static void plan(struct offload_write *w, uint64_t size, uint64_t source_size)
{
	uint64_t from = w->token.offset + w->transfer_offset;
	uint64_t n = at_most(w->length, size - w->offset);
	uint64_t there = w->source == NULL || from >= source_size
				 ? 0
				 : at_most(n, source_size - from);

	w->copy = (struct fsa_range){
		.from = from, .to = w->offset, .length = there};
	w->zero = (struct fsa_range){.to = w->offset + there,
				     .length = n - there};
}

static NTSTATUS answer_write(struct fsa_io *io, uint64_t length)
{
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_writer w = wire_writer(c->mem_ctx, WRITE_OUTPUT);

	wire_put_u32(&w, WRITE_OUTPUT);
	wire_put_u32(&w, 0);
	wire_put_u64(&w, length);
	return wire_finish(&w, &c->out);
}

static NTSTATUS finish_write(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_file *f = io->file;
	const struct offload_write *w = io->u.fsctl.state;

	if (NT_STATUS_IS_OK(status) && w->source != NULL &&
	    !is_unchanged(f, w)) {
		status = NT_STATUS(INVALID_TOKEN);
	}
	if (io->u.fsctl.done > 0) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = file_keep_times(f);
	}
	return NT_STATUS_IS_OK(status) ? answer_write(io, w->length) : status;
}

static NTSTATUS go_on(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct offload_write *w = io->u.fsctl.state;
	NTSTATUS status = NT_STATUS_OK;

	if (w->copy.length > 0) {
		const struct fsa_range r = w->copy;

		w->copy.length = 0;
		status = driver_of(f)->copy(w->source, f->node, &r, io,
					    &io->u.fsctl.done);
	}
	if (NT_STATUS_IS_OK(status) && w->zero.length > 0) {
		const struct fsa_range r = w->zero;

		w->zero.length = 0;
		status = driver_of(f)->zero(f->node, &r, false, io,
					    &io->u.fsctl.done);
	}
	return NT_STATUS_IS(status, PENDING) ? status
					     : finish_write(io, status);
}

/* The token, the file that is written to, and what is to be done. */
static NTSTATUS prepare(struct fsa_io *io, struct offload_write *w)
{
	struct fsa_stat st, source = {0};
	NTSTATUS status = check_file(
		io->file, NT_STATUS(OFFLOAD_WRITE_FILE_NOT_SUPPORTED), &st);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (w->offset + w->length > MAX_FILE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = lock_check_io(io->file, w->offset, w->length, true);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (w->offset >= st.end_of_file) {
		return NT_STATUS(END_OF_FILE);
	}
	status = read_token(io, w);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!w->token.zero) {
		if (w->transfer_offset >= w->token.length) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		w->length = at_most(w->length,
				    w->token.length - w->transfer_offset);
		status = open_source(io->file, w, &source);
	}
	plan(w, st.end_of_file, source.end_of_file);
	return status;
}

NTSTATUS fsa_offload_write(struct fsa_io *io)
{
	struct fsa_fsctl *c = &io->u.fsctl;
	struct offload_write *w;
	NTSTATUS status;

	if (io->volume->read_only) {
		return NT_STATUS(MEDIA_WRITE_PROTECTED);
	}
	if (!is_supported(io->file)) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	w = talloc_zero(c->mem_ctx, struct offload_write);
	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->state = w;
	status = decode_write(io, w);
	if (NT_STATUS_IS_OK(status)) {
		status = file_check_access(io->file, FILE_WRITE_DATA);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (w->length == 0) {
		return answer_write(io, 0);
	}
	status = prepare(io, w);
	return NT_STATUS_IS_OK(status) ? go_on(io) : status;
}

NTSTATUS fsa_offload_write_resumed(struct fsa_io *io, NTSTATUS status)
{
	if (NT_STATUS_IS_OK(status) && io->cancelled) {
		status = NT_STATUS(CANCELLED);
	}
	return NT_STATUS_IS_OK(status) ? go_on(io) : finish_write(io, status);
}
