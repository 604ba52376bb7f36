/* torture/caching_table.c - every cell of the table in docs/caching.md over the
 * wire ([MS-FSA] 2.1.4.12): what is left of a grant when another open does
 * something; whether the holder is asked, and whether the other one waits.  The
 * rows are made from that page.
 *
 * A cell is tested when a client can get there: who reads, writes, renames or
 * deletes by a handle has opened the file, and that takes W from others. */
#include <string.h>

#include "torture/breaks.h"
#include "torture/dir_leases.h"
#include "torture/features.h"

struct table_row {
	const char *operation;
	const char *cells[7];
};

static const struct table_row table[] = {
#include "torture/caching_rows.h"
};

struct column {
	const char *name;
	uint8_t level;
	uint32_t state; /* of a lease */
};

static const struct column columns[COUNT_OF(table[0].cells)] = {
	{"II", SMB2_OPLOCK_LEVEL_II, LEASE_R},
	{"exclusive", SMB2_OPLOCK_LEVEL_EXCLUSIVE, LEASE_RW},
	{"batch", SMB2_OPLOCK_LEVEL_BATCH, LEASE_RWH},
	{"R", SMB2_OPLOCK_LEVEL_LEASE, LEASE_R},
	{"RH", SMB2_OPLOCK_LEVEL_LEASE, LEASE_RH},
	{"RW", SMB2_OPLOCK_LEVEL_LEASE, LEASE_RW},
	{"RWH", SMB2_OPLOCK_LEVEL_LEASE, LEASE_RWH},
};

/* Columns, as bits. */
#define ALL_COLUMNS 0x7fu
#define WITHOUT_W   0x19u /* II, R, RH */
#define DIRECTORY   0x18u /* R, RH */

/* One cell, in one way of doing its operation. */
struct cell {
	struct torture *t;
	const struct way *way;
	const struct column *column;
	struct cli_tree *a, *b; /* who holds, who acts */
	const char *dir;	/* for what is made */
	const char *name;
	struct held h;
	struct smb2_file_id id; /* b's, of what acts by a handle */
};

struct way {
	const char *operation; /* of the table */
	const char *what;
	uint32_t access; /* b's */
	uint32_t disposition;
	uint32_t columns; /* where it can be */
	bool alone;	  /* the holder shares nothing */
	bool on_directory;
	struct tevent_req *(*act)(struct cell *c); /* NULL: a CREATE */
};

/* --- what acts ------------------------------------------------------------ */

static struct tevent_req *set_info(struct cell *c, uint8_t info_class,
				   const void *data, size_t length)
{
	const struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = info_class,
		.id = c->id,
		.buffer = wire_reader(data, length)};

	return cli_set_info_send(c->t->mem, c->b, &in);
}

static struct tevent_req *act_read(struct cell *c)
{
	const struct smb2_read_request in = {.length = 4, .id = c->id};

	return cli_read_send(c->t->mem, c->b, &in);
}

static struct tevent_req *act_flush(struct cell *c)
{
	return cli_flush_send(c->t->mem, c->b, c->id);
}

static struct tevent_req *act_write(struct cell *c)
{
	const struct smb2_write_request in = {
		.id = c->id, .data = wire_reader((const uint8_t *)"new", 3)};

	return cli_write_send(c->t->mem, c->b, &in);
}

static struct tevent_req *act_lock(struct cell *c)
{
	const struct smb2_lock_request in = {.id = c->id};
	const struct smb2_lock_element e = {
		.length = 1, .flags = SMB2_LOCKFLAG_EXCLUSIVE_LOCK};

	return cli_lock_send(c->t->mem, c->b, &in, &e, 1);
}

static struct tevent_req *act_resize(struct cell *c)
{
	static const uint8_t size[8] = {2};

	return set_info(c, FileEndOfFileInformation, size, sizeof(size));
}

