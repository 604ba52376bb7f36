/* fsa/tests/create_test.c - FSA_CREATE and FSA_CLOSE: dispositions, kinds,
 * rights, sharing, deletion ([MS-FSA] 2.1.5.1, 2.1.5.5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"
#include "locking/locking.h"

/* [MS-FSA] 2.1.5.1.2, 2.1.5.1.1: what each disposition does with a file that
 * is there, and one that is not. */
static void test_dispositions(void **state)
{
	static const struct {
		enum create_disposition disposition;
		const char *there;
		enum create_action there_action;
		const char *missing;
		bool truncates;
	} rows[] = {
		{FILE_SUPERSEDE, "NT_STATUS_SUCCESS", FILE_SUPERSEDED,
		 "NT_STATUS_SUCCESS", true},
		{FILE_OPEN, "NT_STATUS_SUCCESS", FILE_OPENED,
		 "NT_STATUS_OBJECT_NAME_NOT_FOUND", false},
		{FILE_CREATE, "NT_STATUS_OBJECT_NAME_COLLISION", 0,
		 "NT_STATUS_SUCCESS", false},
		{FILE_OPEN_IF, "NT_STATUS_SUCCESS", FILE_OPENED,
		 "NT_STATUS_SUCCESS", false},
		{FILE_OVERWRITE, "NT_STATUS_SUCCESS", FILE_OVERWRITTEN,
		 "NT_STATUS_OBJECT_NAME_NOT_FOUND", true},
		{FILE_OVERWRITE_IF, "NT_STATUS_SUCCESS", FILE_OVERWRITTEN,
		 "NT_STATUS_SUCCESS", true},
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct open_args args = {.name = "there",
					 .disposition = rows[i].disposition};
		struct fsa_io io;
		NTSTATUS status;

		fixture_make_file(fx, "there", "text");
		status = fixture_open_io(fx, &args, &io);
		assert_string_equal(ntstatus_name(status), rows[i].there);
		if (NT_STATUS_IS_OK(status)) {
			assert_int_equal(io.u.create.action,
					 rows[i].there_action);
			assert_int_equal(io.u.create.stat.end_of_file,
					 rows[i].truncates ? 0 : 4);
			assert_ok(fixture_close(fx, io.u.create.file));
		}
		args.name = "missing";
		status = fixture_open_io(fx, &args, &io);
		assert_string_equal(ntstatus_name(status), rows[i].missing);
		if (NT_STATUS_IS_OK(status)) {
			assert_int_equal(io.u.create.action, FILE_CREATED);
			assert_ok(fixture_close(fx, io.u.create.file));
			fixture_remove(fx, "missing");
		}
		assert_false(fixture_exists(fx, "missing"));
	}
}

static void test_kinds(void **state)
{
	static const struct {
		const char *name;
		enum create_disposition disposition;
		uint32_t options;
		const char *status;
	} rows[] = {
		{"dir", FILE_OPEN, FILE_NON_DIRECTORY_FILE,
		 "NT_STATUS_FILE_IS_A_DIRECTORY"},
		{"file", FILE_OPEN, FILE_DIRECTORY_FILE,
		 "NT_STATUS_NOT_A_DIRECTORY"},
		{"file", FILE_CREATE, FILE_DIRECTORY_FILE,
		 "NT_STATUS_OBJECT_NAME_COLLISION"},
		{"dir", FILE_CREATE, FILE_DIRECTORY_FILE,
		 "NT_STATUS_OBJECT_NAME_COLLISION"},
		{"dir", FILE_OVERWRITE, 0, "NT_STATUS_OBJECT_NAME_COLLISION"},
		{"dir", FILE_OPEN, 0, "NT_STATUS_SUCCESS"},
		{"dir\\", FILE_OPEN, FILE_DIRECTORY_FILE, "NT_STATUS_SUCCESS"},
		{"file\\", FILE_OPEN, 0, "NT_STATUS_OBJECT_NAME_INVALID"},
		{"file\\x", FILE_OPEN, 0, "NT_STATUS_OBJECT_PATH_NOT_FOUND"},
		{"none\\x", FILE_OPEN, 0, "NT_STATUS_OBJECT_PATH_NOT_FOUND"},
		{"none\\x", FILE_CREATE, 0, "NT_STATUS_OBJECT_PATH_NOT_FOUND"},
		{"dir\\none", FILE_OPEN, 0, "NT_STATUS_OBJECT_NAME_NOT_FOUND"},
		{"file::$DATA", FILE_OPEN, 0, "NT_STATUS_SUCCESS"},
		{"dir::$DATA", FILE_OPEN, 0, "NT_STATUS_FILE_IS_A_DIRECTORY"},
		{"dir::$INDEX_ALLOCATION", FILE_OPEN, 0, "NT_STATUS_SUCCESS"},
		{"file:stream", FILE_OPEN, 0,
		 "NT_STATUS_OBJECT_NAME_NOT_FOUND"},
		{"file:stream", FILE_OPEN, FILE_DIRECTORY_FILE,
		 "NT_STATUS_NOT_A_DIRECTORY"},
		{"none:stream", FILE_OPEN, 0,
		 "NT_STATUS_OBJECT_NAME_NOT_FOUND"},
		{"", FILE_OPEN, 0, "NT_STATUS_SUCCESS"},
		{"", FILE_OPEN, FILE_NON_DIRECTORY_FILE,
		 "NT_STATUS_FILE_IS_A_DIRECTORY"},
	};
	struct fixture *fx = *state;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "file", "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct open_args args = {
			.name = rows[i].name,
			.access = FILE_GENERIC_READ,
			.disposition = rows[i].disposition,
			.options = rows[i].options,
		};
		NTSTATUS status = fixture_open(fx, &args, NULL);

		if (strcmp(ntstatus_name(status), rows[i].status) != 0) {
			fail_msg("%s %d %x: %s, not %s", rows[i].name,
				 rows[i].disposition, rows[i].options,
				 ntstatus_name(status), rows[i].status);
		}
	}
}

