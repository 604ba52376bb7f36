/* smbd/tests/eas_fuzz.c - lists of extended attributes, as a client sets them
 * and as it asks for them. */
#include "smbd/eas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fsa_ea one = {
		.name = "ONE",
		.value = {.data = (uint8_t *)(uintptr_t) "1", .length = 1}};
	const struct smbd_ea_query q = {
		.names = wire_reader(data, size),
		.flags = size > 0 ? data[size - 1] : 0,
		.index = size > 1 ? data[size - 2] : 0,
		.room = size * 3,
	};
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(ctx, 65536);
	struct fsa_ea *list = NULL;
	uint32_t position = 0;
	size_t count = 0;

	if (NT_STATUS_IS_OK(smbd_eas_decode(ctx, wire_reader(data, size), &list,
					    &count))) {
		struct wire_writer again = wire_writer(ctx, 65536);
		const struct smbd_ea_query all = {.room = 65536};

		(void)!NT_STATUS_IS_OK(
			smbd_eas_put(&again, &all, list, count, &position));
	}
	(void)!NT_STATUS_IS_OK(smbd_eas_put(&w, &q, &one, 1, &position));
	talloc_free(ctx);
	return 0;
}
