/* torture/dir_lease.c - leases on directories: who is granted what, what is
 * done to the directory itself and above it, and the answers to breaks
 * ([MS-SMB2] 3.3.5.9.11, 3.3.5.22.2; [MS-FSA] 2.1.4.12).  Changes in the
 * directory: dir_lease_change.c. */
#include "smb2/posix.h"
#include "torture/dir_leases.h"
#include "torture/features.h"

/* --- granting ------------------------------------------------------------- */

static void granted(struct torture *t)
{
	static const struct {
		uint32_t want, get;
	} states[] = {{LEASE_NONE, LEASE_NONE},
		      {LEASE_R, LEASE_R},
		      {LEASE_RH, LEASE_RH},
		      {LEASE_RWH, LEASE_RH},
		      {LEASE_RW, LEASE_R},
		      {SMB2_LEASE_HANDLE_CACHING, LEASE_NONE}};
	struct cli_tree *tree = torture_tree(t);

	torture_needs_directory_leases(tree);
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		struct held h = hold_dir(
			t, tree,
			torture_mkdir(t, tree,
				      talloc_asprintf(t->mem, "dir%zu", i)),
			want_lease(states[i].want));

		EQUAL(h.granted.level, SMB2_OPLOCK_LEVEL_LEASE);
		EQUAL(h.granted.lease.version, 2);
		EQUAL(h.granted.lease.flags, 0);
		EQUAL(h.granted.lease.state, states[i].get);
		EQUAL(h.granted.lease.epoch, states[i].get != LEASE_NONE);
	}
}

static void granted_to_who_makes_it(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(LIST_ACCESS, FILE_CREATE, FILE_DIRECTORY_FILE);
	struct held h;

	torture_needs_directory_leases(tree);
	h = torture_hold_with(t, tree, torture_path(t, tree, "new"), &in,
			      want_lease(LEASE_RH));
	EQUAL(h.granted.lease.state, LEASE_RH);
}

static void more_but_never_less(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_R);
	struct cli_oplock want = l.h.granted;
	struct held more, less;

	want.lease.state = LEASE_RH;
	more = hold_dir_all(t, l.a, l.dir, want);
	EQUAL(more.granted.lease.epoch, l.h.granted.lease.epoch + 1);
	want.lease.state = LEASE_R;
	less = hold_dir(t, l.a, l.dir, want);
	EQUAL(less.granted.lease.state, LEASE_RH);
	EQUAL(less.granted.lease.epoch, more.granted.lease.epoch);
	must_not_break(&l);
}

/* No lease is granted there; the directory is open all the same. */
static void none_is_granted(struct torture *t, struct cli_tree *tree,
			    struct cli_oplock want)
{
	struct held h = hold_dir(t, tree, torture_mkdir(t, tree, "dir"), want);

	EQUAL(h.granted.level, SMB2_OPLOCK_LEVEL_NONE);
	OK(cli_close(tree, h.id));
}

static void none_before_3_0(struct torture *t)
{
	struct cli_conn *conn = torture_dialect(t, SMB2_DIALECT_210);
	struct cli_tree *tree = torture_tree_on(t, torture_session_on(t, conn));
	struct cli_oplock want = want_lease(LEASE_RH);

	torture_needs_leases(tree);
	EQUAL(cli_conn_negotiated(conn)->capabilities &
		      SMB2_GLOBAL_CAP_DIRECTORY_LEASING,
	      0);
	want.lease.version = 1;
	none_is_granted(t, tree, want);
}

static void none_unless_negotiated(struct torture *t)
{
	struct cli_negotiate_options o = {.capabilities =
						  SMB2_GLOBAL_CAP_LEASING};
	struct cli_conn *conn = torture_negotiate_with(t, &o);
	struct cli_tree *tree = torture_tree_on(t, torture_session_on(t, conn));

	torture_needs_leases(tree);
	EQUAL(cli_conn_negotiated(conn)->capabilities &
		      SMB2_GLOBAL_CAP_DIRECTORY_LEASING,
	      0);
	none_is_granted(t, tree, want_lease(LEASE_RH));
}

static void none_of_version_1(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_oplock want = want_lease(LEASE_RH);

	torture_needs_directory_leases(tree);
	want.lease.version = 1;
	none_is_granted(t, tree, want);
}

static void no_oplock(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	none_is_granted(t, tree, want_oplock(SMB2_OPLOCK_LEVEL_BATCH));
}

