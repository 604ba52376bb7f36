/* vfs_modules/tests/memory_test.c - the memory driver: room, holes, listings
 * that go on under change, files without a name, rights, POSIX opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/identity.h"
#include "vfs_modules/tests/memory_check.h"

#define DRIVER (&fsa_memory_driver)
#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)
#define OK(status) IS(status, "SUCCESS")
#define MEGABYTE   (1024u * 1024u)

struct fixture {
	struct fsa_driver_env env;
	void *shared;
	void *state;
	struct fsa_mount *mount;
};

static NTSTATUS mount_with(struct fixture *fx, const char *size,
			   struct fsa_mount **out)
{
	const struct fsa_option options[] = {{"Memory:Size", size}};
	const struct fsa_volume_params params = {.share_name = "s",
						 .path = "",
						 .create_mask = 0744,
						 .directory_mask = 0755,
						 .options = options,
						 .num_options =
							 size == NULL ? 0 : 1};

	return DRIVER->mount(fx, fx->state, &params, out);
}

static int setup(void **state)
{
	struct fixture *fx = talloc_zero(NULL, struct fixture);

	assert_non_null(fx);
	OK(DRIVER->share(fx, &fx->shared));
	OK(DRIVER->start(fx, &fx->env, fx->shared, &fx->state));
	OK(mount_with(fx, "4M", &fx->mount));
	*state = fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;

	memory_check(fx->state);
	talloc_free(fx->mount);
	talloc_free(fx->state);
	talloc_free(fx);
	return 0;
}

static NTSTATUS try_make(struct fixture *fx, const char *path, bool directory,
			 struct fsa_node **out)
{
	const struct fsa_how how = {.path = path, .directory = directory};
	struct fsa_stat st;

	return DRIVER->make(fx, fx->mount, &how, out, &st);
}

static struct fsa_node *make(struct fixture *fx, const char *path)
{
	struct fsa_node *n = NULL;

	OK(try_make(fx, path, false, &n));
	return n;
}

static NTSTATUS try_open(struct fixture *fx, const char *path, uint32_t access,
			 struct fsa_node **out)
{
	const struct fsa_how how = {.path = path, .access = access};
	struct fsa_stat st;

	return DRIVER->open(fx, fx->mount, &how, out, &st);
}

static struct fsa_node *open_it(struct fixture *fx, const char *path)
{
	struct fsa_node *n = NULL;

	OK(try_open(fx, path, 0, &n));
	return n;
}

static NTSTATUS put(struct fsa_node *n, uint64_t offset, uint32_t length,
		    uint32_t *out)
{
	static uint8_t data[8 * MEGABYTE];
	struct fsa_io io = {.op = FSA_WRITE};
	NTSTATUS status;

	memset(data, 'x', sizeof(data));
	io.u.write = (struct fsa_write){
		.offset = offset, .data = data, .length = length};
	status = DRIVER->write(n, &io);
	*out = io.u.write.nwritten;
	return status;
}

static uint64_t free_units(struct fixture *fx)
{
	struct fsa_volume_info info;

	OK(DRIVER->volume_info(fx->mount, &info));
	return info.caller_free_units;
}

/* --- room
 * -------------------------------------------------------------------------- */

static void test_full(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = make(fx, "f");
	struct fsa_node *more = NULL;
	uint64_t before = free_units(fx);
	struct fsa_stat st;
	uint32_t written = 0;

	IS(put(n, 0, 8 * MEGABYTE, &written), "DISK_FULL");
	/* What was written before is there. */
	OK(DRIVER->stat(n, &st));
	assert_int_equal(st.end_of_file, written);
	assert_true(written > 3 * MEGABYTE);
	memory_check(fx->state);
	IS(DRIVER->reserve(n, 8 * MEGABYTE), "DISK_FULL");
	OK(DRIVER->unlink(n));
	/* It is open. */
	assert_true(free_units(fx) < before / 2);
	talloc_free(n);
	assert_true(free_units(fx) >= before);
	OK(try_make(fx, "g", false, &more));
	talloc_free(more);
}