/* A share mode holds between two mounts, and between processes; what dies with
 * its process does not count. */
static void test_share_modes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *other = fixture_mount(fx, &fx->params);
	struct open_args args = {.name = "file",
				 .access = FILE_READ_DATA,
				 .share = FILE_SHARE_READ,
				 .disposition = FILE_OPEN_IF};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	args.volume = other;
	assert_ok(fixture_open(fx, &args, NULL));
	args.access = FILE_WRITE_DATA;
	assert_status(fixture_open(fx, &args, NULL), SHARING_VIOLATION);
	args.share = FILE_SHARE_ALL;
	assert_status(fixture_open(fx, &args, NULL), SHARING_VIOLATION);
	/* Overwriting is writing, whatever is asked for. */
	args.access = FILE_READ_ATTRIBUTES;
	args.disposition = FILE_OVERWRITE;
	assert_status(fixture_open(fx, &args, NULL), SHARING_VIOLATION);
	/* Attributes alone are free. */
	args.disposition = FILE_OPEN;
	args.share = 0;
	assert_ok(fixture_open(fx, &args, NULL));
	assert_ok(fixture_close(fx, f));
	args.access = FILE_WRITE_DATA;
	assert_ok(fixture_open(fx, &args, NULL));
}

static int run_in_child(struct fixture *fx, void (*fn)(struct fixture *fx))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		fixture_after_fork(fx);
		fn(fx);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void child_meets_violation(struct fixture *fx)
{
	const struct open_args args = {.name = "file",
				       .access = FILE_WRITE_DATA,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};

	if (!NT_STATUS_IS(fixture_open(fx, &args, NULL), SHARING_VIOLATION)) {
		_exit(1);
	}
}

static void child_holds_and_dies(struct fixture *fx)
{
	const struct open_args args = {.name = "held",
				       .disposition = FILE_CREATE};
	struct fsa_file *f = NULL;

	if (!NT_STATUS_IS_OK(fixture_open(fx, &args, &f))) {
		_exit(1);
	}
	kill(getpid(), SIGKILL);
}

static void test_processes(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "file", .disposition = FILE_CREATE};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	assert_int_equal(run_in_child(fx, child_meets_violation), 0);
	assert_ok(fixture_close(fx, f));
	assert_true(WIFSIGNALED(run_in_child(fx, child_holds_and_dies)));
	args.name = "held";
	args.disposition = FILE_OPEN;
	assert_ok(fixture_open(fx, &args, NULL));
}

static void test_delete_on_close(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "file",
				 .access = GENERIC_USE | DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .options = FILE_DELETE_ON_CLOSE};
	struct fsa_file *a = NULL;
	struct fsa_file *b = NULL;

	assert_ok(fixture_open(fx, &args, &a));
	args.options = 0;
	args.disposition = FILE_OPEN;
	assert_ok(fixture_open(fx, &args, &b));
	assert_ok(fixture_close(fx, a));
	/* Pending: no new opens, but the name stays until the last close. */
	assert_true(fixture_exists(fx, "file"));
	assert_status(fixture_open(fx, &args, NULL), DELETE_PENDING);
	args.access = FILE_READ_ATTRIBUTES;
	assert_status(fixture_open(fx, &args, NULL), DELETE_PENDING);
	assert_ok(fixture_close(fx, b));
	assert_false(fixture_exists(fx, "file"));
	args.options = FILE_DELETE_ON_CLOSE;
	assert_status(fixture_open(fx, &args, NULL), INVALID_PARAMETER);
}

