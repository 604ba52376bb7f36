/* vfs_modules/tests/memory_model_test.c - the same random operations on two
 * drivers, memory and posix, have the same results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "lib/identity.h"
#include "vfs_modules/tests/memory_check.h"

#define STEPS 4000
#define SLOTS 4
#define OK(status)                                                             \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_SUCCESS")

struct slot {
	struct fsa_node *node;
};

struct side {
	const struct fsa_driver *driver;
	struct fsa_driver_env env;
	void *state;
	struct fsa_mount *mount;
	struct slot slots[SLOTS];
	uint64_t seed; /* of the step */
	bool exact;    /* of POSIX opens, but for some of the root */
	char *said;    /* its results */
};

struct both {
	char dir[64];
	struct tevent_context *ev;
	struct side sides[2];
};

/* --- chance
 * ---------------------------------------------------------------------- */

static uint64_t next(struct side *s)
{
	uint64_t x = s->seed += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static const char *some(struct side *s, const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL) {
		n++;
	}
	return list[next(s) % n];
}

static const char *const paths[] = {
	"a",	    "A",	"b",	    "file.txt",	   "FILE.TXT", ".dot",
	"\xc3\xa4", "\xc3\x84", "dir",	    "Dir",	   "other",    "dir\\a",
	"DIR\\A",   "dir\\b",	"dir\\sub", "dir\\sub\\x", "other\\a", "",
	"a\\b",	    "none\\a",	NULL};

/* "/" stands for a backslash; U+F022 for ":" where that is what is there. */
static const char *const exact_paths[] = {"a",
					  "A",
					  "b",
					  "a:b",
					  "a\xef\x80\xa2"
					  "b",
					  "A:B",
					  "x/y",
					  "x\xef\x80\xa6y",
					  "end.",
					  "end\xef\x80\xa9",
					  "dir",
					  "Dir",
					  "dir\\a",
					  "dir\\A",
					  "Dir\\a",
					  "dir\\q?",
					  "dir\\q\xef\x80\xa5",
					  "dir\\sub",
					  "dir\\sub\\x",
					  "DIR\\a",
					  "\xff",
					  "\xee\xbf\xbf",
					  "\xef\x80\xa9",
					  "",
					  NULL};

static const char *some_path(struct side *s)
{
	return some(s, s->exact ? exact_paths : paths);
}

static struct side *say(struct side *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct side *say(struct side *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	s->said = talloc_vasprintf_append_buffer(s->said, format, ap);
	va_end(ap);
	assert_non_null(s->said);
	return s;
}

static bool said(struct side *s, const char *what, NTSTATUS status)
{
	say(s, "%s: %s\n", what, ntstatus_name(status));
	return NT_STATUS_IS_OK(status);
}

static void say_stat(struct side *s, const struct fsa_stat *st)
{
	say(s, "size %llu attributes %x links %u %s\n",
	    (unsigned long long)st->end_of_file,
	    st->nlink == 0 ? 0 : st->attributes, st->nlink,
	    st->directory ? "directory" : "file");
}

/* --- opening
 * --------------------------------------------------------------------- */

static void put(struct side *s, struct fsa_node *n)
{
	struct slot *slot = &s->slots[next(s) % SLOTS];

	talloc_free(slot->node);
	slot->node = n;
}

static void step_open(struct side *s)
{
	struct fsa_how how = {.path = some_path(s),
			      .access = FILE_READ_DATA | FILE_WRITE_DATA};
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	how.posix = s->exact && (*how.path != '\0' || next(s) % 2 == 0);

	say(s, "open %s ", how.path);
	if (said(s, "", s->driver->open(NULL, s->mount, &how, &n, &st))) {
		say(s, "is %s ", s->driver->path(n));
		say(s, "rights %x\n", s->driver->rights(n));
		say_stat(s, &st);
		put(s, n);
	}
}

static void step_make(struct side *s)
{
	const struct fsa_how how = {
		.path = some_path(s),
		.posix = s->exact,
		.has_mode = s->exact && next(s) % 2 == 0,
		.mode = 0700 | (mode_t)(next(s) & 0777),
		.access = FILE_READ_DATA | FILE_WRITE_DATA,
		.directory = next(s) % 3 == 0,
		.attributes = FILE_ATTRIBUTE_ARCHIVE,
	};
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	if (*how.path == '\0') {
		return;
	}
	say(s, "make %s ", how.path);
	if (said(s, "", s->driver->make(NULL, s->mount, &how, &n, &st))) {
		say_stat(s, &st);
		put(s, n);
	}
}

/* --- data
 * ------------------------------------------------------------------------ */

static void say_data(struct side *s, struct fsa_node *n)
{
	struct fsa_io io = {.op = FSA_READ};
	static uint8_t data[70000];
	uint64_t hash = 0;
	NTSTATUS status;

	io.u.read = (struct fsa_read){
		.data = data, .length = sizeof(data), .at_once = true};
	status = s->driver->read(n, &io);
	for (uint32_t i = 0; i < io.u.read.nread; i++) {
		hash = (hash ^ data[i]) * 0x100000001b3u;
	}
	said(s, "read", status);
	say(s, "%u bytes %llx\n", io.u.read.nread, (unsigned long long)hash);
}

static void write_some(struct side *s, struct fsa_node *n, uint64_t most)
{
	struct fsa_io io = {.op = FSA_WRITE};
	static uint8_t data[20000];
	uint64_t offset = next(s) % 4 == 0 ? UINT64_MAX : next(s) % most;

	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(next(s) | 1);
	}
	io.u.write = (struct fsa_write){
		.offset = offset,
		.data = data,
		.length = (uint32_t)(next(s) % (most < sizeof(data)
							? most
							: sizeof(data)))};
	said(s, "write", s->driver->write(n, &io));
	say(s, "%u bytes\n", io.u.write.nwritten);
}

