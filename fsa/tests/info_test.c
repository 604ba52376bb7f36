/* fsa/tests/info_test.c - attributes, times, security, volumes
 * ([MS-FSA] 2.1.5.12-15). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"
#include "lib/sid.h"
#include "lib/wire.h"

static struct fsa_file *open_file(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN_IF};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static NTSTATUS set_basic(struct fixture *fx, struct fsa_file *f,
			  const struct fsa_times *times, uint32_t attributes)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileBasicInformation;
	io.u.set_info.u.basic.times = *times;
	io.u.set_info.u.basic.attributes = attributes;
	return fixture_run(fx, &io);
}

#define A_TIME 131592384000000000ull /* 2018-01-01 */

/* To 100 ns, and back from the disk by another open. */
static void test_times_and_attributes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file");
	struct fsa_times t = {.creation = A_TIME + 1,
			      .access = A_TIME + 2,
			      .write = A_TIME + 3};
	struct fsa_stat st;

	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.attributes, FILE_ATTRIBUTE_ARCHIVE);
	assert_true(st.times.creation <= st.times.write);
	assert_ok(set_basic(fx, f, &t,
			    FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM));
	assert_ok(fixture_close(fx, f));
	f = open_file(fx, "file");
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.times.creation, A_TIME + 1);
	assert_int_equal(st.times.access, A_TIME + 2);
	assert_int_equal(st.times.write, A_TIME + 3);
	assert_int_equal(st.attributes,
			 FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
	/* 0 leaves all; NORMAL takes the rest away. */
	t = (struct fsa_times){0};
	assert_ok(set_basic(fx, f, &t, 0));
	assert_ok(set_basic(fx, f, &t, FILE_ATTRIBUTE_NORMAL));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.attributes, FILE_ATTRIBUTE_NORMAL);
	assert_int_equal(st.times.creation, A_TIME + 1);
	assert_ok(fixture_close(fx, f));
}

/* [MS-FSA] 2.1.5.15.2: -1 freezes a time for this open, -2 lets it go on. */
static void test_frozen_write_time(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file");
	struct fsa_times t = {.write = A_TIME};
	struct fsa_stat st;

	assert_ok(set_basic(fx, f, &t, 0));
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.times.write, A_TIME);
	t.write = (NTTIME)-2;
	assert_ok(set_basic(fx, f, &t, 0));
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_stat(fx, f, &st));
	assert_true(st.times.write > A_TIME);
	t.write = (NTTIME)-1;
	assert_ok(set_basic(fx, f, &t, 0));
	t.write = st.times.write;
	usleep(20000);
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.times.write, t.write);
	t.write = (NTTIME)-3;
	assert_status(set_basic(fx, f, &t, 0), INVALID_PARAMETER);
	assert_ok(fixture_close(fx, f));
}

