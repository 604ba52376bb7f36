/* idl/ndr.h - the run time of what pidl-gen writes: packing and unpacking,
 * with NDR's alignment ([C706] chapter 14, [MS-RPCE] 2.2.4) or without.
 *
 * Both directions stay failed once they have failed, as the cursors of
 * lib/wire.h do, and remember why; a pull that has failed has nothing left,
 * reads zeros and counts nothing.  The caller asks once, at the end.
 *
 * ndr_put_* and ndr_get_* are here; ndr_push_T and ndr_pull_T are generated. */
#ifndef IDL_NDR_H
#define IDL_NDR_H

#include <endian.h>
#include <string.h>

#include "lib/blob.h"
#include "lib/guid.h"
#include "lib/nttime.h"
#include "lib/ntstatus.h"
#include "lib/sid.h"
#include "lib/wire.h"

/* Types that contain themselves are followed so far. */
#define NDR_MAX_DEPTH 64

/* Different referents of [ptr] pointers in one value. */
#define NDR_MAX_FULL 64

/* A context handle ([C706] 4.2.16.6); all zero is none. */
struct ndr_handle {
	uint32_t attributes;
	struct guid uuid;
};

static inline bool ndr_in_range(int64_t v, int64_t low, int64_t high)
{
	return v >= low && v <= high;
}

/* The characters of a text with its terminator, as [string] counts them. */
int64_t ndr_text8(const char *text);
int64_t ndr_text16(const char *text);

/* Integers at a place that is known to be there. */
static inline void ndr_store_u8(uint8_t *b, uint8_t v)
{
	*b = v;
}

static inline void ndr_store_u16(uint8_t *b, uint16_t v)
{
	v = htole16(v);
	memcpy(b, &v, 2);
}

static inline void ndr_store_u32(uint8_t *b, uint32_t v)
{
	v = htole32(v);
	memcpy(b, &v, 4);
}

static inline void ndr_store_u64(uint8_t *b, uint64_t v)
{
	v = htole64(v);
	memcpy(b, &v, 8);
}

static inline uint8_t ndr_load_u8(const uint8_t *b)
{
	return *b;
}

static inline uint16_t ndr_load_u16(const uint8_t *b)
{
	uint16_t v;

	memcpy(&v, b, 2);
	return le16toh(v);
}

static inline uint32_t ndr_load_u32(const uint8_t *b)
{
	uint32_t v;

	memcpy(&v, b, 4);
	return le32toh(v);
}

static inline uint64_t ndr_load_u64(const uint8_t *b)
{
	uint64_t v;

	memcpy(&v, b, 8);
	return le64toh(v);
}

/* --- packing ---------------------------------------------------------- */

struct ndr_push {
	struct wire_writer w; /* size == length once failed */
	NTSTATUS status;      /* why; OK: ask w */
	uint32_t referents;
	unsigned int depth;
	bool measure; /* counts only; w.data is NULL */
	struct ndr_full *full;
	unsigned int num_full;
};

/* Into exactly size bytes of new memory on mem_ctx. */
struct ndr_push ndr_put_alloc(TALLOC_CTX *mem_ctx, size_t size);
/* Into the caller's buffer. */
struct ndr_push ndr_put_fixed(uint8_t *buf, size_t size);
/* Into memory on mem_ctx that grows up to ceiling. */
struct ndr_push ndr_put_growing(TALLOC_CTX *mem_ctx, size_t ceiling);
/* Nowhere: for the size. */
struct ndr_push ndr_put_measure(void);

/* What was packed.  It is mem_ctx's; a failure frees what was allocated.
 * NO_MEMORY, BUFFER_TOO_SMALL, or INVALID_PARAMETER for a value that breaks a
 * rule of its type. */
MUST_CHECK NTSTATUS ndr_put_finish(struct ndr_push *p, struct blob *out);
/* The same for a fixed buffer: how much of it was used. */
MUST_CHECK NTSTATUS ndr_put_finish_buf(struct ndr_push *p, size_t *out_len);
/* The size that was counted; for a value that breaks a rule, what was counted
 * until then. */
size_t ndr_put_measured(struct ndr_push *p);

/* Fails with status, unless it has failed before. */
void ndr_put_fail(struct ndr_push *p, NTSTATUS status);
/* Room that is not there already: grows or fails. */
uint8_t *ndr_put_slow(struct ndr_push *p, size_t n);

/* n bytes to fill in; NULL when failed or only counting. */
static inline uint8_t *ndr_put_room(struct ndr_push *p, size_t n)
{
	struct wire_writer *w = &p->w;

	if (n > w->size - w->length) {
		return ndr_put_slow(p, n);
	}
	w->length += n;
	return w->data == NULL ? NULL : w->data + w->length - n;
}

