/* fsa/tests/ea_test.c - extended attributes ([MS-FSA] 2.1.5.12.12,
 * 2.1.5.15.6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "fsa/tests/fixture.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

static struct fsa_ea ea(const char *name, const char *value, uint8_t flags)
{
	return (struct fsa_ea){
		.name = name,
		.flags = flags,
		.value = {.data = (uint8_t *)(uintptr_t)value,
			  .length = strlen(value)},
	};
}

static struct fsa_file *open_it(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .access = FILE_READ_EA | FILE_WRITE_EA,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN_IF};
	struct fsa_file *f = NULL;

	IS(fixture_open(fx, &args, &f), "SUCCESS");
	return f;
}

static NTSTATUS set(struct fixture *fx, struct fsa_file *f,
		    const struct fsa_ea *list, size_t count)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileFullEaInformation;
	io.u.set_info.u.eas.list = list;
	io.u.set_info.u.eas.count = count;
	return fixture_run(fx, &io);
}

static size_t get(struct fixture *fx, struct fsa_file *f, struct fsa_ea **out)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_INFO, f);

	io.u.query_info.info_class = FileFullEaInformation;
	io.u.query_info.mem_ctx = fx->mem_ctx;
	IS(fixture_run(fx, &io), "SUCCESS");
	*out = io.u.query_info.eas;
	return io.u.query_info.num_eas;
}

static uint32_t size_of_all(struct fixture *fx, struct fsa_file *f)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_INFO, f);

	io.u.query_info.info_class = FileEaInformation;
	IS(fixture_run(fx, &io), "SUCCESS");
	return io.u.query_info.info.stat.ea_size;
}

static void test_set_and_get(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_it(fx, "a");
	const struct fsa_ea two[] = {ea("One", "first", 0),
				     ea("TWO", "second", FILE_NEED_EA)};
	const struct fsa_ea other_case = ea("oNE", "1", 0);
	const struct fsa_ea gone = ea("two", "", 0);
	struct fsa_ea *list = NULL;
	char value[64];

	assert_int_equal(size_of_all(fx, f), 0);
	IS(set(fx, f, two, 2), "SUCCESS");
	assert_int_equal(get(fx, f, &list), 2);
	assert_int_equal(list[0].flags + list[1].flags, FILE_NEED_EA);
	assert_int_equal(size_of_all(fx, f), 4 + 4 + 4 + 5 + 4 + 4 + 6);
	/* As Samba keeps it. */
	assert_int_equal(getxattr(fixture_path(fx, "a"), "user.One", value,
				  sizeof(value)),
			 5);
	IS(set(fx, f, &other_case, 1), "SUCCESS");
	assert_int_equal(getxattr(fixture_path(fx, "a"), "user.One", value,
				  sizeof(value)),
			 1);
	IS(set(fx, f, &gone, 1), "SUCCESS");
	IS(set(fx, f, &gone, 1), "SUCCESS");
	assert_int_equal(get(fx, f, &list), 1);
	assert_string_equal(list[0].name, "One");
	assert_memory_equal(list[0].value.data, "1", 1);
	IS(fixture_close(fx, f), "SUCCESS");
}

static void test_reserved(void **state)
{
	static const char *const names[] = {"DOSATTRIB", "dosattrib",
					    "NTACL",	 "DosStream.x:$DATA",
					    "SAMBA_PAI", "holdfast.need_ea"};
	struct fixture *fx = *state;
	struct fsa_file *f = open_it(fx, "a");
	struct fsa_ea *list = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fsa_ea one = ea(names[i], "x", 0);

		IS(set(fx, f, &one, 1), "ACCESS_DENIED");
	}
	assert_int_equal(get(fx, f, &list), 0);
	IS(fixture_close(fx, f), "SUCCESS");
}

/* All or none. */
static void test_undone(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_it(fx, "a");
	const struct fsa_ea before[] = {ea("a", "old", 0)};
	const struct fsa_ea bad[] = {ea("a", "new", 0), ea("b", "new", 0),
				     ea("DOSATTRIB", "x", 0)};
	struct fsa_ea *list = NULL;

	IS(set(fx, f, before, 1), "SUCCESS");
	IS(set(fx, f, bad, 3), "ACCESS_DENIED");
	assert_int_equal(get(fx, f, &list), 1);
	assert_memory_equal(list[0].value.data, "old", 3);
	IS(fixture_close(fx, f), "SUCCESS");
}

static void test_too_large(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_it(fx, "a");
	char *value = talloc_zero_array(fx->mem_ctx, char, 40000);
	struct fsa_ea two[2];
	struct fsa_ea *list = NULL;

	memset(value, 'x', 39999);
	two[0] = ea("a", value, 0);
	two[1] = ea("b", value, 0);
	IS(set(fx, f, two, 2), "EA_TOO_LARGE");
	assert_int_equal(get(fx, f, &list), 0);
	IS(fixture_close(fx, f), "SUCCESS");
}

