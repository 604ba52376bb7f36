/* vfs_modules/posix/work.c - see work.h.
 *
 * The way of a job: running (a thread has it), finished (the thread has put it
 * in the list and written to the eventfd, and ends), joined and told of. */
#include "vfs_modules/posix/work.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/log.h"

#define STACK_SIZE (256 * 1024) /* a sanitizer's frames included */

struct posix_work {
	const struct fsa_driver_env *env;
	int event; /* eventfd; -1: not needed so far */
	struct tevent_fd *fde;
	struct posix_job *running; /* and finished */
	unsigned int count;
	pthread_mutex_t lock; /* of finished */
	struct posix_job *finished[POSIX_WORK_MAX];
	unsigned int num_finished;
};

/* --- in the thread -------------------------------------------------------- */

static void carry_out(struct posix_job *job)
{
	job->status = NT_STATUS_OK;
	while (NT_STATUS_IS_OK(job->status) && job->done < job->length) {
		if (atomic_load(&job->cancelled)) {
			job->status = NT_STATUS(CANCELLED);
			return;
		}
		job->status = job->step(job);
	}
}

static void *job_thread(void *arg)
{
	struct posix_job *job = arg;
	struct posix_work *w = job->work;
	const uint64_t one = 1;
	ssize_t n;

	carry_out(job);
	pthread_mutex_lock(&w->lock);
	w->finished[w->num_finished++] = job;
	pthread_mutex_unlock(&w->lock);
	n = write(w->event, &one, sizeof(one));
	ASSERT(n == sizeof(one)); /* it cannot be full */
	return NULL;
}

/* --- in the loop -----------------------------------------------------------
 */

static void end_job(struct posix_job *job)
{
	struct posix_work *w = job->work;

	DLIST_REMOVE(w->running, job);
	w->count--;
	free(job->buffer);
	talloc_free(job);
}

static struct posix_job *take_finished(struct posix_work *w)
{
	struct posix_job *job = NULL;

	pthread_mutex_lock(&w->lock);
	if (w->num_finished > 0) {
		job = w->finished[--w->num_finished];
	}
	pthread_mutex_unlock(&w->lock);
	return job;
}

static void event_readable(struct tevent_context *ev, struct tevent_fd *fde,
			   uint16_t flags, void *private_data)
{
	struct posix_work *w = private_data;
	struct posix_job *job;
	uint64_t n;

	if (read(w->event, &n, sizeof(n)) != sizeof(n)) {
		return; /* EAGAIN */
	}
	while ((job = take_finished(w)) != NULL) {
		struct fsa_io *io = job->io;
		NTSTATUS status = job->status;

		pthread_join(job->thread, NULL);
		*job->out_done += job->done;
		io->cancel = NULL;
		io->state = NULL;
		end_job(job);
		w->env->done(io, status);
	}
}

static void job_cancel(struct fsa_io *io)
{
	struct posix_job *job = io->state;

	atomic_store(&job->cancelled, true);
}

static int work_destructor(struct posix_work *w)
{
	struct posix_job *job;

	for (job = w->running; job != NULL; job = job->next) {
		atomic_store(&job->cancelled, true);
	}
	while ((job = w->running) != NULL) {
		pthread_join(job->thread, NULL);
		end_job(job);
	}
	if (w->event != -1) {
		TALLOC_FREE(w->fde);
		close(w->event);
	}
	pthread_mutex_destroy(&w->lock);
	return 0;
}

NTSTATUS posix_work_create(TALLOC_CTX *mem_ctx,
			   const struct fsa_driver_env *env,
			   struct posix_work **out)
{
	struct posix_work *w = talloc_zero(mem_ctx, struct posix_work);

	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	w->env = env;
	w->event = -1;
	pthread_mutex_init(&w->lock, NULL);
	talloc_set_destructor(w, work_destructor);
	*out = w;
	return NT_STATUS_OK;
}

static bool event_is_there(struct posix_work *w)
{
	if (w->event != -1) {
		return true;
	}
	w->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->event == -1) {
		return false;
	}
	w->fde = tevent_add_fd(w->env->ev, w, w->event, TEVENT_FD_READ,
			       event_readable, w);
	if (w->fde == NULL) {
		close(w->event);
		w->event = -1;
		return false;
	}
	return true;
}

/* With all signals blocked: they are the loop's. */
static bool begin_thread(struct posix_job *job)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int err;

	if (pthread_attr_init(&attr) != 0) {
		return false;
	}
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&job->thread, &attr, job_thread, job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err == 0;
}

static NTSTATUS at_once(const struct posix_job *template, uint64_t *out_done)
{
	struct posix_job job = *template;

	carry_out(&job);
	free(job.buffer);
	*out_done += job.done;
	return job.status;
}

NTSTATUS posix_work_start(struct posix_work *w, struct fsa_io *io,
			  const struct posix_job *template, uint64_t *out_done)
{
	struct posix_job *job;

	if (template->length <= POSIX_WORK_INLINE) {
		return at_once(template, out_done);
	}
	if (w->count >= POSIX_WORK_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	if (!event_is_there(w)) {
		return at_once(template, out_done);
	}
	job = talloc(w, struct posix_job);
	if (job == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*job = *template;
	job->work = w;
	job->io = io;
	job->out_done = out_done;
	DLIST_ADD(w->running, job);
	w->count++;
	if (!begin_thread(job)) {
		end_job(job);
		return at_once(template, out_done);
	}
	io->state = job;
	io->cancel = job_cancel;
	return NT_STATUS(PENDING);
}
