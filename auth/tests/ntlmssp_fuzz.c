/* auth/tests/ntlmssp_fuzz.c - an NTLM message from anybody, to both sides: as a
 * NEGOTIATE, as the AUTHENTICATE after one, and as a server's CHALLENGE. */
#include <stdint.h>
#include <string.h>

#include "auth/auth_client.h"
#include "auth/ntlmssp_client.h"
#include "auth/ntlmssp_crypto.h"
#include "auth/ntlmssp_server.h"
#include "auth/passdb.h"
#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t fixed_challenge[8] = {0x01, 0x23, 0x45, 0x67,
					   0x89, 0xab, 0xcd, 0xef};

/* Says yes to everybody, so that what follows is reached. */
static NTSTATUS accept_all(void *private_data,
			   const struct passdb_ntlmv2 *proof,
			   uint8_t out_key[16])
{
	ASSERT(proof->response.length > NTLMSSP_PROOF_SIZE);
	memset(out_key, 0x55, 16);
	return NT_STATUS_OK;
}

static void ignore_names(void *private_data, const char *user,
			 const char *domain, const char *workstation)
{
}

static void feed_server(TALLOC_CTX *mem, struct blob in)
{
	static const struct ntlmssp_server_config config = {
		.netbios_name = "SERVER",
		.dns_name = "server",
		.check = accept_all,
		.names = ignore_names,
		.fixed_challenge = fixed_challenge,
	};
	uint8_t negotiate[] = "NTLMSSP\0\1\0\0\0\x37\x82\x08\xe0";
	struct auth_mech *server;
	struct blob out;
	NTSTATUS status;

	status = ntlmssp_server_create(mem, &config, &server);
	ASSERT(NT_STATUS_IS_OK(status));
	status = server->ops->step(mem, server, in, &out);
	ASSERT(!NT_STATUS_IS_OK(status));

	status = ntlmssp_server_create(mem, &config, &server);
	ASSERT(NT_STATUS_IS_OK(status));
	status = server->ops->step(mem, server, (struct blob){negotiate, 16},
				   &out);
	ASSERT(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = server->ops->step(mem, server, in, &out);
	if (NT_STATUS_IS_OK(status)) {
		ASSERT(server->ops->key(server).length == 16);
		status = server->ops->check_list(server, in, in);
		ASSERT(!NT_STATUS_IS_OK(status));
	}
}

static void feed_client(TALLOC_CTX *mem, struct blob in)
{
	struct auth_client_options options = {
		.user = "User",
		.domain = "Domain",
		.password = "Password",
	};
	const struct blob none = {NULL, 0};
	struct auth_mech *client;
	struct blob out;
	NTSTATUS status;

	status = ntlmssp_client_create(mem, &options, &client);
	ASSERT(NT_STATUS_IS_OK(status));
	status = client->ops->step(mem, client, none, &out);
	ASSERT(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = client->ops->step(mem, client, in, &out);
	ASSERT(NT_STATUS_IS_OK(status) ==
	       (client->ops->key(client).length > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	uint8_t *copy = talloc_memdup(mem, data, size);

	feed_server(mem, (struct blob){copy, size});
	feed_client(mem, (struct blob){copy, size});
	talloc_free(mem);
	return 0;
}
