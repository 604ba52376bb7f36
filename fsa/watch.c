/* fsa/watch.c - FSA_NOTIFY ([MS-FSA] 2.1.5.11).  The first request of an open
 * begins its watch, which lasts as long as the open and says what is watched;
 * what happens between requests is kept for the next, within bounds.
 *
 *   start    answers with what is kept, or waits
 *   told     changes have come
 *   deliver  ... and the request that waits longest is resumed, with its user's
 *            identity, and answered, or waits again
 *
 * The notification is given in a step of its own, so that changes that come
 * together go out together, and so that who tells us is not in our midst when
 * the answer closes the open. */
#include "fsa/watch.h"

#include <string.h>

#include "fsa/notify.h"
#include "fsa/share.h"
#include "fsa/watch_sight.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/utf16.h"
#include "locking/locking.h"
#include "locking/notify.h"

/* More than this is not kept, whatever a client would take at a time. */
#define MAX_KEPT (64 * 1024)

/* ... and this by all opens of the process. */
#define MAX_KEPT_BY_ALL (16 * 1024 * 1024)

#define VALID_FILTER 0xfffu /* [MS-SMB2] 2.2.35 */

struct event {
	struct event *prev, *next;
	uint32_t action;
	char name[];
};

struct waiter {
	struct waiter *prev, *next;
	struct fsa_watch *watch;
	struct fsa_io *io;
};

struct fsa_watch {
	struct fsa_file *file;
	struct notify_watch *watch;
	struct tevent_immediate *deliver;
	struct event *events;
	size_t kept;		/* what they take in an answer */
	size_t room;		/* ... and may take: what the first request had
				 * (Windows: smb2.notify.valid-req) */
	bool deaf;		/* no valid bit in its filter */
	bool lost;		/* something could not be kept */
	bool deleted;		/* ChangeNotifyDirectoryMarkedDeleted */
	struct waiter *waiting; /* the oldest first */
	struct watch_sight sight;
};

/* --- what is kept -------------------------------------------------------- */

static size_t *kept_by_all(struct fsa_watch *w)
{
	return &w->file->volume->server->changes_kept;
}

static void forget(struct fsa_watch *w)
{
	struct event *e;

	while ((e = w->events) != NULL) {
		DLIST_REMOVE(w->events, e);
		talloc_free(e);
	}
	*kept_by_all(w) -= w->kept;
	w->kept = 0;
}

static void keep(struct fsa_watch *w, const struct notify_record *record)
{
	size_t length = strlen(record->name);
	/* [MS-FSCC] 2.7.1, aligned */
	size_t cost = (12 + utf16_size(record->name) + 3) & ~(size_t)3;
	struct event *e = NULL;

	if (w->lost) {
		return;
	}
	if (w->kept + cost <= w->room &&
	    *kept_by_all(w) + cost <= MAX_KEPT_BY_ALL) {
		e = talloc_size(w, sizeof(struct event) + length + 1);
	}
	if (e == NULL) {
		forget(w);
		w->lost = true;
		return;
	}
	*e = (struct event){.action = record->what};
	memcpy(e->name, record->name, length + 1);
	DLIST_ADD_END(w->events, e);
	w->kept += cost;
	*kept_by_all(w) += cost;
}

/* 2.1.5.11.1: all of it, or that there was too much.  PENDING: nothing that
 * io's user may hear of, whose identity is in force. */
static NTSTATUS answer(struct fsa_watch *w, struct fsa_io *io)
{
	struct fsa_notify *out = &io->u.notify;
	bool fits = !w->lost, any = w->lost;

	for (struct event *e = w->events; e != NULL && fits; e = e->next) {
		if (watch_may_see(&w->sight, io, e->name)) {
			any = true;
			fits = out->take(out->private_data, e->action, e->name);
		}
	}
	forget(w);
	w->lost = false;
	if (!any) {
		return NT_STATUS(PENDING);
	}
	return fits ? NT_STATUS_OK : NT_STATUS(NOTIFY_ENUM_DIR);
}

static bool has_news(const struct fsa_watch *w)
{
	return w->deleted || w->lost || w->events != NULL;
}

/* --- telling it ---------------------------------------------------------- */

/* Takes the io out of the list and ends it; w may be gone afterwards. */
static void end_waiting(struct waiter *waiter, NTSTATUS status)
{
	struct fsa_io *io = waiter->io;

	DLIST_REMOVE(waiter->watch->waiting, waiter);
	talloc_free(waiter);
	io->state = NULL;
	io->volume->server->env.done(io, status);
}

