/* locking/tests/fixture.h - the databases in a private folder. */
#ifndef LOCKING_TESTS_FIXTURE_H
#define LOCKING_TESTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <tevent.h>
#include <unistd.h>
#include <cmocka.h>

#include "locking/locking.h"
#include "messaging/messaging.h"

#define assert_ok(status)	assert_int_equal((status).v, 0)
#define assert_is(status, name) assert_int_equal((status).v, NT_STATUS(name).v)

struct fixture {
	char dir[32];
	struct tevent_context *ev;
	struct messaging_context *m;
	struct locking *l;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* In a forked child. */
void fixture_become_server(struct fixture *f);

/* Forks a server that runs fn, says so, and sleeps until it is killed; its id
 * comes back. */
pid_t fixture_fork(struct fixture *f, void (*fn)(struct fixture *f),
		   struct server_id *out_id);

/* kill -9, and waits for the end. */
void fixture_kill(pid_t pid);

#endif
