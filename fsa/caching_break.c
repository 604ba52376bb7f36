/* fsa/caching_break.c - an oplock or lease that is broken because somebody says
 * so. */
#include "fsa/oplock.h"

struct call {
	struct fsa_file *f;
	uint8_t state;
};

static NTSTATUS break_locked(struct share_mode_lock *l, void *private_data)
{
	const struct call *c = private_data;
	const struct grant_breaker b = oplock_breaker(c->f->volume->server);

	return share_grant_break_to(l, c->f->open_id, c->state, &b);
}

NTSTATUS fsa_caching_break(struct fsa_file *f, uint8_t state)
{
	struct call c = {.f = f, .state = state};

	return oplock_do_locked(f->volume->server, &f->id, break_locked, &c);
}
