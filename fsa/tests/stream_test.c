/* fsa/tests/stream_test.c - named streams ([MS-FSA] 2.1.5.1, 2.1.5.15.12.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

static NTSTATUS open_as(struct fixture *fx, const char *name,
			enum create_disposition disposition, uint32_t share,
			struct fsa_file **out)
{
	const struct open_args args = {.name = name,
				       .access = GENERIC_USE | DELETE_ACCESS,
				       .share = share,
				       .disposition = disposition};

	return fixture_open(fx, &args, out);
}

static void make(struct fixture *fx, const char *name, const char *text)
{
	struct fsa_file *f = NULL;

	IS(open_as(fx, name, FILE_OPEN_IF, SHARE_ALL, &f), "SUCCESS");
	IS(fixture_write(fx, f, 0, text), "SUCCESS");
	IS(fixture_close(fx, f), "SUCCESS");
}

static void take(void *private_data, const struct fsa_stream_entry *e)
{
	char *text = private_data;

	sprintf(text + strlen(text), "%s=%u ", e->name,
		(unsigned int)e->end_of_file);
}

/* All streams with their sizes; the order of named ones is the disk's. */
static const char *list(struct fixture *fx, const char *name, char *out)
{
	const struct open_args args = {.name = name,
				       .access = FILE_READ_ATTRIBUTES,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *f = NULL;
	struct fsa_io io;

	out[0] = '\0';
	IS(fixture_open(fx, &args, &f), "SUCCESS");
	io = fixture_io(fx, FSA_QUERY_INFO, f);
	io.u.query_info.info_class = FileStreamInformation;
	io.u.query_info.take_stream = take;
	io.u.query_info.private_data = out;
	IS(fixture_run(fx, &io), "SUCCESS");
	IS(fixture_close(fx, f), "SUCCESS");
	return out;
}

static void assert_text(struct fixture *fx, const char *name, const char *text)
{
	struct fsa_file *f = NULL;
	char data[64] = {0};
	uint32_t n = 0;

	IS(open_as(fx, name, FILE_OPEN, SHARE_ALL, &f), "SUCCESS");
	IS(fixture_read(fx, f, 0, data, sizeof(data) - 1, &n), "SUCCESS");
	assert_string_equal(data, text);
	IS(fixture_close(fx, f), "SUCCESS");
}

/* A stream that is made makes its file, and is stored as Samba's is. */
static void test_made_and_stored(void **state)
{
	struct fixture *fx = *state;
	char text[256];

	make(fx, "a:One", "hello");
	assert_string_equal(list(fx, "a", text), "::$DATA=0 :One:$DATA=5 ");
	assert_int_equal(getxattr(fixture_path(fx, "a"),
				  "user.DosStream.One:$DATA", text,
				  sizeof(text)),
			 6);
	assert_memory_equal(text, "hello", 6);
	assert_text(fx, "A:oNE:$data", "hello");
	assert_int_equal(setxattr(fixture_path(fx, "a"),
				  "user.DosStream.two:$DATA", "ab", 3, 0),
			 0);
	assert_text(fx, "a:TWO", "ab");
}

static void test_directory(void **state)
{
	const struct open_args root = {.name = ":root",
				       .share = SHARE_ALL,
				       .disposition = FILE_CREATE};
	struct fixture *fx = *state;
	char text[256];

	fixture_make_dir(fx, "d");
	make(fx, "d:s", "x");
	assert_string_equal(list(fx, "d", text), ":s:$DATA=1 ");
	IS(fixture_open(fx, &root, NULL), "SUCCESS");
	assert_string_equal(list(fx, "", text), ":root:$DATA=0 ");
}

static void test_dispositions(void **state)
{
	struct fixture *fx = *state;

	fixture_make_file(fx, "a", "main");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, NULL),
	   "OBJECT_NAME_NOT_FOUND");
	IS(open_as(fx, "a:s", FILE_OVERWRITE, SHARE_ALL, NULL),
	   "OBJECT_NAME_NOT_FOUND");
	IS(open_as(fx, "b:s", FILE_OPEN, SHARE_ALL, NULL),
	   "OBJECT_NAME_NOT_FOUND");
	assert_false(fixture_exists(fx, "b"));
	make(fx, "a:s", "text");
	IS(open_as(fx, "a:s", FILE_CREATE, SHARE_ALL, NULL),
	   "OBJECT_NAME_COLLISION");
	IS(open_as(fx, "a:s", FILE_OPEN_IF, SHARE_ALL, NULL), "SUCCESS");
	assert_text(fx, "a:s", "text");
	IS(open_as(fx, "a:s", FILE_OVERWRITE, SHARE_ALL, NULL), "SUCCESS");
	make(fx, "a:s", "t");
	assert_text(fx, "a:s", "t");
	assert_text(fx, "a", "main");
}

