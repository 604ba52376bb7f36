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
	c->table.volume_info = cover_volume_info;
	c->table.open = cover_open;
	c->table.make = cover_make;
	c->mount.driver = &c->table;
	b->driver = &c->table;
	b->mount = &c->mount;
}
