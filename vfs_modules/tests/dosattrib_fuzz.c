/* vfs_modules/tests/dosattrib_fuzz.c - any bytes as user.DOSATTRIB; what is
 * read and written again is the same. */
#include <stdint.h>
#include <stdlib.h>

#include "vfs_modules/posix/dosattrib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t again[DOSATTRIB_MAX_SIZE];
	struct dosattrib a;
	struct dosattrib b;
	size_t n;

	if (!NT_STATUS_IS_OK(dosattrib_decode(data, size, &a))) {
		return 0;
	}
	n = dosattrib_encode(&a, again);
	if (!NT_STATUS_IS_OK(dosattrib_decode(again, n, &b)) ||
	    a.attributes != b.attributes || a.creation != b.creation ||
	    a.change != b.change || (a.change != 0 && a.ctime != b.ctime)) {
		abort();
	}
	return 0;
}