static void test_sizes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = NULL;
	struct fsa_stat st;
	struct fsa_io io;
	char data[8];
	uint32_t n = 0;

	IS(open_as(fx, "a:s", FILE_CREATE, SHARE_ALL, &f), "SUCCESS");
	IS(fixture_write(fx, f, 3, "x"), "SUCCESS");
	IS(fixture_read(fx, f, 0, data, 8, &n), "SUCCESS");
	assert_int_equal(n, 4);
	assert_memory_equal(data, "\0\0\0x", 4);
	IS(fixture_read(fx, f, 4, data, 8, &n), "END_OF_FILE");
	io = fixture_io(fx, FSA_SET_INFO, f);
	io.u.set_info.info_class = FileEndOfFileInformation;
	io.u.set_info.u.end_of_file = 100;
	IS(fixture_run(fx, &io), "SUCCESS");
	IS(fixture_stat(fx, f, &st), "SUCCESS");
	assert_int_equal(st.end_of_file, 100);
	assert_false(st.directory);
	io.u.set_info.u.end_of_file = UINT64_MAX / 4;
	IS(fixture_run(fx, &io), "DISK_FULL");
	IS(fixture_close(fx, f), "SUCCESS");
}

/* 2.1.5.1.2.1, 2.1.5.1.2.2 */
static void test_sharing(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *s = NULL, *f = NULL;
	char text[64];

	fixture_make_file(fx, "a", "");
	IS(open_as(fx, "a:s", FILE_CREATE, 0, &s), "SUCCESS");
	/* Streams are shared one by one. */
	IS(open_as(fx, "a:S", FILE_OPEN, SHARE_ALL, NULL), "SHARING_VIOLATION");
	IS(open_as(fx, "a:t", FILE_OPEN_IF, 0, NULL), "SUCCESS");
	/* Deleting the file would delete it. */
	IS(open_as(fx, "a", FILE_OPEN, SHARE_ALL, NULL), "SHARING_VIOLATION");
	IS(fixture_close(fx, s), "SUCCESS");
	IS(open_as(fx, "a", FILE_OPEN, SHARE_ALL, &f), "SUCCESS");
	IS(open_as(fx, "a:new", FILE_OPEN_IF, 0, NULL), "SHARING_VIOLATION");
	IS(fixture_close(fx, f), "SUCCESS");
	/* What could not be opened was not made. */
	assert_null(strstr(list(fx, "a", text), "new"));
}

static void test_deletion(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *s = NULL, *f = NULL;
	char text[64];

	make(fx, "a:s", "x");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, &s), "SUCCESS");
	IS(fixture_set_delete(fx, s, true), "SUCCESS");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, NULL), "DELETE_PENDING");
	IS(fixture_close(fx, s), "SUCCESS");
	assert_string_equal(list(fx, "a", text), "::$DATA=0 ");
	/* The file waits for its streams. */
	make(fx, "a:s", "x");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, &s), "SUCCESS");
	IS(open_as(fx, "a", FILE_OPEN, SHARE_ALL, &f), "SUCCESS");
	IS(fixture_set_delete(fx, f, true), "SUCCESS");
	IS(fixture_close(fx, f), "SUCCESS");
	assert_true(fixture_exists(fx, "a"));
	IS(open_as(fx, "a:other", FILE_OPEN_IF, SHARE_ALL, NULL),
	   "DELETE_PENDING");
	IS(fixture_close(fx, s), "SUCCESS");
	assert_false(fixture_exists(fx, "a"));
}

