/* torture/dir_lease_change.c - what breaks a lease on a directory: whatever
 * another one changes in it ([MS-FSA] 2.1.4.12 with PARENT_OBJECT, [MS-SMB2]
 * 3.3.1.4). */
#include "smb2/fscc_list.h"
#include "torture/dir_leases.h"
#include "torture/features.h"

/* --- names -----------------------------------------------------------------
 */

static void new_file(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = torture_open(t, l.b, leased_path(&l, "new"),
					      FILE_READ_DATA, FILE_CREATE, 0);

	must_break(&l);
	OK(cli_close(l.b, id));
	must_not_break(&l);
}

static void new_directory(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	torture_mkdir(t, l.b, "leased\\new");
	must_break(&l);
}

/* [MS-FSA] has nobody above told. */
static void not_of_what_is_deeper(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	torture_mkdir(t, l.b, "leased\\sub");
	must_break(&l);
	l.h = hold_dir_all(t, l.a, l.dir, l.h.granted);
	torture_file(t, l.b, "leased\\sub\\file", "text");
	must_not_break(&l);
}

static void what_fails_breaks_nothing(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	STATUS(torture_try_open(t, l.b, l.file, TORTURE_ALL, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
	STATUS(torture_try_open(t, l.b, leased_path(&l, "none"), TORTURE_ALL,
				FILE_OPEN, 0),
	       OBJECT_NAME_NOT_FOUND);
	STATUS(torture_rename(l.b, id, leased_path(&l, "no\\such"), false),
	       OBJECT_PATH_NOT_FOUND);
	OK(cli_close(l.b, id));
	must_not_break(&l);
}

/* Not when deletion is asked for: when the name goes. */
static void deleted(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);
	struct smb2_file_id last = leased_open(&l);

	OK(torture_set_delete(l.b, id, true));
	OK(cli_close(l.b, id));
	must_not_break(&l);
	OK(cli_close(l.b, last));
	must_break(&l);
}

static void deleted_on_close(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = torture_open(t, l.b, l.file, DELETE_ACCESS,
					      FILE_OPEN, FILE_DELETE_ON_CLOSE);

	must_not_break(&l);
	OK(cli_close(l.b, id));
	must_break(&l);
}

static void directory_deleted(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *sub = torture_mkdir(t, l.b, "leased\\sub");
	struct smb2_file_id id;

	must_break(&l);
	l.h = hold_dir_all(t, l.a, l.dir, l.h.granted);
	id = torture_open(t, l.b, sub, DELETE_ACCESS, FILE_OPEN,
			  FILE_DELETE_ON_CLOSE | FILE_DIRECTORY_FILE);
	must_not_break(&l);
	OK(cli_close(l.b, id));
	must_break(&l);
}

static void renamed_within(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(torture_rename(l.b, id, leased_path(&l, "other"), false));
	must_break(&l);
}

/* Both directories', with one break each. */
static void renamed_out_and_in(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *to = torture_mkdir(t, l.a, "to");
	struct held there = hold_dir_all(t, l.a, to, want_lease(LEASE_RH));
	struct smb2_file_id id = leased_open(&l);

	OK(torture_rename(l.b, id, torture_path(t, l.b, "to\\file"), false));
	lease_break_is(&there, LEASE_RH, LEASE_NONE, true);
	must_break(&l);
	ack_lease(&there, LEASE_NONE);
}

/* An open made before its file was moved by another process: what it changes
 * is in the new directory. */
static void changed_after_a_move(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *to = torture_mkdir(t, l.a, "to");
	struct smb2_file_id before = leased_open(&l), mover;
	struct cli_tree *c = torture_tree(t);
	struct held there;

	mover = torture_open(t, c, l.file, DELETE_ACCESS, FILE_OPEN, 0);
	OK(torture_rename(c, mover, torture_path(t, c, "to\\file"), false));
	must_break(&l);
	l.h = hold_dir_all(t, l.a, l.dir, l.h.granted);
	there = hold_dir_all(t, l.a, to, want_lease(LEASE_RH));
	OK(torture_set_eof(l.b, before, 1));
	lease_break_is(&there, LEASE_RH, LEASE_NONE, true);
	must_not_break(&l);
}

static void replaced(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *from = torture_file(t, l.b, "from", "new");
	struct smb2_file_id id =
		torture_open(t, l.b, from, DELETE_ACCESS, FILE_OPEN, 0);

	OK(torture_rename(l.b, id, l.file, true));
	must_break(&l);
}

static void linked(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *from = torture_file(t, l.b, "from", "new");
	struct smb2_file_id id =
		torture_open(t, l.b, from, TORTURE_ALL, FILE_OPEN, 0);
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct fscc_rename in = {0};
	struct blob name;

	OK(utf8_to_utf16(t->mem, leased_path(&l, "link"), &name));
	in.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, FileLinkInformation, &in);
	OK(torture_set(l.b, id, FileLinkInformation, w.data, w.length));
	must_break(&l);
}

