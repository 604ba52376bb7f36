/* vfs_modules/memory/data.c - reading, writing, sizes and holes. */
#include <string.h>

#include "vfs_modules/memory/memory.h"

#define BUFFER_SIZE 65536u
#define HOUR	    (3600 * NTTIME_SECOND)

/* The write time is the file's: streams have none. */
static void note_write(struct mem_node *n)
{
	if (n->base.of == NULL) {
		memory_touch(n->mount->state, n->inode);
	}
}

/* As Linux has it by default: to be right within the hour is enough. */
static void note_read(struct mem_node *n)
{
	struct mem_inode *inode = n->inode;
	NTTIME now = nttime_now();

	if (n->base.of == NULL && !n->keep_access_time &&
	    (inode->times.access <= inode->times.write ||
	     inode->times.access + HOUR < now)) {
		ARENA_SET(arena_of(n), inode->times.access, now);
	}
}

NTSTATUS memory_keep_access_time(struct fsa_node *node, bool keep)
{
	mem_node(node)->keep_access_time = keep;
	return NT_STATUS_OK;
}

static void read_now(struct mem_node *n, struct fsa_read *r)
{
	const struct mem_content *c = &n->inode->data;
	uint64_t left = r->offset < c->size ? c->size - r->offset : 0;

	r->nread = left < r->length ? (uint32_t)left : r->length;
	content_read(c, r->offset, r->data, r->nread);
}

NTSTATUS memory_read(struct fsa_node *node, struct fsa_io *io)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	read_now(n, &io->u.read);
	note_read(n);
	return memory_end(n->mount->state, NT_STATUS_OK);
}

static NTSTATUS write_locked(struct mem_node *n, uint64_t offset,
			     const uint8_t *data, uint32_t length,
			     uint32_t *out_written)
{
	struct mem_inode *inode = n->inode;

	if (offset == UINT64_MAX) {
		offset = inode->data.size;
	}
	if (offset > (uint64_t)INT64_MAX - length) {
		return NT_STATUS(DISK_FULL);
	}
	note_write(n);
	return content_write(n->mount->state, inode, offset, data, length,
			     out_written);
}

NTSTATUS memory_write(struct fsa_node *node, struct fsa_io *io)
{
	struct mem_node *n = mem_node(node);
	struct fsa_write *w = &io->u.write;

	w->nwritten = 0;
	memory_begin(n->mount->state);
	return memory_end(
		n->mount->state,
		write_locked(n, w->offset, w->data, w->length, &w->nwritten));
}

NTSTATUS memory_set_size(struct fsa_node *node, uint64_t size)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	note_write(n);
	content_set_size(n->mount->state, n->inode, size);
	return memory_end(n->mount->state, NT_STATUS_OK);
}

NTSTATUS memory_reserve(struct fsa_node *node, uint64_t size)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	memory_changed(n->mount->state, n->inode);
	return memory_end(n->mount->state,
			  content_reserve(n->mount->state, n->inode, size));
}

/* --- holes
 * -------------------------------------------------------------------- */

NTSTATUS memory_zero(struct fsa_node *node, const struct fsa_range *r,
		     bool sparse, struct fsa_io *io, uint64_t *done)
{
	struct mem_node *n = mem_node(node);
	uint64_t length = r->length;
	uint64_t size;

	memory_begin(n->mount->state);
	size = n->inode->data.size;
	if (r->to < size) {
		length = length < size - r->to ? length : size - r->to;
		note_write(n);
		content_zero(n->mount->state, n->inode, r->to, length, sparse);
	}
	*done += r->length;
	return memory_end(n->mount->state, NT_STATUS_OK);
}

/* Nobody wants the data any more: what is given up reads as zeros. */
NTSTATUS memory_discard(struct fsa_node *node, const struct fsa_range *r)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	memory_changed(n->mount->state, n->inode);
	content_zero(n->mount->state, n->inode, r->to, r->length, true);
	return memory_end(n->mount->state, NT_STATUS_OK);
}

