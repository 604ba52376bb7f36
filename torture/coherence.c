/* torture/coherence.c - what is acknowledged is seen, and nothing is torn: N
 * processes, each with a cache under leases (client/cache.h), write and read
 * numbered records of one file, and a board in shared memory tells in which
 * order: a record's version is on it as issued before its write begins, and as
 * acknowledged when the write has returned, from the cache or the server.
 *
 * Alone: who writes shares the file with nobody, who reads with readers, so
 * that every change of hands waits for the break of a handle lease.  A reader
 * must see exactly the acknowledged version.
 *
 * Together: all is shared; each process writes the records that are its own.
 * With W, or from the server, a reader must see at least what was acknowledged
 * when it began.  With R alone a write by another does not wait for the holder
 * ([MS-FSA] 2.1.4.12): the break may be late, but has to come; so what is seen
 * must get right within LATE_MS.  After each round all that is cached has to.
 *
 * Killed: alone, but a version is acknowledged when it was flushed, or seen by
 * who only reads; and the processes are killed, with what they hold. */
#include "torture/coherence.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture/features.h"
#include "torture/run.h"

#define STOPPED_MS 15000u

static pid_t start_client(const struct client *model, unsigned int number,
			  unsigned long end)
{
	struct client c = *model;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid != 0) {
		CHECK(pid > 0);
		return pid;
	}
	c.number = number;
	c.random = (c.t->options->seed + c.kills + 1) * 0x9e3779b97f4a7c15u +
		   number;
	if (number != 0) {
		c.bent = (struct bent){.late_ms = c.bent.late_ms};
	}
	client_run(&c, end);
}

/* --- tests ---------------------------------------------------------------- */

/* The file, each record of version 1, and what is known of it. */
static struct board *prepare(struct torture *t, const char **out_name)
{
	struct cli_tree *tree = torture_tree(t);
	struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint8_t bytes[RECORD_MAX];
	struct smb2_file_id id;

	CHECK(board != MAP_FAILED);
	torture_needs_leases(tree);
	*out_name = torture_path(t, tree, "file");
	id = torture_open(t, tree, *out_name, TORTURE_ALL, FILE_CREATE, 0);
	for (unsigned int i = 0; i < RECORDS; i++) {
		struct record_place place = record_place(i);

		record_make(i, 1, bytes);
		OK(torture_write(tree, id, place.offset, bytes, place.size));
		atomic_store(&board->records[i].issued, 1);
		atomic_store(&board->records[i].acked, 1);
	}
	OK(cli_close(tree, id));
	talloc_free(cli_tree_conn(tree));
	return board;
}

/* How one of them has ended; the others need not wait for who has failed. */
static bool ended_well(const struct client *model, int status)
{
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
				  (model->how == KILLED &&
				   WEXITSTATUS(status) == CLIENT_EXIT_CUT))) {
		return true;
	}
	atomic_store(&model->board->stop, true);
	atomic_store(&model->board->ready, UINT32_MAX / 2);
	return false;
}

/* Another begins in the place of who is gone; false: he has failed. */
static bool replace(struct client *c, pid_t *pids, unsigned int i, int status,
		    unsigned long end)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (!killed && !ended_well(c, status)) {
		pids[i] = -1;
		return false;
	}
	c->kills++;
	pids[i] = start_client(c, i, end);
	return true;
}

/* One after the other, with what he holds; others may be cut off meanwhile. */
static bool kill_some(const struct client *model, pid_t *pids,
		      unsigned long end)
{
	struct client c = *model;
	bool good = true;
	int status = 0;

	c.random = c.t->options->seed;
	while (good && client_now_ms() < end && !atomic_load(&c.board->stop)) {
		unsigned int victim = client_below(&c, COHERENCE_CLIENTS);

		usleep(1000 * (20 + client_below(&c, 100)));
		CHECK(kill(pids[victim], SIGKILL) == 0);
		CHECK(waitpid(pids[victim], &status, 0) == pids[victim]);
		good = replace(&c, pids, victim, status, end);
		for (unsigned int i = 0; good && i < COHERENCE_CLIENTS; i++) {
			if (waitpid(pids[i], &status, WNOHANG) == pids[i]) {
				good = replace(&c, pids, i, status, end);
			}
		}
	}
	atomic_store(&c.board->kills, c.kills);
	return good;
}

