/* torture/notify.c - CHANGE_NOTIFY ([MS-SMB2] 3.3.5.19, [MS-FSA] 2.1.5.11,
 * [MS-FSCC] 2.7.1).  One connection watches, another changes. */
#include <string.h>

#include "smb2/fscc_list.h"
#include "torture/features.h"
#include "torture/util.h"

#define NAMES	 (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME)
#define ALL_BITS 0xfffu
#define MAX_SEEN 128 /* more than BUFFER holds of what is made here */
#define BUFFER	 4096

struct change {
	uint32_t action; /* 0: any */
	const char *name;
};

/* A watched directory, and what was seen there. */
struct watching {
	struct torture *t;
	struct cli_tree *tree;	/* who watches */
	struct cli_tree *other; /* who changes */
	struct smb2_change_notify_request in;
	struct change seen[MAX_SEEN];
	size_t count;
};

/* --- watching ------------------------------------------------------------ */

static struct tevent_req *ask(struct watching *w)
{
	struct tevent_req *req =
		cli_change_notify_send(w->t->mem, w->tree, &w->in);

	CHECK(req != NULL);
	return req;
}

static NTSTATUS take(struct watching *w, struct tevent_req *req)
{
	struct wire_reader list, name;
	uint32_t action;
	NTSTATUS status;

	CHECK(cli_wait(cli_tree_conn(w->tree), req));
	status = cli_buffer_recv(req, w->t->mem, &list);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	while (NT_STATUS_IS_OK(fscc_notify_next(&list, &action, &name))) {
		char *text = wire_utf16(w->t->mem, &name, wire_left(&name));

		CHECK(text != NULL && w->count < MAX_SEEN);
		torture_note("change %u %s", (unsigned)action, text);
		w->seen[w->count++] =
			(struct change){.action = action, .name = text};
	}
	return status;
}

/* A request is waiting. */
static struct tevent_req *ask_waiting(struct watching *w)
{
	struct tevent_req *req = ask(w);

	if (!cli_wait_pending(cli_tree_conn(w->tree), req, 5000)) {
		NTSTATUS status = take(w, req);

		if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
			torture_skip("the server has no change notification");
		}
		FAIL("a request is not waiting: %s", ntstatus_name(status));
	}
	return req;
}

static void cancel(struct watching *w, struct tevent_req *req)
{
	CHECK(tevent_req_cancel(req));
	STATUS(take(w, req), CANCELLED);
}

/* Opens dir and begins to watch: what comes is kept by the server. */
static struct watching watch_dir(struct torture *t, const char *dir,
				 uint32_t filter, bool tree)
{
	struct watching w = {.t = t};

	w.tree = torture_tree(t);
	w.other = torture_tree(t);
	w.in.id = torture_open(t, w.tree, dir, FILE_GENERIC_READ, FILE_OPEN,
			       FILE_DIRECTORY_FILE);
	w.in.output_buffer_length = BUFFER;
	w.in.completion_filter = filter;
	w.in.flags = tree ? SMB2_WATCH_TREE : 0;
	cancel(&w, ask_waiting(&w));
	return w;
}

static struct watching watch_own(struct torture *t, uint32_t filter, bool tree)
{
	return watch_dir(t, torture_dir(t, torture_tree(t)), filter, tree);
}

static void is_seen(struct watching *w, size_t i, const struct change *want)
{
	const struct change *got = &w->seen[i];

	if ((want->action != 0 && got->action != want->action) ||
	    strcmp(got->name, want->name) != 0) {
		FAIL("change %zu is %u %s, not %u %s", i, (unsigned)got->action,
		     got->name, (unsigned)want->action, want->name);
	}
}

/* Exactly these changes come, in as many answers as it takes. */
static void sees(struct watching *w, const struct change *want, size_t n)
{
	w->count = 0;
	while (w->count < n) {
		OK(take(w, ask(w)));
	}
	for (size_t i = 0; i < n; i++) {
		is_seen(w, i, &want[i]);
	}
	EQUAL(w->count, n);
}
#define SEES(w, ...)                                                           \
	sees(w, (const struct change[]){__VA_ARGS__},                          \
	     sizeof((const struct change[]){__VA_ARGS__}) /                    \
		     sizeof(struct change))

