/* auth/auth_client.c - NTLMSSP as the client, within SPNEGO or bare. */
#include "auth/auth_client.h"

#include "auth/ntlmssp_client.h"
#include "auth/spnego_client.h"

struct auth_client {
	struct spnego_asn1 *asn1;
	struct spnego_client *spnego; /* NULL: bare */
	struct auth_mech *mech;
	unsigned int steps;
};

NTSTATUS auth_client_create(TALLOC_CTX *mem_ctx,
			    const struct auth_client_options *options,
			    struct auth_client **out)
{
	struct auth_client *c = talloc_zero(mem_ctx, struct auth_client);
	NTSTATUS status;

	if (c == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = ntlmssp_client_create(c, options, &c->mech);
	if (NT_STATUS_IS_OK(status) && !options->raw_ntlmssp) {
		status = spnego_asn1_create(c, &c->asn1);
		if (NT_STATUS_IS_OK(status)) {
			status = spnego_client_create(c, c->asn1,
						      SPNEGO_OID_NTLMSSP,
						      c->mech, &c->spnego);
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c);
		return status;
	}
	*out = c;
	return NT_STATUS_OK;
}

/* Negotiate, authenticate, and the server's last word, which is empty: the
 * mechanism is done a step before the logon is. */
static NTSTATUS step_bare(TALLOC_CTX *mem_ctx, struct auth_client *c,
			  struct blob in, struct blob *out)
{
	const struct blob none = {NULL, 0};
	NTSTATUS status;

	switch (c->steps++) {
	case 0: /* the hello of the server does not matter */
		return c->mech->ops->step(mem_ctx, c->mech, none, out);
	case 1:
		status = c->mech->ops->step(mem_ctx, c->mech, in, out);
		if (!NT_STATUS_IS_OK(status)) {
			c->steps++; /* no last word after this */
			return status;
		}
		return NT_STATUS(MORE_PROCESSING_REQUIRED);
	case 2:
		*out = none;
		return NT_STATUS_OK;
	default:
		return NT_STATUS(INVALID_PARAMETER);
	}
}

NTSTATUS auth_client_step(TALLOC_CTX *mem_ctx, struct auth_client *client,
			  struct blob in, struct blob *out)
{
	if (client->spnego == NULL) {
		return step_bare(mem_ctx, client, in, out);
	}
	return spnego_client_step(mem_ctx, client->spnego, in, out);
}

struct blob auth_client_key(const struct auth_client *client)
{
	return client->mech->ops->key(client->mech);
}
