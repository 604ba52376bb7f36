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
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "torture/features.h"
#include "torture/run.h"

#define CLIENTS	   3u
#define LATE_MS	   5000u
#define ROUND_MS   400u
#define STOPPED_MS 15000u
#define TORN_MAX   1000 /* reads that meet a write */

enum how {
	ALONE,
	TOGETHER,
	KILLED
};

/* How the clients are bent, to see that it is seen. */
struct bent {
	uint32_t cache;	      /* CLI_CACHE_KEEPS_... */
	bool half;	      /* every tenth record is written by half */
	unsigned int late_ms; /* 0: LATE_MS */
};

/* One process. */
struct client {
	struct torture *t;
	struct board *board;
	struct cli_conn *conn;
	struct cli_cache *cache;
	const char *name;
	unsigned int number;
	uint64_t random;
	struct bent bent;
	/* Together, a file for reading and one for writing too, with a lease
	 * each: the highest version of each record that was seen there. */
	uint64_t seen[2][RECORDS];
	unsigned long writes;
	unsigned int kills; /* before it began */
};

static unsigned long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long)ts.tv_sec * 1000 +
	       (unsigned long)ts.tv_nsec / 1000000;
}

static unsigned int below(struct client *c, unsigned int n)
{
	c->random = c->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(c->random >> 33) % n;
}

static uint64_t acked(const struct client *c, unsigned int number)
{
	return atomic_load(&c->board->records[number].acked);
}

/* --- one record ----------------------------------------------------------- */

/* Its version; 0: torn. */
static uint64_t read_record(struct client *c, struct cli_cached *f,
			    unsigned int number, uint32_t *out_state)
{
	struct record_place place = record_place(number);
	struct blob got = {0};
	uint64_t version;

	OK(cli_cached_read(c->t->mem, f, place.offset, place.size, &got,
			   out_state));
	EQUAL(got.length, place.size);
	version = record_version(number, got.data);
	talloc_free(got.data);
	return version;
}

static void write_version(struct client *c, struct cli_cached *f,
			  unsigned int number, uint64_t version)
{
	struct record_place place = record_place(number);
	bool half = c->bent.half && ++c->writes % 10 == 0;
	uint8_t bytes[RECORD_MAX];

	record_make(number, version, bytes);
	atomic_store(&c->board->records[number].issued, version);
	OK(cli_cached_write(f, place.offset, bytes,
			    half ? place.size / 2 : place.size));
}

static void write_record(struct client *c, struct cli_cached *f,
			 unsigned int number)
{
	struct record_state *r = &c->board->records[number];
	uint64_t version = atomic_load(&r->acked) + 1;

	write_version(c, f, number, version);
	atomic_store(&r->acked, version);
}

/* --- alone ---------------------------------------------------------------- */

/* NULL: the time is over. */
static struct cli_cached *open_alone(struct client *c, bool writes)
{
	uint32_t access = FILE_GENERIC_READ;
	struct cli_cached *f = NULL;
	NTSTATUS status;

	if (writes) {
		access |= FILE_GENERIC_WRITE;
	}
	while (!atomic_load(&c->board->stop)) {
		unsigned long start = now_ms();

		status = cli_cached_open(c->cache, c->name, access,
					 writes ? 0 : FILE_SHARE_READ, &f);
		board_took(c->board, now_ms() - start);
		if (!NT_STATUS_IS(status, SHARING_VIOLATION)) {
			OK(status);
			return f;
		}
		cli_wait_ms(c->t->ev, 1 + below(c, 3));
	}
	return NULL;
}

static void must_be_newest(struct client *c, struct cli_cached *f,
			   unsigned int number)
{
	uint64_t want = acked(c, number), got;
	uint32_t state;

	got = read_record(c, f, number, &state);
	if (got != want) {
		board_violation(c->board,
				"client %u, lease %u: record %u is %llu, not "
				"%llu (0: torn)",
				c->number, (unsigned)state, number,
				(unsigned long long)got,
				(unsigned long long)want);
	}
}

static void alone(struct client *c)
{
	bool writes = below(c, 3) == 0;
	struct cli_cached *f = open_alone(c, writes);

	if (f == NULL) {
		return;
	}
	for (unsigned int n = 1 + below(c, 12); n > 0; n--) {
		unsigned int number = below(c, RECORDS);

		must_be_newest(c, f, number);
		if (writes) {
			write_record(c, f, number);
		}
	}
	OK(cli_cached_close(f));
	/* Let others have it, or not. */
	if (below(c, 4) == 0) {
		cli_wait_ms(c->t->ev, below(c, 4));
	}
	cli_conn_catch_up(c->conn);
}

/* --- killed --------------------------------------------------------------- */

