/* torture/run.c - runs tests in processes of their own and reports in TAP. */
#include "torture/run.h"

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "torture/util.h"

#define OUTPUT_MAX 8192

/* What a test's process left behind. */
struct outcome {
	char output[OUTPUT_MAX];
	size_t length;
	bool timed_out;
	int wait_status;
	char after[OUTPUT_MAX]; /* what the command after it printed */
	int after_status;
	double seconds;
};

/* A pattern is a glob; one without a dot also names a whole feature. */
static bool matches(const char *name, const char *const *patterns)
{
	char whole[128];

	if (patterns == NULL || patterns[0] == NULL) {
		return true;
	}
	for (size_t i = 0; patterns[i] != NULL; i++) {
		snprintf(whole, sizeof(whole), "%s.*", patterns[i]);
		if (fnmatch(patterns[i], name, 0) == 0 ||
		    fnmatch(whole, name, 0) == 0) {
			return true;
		}
	}
	return false;
}

static size_t count_tests(const char *const *patterns)
{
	size_t n = 0;

	for (size_t f = 0; torture_features[f] != NULL; f++) {
		for (const struct torture_test *test = torture_features[f];
		     test->name != NULL; test++) {
			n += matches(test->name, patterns);
		}
	}
	return n;
}

void torture_list(const char *const *patterns)
{
	for (size_t f = 0; torture_features[f] != NULL; f++) {
		for (const struct torture_test *test = torture_features[f];
		     test->name != NULL; test++) {
			if (matches(test->name, patterns)) {
				printf("%-44s %s\n", test->name, test->rule);
			}
		}
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void run_child(const struct torture_options *options,
		      const struct torture_test *test, int out)
	__attribute__((noreturn));

static void run_child(const struct torture_options *options,
		      const struct torture_test *test, int out)
{
	struct torture t = {.options = options, .test_name = test->name};

	/* A group of its own: what the test forks dies with it. */
	(void)setpgid(0, 0);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);
	close(out);
	signal(SIGPIPE, SIG_IGN);
	t.mem = talloc_named_const(NULL, 0, test->name);
	t.ev = tevent_context_init(t.mem);
	if (t.ev == NULL) {
		FAIL("no event context");
	}
	test->run(&t);
	talloc_free(t.mem);
	fflush(stdout);
	_Exit(TORTURE_EXIT_PASS);
}

/* Collects what the child prints until it ends or its time is up. */
static void collect(struct outcome *o, int in, pid_t pid, unsigned timeout)
{
	double start = now();

	for (;;) {
		struct pollfd p = {.fd = in, .events = POLLIN};
		double left = timeout - (now() - start);
		char drop[512];
		size_t room = sizeof(o->output) - 1 - o->length;
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)(left * 1000) + 1) == 0) {
			o->timed_out = true;
			break;
		}
		n = room > 0 ? read(in, o->output + o->length, room)
			     : read(in, drop, sizeof(drop));
		if (n == 0 || (n < 0 && errno != EINTR)) {
			break;
		}
		if (n > 0 && room > 0) {
			o->length += (size_t)n;
		}
	}
	if (o->timed_out) {
		(void)kill(-pid, SIGKILL);
		(void)kill(pid, SIGKILL);
	}
	while (waitpid(pid, &o->wait_status, 0) < 0 && errno == EINTR) {
	}
	(void)kill(-pid, SIGKILL);
	o->output[o->length] = '\0';
	o->seconds = now() - start;
}

/* torture_options.after */
static void run_after(const char *command, struct outcome *o)
{
	FILE *f = popen(command, "r");
	size_t n = 0;

	o->after_status = -1;
	if (f == NULL) {
		return;
	}
	n = fread(o->after, 1, sizeof(o->after) - 1, f);
	o->after[n] = '\0';
	o->after_status = pclose(f);
}

static void run_one(const struct torture_options *options,
		    const struct torture_test *test, struct outcome *o)
{
	unsigned timeout =
		(test->timeout != 0 ? test->timeout : options->timeout) +
		options->seconds;
	int fds[2];
	pid_t pid;

	*o = (struct outcome){.wait_status = -1};
	fflush(stdout);
	if (pipe(fds) != 0) {
		return;
	}
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		run_child(options, test, fds[1]);
	}
	close(fds[1]);
	if (pid > 0) {
		collect(o, fds[0], pid, timeout);
	}
	close(fds[0]);
	if (options->after != NULL) {
		run_after(options->after, o);
	}
}

static void print_output(const char *output)
{
	const char *line = output;

	while (*line != '\0') {
		size_t n = strcspn(line, "\n");

		printf("# %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

/* One TAP line and what belongs under it; true when the test did not fail. */
static bool report(size_t number, const struct torture_test *test,
		   const struct outcome *o, bool verbose)
{
	int code = WIFEXITED(o->wait_status) ? WEXITSTATUS(o->wait_status) : -1;
	bool ok = !o->timed_out && o->after_status == 0 &&
		  (code == TORTURE_EXIT_PASS || code == TORTURE_EXIT_SKIP);

	printf("%s %zu - %s", ok ? "ok" : "not ok", number, test->name);
	if (ok && code == TORTURE_EXIT_SKIP) {
		printf(" # SKIP %.*s", (int)strcspn(o->output, "\n"),
		       o->output);
	}
	printf("\n");
	if (!ok) {
		printf("# rule: %s\n", test->rule);
	}
	if (o->timed_out) {
		printf("# no end within %.0f seconds\n", o->seconds);
	} else if (code == -1) {
		printf("# ended by signal %d\n", WTERMSIG(o->wait_status));
	}
	if (!ok || verbose) {
		print_output(o->output);
	}
	if (o->after_status != 0) {
		printf("# what is run after it fails:\n");
		print_output(o->after);
	}
	if (verbose) {
		printf("# took %.3f s\n", o->seconds);
	}
	fflush(stdout);
	return ok;
}

int torture_run(const struct torture_options *options,
		const char *const *patterns)
{
	size_t total = count_tests(patterns), number = 0;
	struct outcome *o;
	int failed = 0;

	if (total == 0) {
		return -1;
	}
	o = talloc(NULL, struct outcome);
	if (o == NULL) {
		return -1;
	}
	printf("TAP version 13\n1..%zu\n", total);
	for (size_t f = 0; torture_features[f] != NULL; f++) {
		for (const struct torture_test *test = torture_features[f];
		     test->name != NULL; test++) {
			if (!matches(test->name, patterns)) {
				continue;
			}
			run_one(options, test, o);
			failed += !report(++number, test, o, options->verbose);
		}
	}
	talloc_free(o);
	torture_remove_all(options);
	printf("# %zu tests, %d failed\n", total, failed);
	return failed;
}
