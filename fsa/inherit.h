/* fsa/inherit.h - the descriptor of a new file: [MS-DTYP] 2.5.3.4. */
#ifndef FSA_INHERIT_H
#define FSA_INHERIT_H

#include "lib/sd.h"

struct inherit_args {
	const struct security_descriptor *parent;  /* NULL: not known */
	const struct security_descriptor *creator; /* SecD; NULL: none given */
	bool directory;
	struct sid owner; /* who makes it, and the group: where the */
	struct sid group; /* creator names none */
};

/* Whether anything in the parent's descriptor goes to such a child. */
bool inherit_is_any(const struct security_descriptor *parent, bool directory);

/* The new file's descriptor; its entries are on mem_ctx, their blobs lent by
 * those of args.  Without a DACL from either side it has a null one: the caller
 * asks first. */
MUST_CHECK NTSTATUS inherit_compute(TALLOC_CTX *mem_ctx,
				    const struct inherit_args *args,
				    struct security_descriptor *out);

/* Generic rights in an entry in terms of a file's. */
uint32_t inherit_map_generic(uint32_t mask);

#endif
