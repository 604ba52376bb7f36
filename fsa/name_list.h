/* fsa/name_list.h - the lists of names in `hide files` and `veto files`: names
 * with the wildcards * and ?, separated by slashes, in any case. */
#ifndef FSA_NAME_LIST_H
#define FSA_NAME_LIST_H

#include <stdbool.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct name_list;

/* *out is NULL for a list of nothing. */
MUST_CHECK NTSTATUS name_list_parse(TALLOC_CTX *mem_ctx, const char *text,
				    struct name_list **out);

/* Whether the last component of path is in the list; not in NULL. */
bool name_list_has(const struct name_list *list, const char *path);

/* Whether any component is. */
bool name_list_has_any(const struct name_list *list, const char *path);

#endif
