/* fsa/tests/reparse_test.c - reparse points and symlinks ([MS-FSA] 2.1.5.10.3,
 * 2.1.5.10.14, 2.1.5.10.37; [MS-SMB2] 2.2.2.2.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"
#include "lib/reparse.h"

#define ACCESS	  (FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS)
#define TAG_OTHER 0x00000123u

/* --- short ways ---------------------------------------------------------- */

static struct fsa_file *open_with(struct fixture *fx, const char *name,
				  enum create_disposition disposition,
				  uint32_t options)
{
	const struct open_args args = {.name = name,
				       .access = ACCESS,
				       .share = SHARE_ALL,
				       .disposition = disposition,
				       .options = options};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static struct fsa_file *open_itself(struct fixture *fx, const char *name)
{
	return open_with(fx, name, FILE_OPEN, FILE_OPEN_REPARSE_POINT);
}

static NTSTATUS try_open(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .access = FILE_READ_ATTRIBUTES,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN};

	return fixture_open(fx, &args, NULL);
}

static NTSTATUS control(struct fixture *fx, struct fsa_file *f, uint32_t code,
			struct blob in, struct blob *out)
{
	struct fsa_io io = fixture_io(fx, FSA_FSCTL, f);
	NTSTATUS status;

	io.u.fsctl = (struct fsa_fsctl){.code = code,
					.in = in,
					.max_out = REPARSE_MAX,
					.mem_ctx = fx->mem_ctx};
	status = fixture_run(fx, &io);
	if (out != NULL) {
		*out = io.u.fsctl.out;
	}
	return status;
}

static struct blob buffer(struct fixture *fx, uint32_t tag, const void *data,
			  size_t length)
{
	struct reparse r = {
		.tag = tag,
		.data = {.data = (uint8_t *)(uintptr_t)data, .length = length}};
	struct blob out;

	if (!reparse_is_microsoft(tag)) {
		r.guid.bytes[0] = 7;
	}
	assert_ok(reparse_encode(fx->mem_ctx, &r, &out));
	return out;
}

static struct blob link_buffer(struct fixture *fx, const char *target,
			       bool relative)
{
	const struct reparse_symlink link = {
		.substitute = target, .print = target, .relative = relative};
	struct blob out;

	assert_ok(reparse_symlink_encode(fx->mem_ctx, &link, &out));
	return out;
}

static NTSTATUS set(struct fixture *fx, struct fsa_file *f, struct blob in)
{
	return control(fx, f, FSCTL_SET_REPARSE_POINT, in, NULL);
}

static NTSTATUS drop(struct fixture *fx, struct fsa_file *f, uint32_t tag)
{
	return control(fx, f, FSCTL_DELETE_REPARSE_POINT,
		       buffer(fx, tag, NULL, 0), NULL);
}

static void assert_buffer(struct fixture *fx, struct fsa_file *f,
			  struct blob want)
{
	struct blob got = {0};

	assert_ok(control(fx, f, FSCTL_GET_REPARSE_POINT, (struct blob){0},
			  &got));
	assert_int_equal(got.length, want.length);
	assert_memory_equal(got.data, want.data, want.length);
}

static void assert_tag(struct fixture *fx, struct fsa_file *f, uint32_t tag)
{
	struct fsa_stat st;

	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.reparse_tag, tag);
	assert_int_equal((st.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0,
			 tag != 0);
}

static void make_symlink(struct fixture *fx, const char *name,
			 const char *target, bool relative)
{
	struct fsa_file *f =
		open_with(fx, name, FILE_CREATE, FILE_OPEN_REPARSE_POINT);

	assert_ok(set(fx, f, link_buffer(fx, target, relative)));
	assert_ok(fixture_close(fx, f));
}

static void assert_target(struct fixture *fx, const char *name,
			  const char *target)
{
	char text[256];
	ssize_t n = readlink(fixture_path(fx, name), text, sizeof(text) - 1);

	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, target);
}

