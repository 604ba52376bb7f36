/* vfs_modules/tests/work_test.c - what has a thread ends, once, whatever
 * happens to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "vfs_modules/posix/work.h"

#define MEG (1024u * 1024u)

static unsigned int ended;
static NTSTATUS ended_with;

static void done(struct fsa_io *io, NTSTATUS status)
{
	assert_null(io->cancel);
	ended++;
	ended_with = status;
}

struct world {
	struct tevent_context *ev;
	struct fsa_driver_env env;
	struct posix_work *work;
	struct fsa_io io[POSIX_WORK_MAX + 1];
};

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);

	w->ev = tevent_context_init(w);
	w->env.ev = w->ev;
	w->env.done = done;
	assert_true(NT_STATUS_IS_OK(posix_work_create(w, &w->env, &w->work)));
	ended = 0;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static NTSTATUS quick_step(struct posix_job *job)
{
	if (job->buffer == NULL) {
		job->buffer = malloc(1);
	}
	job->done += MEG;
	return NT_STATUS_OK;
}

/* Never comes to its end. */
static NTSTATUS slow_step(struct posix_job *job)
{
	usleep(1000);
	job->done = 1;
	return NT_STATUS_OK;
}

static NTSTATUS failing_step(struct posix_job *job)
{
	job->done = 2 * MEG;
	return NT_STATUS(DISK_FULL);
}

static void wait_for(struct world *w, unsigned int n)
{
	while (ended < n) {
		tevent_loop_once(w->ev);
	}
}

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

static void test_short_ones_at_once(void **state)
{
	struct world *w = *state;
	const struct posix_job job = {.step = quick_step, .length = MEG};
	uint64_t bytes = 5;

	IS(posix_work_start(w->work, &w->io[0], &job, &bytes), "SUCCESS");
	assert_int_equal(bytes, MEG + 5);
	assert_int_equal(ended, 0);
}

static void test_long_ones_later(void **state)
{
	struct world *w = *state;
	struct posix_job job = {.step = quick_step, .length = 8 * MEG};
	uint64_t bytes = 0;

	IS(posix_work_start(w->work, &w->io[0], &job, &bytes), "PENDING");
	assert_int_equal(ended, 0);
	wait_for(w, 1);
	IS(ended_with, "SUCCESS");
	assert_int_equal(bytes, 8 * MEG);
	job.step = failing_step;
	IS(posix_work_start(w->work, &w->io[0], &job, &bytes), "PENDING");
	wait_for(w, 2);
	IS(ended_with, "DISK_FULL");
	assert_int_equal(bytes, 10 * MEG);
}

static void test_cancel(void **state)
{
	struct world *w = *state;
	const struct posix_job job = {.step = slow_step, .length = 8 * MEG};
	uint64_t bytes = 0;

	IS(posix_work_start(w->work, &w->io[0], &job, &bytes), "PENDING");
	w->io[0].cancel(&w->io[0]);
	w->io[0].cancel(&w->io[0]);
	wait_for(w, 1);
	IS(ended_with, "CANCELLED");
}

/* ... and the end of the process while they run. */
static void test_not_too_many(void **state)
{
	struct world *w = *state;
	const struct posix_job job = {.step = slow_step, .length = 8 * MEG};
	uint64_t bytes[POSIX_WORK_MAX + 1] = {0};

	for (size_t i = 0; i < POSIX_WORK_MAX; i++) {
		IS(posix_work_start(w->work, &w->io[i], &job, &bytes[i]),
		   "PENDING");
	}
	IS(posix_work_start(w->work, &w->io[POSIX_WORK_MAX], &job,
			    &bytes[POSIX_WORK_MAX]),
	   "INSUFFICIENT_RESOURCES");
	TALLOC_FREE(w->work);
	assert_int_equal(ended, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_short_ones_at_once),
		TEST(test_long_ones_later),
		TEST(test_cancel),
		TEST(test_not_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
