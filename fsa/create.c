/* fsa/create.c - FSA_CREATE ([MS-FSA] 2.1.5.1).
 *
 *   create_start    checks the parameters, takes the name apart
 *   find_or_make    opens what is there, or makes it
 *   find_stream     the same for a named stream
 *   check_existing  kind, attributes and rights of what was there
 *   enter           the record of share modes; another open may forbid it;
 *                   a missing stream is made when its file's record allows it
 *   change          cuts off what is to be overwritten, reserves room
 *   answer          what the caller is told
 *
 * Nothing is changed before the share modes allow it; whatever fails after
 * that is taken back: the entry, and a file that was made. */
#include "fsa/access.h"
#include "fsa/create_rules.h"
#include "fsa/dir_lease.h"
#include "fsa/ea.h"
#include "fsa/file.h"
#include "fsa/filters.h"
#include "fsa/fsctl.h"
#include "fsa/hidden.h"
#include "fsa/mangle.h"
#include "fsa/protect.h"
#include "fsa/notify.h"
#include "fsa/oplock.h"
#include "fsa/posix.h"
#include "fsa/quota.h"
#include "fsa/reparse.h"
#include "fsa/share.h"
#include "lib/log.h"

/* A file that is deleted, or made, by others between our look and our act is
 * looked at again, so often. */
#define MAX_TRIES 8

struct creation {
	struct fsa_io *io;
	struct fsa_create *args;
	struct fsa_file *file;
	struct fsa_name name;
	uint32_t access;	   /* asked for, expanded */
	enum create_course course; /* of the file; then of its stream */
	bool file_made;
	bool quota_list;	 /* quota_is_name() */
	struct fsa_node *stream; /* NULL: none, or not made so far */
	struct fsa_stat stat;
	struct fsa_stop stop; /* with STOPPED_ON_SYMLINK */
	struct share_entered entered;
};

static uint32_t limit_of(const struct creation *c)
{
	return fsa_volume_maximal_access(c->io->volume);
}

static bool wants_directory(const struct creation *c)
{
	return (c->args->options & FILE_DIRECTORY_FILE) != 0 ||
	       c->name.type == FSA_STREAM_INDEX;
}

/* A stream's file is made when the stream may be (2.1.5.1.1). */
static enum create_disposition file_disposition(const struct creation *c)
{
	enum create_disposition d = c->args->disposition;

	if (c->name.stream == NULL) {
		return d;
	}
	return d == FILE_OPEN || d == FILE_OVERWRITE ? FILE_OPEN : FILE_OPEN_IF;
}

/* Whether the file itself, not just a stream of it, has been made. */
static bool is_file_new(const struct creation *c)
{
	return c->name.stream == NULL ? c->course == COURSE_MAKE : c->file_made;
}

/* Rights that are needed besides those asked for: 2.1.5.1.2. */
static uint32_t extra_access(const struct creation *c)
{
	uint32_t extra = create_extra_access(c->course);

	if (c->name.stream == NULL) {
		return extra;
	}
	if (c->course == COURSE_MAKE) {
		return c->file_made ? 0 : FILE_WRITE_DATA;
	}
	/* The file keeps its attributes. */
	return extra & ~(FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES);
}

/* --- find or make -------------------------------------------------------- */

static NTSTATUS open_existing(struct creation *c)
{
	struct fsa_volume *v = c->io->volume;
	struct fsa_how how = {
		.path = c->name.path,
		.reparse_point =
			(c->args->options & FILE_OPEN_REPARSE_POINT) != 0,
		.no_follow = c->args->no_follow,
		.stop = &c->stop,
		.access = c->access,
		.posix = c->args->posix,
	};
	NTSTATUS status;

	status = create_get_course(file_disposition(c), true, &c->course);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	how.access |= create_extra_access(c->course);
	if (c->name.stream != NULL) {
		how.access = FILE_READ_ATTRIBUTES;
	}
	status = hidden_check(v, c->name.path);
	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->open(c->file, v->mount, &how,
					 &c->file->node, &c->stat);
	}
	return status;
}

