/* torture/dir_leases.h - for tests of leases on directories: one connection
 * holds, another one changes something.  All of it ends the test when it
 * fails. */
#ifndef TORTURE_DIR_LEASES_H
#define TORTURE_DIR_LEASES_H

#include "torture/breaks.h"

#define LIST_ACCESS (FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES)

struct leased {
	struct torture *t;
	struct cli_tree *a; /* who holds */
	struct cli_tree *b; /* another client */
	const char *dir;
	const char *file; /* in it, "text" */
	struct held h;
};

/* A directory with a file in it, and a's lease on it: all of state is granted.
 */
struct leased leased_dir(struct torture *t, uint32_t state);

/* Opens a directory that is there, with LIST_ACCESS. */
struct held hold_dir(struct torture *t, struct cli_tree *tree, const char *name,
		     struct cli_oplock want);
/* ... and all is granted. */
struct held hold_dir_all(struct torture *t, struct cli_tree *tree,
			 const char *name, struct cli_oplock want);

/* A lease with a key of its own whose parent's key is that of h. */
struct cli_oplock want_below(const struct held *h, uint32_t state);

/* "DIR\leaf" in l's directory. */
const char *leased_path(const struct leased *l, const char *leaf);
/* An open of l's file by b, for everything, without a lease. */
struct smb2_file_id leased_open(const struct leased *l);

/* The lease RH is broken to nothing, with the next epoch, and a answers. */
void must_break(const struct leased *l);
/* Nothing has come. */
void must_not_break(const struct leased *l);

#endif
