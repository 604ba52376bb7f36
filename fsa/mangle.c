/* fsa/mangle.c - short names of the files of a volume. */
#include "fsa/mangle.h"

#include <string.h>
#include <strings.h>

#include "fsa/hidden.h"

const char *mangle_get(const struct fsa_volume *v, const char *name,
		       char buffer[SHORT_NAME_SIZE])
{
	if (v->mangle == FSA_MANGLE_NO || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || short_name_is_valid(name) ||
	    (v->mangle == FSA_MANGLE_ILLEGAL && !short_name_is_illegal(name))) {
		return NULL;
	}
	short_name_make(name, buffer);
	return buffer;
}

NTSTATUS mangle_query(const struct fsa_file *f, char out[SHORT_NAME_SIZE])
{
	const char *path = driver_of(f)->path(file_node(f));
	const char *last;

	if (f->volume->mangle == FSA_MANGLE_NO) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (path == NULL || *path == '\0') {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	last = strrchr(path, '\\');
	last = last == NULL ? path : last + 1;
	if (short_name_is_valid(last)) {
		memcpy(out, last, strlen(last) + 1);
		return NT_STATUS_OK;
	}
	return mangle_get(f->volume, last, out) != NULL
		       ? NT_STATUS_OK
		       : NT_STATUS(OBJECT_NAME_NOT_FOUND);
}

/* --- the tunnel cache ------------------------------------------------------
 */

#define TUNNEL_SIZE    32
#define TUNNEL_SECONDS 15

struct mangle_tunnel {
	size_t next;
	struct {
		char *path; /* with the long name */
		NTTIME when;
	} entries[TUNNEL_SIZE];
};

/* Such a name is stored as it was, with what shown names replace at the end
 * (docs/vfs.md): nobody sees a difference. */
static void put_end_back(char *path)
{
	size_t n = strlen(path);

	if (n > 3 && strcmp(path + n - 3, "\xef\x80\xa9") == 0) {
		memcpy(path + n - 3, ".", 2);
	} else if (n > 3 && strcmp(path + n - 3, "\xef\x80\xa8") == 0) {
		memcpy(path + n - 3, " ", 2);
	}
}

void mangle_remember(struct fsa_file *f)
{
	struct fsa_volume *v = f->volume;
	const char *path = driver_of(f)->path(file_node(f));
	struct mangle_tunnel *t;

	if (v->tunnel == NULL) {
		v->tunnel = talloc_zero(v, struct mangle_tunnel);
	}
	t = v->tunnel;
	if (t == NULL || path == NULL) {
		return;
	}
	talloc_free(t->entries[t->next].path);
	t->entries[t->next].path = talloc_strdup(t, path);
	t->entries[t->next].when = nttime_now();
	t->next = (t->next + 1) % TUNNEL_SIZE;
}

static bool is_in(const char *path, const char *parent)
{
	const char *last = strrchr(path, '\\');
	size_t n = last == NULL ? 0 : (size_t)(last - path);

	return n == strlen(parent) && strncasecmp(path, parent, n) == 0;
}

/* The long name that wanted was lately the short name of, on mem_ctx. */
static char *find_in_tunnel(TALLOC_CTX *mem_ctx, const struct fsa_volume *v,
			    const char *parent, const char *wanted)
{
	const struct mangle_tunnel *t = v->tunnel;
	NTTIME now = nttime_now();
	char buffer[SHORT_NAME_SIZE];

	for (size_t i = 0; t != NULL && i < TUNNEL_SIZE; i++) {
		const char *path = t->entries[i].path;
		const char *last;
		const char *made;
		char *found;

		if (path == NULL || !is_in(path, parent) ||
		    now - t->entries[i].when > TUNNEL_SECONDS * NTTIME_SECOND) {
			continue;
		}
		last = strrchr(path, '\\');
		last = last == NULL ? path : last + 1;
		made = mangle_get(v, last, buffer);
		if (made != NULL && strcasecmp(made, wanted) == 0) {
			found = talloc_strdup(mem_ctx, last);
			if (found != NULL) {
				put_end_back(found);
			}
			return found;
		}
	}
	return NULL;
}

/* --- finding ---------------------------------------------------------------
 */

/* The one entry of dir with that short name goes to *out, on mem_ctx; NULL when
 * there is none, or more than one. */
static NTSTATUS find_by_scan(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			     struct fsa_node *dir, const char *wanted,
			     char **out)
{
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	char buffer[SHORT_NAME_SIZE];
	unsigned int count = 0;
	NTSTATUS status = v->driver->scan_open(mem_ctx, dir, &scan);

	*out = NULL;
	while (NT_STATUS_IS_OK(status)) {
		const char *made;

		status = v->driver->scan_next(scan, &name);
		if (!NT_STATUS_IS_OK(status)) {
			break;
		}
		made = mangle_get(v, name, buffer);
		if (made == NULL || strcasecmp(made, wanted) != 0 ||
		    hidden_is_vetoed(v, name)) {
			continue;
		}
		talloc_free(*out);
		*out = ++count == 1 ? talloc_strdup(mem_ctx, name) : NULL;
	}
	talloc_free(scan);
	return NT_STATUS_IS(status, NO_MORE_FILES) ? NT_STATUS_OK : status;
}

/* One component, in the directory called parent. */
static NTSTATUS find_long(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			  const char *parent, const char *name, char **out)
{
	const struct fsa_how how = {.path = parent,
				    .access = FILE_LIST_DIRECTORY};
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct fsa_node *dir = NULL;
	const char *there = NULL;
	struct fsa_stat st;
	NTSTATUS status = v->driver->open(tmp, v->mount, &how, &dir, &st);

	*out = NULL;
	if (NT_STATUS_IS_OK(status) && dir->directory) {
		status = v->driver->scan_lookup(tmp, dir, name, 0, &there, &st);
		if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
			status = find_by_scan(mem_ctx, v, dir, name, out);
		}
		if (NT_STATUS_IS_OK(status) && there == NULL && *out == NULL) {
			*out = find_in_tunnel(mem_ctx, v, parent, name);
		}
	}
	talloc_free(tmp);
	return NT_STATUS_IS(status, NO_MEMORY) ? status : NT_STATUS_OK;
}