/* Phase 6: nothing new in a directory that is going to be deleted. */
static NTSTATUS check_parent(void *private_data, uint64_t device,
			     uint64_t inode)
{
	const struct creation *c = private_data;
	const struct file_id id = {.device = device, .inode = inode};

	return share_check_not_doomed(c->io->volume, &id);
}

static NTSTATUS protect(TALLOC_CTX *mem_ctx, void *private_data,
			const struct security_descriptor *parent,
			const struct fsa_protection **out)
{
	const struct creation *c = private_data;

	return protect_new(mem_ctx, c->io, wants_directory(c), parent, out);
}

static NTSTATUS make_new(struct creation *c)
{
	struct fsa_volume *v = c->io->volume;
	bool directory = wants_directory(c);
	struct fsa_how how = {
		.path = c->name.path,
		.stop = &c->stop,
		.access = c->access,
		.directory = directory,
		.attributes = create_new_attributes(c->args->file_attributes,
						    directory),
		.posix = c->args->posix,
		.has_mode = c->args->has_mode,
		.mode = c->args->mode,
		.check_parent = check_parent,
		.protect = protect,
		.private_data = c,
	};
	NTSTATUS status;

	status = create_get_course(file_disposition(c), false, &c->course);
	if (NT_STATUS_IS_OK(status)) {
		status = hidden_check(v, c->name.path);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = create_check_new(c->args, directory,
					  v->delete_readonly);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (v->read_only) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (!directory && c->name.trailing_backslash) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	return v->driver->make(c->file, v->mount, &how, &c->file->node,
			       &c->stat);
}

static NTSTATUS find_or_make(struct creation *c)
{
	NTSTATUS status = NT_STATUS(OBJECT_NAME_NOT_FOUND);

	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		if (file_disposition(c) != FILE_CREATE) {
			status = open_existing(c);
		}
		if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
			return status;
		}
		status = make_new(c);
		if (!NT_STATUS_IS(status, OBJECT_NAME_COLLISION) ||
		    file_disposition(c) == FILE_CREATE) {
			return status;
		}
	}
	return status;
}

static NTSTATUS find_stream(struct creation *c)
{
	struct fsa_file *f = c->file;
	NTSTATUS status = NT_STATUS(OBJECT_NAME_NOT_FOUND);

	f->stream = c->name.stream;
	c->file_made = c->course == COURSE_MAKE;
	if (!c->file_made) {
		status = driver_of(f)->stream_open(f, f->node, f->stream,
						   &c->stream);
	}
	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return status;
	}
	status = create_get_course(c->args->disposition,
				   NT_STATUS_IS_OK(status), &c->course);
	if (NT_STATUS_IS_OK(status) && c->course == COURSE_MAKE &&
	    c->io->volume->read_only) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return status;
}

/* --- check what was there ------------------------------------------------ */

static bool is_backup(const struct creation *c)
{
	return (c->args->options & FILE_OPEN_FOR_BACKUP_INTENT) != 0;
}

static NTSTATUS grant(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	struct fsa_node *n = c->file->node;
	uint32_t wanted = c->access | extra_access(c);
	uint32_t rights = 0;
	uint32_t granted = 0;
	NTSTATUS status;

	status = protect_get_rights(c->io, n, wanted, is_backup(c), &rights);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!c->args->posix &&
	    (c->stat.attributes & FILE_ATTRIBUTE_READONLY) != 0 &&
	    (wanted & MAXIMUM_ALLOWED) != 0) {
		rights &= ~(FILE_WRITE_DATA | FILE_APPEND_DATA |
			    FILE_DELETE_CHILD);
	}
	status = access_grant(wanted, rights, limit_of(c), &granted);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((wanted & MAXIMUM_ALLOWED) == 0) {
		granted = c->access;
	}
	c->file->granted = granted;
	if ((c->args->options & FILE_DELETE_ON_CLOSE) != 0 &&
	    (granted & DELETE_ACCESS) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return c->name.stream != NULL ? NT_STATUS_OK
				      : d->upgrade(n, wanted | granted);
}

