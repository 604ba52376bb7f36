/* smbd/master.c - see master.h. */
#include "smbd/master.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <tevent.h>
#include <unistd.h>

#include "idl/messages_gen.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "messaging/messaging.h"
#include "smbd/child.h"
#include "smbd/helper.h"
#include "smbd/listen.h"
#include "smbd/notify_process.h"
#include "smbd/orphans.h"
#include "smbd/server.h"

#define ACCEPT_AT_ONCE	  16  /* connections, before other events */
#define MAX_STRANGERS	  512 /* children nobody has logged on to yet */
#define PAUSE_MSEC	  100 /* when there is no memory or descriptor */
#define STOP_SECONDS	  10  /* for children to end by themselves */
#define COMPLAINT_SECONDS 5   /* between lines about the same trouble */

struct child {
	struct child *prev, *next; /* in strangers or known, oldest first */
	pid_t pid;
	bool known; /* somebody logged on */
};

struct listener {
	struct master *master;
	int fd;
	struct tevent_fd *fde;
};

struct master {
	struct smbd_server *server;
	struct listener *listeners;
	size_t num_listeners;
	struct child *strangers;
	struct child *known;
	unsigned int num_children; /* both */
	unsigned int num_strangers;
	time_t complained;
	unsigned int silent; /* complaints that were not made */
	struct tevent_timer *pause;
	struct helper *notifyd;
	struct orphans *orphans;
	bool stopping;
	bool killed; /* those that did not end by themselves */
};

static void watch_listeners(struct master *m, bool on);

/* --- trouble, in a bounded number of lines ------------------------------- */

static void complain(struct master *m, const char *what, const char *why)
{
	time_t now = time(NULL);

	if (now - m->complained < COMPLAINT_SECONDS) {
		m->silent++;
		return;
	}
	LOG_ERR(LOG_GENERAL, "%s: %s (%u children, %u more times since)", what,
		why, m->num_children, m->silent);
	m->complained = now;
	m->silent = 0;
}

static void pause_over(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct master *m = talloc_get_type_abort(private_data, struct master);

	m->pause = NULL;
	watch_listeners(m, true);
}

/* Leaves the connections to come where they are for a moment. */
static void pause_accepting(struct master *m)
{
	if (m->pause != NULL || m->stopping) {
		return;
	}
	m->pause = tevent_add_timer(
		m->server->ev, m,
		tevent_timeval_current_ofs(0, PAUSE_MSEC * 1000), pause_over,
		m);
	if (m->pause != NULL) {
		watch_listeners(m, false);
	}
}

/* --- a connection -------------------------------------------------------- */

static void forget_listeners(struct master *m)
{
	for (size_t i = 0; i < m->num_listeners; i++) {
		TALLOC_FREE(m->listeners[i].fde);
		close(m->listeners[i].fd);
	}
	m->num_listeners = 0;
}

/* In a new process: lets go of what is the master's. */
static void leave_master(struct master *m)
{
	struct smbd_server *server = m->server;
	sigset_t none;

	forget_listeners(m);
	talloc_free(m); /* its signals, timers and handlers */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (tevent_re_initialise(server->ev) != 0) {
		LOG_ERR(LOG_GENERAL, "a child has no event loop");
		_exit(1);
	}
}

/* No signal may come to the child before it is one: its handlers are the
 * master's until then. */
static pid_t fork_blocked(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid != 0) {
		int err = errno;

		sigprocmask(SIG_SETMASK, &before, NULL);
		errno = err;
	}
	return pid;
}

static void serve(struct master *m, int fd)
{
	struct child *c = talloc_zero(m, struct child);
	pid_t pid = -1;

	if (c != NULL) {
		pid = fork_blocked();
	}
	if (pid == 0) {
		struct smbd_server *server = m->server;

		leave_master(m);
		smbd_child_run(server, fd);
	}
	close(fd);
	if (pid < 0) {
		complain(m, "a connection is refused, no child can be made",
			 strerror(errno));
		talloc_free(c);
		pause_accepting(m);
		return;
	}
	c->pid = pid;
	DLIST_ADD_END(m->strangers, c);
	m->num_children++;
	m->num_strangers++;
}

/* Who comes and does not log on takes the place of others of his kind: the
 * oldest goes. */
static void make_room(struct master *m)
{
	struct child *oldest = m->strangers;

	if (m->num_strangers < MAX_STRANGERS) {
		return;
	}
	complain(m, "a client is put out", "too many that do not log on");
	DLIST_REMOVE(m->strangers, oldest);
	DLIST_ADD_END(m->known, oldest);
	oldest->known = true; /* as far as counting goes */
	m->num_strangers--;
	kill(oldest->pid, SIGTERM);
}