/* What an open is told of the symlink that stops it. */
static void assert_stop(struct fixture *fx, struct fsa_volume *volume,
			bool no_follow, const char *name, const char *target,
			size_t unparsed)
{
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);

	if (volume != NULL) {
		io.volume = volume;
	}
	io.u.create = (struct fsa_create){
		.name = name,
		.open_id = ++fx->next_open_id,
		.desired_access = FILE_READ_ATTRIBUTES,
		.share_access = SHARE_ALL,
		.disposition = FILE_OPEN,
		.no_follow = no_follow,
		.mem_ctx = fx->mem_ctx,
	};
	assert_status(fixture_run(fx, &io), STOPPED_ON_SYMLINK);
	assert_string_equal(io.u.create.symlink_target, target);
	assert_int_equal(io.u.create.symlink_unparsed, 2 * unparsed);
	assert_int_equal(io.u.create.symlink_relative, *target != '\\');
}

/* --- records ------------------------------------------------------------- */

static void check_kept(struct fixture *fx, const char *name, uint32_t tag,
		       uint32_t options, size_t length)
{
	uint8_t *data = talloc_size(fx->mem_ctx, length + 1);
	struct fsa_file *f;
	struct blob b;

	memset(data, 'd', length);
	b = buffer(fx, tag, data, length);
	f = open_with(fx, name, FILE_CREATE, options);
	assert_ok(set(fx, f, b));
	assert_tag(fx, f, tag);
	assert_buffer(fx, f, b);
	assert_ok(fixture_close(fx, f));

	assert_status(try_open(fx, name), IO_REPARSE_TAG_NOT_HANDLED);
	f = open_itself(fx, name);
	assert_tag(fx, f, tag);
	assert_buffer(fx, f, b);
	b = buffer(fx, tag, data, length / 2);
	assert_ok(set(fx, f, b));
	assert_buffer(fx, f, b);
	assert_ok(drop(fx, f, tag));
	assert_tag(fx, f, 0);
	assert_status(
		control(fx, f, FSCTL_GET_REPARSE_POINT, (struct blob){0}, NULL),
		NOT_A_REPARSE_POINT);
	assert_ok(fixture_close(fx, f));
	assert_ok(try_open(fx, name));
}

static void test_kept(void **state)
{
	struct fixture *fx = *state;

	check_kept(fx, "lx", IO_REPARSE_TAG_LX_FIFO, 0, 0);
	check_kept(fx, "nfs", IO_REPARSE_TAG_NFS, 0, 16);
	check_kept(fx, "other", TAG_OTHER, 0, 100);
	check_kept(fx, "dir", IO_REPARSE_TAG_NFS, FILE_DIRECTORY_FILE, 16);
}

/* More than an attribute of most file systems has room for. */
static void test_largest(void **state)
{
	struct fixture *fx = *state;

	check_kept(fx, "large", IO_REPARSE_TAG_NFS, 0,
		   REPARSE_MAX - REPARSE_HEADER);
	check_kept(fx, "large2", TAG_OTHER, 0,
		   REPARSE_MAX - REPARSE_GUID_HEADER);
	assert_false(fixture_exists(fx, ".holdfast/streams/x"));
}

static void test_tag_rules(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);
	struct blob other = buffer(fx, TAG_OTHER, "abc", 3);

	assert_status(drop(fx, f, TAG_OTHER), NOT_A_REPARSE_POINT);
	assert_ok(set(fx, f, other));
	assert_status(set(fx, f, buffer(fx, IO_REPARSE_TAG_NFS, "", 0)),
		      IO_REPARSE_TAG_MISMATCH);
	assert_status(set(fx, f, link_buffer(fx, "x", true)),
		      IO_REPARSE_TAG_MISMATCH);
	assert_status(drop(fx, f, IO_REPARSE_TAG_NFS), IO_REPARSE_TAG_MISMATCH);
	assert_status(drop(fx, f, TAG_OTHER + 1), IO_REPARSE_TAG_MISMATCH);
	other.data[8]++; /* the GUID */
	assert_status(set(fx, f, other), REPARSE_ATTRIBUTE_CONFLICT);
	other.data[8]--;
	assert_buffer(fx, f, other);
	assert_ok(drop(fx, f, TAG_OTHER));
	assert_ok(fixture_close(fx, f));
}