static void delete_name(struct watching *w, const char *name)
{
	struct smb2_file_id id =
		torture_open(w->t, w->other, name, DELETE_ACCESS, FILE_OPEN, 0);

	OK(torture_set_delete(w->other, id, true));
	OK(cli_close(w->other, id));
}

static void rename_name(struct watching *w, const char *from, const char *to,
			bool replace)
{
	struct smb2_file_id id =
		torture_open(w->t, w->other, from, DELETE_ACCESS, FILE_OPEN, 0);

	OK(torture_rename(w->other, id, to, replace));
	OK(cli_close(w->other, id));
}

/* --- names --------------------------------------------------------------- */

static void added_and_removed(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);
	const char *file = torture_file(t, w.other, "file", "x");
	const char *dir = torture_mkdir(t, w.other, "dir");

	delete_name(&w, file);
	delete_name(&w, dir);
	SEES(&w, {FILE_ACTION_ADDED, "file"}, {FILE_ACTION_ADDED, "dir"},
	     {FILE_ACTION_REMOVED, "file"}, {FILE_ACTION_REMOVED, "dir"});
}

static void file_or_directory(struct torture *t)
{
	struct watching f = watch_own(t, FILE_NOTIFY_CHANGE_FILE_NAME, false);
	struct watching d = watch_own(t, FILE_NOTIFY_CHANGE_DIR_NAME, false);

	torture_mkdir(t, f.other, "dir");
	torture_file(t, f.other, "file", "");
	torture_mkdir(t, f.other, "dir2");
	SEES(&f, {FILE_ACTION_ADDED, "file"});
	SEES(&d, {FILE_ACTION_ADDED, "dir"}, {FILE_ACTION_ADDED, "dir2"});
}

static void renamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "x");
	struct watching w = watch_own(t, NAMES, false);

	rename_name(&w, from, torture_path(t, tree, "to"), false);
	OK(take(&w, ask(&w)));
	EQUAL(w.count, 2); /* never torn */
	is_seen(&w, 0, &(struct change){FILE_ACTION_RENAMED_OLD_NAME, "from"});
	is_seen(&w, 1, &(struct change){FILE_ACTION_RENAMED_NEW_NAME, "to"});
}

static void renamed_to_other_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "x");
	struct watching w;

	torture_mkdir(t, tree, "dir");
	w = watch_own(t, NAMES, true);
	rename_name(&w, from, torture_path(t, tree, "dir\\to"), false);
	SEES(&w, {FILE_ACTION_REMOVED, "from"}, {FILE_ACTION_ADDED, "dir\\to"});
}

static void renamed_over_other(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "new");
	const char *to = torture_file(t, tree, "to", "old");
	struct watching w =
		watch_own(t, NAMES | FILE_NOTIFY_CHANGE_SECURITY, false);

	rename_name(&w, from, to, true);
	SEES(&w, {FILE_ACTION_REMOVED, "from"}, {0, "to"});
}

/* ... whose name was written otherwise: it goes, and a pair follows. */
static void renamed_over_other_case(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "new");
	struct watching w;

	torture_file(t, tree, "TO", "old");
	w = watch_own(t, NAMES, false);
	rename_name(&w, from, torture_path(t, tree, "to"), true);
	SEES(&w, {FILE_ACTION_REMOVED, "TO"},
	     {FILE_ACTION_RENAMED_OLD_NAME, "from"},
	     {FILE_ACTION_RENAMED_NEW_NAME, "to"});
}

