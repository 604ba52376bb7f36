/* torture/dir_lease_random.c - random changes, and what a holder of leases has
 * listed: as long as a directory's lease is not broken, that is what a new
 * listing says, too.  Whatever it is that changes a listing, then, breaks.
 *
 * What a listing shows of subdirectories' times is not looked at: what is
 * deeper tells nobody above ([MS-FSA] 2.1.5.1.1). */
#include <stdlib.h>
#include <string.h>

#include "lib/nt.h"
#include "smb2/fscc_list.h"
#include "torture/dir_leases.h"
#include "torture/features.h"

#define DIRS	2
#define NAMES	6
#define ROUNDS	500
#define ENTRIES 64

struct listing {
	char *lines[ENTRIES];
	size_t count;
};

struct cached {
	const char *path;
	struct held h;
	bool broken;
	struct listing listed;
};

struct random_test {
	struct torture *t;
	struct cli_tree *a, *b; /* who holds, who changes */
	struct cached dirs[DIRS];
	uint64_t random;
	/* Files may have several names, but all in one directory: who changes
	 * one by a name elsewhere tells nobody here. */
	bool links;
	const char *what; /* the last change */
};

static unsigned int number(struct random_test *r, unsigned int below)
{
	r->random = r->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(r->random >> 33) % below;
}

/* --- listings --------------------------------------------------------------
 */

static bool note(void *private_data, const char *name,
		 const struct fscc_dir_entry *e)
{
	struct listing *l = private_data;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		return true;
	}
	CHECK(l->count < ENTRIES);
	l->lines[l->count++] = talloc_asprintf(
		NULL,
		"%s id %llu size %llu, %llu attributes %x EAs %u times %llu "
		"%llu %llu",
		name, (unsigned long long)e->file_id,
		(unsigned long long)e->end_of_file,
		(unsigned long long)e->allocation_size, e->file_attributes,
		e->ea_size, (unsigned long long)e->creation_time,
		(unsigned long long)e->last_write_time,
		(unsigned long long)e->change_time);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void forget(struct listing *l)
{
	while (l->count > 0) {
		talloc_free(l->lines[--l->count]);
	}
}

static void list(struct random_test *r, struct cli_tree *tree,
		 struct smb2_file_id id, struct listing *out)
{
	out->count = 0;
	OK(torture_list_dir(r->t, tree, id, "*", FileIdBothDirectoryInformation,
			    65536, note, out));
	qsort(out->lines, out->count, sizeof(out->lines[0]), compare);
}

static bool same(const struct listing *x, const struct listing *y)
{
	for (size_t i = 0; i < x->count && i < y->count; i++) {
		if (strcmp(x->lines[i], y->lines[i]) != 0) {
			return false;
		}
	}
	return x->count == y->count;
}

static void show(const char *who, const struct listing *l)
{
	for (size_t i = 0; i < l->count; i++) {
		torture_note("%s: %s", who, l->lines[i]);
	}
}

/* --- what the holder does --------------------------------------------------
 */

static void hold(struct random_test *r, struct cached *d)
{
	d->h = hold_dir_all(r->t, r->a, d->path, want_lease(LEASE_RH));
	d->broken = false;
	list(r, r->a, d->h.id, &d->listed);
}

static void note_break(struct random_test *r,
		       const struct smb2_break_notification *b)
{
	for (size_t i = 0; i < DIRS; i++) {
		struct cached *d = &r->dirs[i];

		if (guid_equal(&b->lease.key, &d->h.granted.lease.key)) {
			EQUAL(b->lease.new_state, LEASE_NONE);
			CHECK(!d->broken);
			d->broken = true;
			return;
		}
	}
	FAIL("%s: a break of nothing", r->what);
}

static void hold_again(struct random_test *r, struct cached *d)
{
	ack_lease(&d->h, LEASE_NONE);
	OK(cli_close(r->a, d->h.id));
	forget(&d->listed);
	hold(r, d);
}

