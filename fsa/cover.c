/* fsa/cover.c - see cover.h. */
#include "fsa/cover.h"

#include "lib/assert.h"

static NTSTATUS cover_volume_info(struct fsa_mount *m,
				  struct fsa_volume_info *out)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->volume_info(c->mount_below, out);
}

static NTSTATUS cover_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			   const struct fsa_how *how, struct fsa_node **out,
			   struct fsa_stat *out_stat)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->open(mem_ctx, c->mount_below, how, out, out_stat);
}

static NTSTATUS cover_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			   const struct fsa_how *how, struct fsa_node **out,
			   struct fsa_stat *out_stat)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->make(mem_ctx, c->mount_below, how, out, out_stat);
}

static NTSTATUS cover_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
				    uint64_t inode, const char **out)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->path_of_inode(mem_ctx, c->mount_below, inode, out);
}

static NTSTATUS cover_quota_state(struct fsa_mount *m, bool *out_enforced)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->quota_state(c->mount_below, out_enforced);
}

static NTSTATUS cover_get_quota(struct fsa_mount *m, uid_t uid, bool next,
				struct fsa_quota *out)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->get_quota(c->mount_below, uid, next, out);
}

static NTSTATUS cover_set_quota(struct fsa_mount *m, const struct fsa_quota *in)
{
	const struct fsa_cover *c = fsa_cover_of(m);

	return c->below->set_quota(c->mount_below, in);
}

/* All operations that take a mount; what the driver has not stays NULL. */
static void pass_on(struct fsa_driver *t)
{
	t->volume_info = cover_volume_info;
	t->open = cover_open;
	t->make = cover_make;
	t->path_of_inode = cover_path_of_inode;
	t->quota_state = t->quota_state == NULL ? NULL : cover_quota_state;
	t->get_quota = t->get_quota == NULL ? NULL : cover_get_quota;
	t->set_quota = t->set_quota == NULL ? NULL : cover_set_quota;
}

struct fsa_cover *fsa_cover_find(const struct fsa_node *n,
				 const struct fsa_filter *filter)
{
	struct fsa_cover *c = n->mount->outermost;

	while (c != NULL && c->filter != filter) {
		c = c->inner;
	}
	ASSERT(c != NULL);
	return c;
}

void fsa_cover_init(struct fsa_cover *c, const struct fsa_filter *filter,
		    struct fsa_below *b)
{
	c->filter = filter;
	c->below = b->driver;
	c->mount_below = b->mount;
	c->inner = b->mount->outermost;
	c->base = c->inner == NULL ? b->mount : c->inner->base;
	c->mount.local_path = b->mount->local_path;
	c->mount.outermost = c;
	c->base->outermost = c;
	for (struct fsa_cover *i = c->inner; i != NULL; i = i->inner) {
		i->mount.outermost = c;
	}
	c->table = *b->driver;
	pass_on(&c->table);
	c->mount.driver = &c->table;
	b->driver = &c->table;
	b->mount = &c->mount;
}
