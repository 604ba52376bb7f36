/* fsa/tests/condition_fuzz.c - any bytes as the condition of an entry. */
#include <stdint.h>
#include <stdlib.h>

#include "fsa/condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sid sids[1] = {sid_everyone()};
	const struct security_token token = {.num_sids = 1, .sids = sids};
	const struct blob blob = {.data = (uint8_t *)(uintptr_t)data,
				  .length = size};
	enum condition none = condition_evaluate(blob, &token, false);
	enum condition some = condition_evaluate(blob, &token, true);

	/* What is known without attributes may become unknown, no more. */
	if (some != none && some != CONDITION_UNKNOWN) {
		abort();
	}
	return 0;
}
