/* lib/wire.h - bounded little-endian cursors: the only way wire bytes are read
 * or written outside generated NDR code.
 *
 * A reader that would pass its end fails, stays failed and reads zeros; a
 * decoder therefore reads everything first and asks wire_ok() once.  A writer
 * that would pass its ceiling, or finds no memory, fails and stays failed. */
#ifndef LIB_WIRE_H
#define LIB_WIRE_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"

struct wire_reader {
	const uint8_t *data;
	size_t length;
	size_t pos;
	bool failed;
};

/* A reader over bytes that stay the caller's. */
static inline struct wire_reader wire_reader(const void *data, size_t length)
{
	return (struct wire_reader){.data = data, .length = length};
}

static inline bool wire_ok(const struct wire_reader *r)
{
	return !r->failed;
}

/* Bytes not read yet; 0 once failed. */
static inline size_t wire_left(const struct wire_reader *r)
{
	return r->failed ? 0 : r->length - r->pos;
}

/* The next n bytes, lent, and moves past them; NULL (and failed) if there are
 * fewer.  n == 0 gives a pointer that must not be read. */
const uint8_t *wire_view(struct wire_reader *r, size_t n);

uint8_t wire_u8(struct wire_reader *r);
uint16_t wire_u16(struct wire_reader *r);
uint32_t wire_u32(struct wire_reader *r);
uint64_t wire_u64(struct wire_reader *r);
/* Big-endian, for the transport's length field and the like. */
uint32_t wire_u32be(struct wire_reader *r);

/* Copies n bytes to out; zeros when failed. */
void wire_bytes(struct wire_reader *r, void *out, size_t n);
void wire_skip(struct wire_reader *r, size_t n);

/* Moves to an absolute position at or before the end. */
void wire_seek(struct wire_reader *r, size_t pos);

/* The sub-reader [offset, offset+length) of the whole of r, which fails as a
 * whole (and marks r failed) when it reaches beyond r.  length 0 gives an
 * empty reader whatever the offset is. */
struct wire_reader wire_field(struct wire_reader *r, size_t offset,
			      size_t length);

/* Reads a 32-bit count of items that take at least min_size (> 0) bytes each;
 * fails and gives 0 when they cannot all be in what is left. */
uint32_t wire_count(struct wire_reader *r, size_t min_size);

/* --- writing --------------------------------------------------------- */

struct wire_writer {
	uint8_t *data;
	size_t length;	     /* written so far */
	size_t size;	     /* room in data */
	size_t ceiling;	     /* length never passes it */
	TALLOC_CTX *mem_ctx; /* NULL: data is the caller's fixed buffer */
	bool failed;
	bool no_memory; /* why it failed; else it was the ceiling */
};

/* Grows on mem_ctx up to ceiling bytes. */
struct wire_writer wire_writer(TALLOC_CTX *mem_ctx, size_t ceiling);

/* Writes into the caller's buffer and never beyond it. */
struct wire_writer wire_writer_fixed(void *buffer, size_t size);

static inline bool wire_writer_ok(const struct wire_writer *w)
{
	return !w->failed;
}

void wire_put_u8(struct wire_writer *w, uint8_t v);
void wire_put_u16(struct wire_writer *w, uint16_t v);
void wire_put_u32(struct wire_writer *w, uint32_t v);
void wire_put_u64(struct wire_writer *w, uint64_t v);
void wire_put_u32be(struct wire_writer *w, uint32_t v);
void wire_put_bytes(struct wire_writer *w, const void *data, size_t n);
void wire_put_zero(struct wire_writer *w, size_t n);

/* Pads with zeros to a multiple of n (a power of two) from the start. */
void wire_align(struct wire_writer *w, size_t n);

/* n bytes to be filled in by the caller before the next put; NULL if failed. */
uint8_t *wire_reserve(struct wire_writer *w, size_t n);

/* Overwrites bytes written earlier; pos + width <= length is asserted unless
 * the writer has failed. */
void wire_patch_u8(struct wire_writer *w, size_t pos, uint8_t v);
void wire_patch_u16(struct wire_writer *w, size_t pos, uint16_t v);
void wire_patch_u32(struct wire_writer *w, size_t pos, uint32_t v);
void wire_patch_u64(struct wire_writer *w, size_t pos, uint64_t v);

/* Cuts back to an earlier length and forgets a failure that came after. */
void wire_truncate(struct wire_writer *w, size_t length);

/* What was written; it belongs to the writer's mem_ctx, or is the fixed
 * buffer.  NO_MEMORY without memory, BUFFER_TOO_SMALL beyond the ceiling. */
MUST_CHECK NTSTATUS wire_finish(struct wire_writer *w, struct blob *out);

#endif