/* [MS-FSA] 2.1.5.15.3 */
static void test_disposition(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "dir",
				 .access = FILE_GENERIC_READ | DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .options = FILE_DIRECTORY_FILE};
	struct fsa_file *f = NULL;
	struct fsa_stat st;

	assert_ok(fixture_open(fx, &args, &f));
	fixture_make_file(fx, "dir/file", "");
	assert_status(fixture_set_delete(fx, f, true), DIRECTORY_NOT_EMPTY);
	fixture_remove(fx, "dir/file");
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_stat(fx, f, &st));
	assert_true(st.delete_pending);
	assert_int_equal(st.nlink, 0);
	assert_ok(fixture_set_delete(fx, f, false));
	assert_ok(fixture_close(fx, f));
	assert_true(fixture_exists(fx, "dir"));

	args.disposition = FILE_OPEN;
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_false(fixture_exists(fx, "dir"));

	args = (struct open_args){.name = "ro",
				  .access = DELETE_ACCESS,
				  .disposition = FILE_CREATE,
				  .attributes = FILE_ATTRIBUTE_READONLY};
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(fixture_set_delete(fx, f, true), CANNOT_DELETE);
	assert_ok(fixture_close(fx, f));
	args.disposition = FILE_OPEN;
	args.access = FILE_READ_DATA;
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(fixture_set_delete(fx, f, true), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

/* Nothing is made in a directory that is to be deleted. */
static void test_make_in_deleted(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "dir",
				 .access = DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .options = FILE_DIRECTORY_FILE};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_set_delete(fx, f, true));
	args.name = "dir\\file";
	args.options = 0;
	assert_status(fixture_open(fx, &args, NULL), DELETE_PENDING);
	assert_false(fixture_exists(fx, "dir/file"));
	assert_ok(fixture_close(fx, f));
	assert_false(fixture_exists(fx, "dir"));
}

/* The file that is deleted is the one that was opened, wherever it is now. */
static void test_delete_after_move(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "dir\\file",
				 .access = DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_OPEN};
	struct fsa_file *f = NULL;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "");
	assert_ok(fixture_open(fx, &args, &f));
	assert_int_equal(
		rename(fixture_path(fx, "dir"), fixture_path(fx, "moved")), 0);
	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "another");
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_true(fixture_exists(fx, "dir/file"));
	assert_false(fixture_exists(fx, "moved/file"));
}

static void test_readonly_attribute(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "ro",
				 .access = READ_WRITE,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .attributes = FILE_ATTRIBUTE_READONLY};
	struct fsa_file *f = NULL;
	struct fsa_io io;

	/* Who makes it may write it through that open. */
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_close(fx, f));
	args.disposition = FILE_OPEN;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.access = MAXIMUM_ALLOWED;
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(fsa_file_granted_access(io.u.create.file) &
				 (FILE_WRITE_DATA | FILE_READ_DATA),
			 FILE_READ_DATA);
	assert_int_equal(io.u.create.stat.attributes,
			 FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_ARCHIVE);
	assert_ok(fixture_close(fx, io.u.create.file));
	args.access = FILE_READ_DATA | DELETE_ACCESS;
	args.options = FILE_DELETE_ON_CLOSE;
	assert_status(fixture_open(fx, &args, NULL), CANNOT_DELETE);
}

/* [MS-FSA] 2.1.5.1.2: overwriting must not take hidden and system away. */
static void test_overwrite_attributes(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "h",
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .attributes = FILE_ATTRIBUTE_HIDDEN};
	struct fsa_io io;

	assert_ok(fixture_open(fx, &args, NULL));
	args.disposition = FILE_OVERWRITE;
	args.attributes = FILE_ATTRIBUTE_NORMAL;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.attributes = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(io.u.create.stat.attributes,
			 FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM |
				 FILE_ATTRIBUTE_ARCHIVE);
	assert_ok(fixture_close(fx, io.u.create.file));
}

static void test_read_only_share(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "file",
				 .access = FILE_WRITE_DATA,
				 .disposition = FILE_OPEN};
	struct fsa_io io;

	params.read_only = true;
	args.volume = fixture_mount(fx, &params);
	fixture_make_file(fx, "file", "text");
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.access = FILE_READ_DATA;
	args.disposition = FILE_OVERWRITE;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.disposition = FILE_OPEN_IF;
	args.name = "new";
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	assert_false(fixture_exists(fx, "new"));
	args.name = "file";
	args.access = MAXIMUM_ALLOWED;
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(fsa_file_granted_access(io.u.create.file),
			 fsa_volume_maximal_access(args.volume));
	assert_ok(fixture_close(fx, io.u.create.file));
}

