/* torture/coherence_client.c - one of the processes of torture/coherence.c:
 * what it writes, reads, and must see. */
#include "torture/coherence.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "torture/run.h"

#define LATE_MS	 5000u
#define ROUND_MS 400u
#define TORN_MAX 1000 /* reads that meet a write */

unsigned long client_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long)ts.tv_sec * 1000 +
	       (unsigned long)ts.tv_nsec / 1000000;
}

unsigned int client_below(struct client *c, unsigned int n)
{
	c->random = c->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(c->random >> 33) % n;
}

static void did(const struct client *c, NTSTATUS status, const char *what)
{
	if (NT_STATUS_IS_OK(status)) {
		return;
	}
	if (c->how == KILLED && !NT_STATUS_IS_OK(cli_conn_status(c->conn))) {
		_exit(CLIENT_EXIT_CUT);
	}
	FAIL("client %u: %s gave %s", c->number, what, ntstatus_name(status));
}

#define DID(c, expr) did(c, expr, #expr)

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

	DID(c, cli_cached_read(c->t->mem, f, place.offset, place.size, &got,
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
	DID(c, cli_cached_write(f, place.offset, bytes,
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
		unsigned long start = client_now_ms();

		status = cli_cached_open(c->cache, c->name, access,
					 writes ? 0 : FILE_SHARE_READ, &f);
		board_took(c->board, client_now_ms() - start);
		if (!NT_STATUS_IS(status, SHARING_VIOLATION)) {
			did(c, status, "an open");
			return f;
		}
		cli_wait_ms(c->t->ev, 1 + client_below(c, 3));
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
	bool writes = client_below(c, 3) == 0;
	struct cli_cached *f = open_alone(c, writes);

	if (f == NULL) {
		return;
	}
	for (unsigned int n = 1 + client_below(c, 12); n > 0; n--) {
		unsigned int number = client_below(c, RECORDS);

		must_be_newest(c, f, number);
		if (writes) {
			write_record(c, f, number);
		}
	}
	DID(c, cli_cached_close(f));
	/* Let others have it, or not. */
	if (client_below(c, 4) == 0) {
		cli_wait_ms(c->t->ev, client_below(c, 4));
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
	bool writes = client_below(c, 2) == 0;
	struct cli_cached *f = open_alone(c, writes);
	unsigned int written[12], n = 0;

	if (f == NULL) {
		return;
	}
	for (unsigned int i = 1 + client_below(c, 12); i > 0; i--) {
		unsigned int number = client_below(c, RECORDS);

		must_be_possible(c, f, number, writes);
		if (writes) {
			write_next(c, f, number);
			written[n++] = number;
		}
	}
	if (writes && client_below(c, 2) == 0) {
		DID(c, cli_cached_flush(f));
		while (n > 0) {
			struct record_state *r =
				&c->board->records[written[--n]];

			atomic_store(&r->acked, atomic_load(&r->issued));
		}
	}
	DID(c, cli_cached_close(f));
	cli_conn_catch_up(c->conn);
	atomic_fetch_add(&c->board->turns, 1);
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
	unsigned long start = client_now_ms();
	unsigned int tries = 0;

	while (!look(c, f, number, tries)) {
		if (client_now_ms() - start > limit) {
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
		board_late(c->board, client_now_ms() - start);
	}
}

static struct together open_together(struct client *c, bool writes)
{
	uint32_t access = FILE_GENERIC_READ;
	struct together f = {.writes = writes};

	if (writes) {
		access |= FILE_GENERIC_WRITE;
	}
	DID(c,
	    cli_cached_open(c->cache, c->name, access, FILE_SHARE_ALL, &f.f));
	return f;
}

static void together(struct client *c)
{
	struct together f = open_together(c, client_below(c, 2) == 0);

	for (unsigned int n = 1 + client_below(c, 30); n > 0; n--) {
		unsigned int number = client_below(c, RECORDS);

		cli_conn_catch_up(c->conn);
		if (f.writes && number % COHERENCE_CLIENTS == c->number) {
			write_record(c, f.f, number);
		}
		must_come(c, &f, number);
	}
	DID(c, cli_cached_close(f.f));
	if (client_below(c, 3) == 0) {
		cli_wait_ms(c->t->ev, client_below(c, 8));
	}
}

/* All processes have come here. */
static void meet(struct client *c, unsigned int *meetings)
{
	unsigned int want = ++*meetings * COHERENCE_CLIENTS;

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
		DID(c, cli_cached_close(f.f));
	}
}

/* --- processes ------------------------------------------------------------ */

static void run_rounds(struct client *c, unsigned long end)
{
	unsigned int meetings = 0;

	while (!atomic_load(&c->board->violated)) {
		unsigned long round_end = client_now_ms() + ROUND_MS;

		while (client_now_ms() < round_end &&
		       !atomic_load(&c->board->stop)) {
			c->how == ALONE ? alone(c) : together(c);
		}
		if (client_now_ms() >= end) {
			atomic_store(&c->board->stop, true);
		}
		meet(c, &meetings);
		if (c->how == TOGETHER) {
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
	while (!atomic_load(&c->board->stop) && client_now_ms() < end) {
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

/* A tree connect; who is killed may be cut off in the midst of it. */
static struct cli_tree *connected(struct client *c)
{
	struct cli_session_options login = torture_login(c->t);
	struct cli_session *session = NULL;
	struct cli_tree *tree = NULL;

	if (c->how != KILLED) {
		tree = torture_tree(c->t);
		c->conn = cli_tree_conn(tree);
		return tree;
	}
	c->conn = torture_connect(c->t);
	DID(c, cli_negotiate(c->conn, NULL));
	DID(c, cli_session_setup(c->conn, &login, &session));
	DID(c, cli_tree_connect(session, c->t->options->share, &tree));
	return tree;
}

void client_run(struct client *c, unsigned long end)
{
	struct torture t = *c->t;
	struct cli_cache_options options = {.lease = LEASE_RWH,
					    .bend = c->bent.cache};
	struct cli_tree *tree;

	t.mem = talloc_named_const(NULL, 0, "client");
	t.ev = tevent_context_init(t.mem);
	CHECK(t.ev != NULL);
	c->t = &t;
	tree = connected(c);
	OK(cli_cache_open(tree, &options, &c->cache));
	if (c->how == KILLED) {
		run_on(c, end);
	} else {
		run_rounds(c, end);
	}
	DID(c, cli_cache_empty(c->cache));
	add_stats(c);
	fflush(stdout);
	_exit(TORTURE_EXIT_PASS);
}
