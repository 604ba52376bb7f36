/* smbd/tests/id_table_test.c - numbers for things. */
#include "smbd/id_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAX 1000

static void test_numbers_lead_back_and_are_not_reused_soon(void **unused)
{
	struct id_table *t;
	uint32_t id, again;
	int thing = 0;

	assert_true(NT_STATUS_IS_OK(id_table_create(NULL, MAX, &t)));
	assert_null(id_table_lookup(t, 0));
	assert_null(id_table_lookup(t, 1));
	assert_null(id_table_lookup(t, UINT32_MAX));
	assert_true(NT_STATUS_IS_OK(id_table_add(t, &thing, &id)));
	assert_ptr_equal(id_table_lookup(t, id), &thing);
	for (int i = 0; i < 3000; i++) {
		id_table_remove(t, id);
		assert_null(id_table_lookup(t, id));
		assert_true(NT_STATUS_IS_OK(id_table_add(t, &thing, &again)));
		assert_true(again != id && again != 0 && again != UINT32_MAX);
		assert_null(id_table_lookup(t, id));
		id = again;
	}
	talloc_free(t);
}

static void test_a_full_table_says_so(void **unused)
{
	struct id_table *t;
	uint32_t ids[MAX], id = 7, cursor = 0;
	int thing = 0, count = 0;

	assert_true(NT_STATUS_IS_OK(id_table_create(NULL, MAX, &t)));
	for (int i = 0; i < MAX; i++) {
		assert_true(NT_STATUS_IS_OK(id_table_add(t, &thing, &ids[i])));
	}
	assert_true(NT_STATUS_IS(id_table_add(t, &thing, &id),
				 INSUFFICIENT_RESOURCES));
	assert_int_equal(id, 7);
	assert_int_equal(id_table_count(t), MAX);
	while (id_table_next(t, &cursor) != NULL) {
		count++;
	}
	assert_int_equal(count, MAX);
	id_table_remove(t, ids[500]);
	assert_true(NT_STATUS_IS_OK(id_table_add(t, &thing, &id)));
	assert_true(id != ids[500]);
	talloc_free(t);
}

static void test_removing_while_walking(void **unused)
{
	struct id_table *t;
	uint32_t ids[20], cursor = 0;
	int things[20], n = 0, *thing;

	assert_true(NT_STATUS_IS_OK(id_table_create(NULL, MAX, &t)));
	for (int i = 0; i < 20; i++) {
		assert_true(
			NT_STATUS_IS_OK(id_table_add(t, &things[i], &ids[i])));
	}
	while ((thing = id_table_next(t, &cursor)) != NULL) {
		id_table_remove(t, ids[thing - things]);
		n++;
	}
	assert_int_equal(n, 20);
	assert_int_equal(id_table_count(t), 0);
	talloc_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_numbers_lead_back_and_are_not_reused_soon),
		cmocka_unit_test(test_a_full_table_says_so),
		cmocka_unit_test(test_removing_while_walking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
