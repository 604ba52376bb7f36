/* fsa/hidden.c - what the share's settings hide. */
#include "fsa/hidden.h"

#include <string.h>

#include "fsa/filter.h"
#include "fsa/name_list.h"

/* Vetoed directories in one another, at most: a stack has an end. */
#define MAX_DEPTH 32

void hidden_mark(const struct fsa_volume *v, const char *path,
		 struct fsa_stat *st)
{
	const char *slash = strrchr(path, '\\');
	const char *name = slash == NULL ? path : slash + 1;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    ((!v->hide_dot || name[0] != '.') &&
	     !name_list_has(v->hide, name))) {
		return;
	}
	st->attributes &= ~FILE_ATTRIBUTE_NORMAL;
	st->attributes |= FILE_ATTRIBUTE_HIDDEN;
}

bool hidden_is_vetoed(const struct fsa_volume *v, const char *path)
{
	return strcmp(path, ".") != 0 && strcmp(path, "..") != 0 &&
	       (name_list_has_any(v->veto, path) ||
		name_list_has_any(v->veto_more, path));
}

NTSTATUS fsa_volume_veto(struct fsa_volume *v, const char *list)
{
	TALLOC_FREE(v->veto_more);
	return name_list_parse(v, list, &v->veto_more);
}

NTSTATUS hidden_check(const struct fsa_volume *v, const char *path)
{
	if (!hidden_is_vetoed(v, path)) {
		return NT_STATUS_OK;
	}
	return name_list_has(v->veto, path) || name_list_has(v->veto_more, path)
		       ? NT_STATUS(OBJECT_NAME_NOT_FOUND)
		       : NT_STATUS(OBJECT_PATH_NOT_FOUND);
}

/* --- directories that go ---------------------------------------------------
 */

static NTSTATUS remove_all(struct fsa_volume *v, struct fsa_node *dir,
			   unsigned int depth);

static NTSTATUS remove_entry(struct fsa_volume *v, struct fsa_node *dir,
			     const char *name, unsigned int depth)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct fsa_how how = {.access = FILE_READ_ATTRIBUTES};
	const char *path = v->driver->path(dir);
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (path != NULL) {
		how.path = talloc_asprintf(tmp, "%s%s%s", path,
					   *path == '\0' ? "" : "\\", name);
	}
	if (how.path != NULL) {
		status = v->driver->open(tmp, v->mount, &how, &node, &st);
	}
	if (NT_STATUS_IS_OK(status) && node->directory) {
		status = remove_all(v, node, depth + 1);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->unlink(node);
	}
	talloc_free(tmp);
	return status;
}

/* A scan that entries are removed from may miss some: it goes on until there
 * are none. */
static NTSTATUS remove_all(struct fsa_volume *v, struct fsa_node *dir,
			   unsigned int depth)
{
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	NTSTATUS status;
	bool any = true;

	if (depth > MAX_DEPTH) {
		return NT_STATUS(DIRECTORY_NOT_EMPTY);
	}
	while (any) {
		any = false;
		status = v->driver->scan_open(NULL, dir, &scan);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		status = v->driver->scan_next(scan, &name);
		while (NT_STATUS_IS_OK(status)) {
			status = remove_entry(v, dir, name, depth);
			any = NT_STATUS_IS_OK(status);
			if (any) {
				status = v->driver->scan_next(scan, &name);
			}
		}
		TALLOC_FREE(scan);
		if (!NT_STATUS_IS(status, NO_MORE_FILES)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS hidden_check_empty(struct fsa_volume *v, struct fsa_node *dir)
{
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	NTSTATUS status;

	if (!v->delete_veto || v->veto == NULL) {
		return v->driver->check_empty(dir);
	}
	status = v->driver->scan_open(NULL, dir, &scan);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	do {
		status = v->driver->scan_next(scan, &name);
	} while (NT_STATUS_IS_OK(status) && name_list_has(v->veto, name));
	talloc_free(scan);
	if (NT_STATUS_IS(status, NO_MORE_FILES)) {
		return NT_STATUS_OK;
	}
	return NT_STATUS_IS_OK(status) ? NT_STATUS(DIRECTORY_NOT_EMPTY)
				       : status;
}

NTSTATUS hidden_empty(struct fsa_volume *v, struct fsa_node *dir)
{
	NTSTATUS status;

	if (!v->delete_veto || v->veto == NULL || !dir->directory) {
		return NT_STATUS_OK;
	}
	/* Nothing that came in since is taken along. */
	status = hidden_check_empty(v, dir);
	return NT_STATUS_IS_OK(status) ? remove_all(v, dir, 0) : status;
}
