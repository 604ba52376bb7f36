/* lib/tests/sd_fuzz.c - any bytes as a security descriptor; what is read and
 * written again is read as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct blob in = {.data = (uint8_t *)(uintptr_t)data, .length = size};
	struct security_descriptor a;
	struct security_descriptor b;
	struct blob once;
	struct blob twice;

	/* What is padded may be longer than what may be. */
	if (NT_STATUS_IS_OK(sd_decode(mem_ctx, in, &a)) &&
	    NT_STATUS_IS_OK(sd_encode(mem_ctx, &a, &once))) {
		if (!NT_STATUS_IS_OK(sd_decode(mem_ctx, once, &b)) ||
		    !NT_STATUS_IS_OK(sd_encode(mem_ctx, &b, &twice)) ||
		    once.length != twice.length ||
		    memcmp(once.data, twice.data, once.length) != 0) {
			abort();
		}
	}
	talloc_free(mem_ctx);
	return 0;
}
