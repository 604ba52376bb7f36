/* smbd/tests/fixture.c - see fixture.h. */
#include "smbd/tests/fixture.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idl/token_gen.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/identity.h"
#include "smbd/iobuf.h"
#include "smbd/negotiate.h"
#include "smbd/transport.h"

#define MANY_EVENTS 10000

/* --- the server ---------------------------------------------------------- */

static struct conf *make_conf(struct fixture *fx)
{
	struct conf_report *report = conf_report_create(fx->mem_ctx);
	char *text = talloc_asprintf(fx->mem_ctx,
				     "[global]\n"
				     "netbios name = FIXTURE\n"
				     "private dir = %s/private\n"
				     "state directory = %s/state\n"
				     "cache directory = %s/cache\n"
				     "lock directory = %s/lock\n"
				     "pid directory = %s/pid\n"
				     "log level = 0\n"
				     "[share]\n"
				     "path = %s\n"
				     "read only = no\n",
				     fx->dir, fx->dir, fx->dir, fx->dir,
				     fx->dir, fx->share);
	struct conf *conf = NULL;

	ASSERT(report != NULL && text != NULL);
	ASSERT(NT_STATUS_IS_OK(conf_parse(fx->mem_ctx, "test", text,
					  strlen(text), report, &conf)));
	return conf;
}

int fixture_setup(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct fixture *fx = talloc_zero(mem_ctx, struct fixture);
	const char *tmp = getenv("TMPDIR");
	struct conf *conf;

	fx->mem_ctx = mem_ctx;
	fx->peer = -1;
	snprintf(fx->dir, sizeof(fx->dir), "%s/smbd-test-XXXXXX",
		 tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(fx->dir) == NULL) {
		return -1;
	}
	snprintf(fx->share, sizeof(fx->share), "%.*s/share",
		 (int)(sizeof(fx->share) - 8), fx->dir);
	mkdir(fx->share, 0755);
	conf = make_conf(fx);
	fx->ev = tevent_context_init(mem_ctx);
	if (!NT_STATUS_IS_OK(smbd_make_folders(conf)) ||
	    !NT_STATUS_IS_OK(smbd_server_create(mem_ctx, fx->ev, conf, "0",
						&fx->server))) {
		return -1;
	}
	fixture_connect(fx);
	*state = fx;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	return remove(path);
}

static void last_event(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data);

/* Until ms from now: unlike fixture_run() it waits for descriptors. */
static void run_for(struct fixture *fx, unsigned int ms)
{
	bool done = false;

	tevent_add_timer(fx->ev, fx->mem_ctx,
			 tevent_timeval_current_ofs(0, ms * 1000), last_event,
			 &done);
	while (!done) {
		ASSERT(tevent_loop_once(fx->ev) == 0);
	}
}

static void disconnect(struct fixture *fx)
{
	if (fx->client != NULL) {
		smbd_client_disconnect(fx->client, "the test is over");
		fixture_run(fx);
		/* The kernel may be at work still: on a flush, say. */
		for (int i = 0; i < 10000 && !fx->client->finished; i++) {
			run_for(fx, 1);
		}
		ASSERT(fx->client->finished);
		TALLOC_FREE(fx->client);
	}
	if (fx->peer >= 0) {
		close(fx->peer);
		fx->peer = -1;
	}
	fx->session = NULL;
	fx->tree = NULL;
	fx->session_id = 0;
	fx->tree_id = 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fx = *state;
	char dir[PATH_MAX];

	disconnect(fx);
	strcpy(dir, fx->dir);
	talloc_free(fx->mem_ctx);
	identity_drop();
	return nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- the connection ------------------------------------------------------ */

void fixture_connect(struct fixture *fx)
{
	int fds[2];

	disconnect(fx);
	ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			  0, fds) == 0);
	fx->peer = fds[1];
	fx->message_id = 0;
	ASSERT(NT_STATUS_IS_OK(
		smbd_client_create(fx->mem_ctx, fx->server, &fx->client)));
	ASSERT(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, fds[0], "192.0.2.1", "192.0.2.2", &fx->conn)));
}

void fixture_negotiate(struct fixture *fx, uint16_t dialect)
{
	fx->conn->negotiated.dialect = dialect;
	smbd_negotiate_limits(fx->conn);
}

