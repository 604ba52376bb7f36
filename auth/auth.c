/* auth/auth.c - a logon on the server: the negotiation below, the user database
 * beside, the log line and the delay at the end. */
#include "auth/auth.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "auth/ntlmssp_server.h"
#include "auth/passdb.h"
#include "auth/spnego_server.h"
#include "auth/throttle.h"
#include "auth/token.h"
#include "lib/assert.h"
#include "lib/log.h"

#define LOGGED_NAME 128 /* bytes of a name that reach the log */

struct auth_server {
	char *netbios_name;
	char *dns_name;
	struct spnego_asn1 *asn1;
	struct blob hello; /* always the same */
	struct passdb *passdb;
	struct throttle *throttle;
};

/* As the client gave them; for the log. */
struct logged_names {
	char user[LOGGED_NAME];
	char domain[LOGGED_NAME];
	char workstation[LOGGED_NAME];
};

struct auth_session {
	struct auth_server *server;
	char *address;
	struct ntlmssp_server_config ntlmssp_config;
	struct spnego_server *spnego;
	struct logged_names names;
	struct passdb_user *account; /* whom the mechanism has proved */
	struct auth_user *user;	     /* the outcome */
};

/* --- the mechanisms -------------------------------------------------- */

static NTSTATUS create_ntlmssp(TALLOC_CTX *mem_ctx, void *private_data,
			       struct auth_mech **out)
{
	struct auth_session *session = private_data;

	return ntlmssp_server_create(mem_ctx, &session->ntlmssp_config, out);
}

/* What a client can choose among, best first. */
static const struct spnego_server_mech mechs[] = {
	{SPNEGO_OID_NTLMSSP, ntlmssp_is_message, create_ntlmssp},
};
static const size_t num_mechs = sizeof(mechs) / sizeof(mechs[0]);

/* --- the server ------------------------------------------------------ */