static void test_renaming(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *s = NULL, *t = NULL;
	char text[64];

	make(fx, "a:s", "text");
	make(fx, "a:full", "full");
	IS(open_as(fx, "a:empty", FILE_CREATE, SHARE_ALL, NULL), "SUCCESS");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, &s), "SUCCESS");
	IS(fixture_rename(fx, s, ":S", false), "SUCCESS");
	IS(fixture_rename(fx, s, ":empty", false), "OBJECT_NAME_COLLISION");
	IS(fixture_rename(fx, s, ":full", true), "INVALID_PARAMETER");
	IS(fixture_rename(fx, s, ":a/b", true), "INVALID_PARAMETER");
	IS(fixture_rename(fx, s, ":", true), "INVALID_PARAMETER");
	IS(fixture_rename(fx, s, ":b:$INDEX_ALLOCATION", true),
	   "INVALID_PARAMETER");
	IS(fixture_rename(fx, s, ":empty", true), "SUCCESS");
	IS(fixture_rename(fx, s, ":new:$DATA", false), "SUCCESS");
	assert_text(fx, "a:new", "text");
	IS(open_as(fx, "a:new", FILE_OPEN, 0, NULL), "SHARING_VIOLATION");
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, NULL),
	   "OBJECT_NAME_NOT_FOUND");
	/* Another open would not know. */
	IS(open_as(fx, "a:new", FILE_OPEN, SHARE_ALL, &t), "SUCCESS");
	IS(fixture_rename(fx, s, ":x", false), "SHARING_VIOLATION");
	IS(fixture_close(fx, t), "SUCCESS");
	IS(fixture_close(fx, s), "SUCCESS");
	assert_null(strstr(list(fx, "a", text), "empty"));
}

#define LARGE 200000

static void write_large(struct fixture *fx, struct fsa_file *f, uint64_t at)
{
	char *text = talloc_zero_array(fx->mem_ctx, char, LARGE + 1);

	for (size_t i = 0; i < LARGE; i++) {
		text[i] = (char)('a' + (i + at) % 26);
	}
	IS(fixture_write(fx, f, at, text), "SUCCESS");
}

static void assert_large(struct fixture *fx, const char *name, uint64_t at)
{
	struct fsa_file *f = NULL;
	char data[5] = {0};
	uint32_t n = 0;

	IS(open_as(fx, name, FILE_OPEN, SHARE_ALL, &f), "SUCCESS");
	IS(fixture_read(fx, f, at, data, 4, &n), "SUCCESS");
	assert_int_equal(n, 4);
	assert_int_equal(data[0], 'a' + at % 26);
	assert_int_equal(data[3], 'a' + (at + 3) % 26);
	IS(fixture_close(fx, f), "SUCCESS");
}

static bool has_side_files(struct fixture *fx)
{
	return fixture_exists(fx, ".holdfast/streams") &&
	       rmdir(fixture_path(fx, ".holdfast/streams")) != 0;
}

