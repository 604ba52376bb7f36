/* smbd/helper.c - see helper.h. */
#include "smbd/helper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"

#define RESTART_MSEC 200
#define STOP_TRIES   200
#define STOP_USEC    10000

struct helper {
	struct tevent_context *ev;
	const char *name;
	pid_t (*fork_it)(void *private_data);
	void *private_data;
	pid_t pid; /* 0: it does not run */
};

static void start(struct helper *h);

static void restart_due(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	start(talloc_get_type_abort(private_data, struct helper));
}

/* Not at once: what kills it may do so again. */
static void start_later(struct helper *h)
{
	if (tevent_add_timer(h->ev, h,
			     tevent_timeval_current_ofs(0, RESTART_MSEC * 1000),
			     restart_due, h) == NULL) {
		LOG_ERR(LOG_GENERAL, "%s does not run: out of memory", h->name);
	}
}

static void start(struct helper *h)
{
	pid_t pid = h->fork_it(h->private_data);

	if (pid < 0) {
		LOG_ERR(LOG_GENERAL, "%s is not forked: %s", h->name,
			strerror(errno));
		start_later(h);
		return;
	}
	h->pid = pid;
}

NTSTATUS helper_start(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
		      const char *name, pid_t (*fork_it)(void *private_data),
		      void *private_data, struct helper **out)
{
	struct helper *h = talloc_zero(mem_ctx, struct helper);

	if (h == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	h->ev = ev;
	h->name = name;
	h->fork_it = fork_it;
	h->private_data = private_data;
	start(h);
	*out = h;
	return NT_STATUS_OK;
}

void helper_reaped(struct helper *h, pid_t pid)
{
	if (pid != h->pid) {
		return;
	}
	h->pid = 0;
	LOG_WARN(LOG_GENERAL, "%s has ended and is started again", h->name);
	start_later(h);
}

void helper_stop(struct helper *h)
{
	pid_t pid = h->pid;

	if (pid == 0) {
		return;
	}
	h->pid = 0;
	kill(pid, SIGTERM);
	for (int i = 0; i < STOP_TRIES; i++) {
		if (waitpid(pid, NULL, WNOHANG) != 0) {
			return;
		}
		usleep(STOP_USEC);
	}
	LOG_WARN(LOG_GENERAL, "%s did not stop and is killed", h->name);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