static NTSTATUS check_existing(struct creation *c)
{
	NTSTATUS status;

	status = create_check_kind(c->args, &c->name, c->course,
				   c->stat.directory);
	if (NT_STATUS_IS_OK(status) && c->course != COURSE_OPEN &&
	    c->file->node->no_data) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = create_check_attributes(
			c->args,
			c->name.stream != NULL ? COURSE_OPEN : c->course,
			&c->stat, c->access | extra_access(c),
			c->io->volume->delete_readonly);
	}
	if (NT_STATUS_IS_OK(status) && c->name.stream == NULL &&
	    (c->args->options & FILE_NO_EA_KNOWLEDGE) != 0 &&
	    ea_is_needed(c->file)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_IS_OK(status) ? grant(c) : status;
}

/* [MS-FSA] 2.1.5.1.1: who makes a file gets what was asked for. */
static NTSTATUS grant_new(struct creation *c)
{
	uint32_t rights = FILE_ALL_ACCESS;

	if ((c->io->token->privileges & TOKEN_SECURITY) != 0) {
		rights |= ACCESS_SYSTEM_SECURITY;
	}
	return access_grant(c->access, rights, limit_of(c), &c->file->granted);
}

/* --- enter, change, answer ----------------------------------------------- */

/* The stream is there, or is made now. */
static NTSTATUS take_stream(struct creation *c)
{
	struct fsa_file *f = c->file;
	NTSTATUS status = NT_STATUS_OK;

	if (c->stream == NULL) {
		status = driver_of(f)->stream_make(f, f->node, f->stream,
						   &c->stream);
		if (NT_STATUS_IS(status, OBJECT_NAME_COLLISION)) {
			return NT_STATUS(RETRY);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		f->node = c->stream;
	}
	return status;
}

static NTSTATUS enter_stream(struct creation *c,
			     const struct share_claim_args *claim)
{
	struct fsa_file *f = c->file;
	NTSTATUS status = share_mark(f, claim, &c->entered);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = take_stream(c);
	if (NT_STATUS_IS_OK(status)) {
		status = share_enter(f, claim, &c->entered);
	}
	if (NT_STATUS_IS_OK(status)) {
		return status;
	}
	f->undone = c->file_made;
	if (!NT_STATUS_IS_OK(share_unmark(f, c->io->identity, c->file_made))) {
		LOG_ERR(LOG_FSA, "%s: an entry of a failed open stays",
			f->name);
	}
	c->file_made = false;
	return status;
}

/* Of a loose stream two opens may be making it, one of which has not written
 * anything so far. */
static uint32_t claimed_access(const struct creation *c)
{
	return c->name.stream != NULL && fsa_stream_is_loose(c->io->volume,
							     c->name.stream)
		       ? 0
		       : extra_access(c);
}

static enum grant_op grant_op_of(const struct creation *c)
{
	return c->file->node->directory
		       ? GRANT_OPS
		       : oplock_of_create(c->access,
					  c->course != COURSE_OPEN &&
						  c->course != COURSE_MAKE);
}

static NTSTATUS enter(struct creation *c)
{
	struct fsa_file *f = c->file;
	const struct fsa_caching_request *wanted = &c->args->caching_wanted;
	struct grant_request caching;
	struct share_claim_args claim = {
		.access = f->granted | claimed_access(c),
		.share = c->args->share_access,
		.uid = c->io->identity->uid,
		.op = grant_op_of(c),
	};
	bool caches = false;
	NTSTATUS status;

	f->id = (struct file_id){.device = f->node->device,
				 .inode = f->node->inode};
	if (f->stream != NULL) {
		f->id.stream = fsa_stream_id(f->stream);
	}
	f->delete_on_close = (c->args->options & FILE_DELETE_ON_CLOSE) != 0;
	status = oplock_prepare(f, c->args, &caching, &caches);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	claim.caching = caches ? &caching : NULL;
	status = f->stream == NULL ? share_enter(f, &claim, &c->entered)
				   : enter_stream(c, &claim);
	if (NT_STATUS_IS_OK(status) && oplock_may_lease(f, wanted)) {
		f->parent_key = c->entered.caching.parent_key;
	}
	return status;
}

/* Programs that are not ours may have share modes too. */
static NTSTATUS claim_from_others(const struct creation *c)
{
	const struct fsa_file *f = c->file;

	return driver_of(f)->claim == NULL || f->node->directory
		       ? NT_STATUS_OK
		       : driver_of(f)->claim(f->node,
					     f->granted | claimed_access(c),
					     c->args->share_access);
}

static NTSTATUS cut_off(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	struct fsa_node *n = c->file->node;
	const struct fsa_basic basic = {
		.attributes =
			create_new_attributes(c->args->file_attributes, false),
	};
	NTSTATUS status = d->set_size(n, 0);

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

static NTSTATUS change(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	NTSTATUS status = NT_STATUS_OK;

	if (c->course == COURSE_OPEN) {
		return c->name.stream == NULL
			       ? NT_STATUS_OK
			       : d->stat(c->file->node, &c->stat);
	}
	/* [MS-FSA] 2.1.5.1, phase 6. */
	if (is_file_new(c) && share_is_parent_delete_pending(c->file)) {
		return NT_STATUS(DELETE_PENDING);
	}
	if (c->course != COURSE_MAKE) {
		status = overwrite(c);
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

	if (is_file_new(c)) {
		fsa_notify_added(f);
	}
	if (f->stream != NULL && c->course == COURSE_MAKE) {
		fsa_notify_stream(f, NOTIFY_ADDED_STREAM,
				  FILE_NOTIFY_CHANGE_STREAM_NAME);
	} else if (c->course != COURSE_MAKE && c->course != COURSE_OPEN) {
		fsa_notify_resized(f);
	}
}

static void answer(struct creation *c)
{
	struct fsa_create *out = c->args;
	struct fsa_file *f = c->file;
	uint32_t rights = 0;

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
					       MAXIMUM_ALLOWED, is_backup(c),
					       &rights))) {
		out->maximal_access = rights & limit_of(c);
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
}

/* Whether another open stands in the way of the file that we have just made:
 * then it is as much the other's as ours. */
static bool is_shared_with_others(NTSTATUS status)
{
	return NT_STATUS_IS(status, SHARING_VIOLATION) ||
	       NT_STATUS_IS(status, DELETE_PENDING) ||
	       NT_STATUS_IS(status, OPLOCK_BREAK_IN_PROGRESS) ||
	       NT_STATUS_IS(status, RETRY);
}

/* Takes back what was done before something failed with status: the entry, if
 * f has entered, and with it the file that was made. */
static void undo(struct creation *c, bool entered, NTSTATUS status)
{
	struct fsa_file *f = c->file;
	bool made = c->course == COURSE_MAKE;
	bool deleted;

	/* Who listed the directory in between has seen it. */
	if (is_file_new(c)) {
		dir_lease_note(f);
	}
	if (entered) {
		f->delete_on_close = made;
		f->undone = is_file_new(c);
		status = share_leave(f, c->io->identity, &deleted);
		if (f->stream != NULL) {
			NTSTATUS unmarked =
				share_unmark(f, c->io->identity, c->file_made);

			status = NT_STATUS_IS_OK(status) ? unmarked : status;
		}
	} else if (is_file_new(c) && !is_shared_with_others(status)) {
		status = driver_of(f)->unlink(file_node(f));
	} else {
		status = NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "%s: a failed open leaves traces: %s", f->name,
			ntstatus_name(status));
	}
	dir_lease_left(f);
	talloc_free(f);
}