/* All room goes into names: then there is none for one more, and nothing is
 * half made. */
static void test_full_of_names(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = NULL;
	struct fsa_node *dir = NULL;
	NTSTATUS status = NT_STATUS_OK;
	char path[32];
	unsigned int made = 0;

	OK(try_make(fx, "d", true, &dir));
	while (NT_STATUS_IS_OK(status)) {
		snprintf(path, sizeof(path), "d\\%u", made);
		status = try_make(fx, path, false, &n);
		if (NT_STATUS_IS_OK(status)) {
			made++;
			talloc_free(n);
		}
	}
	IS(status, "DISK_FULL");
	assert_true(made > 1000);
	memory_check(fx->state);
	IS(try_open(fx, path, 0, &n), "OBJECT_NAME_NOT_FOUND");
	for (unsigned int i = 0; i < made; i++) {
		snprintf(path, sizeof(path), "D\\%u", i);
		n = open_it(fx, path);
		OK(DRIVER->unlink(n));
		talloc_free(n);
	}
	OK(DRIVER->check_empty(dir));
	talloc_free(dir);
}

static void test_size_option(void **state)
{
	struct fixture *fx = *state;
	struct fsa_mount *m = NULL;
	struct fsa_volume_info info;
	const char *const bad[] = {
		"0", "", "x", "-1", "1X", "1KK", "18446744073709551615M", " "};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		IS(mount_with(fx, bad[i], &m), "BAD_NETWORK_NAME");
	}
	OK(mount_with(fx, "2m", &m));
	OK(DRIVER->volume_info(m, &info));
	assert_int_equal(info.total_units, 2 * MEGABYTE / ARENA_PAGE);
	talloc_free(m);
	/* More than there is is what there is. */
	OK(mount_with(fx, "1000000T", &m));
	OK(DRIVER->volume_info(m, &info));
	assert_true(info.total_units < (uint64_t)1 << 40);
	talloc_free(m);
	OK(mount_with(fx, NULL, &m));
	talloc_free(m);
}

/* --- holes
 * ------------------------------------------------------------------------- */

struct ranges {
	uint64_t offsets[8], lengths[8];
	size_t count, most;
};

static bool take_range(uint64_t offset, uint64_t length, void *private_data)
{
	struct ranges *r = private_data;

	r->offsets[r->count] = offset;
	r->lengths[r->count++] = length;
	return r->count < r->most;
}

static void test_sparse(void **state)
{
	struct fixture *fx = *state;
	const uint64_t far = (uint64_t)1 << 60;
	struct fsa_node *n = make(fx, "f");
	const struct fsa_range hole = {.to = 4096, .length = 8192};
	struct ranges r = {.most = 8};
	struct fsa_stat st;
	uint64_t done = 0;
	uint32_t written;

	OK(DRIVER->set_sparse(n, true));
	OK(put(n, 100, 16384, &written));
	OK(put(n, far, 1, &written));
	OK(DRIVER->zero(n, &hole, true, NULL, &done));
	assert_int_equal(done, hole.length);
	OK(DRIVER->ranges(n, 50, far, take_range, &r));
	assert_int_equal(r.count, 3);
	assert_int_equal(r.offsets[0], 50);
	assert_int_equal(r.lengths[0], 4096 - 50);
	assert_int_equal(r.offsets[1], 12288);
	assert_int_equal(r.lengths[1], 8192);
	assert_int_equal(r.offsets[2], far);
	assert_int_equal(r.lengths[2], 50);
	r = (struct ranges){.most = 1};
	OK(DRIVER->ranges(n, 12300, 100, take_range, &r));
	assert_int_equal(r.count, 1);
	assert_int_equal(r.lengths[0], 100);
	OK(DRIVER->stat(n, &st));
	assert_int_equal(st.end_of_file, far + 1);
	assert_int_equal(st.allocation_size, 4 * 4096);
	/* There is no room for all of it. */
	IS(DRIVER->set_sparse(n, false), "DISK_FULL");
	OK(DRIVER->set_size(n, 1));
	OK(DRIVER->set_sparse(n, false));
	OK(DRIVER->stat(n, &st));
	assert_int_equal(st.allocation_size, 4096);
	IS(put(n, INT64_MAX, 1, &written), "DISK_FULL");
	talloc_free(n);
}

