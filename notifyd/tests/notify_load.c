/* notifyd/tests/notify_load.c - many watches and many changes a second: none is
 * lost, and what notifyd needs for it.  Processes as a server has them: one is
 * notifyd, some watch, some change files and tell of it.  A file is called by
 * its changer and a number that grows by one, so that what is lost, comes twice
 * or out of order is seen where it is told.
 *
 * Prints TAP; speed is only printed.  --help names the options. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <popt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/nt.h"
#include "locking/notify.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"
#include "notifyd/notifyd.h"

#define CHANGERS 2
#define TICKS	 500 /* a second, in which a changer is busy at once */
#define PATIENCE 10  /* seconds without any progress */
#define NAMES	 FILE_NOTIFY_CHANGE_FILE_NAME

/* One round. */
struct load {
	const char *what;
	unsigned int processes; /* who watch */
	unsigned int watches;	/* of each of them */
	bool together;		/* all of one directory */
	unsigned int rate;	/* changes a second */
};

/* What all processes see. */
struct counts {
	_Atomic unsigned int ready;
	_Atomic unsigned int stop;
	_Atomic uint64_t made, told, lost, wrong;
};

struct master {
	char dir[64];
	unsigned int seconds;
	struct load load;
	struct counts *counts;
	struct tevent_context *ev;
	struct messaging_context *m;
	struct notify_client *c;
	unsigned int failed, done;
};

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void must(NTSTATUS status, const char *what)
{
	if (!NT_STATUS_IS_OK(status)) {
		printf("Bail out! %s: %s\n", what, ntstatus_name(status));
		exit(1);
	}
}

static void ok(struct master *m, bool good, const char *what)
{
	m->done++;
	m->failed += good ? 0 : 1;
	printf("%sok %u - %s: %s\n", good ? "" : "not ", m->done, m->load.what,
	       what);
	fflush(stdout);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- processes ----------------------------------------------------------- */

/* 0 in the new one, which has its own id. */
static pid_t begin(struct master *m)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		die("fork");
	}
	if (pid == 0) {
		if (tevent_re_initialise(m->ev) != 0) {
			die("event loop");
		}
		must(messaging_reinit(m->m), "messaging");
		notify_client_began(m->c);
	}
	return pid;
}

static void waited(struct tevent_context *ev, struct tevent_timer *te,
		   struct timeval t, void *private_data)
{
	*(bool *)private_data = true;
}

/* Runs the event loop for so long. */
static void wait_ms(struct master *m, unsigned int ms)
{
	bool over = false;

	tevent_add_timer(
		m->ev, m->ev,
		tevent_timeval_current_ofs(ms / 1000, ms % 1000 * 1000), waited,
		&over);
	while (!over) {
		tevent_loop_once(m->ev);
	}
}

static void loop_until_stopped(struct master *m)
{
	while (atomic_load(&m->counts->stop) == 0) {
		wait_ms(m, 200);
	}
}

static void run_notifyd(struct master *m)
{
	struct notifyd *n;

	notifyd_come_first();
	must(notifyd_create(m->m, m->m, notify_client_board(m->c), &n),
	     "notifyd");
	atomic_fetch_add(&m->counts->ready, 1);
	loop_until_stopped(m);
	talloc_free(n);
}

/* --- who watches --------------------------------------------------------- */

struct watched {
	struct counts *counts;
	bool together;
	unsigned long next[CHANGERS];
};

/* Alone in its directory a number only grows; together each comes. */
static void told(void *private_data, const struct notify_record *records,
		 size_t count)
{
	struct watched *w = private_data;

	for (size_t i = 0; i < count; i++) {
		unsigned int who;
		unsigned long number;

		if (records[i].what == NOTIFY_LOST) {
			atomic_fetch_add(&w->counts->lost, 1);
			continue;
		}
		if (sscanf(records[i].name, "c%u-%lu", &who, &number) != 2 ||
		    who >= CHANGERS || number < w->next[who] ||
		    (w->together && number != w->next[who]) ||
		    records[i].what != NOTIFY_ADDED) {
			atomic_fetch_add(&w->counts->wrong, 1);
			continue;
		}
		w->next[who] = number + 1;
		atomic_fetch_add(&w->counts->told, 1);
	}
}

static void dir_path(const struct master *m, unsigned int i, char *out,
		     size_t size)
{
	snprintf(out, size, "%s/d%u", m->dir, m->load.together ? 0 : i);
}

