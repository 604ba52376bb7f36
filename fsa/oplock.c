/* fsa/oplock.c - oplocks and leases in the core. */
#include "fsa/oplock.h"

#include "db/db.h"
#include "fsa/dir_lease.h"
#include "fsa/quiet.h"
#include "fsa/kernel_oplock.h"
#include "fsa/share.h"
#include "lib/log.h"
#include "lib/nttime.h"
#include "locking/brlock.h"
#include "locking/locking.h"
#include "messaging/messaging.h"

static struct share_modes *modes_of(const struct fsa_server *s)
{
	return s->params.locking->share_modes;
}

/* --- telling holders ------------------------------------------------------ */

static void tell_here(const struct fsa_server *s,
		      const struct grant_break_message *m)
{
	if (s->params.on_break == NULL) {
		return;
	}
	s->params.on_break(s->params.private_data,
			   &(struct fsa_break){
				   .lease = (m->flags & GRANT_LEASE) != 0,
				   .v2 = (m->flags & GRANT_LEASE_V2) != 0,
				   .answer = m->answer,
				   .open_id = m->open_id,
				   .client = m->client,
				   .key = m->key,
				   .from = m->from,
				   .to = m->to,
				   .epoch = (uint16_t)m->epoch,
			   });
}

static void send(struct fsa_server *s, const struct fsa_tell *t)
{
	uint8_t buf[64];
	struct blob payload = {.data = buf};
	NTSTATUS status;

	if (server_id_equal(&t->owner, messaging_id(s->params.messaging))) {
		tell_here(s, &t->message);
		return;
	}
	status = grant_break_message_push_buf(&t->message, buf, sizeof(buf),
					      &payload.length);
	if (NT_STATUS_IS_OK(status)) {
		status = messaging_send(s->params.messaging, &t->owner,
					MSG_GRANT_BREAK, payload);
	}
	/* Who is not told does not answer, and loses it in the end. */
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "a holder of an oplock is not told: %s",
			 ntstatus_name(status));
	}
}

/* Under a record's lock: to be sent when that is let go. */
static void tell(const struct server_id *owner,
		 const struct grant_break_message *m, void *private_data)
{
	struct fsa_server *s = private_data;
	struct fsa_tell *more =
		talloc_realloc(s, s->tells, struct fsa_tell, s->num_tells + 1);

	if (more == NULL) {
		LOG_WARN(LOG_FSA,
			 "a holder of an oplock is not told: no memory");
		return;
	}
	s->tells = more;
	more[s->num_tells++] =
		(struct fsa_tell){.owner = *owner, .message = *m};
}

NTSTATUS oplock_do_locked(struct fsa_server *s, const struct file_id *id,
			  share_mode_fn fn, void *private_data)
{
	NTSTATUS status =
		share_mode_do_locked(modes_of(s), id, fn, private_data);

	for (size_t i = 0; i < s->num_tells; i++) {
		send(s, &s->tells[i]);
	}
	s->num_tells = 0;
	TALLOC_FREE(s->tells);
	return status;
}

struct grant_breaker oplock_breaker(struct fsa_server *s)
{
	return (struct grant_breaker){
		.tell = tell,
		.private_data = s,
		.now = nttime_monotonic(),
		.patience = (NTTIME)s->params.break_wait * NTTIME_SECOND,
	};
}

static void told(struct messaging_context *m, struct message *msg,
		 void *private_data)
{
	const struct fsa_server *s = private_data;
	struct grant_break_message in;

	if (NT_STATUS_IS_OK(
		    grant_break_message_pull(NULL, msg->payload, &in))) {
		tell_here(s, &in);
	}
}

NTSTATUS oplock_listen(struct fsa_server *s)
{
	struct messaging_handler *handler;

	return messaging_register(s, s->params.messaging, MSG_GRANT_BREAK, told,
				  s, &handler);
}

/* --- waiting -------------------------------------------------------------- */

struct break_wait {
	struct fsa_io *io;
	struct tevent_req *watch;
};

static void end_wait(struct break_wait *w, NTSTATUS status)
{
	struct fsa_io *io = w->io;

	talloc_free(w->watch);
	talloc_free(w);
	io->state = NULL;
	io->cancel = NULL;
	io->volume->server->env.done(io, status);
}

static void woken(struct tevent_req *req)
{
	/* Whatever it was: look again. */
	end_wait(tevent_req_callback_data(req, struct break_wait),
		 NT_STATUS_OK);
}

static void wait_cancel(struct fsa_io *io)
{
	end_wait(io->state, NT_STATUS(CANCELLED));
}