/* The kernel decides by the user's rights; root alone can be several. */
static void test_users(void **state)
{
	struct fixture *fx = *state;
	const struct identity nobody = {.uid = 65534, .gid = 65534};
	struct open_args args = {.name = "file",
				 .share = FILE_SHARE_ALL,
				 .access = FILE_READ_DATA,
				 .disposition = FILE_OPEN};
	struct fsa_io io;

	if (geteuid() != 0) {
		skip();
	}
	fixture_make_file(fx, "file", "text");
	assert_int_equal(chmod(fixture_path(fx, "file"), 0644), 0);
	assert_int_equal(chmod(fx->share, 0755), 0);
	fx->who = nobody;
	identity_assume(&fx->who);
	assert_ok(fixture_open(fx, &args, NULL));
	args.access = FILE_WRITE_DATA;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.access = DELETE_ACCESS;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.access = WRITE_DAC;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.access = MAXIMUM_ALLOWED;
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(fsa_file_granted_access(io.u.create.file),
			 FILE_GENERIC_READ | FILE_EXECUTE);
	assert_ok(fixture_close(fx, io.u.create.file));
	args.name = "new";
	args.access = 0;
	args.disposition = FILE_CREATE;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	identity_drop();
	assert_int_equal(chmod(fixture_path(fx, "file"), 0600), 0);
	identity_assume(&fx->who);
	args.name = "file";
	args.disposition = FILE_OPEN;
	args.access = FILE_READ_ATTRIBUTES;
	assert_ok(fixture_open(fx, &args, NULL));
	/* A directory that may be added to, but not read. */
	identity_drop();
	fixture_make_dir(fx, "drop");
	assert_int_equal(chmod(fixture_path(fx, "drop"), 0733), 0);
	identity_assume(&fx->who);
	args.name = "drop";
	args.access = FILE_ADD_FILE;
	assert_ok(fixture_open(fx, &args, NULL));
	args.access = FILE_LIST_DIRECTORY;
	assert_status(fixture_open(fx, &args, NULL), ACCESS_DENIED);
	args.name = "drop\\new";
	args.access = 0;
	args.disposition = FILE_CREATE;
	assert_ok(fixture_open(fx, &args, NULL));
	fx->who = (struct identity){0};
	identity_assume(&fx->who);
}

/* The last to close deletes as the one who asked for it. */
static void test_deleter(void **state)
{
	struct fixture *fx = *state;
	const struct identity nobody = {.uid = 65534, .gid = 65534};
	struct open_args args = {.name = "file",
				 .share = FILE_SHARE_ALL,
				 .access = FILE_READ_DATA | DELETE_ACCESS,
				 .disposition = FILE_OPEN};
	struct fsa_file *mine = NULL;
	struct fsa_file *theirs = NULL;

	if (geteuid() != 0) {
		skip();
	}
	fixture_make_file(fx, "file", "text");
	assert_int_equal(chmod(fx->share, 0755), 0);
	assert_ok(fixture_open(fx, &args, &mine));
	fx->who = nobody;
	identity_assume(&fx->who);
	args.access = FILE_READ_DATA;
	assert_ok(fixture_open(fx, &args, &theirs));
	fx->who = (struct identity){0};
	identity_assume(&fx->who);
	assert_ok(fixture_set_delete(fx, mine, true));
	assert_ok(fixture_close(fx, mine));
	fx->who = nobody;
	identity_assume(&fx->who);
	assert_ok(fixture_close(fx, theirs));
	assert_false(fixture_exists(fx, "file"));
	fx->who = (struct identity){0};
	identity_assume(&fx->who);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

/* Deprecated, and yet the one way to make talloc fail on purpose. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void limit_memory(TALLOC_CTX *mem_ctx, size_t limit)
{
	assert_int_equal(talloc_set_memlimit(mem_ctx, limit), 0);
}
#pragma GCC diagnostic pop

/* It may stay when there is no memory to note who deletes it, but not open. */
static void test_a_deletion_without_memory(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "doomed",
				 .access = GENERIC_USE | DELETE_ACCESS,
				 .disposition = FILE_OPEN_IF,
				 .options = FILE_DELETE_ON_CLOSE};
	struct fsa_file *f;

	assert_ok(fixture_open(fx, &args, &f));
	limit_memory(fx->locking->share_modes,
		     talloc_total_size(fx->locking->share_modes));
	assert_ok(fixture_close(fx, f));
	limit_memory(fx->locking->share_modes, 0);
	assert_true(fixture_exists(fx, "doomed"));
	assert_ok(fixture_open(fx, &args, NULL));
	assert_false(fixture_exists(fx, "doomed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_dispositions),
		TEST(test_a_deletion_without_memory),
		TEST(test_kinds),
		TEST(test_share_modes),
		TEST(test_processes),
		TEST(test_delete_on_close),
		TEST(test_disposition),
		TEST(test_make_in_deleted),
		TEST(test_delete_after_move),
		TEST(test_readonly_attribute),
		TEST(test_overwrite_attributes),
		TEST(test_read_only_share),
		TEST(test_users),
		TEST(test_deleter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
