/* torture/bench.c - "torture bench": the command line, the measuring, the
 * printing. */
#include "torture/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "torture/args.h"
#include "torture/callgrind.h"
#include "torture/server.h"

#define EXIT_USAGE	2
#define DEFAULT_SIZE	1048576
#define DEFAULT_NAMES	1000
#define DEFAULT_CLIENTS 256
#define REAP_MS		300 /* for ended children to be waited for */
#define MAX_DEPTH	64

struct bench_args {
	struct torture_args common;
	int count, size, names, depth, clients, locks;
	long server_pid;
	int json;
	char *instructions;
};

/* One measurement. */
struct outcome {
	unsigned long units;
	double seconds;
	double cpu; /* of the server; < 0: not known */
};

/* --- tools for the benchmarks --------------------------------------------- */

void bench_pipeline(struct bench *b, unsigned long n,
		    struct tevent_req *(*send)(struct bench *b,
					       unsigned long i),
		    void (*done)(struct bench *b, struct tevent_req *req))
{
	struct tevent_req *reqs[MAX_DEPTH];
	unsigned long sent = 0, answered = 0;

	while (answered < n) {
		struct tevent_req **slot;

		while (sent < n && sent - answered < b->depth) {
			slot = &reqs[sent % b->depth];
			*slot = send(b, sent++);
			CHECK(*slot != NULL);
		}
		slot = &reqs[answered++ % b->depth];
		while (tevent_req_is_in_progress(*slot)) {
			CHECK(tevent_loop_once(b->t->ev) == 0);
		}
		done(b, *slot);
	}
}

void bench_needs_descriptors(unsigned int need)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		if (limit.rlim_cur < need + 32) {
			FAIL("%u descriptors are needed", need + 32);
		}
	}
}

static struct tevent_req *make_name(struct bench *b, unsigned long i)
{
	struct smb2_create_request create =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN_IF, 0);
	struct smb2_close_request close = {.id = SMB2_FILE_ID_RELATED};
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	char *name =
		talloc_asprintf(tmp, "%s\\f%07lu", (const char *)b->state, i);
	struct cli_message m[2] = {
		cli_create_message(tmp, b->tree, name, &create, NULL),
		cli_close_message(tmp, b->tree, &close)};
	struct tevent_req *req;

	m[1].related = true;
	req = cli_request_send(b->t->mem, cli_tree_conn(b->tree), m, 2);
	talloc_free(tmp);
	return req;
}

static void name_made(struct bench *b, struct tevent_req *req)
{
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct cli_reply reply[2];

	OK(cli_request_recv(req, tmp, reply, 2));
	OK(reply[0].status);
	OK(reply[1].status);
	talloc_free(tmp);
	talloc_free(req);
}

const char *bench_directory(struct bench *b)
{
	char *dir =
		talloc_asprintf(b->t->mem, "torture-bench-dir-%u", b->names);
	char *last = talloc_asprintf(b->t->mem, "%s\\f%07u", dir, b->names - 1);
	unsigned int depth = b->depth;

	OK(torture_try_open(b->t, b->tree, dir, FILE_READ_ATTRIBUTES,
			    FILE_OPEN_IF, FILE_DIRECTORY_FILE));
	if (b->names > 0 &&
	    !NT_STATUS_IS_OK(torture_try_open(
		    b->t, b->tree, last, FILE_READ_ATTRIBUTES, FILE_OPEN, 0))) {
		b->state = dir;
		b->depth = 16;
		bench_pipeline(b, b->names, make_name, name_made);
		b->depth = depth;
	}
	return dir;
}

/* --- measuring ------------------------------------------------------------ */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static struct outcome measure(struct bench *b, const struct bench_kind *kind)
{
	struct outcome o = {.cpu = -1};
	double cpu = -1, start;

	if (!kind->no_tree) {
		b->tree = torture_tree(b->t);
	}
	if (kind->prepare != NULL) {
		kind->prepare(b);
	}
	if (b->server_pid != 0) {
		cpu = server_cpu_seconds(b->server_pid);
	}
	start = now();
	o.units = kind->run(b);
	o.seconds = now() - start;
	if (cpu >= 0) {
		if (kind->no_tree) {
			cli_wait_ms(b->t->ev, REAP_MS);
		}
		o.cpu = server_cpu_seconds(b->server_pid) - cpu;
	}
	if (kind->finish != NULL) {
		kind->finish(b);
	}
	return o;
}