/* What was found may have been deleted meanwhile; then nothing can be said of
 * its rights. */
static NTSTATUS check_found(struct creation *c)
{
	NTSTATUS status = check_existing(c);

	if (NT_STATUS_IS(status, ACCESS_DENIED) &&
	    !driver_of(c->file)->is_linked(file_node(c->file))) {
		return NT_STATUS(RETRY);
	}
	return status;
}

static NTSTATUS create_found(struct creation *c)
{
	bool entered = false;
	NTSTATUS status;

	status = is_file_new(c) ? grant_new(c) : check_found(c);
	if (NT_STATUS_IS_OK(status)) {
		status = enter(c);
		entered = NT_STATUS_IS_OK(status);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = claim_from_others(c);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = change(c);
	}
	if (NT_STATUS_IS_OK(status)) {
		tell(c);
		answer(c);
		return status;
	}
	undo(c, entered, status);
	return status;
}

static NTSTATUS parse_name(struct creation *c)
{
	const struct fsa_volume *v = c->io->volume;
	NTSTATUS status;

	if (c->args->posix) {
		return fsa_posix_name_parse(c->file, c->args->name, &c->name);
	}
	status = fsa_name_parse(c->file, c->args->name, &c->name);
	if (NT_STATUS_IS_OK(status) && !v->streams &&
	    (c->name.stream != NULL || c->name.type == FSA_STREAM_DATA)) {
		status = NT_STATUS(OBJECT_NAME_INVALID);
	}
	return status;
}

