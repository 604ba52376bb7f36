/* torture/model_run.c - the randomized model test.
 *
 * A round: each client gets up to two operations at the same time; sometimes
 * one of them leaves, or its process on the server is killed.  The round ends
 * when all are answered but those that have to wait, which stay under way in
 * the next rounds, and when all that clients are told by the server has come.
 * A client is then connected anew. */
#include "torture/model_run.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/assert.h"
#include "torture/model_client.h"
#include "torture/model_file.h"
#include "torture/model_play.h"
#include "torture/model_print.h"
#include "torture/server.h"

#define QUIET_MS     3	     /* who is not answered by then waits */
#define LATE_USEC    4000000 /* how long a round may be no legal one */
#define PROCESSES    64
#define CANCEL_EVERY 12 /* rounds, of one that waits */
#define NOBODY	     MODEL_CLIENTS

struct child {
	pid_t pid;
	int fd;
	pid_t server; /* its process there; 0: not known */
	bool connected;
	bool flushed;
};

struct run {
	const struct model_run_options *options;
	TALLOC_CTX *mem;
	struct child children[MODEL_CLIENTS];
	struct model_table table;
	struct model_round round;
	struct model_states states;
	uint32_t next_number;
	uint32_t first_number; /* of this round */
	uint8_t leaving;       /* the client that does, or NOBODY */
	bool killed;
	int64_t left; /* when */
	bool failed;
	/* what has been done */
	unsigned int rounds, kills, departures, breaks, waits;
	unsigned int answers[MODEL_KINDS], successes[MODEL_KINDS];
	size_t most_points, most_states;
};

static void fail(struct run *r, const char *why)
{
	if (!r->failed) {
		printf("# seed %" PRIu64 ", round %u: %s\n", r->options->seed,
		       r->rounds, why);
		r->failed = true;
	}
}

/* --- reports -------------------------------------------------------------- */

static struct model_event *find_event(struct run *r, uint32_t number)
{
	for (unsigned int i = 0; i < r->round.num_events; i++) {
		if (r->round.events[i].number == number) {
			return &r->round.events[i];
		}
	}
	return NULL;
}

static void take_answer(struct run *r, const struct model_report *m)
{
	struct model_event *e = find_event(r, m->number);

	if (e == NULL) {
		fail(r, "an answer to nothing");
		return;
	}
	e->answered = true;
	e->sent = m->sent;
	e->done = m->done;
	e->answer = m->answer;
	r->answers[e->op.kind]++;
	r->successes[e->op.kind] += NT_STATUS_IS_OK(m->answer.status);
}

static void take_told(struct run *r, const struct model_report *m)
{
	if (r->round.num_told == MODEL_TOLD) {
		fail(r, "too many breaks");
		return;
	}
	r->round.told[r->round.num_told++] = m->told;
	r->breaks++;
}

static void take_report(struct run *r, uint8_t client,
			const struct model_report *m)
{
	struct child *c = &r->children[client];

	switch (m->kind) {
	case MODEL_CONNECTED:
		c->connected = NT_STATUS_IS_OK(m->answer.status);
		if (!c->connected) {
			fail(r, ntstatus_name(m->answer.status));
		}
		break;
	case MODEL_ANSWERED:
		take_answer(r, m);
		break;
	case MODEL_TOLD_OF:
		take_told(r, m);
		break;
	case MODEL_FLUSHED:
		c->flushed = true;
		break;
	case MODEL_GONE:
		c->connected = false;
		break;
	case MODEL_DOWN:
		if (client != r->leaving || !r->killed) {
			fail(r, "a connection has ended by itself");
		}
		break;
	default:
		fail(r, m->text);
		break;
	}
}

/* Takes what comes within ms; false: nothing came. */
static bool take_reports(struct run *r, int ms)
{
	struct pollfd p[MODEL_CLIENTS];
	unsigned int n = r->options->clients;

	for (unsigned int i = 0; i < n; i++) {
		p[i] = (struct pollfd){.fd = r->children[i].fd,
				       .events = POLLIN};
	}
	if (poll(p, n, ms) <= 0) {
		return false;
	}
	for (uint8_t i = 0; i < n; i++) {
		struct model_report m;

		if (p[i].revents == 0) {
			continue;
		}
		if (recv(p[i].fd, &m, sizeof(m), 0) != (ssize_t)sizeof(m)) {
			fail(r, "a client has ended");
			return false;
		}
		take_report(r, i, &m);
	}
	return true;
}