/* What is cached is what is there, or its lease is broken, if not at once. */
static void check(struct random_test *r, struct cached *d)
{
	struct cli_conn *conn = cli_tree_conn(r->a);
	struct smb2_file_id id = torture_open(r->t, r->b, d->path, LIST_ACCESS,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_break_notification b;
	struct listing now;

	list(r, r->b, id, &now);
	OK(cli_close(r->b, id));
	while (cli_break_take(conn, &b)) {
		note_break(r, &b);
	}
	while (!d->broken && !same(&now, &d->listed)) {
		NTSTATUS status = cli_wait_break(conn, BREAK_WAIT_MS, &b);

		if (!NT_STATUS_IS_OK(status)) {
			show("cached", &d->listed);
			show("there", &now);
			FAIL("seed %u: %s: no break", r->t->options->seed,
			     r->what);
		}
		note_break(r, &b);
	}
	forget(&now);
}

/* What a change came to is not of interest: what it did is. */
static void whatever(NTSTATUS status)
{
	if (NT_STATUS_IS(status, IO_TIMEOUT)) {
		FAIL("no answer");
	}
}

/* --- changes ---------------------------------------------------------------
 */

static const char *some_name(struct random_test *r)
{
	return talloc_asprintf(r->t->mem, "%s\\%c%u",
			       r->dirs[number(r, DIRS)].path,
			       "fd"[number(r, 8) == 0], number(r, NAMES));
}

/* Another name in the same directory. */
static const char *beside(struct random_test *r, const char *name)
{
	return talloc_asprintf(r->t->mem, "%.*s%u", (int)strlen(name) - 1, name,
			       number(r, NAMES));
}

static void set_some_basic(struct random_test *r, struct smb2_file_id id)
{
	const struct fscc_basic basic = {
		.last_write_time = number(r, 2) *
				   (132000000000000000ull + r->random % 1000),
		.file_attributes = number(r, 2) *
				   (number(r, 2) == 0 ? FILE_ATTRIBUTE_HIDDEN
						      : FILE_ATTRIBUTE_NORMAL)};
	uint8_t data[40];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	fscc_basic_put(&w, &basic);
	whatever(torture_set(r->b, id, FileBasicInformation, data, w.length));
}

static void set_some_ea(struct random_test *r, struct smb2_file_id id)
{
	const struct fscc_ea ea = {
		.name = number(r, 2) == 0 ? "one" : "two",
		.value = wire_reader("a value that is long", number(r, 20))};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);

	fscc_ea_put(&l, &ea);
	whatever(torture_set(r->b, id, FileFullEaInformation, bytes, w.length));
}

static void link_to(struct random_test *r, struct smb2_file_id id,
		    const char *from)
{
	const char *to = beside(r, from);
	struct wire_writer w = wire_writer(r->t->mem, 4096);
	struct fscc_rename in = {.flags = 1};
	struct blob name;

	OK(utf8_to_utf16(r->t->mem, to, &name));
	in.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, FileLinkInformation, &in);
	whatever(torture_set(r->b, id, FileLinkInformation, w.data, w.length));
}

static void set_descriptor_again(struct random_test *r, struct smb2_file_id id)
{
	const struct smb2_query_info_request query = {
		.info_type = SMB2_0_INFO_SECURITY,
		.output_buffer_length = 4096,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = id,
	};
	struct smb2_set_info_request set = {
		.info_type = SMB2_0_INFO_SECURITY,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = id,
	};

	OK(cli_query_info(r->t->mem, r->b, &query, &set.buffer));
	OK(cli_set_info(r->b, &set));
}

static void control(struct random_test *r, struct smb2_file_id id,
		    uint32_t code, const void *data, size_t length)
{
	const struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = wire_reader(data, length),
	};
	struct smb2_ioctl_response out;

	whatever(cli_ioctl(r->t->mem, r->b, &in, &out));
}

static void rename_some(struct random_test *r, struct smb2_file_id id,
			const char *from)
{
	const char *to = r->links ? beside(r, from) : some_name(r);

	r->what = talloc_asprintf(r->t->mem, "%s to %s", r->what, to);
	whatever(torture_rename(r->b, id, to, number(r, 2) == 0));
}