/* What was cut off does not come back. */
static void test_cut_off_is_zero(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = make(fx, "f");
	struct fsa_io io = {.op = FSA_READ};
	uint8_t data[64];
	uint32_t written;

	OK(put(n, 0, 20000, &written));
	OK(DRIVER->set_size(n, 10));
	OK(DRIVER->set_size(n, 20000));
	io.u.read = (struct fsa_read){
		.offset = 8, .data = data, .length = sizeof(data)};
	OK(DRIVER->read(n, &io));
	assert_int_equal(io.u.read.nread, sizeof(data));
	assert_memory_equal(data, "xx\0\0\0\0", 6);
	io.u.read.offset = 19990;
	OK(DRIVER->read(n, &io));
	assert_int_equal(io.u.read.nread, 10);
	assert_memory_equal(data, "\0\0\0\0\0\0\0\0\0\0", 10);
	talloc_free(n);
}

/* --- names
 * ------------------------------------------------------------------------- */

/* [MS-FSA] 2.1.5.6.3: what stays is given once, whatever comes and goes. */
static void test_scan_under_change(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *root = open_it(fx, "");
	struct fsa_scan *scan = NULL;
	unsigned int stays = 0;
	const char *name = NULL;
	char path[32];

	for (unsigned int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), i % 3 == 0 ? "Stay%03u" : "go%03u",
			 i);
		talloc_free(make(fx, path));
	}
	OK(DRIVER->scan_open(fx, root, &scan));
	for (unsigned int i = 0;
	     NT_STATUS_IS_OK(DRIVER->scan_next(scan, &name)); i++) {
		struct fsa_node *n;

		stays += strncmp(name, "Stay", 4) == 0;
		snprintf(path, sizeof(path), "GO%03u", i);
		if (NT_STATUS_IS_OK(try_open(fx, path, 0, &n))) {
			OK(DRIVER->unlink(n));
			talloc_free(n);
		}
		snprintf(path, sizeof(path), "a-new-one%u", i);
		talloc_free(make(fx, path));
	}
	assert_int_equal(stays, 100);
	talloc_free(scan);
	talloc_free(root);
}

static void test_path_follows_renames(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *dir = NULL;
	struct fsa_node *n, *other;

	OK(try_make(fx, "dir", true, &dir));
	n = make(fx, "dir\\file");
	OK(DRIVER->rename(dir, "Other", false));
	assert_string_equal(DRIVER->path(n), "Other\\file");
	other = open_it(fx, "oTHER\\FILE");
	OK(DRIVER->rename(other, "top", false));
	assert_string_equal(DRIVER->path(n), "top");
	/* No directory goes below itself. */
	IS(DRIVER->rename(dir, "other\\below", false), "INVALID_PARAMETER");
	OK(DRIVER->unlink(n));
	assert_false(DRIVER->is_linked(other));
	IS(DRIVER->unlink(other), "OBJECT_NAME_NOT_FOUND");
	/* The name that it had. */
	assert_string_equal(DRIVER->path(n), "top");
	talloc_free(n);
	memory_check(fx->state);
	talloc_free(other);
	talloc_free(dir);
}

static void test_stream_outlives_name(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = make(fx, "f");
	struct fsa_node *s = NULL;
	uint32_t written;

	OK(DRIVER->stream_make(n, n, "s", &s));
	OK(put(s, 0, 100000, &written));
	OK(DRIVER->strip(n));
	assert_false(DRIVER->is_linked(s));
	memory_check(fx->state);
	OK(put(s, 0, 100000, &written));
	talloc_free(s);
	talloc_free(n);
}

/* --- rights
 * ------------------------------------------------------------------------ */

static void as(uid_t uid, gid_t gid)
{
	const struct identity who = {.uid = uid, .gid = gid};

	identity_assume(&who);
}