static struct tevent_req *act_zero(struct cell *c)
{
	static const uint8_t range[16] = {[8] = 2}; /* from 0 to 2 */
	const struct smb2_ioctl_request in = {
		.ctl_code = FSCTL_SET_ZERO_DATA,
		.id = c->id,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = wire_reader(range, sizeof(range))};

	return cli_ioctl_send(c->t->mem, c->b, &in);
}

/* [MS-FSCC] 2.4.42.2, 2.4.27.2: alike */
static struct tevent_req *new_name(struct cell *c, uint8_t info_class)
{
	struct wire_writer name = wire_writer(c->t->mem, 65536);
	struct wire_writer w = wire_writer(c->t->mem, 65536);
	struct fscc_rename in = {0};

	wire_put_utf16(&name, talloc_asprintf(c->t->mem, "%s.new", c->name));
	in.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, info_class, &in);
	return set_info(c, info_class, w.data, w.length);
}

static struct tevent_req *act_rename(struct cell *c)
{
	return new_name(c, FileRenameInformation);
}

static struct tevent_req *act_link(struct cell *c)
{
	return new_name(c, FileLinkInformation);
}

static struct tevent_req *act_delete(struct cell *c)
{
	static const uint8_t yes[1] = {1};

	return set_info(c, FileDispositionInformation, yes, sizeof(yes));
}

/* A DACL that is not there: everybody may do all. */
static struct tevent_req *act_security(struct cell *c)
{
	static const uint8_t sd[20] = {
		1, 0, 0x04, 0x80}; /* SE_DACL_PRESENT, SE_SELF_RELATIVE */
	const struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_SECURITY,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = c->id,
		.buffer = wire_reader(sd, sizeof(sd))};

	return cli_set_info_send(c->t->mem, c->b, &in);
}

static struct tevent_req *send_create(struct cell *c, const char *name,
				      uint32_t access, uint32_t disposition)
{
	struct smb2_create_request in = torture_request(access, disposition, 0);

	return cli_create_send(c->t->mem, c->b, name, &in, NULL);
}

static struct tevent_req *act_create(struct cell *c)
{
	return send_create(c, c->name, c->way->access, c->way->disposition);
}

static struct tevent_req *act_child(struct cell *c)
{
	return send_create(c, talloc_asprintf(c->t->mem, "%s\\child", c->name),
			   FILE_READ_ATTRIBUTES, FILE_CREATE);
}

static const struct way ways[] = {
	{"open", "open to read", FILE_GENERIC_READ, FILE_OPEN, ALL_COLUMNS,
	 .act = NULL},
	{"open", "open to write", FILE_GENERIC_WRITE, FILE_OPEN, ALL_COLUMNS,
	 .act = NULL},
	{"open for READ_CONTROL", "open for READ_CONTROL", READ_CONTROL,
	 FILE_OPEN, ALL_COLUMNS, .act = NULL},
	{"overwrite", "overwrite", FILE_GENERIC_WRITE, FILE_OVERWRITE,
	 ALL_COLUMNS, .act = NULL},
	{"overwrite", "supersede", FILE_GENERIC_WRITE, FILE_SUPERSEDE,
	 ALL_COLUMNS, .act = NULL},
	{"open that sharing forbids", "open what is not shared",
	 FILE_GENERIC_READ, FILE_OPEN, ALL_COLUMNS, .alone = true},
	{"read, flush", "read", FILE_GENERIC_READ, 0, WITHOUT_W,
	 .act = act_read},
	{"read, flush", "flush", FILE_GENERIC_WRITE, 0, WITHOUT_W,
	 .act = act_flush},
	{"write, lock, resize, zero", "write", FILE_GENERIC_WRITE, 0, WITHOUT_W,
	 .act = act_write},
	{"write, lock, resize, zero", "lock", FILE_GENERIC_READ, 0, WITHOUT_W,
	 .act = act_lock},
	{"write, lock, resize, zero", "resize", FILE_GENERIC_WRITE, 0,
	 WITHOUT_W, .act = act_resize},
	{"write, lock, resize, zero", "zero", FILE_GENERIC_WRITE, 0, WITHOUT_W,
	 .act = act_zero},
	{"rename, link", "rename", DELETE_ACCESS, 0, WITHOUT_W,
	 .act = act_rename},
	{"rename, link", "link", FILE_GENERIC_READ, 0, WITHOUT_W,
	 .act = act_link},
	{"delete", "delete", DELETE_ACCESS, 0, WITHOUT_W, .act = act_delete},
	{"set security", "set security", WRITE_DAC, 0, WITHOUT_W,
	 .act = act_security},
	{"change in a directory", "new file", 0, 0, DIRECTORY,
	 .on_directory = true, .act = act_child},
};

