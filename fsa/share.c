/* fsa/share.c - the record that all opens of a file share.
 *
 * A file is opened first and entered then: only the open file tells which
 * record is its own.  So under the record's lock it is looked at again: who
 * was last to close it may have deleted it in between. */
#include "fsa/share.h"

#include <string.h>

#include "fsa/dir_lease.h"
#include "fsa/filters.h"
#include "fsa/hidden.h"
#include "fsa/lock.h"
#include "fsa/oplock.h"
#include "fsa/quiet.h"
#include "lib/log.h"
#include "lib/utf16.h"
#include "locking/locking.h"
#include "locking/name_lock.h"
#include "locking/share_mode.h"
#include "messaging/messaging.h"

static struct share_modes *share_modes(const struct fsa_volume *v)
{
	return v->server->params.locking->share_modes;
}

NTSTATUS share_name_locked(const struct fsa_volume *v, const char *name,
			   NTSTATUS (*fn)(void *private_data),
			   void *private_data)
{
	return name_lock_do(v->server->params.locking->names, v->path, name, fn,
			    private_data);
}

/* --- entering ----------------------------------------------------------- */

struct enter {
	struct fsa_file *f;
	struct fsa_node *node; /* whose record it is */
	const struct share_claim_args *args;
	const char *name;
	bool mark; /* of a stream, in its file's record */
	NTSTATUS verdict;
	struct share_entered *out;
};

static struct share_mode_entry entry_of(const struct fsa_file *f,
					const struct share_claim_args *args)
{
	struct share_mode_entry e = {
		.owner = *messaging_id(f->volume->server->params.messaging),
		.open_id = f->open_id,
		.access = f->granted,
		.share = args->share,
		.uid = args->uid,
		.opened = nttime_now(),
	};

	if (f->delete_on_close) {
		e.flags |= SHARE_ENTRY_DELETE_ON_CLOSE;
	}
	if (f->node->directory) {
		e.flags |= SHARE_ENTRY_DIRECTORY;
	}
	return e;
}

static struct share_mode_entry mark_of(const struct fsa_file *f,
				       const struct share_claim_args *args)
{
	struct share_mode_entry e = entry_of(f, args);

	e.flags = SHARE_ENTRY_STREAM;
	return e;
}

/* op may have to wait for others: then the record is left with a watch on it.
 */
static NTSTATUS break_others(struct share_mode_lock *l, struct enter *in,
			     enum grant_op op)
{
	struct fsa_server *server = in->f->volume->server;
	const struct grant_breaker b = oplock_breaker(server);
	const struct grant_actor actor = oplock_actor(in->f);
	struct share_entered *out = in->out;
	NTSTATUS status;

	if (op == GRANT_OPS) {
		return NT_STATUS_OK;
	}
	status = share_grant_break(l, op, &actor, &b, &out->until);
	if (!NT_STATUS_IS_OK(status) || out->until == 0) {
		return status;
	}
	out->watch = share_mode_watch_send(in->f->volume, server->params.ev, l);
	return out->watch == NULL ? NT_STATUS(NO_MEMORY)
				  : NT_STATUS(OPLOCK_BREAK_IN_PROGRESS);
}

/* 2.1.5.1.2: who only keeps his handle is asked to let go first. */
static NTSTATUS check_sharing(struct share_mode_lock *l, struct enter *in,
			      uint32_t flags)
{
	NTSTATUS broken, status = share_mode_check(l, in->args->access,
						   in->args->share, flags);

	if (!NT_STATUS_IS(status, SHARING_VIOLATION)) {
		return status;
	}
	broken = break_others(l, in, GRANT_OP_SHARE);
	return NT_STATUS_IS_OK(broken) ? status : broken;
}

/* Whether f may be a file that its maker is about to enter, or one that is
 * about to be replaced. */
static bool is_name_busy(const struct fsa_file *f)
{
	const struct fsa_volume *v = f->volume;

	return name_lock_is_busy(v->server->params.locking->names, v->path,
				 f->name);
}