static struct auth_user *make_user(TALLOC_CTX *mem_ctx)
{
	struct auth_user *user = talloc_zero(mem_ctx, struct auth_user);
	struct security_token *token = talloc_zero(user, struct security_token);

	token->uid = getuid();
	token->gid = getgid();
	token->account_name = "tester";
	token->domain_name = "FIXTURE";
	token->num_sids = 2;
	token->sids = talloc_zero_array(token, struct sid, 2);
	token->sids[0] = sid_unix_user(token->uid);
	token->sids[1] = sid_unix_group(token->gid);
	user->token = token;
	user->identity.uid = getuid();
	user->identity.gid = getgid();
	return user;
}

void fixture_log_on(struct fixture *fx)
{
	struct smbd_session *s;
	const struct conf_share *share =
		conf_share_lookup(fx->server->conf, "share");

	ASSERT(NT_STATUS_IS_OK(smbd_session_create(fx->conn, &s)));
	s->user = make_user(s);
	fx->client->num_logons--;
	ASSERT(NT_STATUS_IS_OK(smbd_session_register(s)));
	s->state = SMBD_SESSION_VALID;
	fx->session = s;
	ASSERT(NT_STATUS_IS_OK(
		smbd_tree_create_disk(s, fx->conn, share, &fx->tree)));
	fx->session_id = s->id;
	fx->tree_id = fx->tree->id;
	transport_set_max_frame(fx->conn->transport, 16 * 1024 * 1024);
}

/* Whether an event is due now: tevent has no call to ask, so there is one that
 * comes after all that are. */
static void last_event(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

void fixture_run(struct fixture *fx)
{
	for (int i = 0; i < 3; i++) {
		bool done = false;

		tevent_add_timer(fx->ev, fx->mem_ctx,
				 tevent_timeval_current_ofs(0, 0), last_event,
				 &done);
		for (int n = 0; !done && n < MANY_EVENTS; n++) {
			ASSERT(tevent_loop_once(fx->ev) == 0);
		}
	}
}

void fixture_send(struct fixture *fx, const void *data, size_t length)
{
	struct iobuf_pool *pool = transport_pool(fx->conn->transport);
	struct iobuf *buf = iobuf_get(pool, length);

	ASSERT(buf != NULL);
	if (length > 0) {
		memcpy(buf->data, data, length);
	}
	buf->length = length;
	smbd_connection_frame(fx->conn, buf, buf->data, length);
	iobuf_put(pool, buf);
	fixture_run(fx);
}

/* Reads exactly n bytes that are there; false else. */
static bool read_all(int fd, uint8_t *out, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, out, n, 0);

		if (got <= 0) {
			return false;
		}
		out += got;
		n -= (size_t)got;
	}
	return true;
}

struct blob fixture_receive(struct fixture *fx, bool *out_closed)
{
	struct blob out = {0};
	uint8_t header[4];
	size_t length;

	if (out_closed != NULL) {
		*out_closed = fx->client->leaving ||
			      transport_is_closed(fx->conn->transport);
	}
	if (!read_all(fx->peer, header, sizeof(header)) ||
	    !NT_STATUS_IS_OK(smb2_transport_decode(header, &length))) {
		return out;
	}
	out.data = talloc_size(fx->mem_ctx, length);
	ASSERT(read_all(fx->peer, out.data, length));
	out.length = length;
	return out;
}

struct smb2_header fixture_header(struct fixture *fx, uint16_t command)
{
	return (struct smb2_header){
		.command = command,
		.credit_charge = 1,
		.credits = 8,
		.message_id = fx->message_id++,
		.session_id = fx->session_id,
		.tree_id = fx->tree_id,
	};
}

void fixture_put_header(struct wire_writer *w, const struct smb2_header *h)
{
	size_t last = 0;

	if (w->length > 0) {
		struct wire_reader r;
		uint32_t next = 0;

		do { /* to the last message */
			last += next;
			r = wire_reader(w->data, w->length);
			wire_seek(&r, last + 20);
			next = wire_u32(&r);
		} while (next != 0);
		wire_align(w, 8);
		wire_patch_u32(w, last + 20, (uint32_t)(w->length - last));
	}
	smb2_header_encode(w, h);
}
