/* vfs_modules/tests/dosattrib_fuzz.c - any bytes as user.DOSATTRIB; what is
 * read and written again is the same. */
#include <stdint.h>
#include <stdlib.h>

#include "vfs_modules/posix/dosattrib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t again[DOSATTRIB_SIZE];
	struct dosattrib a;
	struct dosattrib b;

	if (!NT_STATUS_IS_OK(dosattrib_decode(data, size, &a))) {
		return 0;
	}
	dosattrib_encode(&a, again);
	if (!NT_STATUS_IS_OK(dosattrib_decode(again, sizeof(again), &b)) ||
	    a.attributes != b.attributes || a.creation != b.creation) {
		abort();
	}
	return 0;
}