static NTSTATUS try_enter(struct share_mode_lock *l, struct enter *in)
{
	struct fsa_file *f = in->f;
	struct share_mode_entry e =
		in->mark ? mark_of(f, in->args) : entry_of(f, in->args);
	NTSTATUS status;

	/* A stream's record comes behind its file's. */
	if (!in->args->named && (in->mark || f->stream == NULL) &&
	    share_mode_count(l, true) == 0 && is_name_busy(f)) {
		return NT_STATUS(RETRY);
	}
	/* Before anybody is told anything. */
	if (!driver_of(f)->is_linked(in->node)) {
		return NT_STATUS(RETRY);
	}
	status = check_sharing(l, in, e.flags);
	if (NT_STATUS_IS_OK(status) && !in->mark) {
		status = break_others(l, in, in->args->op);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_mode_add(l, &e, f->volume->path, in->name);
	if (NT_STATUS_IS_OK(status) && !in->mark && in->args->cut != NULL) {
		status = in->args->cut(in->args->private_data);
	}
	if (!NT_STATUS_IS_OK(status) || in->mark || in->args->caching == NULL) {
		return status;
	}
	return share_grant_ask(l, f->open_id, in->args->caching,
			       &in->out->caching);
}

/* That somebody lost his grant for not having answered is kept, whatever comes
 * of the open. */
static NTSTATUS enter_locked(struct share_mode_lock *l, void *private_data)
{
	struct enter *in = private_data;

	in->verdict = try_enter(l, in);
	return NT_STATUS_IS(in->verdict, SHARING_VIOLATION) ? NT_STATUS_OK
							    : in->verdict;
}

static NTSTATUS enter(struct enter *in, const struct file_id *id)
{
	NTSTATUS status =
		oplock_do_locked(in->f->volume->server, id, enter_locked, in);

	return NT_STATUS_IS_OK(status) ? in->verdict : status;
}

static NTSTATUS enter_stream(struct fsa_file *f, struct enter *in)
{
	char *name = talloc_asprintf(f, "%s:%s", f->name, f->stream);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (name != NULL) {
		in->name = name;
		status = enter(in, &f->id);
	}
	talloc_free(name);
	return status;
}

NTSTATUS share_enter(struct fsa_file *f, const struct share_claim_args *args,
		     struct share_entered *out)
{
	struct enter in = {.f = f,
			   .node = f->node,
			   .args = args,
			   .name = f->name,
			   .out = out};

	if (f->stream != NULL) {
		return enter_stream(f, &in);
	}
	return enter(&in, &f->id);
}

NTSTATUS share_mark(struct fsa_file *f, const struct share_claim_args *args,
		    struct share_entered *out)
{
	struct share_claim_args loose = *args;
	struct enter in = {.f = f,
			   .out = out,
			   .node = file_node(f),
			   .args = args,
			   .name = f->name,
			   .mark = true};
	const struct file_id id = file_whole_id(f);

	if (fsa_stream_is_loose(f->volume, f->stream)) {
		loose.share |= FILE_SHARE_DELETE;
		in.args = &loose;
	}
	return enter(&in, &id);
}

/* --- leaving -------------------------------------------------------------- */

struct leave {
	struct fsa_file *f;
	struct fsa_node *node; /* whose record it is */
	const struct identity *who;
	bool delete_it;
	bool posix_delete;
	bool unlocks; /* its byte-range locks go, too */
	bool deleted;
};

static struct delete_owner owner_of(const struct identity *who)
{
	return (struct delete_owner){
		.uid = who->uid,
		.gid = who->gid,
		.num_groups = (uint32_t)who->ngroups,
		/* Read only; gid_t is a uint32_t on Linux. */
		.groups = (uint32_t *)(uintptr_t)who->groups,
	};
}

/* Takes the name away, or leaves that to a filter. */
static NTSTATUS lose_name(const struct leave *in, const struct identity *who)
{
	struct fsa_volume *v = in->f->volume;
	struct filters_loss l = {.loss = {.kind = FSA_LOSS_DELETE,
					  .volume = v,
					  .node = in->node,
					  .who = who}};
	NTSTATUS status;

	if (in->node->of == NULL) {
		dir_lease_note(in->f);
	}
	if (in->f->undone || in->node->of != NULL) {
		return v->driver->unlink(in->node);
	}
	status = filters_losing(&l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!l.taken) {
		status = hidden_empty(v, in->node);
		if (NT_STATUS_IS_OK(status)) {
			status = v->driver->unlink(in->node);
		}
	}
	filters_lost(&l, status);
	return status;
}

/* Deletes the file as who asked for it; that may be another user than who
 * closes it last. */
static void delete_file(struct leave *in, const struct delete_owner *deleter)
{
	const struct identity owner = {
		.uid = deleter->uid,
		.gid = deleter->gid,
		.ngroups = deleter->num_groups,
		.groups = deleter->groups,
	};
	NTSTATUS status;

	if (!driver_of(in->f)->is_linked(in->node)) {
		in->deleted = true;
		return;
	}
	identity_assume(&owner);
	status = lose_name(in, &owner);
	identity_assume(in->who);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: not deleted at its last close: %s",
			 in->f->name, ntstatus_name(status));
		return;
	}
	in->deleted = true;
}

