/* smbd/tests/eas_test.c - queries for extended attributes ([MS-SMB2]
 * 3.3.5.20.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "smb2/constants.h"
#include "smb2/fscc_list.h"
#include "smbd/eas.h"

#define ROOM 4096
#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

#define VALUE(text)                                                            \
	{                                                                      \
		.data = (uint8_t *)(uintptr_t)(text),                          \
		.length = sizeof(text) - 1                                     \
	}

static const struct fsa_ea three[] = {
	{.name = "one", .value = VALUE("1")},
	{.name = "two", .value = VALUE("22"), .flags = FILE_NEED_EA},
	{.name = "three", .value = VALUE("333")},
};

struct answer {
	uint8_t bytes[ROOM];
	struct fsa_ea *list;
	size_t count;
	NTSTATUS status;
};

static const struct answer *ask(const struct smbd_ea_query *q,
				uint32_t *position)
{
	static struct answer a; /* the last one asked for */
	struct wire_writer w = wire_writer_fixed(a.bytes, ROOM);

	a.count = 0;
	a.status = smbd_eas_put(&w, q, three, 3, position);
	assert_true(w.length <= q->room || !wire_writer_ok(&w));
	if (NT_STATUS_IS_OK(a.status) ||
	    NT_STATUS_IS(a.status, BUFFER_OVERFLOW)) {
		TALLOC_FREE(a.list);
		IS(smbd_eas_decode(NULL, wire_reader(a.bytes, w.length),
				   &a.list, &a.count),
		   "SUCCESS");
	}
	return &a;
}

static void test_all(void **state)
{
	const struct smbd_ea_query q = {.room = ROOM};
	uint32_t position = 0;
	const struct answer *a = ask(&q, &position);

	IS(a->status, "SUCCESS");
	assert_int_equal(a->count, 3);
	assert_string_equal(a->list[1].name, "two");
	assert_int_equal(a->list[1].flags, FILE_NEED_EA);
	assert_memory_equal(a->list[2].value.data, "333", 3);
	IS(ask(&q, &position)->status, "NO_MORE_EAS");
}

static void test_piecemeal(void **state)
{
	const struct smbd_ea_query one = {.room = ROOM,
					  .flags = SL_RETURN_SINGLE_ENTRY};
	const struct smbd_ea_query again = {.room = ROOM,
					    .flags = SL_RESTART_SCAN};
	const struct smbd_ea_query third = {
		.room = ROOM, .flags = SL_INDEX_SPECIFIED, .index = 3};
	struct smbd_ea_query q = {.flags = SL_INDEX_SPECIFIED, .room = ROOM};
	uint32_t position = 0;

	assert_string_equal(ask(&one, &position)->list[0].name, "one");
	assert_string_equal(ask(&one, &position)->list[0].name, "two");
	assert_string_equal(ask(&third, &position)->list[0].name, "three");
	assert_int_equal(position, 2);
	assert_int_equal(ask(&again, &position)->count, 3);
	IS(ask(&q, &position)->status, "NONEXISTENT_EA_ENTRY");
	q.index = 4;
	IS(ask(&q, &position)->status, "NONEXISTENT_EA_ENTRY");
}

/* [MS-FSA] 2.1.5.12.12 */
static void test_little_room(void **state)
{
	struct smbd_ea_query q = {.room = 13}; /* one: 9 + 3 + 1 */
	uint32_t position = 0;

	IS(ask(&q, &position)->status, "BUFFER_OVERFLOW");
	assert_int_equal(position, 1);
	IS(ask(&q, &position)->status, "BUFFER_TOO_SMALL");
	assert_int_equal(position, 1);
}

static void test_by_name(void **state)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct smbd_ea_query q = {.room = ROOM};
	uint32_t position = 3;
	const struct answer *a;

	fscc_get_ea_put(&l, "THREE");
	fscc_get_ea_put(&l, "none");
	q.names = wire_reader(bytes, w.length);
	a = ask(&q, &position);
	IS(a->status, "SUCCESS");
	assert_int_equal(a->count, 2);
	assert_int_equal(a->list[0].value.length, 3);
	assert_int_equal(a->list[1].value.length, 0);
	q.names = wire_reader(bytes, w.length - 1);
	IS(ask(&q, &position)->status, "EA_LIST_INCONSISTENT");
	IS(smbd_eas_put(&w, &q, NULL, 0, &position), "NO_EAS_ON_FILE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_piecemeal),
		cmocka_unit_test(test_little_room),
		cmocka_unit_test(test_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
