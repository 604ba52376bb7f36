/* torture/point.h - short ways with reparse points, for reparse.c and
 * symlink.c; all of it ends the test when it fails, but what returns a status.
 */
#ifndef TORTURE_POINT_H
#define TORTURE_POINT_H

#include "lib/reparse.h"
#include "torture/util.h"

#define POINT_ACCESS	(FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS)
#define POINT_TAG_OTHER 0x00000123u /* of another maker */

/* A whole buffer; other makers' tags have a GUID of the tests. */
struct blob point_buffer(struct torture *t, uint32_t tag, const void *data,
			 size_t length);

/* That of a symlink. */
struct blob point_link(struct torture *t, const char *target, bool relative);

/* An FSCTL; out (on t->mem) may be NULL. */
NTSTATUS point_control(struct torture *t, struct cli_tree *tree,
		       struct smb2_file_id id, uint32_t code, struct blob in,
		       uint32_t max_out, struct blob *out);

/* FSCTL_SET_REPARSE_POINT, FSCTL_DELETE_REPARSE_POINT of a tag,
 * FSCTL_GET_REPARSE_POINT with room for any. */
NTSTATUS point_set(struct torture *t, struct cli_tree *tree,
		   struct smb2_file_id id, struct blob in);
NTSTATUS point_drop(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, uint32_t tag);
NTSTATUS point_get(struct torture *t, struct cli_tree *tree,
		   struct smb2_file_id id, struct blob *out);

/* A new file that is a reparse point, closed; skips where there are none. */
const char *point_make(struct torture *t, struct cli_tree *tree,
		       const char *leaf, uint32_t options, struct blob in);
const char *point_make_link(struct torture *t, struct cli_tree *tree,
			    const char *leaf, const char *target,
			    bool relative);

/* The reparse point itself, for everything. */
struct smb2_file_id point_open(struct torture *t, struct cli_tree *tree,
			       const char *name);

/* An open that does not ask for the reparse point. */
NTSTATUS point_try(struct torture *t, struct cli_tree *tree, const char *path);

/* Where a symlink leads. */
struct reparse_symlink point_link_of(struct torture *t, struct cli_tree *tree,
				     const char *path);

/* The open is of one with exactly this buffer. */
void point_is(struct torture *t, struct cli_tree *tree, struct smb2_file_id id,
	      struct blob want);

/* FileAttributeTagInformation and FileBasicInformation say so; 0: it is no
 * reparse point. */
void point_tag_is(struct torture *t, struct cli_tree *tree,
		  struct smb2_file_id id, uint32_t tag);

#endif