/* With the file open; what is not possible changes nothing. */
static void change_open(struct random_test *r, struct smb2_file_id id,
			const char *name)
{
	static const uint64_t range[2] = {0, 4096};
	static const char *const whats[] = {
		"write",  "end of file", "basic",     "EA",
		"rename", "link",	 "security",  "flush",
		"read",	  "sparse",	 "zero data", "delete"};
	unsigned int which = number(r, COUNT_OF(whats));
	struct blob got;

	r->what = talloc_asprintf(r->t->mem, "%s of %s", whats[which], name);
	switch (which) {
	case 0:
	case 7:
		whatever(torture_write(r->b, id, number(r, 10000), "some text",
				       9));
		if (which == 7) {
			OK(cli_flush(r->b, id));
		}
		break;
	case 1:
		whatever(torture_set_eof(r->b, id, number(r, 10000)));
		break;
	case 2:
		set_some_basic(r, id);
		break;
	case 3:
		set_some_ea(r, id);
		break;
	case 4:
		rename_some(r, id, name);
		break;
	case 5:
		if (r->links) {
			link_to(r, id, name);
		}
		break;
	case 6:
		set_descriptor_again(r, id);
		break;
	case 8:
		whatever(torture_read(r->t, r->b, id, 0, 10, &got));
		break;
	case 9:
		control(r, id, FSCTL_SET_SPARSE, NULL, 0);
		break;
	case 10:
		control(r, id, FSCTL_SET_ZERO_DATA, range, sizeof(range));
		break;
	default:
		whatever(torture_set_delete(r->b, id, true));
		break;
	}
}

static void change(struct random_test *r)
{
	static const uint32_t dispositions[] = {
		FILE_OPEN_IF, FILE_OPEN_IF, FILE_OPEN_IF,
		FILE_OPEN,    FILE_CREATE,  FILE_OVERWRITE_IF};
	const char *name = some_name(r);
	struct smb2_create_request in = torture_request(
		TORTURE_ALL, dispositions[number(r, COUNT_OF(dispositions))],
		0);
	struct smb2_create_response out;
	const char *leaf = strrchr(name, '\\') + 1;

	if (*leaf == 'd') {
		in.create_options |= FILE_DIRECTORY_FILE;
		in.create_disposition = FILE_OPEN_IF;
	} else if (number(r, 8) == 0) {
		name = talloc_asprintf(r->t->mem, "%s:stream", name);
	}
	r->what = talloc_asprintf(r->t->mem, "open (%u) of %s",
				  in.create_disposition, name);
	if (!NT_STATUS_IS_OK(
		    cli_create(r->t->mem, r->b, name, &in, NULL, &out))) {
		return;
	}
	if (strchr(name, ':') == NULL && number(r, 5) != 0) {
		change_open(r, out.id, name);
	}
	OK(cli_close(r->b, out.id));
}

static void run(struct torture *t, bool links)
{
	struct random_test r = {.t = t,
				.a = torture_tree(t),
				.b = torture_tree(t),
				.random = t->options->seed,
				.links = links};

	torture_needs_directory_leases(r.a);
	torture_note("seed %u", t->options->seed);
	for (unsigned int i = 0; i < DIRS; i++) {
		r.dirs[i].path = torture_mkdir(
			t, r.a, talloc_asprintf(t->mem, "dir%u", i));
		hold(&r, &r.dirs[i]);
	}
	for (unsigned int n = 0; n < ROUNDS; n++) {
		change(&r);
		for (size_t i = 0; i < DIRS; i++) {
			check(&r, &r.dirs[i]);
		}
		for (size_t i = 0; i < DIRS; i++) {
			if (r.dirs[i].broken) {
				hold_again(&r, &r.dirs[i]);
			}
		}
	}
}

static void random_changes(struct torture *t)
{
	run(t, false);
}

static void random_changes_and_links(struct torture *t)
{
	run(t, true);
}

const struct torture_test torture_dir_lease_random_tests[] = {
	{"dir_lease.random_changes",
	 "[MS-SMB2] 3.3.1.4: a listing under a lease is true (--seed)",
	 random_changes, 0},
	{"dir_lease.random_changes_and_links",
	 "[MS-FSA] 2.1.5.15.7: the same, with several names",
	 random_changes_and_links, 0},
	{NULL, NULL, NULL, 0},
};