/* Past what an attribute holds: docs/vfs.md. */
static void test_large(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *s = NULL;
	struct fsa_stat st;
	struct fsa_io io;
	char text[128];

	make(fx, "a:S", "x");
	IS(open_as(fx, "a:S", FILE_OPEN, SHARE_ALL, &s), "SUCCESS");
	write_large(fx, s, 0);
	write_large(fx, s, LARGE);
	IS(fixture_stat(fx, s, &st), "SUCCESS");
	assert_int_equal(st.end_of_file, 2 * LARGE);
	assert_large(fx, "A:s", LARGE + 5);
	assert_string_equal(list(fx, "a", text), "::$DATA=0 :S:$DATA=400000 ");
	IS(open_as(fx, "a:s", FILE_CREATE, SHARE_ALL, NULL),
	   "OBJECT_NAME_COLLISION");
	IS(fixture_rename(fx, s, ":T", false), "SUCCESS");
	assert_large(fx, "a:t", 7);
	IS(open_as(fx, "a:s", FILE_OPEN, SHARE_ALL, NULL),
	   "OBJECT_NAME_NOT_FOUND");
	assert_true(has_side_files(fx));
	/* Emptied, it is an attribute again. */
	io = fixture_io(fx, FSA_SET_INFO, s);
	io.u.set_info.info_class = FileEndOfFileInformation;
	IS(fixture_run(fx, &io), "SUCCESS");
	assert_int_equal(getxattr(fixture_path(fx, "a"),
				  "user.DosStream.T:$DATA", text, 128),
			 1);
	write_large(fx, s, 3);
	IS(fixture_close(fx, s), "SUCCESS");
	IS(open_as(fx, "a:t", FILE_OPEN, SHARE_ALL, &s), "SUCCESS");
	IS(fixture_set_delete(fx, s, true), "SUCCESS");
	IS(fixture_close(fx, s), "SUCCESS");
	assert_string_equal(list(fx, "a", text), "::$DATA=0 ");
}

/* What is kept for a file goes with it, however it goes. */
static void test_large_goes(void **state)
{
	struct fixture *fx = *state;
	static const char *const how[] = {"delete", "overwrite", "replace"};

	for (size_t i = 0; i < 3; i++) {
		struct fsa_file *f = NULL;

		IS(open_as(fx, "a:s", FILE_OPEN_IF, SHARE_ALL, &f), "SUCCESS");
		write_large(fx, f, 0);
		IS(fixture_close(fx, f), "SUCCESS");
		assert_true(has_side_files(fx));
		make(fx, "other", "x");
		IS(open_as(fx, i == 2 ? "other" : "a",
			   i == 1 ? FILE_OVERWRITE : FILE_OPEN, SHARE_ALL, &f),
		   "SUCCESS");
		if (i == 2) {
			IS(fixture_rename(fx, f, "a", true), "SUCCESS");
		} else if (i == 0) {
			IS(fixture_set_delete(fx, f, true), "SUCCESS");
		}
		IS(fixture_close(fx, f), "SUCCESS");
		if (has_side_files(fx)) {
			fail_msg("%s: streams stay", how[i]);
		}
	}
}

static void test_store_is_hidden(void **state)
{
	struct fixture *fx = *state;
	static const char *const names[] = {".holdfast", ".HoldFast\\streams",
					    ".holdfast:s"};

	for (size_t i = 0; i < 3; i++) {
		IS(open_as(fx, names[i], FILE_OPEN_IF, SHARE_ALL, NULL),
		   "ACCESS_DENIED");
	}
}

/* `named streams = no` */
static void test_switched_off(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {
		.name = "a:s", .share = SHARE_ALL, .disposition = FILE_OPEN_IF};

	params.named_streams = false;
	args.volume = fixture_mount(fx, &params);
	IS(fixture_open(fx, &args, NULL), "OBJECT_NAME_INVALID");
	args.name = "a::$DATA";
	IS(fixture_open(fx, &args, NULL), "OBJECT_NAME_INVALID");
	args.name = "a";
	IS(fixture_open(fx, &args, NULL), "SUCCESS");
}

int main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_made_and_stored), TEST(test_directory),
		TEST(test_dispositions),    TEST(test_sizes),
		TEST(test_sharing),	    TEST(test_deletion),
		TEST(test_large),	    TEST(test_large_goes),
		TEST(test_store_is_hidden), TEST(test_renaming),
		TEST(test_switched_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