/* --- a cell --------------------------------------------------------------- */

static void let_hold(struct cell *c)
{
	struct cli_oplock want = c->column->level == SMB2_OPLOCK_LEVEL_LEASE
					 ? want_lease(c->column->state)
					 : want_oplock(c->column->level);
	struct smb2_create_request in = torture_request(
		c->way->on_directory ? LIST_ACCESS
				     : FILE_GENERIC_READ | DELETE_ACCESS,
		FILE_OPEN, 0);

	if (c->way->alone) {
		in.share_access = 0;
	}
	c->h = torture_hold_with(c->t, c->a, c->name, &in, want);
	EQUAL(c->h.granted.level, want.level);
	if (want.level == SMB2_OPLOCK_LEVEL_LEASE) {
		EQUAL(c->h.granted.lease.state, want.lease.state);
	}
}

static bool needs_handle(const struct way *way)
{
	return way->act != NULL && !way->on_directory;
}

static void set_scene(struct cell *c)
{
	const struct way *way = c->way;
	const char *leaf =
		talloc_asprintf(c->t->mem, "%s %s", way->what, c->column->name);

	c->name = way->on_directory
			  ? torture_mkdir(c->t, c->a, leaf)
			  : torture_file(c->t, c->a, leaf, "0123456789");
	if (needs_handle(way)) {
		c->id = torture_open(c->t, c->b, c->name, way->access,
				     FILE_OPEN, 0);
	}
	let_hold(c);
	no_break(c->a, 0);
}

/* The status of any of the requests. */
static NTSTATUS end(struct cell *c, struct tevent_req *req)
{
	struct smb2_create_response out;
	struct smb2_ioctl_response answer;
	struct smb2_read_response data;
	uint32_t count;
	NTSTATUS status;

	CHECK(cli_wait(cli_tree_conn(c->b), req));
	if (c->way->act == act_read) {
		return cli_read_recv(req, c->t->mem, &data);
	}
	if (c->way->act == act_write) {
		return cli_write_recv(req, &count);
	}
	if (c->way->act == act_zero) {
		return cli_ioctl_recv(req, c->t->mem, &answer);
	}
	if (needs_handle(c->way)) {
		return cli_status_recv(req);
	}
	status = cli_create_recv(req, c->t->mem, &out);
	if (NT_STATUS_IS_OK(status)) {
		c->id = out.id;
	}
	return status;
}

/* "R!" */
static uint32_t state_left(const char *text)
{
	return (strchr(text, 'R') != NULL ? LEASE_R : 0) |
	       (strchr(text, 'W') != NULL ? SMB2_LEASE_WRITE_CACHING : 0) |
	       (strchr(text, 'H') != NULL ? SMB2_LEASE_HANDLE_CACHING : 0);
}

static uint8_t level_left(const char *text)
{
	return strchr(text, 'R') != NULL ? SMB2_OPLOCK_LEVEL_II
					 : SMB2_OPLOCK_LEVEL_NONE;
}

