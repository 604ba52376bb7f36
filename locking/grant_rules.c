/* locking/grant_rules.c - what an operation does to what others may cache. */
#include "locking/grant_rules.h"

#include "lib/assert.h"

/* What goes: BreakCacheState of [MS-FSA] 2.1.4.12, and for oplocks
 * BreakToTwo and BreakToNone. */
static const struct {
	uint8_t lease;
	uint8_t oplock;
	bool to_none; /* an oplock that loses any of it loses all */
} gone[GRANT_OPS] = {
	[GRANT_OP_OPEN] = {.lease = GRANT_WRITE,
			   .oplock = GRANT_WRITE | GRANT_HANDLE},
	[GRANT_OP_CONTROL] = {.lease = 0, .oplock = GRANT_WRITE | GRANT_HANDLE},
	[GRANT_OP_OVERWRITE] = {.lease = GRANT_ALL, .oplock = GRANT_ALL},
	[GRANT_OP_SHARE] = {.lease = GRANT_HANDLE, .oplock = GRANT_HANDLE},
	[GRANT_OP_READ] = {.lease = GRANT_WRITE,
			   .oplock = GRANT_WRITE | GRANT_HANDLE},
	[GRANT_OP_WRITE] = {.lease = GRANT_ALL, .oplock = GRANT_ALL},
	[GRANT_OP_RENAME] = {.lease = GRANT_HANDLE,
			     .oplock = GRANT_HANDLE,
			     .to_none = true},
	[GRANT_OP_DELETE] = {.lease = GRANT_HANDLE, .oplock = 0},
	[GRANT_OP_SECURITY] = {.lease = GRANT_HANDLE, .oplock = 0},
	[GRANT_OP_CHILD] = {.lease = GRANT_ALL, .oplock = GRANT_ALL},
};

/* An oplock is broken to level II or to none: an exclusive one has no HANDLE to
 * lose, a batch oplock loses WRITE with it. */
static uint8_t oplock_target(uint8_t state, uint8_t go)
{
	uint8_t target = state & (uint8_t)~go;

	if (target != state) {
		target &= GRANT_READ;
	}
	return target;
}

struct grant_effect grant_effect(enum grant_op op, uint8_t state, bool lease)
{
	struct grant_effect e = {.target = state};
	uint8_t go;

	ASSERT(op < GRANT_OPS);
	go = lease ? gone[op].lease : gone[op].oplock;
	if ((state & go) == 0) {
		return e;
	}
	e.target = lease ? state & (uint8_t)~go : oplock_target(state, go);
	if (!lease && gone[op].to_none) {
		e.target = 0;
	}
	/* Who only reads has nothing to give back. */
	e.answer = (state & (GRANT_WRITE | GRANT_HANDLE)) != 0;
	/* Handles are waited for only when it is they that are in the way. */
	e.wait = (state & go & GRANT_WRITE) != 0 ||
		 ((state & GRANT_HANDLE) != 0 && go == GRANT_HANDLE);
	return e;
}

uint8_t grant_allowed(uint8_t wanted, bool lease,
		      const struct grant_others *others)
{
	uint8_t state = wanted;

	if (others->locked) {
		state &= (uint8_t) ~(GRANT_READ | GRANT_HANDLE | GRANT_WRITE);
	}
	if (others->deleted) {
		state &= (uint8_t)~GRANT_HANDLE;
	}
	if (others->opens || others->leases != 0 || others->oplocks != 0) {
		state &= (uint8_t)~GRANT_WRITE;
		if (!lease) {
			state &= GRANT_READ;
		}
	}
	/* 2.1.5.18.2: no level II oplock beside leases with HANDLE, and no
	 * lease with HANDLE beside level II oplocks. */
	if (!lease && (others->leases & GRANT_HANDLE) != 0) {
		state = 0;
	}
	if (lease && others->oplocks != 0) {
		state &= (uint8_t)~GRANT_HANDLE;
	}
	if (((others->leases | others->oplocks) & GRANT_WRITE) != 0) {
		state = 0;
	}
	return (state & GRANT_READ) != 0 ? state : 0;
}
