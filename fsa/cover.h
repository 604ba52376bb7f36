/* fsa/cover.h - a cover: a driver of a filter's own between the core and the
 * share's driver, for what is kept in another way than the core asks for it:
 * other names, streams in other places.  What it lets through costs nothing.
 *
 * A cover begins as a copy of the table below, whose operations take the nodes
 * of the driver below as they are; those that take a mount are passed on.  The
 * filter then puts its own operations into `table`.  Nodes of its own have
 * cover->mount as their mount, so fsa_cover_owns() tells them; the operations
 * of the table below must never see them.  Several covers can lie over one
 * another; an operation finds its own with fsa_cover_find(). */
#ifndef FSA_COVER_H
#define FSA_COVER_H

#include "fsa/filter.h"

struct fsa_cover {
	struct fsa_mount mount; /* what the core has instead */
	struct fsa_driver table;
	const struct fsa_driver *below;
	struct fsa_mount *mount_below;
	const struct fsa_filter *filter; /* whose it is */
	struct fsa_cover *inner;	 /* the next one down; or NULL */
	struct fsa_mount *base;		 /* below all of them */
};

/* What a cover covers, and then is: fsa_filter.cover() replaces both. */
struct fsa_below {
	const struct fsa_driver *driver;
	struct fsa_mount *mount;
};

/* Fills in c, which lasts as long as the volume, and puts it into *b. */
void fsa_cover_init(struct fsa_cover *c, const struct fsa_filter *filter,
		    struct fsa_below *b);

/* The filter's cover among those over a node; it is there (asserted). */
struct fsa_cover *fsa_cover_find(const struct fsa_node *n,
				 const struct fsa_filter *filter);

static inline struct fsa_cover *fsa_cover_of(struct fsa_mount *m)
{
	return (struct fsa_cover *)(void *)m;
}

static inline bool fsa_cover_owns(const struct fsa_cover *c,
				  const struct fsa_node *n)
{
	return n->mount == &c->mount;
}

#endif