static pid_t fork_notifyd(void *private_data)
{
	struct master *m = talloc_get_type_abort(private_data, struct master);
	pid_t pid = fork_blocked();

	if (pid == 0) {
		struct smbd_server *server = m->server;

		leave_master(m);
		smbd_notify_process_run(server);
	}
	return pid;
}

static bool is_full(struct master *m)
{
	int max = conf_global(m->server->conf)->max_processes;

	if (max > 0 && m->num_children >= (unsigned int)max) {
		complain(m, "a connection is refused",
			 "\"max smbd processes\" is reached");
		return true;
	}
	make_room(m);
	return false;
}

/* True when there may be more to accept. */
static bool accept_one(struct master *m, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		if (is_full(m)) {
			close(fd);
		} else {
			serve(m, fd);
		}
		return true;
	}
	switch (errno) {
	case EAGAIN:
	case EINTR:
	case ECONNABORTED:
		return false;
	default:
		complain(m, "accepting connections", strerror(errno));
		pause_accepting(m);
		return false;
	}
}

static void listener_ready(struct tevent_context *ev, struct tevent_fd *fde,
			   uint16_t flags, void *private_data)
{
	struct listener *l = private_data;
	int n = 0;

	while (n < ACCEPT_AT_ONCE && l->master->pause == NULL &&
	       accept_one(l->master, l->fd)) {
		n++;
	}
}

static void watch_listeners(struct master *m, bool on)
{
	for (size_t i = 0; i < m->num_listeners; i++) {
		tevent_fd_set_flags(m->listeners[i].fde,
				    on ? TEVENT_FD_READ : 0);
	}
}

/* --- children that end --------------------------------------------------- */

static struct child *find_in(struct child *list, pid_t pid)
{
	while (list != NULL && list->pid != pid) {
		list = list->next;
	}
	return list;
}

static struct child *find_child(struct master *m, pid_t pid)
{
	struct child *c = find_in(m->strangers, pid);

	return c != NULL ? c : find_in(m->known, pid);
}

static void forget_child(struct master *m, struct child *c)
{
	m->num_children--;
	if (c->known) {
		DLIST_REMOVE(m->known, c);
	} else {
		DLIST_REMOVE(m->strangers, c);
		m->num_strangers--;
	}
	talloc_free(c);
}

static void log_death(pid_t pid, int wstatus)
{
	if (WIFSIGNALED(wstatus)) {
		LOG_ERR(LOG_GENERAL, "child %d was killed by signal %d (%s)%s",
			(int)pid, WTERMSIG(wstatus),
			strsignal(WTERMSIG(wstatus)),
			WCOREDUMP(wstatus) ? ", core dumped" : "");
	} else if (WEXITSTATUS(wstatus) != 0) {
		LOG_WARN(LOG_GENERAL, "child %d ended with code %d", (int)pid,
			 WEXITSTATUS(wstatus));
	} else {
		LOG_DEBUG(LOG_GENERAL, "child %d has ended", (int)pid);
	}
}

static void reap(struct master *m)
{
	int wstatus;
	pid_t pid;

	while ((pid = waitpid(-1, &wstatus, WNOHANG)) > 0) {
		struct child *c = find_child(m, pid);

		helper_reaped(m->notifyd, pid);
		log_death(pid, wstatus);
		if (WIFSIGNALED(wstatus) || WEXITSTATUS(wstatus) != 0) {
			/* It left records behind. */
			locking_process_died(m->server->locking, (uint32_t)pid,
					     WIFSIGNALED(wstatus));
		}
		if (c != NULL) {
			forget_child(m, c);
		}
	}
}

static void child_signal(struct tevent_context *ev, struct tevent_signal *se,
			 int signum, int count, void *siginfo,
			 void *private_data)
{
	reap(talloc_get_type_abort(private_data, struct master));
}

/* A child says that somebody logged on to it. */
static void child_known(struct messaging_context *msg_ctx, struct message *msg,
			void *private_data)
{
	struct master *m = talloc_get_type_abort(private_data, struct master);
	struct child *c = find_in(m->strangers, (pid_t)msg->src.pid);

	if (c != NULL) {
		DLIST_REMOVE(m->strangers, c);
		DLIST_ADD_END(m->known, c);
		c->known = true;
		m->num_strangers--;
	}
}

/* --- stop and reload ----------------------------------------------------- */

static void signal_children(struct master *m, int signum)
{
	for (struct child *c = m->strangers; c != NULL; c = c->next) {
		kill(c->pid, signum);
	}
	for (struct child *c = m->known; c != NULL; c = c->next) {
		kill(c->pid, signum);
	}
}

