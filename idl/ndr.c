/* idl/ndr.c - packing and unpacking: what is too long to be inline. */
#include "idl/ndr.h"

#include "lib/assert.h"
#include "lib/utf16.h"

/* A full pointer that was met. */
struct ndr_full {
	uint32_t id;
	const char *type;
	const void *pointer;
	bool done; /* its referent is packed */
};

int64_t ndr_text8(const char *text)
{
	return (int64_t)strlen(text) + 1;
}

int64_t ndr_text16(const char *text)
{
	return (int64_t)utf16_size(text) / 2 + 1;
}

/* --- packing ---------------------------------------------------------- */

struct ndr_push ndr_put_alloc(TALLOC_CTX *mem_ctx, size_t size)
{
	struct ndr_push p = {.w = {.mem_ctx = mem_ctx, .ceiling = size}};

	p.w.data = talloc_array(mem_ctx, uint8_t, size);
	if (p.w.data == NULL) {
		ndr_put_fail(&p, NT_STATUS(NO_MEMORY));
		return p;
	}
	p.w.size = size;
	return p;
}

struct ndr_push ndr_put_fixed(uint8_t *buf, size_t size)
{
	return (struct ndr_push){.w = wire_writer_fixed(buf, size)};
}

struct ndr_push ndr_put_growing(TALLOC_CTX *mem_ctx, size_t ceiling)
{
	return (struct ndr_push){.w = wire_writer(mem_ctx, ceiling)};
}

struct ndr_push ndr_put_measure(void)
{
	return (struct ndr_push){.w = {.size = SIZE_MAX, .ceiling = SIZE_MAX},
				 .measure = true};
}

void ndr_put_fail(struct ndr_push *p, NTSTATUS status)
{
	if (p->w.failed) {
		return;
	}
	p->w.failed = true;
	p->w.size = p->w.length;
	p->status = status;
}

uint8_t *ndr_put_slow(struct ndr_push *p, size_t n)
{
	uint8_t *b = wire_reserve(&p->w, n);

	if (b == NULL) {
		p->w.size = p->w.length;
	}
	return b;
}

static NTSTATUS push_status(struct ndr_push *p)
{
	struct blob all;

	if (!NT_STATUS_IS_OK(p->status)) {
		return p->status;
	}
	return wire_finish(&p->w, &all);
}

NTSTATUS ndr_put_finish(struct ndr_push *p, struct blob *out)
{
	NTSTATUS status = push_status(p);

	TALLOC_FREE(p->full);
	if (!NT_STATUS_IS_OK(status)) {
		if (p->w.mem_ctx != NULL) {
			TALLOC_FREE(p->w.data);
		}
		return status;
	}
	*out = (struct blob){.data = p->w.data, .length = p->w.length};
	return NT_STATUS_OK;
}

NTSTATUS ndr_put_finish_buf(struct ndr_push *p, size_t *out_len)
{
	NTSTATUS status = push_status(p);

	TALLOC_FREE(p->full);
	if (NT_STATUS_IS_OK(status)) {
		*out_len = p->w.length;
	}
	return status;
}

size_t ndr_put_measured(struct ndr_push *p)
{
	TALLOC_FREE(p->full);
	return p->w.length;
}

void ndr_put_align(struct ndr_push *p, size_t n)
{
	static const uint8_t zeros[8];

	ndr_put_bytes(p, zeros, (n - (p->w.length & (n - 1))) & (n - 1));
}

void ndr_put_float(struct ndr_push *p, float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	ndr_put_u32(p, bits);
}

void ndr_put_double(struct ndr_push *p, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	ndr_put_u64(p, bits);
}

void ndr_put_sid(struct ndr_push *p, const struct sid *s)
{
	ndr_put_check(p, s->revision == 1 && s->num_auths <= SID_MAX_SUB_AUTHS);
	if (p->w.failed) {
		return;
	}
	ndr_put_u8(p, s->revision);
	ndr_put_u8(p, s->num_auths);
	ndr_put_bytes(p, s->id_auth, sizeof(s->id_auth));
	for (size_t i = 0; i < s->num_auths; i++) {
		ndr_put_u32(p, s->sub_auths[i]);
	}
}

void ndr_put_blob(struct ndr_push *p, const struct blob *b)
{
	ndr_put_check(p, b->length <= UINT32_MAX);
	ndr_put_u32(p, (uint32_t)b->length);
	ndr_put_bytes(p, b->data, b->length);
}

/* --- packing strings -------------------------------------------------- */

