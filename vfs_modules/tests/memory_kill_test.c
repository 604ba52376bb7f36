/* vfs_modules/tests/memory_kill_test.c - a process is killed at any instant of
 * its work on a memory share: what it was about is made, or it is not, and all
 * is as it must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/identity.h"
#include "vfs_modules/tests/memory_check.h"

#define DRIVER (&fsa_memory_driver)
#define KILLS  80
#define OK(status)                                                             \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_SUCCESS")

struct process {
	struct fsa_driver_env env;
	struct mem_state *state;
	struct fsa_mount *mount;
};

static struct process *start(TALLOC_CTX *mem_ctx, void *shared)
{
	static const struct fsa_option options[] = {{"memory:size", "8M"}};
	const struct fsa_volume_params params = {.share_name = "s",
						 .path = "",
						 .create_mask = 0777,
						 .directory_mask = 0777,
						 .options = options,
						 .num_options = 1};
	struct process *p = talloc_zero(mem_ctx, struct process);
	void *state = NULL;

	assert_non_null(p);
	OK(DRIVER->start(p, &p->env, shared, &state));
	p->state = state;
	OK(DRIVER->mount(p, state, &params, &p->mount));
	return p;
}

/* --- operations, each of one change
 * ---------------------------------------------- */

static uint64_t next(uint64_t *seed)
{
	uint64_t x = *seed += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static const char *const names[] = {
	"a",	    "b",  "c",	    "d",      "e",	  "dir",
	"other",    "F",  "dir\\a", "dir\\b", "dir\\sub", "dir\\sub\\x",
	"other\\a", "f:", "A",	    "Dir\\a"};

static const char *some_name(uint64_t *seed)
{
	return names[next(seed) % (sizeof(names) / sizeof(names[0]))];
}

static void make(struct process *p, uint64_t *seed)
{
	const char *name = some_name(seed);
	const char *last = strrchr(name, '\\');
	const struct fsa_how how = {.path = name,
				    .posix = next(seed) % 2 == 0,
				    .directory =
					    strlen(last ? last : name) > 2};
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	if (NT_STATUS_IS_OK(DRIVER->make(p, p->mount, &how, &n, &st))) {
		talloc_free(n);
	}
}

static void append(struct fsa_node *n, uint64_t *seed)
{
	static uint8_t data[20000];
	struct fsa_io io = {.op = FSA_WRITE};
	NTSTATUS status;

	for (size_t i = 0; i < sizeof(data); i += 8) {
		uint64_t r = next(seed);

		memcpy(data + i, &r, 8);
	}
	io.u.write = (struct fsa_write){
		.offset = UINT64_MAX,
		.data = data,
		.length = (uint32_t)(next(seed) % sizeof(data))};
	status = DRIVER->write(n, &io);
	assert_true(NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, DISK_FULL));
}

static void change_stream(struct process *p, struct fsa_node *n, uint64_t *seed)
{
	const char *name = next(seed) % 2 == 0 ? "one" : "two";
	struct fsa_node *stream = NULL;

	if (NT_STATUS_IS_OK(DRIVER->stream_open(p, n, name, &stream))) {
		if (next(seed) % 3 == 0) {
			(void)DRIVER->unlink(stream);
		} else {
			append(stream, seed);
		}
	} else {
		(void)DRIVER->stream_make(p, n, name, &stream);
	}
	talloc_free(stream);
}

static void change_ea(struct fsa_node *n, uint64_t *seed)
{
	static uint8_t value[9000];
	const struct fsa_ea ea = {
		.name = next(seed) % 2 == 0 ? "x" : "yy",
		.value = {.data = value, .length = next(seed) % sizeof(value)}};

	(void)DRIVER->set_ea(n, &ea);
}

static void change(struct process *p, struct fsa_node *n, uint64_t *seed)
{
	const struct fsa_basic basic = {.attributes =
						FILE_ATTRIBUTE_ARCHIVE |
						(uint32_t)(next(seed) & 7)};
	const struct fsa_unix_change mode = {
		.set_mode = true, .mode = 0700 | (mode_t)(next(seed) & 077)};

	switch (next(seed) % 9) {
	case 0:
		(void)DRIVER->rename(n, some_name(seed), true);
		break;
	case 1:
		(void)DRIVER->link(n, some_name(seed), true);
		break;
	case 2:
		(void)DRIVER->unlink(n);
		break;
	case 3:
		change_ea(n, seed);
		break;
	case 4:
		change_stream(p, n, seed);
		break;
	case 5:
		OK(DRIVER->set_basic(n, &basic));
		break;
	case 8:
		OK(DRIVER->set_unix(n, &mode));
		break;
	case 6:
		OK(n->directory ? NT_STATUS_OK
				: DRIVER->set_size(n, next(seed) % 40000));
		break;
	default:
		if (!n->directory) {
			append(n, seed);
		}
		break;
	}
}

