/* fsa/notify.c - see notify.h: a change is put in the words of
 * idl/notify.idl, and told to whom it concerns. */
#include "fsa/notify.h"

#include <string.h>

#include "fsa/dir_lease.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "locking/notify_board.h"

/* 2.1.5.15.7, 2.1.5.15.12: a name now stands for another file. */
#define ALL_OF_A_FILE                                                          \
	(FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SIZE |             \
	 FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_LAST_ACCESS |      \
	 FILE_NOTIFY_CHANGE_CREATION | FILE_NOTIFY_CHANGE_SECURITY |           \
	 FILE_NOTIFY_CHANGE_EA)

static struct notify_client *client_of(const struct fsa_file *f)
{
	return f->volume->server->params.locking->notify;
}

static bool is_watched(const struct fsa_file *f)
{
	return notify_any(client_of(f));
}

/* name is share-relative; stream may be NULL. */
static char *make_path(TALLOC_CTX *mem_ctx, const struct fsa_volume *v,
		       const char *name, const char *stream)
{
	char *path = talloc_asprintf(
		mem_ctx, "%s%s%s%s%s", v->notify_root, *name == '\0' ? "" : "/",
		name, stream == NULL ? "" : ":", stream == NULL ? "" : stream);

	if (path == NULL) {
		return NULL;
	}
	for (char *p = path + strlen(v->notify_root); *p != '\0'; p++) {
		if (*p == '\\') {
			*p = '/';
		}
	}
	return path;
}

char *fsa_notify_dir_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f)
{
	return make_path(mem_ctx, f->volume, driver_of(f)->path(file_node(f)),
			 NULL);
}

static uint32_t name_filter(const struct fsa_file *f)
{
	return file_node(f)->directory ? FILE_NOTIFY_CHANGE_DIR_NAME
				       : FILE_NOTIFY_CHANGE_FILE_NAME;
}

static void tell(struct fsa_file *f, const char *stream, enum notify_what what,
		 uint32_t filter)
{
	struct notify_change_message change = {
		.version = 1,
		.what = what,
		.filter = filter,
		.directory = file_node(f)->directory,
	};
	char *path;

	if (!is_watched(f)) {
		return;
	}
	path = make_path(f, f->volume, driver_of(f)->path(file_node(f)),
			 stream);
	if (path != NULL) {
		change.path = path;
		notify_report(client_of(f), &change);
	}
	talloc_free(path);
}

/* --- files --------------------------------------------------------------- */

void fsa_notify_added(struct fsa_file *f)
{
	dir_lease_added(f);
	tell(f, NULL, NOTIFY_ADDED, name_filter(f));
}

void fsa_notify_removed(struct fsa_file *f)
{
	tell(f, NULL, NOTIFY_REMOVED, name_filter(f));
}

void fsa_notify_modified(struct fsa_file *f, uint32_t filter)
{
	if (filter != 0) {
		dir_lease_changed(f);
		tell(f, NULL, NOTIFY_MODIFIED, filter);
	}
}

void fsa_notify_stream(struct fsa_file *f, enum notify_what what,
		       uint32_t filter)
{
	dir_lease_changed(f);
	tell(f, f->stream, what, filter);
}

void fsa_notify_resized(struct fsa_file *f)
{
	if (f->stream != NULL) {
		fsa_notify_stream(f, NOTIFY_MODIFIED_STREAM,
				  FILE_NOTIFY_CHANGE_STREAM_SIZE |
					  FILE_NOTIFY_CHANGE_STREAM_WRITE);
	} else {
		fsa_notify_modified(f, FILE_NOTIFY_CHANGE_SIZE |
					       FILE_NOTIFY_CHANGE_LAST_WRITE |
					       FILE_NOTIFY_CHANGE_ATTRIBUTES);
	}
}

