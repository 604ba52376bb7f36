/* fsa/query_directory.c - FSA_QUERY_DIRECTORY ([MS-FSA] 2.1.5.6.3).
 *
 * A listing belongs to its open.  It goes through "." and "..", then through a
 * scan of the driver; a pattern without wildcards is a single look-up.  The
 * scan, with its buffer, is there only while it goes on. */
#include <string.h>

#include "fsa/apple.h"
#include "fsa/file.h"
#include "fsa/hidden.h"
#include "fsa/mangle.h"
#include "fsa/name.h"
#include "fsa/posix.h"
#include "fsa/protect.h"
#include "fsa/wildcard.h"

enum listing_stage {
	STAGE_DOT,
	STAGE_DOT_DOT,
	STAGE_SCAN,
	STAGE_END
};

struct fsa_listing {
	char *pattern;
	bool exact; /* no wildcards in the pattern */
	bool begun; /* some entry was given out, or the end was reached */
	enum listing_stage stage;
	struct fsa_scan *scan; /* NULL but in the middle of STAGE_SCAN */
	char *unread;	       /* found, but there was no room: the next one */
};

/* --- the pattern --------------------------------------------------------- */

static void rewind_listing(struct fsa_listing *l)
{
	TALLOC_FREE(l->scan);
	TALLOC_FREE(l->unread);
	l->stage = l->exact ? STAGE_SCAN : STAGE_DOT;
	l->begun = false;
}

static NTSTATUS set_pattern(struct fsa_listing *l, const char *pattern,
			    bool posix)
{
	char *copy;

	if (pattern == NULL || *pattern == '\0') {
		pattern = "*";
	}
	if (posix ? !fsa_posix_name_is_pattern(pattern)
		  : !fsa_name_is_pattern(pattern)) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	copy = talloc_strdup(l, pattern);
	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	talloc_free(l->pattern);
	l->pattern = copy;
	l->exact = !wildcard_is_in(pattern);
	rewind_listing(l);
	return NT_STATUS_OK;
}

