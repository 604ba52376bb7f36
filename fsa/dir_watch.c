/* fsa/dir_watch.c - see dir_watch.h. */
#include "fsa/dir_watch.h"

#include "fsa/dir_lease.h"
#include "fsa/notify.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/notify.h"

/* What a listing shows.  Times of reading are not among it: to look would be to
 * change. */
#define SHOWN                                                                  \
	(FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME |          \
	 FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SIZE |             \
	 FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_CREATION |         \
	 FILE_NOTIFY_CHANGE_EA | FILE_NOTIFY_CHANGE_SECURITY)

/* Whatever it was.  Who may cache again has opened it again. */
static void changed(void *private_data, const struct notify_record *records,
		    size_t count)
{
	struct fsa_file *f = private_data;

	TALLOC_FREE(f->lease_watch);
	dir_lease_break_all(f->volume->server, &f->id);
}

void dir_watch_begin(struct fsa_file *f)
{
	struct notify_watch_args args = {
		.filter = SHOWN, .local = true, .local_only = true};
	char *path;
	NTSTATUS status;

	if (!f->volume->local_changes || f->volume->mount->local_path == NULL ||
	    f->lease_watch != NULL) {
		return;
	}
	path = fsa_notify_dir_path(f, f);
	if (path == NULL) {
		return;
	}
	args.path = path;
	status = notify_watch_create(f,
				     f->volume->server->params.locking->notify,
				     &args, changed, f, &f->lease_watch);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_FSA, "%s: programs may change it unseen: %s",
			 f->name, ntstatus_name(status));
	}
	talloc_free(path);
}