/* [MS-FSA] 2.1.5.5, phase 1: a directory that is not empty stays. */
static bool is_delete_on_close(const struct leave *in)
{
	return in->delete_it &&
	       (!in->node->directory ||
		NT_STATUS_IS_OK(hidden_check_empty(in->f->volume, in->node)));
}

static NTSTATUS mark_delete(struct share_mode_lock *l, struct leave *in)
{
	struct delete_owner owner = owner_of(in->who);

	if (!is_delete_on_close(in) || share_mode_delete_pending(l)) {
		return NT_STATUS_OK;
	}
	return share_mode_set_delete_pending(l, &owner);
}

/* Deletes what is to be deleted by now.  After a POSIX delete the other opens
 * go on with a file that has lost this name. */
static NTSTATUS delete_pending(struct share_mode_lock *l, struct leave *in)
{
	struct delete_owner deleter;
	bool last;
	NTSTATUS status;

	share_mode_remove_dead(l);
	last = share_mode_count(l, true) == 1;
	if (!last && !in->posix_delete) {
		return NT_STATUS_OK;
	}
	status = share_mode_get_deleter(in->f, l, &deleter);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	delete_file(in, &deleter);
	return last || !in->deleted ? NT_STATUS_OK
				    : share_mode_set_delete_pending(l, NULL);
}

static NTSTATUS leave_locked(struct share_mode_lock *l, void *private_data)
{
	struct leave *in = private_data;
	NTSTATUS status;

	if (in->unlocks) {
		lock_release_all(in->f);
	}
	status = mark_delete(l, in);
	if (NT_STATUS_IS_OK(status) && share_mode_delete_pending(l)) {
		status = delete_pending(l, in);
	}
	/* The file is closed all the same: its entry would deny others for as
	 * long as this process lives. */
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "%s: to be deleted: %s", in->f->name,
			ntstatus_name(status));
	}
	return share_mode_remove(l, in->f->open_id);
}

NTSTATUS share_leave(struct fsa_file *f, const struct identity *who,
		     bool *out_deleted)
{
	struct leave in = {.f = f,
			   .node = f->node,
			   .who = who,
			   .delete_it = f->delete_on_close,
			   .posix_delete = f->posix_delete,
			   .unlocks = true};
	NTSTATUS status = share_mode_do_locked(share_modes(f->volume), &f->id,
					       leave_locked, &in);

	*out_deleted = in.deleted;
	return status;
}

NTSTATUS share_unmark(struct fsa_file *f, const struct identity *who,
		      bool delete_file)
{
	struct leave in = {.f = f,
			   .node = file_node(f),
			   .who = who,
			   .delete_it = delete_file};
	const struct file_id id = file_whole_id(f);

	return share_mode_do_locked(share_modes(f->volume), &id, leave_locked,
				    &in);
}

/* --- moving -------------------------------------------------------------- */

struct move {
	struct fsa_file *f;
	struct share_mode_entry entry;
};

static NTSTATUS take_out_locked(struct share_mode_lock *l, void *private_data)
{
	struct move *in = private_data;
	NTSTATUS status;

	share_mode_remove_dead(l);
	if (share_mode_count(l, true) != 1) {
		return NT_STATUS(SHARING_VIOLATION);
	}
	status = share_mode_get_entry(l, in->f->open_id, &in->entry);
	in->entry.grant = 0;
	return NT_STATUS_IS_OK(status) ? share_mode_remove(l, in->f->open_id)
				       : status;
}

static NTSTATUS put_in_locked(struct share_mode_lock *l, void *private_data)
{
	struct move *in = private_data;
	NTSTATUS status = share_mode_check(l, in->entry.access, in->entry.share,
					   in->entry.flags);

	return NT_STATUS_IS_OK(status)
		       ? share_mode_add(l, &in->entry, in->f->volume->path,
					in->f->name)
		       : status;
}

