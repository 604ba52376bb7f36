/* fsa/tests/offload_token_fuzz.c - any bytes as a token: what is taken from
 * them is put back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fsa/offload_token.h"
#include "lib/sid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[OFFLOAD_KEY_SIZE];
	const struct sid user = sid_unix_user(0);
	const struct offload_holder holder = {key, &user, "/"};
	uint8_t raw[OFFLOAD_TOKEN_SIZE] = {0}, again[OFFLOAD_TOKEN_SIZE];
	struct wire_writer w = wire_writer_fixed(again, sizeof(again));
	struct offload_token t, back;

	memcpy(raw, data, size < sizeof(raw) ? size : sizeof(raw));
	if (!NT_STATUS_IS_OK(offload_token_decode(raw, &t))) {
		return 0;
	}
	offload_token_put(&w, &t, &holder);
	if (!NT_STATUS_IS_OK(offload_token_decode(again, &back)) ||
	    memcmp(&t, &back, sizeof(t)) != 0) {
		abort();
	}
	return 0;
}