/* From *start on, within end; false: there is no more. */
static bool next_range(const struct mem_content *c, uint64_t *start,
		       uint64_t *end)
{
	uint64_t first = *start / ARENA_PAGE;
	uint64_t last, next;

	if (!content_next_page(c, &first) || first * ARENA_PAGE >= *end) {
		return false;
	}
	last = first;
	for (next = first + 1; next * ARENA_PAGE < *end &&
			       content_next_page(c, &next) && next == last + 1;
	     next++) {
		last = next;
	}
	*start = first * ARENA_PAGE > *start ? first * ARENA_PAGE : *start;
	*end = (last + 1) * ARENA_PAGE < *end ? (last + 1) * ARENA_PAGE : *end;
	return true;
}

NTSTATUS memory_ranges(struct fsa_node *node, uint64_t offset, uint64_t length,
		       bool (*take)(uint64_t offset, uint64_t length,
				    void *private_data),
		       void *private_data)
{
	struct mem_node *n = mem_node(node);
	uint64_t start = offset;
	uint64_t end = offset + length;

	memory_begin(n->mount->state);
	while (start < end && next_range(&n->inode->data, &start, &end) &&
	       take(start, end - start, private_data)) {
		start = end;
		end = offset + length;
	}
	return memory_end(n->mount->state, NT_STATUS_OK);
}

NTSTATUS memory_set_sparse(struct fsa_node *node, bool sparse)
{
	struct mem_node *n = mem_node(node);
	struct mem_state *s = n->mount->state;
	uint32_t attributes;
	NTSTATUS status = NT_STATUS_OK;

	memory_begin(s);
	attributes = n->inode->attributes & ~FILE_ATTRIBUTE_SPARSE_FILE;
	if (sparse) {
		attributes |= FILE_ATTRIBUTE_SPARSE_FILE;
	} else if (attributes != n->inode->attributes) {
		status = content_fill(s, n->inode);
	}
	if (NT_STATUS_IS_OK(status) && attributes != n->inode->attributes) {
		ARENA_SET(s->arena, n->inode->attributes, attributes);
		memory_changed(s, n->inode);
	}
	return memory_end(s, status);
}

/* --- copying
 * ------------------------------------------------------------------ */

static NTSTATUS copy_piece(struct mem_node *from, struct mem_node *to,
			   const struct fsa_range *r, uint8_t *buffer)
{
	struct mem_state *s = to->mount->state;
	struct fsa_read in = {.offset = r->from,
			      .data = buffer,
			      .length = (uint32_t)r->length};
	uint32_t written = 0;
	NTSTATUS status;

	memory_begin(s);
	read_now(from, &in);
	status = in.nread < r->length
			 ? NT_STATUS(INVALID_VIEW_SIZE) /* it has shrunk */
			 : write_locked(to, r->to, buffer, in.nread, &written);
	return memory_end(s, status);
}

/* The next piece of a range of which done bytes are copied: from the end on, if
 * the front would be overwritten before it is read. */
static struct fsa_range next_piece(const struct fsa_range *r, uint64_t done,
				   bool from_end)
{
	uint64_t left = r->length - done;
	uint64_t n = left < BUFFER_SIZE ? left : BUFFER_SIZE;
	uint64_t at = from_end ? left - n : done;

	return (struct fsa_range){
		.from = r->from + at, .to = r->to + at, .length = n};
}

NTSTATUS memory_copy(struct fsa_node *from, struct fsa_node *to,
		     const struct fsa_range *r, struct fsa_io *io,
		     uint64_t *done)
{
	bool from_end = mem_node(from)->inode == mem_node(to)->inode &&
			r->from < r->to && r->to - r->from < r->length;
	uint8_t *buffer = talloc_array(to, uint8_t, BUFFER_SIZE);
	uint64_t copied = 0;
	NTSTATUS status = NT_STATUS_OK;

	if (buffer == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && copied < r->length) {
		const struct fsa_range piece = next_piece(r, copied, from_end);

		status = copy_piece(mem_node(from), mem_node(to), &piece,
				    buffer);
		copied += NT_STATUS_IS_OK(status) ? piece.length : 0;
	}
	talloc_free(buffer);
	/* What is copied at the end is no use without the front. */
	*done += from_end && !NT_STATUS_IS_OK(status) ? 0 : copied;
	return status;
}