/* Without root nobody can be another; the driver goes by who was assumed. */
static void test_rights_by_mode(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *dir = NULL;
	struct fsa_node *n = NULL;

	as(1000, 1000);
	OK(try_make(fx, "dir", true, &dir));
	n = make(fx, "dir\\file");
	assert_true((DRIVER->rights(n) & DELETE_ACCESS) != 0);
	assert_true((DRIVER->rights(n) & WRITE_DAC) != 0);
	talloc_free(n);
	as(1001, 1000);
	n = open_it(fx, "dir\\file");
	assert_true((DRIVER->rights(n) & FILE_READ_DATA) != 0);
	assert_int_equal(DRIVER->rights(n) &
				 (FILE_WRITE_DATA | DELETE_ACCESS | WRITE_DAC),
			 0);
	IS(DRIVER->unlink(n), "ACCESS_DENIED");
	IS(DRIVER->rename(n, "mine", false), "ACCESS_DENIED");
	talloc_free(n);
	IS(try_open(fx, "dir\\file", FILE_WRITE_DATA, &n), "ACCESS_DENIED");
	IS(try_make(fx, "dir\\other", false, &n), "ACCESS_DENIED");
	as(0, 0);
	n = open_it(fx, "dir\\file");
	OK(DRIVER->unlink(n));
	talloc_free(n);
	talloc_free(dir);
	as(geteuid(), getegid());
}

static void test_entries_of_acl(void **state)
{
	struct fixture *fx = *state;
	struct fsa_unix_entry entries[] = {
		{.id = 1001, .rwx = 4},
		{.group = true, .id = 2000, .rwx = 6},
	};
	struct fsa_protection p = {.unix_change = {.set_mode = true,
						   .mode = 0700,
						   .num_entries = 2,
						   .entries = entries}};
	struct mem_inode *inode;
	struct fsa_node *n;

	as(1000, 1000);
	n = make(fx, "f");
	OK(DRIVER->set_descriptor(n, &p));
	inode = mem_node(n)->inode;
	memory_begin(fx->state);
	as(1001, 2000); /* the user's own entry comes first */
	assert_false(memory_may(inode, 2) && inode->descriptor == NULL);
	OK(memory_set_blob(fx->state, inode->share, &inode->descriptor, NULL,
			   0));
	assert_true(memory_may(inode, 4));
	assert_false(memory_may(inode, 2));
	as(1002, 2000);
	assert_true(memory_may(inode, 6));
	as(1002, 1000);
	assert_false(memory_may(inode, 4));
	OK(memory_end(fx->state, NT_STATUS_OK));
	as(geteuid(), getegid());
	talloc_free(n);
}

/* --- POSIX opens
 * ---------------------------------------------------------------------- */

static NTSTATUS try_exact(struct fixture *fx, const char *path, bool fresh,
			  struct fsa_node **out)
{
	const struct fsa_how how = {
		.path = path, .posix = true, .has_mode = fresh, .mode = 0640};
	struct fsa_stat st;

	return fresh ? DRIVER->make(fx, fx->mount, &how, out, &st)
		     : DRIVER->open(fx, fx->mount, &how, out, &st);
}

static void make_exact(struct fixture *fx, const char *path)
{
	struct fsa_node *n = NULL;

	OK(try_exact(fx, path, true, &n));
	talloc_free(n);
}

static uint64_t inode_of(struct fixture *fx, const char *path, bool exact)
{
	struct fsa_node *n = NULL;
	uint64_t inode;

	OK(exact ? try_exact(fx, path, false, &n) : try_open(fx, path, 0, &n));
	inode = n->inode;
	talloc_free(n);
	return inode;
}