NTSTATUS oplock_wait(struct fsa_io *io, struct tevent_req *watch, NTTIME until)
{
	struct fsa_server *s = io->volume->server;
	struct break_wait *w = talloc_zero(io->volume, struct break_wait);
	NTTIME now = nttime_monotonic();
	uint32_t usec = until > now ? (uint32_t)((until - now) / 10) : 0;

	if (w == NULL || watch == NULL ||
	    !tevent_req_set_endtime(
		    watch, s->env.ev,
		    tevent_timeval_current_ofs(usec / 1000000,
					       usec % 1000000 + 1000))) {
		talloc_free(w);
		talloc_free(watch);
		return NT_STATUS(NO_MEMORY);
	}
	w->io = io;
	w->watch = watch;
	tevent_req_set_callback(watch, woken, w);
	io->state = w;
	io->cancel = wait_cancel;
	return NT_STATUS(PENDING);
}

/* --- operations on opens -------------------------------------------------- */

static enum grant_op op_of_set_info(const struct fsa_set_info *in)
{
	switch ((int)in->info_class) {
	case FileEndOfFileInformation:
	case FileAllocationInformation:
		return GRANT_OP_WRITE;
	case FileRenameInformation:
	case FileRenameInformationEx:
	case FileLinkInformation:
	case FileShortNameInformation:
		return GRANT_OP_RENAME;
	case FileDispositionInformation:
	case FileDispositionInformationEx:
		return (in->u.disposition & FILE_DISPOSITION_DELETE) != 0
			       ? GRANT_OP_DELETE
			       : GRANT_OPS;
	default:
		return GRANT_OPS;
	}
}

static enum grant_op op_of_fsctl(uint32_t code)
{
	switch (code) {
	case FSCTL_SET_ZERO_DATA:
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE:
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX:
	case FSCTL_FILE_LEVEL_TRIM:
	case FSCTL_OFFLOAD_WRITE:
		return GRANT_OP_WRITE;
	case FSCTL_OFFLOAD_READ:
		return GRANT_OP_READ;
	default:
		return GRANT_OPS;
	}
}

/* What io is to those who cache its file; GRANT_OPS: nothing. */
static enum grant_op op_of(const struct fsa_io *io)
{
	switch (io->op) {
	case FSA_READ:
	case FSA_FLUSH:
		return GRANT_OP_READ;
	case FSA_WRITE:
	case FSA_COPY:
		return GRANT_OP_WRITE;
	case FSA_LOCK:
		return io->u.lock.unlock ? GRANT_OPS : GRANT_OP_WRITE;
	case FSA_SET_INFO:
		return op_of_set_info(&io->u.set_info);
	case FSA_SET_SECURITY:
		return GRANT_OP_SECURITY;
	case FSA_FSCTL:
		return io->file != NULL ? op_of_fsctl(io->u.fsctl.code)
					: GRANT_OPS;
	default:
		return GRANT_OPS;
	}
}

static uint32_t rights_of_set_info(const struct fsa_set_info *in)
{
	switch ((int)in->info_class) {
	case FileEndOfFileInformation:
	case FileAllocationInformation:
		return FILE_WRITE_DATA;
	case FileLinkInformation:
		return 0;
	default:
		return DELETE_ACCESS;
	}
}

/* One of which io has to have; 0: that is not so simple. */
static uint32_t rights_of(const struct fsa_io *io)
{
	switch (io->op) {
	case FSA_READ:
		return FILE_READ_DATA | FILE_EXECUTE;
	case FSA_WRITE:
	case FSA_FLUSH:
		return FILE_WRITE_DATA | FILE_APPEND_DATA;
	case FSA_LOCK:
		return FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA;
	case FSA_SET_INFO:
		return rights_of_set_info(&io->u.set_info);
	default:
		return 0;
	}
}

/* Who is going to be refused breaks nothing: rights come first in all of
 * 2.1.5. */
static bool is_refused(const struct fsa_io *io)
{
	uint32_t any = rights_of(io);

	return any != 0 && !NT_STATUS_IS_OK(file_check_access(io->file, any));
}

struct gate {
	struct fsa_file *f;
	struct grant_actor actor; /* for f */
	enum grant_op op;
	bool watches;
	bool any; /* there were grants */
	struct tevent_req *watch;
	NTTIME until;
};

static NTSTATUS gate_locked(struct share_mode_lock *l, void *private_data)
{
	struct gate *g = private_data;
	struct fsa_server *s = g->f->volume->server;
	const struct grant_breaker b = oplock_breaker(s);
	NTSTATUS status = share_grant_break(l, g->op, &g->actor, &b, &g->until);

	if (NT_STATUS_IS_OK(status) && g->until != 0 && g->watches) {
		g->watch = share_mode_watch_send(g->f->volume, s->env.ev, l);
		status = g->watch == NULL ? NT_STATUS(NO_MEMORY) : status;
	}
	return status;
}