static void command(struct run *r, uint8_t client,
		    const struct model_command *m)
{
	if (send(r->children[client].fd, m, sizeof(*m), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(*m)) {
		fail(r, "a client does not listen");
	}
}

/* --- clients -------------------------------------------------------------- */

/* The server's process that was not there before; 0: none. */
static pid_t find_new(const struct run *r, const long *before, size_t n)
{
	long now[PROCESSES];
	size_t m = server_children(r->options->server_pid, now, PROCESSES);

	for (size_t i = 0; i < m; i++) {
		size_t j = 0;

		while (j < n && before[j] != now[i]) {
			j++;
		}
		if (j == n) {
			return (pid_t)now[i];
		}
	}
	return 0;
}

static void connect_client(struct run *r, uint8_t client)
{
	const struct model_command m = {.kind = MODEL_CONNECT};
	struct child *c = &r->children[client];
	long before[PROCESSES];
	size_t n = server_children(r->options->server_pid, before, PROCESSES);

	command(r, client, &m);
	while (!c->connected && !r->failed) {
		if (!take_reports(r, 30000)) {
			fail(r, "no connection");
		}
	}
	c->server = find_new(r, before, n);
}

static void start_client(struct run *r, uint8_t client)
{
	int fds[2];
	struct child *c = &r->children[client];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) {
		fail(r, "no sockets");
		return;
	}
	fflush(stdout);
	c->pid = fork();
	if (c->pid == 0) {
		close(fds[0]);
		for (uint8_t i = 0; i < client; i++) {
			close(r->children[i].fd);
		}
		model_client_run(r->options->torture, client, fds[1]);
	}
	close(fds[1]);
	c->fd = fds[0];
	connect_client(r, client);
}

static void end_clients(struct run *r)
{
	for (unsigned int i = 0; i < r->options->clients; i++) {
		if (r->children[i].pid > 0) {
			close(r->children[i].fd);
			(void)waitpid(r->children[i].pid, NULL, 0);
		}
	}
}

/* --- a round -------------------------------------------------------------- */

static struct model_event *add_event(struct run *r, const struct model_op *op)
{
	struct model_event *e = &r->round.events[r->round.num_events++];

	ASSERT(r->round.num_events <= MODEL_EVENTS);
	*e = (struct model_event){.number = r->next_number++,
				  .op = *op,
				  .sent = model_now(),
				  .done = INT64_MAX};
	return e;
}

/* behind: the number of the one that is to be answered first, or 0.  Its own;
 * 0: none. */
static uint32_t send_one(struct run *r, uint8_t client, uint32_t behind)
{
	struct model_command m = {.kind = MODEL_DO, .behind = behind};
	struct model_event *e;

	if (r->round.num_events + MODEL_SLOTS >= MODEL_EVENTS ||
	    !model_choose(&r->table, client, &m.op)) {
		return 0;
	}
	e = add_event(r, &m.op);
	e->behind = behind;
	m.number = e->number;
	command(r, client, &m);
	return m.number;
}

/* Some of those that wait are to wait no longer. */
static void cancel_some(struct run *r)
{
	for (unsigned int i = 0; i < r->round.num_events; i++) {
		struct model_event *e = &r->round.events[i];
		struct model_command m = {.kind = MODEL_CANCEL,
					  .number = e->number};

		if (model_roll(&r->table.dice, CANCEL_EVERY) == 0) {
			e->cancelled = true;
			command(r, e->op.client, &m);
		}
	}
}

static void send_all(struct run *r)
{
	unsigned int n = r->options->clients;
	uint8_t first = (uint8_t)model_roll(&r->table.dice, n);

	for (unsigned int i = 0; i < n; i++) {
		uint8_t client = (uint8_t)((first + i) % n);
		uint32_t what = model_roll(&r->table.dice, 10);
		uint32_t number = what == 0 ? 0 : send_one(r, client, 0);

		if (number != 0 && what > 6) {
			send_one(r, client, what > 7 ? number : 0);
		}
	}
}

static bool are_new_answered(const struct run *r)
{
	for (unsigned int i = 0; i < r->round.num_events; i++) {
		const struct model_event *e = &r->round.events[i];

		if (e->number >= r->first_number && !e->answered && !e->lost &&
		    e->op.kind != MODEL_VANISH) {
			return false;
		}
	}
	return true;
}

