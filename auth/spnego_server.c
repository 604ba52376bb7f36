/* auth/spnego_server.c - the negotiation as the acceptor. */
#include "auth/spnego_server.h"

#include <string.h>

enum server_state {
	EXPECT_FIRST, /* anything a client may begin with */
	EXPECT_INIT,  /* after an empty token: the client's NegTokenInit */
	EXPECT_RESP,
	EXPECT_BARE, /* messages without SPNEGO */
	COMPLETE,
	FAILED
};

struct spnego_server {
	const struct spnego_asn1 *asn1;
	const struct spnego_server_mech *mechs;
	size_t num_mechs;
	void *private_data;

	enum server_state state;
	struct auth_mech *mech;
	struct blob mech_list; /* as the client sent it */

	/* RFC 4178 5: a mechanism that is not the client's first choice can
	 * be the work of someone in the middle, until both sign the list. */
	bool mic_required;
};

NTSTATUS spnego_server_create(TALLOC_CTX *mem_ctx,
			      const struct spnego_asn1 *asn1,
			      const struct spnego_server_mech *mechs,
			      size_t num_mechs, void *private_data,
			      struct spnego_server **out)
{
	struct spnego_server *s = talloc_zero(mem_ctx, struct spnego_server);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->asn1 = asn1;
	s->mechs = mechs;
	s->num_mechs = num_mechs;
	s->private_data = private_data;
	s->state = EXPECT_FIRST;
	*out = s;
	return NT_STATUS_OK;
}

NTSTATUS spnego_server_hello(TALLOC_CTX *mem_ctx,
			     const struct spnego_asn1 *asn1,
			     const struct spnego_server_mech *mechs,
			     size_t num_mechs, struct blob *out)
{
	struct spnego_init init = {.has_hints = true};

	for (size_t i = 0; i < num_mechs && i < SPNEGO_MAX_MECHS; i++) {
		init.mechs[init.num_mechs++] = mechs[i].oid;
	}
	return spnego_init_encode(mem_ctx, asn1, &init, out);
}

/* --- completion ------------------------------------------------------ */

/* Is the client's mark on the list there, and right, where it must be? */
static NTSTATUS check_list(struct spnego_server *s, struct blob mic)
{
	NTSTATUS status;

	if (mic.data == NULL) {
		return s->mic_required || s->mech->ops->needs_list_mic(s->mech)
			       ? NT_STATUS(LOGON_FAILURE)
			       : NT_STATUS_OK;
	}
	status = s->mech->ops->check_list(s->mech, s->mech_list, mic);
	return NT_STATUS_IS_OK(status) ? status : NT_STATUS(LOGON_FAILURE);
}

