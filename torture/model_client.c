/* torture/model_client.c - one client of the model test. */
#include "torture/model_client.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client/sync.h"
#include "lib/assert.h"
#include "lib/nt.h"
#include "torture/model_wire.h"

#define FLUSH_ECHOES 2

struct client {
	const struct torture_options *options;
	uint8_t number;
	int fd;
	struct tevent_context *ev;
	struct cli_conn *conn; /* NULL: not connected */
	struct cli_session *session;
	struct cli_tree *tree;
	struct smb2_file_id ids[MODEL_SLOTS];
	struct call *under_way;
	struct call *queued; /* each waits for another one's answer */
	uint32_t last;	     /* that was to be done first of all; answered? */
	bool last_answered;
	bool down_told;
	bool connects; /* as soon as no event is being handled */
};

struct call {
	struct client *c;
	struct call *next; /* that is queued, or under way */
	struct tevent_req *req;
	struct model_command command;
	int64_t sent;
	unsigned int echoes; /* to go */
};

int64_t model_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

const char *model_name(uint8_t name)
{
	static const char *const names[MODEL_NAMES] = {"one", "two", "three"};

	return names[name];
}

static void report(struct client *c, struct model_report *r)
{
	if (send(c->fd, r, sizeof(*r), 0) != (ssize_t)sizeof(*r)) {
		_Exit(1); /* nobody listens any more */
	}
}

static void confused(struct client *c, const char *what)
{
	struct model_report r = {.kind = MODEL_CONFUSED};

	snprintf(r.text, sizeof(r.text), "client %u: %s", c->number, what);
	report(c, &r);
}

/* --- what the server says by itself --------------------------------------- */

/* Its grant, or MODEL_GRANTS. */
static uint8_t grant_of(const struct client *c,
			const struct smb2_break_notification *n)
{
	for (uint8_t k = 0; k < MODEL_KEYS && n->kind == SMB2_BREAK_LEASE;
	     k++) {
		struct guid key = model_lease_key(c->options, c->number, k);

		if (guid_equal(&key, &n->lease.key)) {
			return model_lease(c->number, k);
		}
	}
	for (uint8_t i = 0; i < MODEL_SLOTS && n->kind == SMB2_BREAK_OPLOCK;
	     i++) {
		if (c->ids[i].persistent_id == n->oplock.id.persistent_id &&
		    c->ids[i].volatile_id == n->oplock.id.volatile_id) {
			return (uint8_t)(c->number * MODEL_SLOTS + i);
		}
	}
	return MODEL_GRANTS;
}

static void told(void *private_data, const struct smb2_header *header,
		 struct wire_reader pdu)
{
	struct client *c = private_data;
	struct model_report r = {.kind = MODEL_TOLD_OF};
	struct smb2_break_notification n;

	if (header->command != SMB2_OPLOCK_BREAK ||
	    !NT_STATUS_IS_OK(smb2_break_notification_decode(pdu, &n))) {
		confused(c, "a message that is no break");
		return;
	}
	r.told.time = model_now();
	r.told.notice = model_notice_read(&n);
	r.told.notice.grant = grant_of(c, &n);
	if (r.told.notice.grant == MODEL_GRANTS) {
		confused(c, "a break of what it does not have");
		return;
	}
	report(c, &r);
}

/* --- connecting ----------------------------------------------------------- */

static NTSTATUS connect_to(struct client *c)
{
	const struct cli_session_options login = {
		.user = c->options->user,
		.domain = c->options->domain,
		.password = c->options->password,
	};
	const struct cli_negotiate_options negotiate = {
		.client_guid = model_client_guid(c->options, c->number)};
	NTSTATUS status = cli_conn_connect(NULL, c->ev, c->options->host,
					   c->options->port, &c->conn);

	if (!NT_STATUS_IS_OK(status)) {
		c->conn = NULL;
		return status;
	}
	c->down_told = false;
	cli_conn_set_notification(c->conn, told, c);
	status = cli_negotiate(c->conn, &negotiate);
	if (NT_STATUS_IS_OK(status)) {
		status = cli_session_setup(c->conn, &login, &c->session);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = cli_tree_connect(c->session, c->options->share,
					  &c->tree);
	}
	return status;
}

static void disconnect(struct client *c)
{
	c->queued = NULL;
	c->under_way = NULL;
	TALLOC_FREE(c->conn);
	memset(c->ids, 0, sizeof(c->ids));
}

static void do_connect(struct client *c)
{
	struct model_report r = {.kind = MODEL_CONNECTED};

	disconnect(c);
	r.answer.status = connect_to(c);
	report(c, &r);
}

static void is_down(struct client *c)
{
	struct model_report r = {.kind = MODEL_DOWN};

	if (!c->down_told) {
		c->down_told = true;
		report(c, &r);
	}
}

/* --- operations ----------------------------------------------------------- */

static void start_behind(struct client *c, uint32_t number);

static void forget(struct client *c, const struct call *call)
{
	struct call **p = &c->under_way;

	while (*p != call) {
		p = &(*p)->next;
	}
	*p = call->next;
}