/* g->op by g->f on the file id. */
static NTSTATUS pass(struct gate *g, const struct file_id *id)
{
	struct fsa_server *s = g->f->volume->server;
	NTSTATUS status = share_grant_peek(modes_of(s), id, &g->any);

	return NT_STATUS_IS_OK(status) && g->any
		       ? oplock_do_locked(s, id, gate_locked, g)
		       : status;
}

/* What is done to a directory itself: H may be in the way.  What is in it is
 * dir_lease.c's. */
static bool is_of_directory(enum grant_op op)
{
	return op == GRANT_OP_RENAME || op == GRANT_OP_DELETE ||
	       op == GRANT_OP_SECURITY;
}

static NTSTATUS gate_id(struct fsa_io *io, struct gate *g,
			const struct file_id *id)
{
	NTSTATUS status = pass(g, id);

	return NT_STATUS_IS_OK(status) && g->watch != NULL
		       ? oplock_wait(io, g->watch, g->until)
		       : status;
}

/* What must be known of the file for op to go on at once. */
static uint8_t quiet_for(enum grant_op op)
{
	switch ((int)op) {
	case GRANT_OP_READ:
		return QUIET_READ;
	case GRANT_OP_WRITE:
		return QUIET_OTHERS | QUIET_OWN;
	default:
		return 0;
	}
}

/* What is known after g has been passed without having to wait. */
static uint8_t quiet_after(const struct gate *g)
{
	return !g->any || g->op == GRANT_OP_WRITE
		       ? QUIET_READ | QUIET_OTHERS | QUIET_OWN
		       : QUIET_READ;
}

static NTSTATUS gate_file(struct fsa_io *io, struct fsa_file *f,
			  enum grant_op op)
{
	uint8_t needed = quiet_for(op);
	struct gate g;
	NTSTATUS status;

	if (f->node->directory
		    ? !is_of_directory(op) ||
			      !share_grant_has_directory(
				      modes_of(f->volume->server), &f->id)
		    : needed != 0 && quiet_is(f, needed)) {
		return NT_STATUS_OK;
	}
	g = (struct gate){
		.f = f, .actor = oplock_actor(f), .op = op, .watches = true};
	status = gate_id(io, &g, &f->id);
	if (NT_STATUS_IS_OK(status) && needed != 0) {
		quiet_note(f, quiet_after(&g));
	}
	return status;
}

NTSTATUS oplock_give_way(struct fsa_io *io, const struct file_id *id)
{
	struct gate g = {.f = io->file,
			 .actor = oplock_actor(io->file),
			 .op = GRANT_OP_RENAME,
			 .watches = true};
	NTSTATUS status = gate_id(io, &g, id);

	io->at_gate = NT_STATUS_IS(status, PENDING);
	return status;
}

NTSTATUS oplock_gate(struct fsa_io *io)
{
	enum grant_op op = op_of(io);
	NTSTATUS status = NT_STATUS_OK;

	if (op == GRANT_OPS || is_refused(io)) {
		return status;
	}
	if (io->op == FSA_COPY) {
		status = gate_file(io, io->u.copy.source, GRANT_OP_READ);
	}
	return NT_STATUS_IS_OK(status) ? gate_file(io, io->file, op) : status;
}

/* op by actor has been done: who has got something meanwhile is told, too.  He
 * can have no more than READ beside f, so nobody waits. */
static void after(struct fsa_file *f, struct grant_actor actor,
		  enum grant_op op)
{
	struct gate g = {.f = f, .actor = actor, .op = op};
	NTSTATUS status = pass(&g, &f->id);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: who caches it is not told: %s", f->name,
			 ntstatus_name(status));
	}
}

void oplock_done(struct fsa_io *io)
{
	struct fsa_file *f = io->file;

	if (op_of(io) == GRANT_OP_WRITE && !f->node->directory &&
	    !quiet_is(f, QUIET_OTHERS)) {
		after(f, oplock_actor(f), GRANT_OP_WRITE);
	}
}

void oplock_overwritten(struct fsa_file *f)
{
	if (!quiet_is(f, QUIET_OTHERS)) {
		after(f, oplock_actor(f), GRANT_OP_OVERWRITE);
	}
}

/* --- CREATE --------------------------------------------------------------- */

#define STAT_ACCESS (FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE)

enum grant_op oplock_of_create(uint32_t access, bool overwrites)
{
	if (overwrites) {
		return GRANT_OP_OVERWRITE;
	}
	if ((access & ~(uint32_t)STAT_ACCESS) == 0) {
		return GRANT_OPS;
	}
	return (access & ~(uint32_t)(STAT_ACCESS | READ_CONTROL)) == 0
		       ? GRANT_OP_CONTROL
		       : GRANT_OP_OPEN;
}

struct grant_actor oplock_actor(const struct fsa_file *f)
{
	return (struct grant_actor){.open_id = f->open_id,
				    .client = f->lease_client,
				    .key = f->lease_key};
}