/* No valid bit: nothing is told, of a loss neither ([MS-SMB2] 3.3.5.19). */
static void no_valid_bit(struct torture *t)
{
	struct watching w = watch_own(t, 0xfffff000, true);
	struct tevent_req *req = ask_waiting(&w);

	torture_file(t, w.other, "file", "text");
	delete_name(&w, torture_path(t, w.other, "file"));
	cli_wait_ms(t->ev, 200);
	CHECK(tevent_req_is_in_progress(req));
	OK(cli_close(w.tree, w.in.id));
	STATUS(take(&w, req), NOTIFY_CLEANUP);
}

/* The directory that is watched has another name: it is still watched. */
static void watched_renamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct watching w = watch_dir(t, dir, NAMES, false);

	rename_name(&w, dir, torture_path(t, tree, "dir2"), false);
	torture_file(t, tree, "dir2\\file", "");
	SEES(&w, {FILE_ACTION_ADDED, "file"});
	torture_mkdir(t, tree, "dir");
	torture_file(t, tree, "dir\\other", "");
	torture_file(t, tree, "dir2\\file2", "");
	SEES(&w, {FILE_ACTION_ADDED, "file2"});
}

/* --- depth --------------------------------------------------------------- */

static void depth(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct watching flat, deep, middle;

	torture_mkdir(t, tree, "a");
	torture_mkdir(t, tree, "a\\b");
	flat = watch_own(t, NAMES, false);
	deep = watch_own(t, NAMES, true);
	middle = watch_dir(t, torture_path(t, tree, "a"), NAMES, true);
	torture_file(t, tree, "a\\b\\low", "");
	torture_file(t, tree, "high", "");
	SEES(&flat, {FILE_ACTION_ADDED, "high"});
	SEES(&deep, {FILE_ACTION_ADDED, "a\\b\\low"},
	     {FILE_ACTION_ADDED, "high"});
	SEES(&middle, {FILE_ACTION_ADDED, "b\\low"});
}

static void name_as_on_disk(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct watching w;

	torture_mkdir(t, tree, "Upper");
	torture_file(t, tree, "Upper\\File", "");
	w = watch_dir(t, torture_path(t, tree, "UPPER"), NAMES, false);
	delete_name(&w, torture_path(t, tree, "upper\\file"));
	SEES(&w, {FILE_ACTION_REMOVED, "File"});
}

/* --- what else changes --------------------------------------------------- */

static void written_when_closed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "x");
	struct watching w = watch_own(t, FILE_NOTIFY_CHANGE_LAST_WRITE, false);
	struct smb2_file_id id =
		torture_open(t, w.other, file, TORTURE_ALL, FILE_OPEN, 0);

	for (int i = 0; i < 5; i++) {
		OK(torture_write(w.other, id, 0, "abc", 3));
	}
	OK(cli_close(w.other, id));
	SEES(&w, {FILE_ACTION_MODIFIED, "file"});
}

static void resized_and_overwritten(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "x");
	struct watching w = watch_own(t, FILE_NOTIFY_CHANGE_SIZE, false);
	struct smb2_file_id id =
		torture_open(t, w.other, file, TORTURE_ALL, FILE_OPEN, 0);

	OK(torture_set_eof(w.other, id, 100));
	SEES(&w, {FILE_ACTION_MODIFIED, "file"});
	OK(cli_close(w.other, id));
	OK(torture_try_open(t, w.other, file, TORTURE_ALL, FILE_OVERWRITE, 0));
	SEES(&w, {FILE_ACTION_MODIFIED, "file"});
}

static void stream(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "x");
	struct watching w = watch_own(t, FILE_NOTIFY_CHANGE_STREAM_NAME, false);
	NTSTATUS status = torture_try_open(
		t, w.other, talloc_asprintf(t->mem, "%s:stream", file),
		TORTURE_ALL, FILE_CREATE, 0);

	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID)) {
		torture_skip("the share has no streams");
	}
	OK(status);
	SEES(&w, {FILE_ACTION_ADDED_STREAM, "file:stream"});
}

/* --- requests ------------------------------------------------------------ */