static NTSTATUS copy_names(struct auth_server *server,
			   const struct auth_server_options *options)
{
	server->netbios_name = talloc_strdup(server, options->netbios_name);
	server->dns_name = talloc_strdup(server, options->dns_name == NULL
							 ? options->netbios_name
							 : options->dns_name);
	if (server->netbios_name == NULL || server->dns_name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (char *p = server->dns_name; *p != '\0'; p++) {
		*p = (char)tolower((unsigned char)*p);
	}
	return NT_STATUS_OK;
}

NTSTATUS auth_server_create(TALLOC_CTX *mem_ctx, struct db_context *db,
			    const struct auth_server_options *options,
			    struct auth_server **out)
{
	struct auth_server *server = talloc_zero(mem_ctx, struct auth_server);
	NTSTATUS status;

	if (server == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = copy_names(server, options);
	if (NT_STATUS_IS_OK(status)) {
		status = spnego_asn1_create(server, &server->asn1);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = spnego_server_hello(server, server->asn1, mechs,
					     num_mechs, &server->hello);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_open(server, db, options->private_dir,
				     &server->passdb);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = throttle_open(server, db, options->lock_dir,
				       &server->throttle);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(server);
		return status;
	}
	token_warm_up();
	*out = server;
	return NT_STATUS_OK;
}

NTSTATUS auth_server_hello(TALLOC_CTX *mem_ctx,
			   const struct auth_server *server, struct blob *out)
{
	uint8_t *copy = talloc_memdup(mem_ctx, server->hello.data,
				      server->hello.length);

	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = (struct blob){copy, server->hello.length};
	return NT_STATUS_OK;
}

struct passdb *auth_server_passdb(const struct auth_server *server)
{
	return server->passdb;
}

/* --- what NTLMSSP asks ----------------------------------------------- */

static NTSTATUS check_ntlmv2(void *private_data,
			     const struct passdb_ntlmv2 *proof,
			     uint8_t out_session_base_key[16])
{
	struct auth_session *session = private_data;

	return passdb_check_ntlmv2(session, session->server->passdb, proof,
				   &session->account, out_session_base_key);
}

static void note_names(void *private_data, const char *user, const char *domain,
		       const char *workstation)
{
	struct logged_names *names =
		&((struct auth_session *)private_data)->names;

	snprintf(names->user, sizeof(names->user), "%s", user);
	snprintf(names->domain, sizeof(names->domain), "%s", domain);
	snprintf(names->workstation, sizeof(names->workstation), "%s",
		 workstation);
}

/* --- a session ------------------------------------------------------- */

NTSTATUS auth_session_create(TALLOC_CTX *mem_ctx, struct auth_server *server,
			     const char *remote_address,
			     struct auth_session **out)
{
	struct auth_session *s = talloc_zero(mem_ctx, struct auth_session);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (s == NULL) {
		return status;
	}
	s->server = server;
	s->ntlmssp_config = (struct ntlmssp_server_config){
		.netbios_name = server->netbios_name,
		.dns_name = server->dns_name,
		.check = check_ntlmv2,
		.names = note_names,
		.private_data = s,
	};
	s->address = talloc_strdup(s, remote_address);
	if (s->address != NULL) {
		status = spnego_server_create(s, server->asn1, mechs, num_mechs,
					      s, &s->spnego);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

static int user_destructor(struct auth_user *user)
{
	explicit_bzero(user->session_key, sizeof(user->session_key));
	return 0;
}

/* The mechanism has proved who it is: what the rest of the server needs. */
static NTSTATUS make_user(struct auth_session *s)
{
	struct sid machine = passdb_machine_sid(s->server->passdb);
	struct blob key = spnego_server_key(s->spnego);
	struct auth_user *user = talloc_zero(s, struct auth_user);
	struct security_token *t = NULL;
	NTSTATUS status;

	if (user == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = token_create(user, &machine, s->server->netbios_name,
			      s->account, &t);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(user);
		return status;
	}
	user->token = t;
	user->identity = (struct identity){
		.uid = t->uid,
		.gid = t->gid,
		.ngroups = t->num_gids,
		.groups = t->gids,
	};
	ASSERT(key.length == sizeof(user->session_key));
	memcpy(user->session_key, key.data, sizeof(user->session_key));
	talloc_set_destructor(user, user_destructor);
	s->user = user;
	return NT_STATUS_OK;
}

/* The one line about a logon. */
static void log_outcome(const struct auth_session *s, NTSTATUS status,
			const char *why)
{
	if (NT_STATUS_IS_OK(status)) {
		LOG_NOTICE(LOG_AUTH,
			   "logon of \"%s\" (\"%s\\%s\" on \"%s\") from %s",
			   s->account->name, s->names.domain, s->names.user,
			   s->names.workstation, s->address);
		return;
	}
	LOG_WARN(LOG_AUTH, "logon of \"%s\\%s\" on \"%s\" from %s failed: %s%s",
		 s->names.domain, s->names.user, s->names.workstation,
		 s->address, ntstatus_name(status), why);
}

/* Was it an attempt at somebody's password? */
static bool is_guess(NTSTATUS status)
{
	return NT_STATUS_IS(status, LOGON_FAILURE) ||
	       NT_STATUS_IS(status, ACCOUNT_DISABLED);
}

/* The last step has been taken, well or not. */
static NTSTATUS finish(struct auth_session *s, NTSTATUS status,
		       uint32_t *out_delay)
{
	const char *why = "";

	if (NT_STATUS_IS_OK(status)) {
		status = make_user(s);
		if (NT_STATUS_IS(status, NO_SUCH_USER)) {
			why = " (there is no Unix user of this name)";
			status = NT_STATUS(LOGON_FAILURE);
		}
	}
	*out_delay = 0;
	if (NT_STATUS_IS_OK(status) || is_guess(status)) {
		*out_delay =
			throttle_note(s->server->throttle, s->address,
				      !NT_STATUS_IS_OK(status), nttime_now());
	}
	log_outcome(s, status, why);
	return status;
}

NTSTATUS auth_session_step(TALLOC_CTX *mem_ctx, struct auth_session *session,
			   struct blob in, struct auth_reply *reply)
{
	struct auth_reply r = {{NULL, 0}, 0};
	NTSTATUS status;

	status = spnego_server_step(mem_ctx, session->spnego, in, &r.token);
	if (!NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		status = finish(session, status, &r.delay_ms);
		if (!NT_STATUS_IS_OK(status)) {
			r.token = (struct blob){NULL, 0};
		}
	}
	*reply = r;
	return status;
}

struct auth_user *auth_session_take_user(TALLOC_CTX *mem_ctx,
					 struct auth_session *session)
{
	ASSERT(session->user != NULL);
	return talloc_move(mem_ctx, &session->user);
}
