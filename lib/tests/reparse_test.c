/* lib/tests/reparse_test.c - reparse buffers ([MS-FSCC] 2.1.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/reparse.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static struct blob blob_of(const void *data, size_t length)
{
	return (struct blob){.data = (uint8_t *)(uintptr_t)data,
			     .length = length};
}

static NTSTATUS decode(const void *data, size_t length, struct reparse *out)
{
	return reparse_decode(blob_of(data, length), out);
}

/* A relative link to "..\b", shown as "b", as Windows writes it. */
static const uint8_t windows[] = {
	0x0c, 0x00, 0x00, 0xa0, 0x16, 0x00, 0x00, 0x00, 0x02, 0x00,
	0x08, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x00, 0x00,
	'b',  0x00, '.',  0x00, '.',  0x00, '\\', 0x00, 'b',  0x00,
};

static void test_symlink(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct reparse_symlink link;
	struct reparse r;
	struct blob again;

	IS(decode(windows, sizeof(windows), &r), "SUCCESS");
	assert_int_equal(r.tag, IO_REPARSE_TAG_SYMLINK);
	IS(reparse_symlink_decode(mem_ctx, r.data, &link), "SUCCESS");
	assert_string_equal(link.substitute, "..\\b");
	assert_string_equal(link.print, "b");
	assert_true(link.relative);

	IS(reparse_symlink_encode(mem_ctx, &link, &again), "SUCCESS");
	IS(reparse_decode(again, &r), "SUCCESS");
	memset(&link, 0, sizeof(link));
	IS(reparse_symlink_decode(mem_ctx, r.data, &link), "SUCCESS");
	assert_string_equal(link.substitute, "..\\b");
	assert_string_equal(link.print, "b");
	assert_true(link.relative);
	talloc_free(mem_ctx);
}

/* Offsets and lengths at the end, one beyond it, and overflowing. */
static void test_symlink_bounds(void **state)
{
	static const struct {
		size_t at; /* in data, behind the header */
		uint16_t value;
	} bad[] = {
		{0, 3},	 {0, 9},  {0, 0xffff}, {2, 0},	{2, 7},
		{2, 10}, {2, 11}, {2, 0xffff}, {4, 9},	{4, 0xffff},
		{6, 1},	 {6, 12}, {6, 0xffff}, {10, 1}, /* Flags */
	};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct reparse_symlink link;
	uint8_t data[sizeof(windows)];

	for (size_t i = 0; i < LENGTH(bad); i++) {
		memcpy(data, windows, sizeof(data));
		data[8 + bad[i].at] = (uint8_t)bad[i].value;
		data[8 + bad[i].at + 1] = (uint8_t)(bad[i].value >> 8);
		IS(reparse_symlink_decode(
			   mem_ctx, blob_of(data + 8, sizeof(data) - 8), &link),
		   "IO_REPARSE_DATA_INVALID");
	}
	for (size_t n = 0; n < sizeof(windows) - 8; n++) {
		IS(reparse_symlink_decode(mem_ctx, blob_of(windows + 8, n),
					  &link),
		   "IO_REPARSE_DATA_INVALID");
	}
	talloc_free(mem_ctx);
}

static void test_nul_in_name(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	uint8_t data[sizeof(windows)];
	struct reparse_symlink link;

	memcpy(data, windows, sizeof(data));
	data[24] = 0; /* the second period */
	IS(reparse_symlink_decode(mem_ctx, blob_of(data + 8, sizeof(data) - 8),
				  &link),
	   "IO_REPARSE_DATA_INVALID");
	talloc_free(mem_ctx);
}

/* 2.1.2.3: other makers' tags have a GUID. */
static void test_guid(void **state)
{
	uint8_t data[27] = {0x17, 0, 0,		 0,	     3,	  0,
			    0,	  0, [8] = 0xaa, [24] = 'x', 'y', 'z'};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct reparse r;
	struct blob again;

	IS(decode(data, sizeof(data), &r), "SUCCESS");
	assert_int_equal(r.tag, 0x17);
	assert_int_equal(r.data.length, 3);
	assert_memory_equal(r.data.data, "xyz", 3);
	IS(reparse_encode(mem_ctx, &r, &again), "SUCCESS");
	assert_int_equal(again.length, sizeof(data));
	assert_memory_equal(again.data, data, sizeof(data));
	data[8] = 0;
	IS(decode(data, sizeof(data), &r), "IO_REPARSE_DATA_INVALID");
	talloc_free(mem_ctx);
}

static void test_lengths(void **state)
{
	static uint8_t data[REPARSE_MAX + 1];
	struct reparse r;

	data[3] = 0x80;
	for (size_t n = 0; n < 8; n++) {
		IS(decode(data, n, &r), "IO_REPARSE_DATA_INVALID");
	}
	IS(decode(data, 8, &r), "SUCCESS");
	assert_int_equal(r.data.length, 0);
	IS(decode(data, 9, &r), "IO_REPARSE_DATA_INVALID");
	data[4] = 1;
	IS(decode(data, 8, &r), "IO_REPARSE_DATA_INVALID");
	IS(decode(data, 9, &r), "SUCCESS");
	IS(decode(data, 10, &r), "IO_REPARSE_DATA_INVALID");
	/* As one with a GUID that its tag does not have. */
	IS(decode(data, 25, &r), "IO_REPARSE_DATA_INVALID");
	data[4] = 0xff;
	data[5] = 0xff;
	IS(decode(data, sizeof(data), &r), "IO_REPARSE_DATA_INVALID");
	data[4] = (REPARSE_MAX - 8) & 0xff;
	data[5] = (REPARSE_MAX - 8) >> 8;
	IS(decode(data, REPARSE_MAX, &r), "SUCCESS");
	data[4]++;
	IS(decode(data, REPARSE_MAX + 1, &r), "IO_REPARSE_DATA_INVALID");
}

static void test_mount_point(void **state)
{
	static const uint8_t data[] = {0, 0, 2, 0, 2, 0, 2, 0, 'a', 0, 'b', 0};

	IS(reparse_mount_point_check(blob_of(data, sizeof(data))), "SUCCESS");
	for (size_t n = 0; n < sizeof(data); n++) {
		IS(reparse_mount_point_check(blob_of(data, n)),
		   "IO_REPARSE_DATA_INVALID");
	}
}

static void test_special_files(void **state)
{
	static const struct {
		mode_t mode;
		const char *bytes;
		size_t length;
	} files[] = {
		{S_IFIFO, "\x14\0\0\x80\x08\0\0\0FIFO\0\0\0\0", 16},
		{S_IFSOCK, "\x14\0\0\x80\x08\0\0\0SOCK\0\0\0\0", 16},
		{S_IFCHR,
		 "\x14\0\0\x80\x10\0\0\0CHR\0\0\0\0\0\x04\0\0\0\x05\0\0\0", 24},
		{S_IFBLK,
		 "\x14\0\0\x80\x10\0\0\0BLK\0\0\0\0\0\x04\0\0\0\x05\0\0\0", 24},
	};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct blob out;

	for (size_t i = 0; i < LENGTH(files); i++) {
		IS(reparse_nfs_encode(mem_ctx, files[i].mode | 0644,
				      makedev(4, 5), &out),
		   "SUCCESS");
		assert_int_equal(out.length, files[i].length);
		assert_memory_equal(out.data, files[i].bytes, out.length);
	}
	talloc_free(mem_ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symlink),
		cmocka_unit_test(test_symlink_bounds),
		cmocka_unit_test(test_nul_in_name),
		cmocka_unit_test(test_guid),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_mount_point),
		cmocka_unit_test(test_special_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