static NTSTATUS create_with(struct fixture *fx,
			    enum create_disposition disposition,
			    uint32_t options, const struct fsa_ea *eas,
			    size_t count)
{
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);
	NTSTATUS status;

	io.u.create = (struct fsa_create){
		.name = "new",
		.open_id = ++fx->next_open_id,
		.desired_access = FILE_READ_EA | FILE_READ_ATTRIBUTES,
		.share_access = SHARE_ALL,
		.disposition = disposition,
		.options = options,
		.eas = eas,
		.num_eas = count,
	};
	status = fixture_run(fx, &io);
	if (NT_STATUS_IS_OK(status)) {
		IS(fixture_close(fx, io.u.create.file), "SUCCESS");
	}
	return status;
}

/* ExtA: of new and overwritten files only ([MS-SMB2] 3.3.5.9.1). */
static void test_create(void **state)
{
	struct fixture *fx = *state;
	const struct fsa_ea need = ea("n", "v", FILE_NEED_EA);
	const struct fsa_ea bad = ea("NTACL", "v", 0);
	struct fsa_ea *list = NULL;
	struct fsa_file *f;

	IS(create_with(fx, FILE_CREATE, FILE_NO_EA_KNOWLEDGE, &need, 1),
	   "ACCESS_DENIED");
	IS(create_with(fx, FILE_CREATE, 0, &bad, 1), "ACCESS_DENIED");
	assert_false(fixture_exists(fx, "new"));
	IS(create_with(fx, FILE_CREATE, 0, &need, 1), "SUCCESS");
	f = open_it(fx, "new");
	assert_int_equal(get(fx, f, &list), 1);
	IS(fixture_close(fx, f), "SUCCESS");
	/* [MS-FSA] 2.1.5.1.2 */
	IS(create_with(fx, FILE_OPEN, FILE_NO_EA_KNOWLEDGE, NULL, 0),
	   "ACCESS_DENIED");
	IS(create_with(fx, FILE_OPEN, 0, &bad, 1), "SUCCESS");
	IS(create_with(fx, FILE_OVERWRITE, 0, NULL, 0), "SUCCESS");
	f = open_it(fx, "new");
	assert_int_equal(get(fx, f, &list), 0);
	IS(fixture_close(fx, f), "SUCCESS");
}

struct listed {
	uint32_t ea_size;
	uint32_t attributes;
};

static bool take_entry(void *private_data, const struct fsa_dir_entry *e)
{
	struct listed *l = private_data;

	l->ea_size = e->stat.ea_size;
	l->attributes = e->stat.attributes;
	return true;
}

static struct listed list_it(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = "",
				       .access = FILE_GENERIC_READ,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .options = FILE_DIRECTORY_FILE};
	struct listed l = {0};
	struct fsa_file *f = NULL;
	struct fsa_io io;

	IS(fixture_open(fx, &args, &f), "SUCCESS");
	io = fixture_io(fx, FSA_QUERY_DIRECTORY, f);
	io.u.query_directory = (struct fsa_query_directory){
		.pattern = name,
		.want = FSA_WANT_STAT | FSA_WANT_ATTRIBUTES | FSA_WANT_EA_SIZE,
		.take = take_entry,
		.private_data = &l,
	};
	IS(fixture_run(fx, &io), "SUCCESS");
	IS(fixture_close(fx, f), "SUCCESS");
	return l;
}

/* [MS-FSCC] 2.4.8: what a listing says is what the file says. */
static void test_listing(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	char name[64];

	fixture_make_file(fx, "f", "x");
	assert_int_equal(list_it(fx, "f").ea_size, 0);
	for (int i = 0; i < 100; i++) {
		/* Names of more than 4096 bytes together, where the file system
		 * has room. */
		snprintf(name, sizeof(name), "user.%058d", i);
		if (setxattr(fixture_path(fx, "f"), name, "abc", 3, 0) != 0) {
			break;
		}
		f = open_it(fx, "f");
		assert_int_equal(list_it(fx, "f").ea_size, size_of_all(fx, f));
		IS(fixture_close(fx, f), "SUCCESS");
	}
	assert_true(list_it(fx, "f").ea_size > 0);
}

/* DOS attributes are seen, whether there are EAs or not. */
static void test_listing_attributes(void **state)
{
	struct fixture *fx = *state;
	const struct open_args args = {.name = "f",
				       .share = SHARE_ALL,
				       .disposition = FILE_CREATE,
				       .attributes = FILE_ATTRIBUTE_HIDDEN};

	IS(fixture_open(fx, &args, NULL), "SUCCESS");
	assert_true(list_it(fx, "f").attributes & FILE_ATTRIBUTE_HIDDEN);
	assert_int_equal(list_it(fx, "f").ea_size, 0);
	assert_int_equal(setxattr(fixture_path(fx, "f"), "user.a", "bc", 2, 0),
			 0);
	assert_true(list_it(fx, "f").attributes & FILE_ATTRIBUTE_HIDDEN);
	assert_int_equal(list_it(fx, "f").ea_size, 4 + 4 + 2 + 2);
}

int main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_set_and_get),
		TEST(test_reserved),
		TEST(test_undone),
		TEST(test_too_large),
		TEST(test_create),
		TEST(test_listing_attributes),
		cmocka_unit_test_setup_teardown(test_listing,
						fixture_setup_in_memory,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
