/* vfs_modules/recycle/names.c - see recycle.h: which files, and where to. */
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "vfs_modules/recycle/recycle.h"

/* The components of text, joined; cuts text.  INVALID_PARAMETER when there are
 * none, or one is "..". */
static NTSTATUS join_components(TALLOC_CTX *mem_ctx, char *text, char **out)
{
	char *path = talloc_strdup(mem_ctx, "");
	char *rest = NULL;

	for (char *c = strtok_r(text, "/\\", &rest); c != NULL && path != NULL;
	     c = strtok_r(NULL, "/\\", &rest)) {
		if (strcmp(c, "..") == 0) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		if (strcmp(c, ".") != 0) {
			path = talloc_asprintf_append(
				path, "%s%s", *path == '\0' ? "" : "\\", c);
		}
	}
	if (path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (*path == '\0') {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = path;
	return NT_STATUS_OK;
}

NTSTATUS recycle_repository(TALLOC_CTX *mem_ctx, const char *text, char **out)
{
	TALLOC_CTX *tmp = talloc_new(mem_ctx);
	char *copy = tmp == NULL ? NULL : talloc_strdup(tmp, text);
	char *path = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (copy != NULL) {
		status = join_components(tmp, copy, &path);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = talloc_move(mem_ctx, &path);
	}
	talloc_free(tmp);
	return status;
}

static const char *last_of(const char *name)
{
	const char *last = strrchr(name, '\\');

	return last == NULL ? name : last + 1;
}

static bool is_in(const char *const *patterns, const char *name)
{
	while (*patterns != NULL &&
	       fnmatch(*patterns, name, FNM_CASEFOLD) != 0) {
		patterns++;
	}
	return *patterns != NULL;
}

/* Whether name is dir or below it; either slash, a leading one or not. */
static bool is_below(const char *name, const char *dir)
{
	dir += strspn(dir, "/\\");
	if (*dir == '\0') {
		return false;
	}
	for (; *dir != '\0'; dir++, name++) {
		bool slash = *dir == '/' || *dir == '\\';

		if (slash ? *name != '\\' : strncasecmp(name, dir, 1) != 0) {
			/* a slash at the end of dir */
			return slash && dir[1] == '\0' && *name == '\0';
		}
	}
	return *name == '\\' || *name == '\0' || name[-1] == '\\';
}

/* A pattern for the folder that the file is in, or a folder above it. */
static bool is_in_dir(const char *name, const char *dir)
{
	char folder[4096];
	size_t n = (size_t)(last_of(name) - name);

	if (n == 0) {
		return false; /* the share's root */
	}
	if (is_below(name, dir)) {
		return true;
	}
	if (n > sizeof(folder)) {
		return false;
	}
	memcpy(folder, name, n - 1);
	folder[n - 1] = '\0';
	for (char *c = folder; *c != '\0'; c++) {
		*c = *c == '\\' ? '/' : *c;
	}
	return fnmatch(dir + strspn(dir, "/"), folder, FNM_CASEFOLD) == 0;
}

bool recycle_wants(const struct recycle *r, const char *name, uint64_t size)
{
	const struct recycle_config *c = r->config;
	const char *const *dirs = c->exclude_dir;

	if (is_below(name, r->repository) || is_in(c->exclude, last_of(name)) ||
	    size < c->min_size || (c->max_size != 0 && size > c->max_size)) {
		return false;
	}
	while (*dirs != NULL && !is_in_dir(name, *dirs)) {
		dirs++;
	}
	return *dirs == NULL;
}

bool recycle_has_versions(const struct recycle *r, const char *name)
{
	return r->config->versions &&
	       !is_in(r->config->no_versions, last_of(name));
}

char *recycle_name(TALLOC_CTX *mem_ctx, const struct recycle *r,
		   const char *name, unsigned int n)
{
	const char *last = last_of(name);
	int dir = r->config->keep_tree ? (int)(last - name) : 0;

	if (n == 0) {
		return talloc_asprintf(mem_ctx, "%s\\%.*s%s", r->repository,
				       dir, name, last);
	}
	return talloc_asprintf(mem_ctx, "%s\\%.*sCopy #%u of %s", r->repository,
			       dir, name, n, last);
}