static inline void ndr_put_check(struct ndr_push *p, bool ok)
{
	if (!ok) {
		ndr_put_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
}

static inline void ndr_put_u8(struct ndr_push *p, uint8_t v)
{
	uint8_t *b = ndr_put_room(p, 1);

	if (b != NULL) {
		ndr_store_u8(b, v);
	}
}

static inline void ndr_put_u16(struct ndr_push *p, uint16_t v)
{
	uint8_t *b = ndr_put_room(p, 2);

	if (b != NULL) {
		ndr_store_u16(b, v);
	}
}

static inline void ndr_put_u32(struct ndr_push *p, uint32_t v)
{
	uint8_t *b = ndr_put_room(p, 4);

	if (b != NULL) {
		ndr_store_u32(b, v);
	}
}

static inline void ndr_put_u64(struct ndr_push *p, uint64_t v)
{
	uint8_t *b = ndr_put_room(p, 8);

	if (b != NULL) {
		ndr_store_u64(b, v);
	}
}

static inline void ndr_put_bytes(struct ndr_push *p, const void *data, size_t n)
{
	uint8_t *b = ndr_put_room(p, n);

	if (b != NULL && n > 0) {
		memcpy(b, data, n);
	}
}

static inline void ndr_put_bool(struct ndr_push *p, bool v)
{
	ndr_put_u8(p, v);
}

static inline void ndr_put_nttime(struct ndr_push *p, NTTIME v)
{
	ndr_put_u64(p, v);
}

static inline void ndr_put_guid(struct ndr_push *p, const struct guid *g)
{
	ndr_put_bytes(p, g->bytes, sizeof(g->bytes));
}

/* An enum's value, which must fit. */
static inline void ndr_put_enum8(struct ndr_push *p, uint32_t v)
{
	ndr_put_check(p, v <= UINT8_MAX);
	ndr_put_u8(p, (uint8_t)v);
}

static inline void ndr_put_enum16(struct ndr_push *p, uint32_t v)
{
	ndr_put_check(p, v <= UINT16_MAX);
	ndr_put_u16(p, (uint16_t)v);
}

static inline void ndr_put_enum32(struct ndr_push *p, uint32_t v)
{
	ndr_put_u32(p, v);
}

void ndr_put_float(struct ndr_push *p, float v);
void ndr_put_double(struct ndr_push *p, double v);
void ndr_put_sid(struct ndr_push *p, const struct sid *s);
void ndr_put_blob(struct ndr_push *p, const struct blob *b);
/* Zeros up to a multiple of n. */
void ndr_put_align(struct ndr_push *p, size_t n);

/* A count to loop over: 0 when failed; one beyond 32 bits fails. */
static inline size_t ndr_put_count(struct ndr_push *p, uint64_t n)
{
	ndr_put_check(p, n <= UINT32_MAX);
	return p->w.failed ? 0 : (size_t)n;
}

/* Plain strings: a 32-bit count of bytes, then they.  NULL is "". */
void ndr_put_string8(struct ndr_push *p, const char *text);
void ndr_put_string16(struct ndr_push *p, const char *text);

/* NDR strings ([C706] 14.3.4), with their terminator: conformant and varying
 * behind a pointer, varying in an array of max characters. */
void ndr_put_conformant_string8(struct ndr_push *p, const char *text);
void ndr_put_conformant_string16(struct ndr_push *p, const char *text);
void ndr_put_varying_string8(struct ndr_push *p, const char *text,
			     uint32_t max);
void ndr_put_varying_string16(struct ndr_push *p, const char *text,
			      uint32_t max);

/* The count of a conformant array; offset and count of a varying one, which
 * must be at most max. */
void ndr_put_conf(struct ndr_push *p, uint64_t count);
void ndr_put_varying(struct ndr_push *p, uint64_t count, uint64_t max);

/* The 32 bits that stand for a pointer: 0 or a new id. */
void ndr_put_referent(struct ndr_push *p, const void *pointer);

/* A full pointer: its id, the same for the same pointer; and whether its
 * referent is to be packed now, being met for the first time. */
void ndr_put_full(struct ndr_push *p, const void *pointer);
bool ndr_put_full_first(struct ndr_push *p, const void *pointer);

/* Around a type that contains itself. */
bool ndr_put_enter(struct ndr_push *p);
void ndr_put_leave(struct ndr_push *p);

/* --- unpacking -------------------------------------------------------- */

struct ndr_pull {
	struct wire_reader r; /* pos == length once failed */
	NTSTATUS status;      /* why */
	TALLOC_CTX *mem_ctx;
	TALLOC_CTX *pool; /* what is allocated is its child; made when needed */
	unsigned int depth;
	struct ndr_full *full;
	unsigned int num_full;
};

/* Reads in; what is allocated will belong to mem_ctx. */
struct ndr_pull ndr_get_start(TALLOC_CTX *mem_ctx, struct blob in);

/* OK if all went well and all bytes were used; else frees what was allocated:
 * NO_MEMORY or INVALID_PARAMETER. */
MUST_CHECK NTSTATUS ndr_get_finish(struct ndr_pull *p);

static inline bool ndr_get_ok(const struct ndr_pull *p)
{
	return !p->r.failed;
}

/* Fails with status, unless it has failed before. */
void ndr_get_fail(struct ndr_pull *p, NTSTATUS status);

static inline void ndr_get_check(struct ndr_pull *p, bool ok)
{
	if (!ok) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
	}
}

