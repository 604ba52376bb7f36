/* smbd/notify_process.c - see notify_process.h. */
#include "smbd/notify_process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/log.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "messaging/messaging.h"
#include "notifyd/notifyd.h"
#include "smbd/privileges.h"
#include "smbd/server.h"

static void end(struct smbd_server *server, int code) __attribute__((noreturn));
static void end(struct smbd_server *server, int code)
{
	TALLOC_FREE(server->messaging); /* removes the socket */
	_exit(code);
}

static void stop_signal(struct tevent_context *ev, struct tevent_signal *se,
			int signum, int count, void *siginfo,
			void *private_data)
{
	end(private_data, 0);
}

static NTSTATUS begin(struct smbd_server *server)
{
	struct notifyd *notifyd;
	NTSTATUS status = smbd_server_after_fork(server);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (tevent_add_signal(server->ev, server, SIGTERM, 0, stop_signal,
			      server) == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	return notifyd_create(server, server->messaging,
			      notify_client_board(server->locking->notify),
			      &notifyd);
}

void smbd_notify_process_run(struct smbd_server *server)
{
	NTSTATUS status;

	log_set_name("smbd[notifyd]");
	prctl(PR_SET_NAME, "notifyd");
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN); /* of a terminal: the master says when */
	/* The children that outlive a killed master find no changes then. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != (pid_t)server->master.pid) {
		_exit(0);
	}
	notifyd_come_first();
	status = begin(server);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "notifyd does not start: %s",
			ntstatus_name(status));
		_exit(1);
	}
	smbd_drop_privileges();
	while (tevent_loop_once(server->ev) == 0) {
	}
	LOG_ERR(LOG_GENERAL, "the event loop failed: %s", strerror(errno));
	end(server, 1);
}
