/* fsa/tests/sparse_test.c - holes and copies ([MS-FSA] 2.1.5.10.24,
 * 2.1.5.10.38, 2.1.5.10.39; [MS-SMB2] 3.3.5.15.6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "fsa/tests/fixture.h"
#include "lib/wire.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)
#define MEG (1024u * 1024u)

static struct fsa_file *open_it(struct fixture *fx, const char *name,
				uint32_t access)
{
	const struct open_args args = {.name = name,
				       .access = access,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN_IF};
	struct fsa_file *f = NULL;

	IS(fixture_open(fx, &args, &f), "SUCCESS");
	return f;
}

/* Two numbers in, count bytes out at most. */
static NTSTATUS fsctl(struct fixture *fx, struct fsa_file *f, uint32_t code,
		      uint64_t a, uint64_t b, uint32_t room, struct blob *out)
{
	uint8_t in[16];
	struct wire_writer w = wire_writer_fixed(in, sizeof(in));
	struct fsa_io io = fixture_io(fx, FSA_FSCTL, f);
	NTSTATUS status;

	wire_put_u64(&w, a);
	wire_put_u64(&w, b);
	io.u.fsctl = (struct fsa_fsctl){
		.code = code,
		.in = {.data = in, .length = sizeof(in)},
		.max_out = room,
		.mem_ctx = fx->mem_ctx,
	};
	status = fixture_run(fx, &io);
	if (out != NULL) {
		*out = io.u.fsctl.out;
	}
	return status;
}

static void test_ranges(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_it(fx, "a", GENERIC_USE);
	struct blob out;
	struct wire_reader r;

	IS(fixture_write(fx, f, 0, "x"), "SUCCESS");
	IS(fixture_write(fx, f, 4 * MEG, "y"), "SUCCESS");
	/* Not sparse: all of it. */
	IS(fsctl(fx, f, FSCTL_QUERY_ALLOCATED_RANGES, 0, UINT32_MAX, 64, &out),
	   "SUCCESS");
	assert_int_equal(out.length, 16);
	IS(fsctl(fx, f, FSCTL_SET_SPARSE, 1, 0, 0, NULL), "SUCCESS");
	IS(fsctl(fx, f, FSCTL_SET_ZERO_DATA, MEG, 8 * MEG, 0, NULL), "SUCCESS");
	IS(fsctl(fx, f, FSCTL_QUERY_ALLOCATED_RANGES, 0, 8 * MEG, 64, &out),
	   "SUCCESS");
	r = wire_reader(out.data, out.length);
	assert_int_equal(wire_u64(&r), 0);
	assert_true(wire_u64(&r) <= MEG);
	IS(fixture_write(fx, f, 4 * MEG, "y"), "SUCCESS");
	IS(fsctl(fx, f, FSCTL_QUERY_ALLOCATED_RANGES, 0, 8 * MEG, 16, &out),
	   "BUFFER_OVERFLOW");
	assert_int_equal(out.length, 16);
	IS(fsctl(fx, f, FSCTL_QUERY_ALLOCATED_RANGES, 0, 8 * MEG, 15, &out),
	   "BUFFER_TOO_SMALL");
	IS(fixture_close(fx, f), "SUCCESS");
}

static void test_zero(void **state)
{
	struct fixture *fx = *state;
	static const char *const names[] = {"a", "a:stream"};

	for (size_t i = 0; i < 2; i++) {
		struct fsa_file *f = open_it(fx, names[i], GENERIC_USE);
		struct fsa_stat st;
		char data[8];
		uint32_t n = 0;

		IS(fixture_write(fx, f, 0, "abcdef"), "SUCCESS");
		IS(fsctl(fx, f, FSCTL_SET_ZERO_DATA, 4, 2, 0, NULL),
		   "INVALID_PARAMETER");
		IS(fsctl(fx, f, FSCTL_SET_ZERO_DATA, UINT64_MAX, 2, 0, NULL),
		   "INVALID_PARAMETER");
		IS(fsctl(fx, f, FSCTL_SET_ZERO_DATA, 1, 3, 0, NULL), "SUCCESS");
		IS(fsctl(fx, f, FSCTL_SET_ZERO_DATA, 5, 1000, 0, NULL),
		   "SUCCESS");
		IS(fixture_read(fx, f, 0, data, 8, &n), "SUCCESS");
		assert_int_equal(n, 6);
		assert_memory_equal(data, "a\0\0de\0", 6);
		IS(fixture_stat(fx, f, &st), "SUCCESS");
		assert_int_equal(st.end_of_file, 6);
		IS(fixture_close(fx, f), "SUCCESS");
	}
}

static NTSTATUS copy(struct fixture *fx, struct fsa_file *from,
		     struct fsa_file *to, uint64_t source_offset,
		     uint64_t offset, uint32_t length)
{
	struct fsa_io io = fixture_io(fx, FSA_COPY, to);

	const struct fsa_range r = {
		.from = source_offset, .to = offset, .length = length};

	io.u.copy = (struct fsa_copy){
		.source = from, .ranges = &r, .num_ranges = 1};
	return fixture_run(fx, &io);
}

static void test_copy(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_it(fx, "a", GENERIC_USE);
	struct fsa_file *b = open_it(fx, "b", GENERIC_USE);
	struct fsa_file *s = open_it(fx, "b:s", GENERIC_USE);
	struct fsa_file *deaf = open_it(fx, "a", FILE_READ_ATTRIBUTES);
	char data[16];
	uint32_t n = 0;

	IS(fixture_write(fx, a, 0, "0123456789"), "SUCCESS");
	IS(copy(fx, a, b, 2, 0, 4), "SUCCESS");
	IS(fixture_read(fx, b, 0, data, 16, &n), "SUCCESS");
	assert_int_equal(n, 4);
	assert_memory_equal(data, "2345", 4);
	IS(copy(fx, a, s, 0, 1, 3), "SUCCESS");
	IS(fixture_read(fx, s, 0, data, 16, &n), "SUCCESS");
	assert_memory_equal(data,
			    "\0"
			    "012",
			    4);
	/* As memmove(). */
	IS(copy(fx, a, a, 0, 2, 6), "SUCCESS");
	IS(fixture_read(fx, a, 0, data, 16, &n), "SUCCESS");
	assert_memory_equal(data, "0101234589", 10);
	IS(copy(fx, a, b, 8, 0, 3), "INVALID_VIEW_SIZE");
	IS(copy(fx, a, b, UINT64_MAX, 0, 3), "INVALID_PARAMETER");
	IS(copy(fx, a, b, 0, INT64_MAX, 3), "INVALID_PARAMETER");
	IS(copy(fx, deaf, b, 0, 0, 1), "ACCESS_DENIED");
	IS(copy(fx, a, deaf, 0, 0, 1), "ACCESS_DENIED");
	IS(fixture_close(fx, deaf), "SUCCESS");
	IS(fixture_close(fx, s), "SUCCESS");
	IS(fixture_close(fx, b), "SUCCESS");
	IS(fixture_close(fx, a), "SUCCESS");
}

int main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_ranges),
		TEST(test_zero),
		TEST(test_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