/* The next n bytes, lent; NULL (and failed) if there are fewer. */
static inline const uint8_t *ndr_get_view(struct ndr_pull *p, size_t n)
{
	struct wire_reader *r = &p->r;

	if (n > r->length - r->pos) {
		ndr_get_fail(p, NT_STATUS(INVALID_PARAMETER));
		return NULL;
	}
	r->pos += n;
	return r->data == NULL ? NULL : r->data + r->pos - n;
}

static inline uint8_t ndr_get_u8(struct ndr_pull *p)
{
	const uint8_t *b = ndr_get_view(p, 1);

	return b == NULL ? 0 : ndr_load_u8(b);
}

static inline uint16_t ndr_get_u16(struct ndr_pull *p)
{
	const uint8_t *b = ndr_get_view(p, 2);

	return b == NULL ? 0 : ndr_load_u16(b);
}

static inline uint32_t ndr_get_u32(struct ndr_pull *p)
{
	const uint8_t *b = ndr_get_view(p, 4);

	return b == NULL ? 0 : ndr_load_u32(b);
}

static inline uint64_t ndr_get_u64(struct ndr_pull *p)
{
	const uint8_t *b = ndr_get_view(p, 8);

	return b == NULL ? 0 : ndr_load_u64(b);
}

static inline NTTIME ndr_get_nttime(struct ndr_pull *p)
{
	return ndr_get_u64(p);
}

/* 0 or 1; another value fails. */
static inline bool ndr_get_bool(struct ndr_pull *p)
{
	uint8_t v = ndr_get_u8(p);

	ndr_get_check(p, v <= 1);
	return v == 1 && ndr_get_ok(p);
}

/* Copies n bytes to out, which has room for them; nothing when failed. */
static inline void ndr_get_bytes(struct ndr_pull *p, void *out, size_t n)
{
	const uint8_t *b = ndr_get_view(p, n);

	if (b != NULL && n > 0 && out != NULL) {
		memcpy(out, b, n);
	}
}

static inline void ndr_get_guid(struct ndr_pull *p, struct guid *out)
{
	ndr_get_bytes(p, out->bytes, sizeof(out->bytes));
}

float ndr_get_float(struct ndr_pull *p);
double ndr_get_double(struct ndr_pull *p);
void ndr_get_sid(struct ndr_pull *p, struct sid *out);
/* A copy of the bytes. */
void ndr_get_blob(struct ndr_pull *p, struct blob *out);
/* Skips to a multiple of n; what it skips need not be zero. */
void ndr_get_align(struct ndr_pull *p, size_t n);

/* Room, zeroed, for count elements of elem_size bytes in memory, once it is
 * known that what is left has count times min_size bytes.  NULL for none and
 * when failed. */
void *ndr_get_array(struct ndr_pull *p, uint64_t count, size_t min_size,
		    size_t elem_size);
/* The same, but not NULL for none. */
void *ndr_get_pointed_array(struct ndr_pull *p, uint64_t count, size_t min_size,
			    size_t elem_size);
/* Room, zeroed, for one. */
void *ndr_get_new(struct ndr_pull *p, size_t size);

/* The counterparts of ndr_put_*; NULL when failed. */
const char *ndr_get_string8(struct ndr_pull *p);
const char *ndr_get_string16(struct ndr_pull *p);
const char *ndr_get_conformant_string8(struct ndr_pull *p);
const char *ndr_get_conformant_string16(struct ndr_pull *p);
const char *ndr_get_varying_string8(struct ndr_pull *p, uint32_t max);
const char *ndr_get_varying_string16(struct ndr_pull *p, uint32_t max);

uint32_t ndr_get_conf(struct ndr_pull *p);
/* The count of a varying array, which must be as expected and at most max. */
uint64_t ndr_get_varying(struct ndr_pull *p, uint64_t max, uint64_t expected);

/* A pointer's id, kept in the pointer until its referent is pulled. */
void *ndr_get_referent(struct ndr_pull *p);

static inline uint32_t ndr_get_id(const void *pointer)
{
	return (uint32_t)(uintptr_t)pointer;
}

/* Full pointers: true when there is nothing to pull, since the id is 0 or was
 * learned; then *pointer is set.  One learned for another type fails. */
bool ndr_get_known(struct ndr_pull *p, uint32_t id, const char *type,
		   void *pointer);
void ndr_get_learn(struct ndr_pull *p, uint32_t id, const char *type,
		   const void *pointer);

bool ndr_get_enter(struct ndr_pull *p);
void ndr_get_leave(struct ndr_pull *p);

#endif