/* A version between what was acknowledged and what somebody began to write. */
static void must_be_possible(struct client *c, struct cli_cached *f,
			     unsigned int number, bool writes)
{
	struct record_state *r = &c->board->records[number];
	uint64_t floor = atomic_load(&r->acked), got;
	uint32_t state;

	got = read_record(c, f, number, &state);
	if (got < floor || got > atomic_load(&r->issued)) {
		board_violation(c->board,
				"client %u, lease %u: record %u is %llu (0: "
				"torn), not %llu or more",
				c->number, (unsigned)state, number,
				(unsigned long long)got,
				(unsigned long long)floor);
	}
	if (!writes) { /* the server has it */
		atomic_store(&r->acked, got);
	}
}

static void write_next(struct client *c, struct cli_cached *f,
		       unsigned int number)
{
	struct record_state *r = &c->board->records[number];

	write_version(c, f, number, atomic_load(&r->issued) + 1);
}

static void survive(struct client *c)
{
	bool writes = below(c, 2) == 0;
	struct cli_cached *f = open_alone(c, writes);
	unsigned int written[12], n = 0;

	if (f == NULL) {
		return;
	}
	for (unsigned int i = 1 + below(c, 12); i > 0; i--) {
		unsigned int number = below(c, RECORDS);

		must_be_possible(c, f, number, writes);
		if (writes) {
			write_next(c, f, number);
			written[n++] = number;
		}
	}
	if (writes && below(c, 2) == 0) {
		OK(cli_cached_flush(f));
		while (n > 0) {
			struct record_state *r =
				&c->board->records[written[--n]];

			atomic_store(&r->acked, atomic_load(&r->issued));
		}
	}
	OK(cli_cached_close(f));
	cli_conn_catch_up(c->conn);
}

/* --- together ------------------------------------------------------------- */

struct together {
	struct cli_cached *f;
	bool writes;
};

/* One look; true when what was seen is right, false when it may be late. */
static bool look(struct client *c, struct together *f, unsigned int number,
		 unsigned int tries)
{
	struct record_state *r = &c->board->records[number];
	uint64_t floor = atomic_load(&r->acked), got, ceiling;
	uint32_t state;
	uint64_t *seen = &c->seen[f->writes][number];
	bool read_alone;

	got = read_record(c, f->f, number, &state);
	ceiling = atomic_load(&r->issued);
	read_alone = (state & LEASE_RW) == LEASE_R;
	if (got >= floor && got >= *seen && got <= ceiling) {
		*seen = got;
		return true;
	}
	if (got == 0 && (read_alone || ceiling > floor) && tries < TORN_MAX) {
		return false; /* it is being written */
	}
	if (got != 0 && got < floor && got >= *seen && read_alone) {
		return false;
	}
	board_violation(c->board,
			"client %u, lease %u: record %u is %llu (0: torn); "
			"acknowledged %llu, issued %llu, seen %llu",
			c->number, (unsigned)state, number,
			(unsigned long long)got, (unsigned long long)floor,
			(unsigned long long)ceiling, (unsigned long long)*seen);
}

static void must_come(struct client *c, struct together *f, unsigned int number)
{
	unsigned int limit = c->bent.late_ms != 0 ? c->bent.late_ms : LATE_MS;
	unsigned long start = now_ms();
	unsigned int tries = 0;

	while (!look(c, f, number, tries)) {
		if (now_ms() - start > limit) {
			board_violation(c->board,
					"client %u: record %u is not seen "
					"%u ms after it was acknowledged",
					c->number, number, limit);
		}
		tries++;
		cli_wait_ms(c->t->ev, 1);
	}
	if (tries > 0) {
		atomic_fetch_add(&c->board->late, 1);
		board_late(c->board, now_ms() - start);
	}
}

static struct together open_together(struct client *c, bool writes)
{
	uint32_t access = FILE_GENERIC_READ;
	struct together f = {.writes = writes};

	if (writes) {
		access |= FILE_GENERIC_WRITE;
	}
	OK(cli_cached_open(c->cache, c->name, access, FILE_SHARE_ALL, &f.f));
	return f;
}

static void together(struct client *c)
{
	struct together f = open_together(c, below(c, 2) == 0);

	for (unsigned int n = 1 + below(c, 30); n > 0; n--) {
		unsigned int number = below(c, RECORDS);

		cli_conn_catch_up(c->conn);
		if (f.writes && number % CLIENTS == c->number) {
			write_record(c, f.f, number);
		}
		must_come(c, &f, number);
	}
	OK(cli_cached_close(f.f));
	if (below(c, 3) == 0) {
		cli_wait_ms(c->t->ev, below(c, 8));
	}
}

/* All processes have come here. */
static void meet(struct client *c, unsigned int *meetings)
{
	unsigned int want = ++*meetings * CLIENTS;

	atomic_fetch_add(&c->board->ready, 1);
	while (atomic_load(&c->board->ready) < want &&
	       !atomic_load(&c->board->violated)) {
		cli_wait_ms(c->t->ev, 1);
	}
}