static void print_outcome(const struct bench_kind *kind,
			  const struct outcome *o, double instructions,
			  bool json)
{
	double units = (double)o->units;

	if (json) {
		printf("{\"bench\": \"%s\", \"unit\": \"%s\", \"units\": %lu",
		       kind->name, kind->unit, o->units);
		if (o->seconds > 0) {
			printf(", \"seconds\": %.3f", o->seconds);
		}
		if (o->cpu >= 0) {
			printf(", \"cpu_us\": %.2f", o->cpu * 1e6 / units);
		}
		if (instructions > 0) {
			printf(", \"instructions\": %.0f", instructions);
		}
		printf("}\n");
		return;
	}
	printf("%s:", kind->name);
	if (o->seconds > 0) {
		printf(" %lu in %.3f s, %.0f %s/s", o->units, o->seconds,
		       units / o->seconds, kind->unit);
	}
	if (o->cpu >= 0) {
		printf(", server CPU %.2f us per %s", o->cpu * 1e6 / units,
		       kind->unit);
	}
	if (instructions > 0) {
		printf(" %.0f user-space instructions per %s", instructions,
		       kind->unit);
	}
	printf("\n");
}

/* --- instructions --------------------------------------------------------- */

struct work {
	const struct torture_options *options;
	const struct bench *b;
	const struct bench_kind *kind;
	unsigned int count;
	unsigned long units;
};