static void zero_some(struct side *s, struct fsa_node *n)
{
	struct fsa_range r = {.to = next(s) % 30000};
	struct fsa_stat st;
	struct fsa_io io = {.op = FSA_FSCTL};
	uint64_t done = 0;

	OK(s->driver->stat(n, &st));
	if (r.to < st.end_of_file) {
		r.length = next(s) % (st.end_of_file - r.to) + 1;
		said(s, "zero",
		     s->driver->zero(n, &r, next(s) % 2 == 0, &io, &done));
	}
}

static void copy_some(struct side *s, struct fsa_node *to)
{
	struct fsa_node *from = s->slots[next(s) % SLOTS].node;
	struct fsa_range r = {.to = next(s) % 30000};
	struct fsa_io io = {.op = FSA_COPY};
	uint64_t done = 0;
	struct fsa_stat st;

	if (from == NULL || from->directory) {
		return;
	}
	OK(s->driver->stat(from, &st));
	if (st.end_of_file > 0) {
		r.from = next(s) % st.end_of_file;
		r.length = next(s) % (st.end_of_file - r.from) + 1;
		r.length = r.length < 20000 ? r.length : 20000;
		said(s, "copy", s->driver->copy(from, to, &r, &io, &done));
		say(s, "%llu\n", (unsigned long long)done);
	}
}

static void change_data(struct side *s, struct fsa_node *n)
{
	struct fsa_stat st;

	if (n->directory) {
		return;
	}
	switch (next(s) % 6) {
	case 0:
		said(s, "size", s->driver->set_size(n, next(s) % 60000));
		break;
	case 1:
		zero_some(s, n);
		break;
	case 2:
		copy_some(s, n);
		break;
	case 3:
		said(s, "sparse", s->driver->set_sparse(n, next(s) % 2 == 0));
		break;
	case 4:
		said(s, "reserve", s->driver->reserve(n, next(s) % 60000));
		break;
	default:
		write_some(s, n, 50000);
		break;
	}
	say_data(s, n);
	said(s, "stat", s->driver->stat(n, &st));
	say_stat(s, &st);
}

/* --- names
 * ----------------------------------------------------------------------- */

/* What the core would not let through. */
static bool is_directory(struct side *s, const char *path)
{
	const struct fsa_how how = {.path = path, .posix = s->exact};
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	if (*path == '\0') {
		return true;
	}
	if (!NT_STATUS_IS_OK(s->driver->open(NULL, s->mount, &how, &n, &st))) {
		return false;
	}
	talloc_free(n);
	return st.directory;
}

static bool is_root(struct side *s, struct fsa_node *n)
{
	const struct fsa_how how = {.path = ""};
	struct fsa_node *root = NULL;
	struct fsa_stat st;
	bool is;

	OK(s->driver->open(NULL, s->mount, &how, &root, &st));
	is = root->inode == n->inode;
	talloc_free(root);
	return is;
}