static NTSTATUS create_once(struct creation *c)
{
	struct fsa_volume *v = c->io->volume;
	NTSTATUS status;

	c->file = talloc_zero(v, struct fsa_file);
	if (c->file == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->file->volume = v;
	c->file->open_id = c->args->open_id;
	c->file->posix = c->args->posix;
	c->file->quota.is_list = c->quota_list;
	c->stream = NULL;
	c->file_made = false;
	status = parse_name(c);
	if (NT_STATUS_IS_OK(status)) {
		status = create_check_name(c->args, &c->name);
	}
	if (NT_STATUS_IS_OK(status) && !c->args->posix) {
		const char *path = c->name.path;

		status = mangle_resolve(c->file, v, path, &c->name.path);
		c->file->by_short_name = c->name.path != path;
	}
	if (NT_STATUS_IS_OK(status)) {
		c->file->name = talloc_strdup(c->file, c->name.path);
		status = c->file->name == NULL ? NT_STATUS(NO_MEMORY)
					       : find_or_make(c);
	}
	if (NT_STATUS_IS(status, STOPPED_ON_SYMLINK)) {
		reparse_answer_stop(c->args, &c->stop);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_check_open(c->file, &c->stat, c->args);
	}
	if (NT_STATUS_IS_OK(status) && c->name.stream != NULL) {
		status = find_stream(c);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c->file);
		return status;
	}
	return create_found(c);
}

/* It counts only for what is made, but must be one in any case. */
static NTSTATUS check_descriptor(struct blob given)
{
	struct security_descriptor sd;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	if (given.length == 0) {
		return NT_STATUS_OK;
	}
	tmp = talloc_new(NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = sd_decode(tmp, given, &sd);
	talloc_free(tmp);
	return status;
}

/* [MS-FSA] 2.1.5.1, [MS-SMB2] 2.2.13 */
static NTSTATUS check_contexts(const struct fsa_io *io)
{
	const struct fsa_create *c = &io->u.create;

	if (c->timewarp != 0) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (c->num_eas > 0 && (c->options & FILE_NO_EA_KNOWLEDGE) != 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (c->num_eas > 0 && !io->volume->eas) {
		return NT_STATUS(EAS_NOT_SUPPORTED);
	}
	if (c->posix && !fsa_volume_has_posix(io->volume)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return check_descriptor(c->security);
}

NTSTATUS fsa_create_start(struct fsa_io *io)
{
	struct creation c = {.io = io, .args = &io->u.create};
	NTSTATUS status = create_check_parameters(c.args);

	if (NT_STATUS_IS_OK(status)) {
		status = check_contexts(io);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = fsa_posix_take_mode(c.args);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c.access = access_expand(c.args->desired_access);
	if (quota_is_name(c.args->name)) {
		/* Quotas are asked for on the root. */
		c.args->name = "";
		c.quota_list = true;
	}
	status = NT_STATUS(RETRY);
	for (unsigned int i = 0; i < MAX_TRIES && NT_STATUS_IS(status, RETRY);
	     i++) {
		status = create_once(&c);
	}
	if (NT_STATUS_IS(status, OPLOCK_BREAK_IN_PROGRESS)) {
		return oplock_wait(io, c.entered.watch, c.entered.until);
	}
	return NT_STATUS_IS(status, RETRY) ? NT_STATUS(DELETE_PENDING) : status;
}

/* Others have answered: from the beginning, for much may be another now. */
NTSTATUS fsa_create_resumed(struct fsa_io *io, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) ? fsa_create_start(io) : status;
}