static struct board *run(struct torture *t, enum how how, struct bent bent,
			 unsigned int seconds)
{
	struct client model = {.t = t, .how = how, .bent = bent};
	unsigned long end;
	pid_t pids[COHERENCE_CLIENTS];
	struct board *b;
	bool good = true;

	b = model.board = prepare(t, &model.name);
	end = client_now_ms() + seconds * 1000UL;
	for (unsigned int i = 0; i < COHERENCE_CLIENTS; i++) {
		pids[i] = start_client(&model, i, end);
	}
	if (how == KILLED) {
		good = kill_some(&model, pids, end);
	}
	for (unsigned int i = 0; i < COHERENCE_CLIENTS; i++) {
		int status = -1;

		good = waitpid(pids[i], &status, 0) == pids[i] &&
		       ended_well(&model, status) && good;
	}
	torture_note("seed %u: %lu reads, %lu of them cached; %lu writes sent, "
		     "%lu cached; %lu opens sent, %lu of kept handles; %lu "
		     "breaks; %lu looks came too early, by at most %lu ms",
		     t->options->seed, b->reads + b->reads_cached,
		     b->reads_cached, b->writes, b->writes_cached, b->opens,
		     b->opens_kept, b->breaks, b->late, b->longest_ms);
	if (!good && !b->violated) {
		FAIL("a client has failed");
	}
	return b;
}

static void must_hold(struct torture *t, enum how how)
{
	struct board *b = run(t, how, (struct bent){0}, t->options->seconds);

	if (b->violated) {
		FAIL("seed %u: %s", t->options->seed, b->what);
	}
	/* It was about caches. */
	CHECK(b->reads_cached > 100);
	CHECK(b->writes_cached > 0 || how == TOGETHER);
	CHECK(b->opens_kept > 0);
	CHECK(b->breaks > 0);
}

static void hands_change(struct torture *t)
{
	must_hold(t, ALONE);
}

static void hands_together(struct torture *t)
{
	must_hold(t, TOGETHER);
}

/* His connection ends with him, and all that he had: nobody waits for a break
 * to time out. */
static void hands_are_cut_off(struct torture *t)
{
	struct board *b = run(t, KILLED, (struct bent){0}, t->options->seconds);

	torture_note("%lu killed or cut off, %lu turns; an open took %lu ms at "
		     "most",
		     b->kills, b->turns, b->slowest_ms);
	if (b->violated) {
		FAIL("seed %u: %s", t->options->seed, b->what);
	}
	CHECK(b->kills > 0);
	CHECK(b->turns > 10);
	CHECK(b->slowest_ms < STOPPED_MS);
}

/* A client that does wrong is found out, mostly within a second. */
#define SEEN_SECONDS 25

static void must_be_seen(struct torture *t, enum how how, struct bent bent)
{
	struct board *b = run(t, how, bent, SEEN_SECONDS);

	torture_note("%s", b->what);
	CHECK(b->violated);
}

static void stale_is_seen(struct torture *t)
{
	must_be_seen(
		t, TOGETHER,
		(struct bent){.cache = CLI_CACHE_KEEPS_STALE, .late_ms = 500});
}

static void unwritten_is_seen(struct torture *t)
{
	must_be_seen(
		t, TOGETHER,
		(struct bent){.cache = CLI_CACHE_KEEPS_DIRTY, .late_ms = 500});
}

static void torn_is_seen(struct torture *t)
{
	must_be_seen(t, ALONE, (struct bent){.half = true});
}

const struct torture_test torture_coherence_tests[] = {
	{"coherence.hands_change",
	 "[MS-FSA] 2.1.4.12: who waits for a break sees all that was written",
	 hands_change, 60},
	{"coherence.together",
	 "[MS-FSA] 2.1.4.12: every write breaks what others have read",
	 hands_together, 60},
	{"coherence.hands_are_cut_off",
	 "[MS-SMB2] 3.3.7.1: who is gone holds nothing, and stops nobody",
	 hands_are_cut_off, 60},
	{"coherence.stale_is_seen", "a cache that keeps what it must drop",
	 stale_is_seen, 60},
	{"coherence.unwritten_is_seen", "a cache that keeps what it must write",
	 unwritten_is_seen, 60},
	{"coherence.torn_is_seen", "half a record is written", torn_is_seen,
	 60},
	{NULL, NULL, NULL, 0},
};
