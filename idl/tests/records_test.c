/* idl/tests/records_test.c - what holds for every type of every .idl file:
 * random values go there and back, and no cut or changed value is taken for a
 * whole one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idl/tests/ndr_random.h"

#define ROUNDS 40

static void *random_of(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
		       uint64_t seed)
{
	struct ndr_random r = {.state = seed, .mem_ctx = mem_ctx};
	void *v = talloc_zero_size(mem_ctx, t->size);

	assert_non_null(v);
	t->random(&r, v);
	return v;
}

static struct blob pushed(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
			  const void *v)
{
	struct blob out = {0};
	NTSTATUS status = t->push(mem_ctx, v, &out);

	if (!NT_STATUS_IS_OK(status)) {
		fail_msg("%s: push: %s", t->name, ntstatus_name(status));
	}
	return out;
}

/* Runs f for some values of every type. */
static void for_all(void (*f)(const struct ndr_test_type *t,
			      TALLOC_CTX *mem_ctx, const void *v))
{
	const struct ndr_test_type *t;

	assert_non_null(ndr_test_type_get(0));
	for (size_t i = 0; (t = ndr_test_type_get(i)) != NULL; i++) {
		for (uint64_t seed = 0; seed < ROUNDS; seed++) {
			TALLOC_CTX *mem_ctx = talloc_new(NULL);

			f(t, mem_ctx, random_of(t, mem_ctx, seed));
			talloc_free(mem_ctx);
		}
	}
}

static void there_and_back(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
			   const void *v)
{
	struct blob first = pushed(t, mem_ctx, v), second;
	void *back = talloc_zero_size(mem_ctx, t->size);
	NTSTATUS status = t->pull(mem_ctx, first, back);

	if (!NT_STATUS_IS_OK(status)) {
		fail_msg("%s: pull: %s", t->name, ntstatus_name(status));
	}
	second = pushed(t, mem_ctx, back);
	if (first.length != second.length ||
	    memcmp(first.data, second.data, first.length) != 0) {
		fail_msg("%s: other bytes the second time", t->name);
	}
}

static void test_values_come_back_the_same(void **state)
{
	for_all(there_and_back);
}

static void size_agrees(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
			const void *v)
{
	struct blob b = pushed(t, mem_ctx, v);
	uint8_t *buf = talloc_array(mem_ctx, uint8_t, b.length);
	size_t length = 0;

	assert_int_equal(t->wire_size(v), b.length);
	assert_true(NT_STATUS_IS_OK(t->push_buf(v, buf, b.length, &length)));
	assert_int_equal(length, b.length);
	assert_memory_equal(buf, b.data, b.length);
	assert_true(NT_STATUS_IS(t->push_buf(v, buf, b.length - 1, &length),
				 BUFFER_TOO_SMALL));
}

static void test_size_and_fixed_buffer_agree(void **state)
{
	for_all(size_agrees);
}

static void cuts_fail(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
		      const void *v)
{
	struct blob b = pushed(t, mem_ctx, v);
	uint8_t *out = talloc_size(mem_ctx, t->size);
	TALLOC_CTX *empty = talloc_new(mem_ctx);

	memset(out, 0xa5, t->size);
	for (size_t n = 0; n < b.length; n++) {
		/* A copy of its own, so that a checker sees reads beyond. */
		struct blob cut = {
			.data = talloc_memdup(mem_ctx, b.data, n),
			.length = n,
		};
		NTSTATUS status = t->pull(empty, cut, out);

		if (!NT_STATUS_IS(status, INVALID_PARAMETER)) {
			fail_msg("%s: %zu of %zu bytes: %s", t->name, n,
				 b.length, ntstatus_name(status));
		}
		/* Nothing is left behind, nothing was written. */
		assert_int_equal(talloc_total_blocks(empty), 1);
		for (size_t i = 0; i < t->size; i++) {
			assert_int_equal(out[i], 0xa5);
		}
		talloc_free(cut.data);
	}
}

static void test_every_cut_fails(void **state)
{
	for_all(cuts_fail);
}

