/* fsa/clone.c - FSCTL_DUPLICATE_EXTENTS_TO_FILE(_EX): two files share what is
 * on disk ([MS-FSA] 2.1.5.10.4, 2.1.5.10.5; [MS-FSCC] 2.3.7, 2.3.9).
 *
 * Windows: byte-range locks are not looked at (smb2.ioctl.dup_extents_src_lock,
 * dup_extents_dest_lock); the text says SHOULD.
 *
 * The order of the checks is the text's: who asks with a length of zero learns
 * whether his offsets are aligned, and nothing of the source. */
#include "fsa/fsctl.h"
#include "fsa/notify.h"
#include "lib/wire.h"

#define MAX_OFFSET    ((uint64_t)INT64_MAX)
#define EX_SIZE	      0x30
#define SOURCE_ATOMIC 0x1u

struct request {
	struct fsa_range range;
	bool atomic;
};

static NTSTATUS decode(const struct fsa_fsctl *c, struct request *out)
{
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	struct request r = {0};

	wire_skip(&in, 16); /* SourceFileID: c->source */
	r.range.from = wire_u64(&in);
	r.range.to = wire_u64(&in);
	r.range.length = wire_u64(&in);
	if (!wire_ok(&in)) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	*out = r;
	return NT_STATUS_OK;
}

static NTSTATUS decode_ex(const struct fsa_fsctl *c, struct request *out)
{
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	struct request r = {0};
	uint64_t size = wire_u64(&in);

	wire_skip(&in, 16);
	r.range.from = wire_u64(&in);
	r.range.to = wire_u64(&in);
	r.range.length = wire_u64(&in);
	r.atomic = (wire_u32(&in) & SOURCE_ATOMIC) != 0;
	wire_skip(&in, 4); /* Reserved */
	if (!wire_ok(&in)) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	if (size != EX_SIZE) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	*out = r;
	return NT_STATUS_OK;
}

static bool ends_with_source(const struct fsa_file *source,
			     const struct fsa_range *r)
{
	struct fsa_stat st;

	return source != NULL &&
	       NT_STATUS_IS_OK(driver_of(source)->stat(source->node, &st)) &&
	       r->from + r->length == st.end_of_file;
}

/* The text wants whole clusters.  Linux's client asks for whole files (cp
 * --reflink), whatever their size: the last cluster may be a part of one. */
static bool is_aligned(const struct fsa_file *source, const struct fsa_range *r,
		       uint64_t cluster)
{
	return r->from % cluster == 0 && r->to % cluster == 0 &&
	       (r->length % cluster == 0 || ends_with_source(source, r));
}

static bool is_in_range(const struct fsa_range *r)
{
	return r->length <= MAX_OFFSET && r->from <= MAX_OFFSET - r->length &&
	       r->to <= MAX_OFFSET - r->length;
}

static bool overlap(const struct fsa_file *f, const struct fsa_file *source,
		    const struct fsa_range *r)
{
	return f->id.device == source->id.device &&
	       f->id.inode == source->id.inode && r->from < r->to + r->length &&
	       r->to < r->from + r->length;
}

/* What the two files must be. */
static NTSTATUS check_files(const struct fsa_file *f,
			    const struct fsa_file *source,
			    const struct fsa_range *r, uint64_t *out_size)
{
	struct fsa_stat from, to;
	NTSTATUS status;

	if (f->node->directory) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (source->node->directory ||
	    !NT_STATUS_IS_OK(file_check_access(source, FILE_READ_DATA)) ||
	    !NT_STATUS_IS_OK(file_check_access(source, FILE_READ_ATTRIBUTES)) ||
	    source->volume->driver != f->volume->driver ||
	    source->node->device != f->node->device) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (f->stream != NULL || source->stream != NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	status = driver_of(f)->stat(source->node, &from);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &to);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (r->from + r->length > from.end_of_file || overlap(f, source, r) ||
	    ((from.attributes & FILE_ATTRIBUTE_SPARSE_FILE) != 0 &&
	     (to.attributes & FILE_ATTRIBUTE_SPARSE_FILE) == 0)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	*out_size = to.end_of_file;
	return NT_STATUS_OK;
}

/* What is behind the last whole cluster, at the end of the target or of the
 * source: copied. */
struct rest {
	struct fsa_file *source;
	struct fsa_range range;
};

/* The target does not become longer: clusters behind its end would not be seen
 * ([MS-FSA] changes ExtentList and no size; smb2.ioctl.
 * dup_extents_len_beyond_dest). */
static NTSTATUS act(struct fsa_io *io, const struct request *req,
		    uint64_t cluster, uint64_t size)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	struct fsa_range r = req->range;
	struct rest *rest;

	if (r.to >= size) {
		return NT_STATUS_OK;
	}
	if (r.length > size - r.to) {
		r.length = size - r.to;
	}
	if (r.length % cluster != 0) {
		rest = talloc_zero(c->mem_ctx, struct rest);
		if (rest == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		rest->source = c->source;
		rest->range.length = r.length % cluster;
		r.length -= rest->range.length;
		rest->range.from = r.from + r.length;
		rest->range.to = r.to + r.length;
		c->state = rest;
	}
	return r.length == 0 ? NT_STATUS_OK
			     : driver_of(f)->clone(c->source->node, f->node, &r,
						   req->atomic, io, &c->done);
}

static NTSTATUS duplicate(struct fsa_io *io, const struct request *req)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	uint64_t cluster, size = 0;
	NTSTATUS status = fsa_writable_cluster(f->volume, &cluster);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!is_aligned(c->source, &req->range, cluster) ||
	    !is_in_range(&req->range)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (req->range.length == 0) {
		return NT_STATUS_OK;
	}
	if (c->source == NULL) {
		return NT_STATUS(INVALID_HANDLE);
	}
	status = check_files(f, c->source, &req->range, &size);
	if (NT_STATUS_IS_OK(status)) {
		status = act(io, req, cluster, size);
	}
	return NT_STATUS_IS(status, PENDING)
		       ? status
		       : fsa_duplicate_extents_resumed(io, status);
}

static NTSTATUS start(struct fsa_io *io,
		      NTSTATUS (*decode_input)(const struct fsa_fsctl *c,
					       struct request *out))
{
	struct request req;
	NTSTATUS status;

	if (driver_of(io->file)->clone == NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	status = decode_input(&io->u.fsctl, &req);
	if (NT_STATUS_IS_OK(status) && !io->file->node->directory) {
		status = file_check_access(io->file, FILE_WRITE_DATA);
	}
	return NT_STATUS_IS_OK(status) ? duplicate(io, &req) : status;
}

NTSTATUS fsa_duplicate_extents(struct fsa_io *io)
{
	return start(io, decode);
}

NTSTATUS fsa_duplicate_extents_ex(struct fsa_io *io)
{
	return start(io, decode_ex);
}

NTSTATUS fsa_duplicate_extents_resumed(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	const struct rest *rest = c->state;

	if (NT_STATUS_IS_OK(status) && rest != NULL) {
		c->state = NULL;
		status = driver_of(f)->copy(rest->source->node, f->node,
					    &rest->range, io, &c->done);
	}
	if (NT_STATUS_IS(status, PENDING)) {
		return status;
	}
	if (c->done > 0) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	return NT_STATUS_IS_OK(status) ? file_keep_times(f) : status;
}