static void run_watcher(struct master *m, unsigned int first)
{
	struct watched *all =
		talloc_zero_array(m, struct watched, m->load.watches);
	struct notify_watch *w;
	char path[128];
	struct notify_watch_args args = {
		.path = path, .filter = NAMES, .local = true};

	for (unsigned int i = 0; i < m->load.watches; i++) {
		all[i].counts = m->counts;
		all[i].together = m->load.together;
		dir_path(m, first + i, path, sizeof(path));
		args.tree = i % 10 == 0;
		must(notify_watch_create(all, m->c, &args, told, &all[i], &w),
		     "watch");
	}
	/* In notifyd's own queue it stands before what is changed then. */
	while (messaging_queued(m->m, NULL) > 0) {
		tevent_loop_once(m->ev);
	}
	atomic_fetch_add(&m->counts->ready, 1);
	loop_until_stopped(m);
}

/* --- who changes --------------------------------------------------------- */

static void change(struct master *m, unsigned int who, unsigned long number)
{
	unsigned int dirs = m->load.processes * m->load.watches;
	struct notify_change_message c = {
		.version = 1, .what = NOTIFY_ADDED, .filter = NAMES};
	char path[128];
	size_t n;
	int fd;

	dir_path(m, (unsigned int)random() % dirs, path, sizeof(path));
	n = strlen(path);
	snprintf(path + n, sizeof(path) - n, "/c%u-%lu", who, number);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		die(path);
	}
	close(fd);
	c.path = path;
	atomic_fetch_add(&m->counts->made,
			 m->load.together ? dirs : 1); /* that are to be told */
	notify_report(m->c, &c);
	unlink(path);
	if (notify_board_is_unsure(notify_client_board(m->c))) {
		c.what = NOTIFY_REMOVED; /* for notifyd alone */
		c.filter = 0;
		notify_report(m->c, &c);
	}
}

/* As many as there should be by now, a few at a time. */
static void run_changer(struct master *m, unsigned int who)
{
	double start = now(), t = 0;
	unsigned long number = 0;

	srandom(who);
	while (t < m->seconds) {
		double due = t * m->load.rate / CHANGERS;

		while ((double)number < due) {
			change(m, who, number++);
		}
		wait_ms(m, 1000 / TICKS);
		t = now() - start;
	}
	printf("# changer %u: %.0f changes a second\n", who,
	       (double)number / (now() - start));
	fflush(stdout);
}

/* --- a round ------------------------------------------------------------- */

static void make_dirs(struct master *m, bool there)
{
	unsigned int n =
		m->load.together ? 1 : m->load.processes * m->load.watches;
	char path[128];

	for (unsigned int i = 0; i < n; i++) {
		dir_path(m, i, path, sizeof(path));
		if ((there ? mkdir(path, 0700) : rmdir(path)) != 0) {
			die(path);
		}
	}
}

static void wait_ready(struct master *m, unsigned int n)
{
	for (int i = 0; atomic_load(&m->counts->ready) < n; i++) {
		if (i > PATIENCE * 100) {
			errno = ETIMEDOUT;
			die("the processes do not begin");
		}
		usleep(10000);
	}
}

/* Until all that was made is told, or nothing more comes. */
static void wait_told(struct counts *c)
{
	uint64_t last = 0;

	for (int i = 0; i < PATIENCE * 100; i++) {
		uint64_t t = atomic_load(&c->told);

		if (t == atomic_load(&c->made)) {
			usleep(100000); /* for what comes twice */
			return;
		}
		i = t != last ? 0 : i;
		last = t;
		usleep(10000);
	}
}

/* Seconds of processor time that a process that lives has used. */
static double cpu_of(pid_t pid)
{
	clockid_t clock;
	struct timespec t;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) != 0) {
		die("processor time");
	}
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run_changers(struct master *m)
{
	pid_t pids[CHANGERS];
	int code;

	for (unsigned int i = 0; i < CHANGERS; i++) {
		pids[i] = begin(m);
		if (pids[i] == 0) {
			run_changer(m, i);
			notify_client_end(m->c);
			TALLOC_FREE(m->m);
			_exit(0);
		}
	}
	for (unsigned int i = 0; i < CHANGERS; i++) {
		waitpid(pids[i], &code, 0);
		ok(m, code == 0, "who changes ends well");
	}
}

/* Whether all was told.  That what is told is right holds in any case. */
static bool measure(struct master *m, pid_t notifyd)
{
	struct counts *c = m->counts;
	double cpu = cpu_of(notifyd), start = now(), changing, seconds;
	uint64_t made;

	run_changers(m);
	changing = now() - start;
	wait_told(c);
	seconds = now() - start - 0.1;
	cpu = cpu_of(notifyd) - cpu;
	made = atomic_load(&c->made);
	printf("# %u watches in %u processes: %.0f changes a second, %.0f told "
	       "a second; notifyd %.0f %% of a core, %.1f us for each told\n",
	       m->load.processes * m->load.watches, m->load.processes,
	       (double)made / changing /
		       (m->load.together ? m->load.processes * m->load.watches
					 : 1),
	       (double)made / seconds, 100 * cpu / seconds,
	       cpu * 1e6 / (double)made);
	printf("# made %" PRIu64 ", told %" PRIu64 ", lost %" PRIu64
	       ", wrong %" PRIu64 "\n",
	       made, atomic_load(&c->told), atomic_load(&c->lost),
	       atomic_load(&c->wrong));
	ok(m, atomic_load(&c->wrong) == 0, "all come once and in order");
	return atomic_load(&c->lost) == 0 && made > 0 &&
	       atomic_load(&c->told) == made;
}