static void test_bad_buffers(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);
	struct blob b = buffer(fx, IO_REPARSE_TAG_NFS, "x", 1);

	for (size_t n = 0; n < b.length; n++) {
		assert_status(set(fx, f, (struct blob){b.data, n}),
			      IO_REPARSE_DATA_INVALID);
	}
	assert_status(set(fx, f, buffer(fx, 0, "", 0)),
		      IO_REPARSE_DATA_INVALID);
	assert_status(set(fx, f, buffer(fx, 1, "", 0)),
		      IO_REPARSE_DATA_INVALID);
	assert_status(drop(fx, f, 0), IO_REPARSE_TAG_INVALID);
	assert_status(drop(fx, f, 1), IO_REPARSE_TAG_INVALID);
	assert_status(control(fx, f, FSCTL_DELETE_REPARSE_POINT, b, NULL),
		      IO_REPARSE_DATA_INVALID);
	assert_status(control(fx, f, FSCTL_DELETE_REPARSE_POINT,
			      (struct blob){b.data, 7}, NULL),
		      IO_REPARSE_DATA_INVALID);
	assert_status(set(fx, f, buffer(fx, IO_REPARSE_TAG_MOUNT_POINT, "", 0)),
		      IO_REPARSE_DATA_INVALID);
	assert_status(set(fx, f, buffer(fx, IO_REPARSE_TAG_SYMLINK, "", 0)),
		      IO_REPARSE_DATA_INVALID);
	assert_tag(fx, f, 0);
	assert_ok(fixture_close(fx, f));
}

static void test_what_may_be_one(void **state)
{
	struct fixture *fx = *state;
	static const uint8_t mount[] = {0, 0, 2, 0, 2, 0, 0, 0, 'x', 0};
	struct blob mount_point =
		buffer(fx, IO_REPARSE_TAG_MOUNT_POINT, mount, sizeof(mount));
	const struct open_args root = {.name = "",
				       .access = FILE_WRITE_ATTRIBUTES,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);
	struct fsa_file *d;

	assert_status(set(fx, f, mount_point), NOT_A_DIRECTORY);
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_status(set(fx, f, link_buffer(fx, "x", true)),
		      IO_REPARSE_DATA_INVALID);
	/* Others may have data. */
	assert_ok(set(fx, f, buffer(fx, IO_REPARSE_TAG_NFS, "", 0)));
	assert_ok(fixture_close(fx, f));

	d = open_with(fx, "d", FILE_CREATE, FILE_DIRECTORY_FILE);
	fixture_make_file(fx, "d/x", "");
	assert_status(set(fx, d, mount_point), DIRECTORY_NOT_EMPTY);
	assert_status(set(fx, d, link_buffer(fx, "x", true)),
		      DIRECTORY_NOT_EMPTY);
	fixture_remove(fx, "d/x");
	assert_ok(set(fx, d, mount_point));
	assert_ok(fixture_close(fx, d));

	assert_ok(fixture_open(fx, &root, &d));
	assert_status(set(fx, d, mount_point), ACCESS_DENIED);
	assert_ok(fixture_close(fx, d));
}

static void test_rights(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "f",
				 .access = FILE_READ_DATA | FILE_APPEND_DATA |
					   FILE_WRITE_EA | DELETE_ACCESS,
				 .share = SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .options = FILE_OPEN_REPARSE_POINT};
	struct blob b = buffer(fx, IO_REPARSE_TAG_NFS, "", 0);
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	assert_status(set(fx, f, b), ACCESS_DENIED);
	assert_status(drop(fx, f, IO_REPARSE_TAG_NFS), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
	args.access = FILE_WRITE_ATTRIBUTES;
	args.disposition = FILE_OPEN;
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(set(fx, f, b));
	assert_ok(drop(fx, f, IO_REPARSE_TAG_NFS));
	assert_ok(fixture_close(fx, f));
}

static NTSTATUS set_ea(struct fixture *fx, struct fsa_file *f, const char *name)
{
	const struct fsa_ea ea = {.name = name,
				  .value = {(uint8_t *)(uintptr_t) "v", 1}};
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileFullEaInformation;
	io.u.set_info.u.eas.list = &ea;
	io.u.set_info.u.eas.count = 1;
	return fixture_run(fx, &io);
}

/* One or the other ([MS-FSA] 2.1.5.15.6, 2.1.5.10.37), but for what WSL says
 * of its special files. */
