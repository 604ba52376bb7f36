/* fsa/create_change.c - FSA_CREATE: what is changed once the share modes allow
 * the open, and who is told of it. */
#include "fsa/create_int.h"
#include "fsa/dir_watch.h"
#include "fsa/ea.h"
#include "fsa/filters.h"
#include "fsa/fsctl.h"
#include "fsa/hidden.h"
#include "fsa/notify.h"
#include "fsa/oplock.h"
#include "fsa/protect.h"
#include "fsa/quota.h"

static NTSTATUS cut_off(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	struct fsa_node *n = c->file->node;
	const struct fsa_basic basic = {
		.attributes =
			create_new_attributes(c->args->file_attributes, false),
	};
	NTSTATUS status = c->cut ? NT_STATUS_OK : d->set_size(n, 0);

	if (c->name.stream != NULL || c->args->posix) {
		return status;
	}
	/* Windows: named streams and EAs are the old file's. */
	if (NT_STATUS_IS_OK(status) && d->strip != NULL) {
		status = d->strip(n);
	}
	if (NT_STATUS_IS_OK(status) && c->stat.reparse_tag != 0) {
		status = d->set_record(n, FSA_RECORD_REPARSE, (struct blob){0});
	}
	if (NT_STATUS_IS_OK(status) && basic.attributes != c->stat.attributes) {
		status = d->set_basic(n, &basic);
	}
	return status;
}

static NTSTATUS overwrite(struct creation *c)
{
	struct filters_loss l = {.loss = {.kind = FSA_LOSS_OVERWRITE,
					  .volume = c->io->volume,
					  .node = c->file->node,
					  .who = c->io->identity}};
	NTSTATUS status;

	if (c->name.stream != NULL) {
		return cut_off(c);
	}
	status = filters_losing(&l);
	if (NT_STATUS_IS_OK(status)) {
		status = cut_off(c);
		filters_lost(&l, status);
	}
	return status;
}

NTSTATUS create_change(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	NTSTATUS status = NT_STATUS_OK;

	if (c->course == COURSE_OPEN) {
		return c->name.stream == NULL
			       ? NT_STATUS_OK
			       : d->stat(c->file->node, &c->stat);
	}
	/* [MS-FSA] 2.1.5.1, phase 6. */
	if (create_is_file_new(c) && share_is_parent_delete_pending(c->file)) {
		return NT_STATUS(DELETE_PENDING);
	}
	if (c->course != COURSE_MAKE) {
		status = overwrite(c);
		if (!c->cut) {
			oplock_overwritten(c->file);
		}
	}
	if (NT_STATUS_IS_OK(status) && c->args->has_allocation_size &&
	    !c->stat.directory) {
		status = d->reserve(c->file->node, c->args->allocation_size);
	}
	if (NT_STATUS_IS_OK(status) && c->course == COURSE_MAKE &&
	    (c->args->options & FILE_NO_COMPRESSION) != 0) {
		status = fsa_keep_uncompressed(c->file->node, &c->stat);
	}
	if (NT_STATUS_IS_OK(status) && c->args->num_eas > 0 &&
	    (c->name.stream == NULL || c->file_made)) {
		status = ea_apply(c->file, c->args->eas, c->args->num_eas);
	}
	if (c->name.stream != NULL && !c->file_made) {
		file_mark_archive(c->file);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (c->course != COURSE_MAKE || c->args->has_allocation_size ||
	     c->name.stream != NULL)) {
		status = d->stat(c->file->node, &c->stat);
	}
	return status;
}

/* 2.1.5.1.1, 2.1.5.1.2 */
static void tell(const struct creation *c)
{
	struct fsa_file *f = c->file;

	if (create_is_file_new(c)) {
		fsa_notify_added(f);
	}
	if (f->stream != NULL && c->course == COURSE_MAKE) {
		fsa_notify_stream(f, NOTIFY_ADDED_STREAM,
				  FILE_NOTIFY_CHANGE_STREAM_NAME);
	} else if (c->course != COURSE_MAKE && c->course != COURSE_OPEN) {
		fsa_notify_resized(f);
	}
}

void create_answer(struct creation *c)
{
	struct fsa_create *out = c->args;
	struct fsa_file *f = c->file;
	uint32_t rights = 0;

	tell(c);
	f->open_id = out->open_id;
	f->mode = out->options &
		  (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY |
		   FILE_NO_INTERMEDIATE_BUFFERING | FILE_SYNCHRONOUS_IO_ALERT |
		   FILE_SYNCHRONOUS_IO_NONALERT | FILE_DELETE_ON_CLOSE);
	f->posix_delete = f->posix;
	out->action = create_get_action(c->course);
	hidden_mark(f->volume, f->name, &c->stat);
	out->stat = c->stat;
	quota_set_stat(f, &out->stat);
	out->maximal_access = 0;
	if (out->want_maximal_access &&
	    NT_STATUS_IS_OK(protect_get_rights(c->io, file_node(f),
					       MAXIMUM_ALLOWED,
					       create_is_backup(c), &rights))) {
		out->maximal_access = rights & create_limit(c);
	}
	out->file = f;
	out->caching = (struct fsa_caching){
		.granted = c->entered.caching.state != 0 ||
			   oplock_may_lease(f, &out->caching_wanted),
		.v2 = c->entered.caching.v2,
		.breaking = c->entered.caching.breaking,
		.state = c->entered.caching.state,
		.epoch = c->entered.caching.epoch,
		.parent_key = c->entered.caching.parent_key,
	};
	if (f->node->directory && out->caching.state != 0) {
		dir_watch_begin(f);
	}
}
