/* fsa/close.c - FSA_CLOSE ([MS-FSA] 2.1.5.5): out of the record of share
 * modes, deleted if it is to be and this was the last, and gone. */
#include "fsa/dir_lease.h"
#include "fsa/file.h"
#include "fsa/lock.h"
#include "fsa/mangle.h"
#include "fsa/hidden.h"
#include "fsa/notify.h"
#include "fsa/share.h"
#include "lib/log.h"

/* 2.1.5.5, phase 5; deleted: what was open, file or stream. */
static void tell(struct fsa_file *f, bool deleted)
{
	if (f->stream != NULL && deleted) {
		fsa_notify_stream(f, NOTIFY_REMOVED_STREAM,
				  FILE_NOTIFY_CHANGE_STREAM_NAME);
	} else if (deleted) {
		fsa_notify_removed(f);
	} else {
		fsa_notify_tell_untold(f);
	}
	if (f->delete_on_close && f->node->directory && !deleted &&
	    share_is_delete_pending(f)) {
		fsa_notify_delete_pending(f);
	}
}

static void write_late(struct fsa_file *f)
{
	NTSTATUS status = file_close_times(f);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: no write time at its close: %s", f->name,
			 ntstatus_name(status));
	}
}

NTSTATUS fsa_close_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_close *c = &io->u.close;
	bool deleted = false;
	char *closing;
	NTSTATUS status;

	c->stat = (struct fsa_stat){0};
	status = share_leave(f, io->identity, &deleted);
	/* If there was no record to leave. */
	lock_release_all(f);
	if (f->stream != NULL) {
		NTSTATUS unmarked = share_unmark(f, io->identity, false);

		status = NT_STATUS_IS_OK(status) ? unmarked : status;
	}
	if (!deleted) {
		write_late(f);
	}
	if (c->want_stat && !deleted &&
	    !NT_STATUS_IS_OK(driver_of(f)->stat(f->node, &c->stat))) {
		c->stat = (struct fsa_stat){0};
	} else if (c->want_stat && !deleted) {
		hidden_mark(f->volume, f->name, &c->stat);
	}
	if (deleted && f->by_short_name) {
		mangle_remember(f);
	}
	tell(f, deleted);
	dir_lease_left(f);
	if (deleted && f->node->directory) {
		dir_lease_break(f, &f->id); /* of who has it open still */
	}
	closing = fsa_notify_closing(f);
	talloc_free(f);
	fsa_notify_closed(io->volume, closing);
	io->file = NULL;
	return status;
}