static void test_case_matters(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = NULL;

	make_exact(fx, "Name");
	IS(try_exact(fx, "nAME", false, &n), "OBJECT_NAME_NOT_FOUND");
	assert_int_equal(inode_of(fx, "nAME", false),
			 inode_of(fx, "Name", true));
	make_exact(fx, "nAME");
	make_exact(fx, "NAME");
	IS(try_exact(fx, "NAME", true, &n), "OBJECT_NAME_COLLISION");
	IS(try_make(fx, "name", false, &n), "OBJECT_NAME_COLLISION");
	/* An ordinary open finds the exact one first. */
	assert_int_equal(inode_of(fx, "nAME", false),
			 inode_of(fx, "nAME", true));
	assert_int_equal(inode_of(fx, "Name", false),
			 inode_of(fx, "Name", true));
	assert_int_equal(inode_of(fx, "NAME", false),
			 inode_of(fx, "NAME", true));
	assert_true(inode_of(fx, "NAME", true) != inode_of(fx, "Name", true));
	memory_check(fx->state);
	/* Its own name, in a case that another file has. */
	n = open_it(fx, "Name");
	IS(DRIVER->rename(n, "nAME", false), "OBJECT_NAME_COLLISION");
	OK(DRIVER->rename(n, "nAME", true));
	memory_check(fx->state);
	assert_int_equal(inode_of(fx, "nAME", true), n->inode);
	talloc_free(n);
	IS(try_exact(fx, "Name", false, &n), "OBJECT_NAME_NOT_FOUND");
}

static void is_listed(struct fixture *fx, bool exact, const char *const *names)
{
	struct fsa_node *root = NULL;
	struct fsa_scan *scan = NULL;
	const char *name = NULL;

	OK(exact ? try_exact(fx, "", false, &root)
		 : try_open(fx, "", 0, &root));
	OK(DRIVER->scan_open(fx, root, &scan));
	for (; *names != NULL; names++) {
		OK(DRIVER->scan_next(scan, &name));
		assert_string_equal(name, *names);
	}
	IS(DRIVER->scan_next(scan, &name), "NO_MORE_FILES");
	talloc_free(scan);
	talloc_free(root);
}

static void test_odd_names(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = NULL;

	make_exact(fx, "A:");
	make_exact(fx, "a:");
	make_exact(fx, "b/c");
	make_exact(fx, "d\xff");
	is_listed(fx, true,
		  (const char *const[]){"A:", "a:", "b\\c", "d\xee\xbf\xbf",
					NULL});
	is_listed(fx, false,
		  (const char *const[]){"A\xef\x80\xa2", "a\xef\x80\xa2",
					"b\xef\x80\xa6"
					"c",
					"d\xee\xbf\xbf", NULL});
	n = open_it(fx, "B\xef\x80\xa6"
			"C");
	assert_string_equal(DRIVER->path(n), "b\xef\x80\xa6"
					     "c");
	talloc_free(n);
	/* For a client that maps them itself. */
	assert_int_equal(inode_of(fx, "a\xef\x80\xa2", true),
			 inode_of(fx, "a:", true));
	IS(try_exact(fx, "b\\c", false, &n), "OBJECT_PATH_NOT_FOUND");
	IS(try_exact(fx, "\xef\x80\xa9", false, &n), "OBJECT_NAME_NOT_FOUND");
}

/* What is shown of a name may be longer than any name. */
static void test_long_names(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = NULL;
	char name[258];
	char shown[3 * 256 + 1] = "";

	memset(name, ':', sizeof(name));
	name[255] = '\0';
	make_exact(fx, name);
	for (size_t i = 0; i < 255; i++) {
		memcpy(shown + 3 * i, "\xef\x80\xa2", 4);
	}
	n = open_it(fx, shown);
	assert_string_equal(DRIVER->path(n), shown);
	OK(DRIVER->rename(n, "short", false));
	IS(DRIVER->rename(n, shown, false), "OBJECT_NAME_INVALID");
	talloc_free(n);
	IS(try_make(fx, shown, false, &n), "OBJECT_NAME_INVALID");
	memcpy(shown + (size_t)3 * 255, "\xef\x80\xa2", 4);
	IS(try_open(fx, shown, 0, &n), "OBJECT_NAME_INVALID");
	name[255] = ':';
	name[256] = '\0';
	IS(try_exact(fx, name, true, &n), "OBJECT_NAME_INVALID");
}

