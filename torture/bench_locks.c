/* torture/bench_locks.c - locks: a byte-range lock and its unlock, in a file
 * in which another client has so many locks already. */
#include "torture/bench.h"

#define FILE_NAME	"torture-bench-locks"
#define AT_A_TIME	100u /* locks of one request */
#define STRIDE		16u  /* each held lock is the first byte of so many */
#define NOW		(SMB2_LOCKFLAG_EXCLUSIVE_LOCK | SMB2_LOCKFLAG_FAIL_IMMEDIATELY)
#define SCATTER		7919u /* a prime: neighbours follow one another seldom */
#define AT_LEAST_ONE(n) ((n) > 0 ? (n) : 1)

struct locks {
	struct cli_tree *other; /* who holds the locks */
	struct smb2_file_id held;
	struct smb2_file_id id; /* on b->tree */
};

/* Holds b->locks locks. */
static void hold(struct bench *b, struct locks *s)
{
	struct smb2_lock_element e[AT_A_TIME];

	for (unsigned int i = 0; i < b->locks;) {
		uint16_t n = 0;

		while (n < AT_A_TIME && i < b->locks) {
			e[n++] = (struct smb2_lock_element){
				.offset = (uint64_t)i++ * STRIDE,
				.length = 1,
				.flags = NOW};
		}
		OK(cli_lock(s->other, s->held, e, n));
	}
}

static void locks_prepare(struct bench *b)
{
	struct locks *s = talloc_zero(b->t->mem, struct locks);

	CHECK(s != NULL);
	s->other = torture_tree(b->t);
	s->id = torture_open(b->t, b->tree, FILE_NAME, TORTURE_ALL,
			     FILE_OPEN_IF, 0);
	s->held = torture_open(b->t, s->other, FILE_NAME, TORTURE_ALL,
			       FILE_OPEN, 0);
	hold(b, s);
	b->state = s;
}

/* Between the held locks, here and there. */
static unsigned long locks_run(struct bench *b)
{
	struct locks *s = b->state;

	for (unsigned int i = 0; i < b->count; i++) {
		uint64_t place = (uint64_t)i * SCATTER % AT_LEAST_ONE(b->locks);
		struct smb2_lock_element e = {.offset = place * STRIDE + 1,
					      .length = STRIDE - 1,
					      .flags = NOW};

		OK(cli_lock(b->tree, s->id, &e, 1));
		e.flags = SMB2_LOCKFLAG_UNLOCK;
		OK(cli_lock(b->tree, s->id, &e, 1));
	}
	return b->count;
}

static void locks_finish(struct bench *b)
{
	struct locks *s = b->state;

	OK(torture_set_delete(b->tree, s->id, true));
	OK(cli_close(b->tree, s->id));
	OK(cli_close(s->other, s->held));
}

const struct bench_kind bench_locks[] = {
	{"locks", "pair", "lock and unlock bytes of a file with --locks locks",
	 10000, false, locks_prepare, locks_run, locks_finish},
	{0},
};
