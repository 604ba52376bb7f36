/* idl/tests/records_fuzz.c - any bytes as any type: the first byte chooses it,
 * the others are pulled.  What is accepted must survive the way back. */
#include <stdlib.h>

#include "idl/tests/ndr_random.h"
#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Chosen by name, so that a seed keeps its type when files are added. */
static const struct ndr_test_type *choose(uint8_t wanted)
{
	const struct ndr_test_type *t;
	size_t count = 0;

	for (; (t = ndr_test_type_get(count)) != NULL; count++) {
		uint8_t hash = 0;

		for (const char *c = t->name; *c != '\0'; c++) {
			hash = (uint8_t)(hash * 31 + (uint8_t)*c);
		}
		if (hash == wanted) {
			return t;
		}
	}
	return ndr_test_type_get(wanted % count);
}

static void back_and_there(TALLOC_CTX *mem_ctx, const struct ndr_test_type *t,
			   const void *v)
{
	struct ndr_print *p = ndr_print_json_create(mem_ctx);
	struct blob first, second;
	void *again = talloc_size(mem_ctx, t->size);

	ASSERT(NT_STATUS_IS_OK(t->push(mem_ctx, v, &first)));
	ASSERT(t->wire_size(v) == first.length);
	ASSERT(NT_STATUS_IS_OK(t->pull(mem_ctx, first, again)));
	ASSERT(NT_STATUS_IS_OK(t->push(mem_ctx, again, &second)));
	ASSERT(first.length == second.length);
	ASSERT(memcmp(first.data, second.data, first.length) == 0);
	t->print(p, "value", v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	const struct ndr_test_type *t;
	struct blob in;
	void *v;

	if (size > 0) {
		t = choose(data[0]);
		v = talloc_size(mem_ctx, t->size);
		in.length = size - 1;
		in.data = talloc_memdup(mem_ctx, data + 1, size - 1);
		if (NT_STATUS_IS_OK(t->pull(mem_ctx, in, v))) {
			back_and_there(mem_ctx, t, v);
		}
	}
	talloc_free(mem_ctx);
	return 0;
}