static void test_exact_scan_goes_on(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *root = open_it(fx, "");
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	unsigned int found = 0;
	char path[8];

	/* All the cases of one name. */
	for (unsigned int i = 0; i < 64; i++) {
		for (unsigned int k = 0; k < 6; k++) {
			path[k] = (char)((i >> k & 1) != 0 ? 'x' : 'X');
		}
		path[6] = '\0';
		make_exact(fx, path);
	}
	OK(DRIVER->scan_open(fx, root, &scan));
	while (NT_STATUS_IS_OK(DRIVER->scan_next(scan, &name))) {
		found += strlen(name) == 6;
		snprintf(path, sizeof(path), "a%u", found);
		talloc_free(make(fx, path)); /* it looks anew */
	}
	assert_int_equal(found, 64);
	talloc_free(scan);
	talloc_free(root);
}

static struct fsa_unix unix_of(struct fsa_node *n)
{
	struct fsa_unix un;

	OK(DRIVER->get_unix(n, &un));
	return un;
}

static void test_set_unix(void **state)
{
	struct fixture *fx = *state;
	struct fsa_unix_change mode = {.set_mode = true, .mode = 06711};
	struct fsa_unix_change owner = {.set_uid = true, .uid = 1001};
	struct fsa_unix_change group = {.set_gid = true, .gid = 2000};
	struct fsa_protection p = {.unix_change = {.set_mode = true}};
	struct security_descriptor sd;
	struct fsa_node *n = NULL;

	as(1000, 1000);
	OK(try_exact(fx, "f", true, &n));
	assert_int_equal(unix_of(n).mode & 07777, 0640);
	OK(DRIVER->set_descriptor(n, &p));
	OK(DRIVER->get_descriptor(fx, n, &sd));
	OK(DRIVER->set_unix(n, &mode));
	assert_int_equal(unix_of(n).mode & 07777, 06711);
	/* What was stored is void. */
	IS(DRIVER->get_descriptor(fx, n, &sd), "NOT_FOUND");
	IS(DRIVER->set_unix(n, &owner), "ACCESS_DENIED");
	IS(DRIVER->set_unix(n, &group), "ACCESS_DENIED");
	as(1001, 1000);
	IS(DRIVER->set_unix(n, &mode), "ACCESS_DENIED");
	assert_int_equal(unix_of(n).mode & 07777, 06711);
	as(0, 0);
	OK(DRIVER->set_unix(n, &owner));
	assert_int_equal(unix_of(n).uid, 1001);
	/* They are not left to the new owner. */
	assert_int_equal(unix_of(n).mode & 07777, 0711);
	OK(DRIVER->set_unix(n, &group));
	as(1001, 1000); /* not in that group */
	OK(DRIVER->set_unix(n, &mode));
	assert_int_equal(unix_of(n).mode & 07777, 04711);
	as(geteuid(), getegid());
	talloc_free(n);
}

/* --- several processes
 * ---------------------------------------------------------------- */

static void test_one_truth(void **state)
{
	struct fixture *fx = *state;
	struct fsa_node *n = make(fx, "f");
	struct fsa_stat st;
	uint32_t written;
	int wstatus;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		OK(DRIVER->start(fx, &fx->env, fx->shared, &fx->state));
		OK(mount_with(fx, "4M", &fx->mount));
		n = open_it(fx, "F");
		OK(put(n, 0, 1234, &written));
		OK(DRIVER->rename(n, "g", false));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_int_equal(wstatus, 0);
	OK(DRIVER->stat(n, &st));
	assert_int_equal(st.end_of_file, 1234);
	assert_string_equal(DRIVER->path(n), "g");
	talloc_free(n);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_full),
		TEST(test_full_of_names),
		TEST(test_size_option),
		TEST(test_sparse),
		TEST(test_cut_off_is_zero),
		TEST(test_scan_under_change),
		TEST(test_path_follows_renames),
		TEST(test_stream_outlives_name),
		TEST(test_rights_by_mode),
		TEST(test_entries_of_acl),
		TEST(test_case_matters),
		TEST(test_odd_names),
		TEST(test_long_names),
		TEST(test_exact_scan_goes_on),
		TEST(test_set_unix),
		TEST(test_one_truth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