/* In a process of its own: a failed check ends the process. */
static bool do_work(void *private_data)
{
	struct work *w = private_data;
	int fds[2], status = -1;
	pid_t pid;

	if (pipe(fds) != 0) {
		return false;
	}
	pid = fork();
	if (pid == 0) {
		struct torture t = {.options = w->options, .test_name = "b"};
		struct bench b = *w->b;
		struct outcome o;

		t.mem = talloc_named_const(NULL, 0, "bench");
		t.ev = tevent_context_init(t.mem);
		b.t = &t;
		b.count = w->count;
		o = measure(&b, w->kind);
		_exit(write(fds[1], &o.units, sizeof(o.units)) !=
		      sizeof(o.units));
	}
	close(fds[1]);
	if (pid > 0 &&
	    read(fds[0], &w->units, sizeof(w->units)) != sizeof(w->units)) {
		w->units = 0;
	}
	close(fds[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 &&
	       w->units > 0;
}

/* Twice, with one and three parts of the work; the difference is the work
 * without start, preparation and end. */
static bool count_instructions(const char *command, struct work *w, double *out)
{
	uint64_t few, many;
	unsigned long few_units, all = w->count;

	w->count = all / 3 > 0 ? (unsigned int)all / 3 : 1;
	if (!callgrind_run(command, w->options->host, w->options->port, do_work,
			   w, &few)) {
		return false;
	}
	few_units = w->units;
	w->count *= 3;
	if (!callgrind_run(command, w->options->host, w->options->port, do_work,
			   w, &many)) {
		return false;
	}
	if (many <= few || w->units <= few_units) {
		fprintf(stderr, "torture: too little work to be seen\n");
		return false;
	}
	*out = (double)(many - few) / (double)(w->units - few_units);
	return true;
}

/* --- the command ---------------------------------------------------------- */

static const struct bench_kind *find_kind(const char *name)
{
	const struct bench_kind *const tables[] = {
		bench_small, bench_bulk, bench_caching, bench_contention,
		bench_locks};

	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		for (const struct bench_kind *k = tables[i]; k->name != NULL;
		     k++) {
			if (strcmp(k->name, name) == 0) {
				return k;
			}
		}
	}
	return NULL;
}

static void bench_table(struct bench_args *args, struct poptOption *table)
{
	const struct poptOption own[] = {
		{"count", 'n', POPT_ARG_INT, &args->count, 0,
		 "units of work (connections for idle)", "N"},
		{"size", 0, POPT_ARG_INT, &args->size, 0,
		 "bytes of a read or write (1048576)", "BYTES"},
		{"names", 0, POPT_ARG_INT, &args->names, 0,
		 "names in the directory of create and list (1000)", "N"},
		{"depth", 0, POPT_ARG_INT, &args->depth, 0,
		 "requests in flight (1; 4 for read and write)", "N"},
		{"clients", 0, POPT_ARG_INT, &args->clients, 0,
		 "clients of contention (256)", "N"},
		{"locks", 0, POPT_ARG_INT, &args->locks, 0,
		 "locks that another has in the file of locks (0)", "N"},
		{"server-pid", 'p', POPT_ARG_LONG, &args->server_pid, 0,
		 "the master process of the server, for its CPU time and "
		 "memory",
		 "PID"},
		{"instructions", 'i', POPT_ARG_STRING, &args->instructions, 0,
		 "start the server with this command under callgrind and count "
		 "instructions",
		 "COMMAND"},
		{"json", 'j', POPT_ARG_NONE, &args->json, 0,
		 "print a line of JSON", NULL},
		{NULL, 0, POPT_ARG_INCLUDE_TABLE, poptHelpOptions, 0,
		 "Help:", NULL},
		{0},
	};
	int n = torture_args_rows(&args->common, table);

	memcpy(table + n, own, sizeof(own));
}

static int run_bench(const struct bench_args *args, const char *name,
		     const struct torture_options *options)
{
	struct torture t = {.options = options, .test_name = name};
	const struct bench_kind *kind = find_kind(name);
	struct bench b = {
		.t = &t,
		.count = (unsigned)args->count,
		.size = args->size > 0 ? (unsigned)args->size : DEFAULT_SIZE,
		.names =
			args->names > 0 ? (unsigned)args->names : DEFAULT_NAMES,
		.depth = (unsigned)args->depth,
		.clients = args->clients > 0 ? (unsigned)args->clients
					     : DEFAULT_CLIENTS,
		.locks = args->locks > 0 ? (unsigned)args->locks : 0,
		.server_pid = args->server_pid,
	};
	struct outcome o = {.cpu = -1};
	double instructions = 0;

	t.mem = talloc_named_const(NULL, 0, "bench");
	t.ev = tevent_context_init(t.mem);
	CHECK(t.ev != NULL);
	if (strcmp(name, "idle") == 0) {
		b.count = b.count > 0 ? b.count : 1000;
		bench_idle(&b, args->json != 0);
		return 0;
	}
	if (kind == NULL) {
		fprintf(stderr, "torture: no benchmark '%s'\n", name);
		return EXIT_USAGE;
	}
	b.count = b.count > 0 ? b.count : kind->count;
	if (b.depth == 0) {
		b.depth = strcmp(kind->unit, "MiB") == 0 ? 4 : 1;
	}
	b.depth = b.depth < MAX_DEPTH ? b.depth : MAX_DEPTH;
	if (args->instructions != NULL) {
		struct work w = {.options = options,
				 .b = &b,
				 .kind = kind,
				 .count = b.count};

		if (!count_instructions(args->instructions, &w,
					&instructions)) {
			return 1;
		}
		o.units = w.units;
	} else {
		o = measure(&b, kind);
	}
	print_outcome(kind, &o, instructions, args->json != 0);
	talloc_free(t.mem);
	return 0;
}

int torture_bench(int argc, const char **argv)
{
	struct bench_args args = {0};
	struct poptOption table[TORTURE_ARGS_ROWS + 12];
	struct torture_options options;
	const char *name, *target;
	TALLOC_CTX *mem = talloc_new(NULL);
	poptContext pc;
	int rc;

	bench_table(&args, table);
	pc = poptGetContext("torture bench", argc, argv, table, 0);
	poptSetOtherOptionHelp(
		pc, "connect|echo|open|open_oplock|open_lease|break|notify|"
		    "contention|contention_lease|stat|create|names|list|read|"
		    "write|locks|idle "
		    "//HOST[:PORT]/SHARE [OPTION...]");
	rc = poptGetNextOpt(pc);
	name = rc < -1 ? NULL : poptGetArg(pc);
	target = name == NULL ? NULL : poptGetArg(pc);
	if (rc < -1) {
		fprintf(stderr, "torture: %s: %s\n", poptBadOption(pc, 0),
			poptStrerror(rc));
		rc = EXIT_USAGE;
	} else if (target == NULL) {
		poptPrintUsage(pc, stderr, 0);
		rc = EXIT_USAGE;
	} else if (!torture_args_parse(mem, &args.common, target, &options)) {
		rc = EXIT_USAGE;
	} else {
		rc = run_bench(&args, name, &options);
	}
	torture_args_free(&args.common);
	free(args.instructions);
	poptFreeContext(pc);
	talloc_free(mem);
	return rc;
}
