/* vfs_modules/tests/apple_double_fuzz.c - any bytes as an AppleDouble file, as
 * metadata, as AFP_AfpInfo. */
#include <stdlib.h>
#include <string.h>

#include "vfs_modules/fruit/apple_double.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool touch(void *private_data, const char *name, const uint8_t *data,
		  size_t size)
{
	volatile size_t *sum = private_data;

	*sum += strlen(name);
	for (size_t i = 0; i < size; i++) {
		*sum += data[i];
	}
	return *name != 'x';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t finder[FINDER_INFO_SIZE], again[FINDER_INFO_SIZE];
	uint32_t backup, backup_again;
	uint8_t *copy = malloc(size + 1);
	struct apple_double ad;
	size_t sum = 0;

	if (copy == NULL) {
		return 0;
	}
	memcpy(copy, data, size);
	if (apple_double_parse(copy, size, size, &ad)) {
		apple_double_each_attr(copy, size, &ad, touch, &sum);
		if (ad.fork.offset + (uint64_t)ad.fork.length > size) {
			abort();
		}
	}
	if (meta_get(copy, size, finder, &backup)) {
		memset(finder, 0x55, sizeof(finder));
		meta_set(copy, size, finder, 77);
		/* Dates and Finder info may overlap. */
		if (!meta_get(copy, size, again, &backup_again)) {
			abort();
		}
	}
	fork_is_blank(copy, size);
	if (size >= AFP_INFO_SIZE) {
		afp_info_get(copy, finder, &backup);
	}
	free(copy);
	return 0;
}