static void schedule(struct fsa_watch *w);

static void deliver(struct tevent_context *ev, struct tevent_immediate *im,
		    void *private_data)
{
	struct fsa_watch *w =
		talloc_get_type_abort(private_data, struct fsa_watch);
	struct waiter *first = w->waiting;

	if (first == NULL || !has_news(w)) {
		return;
	}
	if (w->deleted && first->next != NULL) {
		schedule(w);
	}
	end_waiting(first,
		    w->deleted ? NT_STATUS(DELETE_PENDING) : NT_STATUS_OK);
}

static void schedule(struct fsa_watch *w)
{
	tevent_schedule_immediate(
		w->deliver, w->file->volume->server->params.ev, deliver, w);
}

static void told(void *private_data, const struct notify_record *records,
		 size_t count)
{
	struct fsa_watch *w =
		talloc_get_type_abort(private_data, struct fsa_watch);

	for (size_t i = 0; i < count; i++) {
		switch (records[i].what) {
		case NOTIFY_DELETE_PENDING:
			w->deleted = true;
			break;
		case NOTIFY_LOST:
			forget(w);
			w->lost = !w->deaf; /* [MS-SMB2] 3.3.5.19 */
			break;
		default:
			keep(w, &records[i]);
			break;
		}
	}
	if (w->waiting != NULL && has_news(w)) {
		schedule(w);
	}
}

/* --- the operation ------------------------------------------------------- */

static int watch_destructor(struct fsa_watch *w)
{
	ASSERT(w->waiting == NULL);
	*kept_by_all(w) -= w->kept;
	return 0;
}

static NTSTATUS begin(struct fsa_watch *w, const struct fsa_notify *args)
{
	struct fsa_file *f = w->file;
	char *path = fsa_notify_dir_path(w, f);
	struct notify_watch_args watch;
	NTSTATUS status;

	w->deliver = tevent_create_immediate(w);
	if (path == NULL || w->deliver == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	watch = (struct notify_watch_args){
		.path = path,
		.filter = args->filter & VALID_FILTER,
		.tree = args->tree,
		.local = f->volume->local_changes,
	};
	status = notify_watch_create(w,
				     f->volume->server->params.locking->notify,
				     &watch, told, w, &w->watch);
	talloc_free(path);
	return status;
}

static NTSTATUS ensure_watch(struct fsa_file *f, const struct fsa_notify *args)
{
	struct fsa_watch *w;
	NTSTATUS status;

	if (f->watch != NULL) {
		return NT_STATUS_OK;
	}
	w = talloc_zero(f, struct fsa_watch);
	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	w->file = f;
	w->deaf = (args->filter & VALID_FILTER) == 0;
	w->room = args->room < MAX_KEPT ? args->room : MAX_KEPT;
	status = begin(w, args);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(w);
		return status;
	}
	talloc_set_destructor(w, watch_destructor);
	f->watch = w;
	return NT_STATUS_OK;
}

static void notify_cancel(struct fsa_io *io)
{
	end_waiting(io->state, NT_STATUS(CANCELLED));
}

/* again: it has waited already, and stays the oldest. */
static NTSTATUS wait_for_news(struct fsa_watch *w, struct fsa_io *io,
			      bool again)
{
	struct waiter *waiter = talloc_zero(w, struct waiter);

	if (waiter == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	waiter->watch = w;
	waiter->io = io;
	if (again) {
		DLIST_ADD(w->waiting, waiter);
	} else {
		DLIST_ADD_END(w->waiting, waiter);
	}
	io->state = waiter;
	io->cancel = notify_cancel;
	return NT_STATUS(PENDING);
}

NTSTATUS fsa_notify_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_watch *w;
	NTSTATUS status;

	if (!f->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	/* [MS-SMB2] 3.3.5.19 */
	status = file_check_access(f, FILE_LIST_DIRECTORY);
	if (NT_STATUS_IS_OK(status)) {
		status = ensure_watch(f, &io->u.notify);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	w = f->watch;
	if (w->deleted || share_is_delete_pending(f)) {
		return NT_STATUS(DELETE_PENDING);
	}
	status = NT_STATUS(PENDING);
	if (w->waiting == NULL && has_news(w)) {
		status = answer(w, io);
	}
	return NT_STATUS_IS(status, PENDING) ? wait_for_news(w, io, false)
					     : status;
}

NTSTATUS fsa_notify_resumed(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_watch *w = io->file->watch;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = answer(w, io);
	return NT_STATUS_IS(status, PENDING) ? wait_for_news(w, io, true)
					     : status;
}
