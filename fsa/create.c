/* fsa/create.c - FSA_CREATE ([MS-FSA] 2.1.5.1).
 *
 *   create_start    checks the parameters, takes the name apart
 *   find            opens what is there, or makes it
 *   find_stream     the same for a named stream
 *   check_existing  kind, attributes and rights of what was there
 *   create_enter    the record of share modes; another open may forbid it;
 *                   a missing stream is made when its file's record allows it
 *   create_change   cuts off what is to be overwritten, reserves room
 *   create_answer   what the caller is told
 *
 * Nothing is changed before the share modes allow it; whatever fails after
 * that is taken back: the entry, and a file that was made. */
#include "fsa/access.h"
#include "fsa/create_int.h"
#include "fsa/dir_lease.h"
#include "fsa/ea.h"
#include "fsa/hidden.h"
#include "fsa/kernel_oplock.h"
#include "fsa/mangle.h"
#include "fsa/oplock.h"
#include "fsa/posix.h"
#include "fsa/protect.h"
#include "fsa/quota.h"
#include "fsa/reparse.h"
#include "lib/log.h"

/* A file that is deleted, or made, by others between our look and our act is
 * looked at again, so often. */
#define MAX_TRIES 8

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

uint32_t create_needed_access(const struct creation *c)
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
		.may_wait = true,
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

static bool is_there(const struct creation *c)
{
	const struct fsa_volume *v = c->io->volume;
	const struct fsa_how how = {.path = c->name.path,
				    .reparse_point = true,
				    .access = FILE_READ_ATTRIBUTES,
				    .posix = c->args->posix};
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	NTSTATUS status = v->driver->open(c->file, v->mount, &how, &node, &st);

	talloc_free(node);
	return NT_STATUS_IS_OK(status);
}

/* [MS-SMB2] 3.3.5.9.8: a lease of another file, before anything is made. */
static NTSTATUS check_lease(const struct creation *c)
{
	NTSTATUS status = oplock_check_new(c->io->volume->server, c->args);

	return NT_STATUS_IS(status, INVALID_PARAMETER) && is_there(c)
		       ? NT_STATUS(OBJECT_NAME_COLLISION)
		       : status;
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
	status = check_lease(c);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
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

static NTSTATUS grant(struct creation *c)
{
	const struct fsa_driver *d = c->io->volume->driver;
	struct fsa_node *n = c->file->node;
	uint32_t wanted = c->access | create_needed_access(c);
	uint32_t rights = 0;
	uint32_t granted = 0;
	NTSTATUS status;

	status = protect_get_rights(c->io, n, wanted, create_is_backup(c),
				    &rights);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!c->args->posix &&
	    (c->stat.attributes & FILE_ATTRIBUTE_READONLY) != 0 &&
	    (wanted & MAXIMUM_ALLOWED) != 0) {
		rights &= ~(FILE_WRITE_DATA | FILE_APPEND_DATA |
			    FILE_DELETE_CHILD);
	}
	status = access_grant(wanted, rights, create_limit(c), &granted);
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
			&c->stat, c->access | create_needed_access(c),
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
	return access_grant(c->access, rights, create_limit(c),
			    &c->file->granted);
}

/* --- all of it ----------------------------------------------------------- */

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
	if (create_is_file_new(c)) {
		dir_lease_note(f);
	}
	if (entered) {
		f->delete_on_close = made;
		f->undone = create_is_file_new(c);
		status = share_leave(f, c->io->identity, &deleted);
		if (f->stream != NULL) {
			NTSTATUS unmarked =
				share_unmark(f, c->io->identity, c->file_made);

			status = NT_STATUS_IS_OK(status) ? unmarked : status;
		}
	} else if (create_is_file_new(c) && !is_shared_with_others(status)) {
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

/* What was found may have changed before the open has entered: who may cache it
 * from then on must not begin with that. */
static bool is_old_news(const struct creation *c)
{
	return c->course == COURSE_OPEN && c->name.stream == NULL &&
	       (c->entered.caching.state & FSA_CACHE_READ) != 0;
}

static NTSTATUS create_found(struct creation *c)
{
	bool entered = false;
	NTSTATUS status;

	status = create_is_file_new(c) ? grant_new(c) : check_found(c);
	if (NT_STATUS_IS_OK(status)) {
		status = create_enter(c);
		entered = NT_STATUS_IS_OK(status);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = create_claim_from_others(c);
	}
	if (NT_STATUS_IS_OK(status) && is_old_news(c)) {
		status = driver_of(c->file)->stat(c->file->node, &c->stat);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = create_change(c);
	}
	if (NT_STATUS_IS_OK(status)) {
		create_answer(c);
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

/* What was found or made, to its end. */
static NTSTATUS take(struct creation *c)
{
	NTSTATUS status = reparse_check_open(c->file, &c->stat, c->args);

	if (NT_STATUS_IS_OK(status) && c->name.stream != NULL) {
		status = find_stream(c);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c->file);
		return status;
	}
	return create_found(c);
}

static NTSTATUS take_named(void *private_data)
{
	return take(private_data);
}

static NTSTATUS give_up(struct creation *c, NTSTATUS status)
{
	if (NT_STATUS_IS(status, STOPPED_ON_SYMLINK)) {
		reparse_answer_stop(c->args, &c->stop);
	}
	talloc_free(c->file);
	return status;
}

static NTSTATUS make_named(void *private_data)
{
	struct creation *c = private_data;
	NTSTATUS status = find_or_make(c);

	return NT_STATUS_IS_OK(status) ? take(c) : give_up(c, status);
}

/* Who makes a file has its name for himself, and so has who has met one that
 * may be being made or replaced: nobody finds a file before its maker has
 * entered. */
static NTSTATUS find(struct creation *c)
{
	const struct fsa_volume *v = c->io->volume;
	const char *name = c->file->name;
	NTSTATUS status = NT_STATUS(OBJECT_NAME_NOT_FOUND);

	if (file_disposition(c) != FILE_CREATE) {
		status = open_existing(c);
	}
	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return give_up(c, status);
	}
	if (!NT_STATUS_IS_OK(status)) {
		c->named = true;
		return share_name_locked(v, name, make_named, c);
	}
	c->named = c->again;
	return c->named ? share_name_locked(v, name, take_named, c) : take(c);
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
	c->cut = false;
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
		status = c->file->name == NULL ? NT_STATUS(NO_MEMORY) : status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c->file);
		return status;
	}
	return find(c);
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
		c.again = i > 0;
		status = create_once(&c);
	}
	if (NT_STATUS_IS(status, OPLOCK_BREAK_IN_PROGRESS)) {
		return c.entered.watch != NULL
			       ? oplock_wait(io, c.entered.watch,
					     c.entered.until)
			       : kernel_oplock_wait(io);
	}
	return NT_STATUS_IS(status, RETRY) ? NT_STATUS(DELETE_PENDING) : status;
}

/* Others have answered: from the beginning, for much may be another now. */
NTSTATUS fsa_create_resumed(struct fsa_io *io, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) ? fsa_create_start(io) : status;
}