static bool run_once(struct master *m, const struct load *load)
{
	pid_t pids[load->processes + 1];
	bool all;

	m->load = *load;
	atomic_store(&m->counts->ready, 0);
	atomic_store(&m->counts->stop, 0);
	atomic_store(&m->counts->made, 0);
	atomic_store(&m->counts->told, 0);
	atomic_store(&m->counts->lost, 0);
	atomic_store(&m->counts->wrong, 0);
	make_dirs(m, true);
	for (unsigned int i = 0; i <= load->processes; i++) {
		pids[i] = begin(m);
		if (pids[i] == 0) {
			if (i == 0) {
				run_notifyd(m);
			} else {
				run_watcher(m, (i - 1) * load->watches);
			}
			TALLOC_FREE(m->m);
			_exit(0);
		}
		if (i == 0) {
			wait_ready(m, 1);
		}
	}
	wait_ready(m, load->processes + 1);
	atomic_store(&m->counts->lost, 0); /* while it was not ready */
	all = measure(m, pids[0]);
	atomic_store(&m->counts->stop, 1);
	for (unsigned int i = 0; i <= load->processes; i++) {
		waitpid(pids[i], NULL, 0);
	}
	make_dirs(m, false);
	return all;
}

/* On a machine that is busy otherwise a queue may run over once, of which the
 * watchers are told then. */
static void run(struct master *m, const struct load *load)
{
	bool all = false;

	for (int i = 0; i < 3 && !all; i++) {
		all = run_once(m, load);
	}
	ok(m, all, "all are told, and nobody of a loss");
}

/* --- all ----------------------------------------------------------------- */

static void start(struct master *m, const char *where)
{
	snprintf(m->dir, sizeof(m->dir), "%s/notify-load-XXXXXX", where);
	if (mkdtemp(m->dir) == NULL) {
		die(m->dir);
	}
	m->counts = mmap(NULL, sizeof(*m->counts), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m->counts == MAP_FAILED) {
		die("memory");
	}
	m->ev = tevent_context_init(m);
	must(messaging_create(m, m->ev, m->dir, &m->m), "messaging");
	must(notify_client_create(m->m, m->m, NULL, &m->c), "board");
}

static void end(struct master *m)
{
	char path[80];

	TALLOC_FREE(m->m);
	snprintf(path, sizeof(path), "%s/msg", m->dir);
	if (rmdir(path) != 0 || rmdir(m->dir) != 0) {
		die(m->dir);
	}
}

int main(int argc, const char **argv)
{
	struct master *m = talloc_zero(NULL, struct master);
	char *where = NULL;
	int watches = 10000, rate = 20000, together = 1000, seconds = 3;
	struct poptOption options[] = {
		{"directory", 'd', POPT_ARG_STRING, &where, 0,
		 "where the files are; default: /dev/shm, /tmp", "PATH"},
		{"watches", 'w', POPT_ARG_INT, &watches, 0,
		 "of as many directories; default: 10000", "N"},
		{"rate", 'r', POPT_ARG_INT, &rate, 0,
		 "changes a second; default: 20000", "N"},
		{"together", 't', POPT_ARG_INT, &together, 0,
		 "processes that watch one directory; default: 1000", "N"},
		{"seconds", 's', POPT_ARG_INT, &seconds, 0,
		 "how long; default: 3", "N"},
		POPT_AUTOHELP POPT_TABLEEND};
	poptContext pc = poptGetContext(NULL, argc, argv, options, 0);

	if (poptGetNextOpt(pc) != -1 || watches < 20 || rate < 1 ||
	    together < 1 || seconds < 1) {
		poptPrintUsage(pc, stderr, 0);
		return 2;
	}
	m->seconds = (unsigned int)seconds;
	start(m, where != NULL			 ? where
		 : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
						 : "/tmp");
	run(m, &(struct load){.what = "each its own directory",
			      .processes = 20,
			      .watches = (unsigned int)watches / 20,
			      .rate = (unsigned int)rate});
	run(m, &(struct load){.what = "one directory",
			      .processes = (unsigned int)together,
			      .watches = 1,
			      .together = true,
			      .rate = 50});
	end(m);
	printf("1..%u\n", m->done);
	poptFreeContext(pc);
	return m->failed == 0 ? 0 : 1;
}