static void test_basic_rules(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file");
	const struct fsa_times none = {0};
	const struct open_args args = {.name = "file",
				       .access = FILE_READ_DATA,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};

	assert_status(set_basic(fx, f, &none, FILE_ATTRIBUTE_DIRECTORY),
		      INVALID_PARAMETER);
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(set_basic(fx, f, &none, FILE_ATTRIBUTE_HIDDEN),
		      ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
	fixture_make_dir(fx, "dir");
	f = open_file(fx, "dir");
	assert_status(set_basic(fx, f, &none, FILE_ATTRIBUTE_TEMPORARY),
		      INVALID_PARAMETER);
	assert_ok(fixture_close(fx, f));
}

/* What Samba wrote is read, and Samba's form is written. */
static void test_samba_dosattrib(void **state)
{
	static const uint8_t samba[] = {0x00, 0x00, 0x05, 0x00, 0x05, 0x00,
					0x00, 0x00, 0x11, 0x00, 0x00, 0x00,
					0x23, 0x00, 0x00, 0x00, 0xd2, 0x90,
					0x8f, 0xd4, 0xef, 0x78, 0xdd, 0x01};
	struct fixture *fx = *state;
	const struct fsa_times none = {0};
	uint8_t data[64];
	struct fsa_file *f;
	struct fsa_stat st;
	const struct open_args args = {.name = "file",
				       .access = FILE_READ_ATTRIBUTES |
						 FILE_WRITE_ATTRIBUTES,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};

	fixture_make_file(fx, "file", "");
	if (setxattr(fixture_path(fx, "file"), "user.DOSATTRIB", samba,
		     sizeof(samba), 0) != 0) {
		skip();
	}
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.attributes, FILE_ATTRIBUTE_READONLY |
						FILE_ATTRIBUTE_HIDDEN |
						FILE_ATTRIBUTE_ARCHIVE);
	assert_int_equal(st.times.creation, 0x01dd78efd48f90d2);
	assert_ok(set_basic(fx, f, &none, FILE_ATTRIBUTE_HIDDEN));
	assert_int_equal(getxattr(fixture_path(fx, "file"), "user.DOSATTRIB",
				  data, sizeof(data)),
			 sizeof(samba));
	assert_int_equal(data[12], 0x02);
	data[12] = 0x23;
	assert_memory_equal(data, samba, sizeof(samba));
	assert_ok(fixture_close(fx, f));
}

/* The owner changes attributes whatever the mode says; and what is no longer
 * read-only can be written. */
static void test_readonly_mode(void **state)
{
	struct fixture *fx = *state;
	const struct fsa_times none = {0};
	const struct open_args args = {.name = "file",
				       .access = FILE_WRITE_ATTRIBUTES |
						 FILE_READ_ATTRIBUTES,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *f;
	struct fsa_stat st;

	identity_drop();
	fixture_make_file(fx, "file", "");
	assert_int_equal(chmod(fixture_path(fx, "file"), 0444), 0);
	if (geteuid() == 0) {
		fx->who = (struct identity){.uid = 65534, .gid = 65534};
		assert_int_equal(chown(fixture_path(fx, "file"), 65534, 65534),
				 0);
	}
	identity_assume(&fx->who);
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.attributes, FILE_ATTRIBUTE_READONLY);
	if (geteuid() == 0) {
		assert_ok(set_basic(fx, f, &none,
				    FILE_ATTRIBUTE_READONLY |
					    FILE_ATTRIBUTE_HIDDEN));
		assert_ok(fixture_stat(fx, f, &st));
		assert_int_equal(st.attributes, FILE_ATTRIBUTE_READONLY |
							FILE_ATTRIBUTE_HIDDEN);
	}
	assert_ok(set_basic(fx, f, &none, FILE_ATTRIBUTE_NORMAL));
	assert_ok(fixture_close(fx, f));
	f = open_file(fx, "file");
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_close(fx, f));
}

static void test_attributes_without_xattr(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "ro",
				 .access = FILE_READ_ATTRIBUTES,
				 .disposition = FILE_CREATE,
				 .attributes = FILE_ATTRIBUTE_READONLY};
	struct fsa_io io;
	struct stat st;

	params.store_dos_attributes = false;
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(io.u.create.stat.attributes, FILE_ATTRIBUTE_READONLY);
	assert_ok(fixture_close(fx, io.u.create.file));
	assert_int_equal(stat(fixture_path(fx, "ro"), &st), 0);
	assert_int_equal(st.st_mode & 0222, 0);
	fixture_make_file(fx, ".dot", "");
	args.name = ".dot";
	args.disposition = FILE_OPEN;
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(io.u.create.stat.attributes, FILE_ATTRIBUTE_HIDDEN);
	assert_ok(fixture_close(fx, io.u.create.file));
}