static void stop_timeout(struct tevent_context *ev, struct tevent_timer *te,
			 struct timeval now, void *private_data)
{
	struct master *m = talloc_get_type_abort(private_data, struct master);

	LOG_WARN(LOG_GENERAL, "%u children did not stop and are killed",
		 m->num_children);
	signal_children(m, SIGKILL);
	m->killed = true;
}

static void stop(struct master *m, const char *why)
{
	if (m->stopping) {
		return;
	}
	LOG_NOTICE(LOG_GENERAL, "stopping: %s", why);
	m->stopping = true;
	forget_listeners(m);
	signal_children(m, SIGTERM);
	if (tevent_add_timer(m->server->ev, m,
			     tevent_timeval_current_ofs(STOP_SECONDS, 0),
			     stop_timeout, m) == NULL) {
		signal_children(m, SIGKILL);
	}
}

static void stop_signal(struct tevent_context *ev, struct tevent_signal *se,
			int signum, int count, void *siginfo,
			void *private_data)
{
	stop(talloc_get_type_abort(private_data, struct master),
	     strsignal(signum));
}

static void stop_message(struct messaging_context *msg_ctx, struct message *msg,
			 void *private_data)
{
	NTSTATUS status = messaging_reply(msg_ctx, msg, NT_STATUS_OK,
					  (struct blob){0}, NULL, 0);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
	stop(talloc_get_type_abort(private_data, struct master),
	     "asked for by message");
}

static void reload_signal(struct tevent_context *ev, struct tevent_signal *se,
			  int signum, int count, void *siginfo,
			  void *private_data)
{
	struct master *m = talloc_get_type_abort(private_data, struct master);

	smbd_server_reload(m->server);
	signal_children(m, SIGHUP);
}

/* --- set-up -------------------------------------------------------------- */

static NTSTATUS add_signals(struct master *m)
{
	static const struct {
		int signum;
		tevent_signal_handler_t fn;
	} rows[] = {
		{SIGCHLD, child_signal},
		{SIGTERM, stop_signal},
		{SIGINT, stop_signal},
		{SIGHUP, reload_signal},
	};

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a write says EFBIG then */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (tevent_add_signal(m->server->ev, m, rows[i].signum, 0,
				      rows[i].fn, m) == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS add_handlers(struct master *m)
{
	struct messaging_handler *handler;
	NTSTATUS status =
		messaging_register(m, m->server->messaging, MSG_SHUTDOWN,
				   stop_message, m, &handler);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return messaging_register(m, m->server->messaging, MSG_LOGGED_ON,
				  child_known, m, &handler);
}

static NTSTATUS add_listeners(struct master *m)
{
	int *fds;
	size_t count;
	NTSTATUS status = smbd_listen(m, m->server->conf, &fds, &count);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	m->listeners = talloc_zero_array(m, struct listener, count);
	for (size_t i = 0; i < count && m->listeners != NULL; i++) {
		struct listener *l = &m->listeners[i];

		l->master = m;
		l->fd = fds[i];
		l->fde = tevent_add_fd(m->server->ev, m, l->fd, TEVENT_FD_READ,
				       listener_ready, l);
		if (l->fde == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		m->num_listeners++;
	}
	talloc_free(fds);
	return m->listeners == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

NTSTATUS master_create(TALLOC_CTX *mem_ctx, struct smbd_server *server,
		       struct master **out)
{
	struct master *m = talloc_zero(mem_ctx, struct master);
	NTSTATUS status;

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	m->server = server;
	status = add_listeners(m);
	if (NT_STATUS_IS_OK(status)) {
		status = add_signals(m);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = add_handlers(m);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = orphans_create(m, server->ev, server->locking,
					&m->orphans);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(m);
		return status;
	}
	*out = m;
	return NT_STATUS_OK;
}

void master_run(struct master *m)
{
	NTSTATUS status;

	/* What a child does not touch it shares: leave it little to touch. */
	malloc_trim(0);
	status = helper_start(m, m->server->ev, "notifyd", fork_notifyd, m,
			      &m->notifyd);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "notifyd: %s", ntstatus_name(status));
		return;
	}
	while (!m->stopping || m->num_children > 0) {
		if (tevent_loop_once(m->server->ev) != 0) {
			LOG_ERR(LOG_GENERAL, "the event loop failed: %s",
				strerror(errno));
			signal_children(m, SIGTERM);
			return;
		}
	}
	helper_stop(m->notifyd);
	LOG_NOTICE(LOG_GENERAL, "stopped");
}