static void many_at_once(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_R);
	struct held r = hold_dir_all(t, l.b, l.dir, want_lease(LEASE_RH));
	struct held own = hold_dir_all(t, l.a, l.dir, want_lease(LEASE_RH));

	torture_file(t, torture_tree(t), "leased\\new", "");
	lease_break_is(&r, LEASE_RH, LEASE_NONE, true);
	/* in the order in which they were granted */
	lease_break_is(&l.h, LEASE_R, LEASE_NONE, false);
	lease_break_is(&own, LEASE_RH, LEASE_NONE, true);
}

static void key_names_one_directory(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	const char *other = torture_mkdir(t, l.a, "other");
	struct smb2_create_request in =
		torture_request(LIST_ACCESS, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_create_response out;

	STATUS(cli_create_oplock(t->mem, l.a, other, &in, &l.h.granted, &out,
				 NULL),
	       INVALID_PARAMETER);
	in = torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	STATUS(cli_create_oplock(t->mem, l.a, l.file, &in, &l.h.granted, &out,
				 NULL),
	       INVALID_PARAMETER);
	/* Another client's keys are its own. */
	hold_dir_all(t, l.b, other, l.h.granted);
}

/* The lease ends with its last open. */
static void ends_with_the_last_open(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct held second = hold_dir_all(t, l.a, l.dir, l.h.granted);
	const char *other = torture_mkdir(t, l.a, "other");

	OK(cli_close(l.a, l.h.id));
	torture_file(t, l.b, "leased\\one", "");
	must_break(&l);
	OK(cli_close(l.a, second.id));
	torture_file(t, l.b, "leased\\two", "");
	must_not_break(&l);
	/* the key is free for another one */
	l.h.granted.lease.epoch = 0;
	hold_dir_all(t, l.a, other, l.h.granted);
}

static void ends_with_the_connection(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct held h = hold_dir_all(t, l.b, l.dir, want_lease(LEASE_RH));

	talloc_free(cli_tree_conn(l.a));
	torture_file(t, torture_tree(t), "leased\\new", "");
	lease_break_is(&h, LEASE_RH, LEASE_NONE, true);
}

/* --- the parent's key ------------------------------------------------------
 */

static void answer_has_the_parent_key(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct cli_oplock want = want_below(&l.h, LEASE_RWH);
	struct held first, second;

	first = torture_hold_all(t, l.a, l.file, FILE_GENERIC_READ, want);
	EQUAL(first.granted.lease.flags, SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET);
	CHECK(guid_equal(&first.granted.lease.parent_key,
			 &l.h.granted.lease.key));
	/* it is the lease's, not the open's */
	want.lease.parent_key = guid_random();
	second = torture_hold_all(t, l.a, l.file, FILE_GENERIC_READ, want);
	EQUAL(second.granted.lease.flags, SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET);
	CHECK(guid_equal(&second.granted.lease.parent_key,
			 &l.h.granted.lease.key));
}

static void spares_who_names_it(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct held other = hold_dir_all(t, l.b, l.dir, want_lease(LEASE_RH));
	struct held child =
		torture_hold(t, l.a, leased_path(&l, "new"), TORTURE_ALL,
			     want_below(&l.h, LEASE_RWH));

	lease_break_is(&other, LEASE_RH, LEASE_NONE, true);
	ack_lease(&other, LEASE_NONE);
	OK(torture_write(l.a, child.id, 0, "text", 4));
	OK(torture_set_eof(l.a, child.id, 2));
	OK(torture_rename(l.a, child.id, leased_path(&l, "newer"), false));
	OK(torture_set_delete(l.a, child.id, true));
	OK(cli_close(l.a, child.id));
	must_not_break(&l);
	no_break(l.b, 0);
}

static void same_key_of_another_client(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	torture_hold(t, l.b, leased_path(&l, "new"), TORTURE_ALL,
		     want_below(&l.h, LEASE_RWH));
	must_break(&l);
}

static void another_key_of_its_own(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct cli_oplock want = want_below(&l.h, LEASE_RWH);

	want.lease.parent_key = guid_random();
	torture_hold(t, l.a, leased_path(&l, "new"), TORTURE_ALL, want);
	must_break(&l);
}

/* The key counts only with its flag, and the directory's own key names the
 * directory, not who is in it. */
static void key_without_the_flag(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct cli_oplock want = want_below(&l.h, LEASE_RWH);
	struct held h;

	want.lease.flags = 0;
	h = torture_hold(t, l.a, leased_path(&l, "new"), TORTURE_ALL, want);
	EQUAL(h.granted.lease.flags, 0);
	must_break(&l);
}

/* Without a lease there is no parent's key. */
static void own_open_without_a_lease(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	torture_file(t, l.a, "leased\\new", "");
	must_break(&l);
}

static void two_connections_of_one_client(struct torture *t)
{
	struct cli_negotiate_options o = {.client_guid = guid_random()};
	struct cli_tree *a = torture_tree_on(
		t, torture_session_on(t, torture_negotiate_with(t, &o)));
	struct cli_tree *b = torture_tree_on(
		t, torture_session_on(t, torture_negotiate_with(t, &o)));
	const char *dir;
	struct held h;

	torture_needs_directory_leases(a);
	dir = torture_mkdir(t, a, "leased");
	h = hold_dir_all(t, a, dir, want_lease(LEASE_RH));
	hold_dir_all(t, b, dir, h.granted);
	torture_hold(t, b, torture_path(t, b, "leased\\new"), TORTURE_ALL,
		     want_below(&h, LEASE_RWH));
	no_break(a, 50);
	no_break(b, 0);
}

/* --- answers ---------------------------------------------------------------
 */

static void read_needs_no_answer(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_R);

	torture_file(t, l.b, "leased\\new", "");
	EQUAL(lease_break_is(&l.h, LEASE_R, LEASE_NONE, false).new_epoch,
	      l.h.granted.lease.epoch + 1);
	STATUS(cli_lease_ack(l.a, l.h.granted.lease.key, LEASE_NONE, NULL),
	       UNSUCCESSFUL);
}