static bool has_made(const char *path)
{
	for (;;) {
		size_t n = strcspn(path, "\\");

		if (short_name_is_made(path, n)) {
			return true;
		}
		if (path[n] == '\0') {
			return false;
		}
		path += n + 1;
	}
}

/* Puts the next component behind done, under its long name. */
static NTSTATUS append(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
		       const char *component, size_t n, char **done)
{
	char *name = talloc_strndup(mem_ctx, component, n);
	char *found = NULL;
	NTSTATUS status = NT_STATUS_OK;

	if (name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (short_name_is_made(name, n)) {
		status = find_long(mem_ctx, v, *done, name, &found);
	}
	if (NT_STATUS_IS_OK(status)) {
		*done = talloc_asprintf_append(*done, "%s%s",
					       **done == '\0' ? "" : "\\",
					       found != NULL ? found : name);
	}
	talloc_free(found);
	talloc_free(name);
	return *done == NULL ? NT_STATUS(NO_MEMORY) : status;
}

NTSTATUS mangle_resolve(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			const char *path, const char **out)
{
	NTSTATUS status = NT_STATUS_OK;
	char *done;

	if (v->mangle == FSA_MANGLE_NO || !has_made(path)) {
		*out = path;
		return NT_STATUS_OK;
	}
	done = talloc_strdup(mem_ctx, "");
	if (done == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (;;) {
		size_t n = strcspn(path, "\\");

		status = append(mem_ctx, v, path, n, &done);
		if (!NT_STATUS_IS_OK(status) || path[n] == '\0') {
			break;
		}
		path += n + 1;
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = done;
	}
	return status;
}