void fsa_notify_tell_untold(struct fsa_file *f)
{
	uint32_t filter = f->untold;

	f->untold = 0;
	if (f->stream != NULL && filter != 0) {
		fsa_notify_stream(f, NOTIFY_MODIFIED_STREAM,
				  FILE_NOTIFY_CHANGE_STREAM_SIZE |
					  FILE_NOTIFY_CHANGE_STREAM_WRITE);
	} else {
		fsa_notify_modified(f, filter);
	}
}

char *fsa_notify_closing(struct fsa_file *f)
{
	const struct notify_board *b = notify_client_board(client_of(f));

	if (!notify_board_is_unsure(b) || !notify_board_any(b) ||
	    file_node(f)->directory ||
	    (f->granted & (FILE_WRITE_DATA | FILE_APPEND_DATA)) == 0) {
		return NULL;
	}
	return make_path(f->volume, f->volume, driver_of(f)->path(file_node(f)),
			 NULL);
}

/* A change that concerns nobody: for notifyd alone. */
void fsa_notify_closed(struct fsa_volume *v, char *path)
{
	const struct notify_change_message change = {
		.version = 1, .what = NOTIFY_MODIFIED, .path = path};

	if (path != NULL) {
		notify_report(v->server->params.locking->notify, &change);
		talloc_free(path);
	}
}

/* --- names --------------------------------------------------------------- */

char *fsa_notify_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f)
{
	return is_watched(f) ? fsa_notify_dir_path(mem_ctx, f) : NULL;
}

char *fsa_notify_node_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
			   struct fsa_node *n)
{
	if (n == NULL || !is_watched(f)) {
		return NULL;
	}
	return make_path(mem_ctx, f->volume, driver_of(f)->path(n), NULL);
}

static void tell_name(struct fsa_file *f, enum notify_what what,
		      const char *path, const char *old_path)
{
	const struct notify_change_message change = {
		.version = 1,
		.what = what,
		.filter = what == NOTIFY_MODIFIED ? ALL_OF_A_FILE
						  : name_filter(f),
		.directory = file_node(f)->directory,
		.path = path,
		.old_path = old_path,
	};

	notify_report(client_of(f), &change);
}

/* Another file's name, as it was written, is now f's: two changes, of no
 * pair. */
static void tell_same_name(struct fsa_file *f, const char *old_path,
			   const char *path)
{
	if (old_path != NULL) {
		tell_name(f, NOTIFY_REMOVED, old_path, NULL);
	}
	tell_name(f, NOTIFY_MODIFIED, path, NULL);
}

void fsa_notify_renamed(struct fsa_file *f, const char *old_path,
			const char *replaced)
{
	char *path;

	if (old_path == NULL) {
		return;
	}
	path = fsa_notify_dir_path(f, f);
	/* What is watched below a directory is to be found by its new name. */
	if (path != NULL && replaced != NULL && !file_node(f)->directory &&
	    strcmp(path, replaced) == 0) {
		tell_same_name(f, old_path, path);
	} else if (path != NULL) {
		if (replaced != NULL) {
			tell_name(f, NOTIFY_REMOVED, replaced, NULL);
		}
		tell_name(f, NOTIFY_NEW_NAME, path, old_path);
	}
	talloc_free(path);
}

void fsa_notify_linked(struct fsa_file *f, const char *name,
		       const char *replaced)
{
	char *path;

	if (!is_watched(f)) {
		return;
	}
	path = make_path(f, f->volume, name, NULL);
	if (path != NULL && replaced != NULL && strcmp(path, replaced) == 0) {
		tell_same_name(f, NULL, path);
	} else if (path != NULL) {
		if (replaced != NULL) {
			tell_name(f, NOTIFY_REMOVED, replaced, NULL);
		}
		tell_name(f, NOTIFY_ADDED, path, NULL);
	}
	talloc_free(path);
}

void fsa_notify_delete_pending(struct fsa_file *f)
{
	tell(f, NULL, NOTIFY_DELETE_PENDING, 0);
}