static void break_comes(const struct cell *c, const char *text, bool answer)
{
	if (c->column->level == SMB2_OPLOCK_LEVEL_LEASE) {
		lease_break_is(&c->h, c->column->state, state_left(text),
			       answer);
	} else {
		oplock_break_is(&c->h, level_left(text));
	}
}

static void give_answer(const struct cell *c, const char *text)
{
	if (c->column->level == SMB2_OPLOCK_LEVEL_LEASE) {
		ack_lease(&c->h, state_left(text));
	} else {
		ack_oplock(&c->h, level_left(text));
	}
}

static void is_so(struct cell *c, const char *text)
{
	bool waits = strchr(text, '!') != NULL;
	bool asked = waits || strchr(text, '?') != NULL;
	struct tevent_req *req =
		c->way->act == NULL ? act_create(c) : c->way->act(c);
	NTSTATUS status;

	CHECK(req != NULL);
	if (waits) {
		must_wait(c->b, req);
	}
	if (strcmp(text, "-") != 0) {
		break_comes(c, text, asked);
	}
	if (waits) {
		CHECK(tevent_req_is_in_progress(req));
		give_answer(c, text);
	}
	status = end(c, req);
	if (c->way->alone) {
		STATUS(status, SHARING_VIOLATION);
	} else {
		OK(status);
	}
	if (asked && !waits) {
		give_answer(c, text);
	}
	no_break(c->a, 0);
}

static void clean_up(struct cell *c)
{
	if (!c->way->alone) {
		OK(cli_close(c->b, c->id));
	}
	OK(cli_close(c->a, c->h.id));
}

/* --- all of it ------------------------------------------------------------ */

static const struct table_row *row_of(const struct way *way)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (strcmp(table[i].operation, way->operation) == 0) {
			return &table[i];
		}
	}
	FAIL("the table has no row \"%s\"", way->operation);
}

/* Each row of the table is tested in some way. */
static void check_rows(void)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		size_t w = 0;

		while (w < COUNT_OF(ways) &&
		       strcmp(ways[w].operation, table[i].operation) != 0) {
			w++;
		}
		CHECK(w < COUNT_OF(ways));
	}
}

static void check_way(struct torture *t, const struct way *way,
		      struct cli_tree *a, struct cli_tree *b)
{
	const struct table_row *row = row_of(way);

	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		struct cell c = {.t = t,
				 .way = way,
				 .column = &columns[i],
				 .a = a,
				 .b = b};

		if ((way->columns & (1u << i)) == 0) {
			continue;
		}
		torture_note("%s, %s is held: %s", way->what, columns[i].name,
			     row->cells[i]);
		set_scene(&c);
		is_so(&c, row->cells[i]);
		clean_up(&c);
	}
}

static void check_table(struct torture *t, struct cli_tree *a,
			struct cli_tree *b, bool directories)
{
	check_rows();
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (ways[i].on_directory == directories) {
			check_way(t, &ways[i], a, b);
		}
	}
}

static void two_clients(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);

	torture_needs_leases(a);
	check_table(t, a, torture_tree(t), false);
}

static void two_opens(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);

	torture_needs_leases(a);
	check_table(t, a, a, false);
}

static void directories(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);

	torture_needs_directory_leases(a);
	check_table(t, a, torture_tree(t), true);
}

static void directories_two_opens(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);

	torture_needs_directory_leases(a);
	check_table(t, a, a, true);
}

const struct torture_test torture_caching_table_tests[] = {
	{"caching.two_clients", "[MS-FSA] 2.1.4.12: docs/caching.md",
	 two_clients, 0},
	{"caching.two_opens", "[MS-FSA] 2.1.4.12: of one client", two_opens, 0},
	{"caching.directories", "[MS-FSA] 2.1.4.12: of a directory",
	 directories, 0},
	{"caching.directories_two_opens",
	 "[MS-FSA] 2.1.4.12: of one client's directory", directories_two_opens,
	 0},
	{NULL, NULL, NULL, 0},
};