static void test_extended_attributes(void **state)
{
	struct fixture *fx = *state;
	struct blob b = buffer(fx, IO_REPARSE_TAG_LX_CHR, "", 0);
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);

	assert_ok(set_ea(fx, f, "$LXDEV"));
	assert_ok(set(fx, f, b));
	assert_ok(set_ea(fx, f, "$LXMOD"));
	assert_status(set_ea(fx, f, "other"), EAS_NOT_SUPPORTED);
	assert_ok(drop(fx, f, IO_REPARSE_TAG_LX_CHR));
	assert_ok(set_ea(fx, f, "other"));
	assert_status(set(fx, f, b), EAS_NOT_SUPPORTED);
	assert_ok(fixture_close(fx, f));
}

static void test_streams(void **state)
{
	struct fixture *fx = *state;
	struct blob b = buffer(fx, IO_REPARSE_TAG_NFS, "", 0);
	struct fsa_file *s = open_with(fx, "f:s", FILE_CREATE, 0);
	struct fsa_file *f;

	assert_status(set(fx, s, b), INVALID_PARAMETER);
	assert_status(drop(fx, s, IO_REPARSE_TAG_NFS), INVALID_PARAMETER);
	assert_status(
		control(fx, s, FSCTL_GET_REPARSE_POINT, (struct blob){0}, NULL),
		NOT_A_REPARSE_POINT);
	f = open_itself(fx, "f");
	assert_ok(set(fx, f, b));
	assert_buffer(fx, s, b);
	assert_status(try_open(fx, "f:s"), IO_REPARSE_TAG_NOT_HANDLED);
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, s));
}

/* What is made anew is no reparse point. */
static void test_overwritten(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);

	assert_ok(set(fx, f, buffer(fx, IO_REPARSE_TAG_NFS, "", 0)));
	assert_ok(fixture_close(fx, f));
	f = open_with(fx, "f", FILE_OVERWRITE, FILE_OPEN_REPARSE_POINT);
	assert_tag(fx, f, 0);
	assert_ok(fixture_close(fx, f));
	assert_ok(try_open(fx, "f"));
}

/* As newer Samba stores them, symlinks among them. */
static void test_samba(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);
	struct blob nfs = buffer(fx, IO_REPARSE_TAG_NFS, "", 0);
	struct blob link = link_buffer(fx, "dir\\x", true);
	char value[64];

	assert_ok(set(fx, f, nfs));
	assert_ok(fixture_close(fx, f));
	assert_int_equal(getxattr(fixture_path(fx, "f"), "user.SmbReparse",
				  value, sizeof(value)),
			 nfs.length);
	assert_memory_equal(value, nfs.data, nfs.length);
	assert_int_equal(setxattr(fixture_path(fx, "f"), "user.SmbReparse",
				  link.data, link.length, 0),
			 0);
	assert_stop(fx, NULL, false, "f", "dir\\x", 0);
	assert_stop(fx, NULL, false, "F:s", "dir\\x", 2);
	f = open_itself(fx, "f");
	assert_tag(fx, f, IO_REPARSE_TAG_SYMLINK);
	assert_buffer(fx, f, link);
	link = link_buffer(fx, "elsewhere", true);
	assert_ok(set(fx, f, link));
	assert_buffer(fx, f, link);
	assert_ok(fixture_close(fx, f));
	/* The mark alone says nothing. */
	removexattr(fixture_path(fx, "f"), "user.SmbReparse");
	assert_ok(try_open(fx, "f"));
}

/* --- symlinks ------------------------------------------------------------ */

static void test_make_symlink(void **state)
{
	struct fixture *fx = *state;
	struct blob b = link_buffer(fx, "dir\\file", true);
	struct fsa_file *f;
	struct fsa_stat st;
	char text[8];
	uint32_t n = 0;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "text");
	f = open_with(fx, "link", FILE_CREATE, 0);
	assert_ok(set(fx, f, b));
	assert_target(fx, "link", "dir/file");
	/* The open is one of the symlink now. */
	assert_tag(fx, f, IO_REPARSE_TAG_SYMLINK);
	assert_buffer(fx, f, b);
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 0);
	assert_status(fixture_read(fx, f, 0, text, 4, &n), END_OF_FILE);
	assert_status(fixture_write(fx, f, 0, "x"), INVALID_DEVICE_REQUEST);
	b = link_buffer(fx, "dir", true);
	assert_ok(set(fx, f, b));
	assert_target(fx, "link", "dir");
	assert_buffer(fx, f, b);
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_int_equal(readlink(fixture_path(fx, "link"), text, 8), -1);
	assert_true(fixture_exists(fx, "dir/file"));
}

