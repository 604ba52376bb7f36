/* fsa/kernel_oplock.c - oplocks that local programs break.
 *
 *   take         the lease, before the oplock is asked for
 *   local_open   somebody opens the file: the client is asked to give it up
 *   too_late     he has not answered: he has lost it
 *   keep         the oplock has become less: the lease goes */
#include "fsa/kernel_oplock.h"

#include "fsa/oplock.h"
#include "lib/log.h"

/* The kernel tells nobody when a lease goes: how often to try again. */
#define TRY_AGAIN_USEC 50000

struct kernel_oplock {
	struct fsa_file *file;
	struct tevent_timer *timer; /* NULL: nobody waits */
};

static void release(struct fsa_file *f)
{
	NTSTATUS status = driver_of(f)->hold_off(f->node, NULL, NULL);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: local programs are still held off: %s",
			 f->name, ntstatus_name(status));
	}
	TALLOC_FREE(f->kernel_oplock);
}

/* --- breaking ------------------------------------------------------------- */

struct call {
	struct fsa_server *server;
	NTTIME until;
};

static NTSTATUS break_locked(struct share_mode_lock *l, void *private_data)
{
	struct call *c = private_data;
	const struct grant_breaker b = oplock_breaker(c->server);
	const struct grant_actor somebody = {0};

	return share_grant_break(l, GRANT_OP_OVERWRITE, &somebody, &b,
				 &c->until);
}

static void too_late(struct tevent_context *ev, struct tevent_timer *timer,
		     struct timeval now, void *private_data);

/* Until the client has answered, or his time is over. */
static void give_up(struct kernel_oplock *k)
{
	struct fsa_file *f = k->file;
	struct call c = {.server = f->volume->server};
	NTSTATUS status = oplock_do_locked(c.server, &f->id, break_locked, &c);
	NTTIME now = oplock_breaker(c.server).now;
	uint64_t usec = c.until > now ? (c.until - now) / 10 + 1000 : 1000;

	TALLOC_FREE(k->timer);
	if (NT_STATUS_IS_OK(status) && c.until != 0) {
		k->timer = tevent_add_timer(
			c.server->env.ev, k,
			tevent_timeval_current_ofs((uint32_t)(usec / 1000000),
						   (uint32_t)(usec % 1000000)),
			too_late, k);
	}
	if (k->timer == NULL) {
		release(f);
	}
}

static void too_late(struct tevent_context *ev, struct tevent_timer *timer,
		     struct timeval now, void *private_data)
{
	struct kernel_oplock *k = private_data;

	k->timer = NULL; /* it is freed by its caller */
	give_up(k);
}

static void local_open(void *private_data)
{
	struct fsa_file *f = private_data;

	if (f->kernel_oplock != NULL && f->kernel_oplock->timer == NULL) {
		give_up(f->kernel_oplock);
	}
}

/* --- having one ----------------------------------------------------------- */

bool kernel_oplock_take(struct fsa_file *f, struct grant_request *want)
{
	struct kernel_oplock *k;

	if (!f->volume->kernel_oplocks) {
		return true;
	}
	if ((want->wanted & GRANT_WRITE) == 0 ||
	    driver_of(f)->hold_off == NULL) {
		return false;
	}
	want->exclusive = true;
	if (f->stream != NULL) {
		return true;
	}
	k = talloc_zero(f, struct kernel_oplock);
	if (k == NULL ||
	    !NT_STATUS_IS_OK(driver_of(f)->hold_off(f->node, local_open, f))) {
		talloc_free(k);
		return false;
	}
	k->file = f;
	f->kernel_oplock = k;
	return true;
}

void kernel_oplock_keep(struct fsa_file *f, uint8_t state)
{
	if (f->kernel_oplock != NULL && (state & GRANT_WRITE) == 0) {
		release(f);
	}
}

/* --- standing before one -------------------------------------------------- */

NTSTATUS kernel_oplock_wait(struct fsa_io *io)
{
	struct fsa_server *s = io->volume->server;
	struct tevent_req *timer = tevent_wakeup_send(
		io->volume, s->env.ev,
		tevent_timeval_current_ofs(0, TRY_AGAIN_USEC));

	return oplock_wait(io, timer,
			   oplock_breaker(s).now + 20 * TRY_AGAIN_USEC);
}