static void done(struct tevent_req *req)
{
	struct call *call = tevent_req_callback_data(req, struct call);
	struct client *c = call->c;
	struct smb2_file_id *ids = c->ids;
	struct model_report r = {.kind = MODEL_ANSWERED,
				 .number = call->command.number,
				 .sent = call->sent,
				 .done = model_now()};
	NTSTATUS status = model_op_recv(req, &call->command.op, ids, &r.answer);

	if (!NT_STATUS_IS_OK(cli_conn_status(c->conn))) {
		is_down(c);
		return;
	}
	if (!NT_STATUS_IS_OK(status)) {
		confused(c, "an answer that cannot be read");
	}
	report(c, &r);
	forget(c, call);
	c->last_answered |= c->last == call->command.number;
	start_behind(c, call->command.number);
	talloc_free(req);
	talloc_free(call);
}

static void start(struct call *call)
{
	struct client *c = call->c;
	struct tevent_req *req;

	call->sent = model_now();
	req = model_op_send(c->conn, c->options, c->tree, &call->command.op,
			    c->ids);
	ASSERT(req != NULL);
	tevent_req_set_callback(req, done, call);
	call->req = req;
	call->next = c->under_way;
	c->under_way = call;
}

static void cancel(struct client *c, uint32_t number)
{
	struct call *call = c->under_way;

	while (call != NULL && call->command.number != number) {
		call = call->next;
	}
	if (call != NULL) {
		(void)tevent_req_cancel(call->req);
	}
}

static void start_behind(struct client *c, uint32_t number)
{
	struct call **p = &c->queued;

	while (*p != NULL && (*p)->command.behind != number) {
		p = &(*p)->next;
	}
	if (*p != NULL) {
		struct call *call = *p;

		*p = call->next;
		start(call);
	}
}

static void do_operation(struct client *c, const struct model_command *m)
{
	struct call *call = talloc_zero(c->conn, struct call);

	ASSERT(call != NULL);
	call->c = c;
	call->command = *m;
	if (m->behind != 0 && m->behind == c->last && !c->last_answered) {
		call->next = c->queued;
		c->queued = call;
	} else {
		start(call);
	}
	c->last = m->number;
	c->last_answered = false;
}

/* --- flushing ------------------------------------------------------------- */

static void send_echo(struct call *call);

static void echoed(struct tevent_req *req)
{
	struct call *call = tevent_req_callback_data(req, struct call);
	struct model_report r = {.kind = MODEL_FLUSHED,
				 .number = call->command.number};

	talloc_free(req);
	if (!NT_STATUS_IS_OK(cli_conn_status(call->c->conn))) {
		is_down(call->c);
	} else if (--call->echoes > 0) {
		send_echo(call);
	} else {
		report(call->c, &r);
		talloc_free(call);
	}
}

/* What others have asked the server's process to tell us lies before it when
 * they are answered: the second ECHO comes behind it. */
static void send_echo(struct call *call)
{
	struct tevent_req *req =
		cli_echo_send(call->c->conn, call->c->conn, call->c->session);

	ASSERT(req != NULL);
	tevent_req_set_callback(req, echoed, call);
}

static void do_flush(struct client *c, const struct model_command *m)
{
	struct call *call = talloc_zero(c->conn, struct call);

	ASSERT(call != NULL);
	call->c = c;
	call->command = *m;
	call->echoes = FLUSH_ECHOES;
	send_echo(call);
}

/* --- commands ------------------------------------------------------------- */

static void obey(struct client *c, const struct model_command *m)
{
	if (m->kind == MODEL_CONNECT) {
		c->connects = true;
	} else if (m->kind == MODEL_DISCONNECT) {
		disconnect(c);
		report(c, &(struct model_report){.kind = MODEL_GONE});
	} else if (c->conn == NULL ||
		   !NT_STATUS_IS_OK(cli_conn_status(c->conn))) {
		is_down(c);
	} else if (m->kind == MODEL_DO) {
		do_operation(c, m);
	} else if (m->kind == MODEL_CANCEL) {
		cancel(c, m->number);
	} else {
		do_flush(c, m);
	}
}

static void commanded(struct tevent_context *ev, struct tevent_fd *fde,
		      uint16_t flags, void *private_data)
{
	struct client *c = private_data;
	struct model_command m;
	ssize_t n = recv(c->fd, &m, sizeof(m), 0);

	if (n != (ssize_t)sizeof(m)) {
		_Exit(0);
	}
	obey(c, &m);
}

void model_client_run(const struct torture_options *options, uint8_t client,
		      int fd)
{
	struct client c = {.options = options, .number = client, .fd = fd};
	struct tevent_fd *fde;

	c.ev = tevent_context_init(NULL);
	ASSERT(c.ev != NULL);
	fde = tevent_add_fd(c.ev, c.ev, fd, TEVENT_FD_READ, commanded, &c);
	ASSERT(fde != NULL);
	for (;;) {
		if (tevent_loop_once(c.ev) != 0) {
			_Exit(1);
		}
		if (c.connects) {
			c.connects = false;
			do_connect(&c);
		}
	}
}
