/* idl/tests/ndr_random.h - random values for the types of .idl files, and a
 * way to run what holds for every type over all of them.  For tests. */
#ifndef IDL_TESTS_NDR_RANDOM_H
#define IDL_TESTS_NDR_RANDOM_H

#include "idl/ndr.h"
#include "idl/ndr_print.h"

struct ndr_random {
	uint64_t state; /* the seed */
	TALLOC_CTX *mem_ctx;
	unsigned int depth;
};

/* One row for each struct; name NULL ends a table. */
struct ndr_test_type {
	const char *name;
	size_t size;
	void (*random)(struct ndr_random *r, void *v);
	NTSTATUS (*push)(TALLOC_CTX *mem_ctx, const void *v, struct blob *out);
	NTSTATUS(*push_buf)
	(const void *v, uint8_t *buf, size_t size, size_t *out_len);
	NTSTATUS (*pull)(TALLOC_CTX *mem_ctx, struct blob in, void *out);
	size_t (*wire_size)(const void *v);
	void (*print)(struct ndr_print *p, const char *name, const void *v);
};

/* All types of all files that are tested: index from 0, NULL at the end. */
const struct ndr_test_type *ndr_test_type_get(size_t index);

uint64_t ndr_random_u64(struct ndr_random *r);
/* 0 ... n - 1. */
uint64_t ndr_random_below(struct ndr_random *r, uint64_t n);
void ndr_random_guid(struct ndr_random *r, struct guid *out);
void ndr_random_sid(struct ndr_random *r, struct sid *out);
void ndr_random_blob(struct ndr_random *r, struct blob *out);
/* A text of less than max characters. */
const char *ndr_random_text(struct ndr_random *r, size_t max);
void *ndr_random_array(struct ndr_random *r, size_t count, size_t size);
/* Whether a pointer is to be followed; then depth was raised. */
bool ndr_random_deeper(struct ndr_random *r);

#endif