/* The mechanism is content.  Who signed the list gets it signed. */
static NTSTATUS complete(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			 struct blob client_mic, struct spnego_resp *resp)
{
	NTSTATUS status;

	status = check_list(s, client_mic);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (client_mic.data != NULL) {
		status = s->mech->ops->sign_list(mem_ctx, s->mech, s->mech_list,
						 &resp->mic);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	resp->state = SPNEGO_ACCEPT_COMPLETED;
	s->state = COMPLETE;
	return NT_STATUS_OK;
}

/* Feeds the mechanism and completes resp with what it says. */
static NTSTATUS run_mech(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			 struct blob token, struct blob client_mic,
			 struct spnego_resp *resp)
{
	struct blob out = {NULL, 0};
	NTSTATUS status;

	status = s->mech->ops->step(mem_ctx, s->mech, token, &out);
	if (out.length > 0) {
		resp->token = out;
	}
	if (NT_STATUS_IS_OK(status)) {
		return complete(mem_ctx, s, client_mic, resp);
	}
	if (NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		s->state = EXPECT_RESP;
	}
	return status;
}

/* --- the steps ------------------------------------------------------- */

static const struct spnego_server_mech *lookup_mech(
	const struct spnego_server *s, const char *oid)
{
	for (size_t i = 0; i < s->num_mechs; i++) {
		if (strcmp(s->mechs[i].oid, oid) == 0) {
			return &s->mechs[i];
		}
	}
	return NULL;
}

/* The first of the client's mechanisms that is one of ours. */
static const struct spnego_server_mech *choose_mech(
	const struct spnego_server *s, const struct spnego_init *init,
	size_t *out_place)
{
	for (size_t i = 0; i < init->num_mechs; i++) {
		const struct spnego_server_mech *m =
			lookup_mech(s, init->mechs[i]);

		if (m != NULL) {
			*out_place = i;
			return m;
		}
	}
	return NULL;
}

static NTSTATUS step_init(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			  struct blob in, struct spnego_resp *resp)
{
	const struct blob none = {NULL, 0};
	const struct spnego_server_mech *chosen;
	struct spnego_init init;
	size_t place = 0;
	NTSTATUS status;

	status = spnego_init_decode(mem_ctx, s->asn1, in, &init);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	chosen = choose_mech(s, &init, &place);
	if (chosen == NULL) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	s->mech_list.data =
		talloc_memdup(s, init.mech_list.data, init.mech_list.length);
	if (s->mech_list.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->mech_list.length = init.mech_list.length;
	status = chosen->create(s, s->private_data, &s->mech);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s->mic_required = place > 0;
	resp->mech = chosen->oid;
	resp->state =
		s->mic_required ? SPNEGO_REQUEST_MIC : SPNEGO_ACCEPT_INCOMPLETE;
	/* The client's token is for its first mechanism only. */
	if (s->mic_required || init.mech_token.data == NULL) {
		s->state = EXPECT_RESP;
		return NT_STATUS(MORE_PROCESSING_REQUIRED);
	}
	return run_mech(mem_ctx, s, init.mech_token, none, resp);
}

static NTSTATUS step_resp(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			  struct blob in, struct spnego_resp *resp)
{
	struct spnego_resp client;
	NTSTATUS status;

	status = spnego_resp_decode(mem_ctx, s->asn1, in, &client);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (client.state == SPNEGO_REJECT || client.token.data == NULL) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	resp->state = SPNEGO_ACCEPT_INCOMPLETE;
	return run_mech(mem_ctx, s, client.token, client.mic, resp);
}

/* Runs one of the steps above and wraps what it has to say. */
static NTSTATUS step_wrapped(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			     bool is_first, struct blob in, struct blob *out)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct spnego_resp resp = {0};
	NTSTATUS encoded;
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = is_first ? step_init(frame, s, in, &resp)
			  : step_resp(frame, s, in, &resp);
	if (NT_STATUS_IS_OK(status) ||
	    NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		encoded = spnego_resp_encode(mem_ctx, s->asn1, &resp, out);
		if (!NT_STATUS_IS_OK(encoded)) {
			s->state = FAILED;
			status = encoded;
		}
	}
	talloc_free(frame);
	return status;
}

static NTSTATUS step_bare(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			  struct blob in, struct blob *out)
{
	NTSTATUS status;

	*out = (struct blob){NULL, 0};
	status = s->mech->ops->step(mem_ctx, s->mech, in, out);
	if (NT_STATUS_IS_OK(status)) {
		s->state = COMPLETE;
	} else if (NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		s->state = EXPECT_BARE;
	}
	return status;
}

static NTSTATUS step_first(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			   struct blob in, struct blob *out)
{
	NTSTATUS status;

	/* [MS-SPNG] 3.2.5.2: asked with nothing, the server speaks first. */
	if (in.length == 0) {
		status = spnego_server_hello(mem_ctx, s->asn1, s->mechs,
					     s->num_mechs, out);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		s->state = EXPECT_INIT;
		return NT_STATUS(MORE_PROCESSING_REQUIRED);
	}
	for (size_t i = 0; i < s->num_mechs; i++) {
		if (s->mechs[i].is_message(in)) {
			status = s->mechs[i].create(s, s->private_data,
						    &s->mech);
			return NT_STATUS_IS_OK(status)
				       ? step_bare(mem_ctx, s, in, out)
				       : status;
		}
	}
	return step_wrapped(mem_ctx, s, true, in, out);
}

NTSTATUS spnego_server_step(TALLOC_CTX *mem_ctx, struct spnego_server *s,
			    struct blob in, struct blob *out)
{
	enum server_state state = s->state;

	s->state = FAILED; /* until a step says better */
	switch (state) {
	case EXPECT_FIRST:
		return step_first(mem_ctx, s, in, out);
	case EXPECT_INIT:
		return step_wrapped(mem_ctx, s, true, in, out);
	case EXPECT_RESP:
		return step_wrapped(mem_ctx, s, false, in, out);
	case EXPECT_BARE:
		return step_bare(mem_ctx, s, in, out);
	default:
		return NT_STATUS(INVALID_PARAMETER);
	}
}

struct blob spnego_server_key(const struct spnego_server *s)
{
	if (s->state != COMPLETE) {
		return (struct blob){NULL, 0};
	}
	return s->mech->ops->key(s->mech);
}