static void oldest_first(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);
	struct tevent_req *first = ask_waiting(&w);
	struct tevent_req *second = ask_waiting(&w);

	torture_mkdir(t, w.other, "one");
	OK(take(&w, first));
	torture_mkdir(t, w.other, "two");
	OK(take(&w, second));
	EQUAL(w.count, 2);
	is_seen(&w, 0, &(struct change){FILE_ACTION_ADDED, "one"});
	is_seen(&w, 1, &(struct change){FILE_ACTION_ADDED, "two"});
}

/* What the first request asked for holds for the open. */
static void first_filter_holds(struct torture *t)
{
	struct watching w = watch_own(t, FILE_NOTIFY_CHANGE_DIR_NAME, false);

	w.in.completion_filter = ALL_BITS;
	w.in.flags = SMB2_WATCH_TREE;
	torture_file(t, w.other, "file", "");
	torture_mkdir(t, w.other, "dir");
	torture_mkdir(t, w.other, "dir\\below");
	torture_mkdir(t, w.other, "dir2");
	SEES(&w, {FILE_ACTION_ADDED, "dir"}, {FILE_ACTION_ADDED, "dir2"});
}

static void too_much(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);

	for (int i = 0; i < 200; i++) {
		torture_mkdir(t, w.other,
			      talloc_asprintf(t->mem, "directory %d", i));
	}
	STATUS(take(&w, ask(&w)), NOTIFY_ENUM_DIR);
	EQUAL(w.count, 0);
	cli_wait_ms(t->ev, 100);
	torture_mkdir(t, w.other, "after");
	/* On a slow machine the last of the many come only now. */
	do {
		w.count = 0;
		OK(take(&w, ask(&w)));
		CHECK(w.count > 0);
	} while (strncmp(w.seen[w.count - 1].name, "directory", 9) == 0);
	is_seen(&w, w.count - 1, &(struct change){FILE_ACTION_ADDED, "after"});
}

static void no_room(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);

	w.in.output_buffer_length = 0;
	torture_mkdir(t, w.other, "one");
	STATUS(take(&w, ask(&w)), NOTIFY_ENUM_DIR);
	w.in.output_buffer_length = BUFFER;
	torture_mkdir(t, w.other, "two");
	SEES(&w, {FILE_ACTION_ADDED, "two"});
}

static void refused(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct watching w = {.t = t, .tree = tree};

	w.in.output_buffer_length = BUFFER;
	w.in.completion_filter = ALL_BITS;
	w.in.id = torture_open(t, tree, dir, FILE_READ_ATTRIBUTES | SYNCHRONIZE,
			       FILE_OPEN, FILE_DIRECTORY_FILE);
	STATUS(take(&w, ask(&w)), ACCESS_DENIED);
	OK(cli_close(tree, w.in.id));
	STATUS(take(&w, ask(&w)), FILE_CLOSED);
	w.in.id = torture_open(t, tree, torture_file(t, tree, "file", ""),
			       TORTURE_ALL, FILE_OPEN, 0);
	STATUS(take(&w, ask(&w)), INVALID_PARAMETER);
}

/* --- ends ---------------------------------------------------------------- */

static void close_ends(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);
	struct tevent_req *first = ask_waiting(&w);
	struct tevent_req *second = ask_waiting(&w);

	OK(cli_close(w.tree, w.in.id));
	STATUS(take(&w, first), NOTIFY_CLEANUP);
	STATUS(take(&w, second), NOTIFY_CLEANUP);
}

static void disconnect_ends(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, false);
	struct tevent_req *req = ask_waiting(&w);

	OK(cli_tree_disconnect(w.tree));
	STATUS(take(&w, req), NOTIFY_CLEANUP);
}

static void lost_connection_ends(struct torture *t)
{
	struct watching w = watch_own(t, NAMES, true);
	struct watching other = watch_own(t, NAMES, true);
	struct tevent_req *req = ask_waiting(&w);
	struct cli_conn *conn = cli_tree_conn(w.tree);

	talloc_free(req);
	talloc_free(conn);
	torture_mkdir(t, other.other, "dir");
	SEES(&other, {FILE_ACTION_ADDED, "dir"});
}