/* Which of two things is not there any more is all one. */
static void said_name(struct side *s, const char *what, NTSTATUS status)
{
	if (NT_STATUS_IS(status, OBJECT_PATH_NOT_FOUND)) {
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	said(s, what, status);
}

/* A second name, for a moment: for which name of a file an old open stands is
 * not said where the first one goes. */
static void link_for_a_moment(struct side *s, struct fsa_node *n,
			      const char *path, bool replace)
{
	const struct fsa_how how = {.path = path, .posix = s->exact};
	struct fsa_node *other = NULL;
	struct fsa_stat st;
	NTSTATUS status;

	say(s, "link to %s", path);
	status = s->driver->link(n, path, replace);
	said_name(s, "", status);
	OK(s->driver->stat(n, &st));
	say_stat(s, &st);
	if (!NT_STATUS_IS_OK(status) || st.nlink != 2) {
		return;
	}
	OK(s->driver->open(NULL, s->mount, &how, &other, &st));
	assert_int_equal(other->inode, n->inode);
	OK(s->driver->unlink(other));
	OK(s->driver->stat(other, &st));
	say_stat(s, &st);
	talloc_free(other);
}

static void change_name(struct side *s, struct fsa_node *n)
{
	const char *path = some_path(s);
	bool replace = next(s) % 2 == 0;

	if (is_root(s, n)) {
		return;
	}
	switch (next(s) % 4) {
	case 0:
		if (!n->directory && !is_directory(s, path)) {
			link_for_a_moment(s, n, path, replace);
		}
		break;
	case 1:
		said_name(s, "unlink", s->driver->unlink(n));
		break;
	default:
		/* Linux has no directory take a file's place; POSIX opens are
		 * told so by the driver. */
		if (s->exact ? *path != '\0'
			     : !is_directory(s, path) &&
				       !(n->directory && replace)) {
			say(s, "rename to %s", path);
			said_name(s, "", s->driver->rename(n, path, replace));
		}
		break;
	}
	say(s, "linked %d\n", s->driver->is_linked(n));
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines in any order are said in one. */
static void say_sorted(struct side *s, char **lines)
{
	qsort(lines, talloc_array_length(lines), sizeof(*lines), compare_lines);
	for (size_t i = 0; i < talloc_array_length(lines); i++) {
		say(s, "%s\n", lines[i]);
	}
	talloc_free(lines);
}

static char **add_line(char **lines, char *line)
{
	size_t n = talloc_array_length(lines);

	lines = talloc_realloc(NULL, lines, char *, n + 1);
	assert_non_null(lines);
	lines[n] = talloc_steal(lines, line);
	return lines;
}

static void list(struct side *s, struct fsa_node *n)
{
	char **lines = talloc_array(NULL, char *, 0);
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	struct fsa_stat st;

	OK(s->driver->scan_open(NULL, n, &scan));
	while (NT_STATUS_IS_OK(s->driver->scan_next(scan, &name))) {
		OK(s->driver->scan_stat(
			scan, FSA_WANT_STAT | FSA_WANT_ATTRIBUTES, &st));
		lines = add_line(
			lines,
			talloc_asprintf(NULL, "%s %u %llu %x", name, st.nlink,
					(unsigned long long)st.end_of_file,
					st.attributes));
	}
	talloc_free(scan);
	say_sorted(s, lines);
}

static void look(struct side *s, struct fsa_node *n)
{
	const char *found = NULL;
	const char *name =
		some(s, (const char *const[]){"a", "A", "FILE.txt", ".dot",
					      "SUB", "\xc3\xa4", ".", NULL});
	struct fsa_stat st;

	if (!n->directory || !s->driver->is_linked(n)) {
		return;
	}
	list(s, n);
	said(s, "empty", s->driver->check_empty(n));
	if (said(s, name,
		 s->driver->scan_lookup(n, n, name,
					FSA_WANT_STAT | FSA_WANT_ATTRIBUTES,
					&found, &st))) {
		say(s, "%s ", found);
		say_stat(s, &st);
	}
}

/* --- what is beside
 * ---------------------------------------------------------------- */

struct listing {
	char **lines;
};

static void take_stream(void *private_data, const struct fsa_stream_entry *e)
{
	struct listing *l = private_data;

	l->lines = add_line(
		l->lines, talloc_asprintf(NULL, "%s %llu", e->name,
					  (unsigned long long)e->end_of_file));
}

static void change_stream(struct side *s, struct fsa_node *n)
{
	static const char *const names[] = {"one", "ONE", "two", "\xc3\xa4",
					    NULL};
	/* The core knows when only the case is another. */
	static const char *const others[] = {"two", "third", NULL};
	struct listing l = {.lines = talloc_array(NULL, char *, 0)};
	const char *name = some(s, names);
	struct fsa_node *stream = NULL;
	struct fsa_stat st;
	NTSTATUS status = s->driver->stream_open(n, n, name, &stream);

	said(s, "stream", status);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		status = s->driver->stream_make(n, n, name, &stream);
		said(s, "make", status);
	}
	OK(status);
	switch (next(s) % 5) {
	case 0:
		said(s, "unlink", s->driver->unlink(stream));
		break;
	case 1:
		said(s, "rename",
		     s->driver->rename(stream, some(s, others),
				       next(s) % 2 == 0));
		break;
	case 2:
		said(s, "size", s->driver->set_size(stream, next(s) % 9000));
		break;
	default:
		write_some(s, stream, 3000);
		break;
	}
	if (s->driver->is_linked(stream)) {
		say_data(s, stream);
		OK(s->driver->stat(stream, &st));
		say_stat(s, &st);
	}
	talloc_free(stream);
	OK(s->driver->stream_each(n, take_stream, &l));
	say_sorted(s, l.lines);
}

static void change_ea(struct side *s, struct fsa_node *n)
{
	static const uint8_t value[300] = {1, 2, 3};
	struct fsa_ea ea = {
		.name = some(s,
			     (const char *const[]){"x", "X", "longer", NULL}),
		.flags = next(s) % 2 == 0 ? FILE_NEED_EA : 0,
		.value = {.data = (uint8_t *)(uintptr_t)value,
			  .length = next(s) % sizeof(value)}};
	char **lines = talloc_array(NULL, char *, 0);
	struct fsa_ea *all = NULL;
	size_t count = 0;

	said(s, "set ea", s->driver->set_ea(n, &ea));
	OK(s->driver->get_eas(n, n, &all, &count));
	for (size_t i = 0; i < count; i++) {
		lines = add_line(lines,
				 talloc_asprintf(NULL, "%s %x %zu", all[i].name,
						 all[i].flags,
						 all[i].value.length));
	}
	say_sorted(s, lines);
	say(s, "size %u\n", s->driver->ea_size(n));
}

static void change_basic(struct side *s, struct fsa_node *n)
{
	const NTTIME then = 133000000000000000u + next(s) % 1000000000;
	const struct fsa_basic basic = {
		.times = {.creation = next(s) % 2 == 0 ? then : 0,
			  .write = then + 17},
		.attributes = (uint32_t)(next(s) & 0x7f) & ~(uint32_t)0x58,
	};
	struct fsa_stat st;

	said(s, "basic", s->driver->set_basic(n, &basic));
	OK(s->driver->stat(n, &st));
	say_stat(s, &st);
	say(s, "write %llu\n", (unsigned long long)st.times.write);
	if (basic.times.creation != 0) {
		say(s, "made %llu\n", (unsigned long long)st.times.creation);
	}
}

static void change_unix(struct side *s, struct fsa_node *n)
{
	const struct fsa_unix_change change = {
		.set_uid = next(s) % 2 == 0,
		.uid = geteuid(),
		.set_gid = next(s) % 2 == 0,
		.gid = getegid(),
		.set_mode = next(s) % 2 == 0,
		.mode = 0700 | (mode_t)(next(s) & 07777),
	};
	struct fsa_unix un;

	if (is_root(s, n)) {
		return;
	}
	said(s, "set unix", s->driver->set_unix(n, &change));
	OK(s->driver->get_unix(n, &un));
	say(s, "mode %o owner %u group %u\n", un.mode, un.uid, un.gid);
}

static void change_beside(struct side *s, struct fsa_node *n)
{
	struct fsa_unix un;

	switch (next(s) % (s->exact ? 10 : 8)) {
	case 8:
	case 9:
		change_unix(s, n);
		break;
	case 0:
		change_ea(s, n);
		break;
	case 1:
		change_basic(s, n);
		break;
	case 2:
		said(s, "strip", s->driver->strip(n));
		break;
	case 3:
		OK(s->driver->get_unix(n, &un));
		say(s, "mode %o owner %u group %u\n",
		    is_root(s, n) ? 0 : un.mode, un.uid, un.gid);
		break;
	default:
		change_stream(s, n);
		break;
	}
}

/* --- in step
 * ---------------------------------------------------------------------- */

static void step(struct side *s)
{
	uint64_t kind = next(s) % 8;
	struct fsa_node *n = s->slots[next(s) % SLOTS].node;

	if (kind == 0 || n == NULL) {
		step_open(s);
	} else if (kind == 1) {
		step_make(s);
	} else if (kind == 2 || kind == 3) {
		change_name(s, n);
	} else if (kind == 4) {
		look(s, n);
	} else if (kind == 5 && s->driver->is_linked(n)) {
		change_beside(s, n);
	} else {
		change_data(s, n);
	}
}

static void mount_side(struct both *b, struct side *s,
		       const struct fsa_driver *driver)
{
	const struct fsa_volume_params params = {
		.share_name = "s",
		.path = b->dir,
		.create_mask = 0744,
		.directory_mask = 0755,
		.follow_symlinks = true,
		.store_dos_attributes = true,
		.named_streams = true,
		.ea_support = true,
	};
	void *shared = NULL;

	s->driver = driver;
	s->env.ev = b->ev;
	if (driver->share != NULL) {
		OK(driver->share(b, &shared));
	}
	OK(driver->start(b, &s->env, shared, &s->state));
	OK(driver->mount(b, s->state, &params, &s->mount));
}

static bool has_xattrs(const char *dir)
{
	return setxattr(dir, "user.probe", "1", 1, 0) == 0 &&
	       removexattr(dir, "user.probe") == 0;
}

static int setup(void **state)
{
	struct both *b = talloc_zero(NULL, struct both);

	assert_non_null(b);
	/* Where attributes are not bounded by a block. */
	snprintf(b->dir, sizeof(b->dir), "/dev/shm/memory_model.XXXXXX");
	if (mkdtemp(b->dir) == NULL) {
		snprintf(b->dir, sizeof(b->dir),
			 "/var/tmp/memory_model.XXXXXX");
		assert_non_null(mkdtemp(b->dir));
	}
	b->ev = tevent_context_init(b);
	mount_side(b, &b->sides[0], &fsa_memory_driver);
	mount_side(b, &b->sides[1], &fsa_posix_driver);
	*state = b;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	return remove(path);
}

static int teardown(void **state)
{
	struct both *b = *state;

	for (size_t i = 0; i < SLOTS; i++) {
		talloc_free(b->sides[0].slots[i].node);
		talloc_free(b->sides[1].slots[i].node);
	}
	memory_check(b->sides[0].state);
	nftw(b->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	/* A driver's mounts end before its state, and that before shared. */
	for (size_t i = 0; i < 2; i++) {
		talloc_free(b->sides[i].mount);
		talloc_free(b->sides[i].state);
	}
	talloc_free(b);
	return 0;
}

static void in_step(struct both *b, bool exact)
{
	uint64_t seed = (uint64_t)time(NULL);
	const char *given = getenv("HOLDFAST_SEED");

	if (!has_xattrs(b->dir)) {
		print_message("no user.* attributes in %s\n", b->dir);
		skip();
	}
	if (given != NULL) {
		seed = strtoull(given, NULL, 10);
	}
	print_message("HOLDFAST_SEED=%llu\n", (unsigned long long)seed);
	for (uint64_t i = 0; i < STEPS; i++) {
		for (size_t k = 0; k < 2; k++) {
			struct side *s = &b->sides[k];

			s->exact = exact;
			s->seed = seed + i * 0xd1342543de82ef95u;
			s->said = talloc_strdup(b, "");
			step(s);
		}
		assert_string_equal(b->sides[0].said, b->sides[1].said);
		TALLOC_FREE(b->sides[0].said);
		TALLOC_FREE(b->sides[1].said);
		if (i % 64 == 0) {
			memory_check(b->sides[0].state);
		}
	}
}

static void test_same_as_posix(void **state)
{
	in_step(*state, false);
}

static void test_same_in_posix_opens(void **state)
{
	in_step(*state, true);
}

int main(void)
{
	const struct identity who = {.uid = geteuid(), .gid = getegid()};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_as_posix, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_same_in_posix_opens, setup,
						teardown),
	};

	identity_assume(&who);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
