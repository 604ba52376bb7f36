/* smbd/dot_names.h - "." and ".." in the path of a CREATE ([MS-SMB2] 3.3.5.9,
 * [MS-FSCC] 2.1.5.1): they are text, and gone before a file is looked for. */
#ifndef SMBD_DOT_NAMES_H
#define SMBD_DOT_NAMES_H

#include "lib/ntstatus.h"

/* Takes them out of path, in place; ".." of the share's root is the root.
 * INVALID_PARAMETER when path begins with a backslash, or with one directory
 * that ".." leaves again, as in "x\..\y" (Windows: note 303);
 * OBJECT_PATH_SYNTAX_BAD when it ends in the ".." of the root. */
MUST_CHECK NTSTATUS dot_names_resolve(char *path);

#endif
