/* auth/spnego_client.c - the negotiation as the initiator. */
#include "auth/spnego_client.h"

#include <string.h>

enum client_state {
	EXPECT_HELLO,
	EXPECT_RESP, /* a NegTokenResp with a message of the mechanism */
	EXPECT_LAST, /* the NegTokenResp that says it is done */
	COMPLETE,
	FAILED
};

struct spnego_client {
	const struct spnego_asn1 *asn1;
	const char *oid;
	struct auth_mech *mech;
	enum client_state state;
	struct blob mech_list; /* what both sides sign */
	bool sent_mic;
};

NTSTATUS spnego_client_create(TALLOC_CTX *mem_ctx,
			      const struct spnego_asn1 *asn1, const char *oid,
			      struct auth_mech *mech,
			      struct spnego_client **out)
{
	struct spnego_init init = {.num_mechs = 1, .mechs = {oid}};
	struct spnego_client *c = talloc_zero(mem_ctx, struct spnego_client);
	NTSTATUS status;

	if (c == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->asn1 = asn1;
	c->oid = oid;
	c->state = EXPECT_HELLO;
	status = spnego_mech_list_encode(c, asn1, &init, &c->mech_list);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c);
		return status;
	}
	c->mech = talloc_steal(c, mech);
	*out = c;
	return NT_STATUS_OK;
}

/* A server may say nothing first; what it says must name our mechanism. */
static NTSTATUS check_hello(TALLOC_CTX *frame, const struct spnego_client *c,
			    struct blob in)
{
	struct spnego_init hello;
	NTSTATUS status;

	if (in.length == 0) {
		return NT_STATUS_OK;
	}
	status = spnego_init_decode(frame, c->asn1, in, &hello);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	for (size_t i = 0; i < hello.num_mechs; i++) {
		if (strcmp(hello.mechs[i], c->oid) == 0) {
			return NT_STATUS_OK;
		}
	}
	return NT_STATUS(NOT_SUPPORTED);
}

static NTSTATUS step_hello(TALLOC_CTX *frame, TALLOC_CTX *mem_ctx,
			   struct spnego_client *c, struct blob in,
			   struct blob *out)
{
	struct spnego_init init = {.num_mechs = 1, .mechs = {c->oid}};
	const struct blob none = {NULL, 0};
	NTSTATUS status;

	status = check_hello(frame, c, in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = c->mech->ops->step(frame, c->mech, none, &init.mech_token);
	if (!NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		return NT_STATUS_IS_OK(status) ? NT_STATUS(NOT_SUPPORTED)
					       : status;
	}
	status = spnego_init_encode(mem_ctx, c->asn1, &init, out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->state = EXPECT_RESP;
	return NT_STATUS(MORE_PROCESSING_REQUIRED);
}

/* The mechanism is done: its last message, with the list signed if the server
 * asks for it or the mechanism means that both must. */
static NTSTATUS sign_list(TALLOC_CTX *frame, struct spnego_client *c,
			  bool requested, struct spnego_resp *resp)
{
	if (!requested && !c->mech->ops->needs_list_mic(c->mech)) {
		return NT_STATUS_OK;
	}
	c->sent_mic = true;
	return c->mech->ops->sign_list(frame, c->mech, c->mech_list,
				       &resp->mic);
}

static NTSTATUS step_resp(TALLOC_CTX *frame, TALLOC_CTX *mem_ctx,
			  struct spnego_client *c,
			  const struct spnego_resp *server, struct blob *out)
{
	struct spnego_resp resp = {.state = SPNEGO_ACCEPT_INCOMPLETE};
	bool is_done;
	NTSTATUS status;

	if (server->mech != NULL && strcmp(server->mech, c->oid) != 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (server->state == SPNEGO_ACCEPT_COMPLETED ||
	    server->token.data == NULL) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	status = c->mech->ops->step(frame, c->mech, server->token, &resp.token);
	is_done = NT_STATUS_IS_OK(status);
	if (is_done) {
		status = sign_list(frame, c,
				   server->state == SPNEGO_REQUEST_MIC, &resp);
	} else if (NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		status = NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = spnego_resp_encode(mem_ctx, c->asn1, &resp, out);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->state = is_done ? EXPECT_LAST : EXPECT_RESP;
	return NT_STATUS(MORE_PROCESSING_REQUIRED);
}

static NTSTATUS step_last(struct spnego_client *c,
			  const struct spnego_resp *server, struct blob *out)
{
	NTSTATUS status;

	if (server->state != SPNEGO_ACCEPT_COMPLETED) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (server->mic.data == NULL) {
		if (c->sent_mic) {
			return NT_STATUS(ACCESS_DENIED);
		}
	} else {
		status = c->mech->ops->check_list(c->mech, c->mech_list,
						  server->mic);
		if (!NT_STATUS_IS_OK(status)) {
			return NT_STATUS(ACCESS_DENIED);
		}
	}
	c->state = COMPLETE;
	*out = (struct blob){NULL, 0};
	return NT_STATUS_OK;
}

static NTSTATUS step_answer(TALLOC_CTX *frame, TALLOC_CTX *mem_ctx,
			    struct spnego_client *c, enum client_state state,
			    struct blob in, struct blob *out)
{
	struct spnego_resp server;
	NTSTATUS status;

	status = spnego_resp_decode(frame, c->asn1, in, &server);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (server.state == SPNEGO_REJECT) {
		return NT_STATUS(LOGON_FAILURE);
	}
	return state == EXPECT_RESP ? step_resp(frame, mem_ctx, c, &server, out)
				    : step_last(c, &server, out);
}

NTSTATUS spnego_client_step(TALLOC_CTX *mem_ctx, struct spnego_client *c,
			    struct blob in, struct blob *out)
{
	enum client_state state = c->state;
	TALLOC_CTX *frame = talloc_new(NULL);
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->state = FAILED; /* until a step says better */
	switch (state) {
	case EXPECT_HELLO:
		status = step_hello(frame, mem_ctx, c, in, out);
		break;
	case EXPECT_RESP:
	case EXPECT_LAST:
		status = step_answer(frame, mem_ctx, c, state, in, out);
		break;
	default:
		status = NT_STATUS(INVALID_PARAMETER);
		break;
	}
	talloc_free(frame);
	return status;
}