/* All that the clients have been told by now has come. */
static void flush(struct run *r)
{
	const struct model_command m = {.kind = MODEL_FLUSH};
	bool all = false;

	for (uint8_t i = 0; i < r->options->clients; i++) {
		r->children[i].flushed = !r->children[i].connected;
		if (!r->children[i].flushed) {
			command(r, i, &m);
		}
	}
	while (!all && !r->failed) {
		all = true;
		for (uint8_t i = 0; i < r->options->clients; i++) {
			all = all && r->children[i].flushed;
		}
		if (!all && !take_reports(r, 10000)) {
			fail(r, "no answer to ECHO");
		}
	}
}

/* Who waits and is woken may tell others, and wake them: each flush sees one of
 * these through. */
static void flush_all(struct run *r)
{
	unsigned int waiting = 0;

	for (unsigned int i = 0; i < r->round.num_events; i++) {
		waiting += !r->round.events[i].answered;
	}
	flush(r);
	for (unsigned int i = 0; i < waiting && i < 3 && !r->failed; i++) {
		flush(r);
	}
}

/* --- who leaves ----------------------------------------------------------- */

static void leave(struct run *r)
{
	const struct model_command m = {.kind = MODEL_DISCONNECT};
	struct child *c = &r->children[r->leaving];

	usleep(model_roll(&r->table.dice, 1500));
	r->left = model_now();
	if (r->killed) {
		kill(c->server, SIGKILL);
		r->kills++;
	} else {
		r->departures++;
	}
	command(r, r->leaving, &m);
}

/* Its opens go until its process is gone. */
static void lose(struct run *r)
{
	struct child *c = &r->children[r->leaving];
	int64_t gone;

	while (c->connected && !r->failed) {
		if (!take_reports(r, 10000)) {
			fail(r, "a client does not let go");
		}
	}
	if (!server_wait_gone(c->server, 10000)) {
		fail(r, "a process on the server does not end");
	}
	gone = model_now();
	for (unsigned int i = 0; i < r->round.num_events; i++) {
		struct model_event *e = &r->round.events[i];

		if (e->op.client == r->leaving && !e->answered) {
			e->lost = true;
			e->done = gone;
		}
	}
	for (uint8_t i = 0; i < MODEL_SLOTS; i++) {
		const struct model_op op = {
			.kind = MODEL_VANISH,
			.client = r->leaving,
			.open = (uint8_t)(r->leaving * MODEL_SLOTS + i),
			.on = !r->killed};
		struct model_event *e = add_event(r, &op);

		e->sent = r->left;
		e->done = gone;
	}
}

/* --- judging -------------------------------------------------------------- */

static void note_all(struct run *r)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < r->round.num_events; i++) {
		struct model_event *e = &r->round.events[i];

		if (e->answered && e->op.client != r->leaving) {
			model_note_answer(&r->table, &e->op, &e->answer);
		} else if (!e->answered && e->op.client != r->leaving) {
			r->waits += e->number >= r->first_number;
			r->round.events[left++] = *e;
		}
	}
	for (unsigned int i = 0; i < r->round.num_told; i++) {
		const struct model_notice *n = &r->round.told[i].notice;

		if (model_grant_client(n->grant) != r->leaving) {
			model_note_told(&r->table, n);
		}
	}
	if (r->leaving != NOBODY) {
		model_note_gone(&r->table, r->leaving);
	}
	r->round.num_events = left;
	r->round.num_told = 0;
}

static void take_states(struct run *r, const struct model_states *after,
			const struct model_search *search)
{
	talloc_free(r->states.list);
	r->states = *after;
	r->most_points = search->points > r->most_points ? search->points
							 : r->most_points;
	r->most_states =
		after->count > r->most_states ? after->count : r->most_states;
	note_all(r);
}

/* A round that is not legal may become so: who waits is woken a little later
 * than what wakes him is answered. */
static void judge(struct run *r)
{
	int64_t since = model_now();
	int pause = 1;

	while (!r->failed) {
		struct model_states after;
		struct model_search search;
		enum model_verdict v;

		r->round.end = model_now();
		v = model_check(r->mem, &r->round, &r->states, &after, &search);
		if (v == MODEL_LEGAL) {
			if (r->options->torture->verbose) {
				printf("round %u, at %" PRId64 " us:\n",
				       r->rounds, r->round.begin);
				model_print_history(stdout, &r->round);
			}
			take_states(r, &after, &search);
			return;
		}
		if (v == MODEL_UNDECIDED || model_now() - since > LATE_USEC) {
			fail(r, v == MODEL_UNDECIDED
					? "too many orders to look at"
					: "no order is legal");
			model_print_round(stdout, &r->round, &r->states,
					  &search);
			if (r->options->keep != NULL) {
				(void)model_file_write(r->options->keep,
						       &r->round, &r->states);
			}
			return;
		}
		take_reports(r, pause);
		pause = pause < 500 ? pause * 2 : pause;
		flush_all(r);
	}
}