/* The number-th operation: the same for the same state and seed. */
static void operate(struct process *p, uint64_t seed, uint64_t number)
{
	const struct fsa_how how = {.path = NULL};
	struct fsa_how open = how;
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	seed += number * 0xd1342543de82ef95u;
	if (next(&seed) % 3 == 0) {
		make(p, &seed);
		return;
	}
	open.path = some_name(&seed);
	open.posix = next(&seed) % 2 == 0;
	if (NT_STATUS_IS_OK(DRIVER->open(p, p->mount, &open, &n, &st))) {
		change(p, n, &seed);
		talloc_free(n);
	}
}

/* --- killing
 * ---------------------------------------------------------------------- */

static void run_until_killed(void *shared, uint64_t seed,
			     _Atomic uint64_t *done)
{
	struct process *p = start(NULL, shared);

	for (uint64_t i = 0;; i++) {
		operate(p, seed, i);
		atomic_store(done, i + 1);
	}
}

static void wait_a_moment(uint64_t *seed, const _Atomic uint64_t *done)
{
	const struct timespec pause = {.tv_nsec = (long)(next(seed) % 3000000)};

	while (atomic_load(done) == 0) {
		sched_yield();
	}
	nanosleep(&pause, NULL);
}

/* What the operations make when nobody is killed. */
static void compare(const char *found, uint64_t seed, uint64_t done)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct process *p;
	void *shared = NULL;
	char *dump;

	OK(DRIVER->share(tmp, &shared));
	p = start(tmp, shared);
	for (uint64_t i = 0; i < done; i++) {
		operate(p, seed, i);
	}
	dump = memory_dump(tmp, p->state, "s");
	if (strcmp(dump, found) != 0) {
		operate(p, seed, done);
		dump = memory_dump(tmp, p->state, "s");
	}
	assert_string_equal(found, dump);
	talloc_free(p);
	talloc_free(tmp);
}

static bool kill_one(uint64_t seed, _Atomic uint64_t *done)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	uint64_t chance = seed;
	struct process *p;
	void *shared = NULL;
	int wstatus;
	bool amidst;
	pid_t pid;

	atomic_store(done, 0);
	OK(DRIVER->share(tmp, &shared));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		run_until_killed(shared, seed, done);
	}
	wait_a_moment(&chance, done);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGKILL);
	amidst = arena_lock(*(struct arena **)shared);
	arena_unlock(*(struct arena **)shared);
	p = start(tmp, shared);
	memory_check(p->state);
	compare(memory_dump(tmp, p->state, "s"), seed, atomic_load(done));
	talloc_free(p);
	talloc_free(tmp);
	return amidst;
}

static void test_killed_at_any_instant(void **state)
{
	_Atomic uint64_t *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seed = (uint64_t)time(NULL);
	const char *given = getenv("HOLDFAST_SEED");
	unsigned int amidst = 0;

	assert_ptr_not_equal(done, MAP_FAILED);
	if (given != NULL) {
		seed = strtoull(given, NULL, 10);
	}
	print_message("HOLDFAST_SEED=%llu\n", (unsigned long long)seed);
	for (unsigned int i = 0; i < KILLS; i++) {
		amidst += kill_one(next(&seed), done) ? 1 : 0;
	}
	/* Else it does not test what it is for. */
	assert_true(amidst > KILLS / 20);
	munmap((void *)done, 4096);
}

/* What a process had open it has no longer when it is dead. */
static void test_opens_of_the_dead_end(void **state)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const struct fsa_how how = {.path = "f"};
	struct fsa_node *n = NULL;
	struct process *p;
	struct fsa_stat st;
	void *shared = NULL;
	int wstatus;
	pid_t pid;

	OK(DRIVER->share(tmp, &shared));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		p = start(NULL, shared);
		OK(DRIVER->make(p, p->mount, &how, &n, &st));
		OK(DRIVER->unlink(n));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_int_equal(wstatus, 0);
	p = start(tmp, shared);
	assert_null(p->state->fs->doomed);
	/* Its record is this process's now. */
	assert_ptr_equal(p->state->fs->processes, p->state->self);
	assert_null(p->state->self->next);
	memory_check(p->state);
	talloc_free(p);
	talloc_free(tmp);
}

int main(void)
{
	const struct identity who = {.uid = geteuid(), .gid = getegid()};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_at_any_instant),
		cmocka_unit_test(test_opens_of_the_dead_end),
	};

	identity_assume(&who);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