/* The open's listing, as this query wants it. */
static NTSTATUS prepare(struct fsa_file *f, const struct fsa_query_directory *q)
{
	bool has_pattern = q->pattern != NULL && *q->pattern != '\0';
	NTSTATUS status = NT_STATUS_OK;

	if (f->listing == NULL) {
		struct fsa_listing *l = talloc_zero(f, struct fsa_listing);

		if (l == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		status = set_pattern(l, q->pattern, f->posix);
		if (!NT_STATUS_IS_OK(status)) {
			talloc_free(l);
			return status;
		}
		f->listing = l;
		return NT_STATUS_OK;
	}
	if ((q->reopen || q->restart) && has_pattern) {
		status = set_pattern(f->listing, q->pattern, f->posix);
	} else if (q->reopen || q->restart) {
		rewind_listing(f->listing);
	}
	return status;
}

/* --- the entries --------------------------------------------------------- */

struct query {
	const struct fsa_io *io;
	struct fsa_file *f;
	struct fsa_listing *l;
	struct fsa_query_directory *args;
	bool full;
};

/* `hide unreadable`; a directory itself is always in its listing. */
static bool is_unreadable(const struct query *q, const char *name)
{
	return q->f->volume->hide_unreadable && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0 &&
	       !protect_may_read(q->io, q->f->node, name);
}

static bool is_hidden(const struct query *q, const char *name)
{
	return hidden_is_vetoed(q->f->volume, name) || is_unreadable(q, name);
}

/* Gives an entry out; a name for which there is no room is kept. */
static NTSTATUS give(struct query *q, const char *name,
		     const struct fsa_stat *st)
{
	char buffer[SHORT_NAME_SIZE];
	struct fsa_dir_entry e = {
		.name = name,
		.short_name = mangle_get(q->f->volume, name, buffer),
		.stat = *st,
	};

	hidden_mark(q->f->volume, name, &e.stat);
	if (is_hidden(q, name)) {
		return NT_STATUS_OK;
	}
	if ((q->args->want & FSA_WANT_APPLE) != 0) {
		fsa_apple_get(q->io, name, q->args->want, &e.apple);
	}
	if (q->args->take(q->args->private_data, &e)) {
		q->args->count++;
		q->full = q->args->single;
		return NT_STATUS_OK;
	}
	q->full = true;
	q->l->unread = talloc_strdup(q->l, name);
	return q->l->unread == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

/* One name by look-up; one that is gone by now is passed over. */
static NTSTATUS give_by_name(struct query *q, const char *name)
{
	const char *found = NULL;
	struct fsa_stat st;
	NTSTATUS status = driver_of(q->f)->scan_lookup(
		q->l, q->f->node, name, q->args->want, &found, &st);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = give(q, found, &st);
	talloc_free((void *)(uintptr_t)found);
	return status;
}

static NTSTATUS give_dots(struct query *q)
{
	const char *name = q->l->stage == STAGE_DOT ? "." : "..";

	q->l->stage++;
	return wildcard_match(q->l->pattern, name) ? give_by_name(q, name)
						   : NT_STATUS_OK;
}

/* The name of an entry that is called so in some way, on mem_ctx. */
static NTSTATUS long_name(TALLOC_CTX *mem_ctx, const struct query *q,
			  const char *name, const char **out)
{
	const char *directory = driver_of(q->f)->path(q->f->node);
	const char *path = NULL;
	const char *last;
	NTSTATUS status;

	if (directory != NULL) {
		path = talloc_asprintf(mem_ctx, "%s%s%s", directory,
				       *directory == '\0' ? "" : "\\", name);
	}
	if (path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = mangle_resolve(mem_ctx, q->f->volume, path, &path);
	if (NT_STATUS_IS_OK(status)) {
		last = strrchr(path, '\\');
		*out = last == NULL ? path : last + 1;
	}
	return status;
}

static NTSTATUS give_exact(struct query *q)
{
	const char *name = q->l->pattern;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	q->l->stage = STAGE_END;
	if (!short_name_is_made(name, strlen(name))) {
		return give_by_name(q, name);
	}
	tmp = talloc_new(q->l);
	status = long_name(tmp, q, name, &name);
	if (NT_STATUS_IS_OK(status)) {
		status = give_by_name(q, name);
	}
	talloc_free(tmp);
	return status;
}

/* By the name or the short name ([MS-FSA] 2.1.5.6.3). */
static bool is_match(const struct query *q, const char *name)
{
	char buffer[SHORT_NAME_SIZE];
	const char *made;

	if (wildcard_match(q->l->pattern, name)) {
		return true;
	}
	made = mangle_get(q->f->volume, name, buffer);
	return made != NULL && wildcard_match(q->l->pattern, made);
}

static NTSTATUS give_scanned(struct query *q)
{
	const struct fsa_driver *d = driver_of(q->f);
	struct fsa_stat st = {0};
	const char *name = NULL;
	NTSTATUS status = NT_STATUS_OK;

	if (q->l->scan == NULL) {
		status = d->scan_open(q->l, q->f->node, &q->l->scan);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = d->scan_next(q->l->scan, &name);
	}
	if (NT_STATUS_IS(status, NO_MORE_FILES)) {
		TALLOC_FREE(q->l->scan);
		q->l->stage = STAGE_END;
		return NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status) || !is_match(q, name)) {
		return status;
	}
	if (q->args->want != 0) {
		status = d->scan_stat(q->l->scan, q->args->want, &st);
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	return NT_STATUS_IS_OK(status) ? give(q, name, &st) : status;
}

static NTSTATUS give_unread(struct query *q)
{
	char *name = talloc_move(q->l, &q->l->unread);
	NTSTATUS status = give_by_name(q, name);

	talloc_free(name);
	return status;
}

static NTSTATUS give_next(struct query *q)
{
	if (q->l->unread != NULL) {
		return give_unread(q);
	}
	if (q->l->exact) {
		return give_exact(q);
	}
	return q->l->stage == STAGE_SCAN ? give_scanned(q) : give_dots(q);
}

NTSTATUS fsa_query_directory_start(struct fsa_io *io)
{
	struct query q = {
		.io = io, .f = io->file, .args = &io->u.query_directory};
	NTSTATUS status;
	bool first;

	q.args->count = 0;
	if (!io->file->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = file_check_access(io->file, FILE_LIST_DIRECTORY);
	if (NT_STATUS_IS_OK(status)) {
		status = prepare(io->file, q.args);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	q.l = io->file->listing;
	first = !q.l->begun;
	while (NT_STATUS_IS_OK(status) && !q.full &&
	       (q.l->unread != NULL || q.l->stage != STAGE_END)) {
		status = give_next(&q);
	}
	if (!NT_STATUS_IS_OK(status) && q.args->count == 0) {
		return status;
	}
	q.l->begun = true;
	if (q.args->count > 0 || q.full) {
		return NT_STATUS_OK;
	}
	return first ? NT_STATUS(NO_SUCH_FILE) : NT_STATUS(NO_MORE_FILES);
}