static void answer_too_much(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);

	torture_file(t, l.b, "leased\\new", "");
	lease_break_is(&l.h, LEASE_RH, LEASE_NONE, true);
	STATUS(cli_lease_ack(l.a, l.h.granted.lease.key, LEASE_RH, NULL),
	       REQUEST_NOT_ACCEPTED);
	STATUS(cli_lease_ack(l.a, l.h.granted.lease.key, LEASE_R, NULL),
	       REQUEST_NOT_ACCEPTED);
	ack_lease(&l.h, LEASE_NONE);
	STATUS(cli_lease_ack(l.a, l.h.granted.lease.key, LEASE_NONE, NULL),
	       UNSUCCESSFUL);
}

static void answer_less(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_create_request in =
		torture_request(LIST_ACCESS, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct tevent_req *req;
	struct smb2_create_response out;

	in.share_access = FILE_SHARE_WRITE | FILE_SHARE_DELETE;
	req = cli_create_send(t->mem, l.b, l.dir, &in, NULL);
	must_wait(l.b, req);
	lease_break_is(&l.h, LEASE_RH, LEASE_R, true);
	ack_lease(&l.h, LEASE_NONE);
	CHECK(cli_wait(cli_tree_conn(l.b), req));
	STATUS(cli_create_recv(req, t->mem, &out), SHARING_VIOLATION);
	/* nothing is left that could be broken */
	torture_file(t, l.b, "leased\\new", "");
	must_not_break(&l);
}

/* Whoever does not answer stops nobody, and is not told again. */
static void nobody_waits(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct held again;

	torture_file(t, l.b, "leased\\one", "text");
	torture_file(t, l.b, "leased\\two", "text");
	lease_break_is(&l.h, LEASE_RH, LEASE_NONE, true);
	must_not_break(&l);
	again = hold_dir(t, l.a, l.dir, l.h.granted);
	EQUAL(again.granted.lease.flags, SMB2_LEASE_FLAG_BREAK_IN_PROGRESS);
	EQUAL(again.granted.lease.state, LEASE_RH);
	ack_lease(&l.h, LEASE_NONE);
	torture_file(t, l.b, "leased\\three", "");
	must_not_break(&l);
}

static void taken_again(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct held again;

	torture_file(t, l.b, "leased\\one", "");
	must_break(&l);
	again = hold_dir_all(t, l.a, l.dir, l.h.granted);
	EQUAL(again.granted.lease.epoch, l.h.granted.lease.epoch + 2);
	l.h.granted.lease.epoch = again.granted.lease.epoch;
	torture_file(t, l.b, "leased\\two", "");
	must_break(&l);
}

/* --- the directory itself --------------------------------------------------
 */

/* OPEN_BREAK_H: who only keeps his handle is asked first. */
static void sharing_waits_for_the_handle(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_create_request in =
		torture_request(LIST_ACCESS, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_create_response out;
	struct tevent_req *req;

	in.share_access = 0;
	req = cli_create_send(t->mem, l.b, l.dir, &in, NULL);
	must_wait(l.b, req);
	lease_break_is(&l.h, LEASE_RH, LEASE_R, true);
	OK(cli_close(l.a, l.h.id));
	CHECK(cli_wait(cli_tree_conn(l.b), req));
	OK(cli_create_recv(req, t->mem, &out));
}

static bool go_on(void *private_data, const char *name,
		  const struct fscc_dir_entry *e)
{
	return true;
}

static void opens_and_listings_break_nothing(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct smb2_file_id id = torture_open(t, l.b, l.dir, LIST_ACCESS,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct blob got;

	OK(torture_list_dir(t, l.b, id, "*", FileIdBothDirectoryInformation,
			    65536, go_on, NULL));
	OK(cli_close(l.b, id));
	id = leased_open(&l);
	OK(torture_read(t, l.b, id, 0, 4, &got));
	OK(cli_close(l.b, id));
	must_not_break(&l);
}

static struct tevent_req *set_delete_send(const struct leased *l,
					  struct smb2_file_id id)
{
	static const uint8_t on = 1;
	struct smb2_set_info_request in = {.info_type = SMB2_0_INFO_FILE,
					   .info_class =
						   FileDispositionInformation,
					   .id = id,
					   .buffer = wire_reader(&on, 1)};

	return cli_set_info_send(l->t->mem, l->b, &in);
}

static void delete_waits_for_the_handle(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct tevent_req *req;
	struct smb2_file_id id;

	id = torture_open(t, l.b, l.file, DELETE_ACCESS, FILE_OPEN,
			  FILE_DELETE_ON_CLOSE);
	OK(cli_close(l.b, id));
	must_break(&l);
	l.h = hold_dir_all(t, l.a, l.dir, l.h.granted);
	id = torture_open(t, l.b, l.dir, DELETE_ACCESS, FILE_OPEN,
			  FILE_DIRECTORY_FILE);
	req = set_delete_send(&l, id);
	must_wait(l.b, req);
	lease_break_is(&l.h, LEASE_RH, LEASE_R, true);
	ack_lease(&l.h, LEASE_R);
	CHECK(cli_wait(cli_tree_conn(l.b), req));
	OK(cli_status_recv(req));
}

/* Its name goes though others have it open: they are told. */
static void deleted_under_the_holder(struct torture *t)
{
	static const uint8_t posix[4] = {FILE_DISPOSITION_DELETE |
					 FILE_DISPOSITION_POSIX_SEMANTICS};
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	struct smb2_file_id id;
	const char *dir;
	struct held h;

	torture_needs_directory_leases(a);
	dir = torture_mkdir(t, a, "leased");
	h = hold_dir_all(t, a, dir, want_lease(LEASE_R));
	id = torture_open(t, b, dir, DELETE_ACCESS, FILE_OPEN,
			  FILE_DIRECTORY_FILE);
	OK(torture_set(b, id, FileDispositionInformationEx, posix, 4));
	no_break(a, 0);
	OK(cli_close(b, id));
	lease_break_is(&h, LEASE_R, LEASE_NONE, false);
}

/* --- renamed, here and above -----------------------------------------------
 */

static struct tevent_req *rename_send(struct torture *t, struct cli_tree *tree,
				      const char *from, const char *to)
{
	struct smb2_file_id id = torture_open(t, tree, from, DELETE_ACCESS,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct fscc_rename in = {0};
	struct blob name;

	OK(utf8_to_utf16(t->mem, to, &name));
	in.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, FileRenameInformation, &in);
	return cli_set_info_send(
		t->mem, tree,
		&(struct smb2_set_info_request){
			.info_type = SMB2_0_INFO_FILE,
			.info_class = FileRenameInformation,
			.id = id,
			.buffer = wire_reader(w.data, w.length)});
}

static NTSTATUS end_of(struct cli_tree *tree, struct tevent_req *req)
{
	CHECK(cli_wait(cli_tree_conn(tree), req));
	return cli_status_recv(req);
}

/* What is left of the lease goes with the directory, whatever it is called. */
static void renamed_itself(struct torture *t)
{
	struct leased l = leased_dir(t, LEASE_RH);
	struct tevent_req *req =
		rename_send(t, l.b, l.dir, torture_path(t, l.b, "renamed"));

	must_wait(l.b, req);
	lease_break_is(&l.h, LEASE_RH, LEASE_R, true);
	ack_lease(&l.h, LEASE_R);
	OK(end_of(l.b, req));
	torture_file(t, l.b, "renamed\\new", "");
	lease_break_is(&l.h, LEASE_R, LEASE_NONE, false);
}

struct deep {
	struct leased l; /* h: on top\middle\leased */
	const char *top;
};

static struct deep deep_dir(struct torture *t)
{
	struct deep d = {
		.l = {.t = t, .a = torture_tree(t), .b = torture_tree(t)}};

	torture_needs_directory_leases(d.l.a);
	d.top = torture_mkdir(t, d.l.a, "top");
	torture_mkdir(t, d.l.a, "top\\middle");
	d.l.dir = torture_mkdir(t, d.l.a, "top\\middle\\leased");
	d.l.h = hold_dir_all(t, d.l.a, d.l.dir, want_lease(LEASE_RH));
	return d;
}

static void renamed_above(struct torture *t)
{
	struct deep d = deep_dir(t);
	struct tevent_req *req =
		rename_send(t, d.l.b, d.top, torture_path(t, d.l.b, "other"));

	must_wait(d.l.b, req);
	lease_break_is(&d.l.h, LEASE_RH, LEASE_R, true);
	OK(cli_close(d.l.a, d.l.h.id));
	OK(end_of(d.l.b, req));
	hold_dir_all(t, d.l.a, torture_path(t, d.l.a, "other\\middle\\leased"),
		     d.l.h.granted);
}

static void renamed_above_what_is_in_use(struct torture *t)
{
	struct deep d = deep_dir(t);
	struct tevent_req *req =
		rename_send(t, d.l.b, d.top, torture_path(t, d.l.b, "other"));

	must_wait(d.l.b, req);
	lease_break_is(&d.l.h, LEASE_RH, LEASE_R, true);
	ack_lease(&d.l.h, LEASE_R);
	STATUS(end_of(d.l.b, req), ACCESS_DENIED);
	/* R has come through it */
	torture_file(t, d.l.b, "top\\middle\\leased\\new", "");
	lease_break_is(&d.l.h, LEASE_R, LEASE_NONE, false);
}

static char *with_slashes(struct torture *t, const char *name)
{
	char *path = talloc_strdup(t->mem, name);

	for (char *p = path; *p != '\0'; p++) {
		*p = *p == '\\' ? '/' : *p;
	}
	return path;
}

/* rename(2) moves what is open along: what was listed there by its old name is
 * nothing to go on with. */
static void moved_above(struct torture *t)
{
	const struct cli_negotiate_options o = {
		.dialects = {SMB2_DIALECT_311},
		.dialect_count = 1,
		.posix = true,
	};
	const struct smb2_create_request_contexts c = {
		.present = 1u << SMB2_CREATE_POSIX,
		.posix_mode = SMB2_POSIX_NO_MODE};
	const struct smb2_create_request in =
		torture_request(DELETE_ACCESS | FILE_READ_ATTRIBUTES, FILE_OPEN,
				FILE_DIRECTORY_FILE);
	struct cli_conn *conn = torture_negotiate_with(t, &o);
	struct cli_tree *posix;
	struct smb2_create_response out;
	struct deep d;

	if (!cli_conn_negotiated(conn)->posix) {
		torture_skip("no POSIX extensions");
	}
	posix = torture_tree_on(t, torture_session_on(t, conn));
	d = deep_dir(t);
	OK(cli_create(t->mem, posix, with_slashes(t, d.top), &in, &c, &out));
	OK(torture_rename(posix, out.id,
			  with_slashes(t, torture_path(t, d.l.a, "other")),
			  false));
	must_break(&d.l);
}

/* Beside it, and with a name that only begins like it. */
static void renamed_beside(struct torture *t)
{
	struct deep d = deep_dir(t);
	const char *beside = torture_mkdir(t, d.l.b, "to");

	OK(end_of(d.l.b, rename_send(t, d.l.b, beside,
				     torture_path(t, d.l.b, "other"))));
	must_not_break(&d.l);
}

const struct torture_test torture_dir_lease_tests[] = {
	{"dir_lease.granted", "[MS-SMB2] 3.3.5.9.11: R and RH, never W",
	 granted, 0},
	{"dir_lease.granted_to_who_makes_it", "[MS-SMB2] 3.3.5.9.11",
	 granted_to_who_makes_it, 0},
	{"dir_lease.more_but_never_less", "[MS-SMB2] 3.3.5.9.11",
	 more_but_never_less, 0},
	{"dir_lease.none_before_3_0", "[MS-SMB2] 3.3.5.4", none_before_3_0, 0},
	{"dir_lease.none_unless_negotiated", "[MS-SMB2] 3.3.5.4",
	 none_unless_negotiated, 0},
	{"dir_lease.none_of_version_1", "[MS-SMB2] 2.2.13.2.10",
	 none_of_version_1, 0},
	{"dir_lease.no_oplock", "[MS-FSA] 2.1.5.18", no_oplock, 0},
	{"dir_lease.many_at_once", "[MS-FSA] 2.1.4.12: each is broken",
	 many_at_once, 0},
	{"dir_lease.key_names_one_directory",
	 "[MS-SMB2] 3.3.5.9.11: INVALID_PARAMETER", key_names_one_directory, 0},
	{"dir_lease.ends_with_the_last_open", "[MS-SMB2] 3.3.5.10",
	 ends_with_the_last_open, 0},
	{"dir_lease.ends_with_the_connection", "[MS-SMB2] 3.3.7.1",
	 ends_with_the_connection, 0},
	{"dir_lease.answer_has_the_parent_key",
	 "[MS-SMB2] 3.3.5.9.11: Lease.ParentLeaseKey",
	 answer_has_the_parent_key, 0},
	{"dir_lease.spares_who_names_it", "[MS-FSA] 2.1.4.12.2",
	 spares_who_names_it, 0},
	{"dir_lease.same_key_of_another_client", "[MS-FSA] 2.1.4.12.2",
	 same_key_of_another_client, 0},
	{"dir_lease.another_key_of_its_own", "[MS-FSA] 2.1.4.12.2",
	 another_key_of_its_own, 0},
	{"dir_lease.key_without_the_flag", "[MS-SMB2] 2.2.13.2.10",
	 key_without_the_flag, 0},
	{"dir_lease.own_open_without_a_lease", "[MS-FSA] 2.1.4.12.2",
	 own_open_without_a_lease, 0},
	{"dir_lease.two_connections_of_one_client", "[MS-SMB2] 3.3.5.9.11",
	 two_connections_of_one_client, 0},
	{"dir_lease.read_needs_no_answer", "[MS-SMB2] 3.3.4.7",
	 read_needs_no_answer, 0},
	{"dir_lease.answer_too_much", "[MS-SMB2] 3.3.5.22.2", answer_too_much,
	 0},
	{"dir_lease.answer_less", "[MS-SMB2] 3.3.5.22.2", answer_less, 0},
	{"dir_lease.nobody_waits", "[MS-FSA] 2.1.4.12", nobody_waits, 0},
	{"dir_lease.taken_again", "[MS-SMB2] 3.3.5.9.11: the epoch rises",
	 taken_again, 0},
	{"dir_lease.sharing_waits_for_the_handle",
	 "[MS-FSA] 2.1.5.1.2: OPEN_BREAK_H", sharing_waits_for_the_handle, 0},
	{"dir_lease.opens_and_listings_break_nothing", "[MS-FSA] 2.1.4.12",
	 opens_and_listings_break_nothing, 0},
	{"dir_lease.delete_waits_for_the_handle", "[MS-FSA] 2.1.5.15.3",
	 delete_waits_for_the_handle, 0},
	{"dir_lease.deleted_under_the_holder", "[MS-FSCC] 2.4.12: POSIX",
	 deleted_under_the_holder, 0},
	{"dir_lease.renamed_itself", "[MS-FSA] 2.1.5.15.12", renamed_itself, 0},
	{"dir_lease.renamed_above", "[MS-FSA] 2.1.4.2", renamed_above, 0},
	{"dir_lease.renamed_above_what_is_in_use", "[MS-FSA] 2.1.4.2",
	 renamed_above_what_is_in_use, 0},
	{"dir_lease.moved_above", "rename(2) of what is above", moved_above, 0},
	{"dir_lease.renamed_beside", "[MS-FSA] 2.1.4.2", renamed_beside, 0},
	{NULL, NULL, NULL, 0},
};