static void push_utf16(struct ndr_push *p, const char *text)
{
	size_t n = utf16_size(text);
	uint8_t *b = ndr_put_room(p, n);
	struct wire_writer w;

	if (b != NULL) {
		w = wire_writer_fixed(b, n);
		(void)wire_put_utf16(&w, text);
	}
}

void ndr_put_string8(struct ndr_push *p, const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text);

	ndr_put_check(p, n <= UINT32_MAX);
	ndr_put_u32(p, (uint32_t)n);
	ndr_put_bytes(p, text, n);
}

void ndr_put_string16(struct ndr_push *p, const char *text)
{
	text = text == NULL ? "" : text;
	ndr_put_check(p, utf16_size(text) <= UINT32_MAX);
	ndr_put_u32(p, (uint32_t)utf16_size(text));
	push_utf16(p, text);
}

void ndr_put_varying_string8(struct ndr_push *p, const char *text, uint32_t max)
{
	size_t n = text == NULL ? 1 : strlen(text) + 1;

	ndr_put_varying(p, n, max);
	ndr_put_bytes(p, text == NULL ? "" : text, n);
}

void ndr_put_varying_string16(struct ndr_push *p, const char *text,
			      uint32_t max)
{
	text = text == NULL ? "" : text;
	ndr_put_varying(p, utf16_size(text) / 2 + 1, max);
	push_utf16(p, text);
	ndr_put_u16(p, 0);
}

void ndr_put_conformant_string8(struct ndr_push *p, const char *text)
{
	ndr_put_conf(p, strlen(text) + 1);
	ndr_put_varying_string8(p, text, UINT32_MAX);
}

void ndr_put_conformant_string16(struct ndr_push *p, const char *text)
{
	ndr_put_conf(p, utf16_size(text) / 2 + 1);
	ndr_put_varying_string16(p, text, UINT32_MAX);
}

/* --- packing arrays and pointers -------------------------------------- */

void ndr_put_conf(struct ndr_push *p, uint64_t count)
{
	ndr_put_check(p, count <= UINT32_MAX);
	ndr_put_align(p, 4);
	ndr_put_u32(p, (uint32_t)count);
}

void ndr_put_varying(struct ndr_push *p, uint64_t count, uint64_t max)
{
	ndr_put_check(p, count <= max && count <= UINT32_MAX);
	ndr_put_align(p, 4);
	ndr_put_u32(p, 0);
	ndr_put_u32(p, (uint32_t)count);
}

/* Ids look as Windows makes them: 0x00020000 and every fourth after it. */
static uint32_t next_id(struct ndr_push *p)
{
	return 0x00020000 + 4 * p->referents++;
}

void ndr_put_referent(struct ndr_push *p, const void *pointer)
{
	ndr_put_u32(p, pointer == NULL ? 0 : next_id(p));
}

static struct ndr_full *push_full_find(struct ndr_push *p, const void *pointer)
{
	for (unsigned int i = 0; i < p->num_full; i++) {
		if (p->full[i].pointer == pointer) {
			return &p->full[i];
		}
	}
	return NULL;
}

void ndr_put_full(struct ndr_push *p, const void *pointer)
{
	struct ndr_full *f = push_full_find(p, pointer);

	if (pointer == NULL || p->w.failed) {
		ndr_put_u32(p, 0);
		return;
	}
	if (f != NULL) {
		ndr_put_u32(p, f->id);
		return;
	}
	if (p->num_full == NDR_MAX_FULL) {
		ndr_put_fail(p, NT_STATUS(INVALID_PARAMETER));
		return;
	}
	if (p->full == NULL) {
		p->full = talloc_array(p->w.mem_ctx, struct ndr_full,
				       NDR_MAX_FULL);
		if (p->full == NULL) {
			ndr_put_fail(p, NT_STATUS(NO_MEMORY));
			return;
		}
	}
	f = &p->full[p->num_full++];
	*f = (struct ndr_full){.id = next_id(p), .pointer = pointer};
	ndr_put_u32(p, f->id);
}

bool ndr_put_full_first(struct ndr_push *p, const void *pointer)
{
	struct ndr_full *f = push_full_find(p, pointer);

	if (pointer == NULL || f == NULL || f->done || p->w.failed) {
		return false;
	}
	f->done = true;
	return true;
}

