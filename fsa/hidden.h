/* fsa/hidden.h - what the share's settings hide: `hide files` and `hide dot
 * files` give an attribute to names, which is shown but is not the file's own;
 * `veto files` keeps names from all clients. */
#ifndef FSA_HIDDEN_H
#define FSA_HIDDEN_H

#include "fsa/file.h"

/* path is a name in the share, or of one component. */
void hidden_mark(const struct fsa_volume *v, const char *path,
		 struct fsa_stat *st);

/* Whether the path, or a directory on the way, is kept from clients. */
bool hidden_is_vetoed(const struct fsa_volume *v, const char *path);

/* OBJECT_NAME_NOT_FOUND or OBJECT_PATH_NOT_FOUND where that is so, for what is
 * to be made as well: as Samba. */
MUST_CHECK NTSTATUS hidden_check(const struct fsa_volume *v, const char *path);

/* As the driver's check_empty(); with `delete veto files` what is vetoed does
 * not count. */
MUST_CHECK NTSTATUS hidden_check_empty(struct fsa_volume *v,
				       struct fsa_node *dir);

/* With `delete veto files`: removes all that is vetoed from a directory which
 * is about to be removed, with what is below it. */
MUST_CHECK NTSTATUS hidden_empty(struct fsa_volume *v, struct fsa_node *dir);

#endif
