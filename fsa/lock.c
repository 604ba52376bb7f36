/* fsa/lock.c - FSA_LOCK ([MS-FSA] 2.1.5.8, 2.1.5.9).
 *
 *   start    takes or gives back the ranges, or begins to wait
 *   woken    something went that stood in the way: tries again
 *   resumed  got it, or gave it up
 *
 * Who waits has a ticket in the file's list of locks; so those who wait for the
 * same get it in the order in which they came. */
#include "fsa/lock.h"

#include "db/db.h"
#include "fsa/local_lock.h"
#include "fsa/quiet.h"
#include "lib/log.h"
#include "locking/brlock.h"
#include "locking/locking.h"
#include "messaging/messaging.h"

/* A local program's locks go without telling us: how often to look again when
 * one of them is in the way. */
#define LOOK_AGAIN_USEC 200000

struct lock_wait {
	struct fsa_io *io;
	struct tevent_req *watch; /* NULL: not watching just now */
	uint64_t ticket;
	bool local; /* a local program's lock is in the way */
};

static struct brlocks *brlocks(const struct fsa_file *f)
{
	return f->volume->server->params.locking->brlocks;
}

static struct brlock_entry entry_of(const struct fsa_file *f,
				    const struct fsa_lock_range *r)
{
	return (struct brlock_entry){
		.owner = *messaging_id(f->volume->server->params.messaging),
		.open_id = f->open_id,
		.offset = r->offset,
		.length = r->length,
		.flags = r->exclusive ? BRLOCK_EXCLUSIVE : 0,
	};
}

/* --- taking --------------------------------------------------------------- */

/* The lock among ourselves, and then the one that local programs see.
 * *out_local: one of theirs is in the way. */
static NTSTATUS take(struct brlock_list *l, struct fsa_file *f,
		     const struct fsa_lock_range *r, uint64_t ticket,
		     bool *out_local)
{
	struct brlock_entry e = entry_of(f, r);
	NTSTATUS status = brlock_add(l, &e, ticket);

	*out_local = false;
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = local_lock_update(l, f, r->offset, r->length);
	if (!NT_STATUS_IS_OK(status)) {
		NTSTATUS undone =
			brlock_undo(l, f->open_id, r->offset, r->length);

		*out_local = NT_STATUS_IS(status, LOCK_NOT_GRANTED);
		if (!NT_STATUS_IS_OK(undone)) {
			return undone;
		}
		local_lock_restore(l, f, r->offset, r->length);
		return status;
	}
	f->num_locks++;
	return NT_STATUS_OK;
}

static NTSTATUS give_back(struct brlock_list *l, struct fsa_file *f,
			  const struct fsa_lock_range *r)
{
	NTSTATUS status = brlock_remove(l, f->open_id, r->offset, r->length);

	if (NT_STATUS_IS_OK(status)) {
		local_lock_restore(l, f, r->offset, r->length);
		f->num_locks--;
	}
	return status;
}

/* 2.1.5.8, 2.1.5.9 */
static NTSTATUS check_range(const struct fsa_lock_range *r)
{
	return r->length != 0 && r->offset + r->length - 1 < r->offset
		       ? NT_STATUS(INVALID_LOCK_RANGE)
		       : NT_STATUS_OK;
}

/* All, or none ([MS-SMB2] 3.3.5.14.2). */
static NTSTATUS take_all(struct brlock_list *l, struct fsa_io *io,
			 uint64_t ticket, bool *out_local)
{
	const struct fsa_lock *a = &io->u.lock;

	for (size_t i = 0; i < a->count; i++) {
		NTSTATUS status =
			take(l, io->file, &a->ranges[i], ticket, out_local);

		if (NT_STATUS_IS_OK(status)) {
			continue;
		}
		while (i > 0) {
			NTSTATUS undone =
				give_back(l, io->file, &a->ranges[--i]);

			if (!NT_STATUS_IS_OK(undone)) {
				LOG_ERR(LOG_FSA, "%s: a lock is left: %s",
					io->file->name, ntstatus_name(undone));
			}
		}
		return status;
	}
	return NT_STATUS_OK;
}