static void test_classes(void **state)
{
	static const struct {
		enum file_information_class info_class;
		const char *status;
	} rows[] = {
		{FileBasicInformation, "NT_STATUS_SUCCESS"},
		{FileStandardInformation, "NT_STATUS_SUCCESS"},
		{FileNetworkOpenInformation, "NT_STATUS_SUCCESS"},
		{FileAlternateNameInformation, "NT_STATUS_NOT_SUPPORTED"},
		{FileQuotaInformation, "NT_STATUS_NOT_SUPPORTED"},
		{FileRenameInformation, "NT_STATUS_INVALID_INFO_CLASS"},
		{200, "NT_STATUS_INVALID_INFO_CLASS"},
	};
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fsa_io io = fixture_io(fx, FSA_QUERY_INFO, f);

		io.u.query_info.info_class = rows[i].info_class;
		assert_string_equal(ntstatus_name(fixture_run(fx, &io)),
				    rows[i].status);
	}
	assert_ok(fixture_close(fx, f));
}

/* Owner, group and an entry each for owner, group and everyone. */
static void test_security(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file");
	struct fsa_io io = fixture_io(fx, FSA_QUERY_SECURITY, f);
	struct sid owner = sid_unix_user(geteuid());
	struct wire_reader r;
	struct wire_reader field;
	struct sid s;
	uint32_t offset;

	io.u.security.which = OWNER_SECURITY_INFORMATION |
			      GROUP_SECURITY_INFORMATION |
			      DACL_SECURITY_INFORMATION;
	io.u.security.mem_ctx = fx->mem_ctx;
	assert_ok(fixture_run(fx, &io));
	r = wire_reader(io.u.security.descriptor.data,
			io.u.security.descriptor.length);
	assert_int_equal(wire_u8(&r), 1);
	wire_skip(&r, 1);
	assert_int_equal(wire_u16(&r), 0x8004);
	offset = wire_u32(&r);
	field = wire_field(&r, offset, sid_size(&owner));
	s = sid_read(&field);
	assert_true(wire_ok(&field) && sid_equal(&s, &owner));
	wire_seek(&r, 16);
	offset = wire_u32(&r);
	wire_seek(&r, offset);
	assert_int_equal(wire_u16(&r), 2);
	assert_int_equal(wire_u16(&r), r.length - offset);
	assert_int_equal(wire_u16(&r), 3);
	io = fixture_io(fx, FSA_SET_SECURITY, f);
	io.u.security.which = DACL_SECURITY_INFORMATION;
	assert_status(fixture_run(fx, &io), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

static void test_volume(void **state)
{
	struct fixture *fx = *state;
	struct fsa_io io = fixture_io(fx, FSA_QUERY_VOLUME, NULL);

	io.u.query_volume.info_class = FileFsFullSizeInformation;
	assert_ok(fixture_run(fx, &io));
	assert_true(io.u.query_volume.info.total_units >=
		    io.u.query_volume.info.actual_free_units);
	assert_string_equal(io.u.query_volume.info.label, "share");
	assert_int_equal(io.u.query_volume.info.max_name, 255);
	io.u.query_volume.info_class = 99;
	assert_status(fixture_run(fx, &io), INVALID_INFO_CLASS);
}

/* A member of a group may set times of another's file that it may write. */
static void test_times_of_others(void **state)
{
	struct fixture *fx = *state;
	const struct fsa_times t = {.write = A_TIME};
	struct fsa_file *f;
	struct fsa_stat st;

	if (geteuid() != 0) {
		skip();
	}
	fixture_make_file(fx, "file", "");
	assert_int_equal(chmod(fixture_path(fx, "file"), 0666), 0);
	fx->who = (struct identity){.uid = 65534, .gid = 65534};
	identity_assume(&fx->who);
	f = open_file(fx, "file");
	assert_ok(set_basic(fx, f, &t, 0));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.times.write, A_TIME);
	assert_ok(fixture_close(fx, f));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_times_and_attributes),
		TEST(test_frozen_write_time),
		TEST(test_basic_rules),
		TEST(test_samba_dosattrib),
		TEST(test_readonly_mode),
		TEST(test_attributes_without_xattr),
		TEST(test_classes),
		TEST(test_security),
		TEST(test_volume),
		TEST(test_times_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
