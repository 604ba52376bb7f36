/* idl/tests/ndr_random.c - random values, and the table of all types. */
#include "idl/tests/ndr_random.h"

#include "lib/assert.h"

/* NDR_TEST_FILE(name) for every file: made by the build from its lists. */
#define NDR_TEST_FILE(file)                                                    \
	extern const struct ndr_test_type file##_test_types[];
#include "idl/tests/all_files.inc"
#undef NDR_TEST_FILE

#define NDR_TEST_FILE(file) file##_test_types,
static const struct ndr_test_type *const files[] = {
#include "idl/tests/all_files.inc"
};
#undef NDR_TEST_FILE

const struct ndr_test_type *ndr_test_type_get(size_t index)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct ndr_test_type *t = files[i];

		for (; t->name != NULL; t++) {
			if (index-- == 0) {
				return t;
			}
		}
	}
	return NULL;
}

/* SplitMix64: any seed will do. */
uint64_t ndr_random_u64(struct ndr_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint64_t ndr_random_below(struct ndr_random *r, uint64_t n)
{
	ASSERT(n > 0);
	return ndr_random_u64(r) % n;
}

void *ndr_random_array(struct ndr_random *r, size_t count, size_t size)
{
	void *room;

	ASSERT(count < 4096);
	room = talloc_zero_size(r->mem_ctx, count * size);
	ASSERT(room != NULL);
	return room;
}

void ndr_random_guid(struct ndr_random *r, struct guid *out)
{
	for (size_t i = 0; i < sizeof(out->bytes); i++) {
		out->bytes[i] = (uint8_t)ndr_random_u64(r);
	}
}

void ndr_random_sid(struct ndr_random *r, struct sid *out)
{
	out->revision = 1;
	out->num_auths = (uint8_t)ndr_random_below(r, SID_MAX_SUB_AUTHS + 1);
	for (size_t i = 0; i < sizeof(out->id_auth); i++) {
		out->id_auth[i] = (uint8_t)ndr_random_u64(r);
	}
	for (size_t i = 0; i < out->num_auths; i++) {
		out->sub_auths[i] = (uint32_t)ndr_random_u64(r);
	}
}

void ndr_random_blob(struct ndr_random *r, struct blob *out)
{
	out->length = ndr_random_below(r, 20);
	out->data = ndr_random_array(r, out->length, 1);
	for (size_t i = 0; i < out->length; i++) {
		out->data[i] = (uint8_t)ndr_random_u64(r);
	}
}

const char *ndr_random_text(struct ndr_random *r, size_t max)
{
	/* One to four bytes of UTF-8; the last takes two units of UTF-16. */
	static const char *const pieces[] = {
		"a", "Z", "0", "\xc3\xb6", "\xe2\x82\xac", "\xf0\x9d\x84\x9e"};
	char *text = talloc_strdup(r->mem_ctx, "");
	size_t left = max - 1;

	for (;;) {
		const char *piece = pieces[ndr_random_below(
			r, sizeof(pieces) / sizeof(pieces[0]))];

		if (strlen(piece) > left || ndr_random_below(r, 6) == 0) {
			return text;
		}
		left -= strlen(piece);
		text = talloc_strdup_append(text, piece);
		ASSERT(text != NULL);
	}
}

bool ndr_random_deeper(struct ndr_random *r)
{
	if (r->depth >= 4 || ndr_random_below(r, 4) == 0) {
		return false;
	}
	r->depth++;
	return true;
}