static void test_symlink_of_a_directory(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct fsa_stat st;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "text");
	f = open_with(fx, "link", FILE_CREATE, FILE_DIRECTORY_FILE);
	assert_ok(set(fx, f, link_buffer(fx, "dir", true)));
	assert_ok(fixture_close(fx, f));
	assert_target(fx, "link", "dir");
	assert_ok(try_open(fx, "link\\file"));
	f = open_with(fx, "link", FILE_OPEN,
		      FILE_OPEN_REPARSE_POINT | FILE_DIRECTORY_FILE);
	assert_ok(fixture_stat(fx, f, &st));
	assert_true(st.directory);
	/* As it was before: an empty directory. */
	assert_ok(drop(fx, f, IO_REPARSE_TAG_SYMLINK));
	assert_ok(fixture_close(fx, f));
	assert_status(try_open(fx, "link\\file"), OBJECT_NAME_NOT_FOUND);
	assert_ok(try_open(fx, "link"));
	assert_true(fixture_exists(fx, "dir/file"));
}

static void test_delete_symlink_point(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct stat st;

	fixture_make_link(fx, "nowhere", "link");
	f = open_itself(fx, "link");
	assert_status(drop(fx, f, IO_REPARSE_TAG_NFS), IO_REPARSE_TAG_MISMATCH);
	assert_ok(drop(fx, f, IO_REPARSE_TAG_SYMLINK));
	assert_tag(fx, f, 0);
	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_ok(fixture_close(fx, f));
	assert_int_equal(lstat(fixture_path(fx, "link"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void test_targets(void **state)
{
	static const struct {
		const char *given;
		bool relative;
		const char *disk;
	} targets[] = {
		{"..\\..\\a b\\c", true, "../../a b/c"},
		{".", true, "."},
		{"\\top\\x", true, "../../top/x"},
		{"\\", true, "../../."},
		{"\\??\\C:\\x", false, "/?\?/C:/x"},
		{"\\etc\\passwd", false, "/etc/passwd"},
	};
	static const struct {
		const char *given;
		bool relative;
	} bad[] = {{"x", false}, {"C:\\x", false}};
	struct fixture *fx = *state;
	struct fsa_file *f;

	fixture_make_dir(fx, "d");
	fixture_make_dir(fx, "d/e");
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		make_symlink(fx, "d\\e\\link", targets[i].given,
			     targets[i].relative);
		assert_target(fx, "d/e/link", targets[i].disk);
		if (targets[i].given[0] != '\\' || !targets[i].relative) {
			assert_stop(fx, NULL, true, "d\\e\\link",
				    targets[i].given, 0);
		}
		fixture_remove(fx, "d/e/link");
	}
	f = open_with(fx, "bad", FILE_CREATE, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(
			set(fx, f,
			    link_buffer(fx, bad[i].given, bad[i].relative)),
			IO_REPARSE_DATA_INVALID);
	}
	assert_ok(fixture_close(fx, f));
}

/* Characters that no Windows name has are shown as in any other name. */
static void test_shown_target(void **state)
{
	struct fixture *fx = *state;

	fixture_make_link(fx, "../a:b/c\\d", "link");
	assert_stop(fx, NULL, false, "link",
		    "..\\a\xef\x80\xa2"
		    "b\\c\xef\x80\xa6"
		    "d",
		    0);
}

static void test_unparsed(void **state)
{
	struct fixture *fx = *state;

	fixture_make_dir(fx, "dir");
	fixture_make_link(fx, "../../out", "dir/Out");
	fixture_make_link(fx, "nowhere", "dead");
	fixture_make_link(fx, "dir", "in");
	fixture_make_link(fx, "loop", "loop");
	assert_stop(fx, NULL, false, "dir\\Out", "..\\..\\out", 0);
	assert_stop(fx, NULL, false, "dir\\Out\\a\\b", "..\\..\\out", 4);
	assert_stop(fx, NULL, false, "DIR\\oUT\\a", "..\\..\\out", 2);
	assert_stop(fx, NULL, false, "dir\\\\Out\\\\a", "..\\..\\out", 3);
	assert_stop(fx, NULL, false, "dir\\Out:s", "..\\..\\out", 2);
	assert_stop(fx, NULL, false, "dir\\Out\\", "..\\..\\out", 1);
	/* In UTF-16: two units for what is outside the first plane. */
	assert_stop(fx, NULL, false, "dir\\Out\\\xf0\x9f\x98\x80",
		    "..\\..\\out", 3);
	assert_stop(fx, NULL, false, "dead", "nowhere", 0);
	assert_stop(fx, NULL, false, "dead\\x", "nowhere", 2);
	assert_stop(fx, NULL, false, "loop\\x\\y", "loop", 4);
	/* The first one, from which the client can go on. */
	assert_stop(fx, NULL, false, "in\\Out\\a", "dir", 6);
	/* One that leads on is not why something is missing. */
	assert_status(try_open(fx, "in\\none"), OBJECT_NAME_NOT_FOUND);
	assert_status(try_open(fx, "in\\none\\x"), OBJECT_PATH_NOT_FOUND);
}

static void test_no_follow(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_volume *v;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "text");
	fixture_make_link(fx, "dir", "in");
	fixture_make_link(fx, "dir/file", "link");
	assert_ok(try_open(fx, "in\\file"));
	assert_stop(fx, NULL, true, "in\\file", "dir", 5);
	assert_stop(fx, NULL, true, "LINK", "dir\\file", 0);
	params.follow_symlinks = false;
	v = fixture_mount(fx, &params);
	assert_stop(fx, v, false, "in\\file", "dir", 5);
	assert_stop(fx, v, false, "link", "dir\\file", 0);
}

/* Many symlinks in a row are followed as far as the kernel does. */
static void test_chain(void **state)
{
	struct fixture *fx = *state;
	char name[16];
	char target[16];

	fixture_make_file(fx, "l0", "text");
	for (int i = 1; i <= 50; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		fixture_make_link(fx, target, name);
	}
	assert_ok(try_open(fx, "l40"));
	assert_stop(fx, NULL, false, "l50", "l49", 0);
}

/* With `wide links` who could make a symlink could read everything. */
static void test_wide_links(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "link",
				 .access = ACCESS,
				 .share = SHARE_ALL,
				 .disposition = FILE_CREATE};
	struct fsa_file *f = NULL;

	params.wide_links = true;
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(set(fx, f, link_buffer(fx, "dir", true)), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

static void test_rename_symlink(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;

	fixture_make_file(fx, "file", "text");
	fixture_make_link(fx, "file", "link");
	fixture_make_link(fx, "file", "old");
	f = open_itself(fx, "link");
	assert_ok(fixture_rename(fx, f, "new", false));
	assert_target(fx, "new", "file");
	/* What is replaced is the other symlink, not its target. */
	assert_ok(fixture_rename(fx, f, "old", true));
	assert_target(fx, "old", "file");
	assert_true(fixture_exists(fx, "file"));
	assert_false(fixture_exists(fx, "new"));
	assert_ok(fixture_close(fx, f));
}

/* Another open keeps the file that was there; it has no name any more. */
static void test_others(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_with(fx, "f", FILE_CREATE, 0);
	struct fsa_file *b = open_with(fx, "f", FILE_OPEN, 0);
	struct fsa_stat st;

	assert_ok(set(fx, a, link_buffer(fx, "x", true)));
	assert_ok(fixture_write(fx, b, 0, "orphan"));
	assert_ok(fixture_stat(fx, b, &st));
	assert_int_equal(st.reparse_tag, 0);
	assert_ok(fixture_close(fx, b));
	assert_ok(fixture_close(fx, a));
	assert_target(fx, "f", "x");
}

/* Two names change places for a while. */
static void *swap_names(void *private_data)
{
	const char *const *paths = private_data;

	for (int i = 0; i < 5000; i++) {
		renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1],
			  RENAME_EXCHANGE);
	}
	return NULL;
}

static bool holds(const char *path, const char *text)
{
	char content[32] = "";
	int fd = open(path, O_RDONLY | O_NOFOLLOW);
	bool same;

	if (fd == -1) {
		return false;
	}
	same = read(fd, content, sizeof(content) - 1) ==
		       (ssize_t)strlen(text) &&
	       strcmp(content, text) == 0;
	close(fd);
	return same;
}

static unsigned int count_of(const char *dir, const char *text)
{
	DIR *d = opendir(dir);
	unsigned int count = 0;
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		count += holds(path, text) ? 1 : 0;
	}
	closedir(d);
	return count;
}

