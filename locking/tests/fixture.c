/* locking/tests/fixture.c - the databases in a private folder. */
#include "locking/tests/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int fixture_setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	strcpy(f->dir, "/tmp/hf-lock-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->ev = tevent_context_init(f);
	assert_ok(messaging_create(f, f->ev, f->dir, &f->m));
	assert_ok(locking_open(f, f->dir, f->m, false, &f->l));
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	static const char *const names[] = {"client",
					    "session",
					    "tree",
					    "open",
					    "name",
					    "share_mode",
					    "share_mode.moving",
					    "share_page",
					    "share_page.moving",
					    "lease",
					    "brlock",
					    "brlock.moving",
					    "brlock_page",
					    "brlock_page.moving"};
	struct fixture *f = *state;
	char dir[32], path[64];
	size_t i;

	strcpy(dir, f->dir);
	messaging_sweep(f->m);
	talloc_free(f);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s.tdb", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/notify.board", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/lease.board", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/file.board", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/making.board", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/name.board", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/msg", dir);
	return rmdir(path) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

void fixture_become_server(struct fixture *f)
{
	alarm(30);
	if (tevent_re_initialise(f->ev) != 0 ||
	    !NT_STATUS_IS_OK(messaging_reinit(f->m)) ||
	    !NT_STATUS_IS_OK(locking_reopen_after_fork(f->l))) {
		_exit(99);
	}
}

pid_t fixture_fork(struct fixture *f, void (*fn)(struct fixture *f),
		   struct server_id *out_id)
{
	int p[2];
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		fixture_become_server(f);
		fn(f);
		if (write(p[1], messaging_id(f->m), sizeof(*out_id)) == -1) {
			_exit(1);
		}
		sleep(30);
		_exit(0);
	}
	close(p[1]);
	assert_int_equal(read(p[0], out_id, sizeof(*out_id)), sizeof(*out_id));
	close(p[0]);
	return pid;
}

void fixture_kill(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
