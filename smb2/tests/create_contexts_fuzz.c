/* smb2/tests/create_contexts_fuzz.c - what decodes encodes, and decodes to the
 * same again. */
#include "smb2/tests/fuzz_util.h"

#include "lib/assert.h"
#include "smb2/create_contexts.h"

static void again(const struct smb2_create_request_contexts *in)
{
	struct smb2_create_request_contexts out;
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(mem_ctx, 1u << 20);

	smb2_create_request_contexts_put(&w, in);
	ASSERT(wire_writer_ok(&w));
	ASSERT(NT_STATUS_IS_OK(smb2_create_request_contexts_decode(
		wire_reader(w.data, w.length), &out)));
	ASSERT(out.present == in->present);
	talloc_free(mem_ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader list = wire_reader(data, size);
	struct smb2_create_request_contexts request;
	struct smb2_create_response_contexts response;

	if (NT_STATUS_IS_OK(
		    smb2_create_request_contexts_decode(list, &request))) {
		touch(request.ea);
		touch(request.sd);
		touch(request.svhdx);
		touch(request.aapl);
		again(&request);
	}
	if (NT_STATUS_IS_OK(
		    smb2_create_response_contexts_decode(list, &response))) {
		touch(response.posix);
		touch(response.aapl);
	}
	return 0;
}
