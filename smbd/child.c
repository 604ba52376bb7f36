/* smbd/child.c - see child.h. */
#include "smbd/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/identity.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "messaging/messaging.h"
#include "smbd/bind_refuse.h"
#include "smbd/client.h"
#include "smbd/control.h"
#include "smbd/handover.h"
#include "smbd/id_table.h"
#include "smbd/logging.h"
#include "smbd/privileges.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/socket.h"

/* --- "deadtime" ---------------------------------------------------------- */

struct dead_time {
	struct smbd_client *client;
	uint64_t requests; /* when it was looked last */
};

static void dead_time_start(struct dead_time *d);

static uint64_t count_requests(const struct smbd_client *client)
{
	const struct smbd_connection *conn = client->connections;
	uint64_t n = 0;

	for (; conn != NULL; conn = conn->next) {
		n += conn->counts.requests;
	}
	return n;
}

static bool has_opens(const struct smbd_client *client)
{
	const struct smbd_session *s = client->sessions;

	while (s != NULL && id_table_count(s->opens) == 0) {
		s = s->next;
	}
	return s != NULL;
}

static void dead_time_over(struct tevent_context *ev, struct tevent_timer *te,
			   struct timeval now, void *private_data)
{
	struct dead_time *d =
		talloc_get_type_abort(private_data, struct dead_time);
	struct smbd_client *client = d->client;

	if (count_requests(client) == d->requests && !has_opens(client)) {
		smbd_client_disconnect(client, "idle for too long");
		return;
	}
	d->requests = count_requests(client);
	dead_time_start(d);
}

static void dead_time_start(struct dead_time *d)
{
	int minutes = conf_global(d->client->server->conf)->deadtime;

	if (minutes > 0) {
		tevent_add_timer(
			d->client->server->ev, d,
			tevent_timeval_current_ofs((uint32_t)minutes * 60, 0),
			dead_time_over, d);
	}
}

/* --- signals ------------------------------------------------------------- */

static void terminate(struct tevent_context *ev, struct tevent_signal *se,
		      int signum, int count, void *siginfo, void *private_data)
{
	smbd_client_disconnect(private_data, "the server is stopped");
}

static void hang_up(struct tevent_context *ev, struct tevent_signal *se,
		    int signum, int count, void *siginfo, void *private_data)
{
	struct smbd_client *client = private_data;

	smbd_server_reload(client->server);
}

/* --- the child ----------------------------------------------------------- */

static void child_end(struct smbd_server *server, int code)
{
	identity_drop();
	notify_client_end(server->locking->notify);
	/* Removes the socket; everything else goes with the process. */
	TALLOC_FREE(server->messaging);
	_exit(code);
}

static struct smbd_client *begin(struct smbd_server *server, int fd)
{
	char remote[SMBD_ADDRESS_SIZE], local[SMBD_ADDRESS_SIZE];
	struct smbd_client *client = NULL;
	struct smbd_connection *conn;
	struct dead_time *d;
	NTSTATUS status;

	smbd_socket_set_options(fd);
	smbd_socket_addresses(fd, remote, local);
	if (server->log_per_client) {
		smbd_log_to_client(server->conf, remote, local);
	}
	LOG_NOTICE(LOG_SMB2, "%s: connected", remote);
	status = smbd_client_create(server, server, &client);
	if (NT_STATUS_IS_OK(status)) {
		status = smbd_connection_create(client, fd, remote, local,
						&conn);
	}
	if (NT_STATUS_IS_OK(status)) {
		server->client = client;
		status = smbd_control_register_client(client);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = smbd_handover_listen(client);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = smbd_bind_listen(client);
	}
	d = talloc_zero(client, struct dead_time);
	if (!NT_STATUS_IS_OK(status) || d == NULL ||
	    tevent_add_signal(server->ev, client, SIGTERM, 0, terminate,
			      client) == NULL ||
	    tevent_add_signal(server->ev, client, SIGHUP, 0, hang_up, client) ==
		    NULL) {
		LOG_ERR(LOG_GENERAL, "%s: out of memory", remote);
		child_end(server, 1);
	}
	d->client = client;
	dead_time_start(d);
	return client;
}

void smbd_child_run(struct smbd_server *server, int fd)
{
	struct smbd_client *client;
	NTSTATUS status;

	log_set_name("smbd[child]");
	/* New files get the modes that the share says. */
	umask(0);
	status = smbd_server_after_fork(server);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "a child does not start: %s",
			ntstatus_name(status));
		_exit(1);
	}
	smbd_drop_privileges();
	client = begin(server, fd);
	while (!client->finished) {
		if (tevent_loop_once(server->ev) != 0) {
			LOG_ERR(LOG_GENERAL, "the event loop failed: %s",
				strerror(errno));
			child_end(server, 1);
		}
	}
	child_end(server, 0);
	abort(); /* not reached */
}