/* --- what a listing shows of a file ----------------------------------------
 */

static void overwritten(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	OK(torture_try_open(t, l.b, l.file, FILE_GENERIC_WRITE, FILE_OVERWRITE,
			    0));
	must_break(&l);
}

/* Note 43: when the open is closed. */
static void written(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(torture_write(l.b, id, 0, "longer text", 11));
	must_not_break(&l);
	OK(cli_close(l.b, id));
	must_break(&l);
}

static void written_and_flushed(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(torture_write(l.b, id, 0, "longer text", 11));
	OK(cli_flush(l.b, id));
	must_break(&l);
	OK(cli_close(l.b, id));
}

static void written_and_disconnected(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(torture_write(l.b, id, 0, "longer text", 11));
	must_not_break(&l);
	talloc_free(cli_tree_conn(l.b));
	must_break(&l);
}

static void resized(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(torture_set_eof(l.b, id, 100));
	must_break(&l);
}

static void allocated(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);
	uint8_t bytes[8] = {1};

	OK(torture_set(l.b, id, FileAllocationInformation, bytes, 8));
	must_break(&l);
}

static NTSTATUS set_basic(struct cli_tree *tree, struct smb2_file_id id,
			  struct fscc_basic basic)
{
	uint8_t data[40];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	fscc_basic_put(&w, &basic);
	return torture_set(tree, id, FileBasicInformation, data, w.length);
}

static void given_attributes(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(set_basic(l.b, id, (struct fscc_basic){0}));
	must_not_break(&l);
	OK(set_basic(
		l.b, id,
		(struct fscc_basic){.file_attributes = FILE_ATTRIBUTE_HIDDEN}));
	must_break(&l);
}

static void given_times(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);

	OK(set_basic(l.b, id,
		     (struct fscc_basic){.last_write_time = 1ull << 56}));
	must_break(&l);
}

/* A directory's own attributes are its parent's business, not its lease's. */
static void directory_given_attributes(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *sub = torture_mkdir(t, l.a, "leased\\sub");
	struct smb2_file_id id;
	struct held own;

	must_break(&l);
	l.h = hold_dir_all(t, l.a, l.dir, l.h.granted);
	own = hold_dir_all(t, torture_tree(t), sub, want_lease(LEASE_RH));
	id = torture_open(t, l.b, sub, TORTURE_ALL, FILE_OPEN,
			  FILE_DIRECTORY_FILE);
	OK(set_basic(
		l.b, id,
		(struct fscc_basic){.file_attributes = FILE_ATTRIBUTE_HIDDEN}));
	must_break(&l);
	no_break(own.tree, 0);
}

static void given_a_stream(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *name = talloc_asprintf(t->mem, "%s:stream", l.file);
	NTSTATUS status = torture_try_open(t, l.b, name, FILE_GENERIC_WRITE,
					   FILE_CREATE, 0);

	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID)) {
		torture_skip("no streams");
	}
	OK(status);
	must_break(&l);
}

static void given_an_ea(struct torture *t)
{
	const struct fscc_ea ea = {.name = "name",
				   .value = wire_reader("value", 5)};
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = leased_open(&l);
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list list = fscc_list(&w, FSCC_EA_ALIGN);

	fscc_ea_put(&list, &ea);
	OK(torture_set(l.b, id, FileFullEaInformation, bytes, w.length));
	must_break(&l);
}

/* --- many ------------------------------------------------------------------
 */

#define MANY 200

/* Whoever changes something in one of many breaks the lease on that one. */
static void one_of_many(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	struct held h[MANY];

	torture_needs_directory_leases(a);
	for (unsigned int i = 0; i < MANY; i++) {
		char *leaf = talloc_asprintf(t->mem, "d%u", i);

		h[i] = hold_dir_all(t, a, torture_mkdir(t, a, leaf),
				    want_lease(LEASE_RH));
	}
	for (unsigned int i = 0; i < MANY; i += 37) {
		torture_file(t, b, talloc_asprintf(t->mem, "d%u\\new", i), "");
		lease_break_is(&h[i], LEASE_RH, LEASE_NONE, true);
		no_break(a, 0);
	}
}