/* Somebody else's file that takes the name in between is never lost. */
static void test_race(void **state)
{
	struct fixture *fx = *state;
	const char *paths[2];
	unsigned int made = 0;
	pthread_t other;
	NTSTATUS status;

	fixture_make_dir(fx, "d");
	paths[0] = fixture_path(fx, "d/mine");
	paths[1] = fixture_path(fx, "d/f");
	fixture_make_file(fx, "d/mine", "precious");
	fixture_make_file(fx, "d/f", "");
	assert_int_equal(pthread_create(&other, NULL, swap_names, paths), 0);
	for (int i = 0; i < 500; i++) {
		struct open_args args = {.name = "d\\f",
					 .access = ACCESS,
					 .share = SHARE_ALL,
					 .disposition = FILE_OPEN_IF,
					 .options = FILE_OPEN_REPARSE_POINT};
		struct fsa_file *f = NULL;

		if (!NT_STATUS_IS_OK(fixture_open(fx, &args, &f))) {
			continue;
		}
		status = set(fx, f, link_buffer(fx, "x", true));
		made += NT_STATUS_IS_OK(status) ? 1 : 0;
		assert_ok(fixture_close(fx, f));
	}
	pthread_join(other, NULL);
	assert_true(made > 0);
	assert_int_equal(count_of(fixture_path(fx, "d"), "precious"), 1);
}