/* [MS-SMB2] 3.3.4.7 knows of leases of version 2 on directories. */
bool oplock_may_lease(const struct fsa_file *f,
		      const struct fsa_caching_request *want)
{
	return want->lease &&
	       (!f->node->directory || (want->v2 && want->directories &&
					dir_lease_is_possible(f->volume)));
}

NTSTATUS oplock_prepare(struct fsa_file *f, const struct fsa_create *c,
			struct grant_request *out, bool *out_any)
{
	const struct fsa_caching_request *want = &c->caching_wanted;
	struct fsa_server *s = f->volume->server;
	struct file_id other;
	NTSTATUS status = NT_STATUS_OK;
	bool locked = false;

	(void)quiet_is(f, 0);
	*out_any = oplock_may_lease(f, want) ||
		   (!want->lease && !f->node->directory && want->state != 0);
	if (want->lease) {
		status = share_grant_find_lease(modes_of(s), &want->client,
						&want->key, &other);
		if (NT_STATUS_IS_OK(status) && !file_id_equal(&other, &f->id)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		f->lease_client = want->client;
		f->lease_key = want->key;
		f->parent_key = want->parent_key;
	}
	if (!*out_any) {
		return NT_STATUS_OK;
	}
	status = brlock_is_any(s->params.locking->brlocks, &f->id, &locked);
	if (NT_STATUS_IS_OK(status) && !locked) {
		quiet_note(f, QUIET_LOCKS);
	}
	*out = (struct grant_request){
		.lease = want->lease,
		.v2 = want->v2,
		.wanted = want->state,
		.client = want->client,
		.key = want->key,
		.parent_key = want->parent_key,
		.epoch = want->epoch,
		.locked = locked,
		.directory = f->node->directory,
	};
	return status;
}

NTSTATUS oplock_check_new(struct fsa_server *s, const struct fsa_create *c)
{
	const struct fsa_caching_request *want = &c->caching_wanted;
	struct file_id other;
	NTSTATUS status;

	if (!want->lease) {
		return NT_STATUS_OK;
	}
	status = share_grant_find_lease(modes_of(s), &want->client, &want->key,
					&other);
	if (NT_STATUS_IS_OK(status)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
}

/* What is known of the file's grants by having entered its record. */
static uint8_t quiet_by_entering(enum grant_op op)
{
	switch ((int)op) {
	case GRANT_OP_OPEN:
		return QUIET_READ;
	case GRANT_OP_OVERWRITE:
		return QUIET_READ | QUIET_OTHERS;
	default:
		return 0;
	}
}

void oplock_entered(struct fsa_file *f, enum grant_op op,
		    const struct grant_request *asked,
		    const struct grant_answer *got)
{
	struct brlocks *locks = f->volume->server->params.locking->brlocks;
	bool locked = true;
	NTSTATUS status;

	quiet_note(f, quiet_by_entering(op));
	if (asked == NULL || got->state == 0) {
		return;
	}
	quiet_raise(f, 0);
	if (asked->locked || quiet_is(f, QUIET_LOCKS)) {
		return;
	}
	/* Somebody may have got locks after oplock_prepare(): then nobody
	 * caches, f neither. */
	status = brlock_is_any(locks, &f->id, &locked);
	if (locked || !NT_STATUS_IS_OK(status)) {
		after(f, (struct grant_actor){0}, GRANT_OP_WRITE);
	}
}

/* --- answers -------------------------------------------------------------- */

struct answer {
	struct fsa_server *server;
	struct grant_actor of;
	uint8_t state;
};

static NTSTATUS answer_locked(struct share_mode_lock *l, void *private_data)
{
	const struct answer *a = private_data;
	const struct grant_breaker b = oplock_breaker(a->server);

	return share_grant_answer(l, &a->of, a->state, &b);
}

NTSTATUS fsa_oplock_answer(struct fsa_file *f, uint8_t state)
{
	struct answer a = {.server = f->volume->server,
			   .of = {.open_id = f->open_id},
			   .state = state};
	NTSTATUS status;

	/* What is left may be one of level II: its own writes break it. */
	quiet_forget(f);
	status = oplock_do_locked(a.server, &f->id, answer_locked, &a);
	if (NT_STATUS_IS_OK(status)) {
		kernel_oplock_keep(f, state);
	}
	return status;
}

NTSTATUS fsa_lease_answer(struct fsa_server *s, const struct guid *client,
			  const struct guid *key, uint8_t state)
{
	struct answer a = {.server = s,
			   .of = {.client = *client, .key = *key},
			   .state = state};
	struct file_id id;
	NTSTATUS status = share_grant_find_lease(modes_of(s), client, key, &id);

	return NT_STATUS_IS_OK(status)
		       ? oplock_do_locked(s, &id, answer_locked, &a)
		       : status;
}