/* What was unlocked before one fails stays so (3.3.5.14.1). */
static NTSTATUS unlock_all(struct brlock_list *l, void *private_data)
{
	struct fsa_io *io = private_data;
	const struct fsa_lock *a = &io->u.lock;
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; i < a->count && NT_STATUS_IS_OK(status); i++) {
		status = check_range(&a->ranges[i]);
		if (NT_STATUS_IS_OK(status)) {
			status = give_back(l, io->file, &a->ranges[i]);
		}
	}
	return status;
}

/* --- waiting -------------------------------------------------------------- */

static void woken(struct tevent_req *watch);

static NTSTATUS watch(struct brlock_list *l, struct lock_wait *w)
{
	struct tevent_context *ev = w->io->volume->server->params.ev;

	w->watch = brlock_watch_send(w, ev, l, w->ticket);
	if (w->watch == NULL ||
	    (w->local &&
	     !tevent_req_set_endtime(
		     w->watch, ev,
		     tevent_timeval_current_ofs(0, LOOK_AGAIN_USEC)))) {
		return NT_STATUS(NO_MEMORY);
	}
	tevent_req_set_callback(w->watch, woken, w);
	return NT_STATUS(PENDING);
}

static NTSTATUS unwait_locked(struct brlock_list *l, void *private_data)
{
	const struct lock_wait *w = private_data;

	return brlock_unwait(l, w->ticket);
}

/* One more try of who waits: PENDING when he must go on waiting. */
static NTSTATUS try_again_locked(struct brlock_list *l, void *private_data)
{
	struct lock_wait *w = private_data;
	NTSTATUS status = take_all(l, w->io, w->ticket, &w->local);

	if (NT_STATUS_IS(status, LOCK_NOT_GRANTED)) {
		return watch(l, w);
	}
	if (!NT_STATUS_IS_OK(brlock_unwait(l, w->ticket))) {
		LOG_ERR(LOG_FSA, "%s: a waiter's ticket is lost",
			w->io->file->name);
	}
	return status;
}

/* The ticket goes if it is still there: all who come later for the same would
 * wait behind it. */
static void forget(struct lock_wait *w)
{
	struct fsa_file *f = w->io->file;

	TALLOC_FREE(w->watch);
	if (w->ticket != 0) {
		NTSTATUS gone =
			brlock_do_locked(brlocks(f), &f->id, unwait_locked, w);

		if (!NT_STATUS_IS_OK(gone) && !NT_STATUS_IS(gone, NOT_FOUND)) {
			LOG_WARN(LOG_FSA, "%s: a waiter's ticket is left: %s",
				 f->name, ntstatus_name(gone));
		}
	}
	w->io->state = NULL;
	talloc_free(w);
}

/* Ends the waiting. */
static void end(struct lock_wait *w, NTSTATUS status)
{
	struct fsa_io *io = w->io;

	forget(w);
	io->volume->server->env.done(io, status);
}

static void woken(struct tevent_req *req)
{
	struct lock_wait *w = tevent_req_callback_data(req, struct lock_wait);
	struct fsa_file *f = w->io->file;
	NTSTATUS status = db_watch_recv(req);

	TALLOC_FREE(w->watch);
	if (NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, IO_TIMEOUT)) {
		status = brlock_do_locked(brlocks(f), &f->id, try_again_locked,
					  w);
	}
	if (NT_STATUS_IS_OK(status)) {
		w->ticket = 0; /* it went with that */
	}
	if (!NT_STATUS_IS(status, PENDING)) {
		end(w, status);
	}
}

static void lock_cancel(struct fsa_io *io)
{
	end(io->state, NT_STATUS(CANCELLED));
}

static NTSTATUS begin_to_wait(struct brlock_list *l, struct fsa_io *io,
			      bool local)
{
	const struct brlock_entry want =
		entry_of(io->file, &io->u.lock.ranges[0]);
	struct lock_wait *w = talloc_zero(io->file, struct lock_wait);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (w == NULL) {
		return status;
	}
	w->io = io;
	w->local = local;
	io->state = w;
	io->cancel = lock_cancel;
	status = brlock_wait(l, &want, &w->ticket);
	return NT_STATUS_IS_OK(status) ? watch(l, w) : status;
}

/* --- the operation -------------------------------------------------------- */

static NTSTATUS lock_all(struct brlock_list *l, void *private_data)
{
	struct fsa_io *io = private_data;
	bool local = false;
	NTSTATUS status = take_all(l, io, 0, &local);

	return NT_STATUS_IS(status, LOCK_NOT_GRANTED) && io->u.lock.wait
		       ? begin_to_wait(l, io, local)
		       : status;
}