NTSTATUS share_move_stream(struct fsa_file *f, const struct file_id *to)
{
	struct share_modes *s = share_modes(f->volume);
	struct move in = {.f = f};
	NTSTATUS status;

	status = share_mode_do_locked(s, &f->id, take_out_locked, &in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = lock_move(f, to);
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_do_locked(s, to, put_in_locked, &in);
	}
	if (NT_STATUS_IS_OK(status)) {
		f->id = *to;
		quiet_moved(f);
	} else if (!NT_STATUS_IS_OK(share_mode_do_locked(s, &f->id,
							 put_in_locked, &in))) {
		LOG_ERR(LOG_FSA, "%s: a stream's entry is lost", f->name);
	}
	return status;
}

/* An entry becomes the mark that a stream's open has in the file's record. */
static NTSTATUS leave_mark_locked(struct share_mode_lock *l, void *private_data)
{
	struct move *in = private_data;
	struct share_mode_entry mark;
	NTSTATUS status;

	share_mode_remove_dead(l);
	if (share_mode_count(l, false) != 1) {
		return NT_STATUS(SHARING_VIOLATION);
	}
	status = share_mode_get_entry(l, in->f->open_id, &in->entry);
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_remove(l, in->f->open_id);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	mark = in->entry;
	mark.flags = SHARE_ENTRY_STREAM;
	return share_mode_add(l, &mark, in->f->volume->path, in->f->name);
}