/* Nobody writes: what is cached must be the newest, soon. */
static void all_must_come(struct client *c)
{
	for (int writes = 0; writes < 2; writes++) {
		struct together f = open_together(c, writes);

		for (unsigned int i = 0; i < RECORDS; i++) {
			must_come(c, &f, i);
		}
		OK(cli_cached_close(f.f));
	}
}

/* --- processes ------------------------------------------------------------ */

static void run_rounds(struct client *c, enum how how, unsigned long end)
{
	unsigned int meetings = 0;

	while (!atomic_load(&c->board->violated)) {
		unsigned long round_end = now_ms() + ROUND_MS;

		while (now_ms() < round_end && !atomic_load(&c->board->stop)) {
			how == ALONE ? alone(c) : together(c);
		}
		if (now_ms() >= end) {
			atomic_store(&c->board->stop, true);
		}
		meet(c, &meetings);
		if (how == TOGETHER) {
			all_must_come(c);
		}
		meet(c, &meetings);
		/* Seen by all or none: nobody stops between two meetings. */
		if (atomic_load(&c->board->stop)) {
			return;
		}
	}
}

static void run_on(struct client *c, unsigned long end)
{
	while (!atomic_load(&c->board->stop) && now_ms() < end) {
		survive(c);
	}
}

static void add_stats(struct client *c)
{
	struct cli_cache_stats s = cli_cache_stats(c->cache);
	struct board *b = c->board;

	atomic_fetch_add(&b->reads, s.reads);
	atomic_fetch_add(&b->reads_cached, s.reads_cached);
	atomic_fetch_add(&b->writes, s.writes);
	atomic_fetch_add(&b->writes_cached, s.writes_cached);
	atomic_fetch_add(&b->opens, s.opens);
	atomic_fetch_add(&b->opens_kept, s.opens_kept);
	atomic_fetch_add(&b->breaks, s.breaks);
}

static void client_main(struct client *c, enum how how, unsigned long end)
{
	struct torture t = *c->t;
	struct cli_cache_options options = {.lease = LEASE_RWH,
					    .bend = c->bent.cache};
	struct cli_tree *tree;

	t.mem = talloc_named_const(NULL, 0, "client");
	t.ev = tevent_context_init(t.mem);
	CHECK(t.ev != NULL);
	c->t = &t;
	tree = torture_tree(&t);
	c->conn = cli_tree_conn(tree);
	OK(cli_cache_open(tree, &options, &c->cache));
	if (how == KILLED) {
		run_on(c, end);
	} else {
		run_rounds(c, how, end);
	}
	OK(cli_cache_empty(c->cache));
	add_stats(c);
	fflush(stdout);
	_exit(TORTURE_EXIT_PASS);
}

static pid_t start_client(const struct client *model, unsigned int number,
			  enum how how, unsigned long end)
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
	client_main(&c, how, end);
	_exit(TORTURE_EXIT_FAIL);
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
static bool ended_well(struct board *board, pid_t pid)
{
	int status = -1;

	CHECK(waitpid(pid, &status, 0) == pid);
	if (status == 0) {
		return true;
	}
	atomic_store(&board->stop, true);
	atomic_store(&board->ready, UINT32_MAX / 2);
	return false;
}

/* One after the other, with what he holds; another begins in his place. */
static void kill_some(const struct client *model, pid_t *pids,
		      unsigned long end)
{
	struct client c = *model;

	c.random = c.t->options->seed;
	while (now_ms() < end && !atomic_load(&c.board->stop)) {
		unsigned int i = below(&c, CLIENTS);
		int status = 0;

		usleep(1000 * (20 + below(&c, 100)));
		CHECK(kill(pids[i], SIGKILL) == 0);
		CHECK(waitpid(pids[i], &status, 0) == pids[i]);
		if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
			FAIL("client %u has failed: %s", i, c.board->what);
		}
		c.kills++;
		pids[i] = start_client(&c, i, KILLED, end);
	}
	atomic_store(&c.board->kills, c.kills);
}

static struct board *run(struct torture *t, enum how how, struct bent bent,
			 unsigned int seconds)
{
	struct client model = {.t = t, .bent = bent};
	unsigned long end;
	pid_t pids[CLIENTS];
	struct board *b;
	bool good = true;

	b = model.board = prepare(t, &model.name);
	end = now_ms() + seconds * 1000UL;
	for (unsigned int i = 0; i < CLIENTS; i++) {
		pids[i] = start_client(&model, i, how, end);
	}
	if (how == KILLED) {
		kill_some(&model, pids, end);
	}
	for (unsigned int i = 0; i < CLIENTS; i++) {
		good = ended_well(b, pids[i]) && good;
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

	torture_note("%lu killed; an open took %lu ms at most", b->kills,
		     b->slowest_ms);
	if (b->violated) {
		FAIL("seed %u: %s", t->options->seed, b->what);
	}
	CHECK(b->kills > 0);
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