static void delete_ends(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct watching w = watch_dir(t, dir, NAMES, false);
	struct tevent_req *req = ask_waiting(&w);
	struct smb2_file_id id =
		torture_open(t, w.other, dir, DELETE_ACCESS, FILE_OPEN, 0);

	OK(torture_set_delete(w.other, id, true));
	STATUS(take(&w, req), DELETE_PENDING);
	STATUS(take(&w, ask(&w)), DELETE_PENDING);
}

static void many_watchers(struct torture *t)
{
	struct watching w[20];

	for (size_t i = 0; i < COUNT_OF(w); i++) {
		w[i] = watch_own(t, NAMES, i % 2 == 0);
	}
	torture_mkdir(t, w[0].other, "one");
	torture_mkdir(t, w[0].other, "two");
	for (size_t i = 0; i < COUNT_OF(w); i++) {
		SEES(&w[i], {FILE_ACTION_ADDED, "one"},
		     {FILE_ACTION_ADDED, "two"});
	}
}

const struct torture_test torture_notify_tests[] = {
	{"notify.added_and_removed", "[MS-FSA] 2.1.5.1.1, 2.1.5.5",
	 added_and_removed, 0},
	{"notify.file_or_directory", "[MS-SMB2] 2.2.35: CompletionFilter",
	 file_or_directory, 0},
	{"notify.renamed", "[MS-FSCC] 2.7.1: a pair", renamed, 0},
	{"notify.renamed_to_other_directory", "[MS-FSCC] 2.7.1: no pair",
	 renamed_to_other_directory, 0},
	{"notify.renamed_over_other", "[MS-FSA] 2.1.5.15.12",
	 renamed_over_other, 0},
	{"notify.renamed_over_other_case",
	 "[MS-FSA] 2.1.5.15.12: ExactCaseMatch", renamed_over_other_case, 0},
	{"notify.no_valid_bit", "[MS-SMB2] 3.3.5.19: invalid bits are ignored",
	 no_valid_bit, 0},
	{"notify.watched_renamed", "[MS-FSA] 2.1.4.1: the open is watched",
	 watched_renamed, 0},
	{"notify.depth", "[MS-SMB2] 2.2.35: SMB2_WATCH_TREE", depth, 0},
	{"notify.name_as_on_disk", "[MS-FSA] 2.1.4.1", name_as_on_disk, 0},
	{"notify.written_when_closed", "[MS-FSA] 2.1.5.5: PendingNotifications",
	 written_when_closed, 0},
	{"notify.resized_and_overwritten", "[MS-FSA] 2.1.5.1.2, 2.1.5.15",
	 resized_and_overwritten, 0},
	{"notify.stream", "[MS-FSA] 2.1.5.1.2", stream, 0},
	{"notify.oldest_first", "[MS-FSA] 2.1.5.11.1: FIFO", oldest_first, 0},
	{"notify.first_filter_holds", "[MS-FSA] 2.1.5.11", first_filter_holds,
	 0},
	{"notify.too_much", "[MS-FSA] 2.1.5.11.1: NOTIFY_ENUM_DIR", too_much,
	 0},
	{"notify.no_room", "[MS-SMB2] 3.3.5.19: OutputBufferLength 0", no_room,
	 0},
	{"notify.refused", "[MS-SMB2] 3.3.5.19", refused, 0},
	{"notify.close_ends", "[MS-FSA] 2.1.5.5: NOTIFY_CLEANUP", close_ends,
	 0},
	{"notify.disconnect_ends", "[MS-SMB2] 3.3.5.8: NOTIFY_CLEANUP",
	 disconnect_ends, 0},
	{"notify.lost_connection_ends", "[MS-SMB2] 3.3.7.1",
	 lost_connection_ends, 0},
	{"notify.delete_ends", "[MS-FSA] 2.1.5.15.3: DELETE_PENDING",
	 delete_ends, 0},
	{"notify.many_watchers", "[MS-FSA] 2.1.4.1", many_watchers, 0},
	{NULL, NULL, NULL, 0},
};
