/* fsa/tests/time_machine_fuzz.c - any bytes as an Info.plist. */
#include <stdlib.h>

#include "fsa/time_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t band = 0;

	if (time_machine_band_size((const char *)data, size, &band) !=
	    (band != 0)) {
		abort();
	}
	return 0;
}