/* --- what is on disk ----------------------------------------------------- */

static void test_fifo(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct blob b = {0};
	uint32_t n = 0;
	char text[4];

	assert_int_equal(mkfifo(fixture_path(fx, "fifo"), 0600), 0);
	assert_status(try_open(fx, "fifo"), IO_REPARSE_TAG_NOT_HANDLED);
	f = open_itself(fx, "fifo");
	assert_tag(fx, f, IO_REPARSE_TAG_NFS);
	assert_ok(
		control(fx, f, FSCTL_GET_REPARSE_POINT, (struct blob){0}, &b));
	assert_int_equal(b.length, 16);
	assert_memory_equal(b.data + 8, "FIFO\0\0\0\0", 8);
	assert_status(fixture_read(fx, f, 0, text, 1, &n), END_OF_FILE);
	assert_status(fixture_write(fx, f, 0, "x"), INVALID_DEVICE_REQUEST);
	assert_status(set(fx, f, b), ACCESS_DENIED);
	assert_status(drop(fx, f, IO_REPARSE_TAG_NFS), ACCESS_DENIED);
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_false(fixture_exists(fx, "fifo"));
}

/* No open of one waits for anybody, and none is let through. */
static void test_special_files(void **state)
{
	static const uint32_t accesses[] = {FILE_READ_ATTRIBUTES,
					    FILE_READ_DATA, FILE_WRITE_DATA,
					    ACCESS, DELETE_ACCESS};
	static const char *const names[] = {"fifo", "socket", "device", "link"};
	struct fixture *fx = *state;
	struct open_args args = {.share = SHARE_ALL, .disposition = FILE_OPEN};
	bool device;

	assert_int_equal(mkfifo(fixture_path(fx, "fifo"), 0666), 0);
	assert_int_equal(mknod(fixture_path(fx, "socket"), S_IFSOCK | 0666, 0),
			 0);
	/* Without a driver: for root alone. */
	device = mknod(fixture_path(fx, "device"), S_IFCHR | 0666,
		       makedev(250, 250)) == 0;
	fixture_make_link(fx, "fifo", "link");
	alarm(20);
	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < 5; k++) {
			if (i == 2 && !device) {
				continue;
			}
			args.name = names[i];
			args.access = accesses[k];
			args.disposition = FILE_OPEN;
			assert_status(fixture_open(fx, &args, NULL),
				      IO_REPARSE_TAG_NOT_HANDLED);
			args.disposition = FILE_OVERWRITE_IF;
			assert_status(fixture_open(fx, &args, NULL),
				      IO_REPARSE_TAG_NOT_HANDLED);
		}
	}
	args.options = FILE_OPEN_REPARSE_POINT;
	args.access = ACCESS;
	for (size_t i = 0; i < 4; i++) {
		if (i == 2 && !device) {
			continue;
		}
		args.name = names[i];
		args.disposition = FILE_OPEN;
		assert_ok(fixture_open(fx, &args, NULL));
		args.disposition = FILE_OVERWRITE;
		assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
		args.disposition = FILE_SUPERSEDE;
		assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	}
	alarm(0);
}

