/* lib/wire.c - bounded little-endian cursors. */
#include "lib/wire.h"

#include <endian.h>
#include <string.h>

#include "lib/assert.h"

const uint8_t *wire_view(struct wire_reader *r, size_t n)
{
	const uint8_t *p;

	if (r->failed || n > r->length - r->pos) {
		r->failed = true;
		return NULL;
	}
	if (n == 0) {
		return (const uint8_t *)""; /* data may be NULL */
	}
	p = r->data + r->pos;
	r->pos += n;
	return p;
}

uint8_t wire_u8(struct wire_reader *r)
{
	const uint8_t *p = wire_view(r, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t wire_u16(struct wire_reader *r)
{
	const uint8_t *p = wire_view(r, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] | p[1] << 8);
}

uint32_t wire_u32(struct wire_reader *r)
{
	const uint8_t *p = wire_view(r, 4);

	if (p == NULL) {
		return 0;
	}
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

uint64_t wire_u64(struct wire_reader *r)
{
	uint64_t low = wire_u32(r);

	return low | (uint64_t)wire_u32(r) << 32;
}

uint32_t wire_u32be(struct wire_reader *r)
{
	return __builtin_bswap32(wire_u32(r));
}

void wire_bytes(struct wire_reader *r, void *out, size_t n)
{
	const uint8_t *p = wire_view(r, n);

	if (n == 0) {
		return;
	}
	if (p == NULL) {
		memset(out, 0, n);
		return;
	}
	memcpy(out, p, n);
}

void wire_skip(struct wire_reader *r, size_t n)
{
	(void)wire_view(r, n);
}

void wire_seek(struct wire_reader *r, size_t pos)
{
	if (r->failed || pos > r->length) {
		r->failed = true;
		return;
	}
	r->pos = pos;
}

struct wire_reader wire_field(struct wire_reader *r, size_t offset,
			      size_t length)
{
	if (length == 0) {
		return (struct wire_reader){.failed = r->failed};
	}
	if (r->failed || offset > r->length || length > r->length - offset) {
		r->failed = true;
		return (struct wire_reader){.failed = true};
	}
	return wire_reader(r->data + offset, length);
}

uint32_t wire_count(struct wire_reader *r, size_t min_size)
{
	uint32_t count = wire_u32(r);

	ASSERT(min_size > 0);
	if (count > wire_left(r) / min_size) {
		r->failed = true;
		return 0;
	}
	return count;
}

struct wire_writer wire_writer(TALLOC_CTX *mem_ctx, size_t ceiling)
{
	ASSERT(mem_ctx != NULL);
	return (struct wire_writer){.mem_ctx = mem_ctx, .ceiling = ceiling};
}

struct wire_writer wire_writer_fixed(void *buffer, size_t size)
{
	return (struct wire_writer){
		.data = buffer, .size = size, .ceiling = size};
}

static bool writer_grow(struct wire_writer *w, size_t need)
{
	size_t size = w->size < 64 ? 64 : w->size * 2;
	uint8_t *data;

	if (size < need) {
		size = need;
	}
	if (size > w->ceiling) {
		size = w->ceiling;
	}
	data = talloc_realloc(w->mem_ctx, w->data, uint8_t, size);
	if (data == NULL) {
		return false;
	}
	w->data = data;
	w->size = size;
	return true;
}

uint8_t *wire_reserve(struct wire_writer *w, size_t n)
{
	uint8_t *p;

	if (w->failed || n > w->ceiling - w->length) {
		w->failed = true;
		return NULL;
	}
	if (n > w->size - w->length && !writer_grow(w, w->length + n)) {
		w->failed = true;
		w->no_memory = true;
		return NULL;
	}
	if (n == 0) {
		return w->data; /* may be NULL; nothing is to be written */
	}
	p = w->data + w->length;
	w->length += n;
	return p;
}

/* width is a constant where this is used: one store. */
static inline void put_le(uint8_t *p, uint64_t v, size_t width)
{
	uint64_t le = htole64(v);

	memcpy(p, &le, width);
}

static inline void writer_put(struct wire_writer *w, uint64_t v, size_t width)
{
	uint8_t *p = wire_reserve(w, width);

	if (p != NULL) {
		put_le(p, v, width);
	}
}

void wire_put_u8(struct wire_writer *w, uint8_t v)
{
	writer_put(w, v, 1);
}

void wire_put_u16(struct wire_writer *w, uint16_t v)
{
	writer_put(w, v, 2);
}

void wire_put_u32(struct wire_writer *w, uint32_t v)
{
	writer_put(w, v, 4);
}

void wire_put_u64(struct wire_writer *w, uint64_t v)
{
	writer_put(w, v, 8);
}

void wire_put_u32be(struct wire_writer *w, uint32_t v)
{
	writer_put(w, __builtin_bswap32(v), 4);
}

void wire_put_bytes(struct wire_writer *w, const void *data, size_t n)
{
	uint8_t *p = wire_reserve(w, n);

	if (p != NULL && n > 0) {
		memcpy(p, data, n);
	}
}

void wire_put_zero(struct wire_writer *w, size_t n)
{
	uint8_t *p = wire_reserve(w, n);

	if (p != NULL && n > 0) {
		memset(p, 0, n);
	}
}

void wire_align(struct wire_writer *w, size_t n)
{
	ASSERT(n > 0 && (n & (n - 1)) == 0);
	wire_put_zero(w, (n - (w->length & (n - 1))) & (n - 1));
}

static inline void writer_patch(struct wire_writer *w, size_t pos, uint64_t v,
				size_t width)
{
	if (w->failed) {
		return;
	}
	ASSERT(pos <= w->length && width <= w->length - pos);
	put_le(w->data + pos, v, width);
}

void wire_patch_u8(struct wire_writer *w, size_t pos, uint8_t v)
{
	writer_patch(w, pos, v, 1);
}

void wire_patch_u16(struct wire_writer *w, size_t pos, uint16_t v)
{
	writer_patch(w, pos, v, 2);
}

void wire_patch_u32(struct wire_writer *w, size_t pos, uint32_t v)
{
	writer_patch(w, pos, v, 4);
}

void wire_patch_u64(struct wire_writer *w, size_t pos, uint64_t v)
{
	writer_patch(w, pos, v, 8);
}

void wire_truncate(struct wire_writer *w, size_t length)
{
	ASSERT(length <= w->length);
	w->length = length;
	w->failed = false;
	w->no_memory = false;
}

NTSTATUS wire_finish(struct wire_writer *w, struct blob *out)
{
	if (w->failed) {
		return w->no_memory ? NT_STATUS(NO_MEMORY)
				    : NT_STATUS(BUFFER_TOO_SMALL);
	}
	*out = (struct blob){.data = w->data, .length = w->length};
	return NT_STATUS_OK;
}