static void choose_who_leaves(struct run *r)
{
	unsigned int every = r->options->leave_every;

	r->leaving = NOBODY;
	if (every != 0 && r->options->server_pid != 0 &&
	    model_roll(&r->table.dice, every) == 0) {
		r->leaving = (uint8_t)model_roll(&r->table.dice,
						 r->options->clients);
		r->killed = model_roll(&r->table.dice, 2) == 0;
	}
}

static void play_round(struct run *r)
{
	r->round.begin = model_now();
	r->first_number = r->next_number;
	choose_who_leaves(r);
	cancel_some(r);
	send_all(r);
	if (r->leaving != NOBODY) {
		leave(r);
	}
	while (!r->failed && !are_new_answered(r) &&
	       take_reports(r, QUIET_MS)) {
	}
	if (r->leaving != NOBODY && !r->failed) {
		lose(r);
	}
	flush_all(r);
	judge(r);
	if (r->leaving != NOBODY && !r->failed) {
		connect_client(r, r->leaving);
	}
	r->rounds++;
}

/* --- the run -------------------------------------------------------------- */

static void print_results(const struct run *r)
{
	static const char *const names[MODEL_KINDS] = {
		[MODEL_CREATE] = "create",     [MODEL_CLOSE] = "close",
		[MODEL_READ_DATA] = "read",    [MODEL_WRITE_DATA] = "write",
		[MODEL_LOCK] = "lock",	       [MODEL_UNLOCK] = "unlock",
		[MODEL_SET_DELETE] = "delete", [MODEL_RENAME] = "rename",
		[MODEL_ACK] = "acknowledge",   [MODEL_VANISH] = NULL,
	};

	printf("# %u rounds, %u breaks, %u had to wait, %u children killed, "
	       "%u clients left\n",
	       r->rounds, r->breaks, r->waits, r->kills, r->departures);
	printf("# at most %zu states at a time, %zu steps for a round\n#",
	       r->most_states, r->most_points);
	for (unsigned int i = 0; i < MODEL_KINDS; i++) {
		if (names[i] != NULL) {
			printf(" %s %u/%u", names[i], r->successes[i],
			       r->answers[i]);
		}
	}
	printf("\n");
}

bool model_run(const struct model_run_options *options)
{
	struct run r = {.options = options, .leaving = NOBODY};
	int64_t end = model_now() + (int64_t)options->seconds * 1000000;

	ASSERT(options->clients <= MODEL_CLIENTS);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %" PRIu64 "\n", options->seed);
	r.mem = talloc_new(NULL);
	r.table.dice = model_dice(options->seed);
	r.table.num_players = options->clients;
	r.round.patience = (int64_t)options->patience_ms * 1000;
	r.states.list = talloc_zero(r.mem, struct model);
	r.states.count = 1;
	r.next_number = 1;
	for (unsigned int i = 0; i < MODEL_CLIENTS; i++) {
		r.children[i].fd = -1;
	}
	for (uint8_t i = 0; i < options->clients && !r.failed; i++) {
		start_client(&r, i);
	}
	while (!r.failed && model_now() < end) {
		play_round(&r);
	}
	end_clients(&r);
	print_results(&r);
	talloc_free(r.mem);
	return !r.failed;
}

bool model_look(const char *path)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct model_states before, after;
	struct model_search search;
	struct model_round r;
	enum model_verdict v;

	if (!model_file_read(mem, path, &r, &before)) {
		printf("# %s: not to be read\n", path);
		talloc_free(mem);
		return false;
	}
	v = model_check(mem, &r, &before, &after, &search);
	model_print_round(stdout, &r, &before, &search);
	printf("# %s\n", v == MODEL_LEGAL	? "legal"
			 : v == MODEL_UNDECIDED ? "too many orders"
						: "no order is legal");
	talloc_free(mem);
	return v == MODEL_LEGAL;
}
