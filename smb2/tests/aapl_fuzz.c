/* smb2/tests/aapl_fuzz.c - what decodes encodes to the same again. */
#include "smb2/tests/fuzz_util.h"

#include <string.h>

#include "lib/assert.h"
#include "smb2/aapl.h"

static void again(const struct aapl_request *in, const uint8_t *data,
		  size_t size)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	aapl_request_put(&w, in);
	ASSERT(wire_writer_ok(&w) && w.length == size);
	/* But for Reserved. */
	ASSERT(memcmp(bytes, data, 4) == 0);
	ASSERT(memcmp(bytes + 8, data + 8, size - 8) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);
	struct aapl_request request;
	struct aapl_response response;

	if (NT_STATUS_IS_OK(aapl_request_decode(r, &request))) {
		again(&request, data, size);
	}
	if (NT_STATUS_IS_OK(aapl_response_decode(r, &response))) {
		touch(response.text);
	}
	return 0;
}
