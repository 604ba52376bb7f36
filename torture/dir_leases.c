/* torture/dir_leases.c - see dir_leases.h. */
#include "torture/dir_leases.h"

struct held hold_dir(struct torture *t, struct cli_tree *tree, const char *name,
		     struct cli_oplock want)
{
	const struct smb2_create_request in =
		torture_request(LIST_ACCESS, FILE_OPEN, FILE_DIRECTORY_FILE);

	return torture_hold_with(t, tree, name, &in, want);
}

struct held hold_dir_all(struct torture *t, struct cli_tree *tree,
			 const char *name, struct cli_oplock want)
{
	struct held h = hold_dir(t, tree, name, want);

	EQUAL(h.granted.level, SMB2_OPLOCK_LEVEL_LEASE);
	CHECK(guid_equal(&h.granted.lease.key, &want.lease.key));
	EQUAL(h.granted.lease.state, want.lease.state);
	return h;
}

struct leased leased_dir(struct torture *t, uint32_t state)
{
	struct leased l = {.t = t, .a = torture_tree(t), .b = torture_tree(t)};

	torture_needs_directory_leases(l.a);
	l.dir = torture_mkdir(t, l.a, "leased");
	l.file = torture_file(t, l.a, "leased\\file", "text");
	l.h = hold_dir_all(t, l.a, l.dir, want_lease(state));
	return l;
}

struct cli_oplock want_below(const struct held *h, uint32_t state)
{
	struct cli_oplock want = want_lease(state);

	want.lease.flags = SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET;
	want.lease.parent_key = h->granted.lease.key;
	return want;
}

const char *leased_path(const struct leased *l, const char *leaf)
{
	return talloc_asprintf(l->t->mem, "%s\\%s", l->dir, leaf);
}

struct smb2_file_id leased_open(const struct leased *l)
{
	return torture_open(l->t, l->b, l->file, TORTURE_ALL, FILE_OPEN, 0);
}

void must_break(const struct leased *l)
{
	EQUAL(lease_break_is(&l->h, LEASE_RH, LEASE_NONE, true).new_epoch,
	      l->h.granted.lease.epoch + 1);
	ack_lease(&l->h, LEASE_NONE);
	no_break(l->a, 0);
}

void must_not_break(const struct leased *l)
{
	no_break(l->a, 50);
}