static void surplus_fails(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
			  const void *v)
{
	struct blob b = pushed(t, mem_ctx, v);
	struct blob more = {.length = b.length + 1};
	void *out = talloc_size(mem_ctx, t->size);

	more.data = talloc_zero_array(mem_ctx, uint8_t, more.length);
	memcpy(more.data, b.data, b.length);
	assert_true(
		NT_STATUS_IS(t->pull(mem_ctx, more, out), INVALID_PARAMETER));
}

static void test_a_byte_too_many_fails(void **state)
{
	for_all(surplus_fails);
}

static void changes_are_safe(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
			     const void *v)
{
	struct blob b = pushed(t, mem_ctx, v);
	struct ndr_random r = {.state = b.length, .mem_ctx = mem_ctx};
	void *out = talloc_size(mem_ctx, t->size);

	for (int i = 0; i < 20; i++) {
		size_t at = ndr_random_below(&r, b.length);
		uint8_t before = b.data[at];
		TALLOC_CTX *tmp = talloc_new(mem_ctx);
		struct blob again;

		b.data[at] = (uint8_t)ndr_random_u64(&r);
		/* What is taken can be given. */
		if (NT_STATUS_IS_OK(t->pull(tmp, b, out))) {
			again = pushed(t, tmp, out);
			assert_int_equal(again.length, t->wire_size(out));
		}
		b.data[at] = before;
		talloc_free(tmp);
	}
}

static void test_changed_bytes_are_refused_or_valid(void **state)
{
	for_all(changes_are_safe);
}

/* Deprecated, and yet the one way to make talloc fail on purpose. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static int limit_memory(TALLOC_CTX *mem_ctx, size_t limit)
{
	return talloc_set_memlimit(mem_ctx, limit);
}
#pragma GCC diagnostic pop

static void fails_without_memory(const struct ndr_test_type *t,
				 TALLOC_CTX *mem_ctx, const void *v)
{
	struct blob b = pushed(t, mem_ctx, v);
	void *out = talloc_size(mem_ctx, t->size);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	/* More and more of it, until it is enough. */
	for (size_t limit = 1; !NT_STATUS_IS_OK(status); limit += 64) {
		TALLOC_CTX *poor = talloc_named_const(NULL, 0, "poor");

		assert_int_equal(limit_memory(poor, limit), 0);
		status = t->pull(poor, b, out);
		if (!NT_STATUS_IS_OK(status)) {
			assert_true(NT_STATUS_IS(status, NO_MEMORY));
			assert_int_equal(talloc_total_blocks(poor), 1);
		}
		talloc_free(poor);
		assert_in_range(limit, 1, 1 << 20);
	}
}

static void test_without_memory_nothing_stays(void **state)
{
	for_all(fails_without_memory);
}

static void shows(const struct ndr_test_type *t, TALLOC_CTX *mem_ctx,
		  const void *v)
{
	struct ndr_print *text = ndr_print_text_create(mem_ctx);
	struct ndr_print *json = ndr_print_json_create(mem_ctx);
	json_t *object;

	t->print(text, "value", v);
	assert_non_null(ndr_print_text_get(text));
	assert_memory_equal(ndr_print_text_get(text), "value: struct\n", 14);
	t->print(json, "value", v);
	object = ndr_print_json_get(json);
	assert_non_null(object);
	assert_true(json_is_object(json_object_get(object, "value")));
	json_decref(object);
}

static void test_every_value_can_be_shown(void **state)
{
	for_all(shows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_back_the_same),
		cmocka_unit_test(test_size_and_fixed_buffer_agree),
		cmocka_unit_test(test_every_cut_fails),
		cmocka_unit_test(test_a_byte_too_many_fails),
		cmocka_unit_test(test_changed_bytes_are_refused_or_valid),
		cmocka_unit_test(test_without_memory_nothing_stays),
		cmocka_unit_test(test_every_value_can_be_shown),
	};

	return cmocka_run_group_tests_name("idl/records", tests, NULL, NULL);
}
