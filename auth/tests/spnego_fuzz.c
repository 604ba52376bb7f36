/* auth/tests/spnego_fuzz.c - a SPNEGO token from anybody: decoded as each kind,
 * and what can be decoded survives being encoded. */
#include <stdint.h>
#include <string.h>

#include "auth/spnego_token.h"
#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_init(TALLOC_CTX *mem, const struct spnego_asn1 *asn1,
		     struct blob in)
{
	struct spnego_init init;
	struct spnego_init again;
	struct blob token;
	NTSTATUS status;

	status = spnego_init_decode(mem, asn1, in, &init);
	if (!NT_STATUS_IS_OK(status)) {
		return;
	}
	ASSERT(init.num_mechs <= SPNEGO_MAX_MECHS);
	ASSERT(init.mech_token.length < in.length);
	status = spnego_init_encode(mem, asn1, &init, &token);
	if (!NT_STATUS_IS_OK(status)) {
		return; /* an object identifier libtasn1 reads, not writes */
	}
	status = spnego_init_decode(mem, asn1, token, &again);
	ASSERT(NT_STATUS_IS_OK(status));
	ASSERT(again.num_mechs == init.num_mechs);
	ASSERT(again.mech_token.length == init.mech_token.length);
}

static void try_resp(TALLOC_CTX *mem, const struct spnego_asn1 *asn1,
		     struct blob in)
{
	struct spnego_resp resp;
	struct spnego_resp again;
	struct blob token;
	NTSTATUS status;

	status = spnego_resp_decode(mem, asn1, in, &resp);
	if (!NT_STATUS_IS_OK(status)) {
		return;
	}
	status = spnego_resp_encode(mem, asn1, &resp, &token);
	if (!NT_STATUS_IS_OK(status)) {
		return;
	}
	status = spnego_resp_decode(mem, asn1, token, &again);
	ASSERT(NT_STATUS_IS_OK(status));
	ASSERT(again.state == resp.state);
	ASSERT(again.token.length == resp.token.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	uint8_t *copy = talloc_memdup(mem, data, size);
	struct spnego_asn1 *asn1;
	NTSTATUS status;

	status = spnego_asn1_create(mem, &asn1);
	ASSERT(NT_STATUS_IS_OK(status));
	try_init(mem, asn1, (struct blob){copy, size});
	try_resp(mem, asn1, (struct blob){copy, size});
	talloc_free(mem);
	return 0;
}