bool ndr_put_enter(struct ndr_push *p)
{
	if (p->depth >= NDR_MAX_DEPTH) {
		ndr_put_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
	if (p->w.failed) {
		return false;
	}
	p->depth++;
	return true;
}

void ndr_put_leave(struct ndr_push *p)
{
	ASSERT(p->depth > 0);
	p->depth--;
}

/* --- unpacking -------------------------------------------------------- */

struct ndr_pull ndr_get_start(TALLOC_CTX *mem_ctx, struct blob in)
{
	return (struct ndr_pull){.r = wire_reader(in.data, in.length),
				 .mem_ctx = mem_ctx};
}

NTSTATUS ndr_get_finish(struct ndr_pull *p)
{
	TALLOC_FREE(p->full);
	if (!p->r.failed && p->r.pos != p->r.length) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
	if (p->r.failed) {
		TALLOC_FREE(p->pool);
		return p->status;
	}
	return NT_STATUS_OK;
}

void ndr_get_fail(struct ndr_pull *p, NTSTATUS status)
{
	if (p->r.failed) {
		return;
	}
	p->r.failed = true;
	p->r.pos = p->r.length;
	p->status = status;
}

void ndr_get_align(struct ndr_pull *p, size_t n)
{
	(void)ndr_get_view(p, (n - (p->r.pos & (n - 1))) & (n - 1));
}

float ndr_get_float(struct ndr_pull *p)
{
	uint32_t bits = ndr_get_u32(p);
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

double ndr_get_double(struct ndr_pull *p)
{
	uint64_t bits = ndr_get_u64(p);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

void ndr_get_sid(struct ndr_pull *p, struct sid *out)
{
	const uint8_t *b = ndr_get_view(p, 8);

	if (b == NULL) {
		return;
	}
	ndr_get_check(p, b[0] == 1 && b[1] <= SID_MAX_SUB_AUTHS);
	if (!ndr_get_ok(p)) {
		return;
	}
	out->revision = b[0];
	out->num_auths = b[1];
	memcpy(out->id_auth, b + 2, sizeof(out->id_auth));
	for (size_t i = 0; i < out->num_auths; i++) {
		out->sub_auths[i] = ndr_get_u32(p);
	}
}

/* --- memory ----------------------------------------------------------- */

/* The parent of all that is allocated, so that a failure takes it back. */
static TALLOC_CTX *pull_pool(struct ndr_pull *p)
{
	if (p->pool == NULL) {
		p->pool = talloc_new(p->mem_ctx);
	}
	return p->pool;
}

void *ndr_get_new(struct ndr_pull *p, size_t size)
{
	void *room = NULL;

	if (p->r.failed) {
		return NULL;
	}
	if (pull_pool(p) != NULL) {
		room = talloc_zero_size(p->pool, size);
	}
	if (room == NULL) {
		ndr_get_fail(p, NT_STATUS(NO_MEMORY));
	}
	return room;
}

void *ndr_get_array(struct ndr_pull *p, uint64_t count, size_t min_size,
		    size_t elem_size)
{
	ASSERT(min_size > 0);
	if (count > (p->r.length - p->r.pos) / min_size) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
		return NULL;
	}
	if (count == 0) {
		return NULL;
	}
	if (count > SIZE_MAX / elem_size) {
		ndr_get_fail(p, NT_STATUS(NO_MEMORY));
		return NULL;
	}
	return ndr_get_new(p, (size_t)count * elem_size);
}

void *ndr_get_pointed_array(struct ndr_pull *p, uint64_t count, size_t min_size,
			    size_t elem_size)
{
	return count == 0 ? ndr_get_new(p, 0)
			  : ndr_get_array(p, count, min_size, elem_size);
}

void ndr_get_blob(struct ndr_pull *p, struct blob *out)
{
	uint32_t n = ndr_get_u32(p);

	out->data = ndr_get_array(p, n, 1, 1);
	if (out->data != NULL) {
		ndr_get_bytes(p, out->data, n);
		out->length = n;
	}
}

/* --- unpacking strings ------------------------------------------------ */

/* n bytes of text, in which there must be no NUL. */
static const char *pull_text8(struct ndr_pull *p, uint64_t n)
{
	const uint8_t *b;
	char *text;

	if (n > p->r.length - p->r.pos) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
	b = ndr_get_ok(p) ? ndr_get_view(p, (size_t)n) : NULL;
	ndr_get_check(p,
		      n == 0 || b == NULL || memchr(b, 0, (size_t)n) == NULL);
	if (!ndr_get_ok(p)) {
		return NULL;
	}
	text = ndr_get_new(p, (size_t)n + 1);
	if (text != NULL && n > 0) {
		memcpy(text, b, (size_t)n);
	}
	return text;
}

/* n bytes of UTF-16. */
static const char *pull_text16(struct ndr_pull *p, uint64_t n)
{
	const uint8_t *b;
	NTSTATUS status;
	char *text = NULL;

	if (n > p->r.length - p->r.pos) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
	b = ndr_get_ok(p) ? ndr_get_view(p, (size_t)n) : NULL;
	if (!ndr_get_ok(p)) {
		return NULL;
	}
	if (pull_pool(p) == NULL) {
		ndr_get_fail(p, NT_STATUS(NO_MEMORY));
		return NULL;
	}
	status = utf16_to_utf8(p->pool, b, (size_t)n, &text);
	if (NT_STATUS_IS_OK(status)) {
		return text;
	}
	ndr_get_fail(p, NT_STATUS_IS(status, NO_MEMORY)
				? status
				: NT_STATUS(INVALID_PARAMETER));
	return NULL;
}

const char *ndr_get_string8(struct ndr_pull *p)
{
	return pull_text8(p, ndr_get_u32(p));
}

const char *ndr_get_string16(struct ndr_pull *p)
{
	return pull_text16(p, ndr_get_u32(p));
}

/* The offset, always 0, and the count, which has the terminator in it. */
static uint32_t pull_string_count(struct ndr_pull *p, uint32_t max)
{
	uint32_t offset, count;

	ndr_get_align(p, 4);
	offset = ndr_get_u32(p);
	count = ndr_get_u32(p);
	ndr_get_check(p, offset == 0 && count >= 1 && count <= max);
	return ndr_get_ok(p) ? count : 1;
}

const char *ndr_get_varying_string8(struct ndr_pull *p, uint32_t max)
{
	const char *text = pull_text8(p, pull_string_count(p, max) - 1);

	ndr_get_check(p, ndr_get_u8(p) == 0);
	return text;
}

const char *ndr_get_varying_string16(struct ndr_pull *p, uint32_t max)
{
	const char *text =
		pull_text16(p, 2 * ((uint64_t)pull_string_count(p, max) - 1));

	ndr_get_check(p, ndr_get_u16(p) == 0);
	return text;
}

const char *ndr_get_conformant_string8(struct ndr_pull *p)
{
	return ndr_get_varying_string8(p, ndr_get_conf(p));
}

const char *ndr_get_conformant_string16(struct ndr_pull *p)
{
	return ndr_get_varying_string16(p, ndr_get_conf(p));
}

/* --- unpacking arrays and pointers ------------------------------------ */

uint32_t ndr_get_conf(struct ndr_pull *p)
{
	ndr_get_align(p, 4);
	return ndr_get_u32(p);
}

uint64_t ndr_get_varying(struct ndr_pull *p, uint64_t max, uint64_t expected)
{
	uint32_t offset, count;

	ndr_get_align(p, 4);
	offset = ndr_get_u32(p);
	count = ndr_get_u32(p);
	ndr_get_check(p, offset == 0 && count <= max && count == expected);
	return ndr_get_ok(p) ? count : 0;
}

void *ndr_get_referent(struct ndr_pull *p)
{
	return (void *)(uintptr_t)ndr_get_u32(p);
}

bool ndr_get_known(struct ndr_pull *p, uint32_t id, const char *type,
		   void *pointer)
{
	void *found = NULL;

	if (id != 0 && ndr_get_ok(p)) {
		unsigned int i = 0;

		while (i < p->num_full && p->full[i].id != id) {
			i++;
		}
		if (i == p->num_full) {
			return false;
		}
		ndr_get_check(p, strcmp(p->full[i].type, type) == 0);
		found = (void *)(uintptr_t)p->full[i].pointer;
	}
	memcpy(pointer, &found, sizeof(found));
	return true;
}

void ndr_get_learn(struct ndr_pull *p, uint32_t id, const char *type,
		   const void *pointer)
{
	ndr_get_check(p, p->num_full < NDR_MAX_FULL);
	if (!ndr_get_ok(p)) {
		return;
	}
	if (p->full == NULL) {
		p->full =
			talloc_array(p->mem_ctx, struct ndr_full, NDR_MAX_FULL);
		if (p->full == NULL) {
			ndr_get_fail(p, NT_STATUS(NO_MEMORY));
			return;
		}
	}
	p->full[p->num_full++] =
		(struct ndr_full){.id = id, .type = type, .pointer = pointer};
}

bool ndr_get_enter(struct ndr_pull *p)
{
	if (p->depth >= NDR_MAX_DEPTH) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
	if (!ndr_get_ok(p)) {
		return false;
	}
	p->depth++;
	return true;
}

void ndr_get_leave(struct ndr_pull *p)
{
	ASSERT(p->depth > 0);
	p->depth--;
}