static NTSTATUS check(const struct fsa_io *io)
{
	const struct fsa_lock *a = &io->u.lock;

	if (io->file->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	for (size_t i = 0; i < a->count && !a->unlock; i++) {
		NTSTATUS status = check_range(&a->ranges[i]);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	/* Windows: who neither reads nor writes does not lock (smbtorture
	 * smb2.lock.rw-none). */
	return file_check_access(io->file, FILE_READ_DATA | FILE_WRITE_DATA |
						   FILE_APPEND_DATA);
}

NTSTATUS fsa_lock_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	NTSTATUS status = check(io);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (io->u.lock.unlock) {
		return brlock_do_locked(brlocks(f), &f->id, unlock_all, io);
	}
	io->state = NULL;
	status = brlock_do_locked(brlocks(f), &f->id, lock_all, io);
	if (NT_STATUS_IS(status, PENDING)) {
		return status;
	}
	if (io->state != NULL) { /* it was to wait, and could not */
		forget(io->state);
	}
	return fsa_lock_resumed(io, status);
}

NTSTATUS fsa_lock_resumed(struct fsa_io *io, NTSTATUS status)
{
	if (NT_STATUS_IS_OK(status)) {
		quiet_raise(io->file, QUIET_LOCKS);
	}
	return status;
}

/* --- for the other operations --------------------------------------------- */

/* Whether nobody has locks.  That it cannot be told is met again by who looks
 * closer. */
static bool is_unlocked(struct fsa_file *f)
{
	bool any = true;

	if (quiet_is(f, QUIET_LOCKS)) {
		return true;
	}
	if (f->num_locks == 0 &&
	    NT_STATUS_IS_OK(brlock_is_any(brlocks(f), &f->id, &any)) && !any) {
		quiet_note(f, QUIET_LOCKS);
		return true;
	}
	return false;
}

NTSTATUS lock_check_io(struct fsa_file *f, uint64_t offset, uint64_t length,
		       bool write)
{
	if (!f->volume->strict_locking || length == 0 || is_unlocked(f)) {
		return NT_STATUS_OK;
	}
	if (offset == UINT64_MAX) {
		struct fsa_stat st;
		NTSTATUS status = driver_of(f)->stat(f->node, &st);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		offset = st.end_of_file;
	}
	return brlock_check_io(brlocks(f), &f->id, f->open_id, offset, length,
			       write);
}

static NTSTATUS release_locked(struct brlock_list *l, void *private_data)
{
	const struct fsa_file *f = private_data;

	return brlock_remove_all(l, f->open_id, NULL, NULL, NULL);
}

void lock_release_all(struct fsa_file *f)
{
	NTSTATUS status;

	if (f->num_locks == 0) {
		return;
	}
	status = brlock_do_locked(brlocks(f), &f->id, release_locked, f);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "%s: its locks are left: %s", f->name,
			ntstatus_name(status));
	}
	f->num_locks = 0;
}

struct moving {
	struct fsa_file *f;
	TALLOC_CTX *mem_ctx;
	struct brlock_entry *locks;
	size_t count;
};

static NTSTATUS take_out_locked(struct brlock_list *l, void *private_data)
{
	struct moving *m = private_data;

	return brlock_remove_all(l, m->f->open_id, m->mem_ctx, &m->locks,
				 &m->count);
}

static NTSTATUS put_in_locked(struct brlock_list *l, void *private_data)
{
	const struct moving *m = private_data;
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; i < m->count && NT_STATUS_IS_OK(status); i++) {
		status = brlock_add(l, &m->locks[i], 0);
	}
	return status;
}

NTSTATUS lock_move(struct fsa_file *f, const struct file_id *to)
{
	struct moving m = {.f = f};
	NTSTATUS status;

	if (f->num_locks == 0) {
		return NT_STATUS_OK;
	}
	m.mem_ctx = talloc_new(f);
	if (m.mem_ctx == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = brlock_do_locked(brlocks(f), &f->id, take_out_locked, &m);
	if (NT_STATUS_IS_OK(status)) {
		status = brlock_do_locked(brlocks(f), to, put_in_locked, &m);
	}
	talloc_free(m.mem_ctx);
	return status;
}