/* What has no attributes of its own keeps the times that are set, and says so
 * of the rest. */
static void test_special_attributes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_io io;
	struct fsa_file *f;
	struct fsa_stat st;

	fixture_make_link(fx, "x", "link");
	f = open_itself(fx, "link");
	io = fixture_io(fx, FSA_SET_INFO, f);
	io.u.set_info.info_class = FileBasicInformation;
	io.u.set_info.u.basic.attributes = FILE_ATTRIBUTE_HIDDEN;
	assert_status(fixture_run(fx, &io), NOT_SUPPORTED);
	io = fixture_io(fx, FSA_SET_INFO, f);
	io.u.set_info.info_class = FileBasicInformation;
	io.u.set_info.u.basic.attributes = FILE_ATTRIBUTE_NORMAL;
	io.u.set_info.u.basic.times.write = 130000000000000000;
	assert_ok(fixture_run(fx, &io));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.times.write, 130000000000000000);
	assert_int_equal(st.attributes,
			 FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_ARCHIVE);
	assert_ok(fixture_close(fx, f));
}

static void test_small_room(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_with(fx, "f", FILE_CREATE, 0);
	static const struct {
		uint32_t tag;
		uint32_t room;
		const char *status;
	} cases[] = {
		{IO_REPARSE_TAG_NFS, 0, "NT_STATUS_BUFFER_TOO_SMALL"},
		{IO_REPARSE_TAG_NFS, 7, "NT_STATUS_BUFFER_TOO_SMALL"},
		{IO_REPARSE_TAG_NFS, 8, "NT_STATUS_BUFFER_OVERFLOW"},
		{IO_REPARSE_TAG_NFS, 11, "NT_STATUS_BUFFER_OVERFLOW"},
		{IO_REPARSE_TAG_NFS, 12, "NT_STATUS_SUCCESS"},
		{TAG_OTHER, 23, "NT_STATUS_BUFFER_TOO_SMALL"},
		{TAG_OTHER, 24, "NT_STATUS_BUFFER_OVERFLOW"},
		{TAG_OTHER, 28, "NT_STATUS_SUCCESS"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fsa_io io = fixture_io(fx, FSA_FSCTL, f);

		assert_ok(set(fx, f, buffer(fx, cases[i].tag, "abcd", 4)));
		io.u.fsctl = (struct fsa_fsctl){.code = FSCTL_GET_REPARSE_POINT,
						.max_out = cases[i].room,
						.mem_ctx = fx->mem_ctx};
		assert_string_equal(ntstatus_name(fixture_run(fx, &io)),
				    cases[i].status);
		assert_true(io.u.fsctl.out.length <= cases[i].room);
		assert_ok(drop(fx, f, cases[i].tag));
	}
	assert_ok(fixture_close(fx, f));
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_largest),
		TEST(test_tag_rules),
		TEST(test_bad_buffers),
		TEST(test_small_room),
		TEST(test_what_may_be_one),
		TEST(test_rights),
		TEST(test_extended_attributes),
		TEST(test_streams),
		TEST(test_overwritten),
		TEST(test_samba),
		TEST(test_make_symlink),
		TEST(test_symlink_of_a_directory),
		TEST(test_delete_symlink_point),
		TEST(test_targets),
		TEST(test_shown_target),
		TEST(test_unparsed),
		TEST(test_no_follow),
		TEST(test_chain),
		TEST(test_wide_links),
		TEST(test_rename_symlink),
		TEST(test_others),
		TEST(test_race),
		TEST(test_fifo),
		TEST(test_special_files),
		TEST(test_special_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
