/* locking/tests/kill_test.c - children killed at work: the databases stay
 * whole, what the living hold stays, what the dead left goes. */
#include "locking/tests/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "db/db.h"
#include "lib/nt.h"
#include "locking/open_store.h"
#include "locking/share_mode.h"

#define ROUNDS	 60
#define CHILDREN 3
#define FILES	 5

struct held {
	struct share_mode_entry entry;
	bool add;
};

static NTSTATUS add_or_remove(struct share_mode_lock *l, void *private_data)
{
	const struct held *h = private_data;
	NTSTATUS status;

	if (!h->add) {
		return share_mode_remove(l, h->entry.open_id);
	}
	status = share_mode_check(l, h->entry.access, h->entry.share, 0);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return share_mode_add(l, &h->entry, "/srv", "file");
}

static NTSTATUS change(struct fixture *f, uint64_t inode, uint64_t open_id,
		       bool add)
{
	const struct file_id id = {.device = 1, .inode = inode};
	struct held h = {.entry = {.owner = *messaging_id(f->m),
				   .open_id = open_id,
				   .access = FILE_READ_DATA,
				   .share = FILE_SHARE_READ},
			 .add = add};

	return share_mode_do_locked(f->l->share_modes, &id, add_or_remove, &h);
}

static void must(NTSTATUS status, const char *what)
{
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s: %s\n", what, ntstatus_name(status));
		_exit(1);
	}
}

/* Opens and closes for ever, as a child of the server does. */
static void work(struct fixture *f, unsigned int seed)
{
	struct open_record rec = {.owner = *messaging_id(f->m),
				  .share_name = "files",
				  .user_sid = sid_unix_user(1),
				  .name = "a name"};

	for (;;) {
		uint64_t inode = (uint64_t)rand_r(&seed) % FILES;

		must(open_store_create(f->l->opens, &rec), "create");
		must(change(f, inode, rec.id, true), "add");
		must(change(f, inode, rec.id, false), "remove");
		must(open_store_remove(f->l->opens, rec.id), "forget");
	}
}

static bool is_mine(const struct open_record *rec, void *private_data)
{
	fail_msg("an open record is left");
	return true;
}

static bool has_mine(const struct share_mode_info *info, void *private_data)
{
	struct fixture *f = private_data;

	assert_int_equal(info->summary.num_entries, 1);
	assert_true(
		server_id_equal(&info->entries[0].owner, messaging_id(f->m)));
	return true;
}

static void kill_round(struct fixture *f, unsigned int round)
{
	pid_t pids[CHILDREN];
	unsigned int i;
	int wstatus;

	for (i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			fixture_become_server(f);
			work(f, round * CHILDREN + i);
		}
	}
	usleep(4000 + round * 31);
	for (i = 0; i < CHILDREN; i++) {
		kill(pids[i], SIGKILL);
		assert_int_equal(waitpid(pids[i], &wstatus, 0), pids[i]);
		assert_true(WIFSIGNALED(wstatus));
		locking_process_died(f->l, (uint32_t)pids[i], true);
	}
}

static void test_killed_at_work(void **state)
{
	struct fixture *f = *state;
	unsigned int round;
	uint64_t i;

	for (i = 0; i < FILES; i++) {
		assert_ok(change(f, i, 1000 + i, true));
	}
	for (round = 0; round < ROUNDS; round++) {
		kill_round(f, round);
		assert_ok(open_store_traverse(f->l->opens, is_mine, NULL));
		assert_ok(share_mode_traverse(f->l->share_modes, has_mine, f));
	}
	for (i = 0; i < FILES; i++) {
		assert_ok(change(f, i, 1000 + i, false));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_killed_at_work, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