/* While one holder lists and lists again, what he knows is never older than
 * what another one was told is done. */
static bool count(void *private_data, const char *name,
		  const struct fscc_dir_entry *e)
{
	unsigned int *n = private_data;

	(*n)++;
	return true;
}

static unsigned int entries(struct leased *l)
{
	unsigned int n = 0;

	/* "." and ".." are in it */
	OK(torture_list_dir(l->t, l->a, l->h.id, "*",
			    FileIdBothDirectoryInformation, 65536, count, &n));
	return n - 2;
}

static void never_stale(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	for (unsigned int i = 1; i < 20; i++) {
		struct held again;

		EQUAL(entries(&l), i);
		OK(torture_try_open(
			t, l.b,
			leased_path(&l, talloc_asprintf(t->mem, "new%u", i)),
			FILE_READ_DATA, FILE_CREATE, 0));
		must_break(&l);
		again = hold_dir_all(t, l.a, l.dir, l.h.granted);
		OK(cli_close(l.a, l.h.id));
		l.h = again;
	}
}

const struct torture_test torture_dir_lease_change_tests[] = {
	{"dir_lease.new_file", "[MS-FSA] 2.1.5.1.1", new_file, 0},
	{"dir_lease.new_directory", "[MS-FSA] 2.1.5.1.1", new_directory, 0},
	{"dir_lease.not_of_what_is_deeper", "[MS-FSA] 2.1.5.1.1: its parent's",
	 not_of_what_is_deeper, 0},
	{"dir_lease.what_fails_breaks_nothing", "[MS-SMB2] 3.3.1.4",
	 what_fails_breaks_nothing, 0},
	{"dir_lease.deleted", "[MS-FSA] 2.1.5.5, phase 8", deleted, 0},
	{"dir_lease.deleted_on_close", "[MS-FSA] 2.1.5.5, phase 8",
	 deleted_on_close, 0},
	{"dir_lease.directory_deleted", "[MS-FSA] 2.1.5.5, phase 8",
	 directory_deleted, 0},
	{"dir_lease.renamed_within", "[MS-FSA] 2.1.5.15.12", renamed_within, 0},
	{"dir_lease.renamed_out_and_in", "[MS-FSA] 2.1.5.15.12: both",
	 renamed_out_and_in, 0},
	{"dir_lease.changed_after_a_move", "[MS-FSA] 2.1.5.15.5: where it is",
	 changed_after_a_move, 0},
	{"dir_lease.replaced", "[MS-FSA] 2.1.5.15.12", replaced, 0},
	{"dir_lease.linked", "[MS-FSA] 2.1.5.15.7", linked, 0},
	{"dir_lease.overwritten", "[MS-SMB2] 3.3.1.4: sizes and times",
	 overwritten, 0},
	{"dir_lease.written", "[MS-FSA] note 43: at its close", written, 0},
	{"dir_lease.written_and_flushed", "[MS-FSA] 2.1.5.7",
	 written_and_flushed, 0},
	{"dir_lease.written_and_disconnected", "[MS-SMB2] 3.3.7.1",
	 written_and_disconnected, 0},
	{"dir_lease.resized", "[MS-FSA] 2.1.5.15.5", resized, 0},
	{"dir_lease.allocated", "[MS-FSA] 2.1.5.15.1", allocated, 0},
	{"dir_lease.given_attributes", "[MS-FSA] 2.1.5.15.2", given_attributes,
	 0},
	{"dir_lease.given_times", "[MS-FSA] 2.1.5.15.2", given_times, 0},
	{"dir_lease.directory_given_attributes", "[MS-FSA] 2.1.5.15.2",
	 directory_given_attributes, 0},
	{"dir_lease.given_a_stream", "[MS-SMB2] 3.3.1.4: the change time",
	 given_a_stream, 0},
	{"dir_lease.given_an_ea", "[MS-SMB2] 3.3.1.4: EaSize", given_an_ea, 0},
	{"dir_lease.one_of_many", "[MS-FSA] 2.1.4.12: that one", one_of_many,
	 0},
	{"dir_lease.never_stale", "[MS-SMB2] 3.3.1.4: told after the change",
	 never_stale, 0},
	{NULL, NULL, NULL, 0},
};
