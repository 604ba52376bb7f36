/* smb2/tests/fuzz_util.h - what the fuzz targets of this folder share. */
#ifndef SMB2_TESTS_FUZZ_UTIL_H
#define SMB2_TESTS_FUZZ_UTIL_H

#include "lib/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Looks at every byte that a decoder lent, so that a sanitizer sees when one
 * is not the input's. */
static inline void touch(struct wire_reader lent)
{
	volatile uint8_t sum = 0;

	for (size_t i = 0; i < lent.length; i++) {
		sum = (uint8_t)(sum + lent.data[i]);
	}
}

#endif