static NTSTATUS take_place_locked(struct share_mode_lock *l, void *private_data)
{
	struct move *in = private_data;
	NTSTATUS status;

	share_mode_remove_dead(l);
	if (share_mode_count(l, false) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = share_mode_remove(l, in->f->open_id);
	return NT_STATUS_IS_OK(status)
		       ? share_mode_add(l, &in->entry, in->f->volume->path,
					in->f->name)
		       : status;
}

NTSTATUS share_switch_stream(struct fsa_file *f, const struct file_id *to,
			     const char *stream)
{
	struct share_modes *s = share_modes(f->volume);
	share_mode_fn out =
		stream != NULL ? leave_mark_locked : take_out_locked;
	share_mode_fn in = stream != NULL ? put_in_locked : take_place_locked;
	share_mode_fn back = stream != NULL ? take_place_locked : put_in_locked;
	struct move m = {.f = f};
	NTSTATUS status;

	if (f->num_locks > 0) {
		return NT_STATUS(SHARING_VIOLATION);
	}
	status = share_mode_do_locked(s, &f->id, out, &m);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_mode_do_locked(s, to, in, &m);
	if (NT_STATUS_IS_OK(status)) {
		f->id = *to;
		quiet_moved(f);
	} else if (!NT_STATUS_IS_OK(
			   share_mode_do_locked(s, &f->id, back, &m))) {
		LOG_ERR(LOG_FSA, "%s: a stream's entry is lost", f->name);
	}
	return status;
}

/* --- deleting ------------------------------------------------------------ */

struct set_delete {
	struct fsa_file *f;
	struct delete_owner owner;
	bool pending;
	NTSTATUS (*check)(struct fsa_file *f);
	struct tevent_req *watch; /* others have to answer first */
	NTTIME until;
};

/* Somebody may have got HANDLE since the gate. */
static NTSTATUS ask_keepers(struct share_mode_lock *l, struct set_delete *in)
{
	struct fsa_server *server = in->f->volume->server;
	const struct grant_breaker b = oplock_breaker(server);
	const struct grant_actor actor = oplock_actor(in->f);
	NTSTATUS status =
		share_grant_break(l, GRANT_OP_DELETE, &actor, &b, &in->until);

	if (NT_STATUS_IS_OK(status) && in->until != 0) {
		in->watch = share_mode_watch_send(in->f->volume,
						  server->params.ev, l);
		status = in->watch == NULL ? NT_STATUS(NO_MEMORY) : status;
	}
	return status;
}

static NTSTATUS set_delete_locked(struct share_mode_lock *l, void *private_data)
{
	struct set_delete *in = private_data;
	NTSTATUS status = NT_STATUS_OK;

	if (in->pending && in->check != NULL) {
		status = in->check(in->f);
	}
	if (NT_STATUS_IS_OK(status) && in->pending) {
		status = ask_keepers(l, in);
	}
	if (!NT_STATUS_IS_OK(status) || in->watch != NULL) {
		return status;
	}
	return share_mode_set_delete_pending(l,
					     in->pending ? &in->owner : NULL);
}

NTSTATUS share_set_delete(struct fsa_io *io, struct fsa_file *f,
			  const struct identity *who, bool pending,
			  NTSTATUS (*check)(struct fsa_file *f))
{
	struct set_delete in = {.f = f,
				.owner = owner_of(who),
				.pending = pending,
				.check = check};
	NTSTATUS status = oplock_do_locked(f->volume->server, &f->id,
					   set_delete_locked, &in);

	if (in.watch == NULL) {
		return status;
	}
	status = oplock_wait(io, in.watch, in.until);
	io->at_gate = NT_STATUS_IS(status, PENDING);
	return status;
}

/* --- renaming ------------------------------------------------------------ */

struct unless_kept {
	struct fsa_file *f;
	NTSTATUS (*fn)(void *private_data);
	void *private_data;
	struct tevent_req *watch; /* others have to answer first */
	NTTIME until;
};

static NTSTATUS unless_kept_locked(struct share_mode_lock *l,
				   void *private_data)
{
	struct unless_kept *in = private_data;
	struct fsa_server *server = in->f->volume->server;
	const struct grant_breaker b = oplock_breaker(server);
	const struct grant_actor actor = oplock_actor(in->f);
	NTSTATUS status =
		share_grant_break(l, GRANT_OP_RENAME, &actor, &b, &in->until);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->until == 0) {
		return in->fn(in->private_data);
	}
	in->watch = share_mode_watch_send(in->f->volume, server->params.ev, l);
	return in->watch == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

NTSTATUS share_unless_kept(struct fsa_io *io, struct fsa_file *f,
			   NTSTATUS (*fn)(void *private_data),
			   void *private_data)
{
	struct unless_kept in = {
		.f = f, .fn = fn, .private_data = private_data};
	NTSTATUS status = oplock_do_locked(f->volume->server, &f->id,
					   unless_kept_locked, &in);

	if (in.watch == NULL) {
		return status;
	}
	status = oplock_wait(io, in.watch, in.until);
	io->at_gate = NT_STATUS_IS(status, PENDING);
	return status;
}

/* --- what is known of others --------------------------------------------- */

static bool is_delete_pending(const struct fsa_volume *v,
			      const struct file_id *id)
{
	struct share_mode_state st = {0};
	NTSTATUS status = share_mode_peek(share_modes(v), id, &st);

	return NT_STATUS_IS_OK(status) && st.delete_pending;
}

bool share_is_delete_pending(const struct fsa_file *f)
{
	const struct file_id id = file_whole_id(f);

	return is_delete_pending(f->volume, &f->id) ||
	       (f->stream != NULL && is_delete_pending(f->volume, &id));
}

bool share_is_parent_delete_pending(const struct fsa_file *f)
{
	const struct file_id id = {.device = f->node->device,
				   .inode = file_node(f)->parent_inode};

	return is_delete_pending(f->volume, &id);
}

/* --- other files --------------------------------------------------------- */

struct count {
	uint32_t entries;
	bool delete_pending;
};

static NTSTATUS count_locked(struct share_mode_lock *l, void *private_data)
{
	struct count *c = private_data;

	share_mode_remove_dead(l);
	c->entries = share_mode_count(l, true);
	c->delete_pending = share_mode_delete_pending(l);
	return NT_STATUS_OK;
}

NTSTATUS share_is_open(struct fsa_volume *v, const struct file_id *id,
		       bool *out_open, bool *out_delete_pending)
{
	struct share_mode_state st = {0};
	struct count c = {0};
	NTSTATUS status = share_mode_peek(share_modes(v), id, &st);

	if (NT_STATUS_IS_OK(status) && st.num_entries > 0) {
		status = share_mode_do_locked(share_modes(v), id, count_locked,
					      &c);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out_open = c.entries > 0;
	*out_delete_pending = c.entries > 0 && c.delete_pending;
	return NT_STATUS_OK;
}

NTSTATUS share_check_not_doomed(struct fsa_volume *v, const struct file_id *id)
{
	struct share_mode_state st = {0};
	NTSTATUS status = share_mode_peek(share_modes(v), id, &st);
	bool open, pending = false;

	if (NT_STATUS_IS_OK(status) && st.delete_pending) {
		status = share_is_open(v, id, &open, &pending);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return pending ? NT_STATUS(DELETE_PENDING) : NT_STATUS_OK;
}

static NTSTATUS probe_locked(struct share_mode_lock *l, void *private_data)
{
	const uint32_t *access = private_data;
	bool is_file = (*access & FILE_ADD_FILE) != 0;

	return share_mode_check(l, *access,
				is_file ? FILE_SHARE_READ | FILE_SHARE_WRITE
					: FILE_SHARE_ALL,
				0);
}

NTSTATUS share_probe_add(struct fsa_volume *v, const struct file_id *id,
			 uint32_t access)
{
	return share_mode_do_locked(share_modes(v), id, probe_locked, &access);
}

struct below {
	const char *share_path;
	const char *name; /* upper case, with a backslash at the end */
	struct file_id *ids;
	size_t num_ids;
	bool no_memory;
};

static bool note_below(const struct share_mode_info *info, void *private_data)
{
	struct below *b = private_data;
	struct file_id *more;
	char *upper = NULL;
	bool is_below;

	if (info->tail.name == NULL || info->tail.share_path == NULL ||
	    strcmp(info->tail.share_path, b->share_path) != 0) {
		return true;
	}
	b->no_memory =
		!NT_STATUS_IS_OK(utf8_upcase(NULL, info->tail.name, &upper));
	if (b->no_memory) {
		return false;
	}
	is_below = strncmp(upper, b->name, strlen(b->name)) == 0;
	talloc_free(upper);
	if (!is_below) {
		return true;
	}
	more = talloc_realloc(NULL, b->ids, struct file_id, b->num_ids + 1);
	b->no_memory = more == NULL;
	if (b->no_memory) {
		return false;
	}
	b->ids = more;
	b->ids[b->num_ids++] = info->id;
	return true;
}

/* What has records below the directory; b->ids are the caller's to free. */
static NTSTATUS find_below(struct fsa_volume *v, const char *name,
			   struct below *b)
{
	char *upper = NULL;
	NTSTATUS status;

	if (!share_mode_any_below(share_modes(v), v->path, name)) {
		return NT_STATUS_OK;
	}
	status = utf8_upcase(NULL, name, &upper);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	upper = talloc_strdup_append(upper, "\\");
	if (upper == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	b->share_path = v->path;
	b->name = upper;
	status = share_mode_traverse(share_modes(v), note_below, b);
	talloc_free(upper);
	return NT_STATUS_IS_OK(status) && b->no_memory ? NT_STATUS(NO_MEMORY)
						       : status;
}

static NTSTATUS is_any_open(struct fsa_volume *v, const struct below *b,
			    bool *out)
{
	bool open = false;
	bool pending;

	for (size_t i = 0; i < b->num_ids && !open; i++) {
		NTSTATUS status = share_is_open(v, &b->ids[i], &open, &pending);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	*out = open;
	return NT_STATUS_OK;
}

/* Who only keeps his handles below lets them go; or PENDING. */
static NTSTATUS give_way_below(struct fsa_io *io, const struct below *b)
{
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; i < b->num_ids && NT_STATUS_IS_OK(status); i++) {
		status = oplock_give_way(io, &b->ids[i]);
	}
	return status;
}

NTSTATUS share_is_open_below(struct fsa_io *io, const char *name, bool *out)
{
	struct fsa_volume *v = io->file->volume;
	struct below b = {0};
	NTSTATUS status = find_below(v, name, &b);

	if (NT_STATUS_IS_OK(status)) {
		status = give_way_below(io, &b);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = is_any_open(v, &b, out);
	}
	talloc_free(b.ids);
	return status;
}

void share_moved_below(struct fsa_file *f, const char *name)
{
	struct below b = {0};
	NTSTATUS status = find_below(f->volume, name, &b);

	for (size_t i = 0; i < b.num_ids && NT_STATUS_IS_OK(status); i++) {
		dir_lease_break(f, &b.ids[i]);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: leases below it stay: %s", name,
			 ntstatus_name(status));
	}
	talloc_free(b.ids);
}

static NTSTATUS renamed_locked(struct share_mode_lock *l, void *private_data)
{
	struct fsa_file *f = private_data;

	return share_mode_rename(l, f->volume->path, f->name);
}

NTSTATUS share_renamed(struct fsa_file *f, const char *name)
{
	const struct file_id id = file_whole_id(f);

	f->name = name;
	return share_mode_do_locked(share_modes(f->volume), &id, renamed_locked,
				    f);
}

struct locked_call {
	NTSTATUS (*fn)(void *private_data);
	void *private_data;
};

static NTSTATUS call_locked(struct share_mode_lock *l, void *private_data)
{
	const struct locked_call *call = private_data;

	(void)l;
	return call->fn(call->private_data);
}

NTSTATUS share_locked(struct fsa_file *f, NTSTATUS (*fn)(void *private_data),
		      void *private_data)
{
	struct locked_call call = {.fn = fn, .private_data = private_data};
	const struct file_id id = file_whole_id(f);

	return share_mode_do_locked(share_modes(f->volume), &id, call_locked,
				    &call);
}
