/* smb2/tests/util.h - what the tests of this folder share. */
#ifndef SMB2_TESTS_UTIL_H
#define SMB2_TESTS_UTIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/wire.h"

#define assert_ok(status) assert_int_equal((status).v, 0)
#define assert_status(status, name)                                            \
	assert_int_equal((status).v, NT_STATUS(name).v)

/* The bytes that hex stands for; out has room. */
static inline size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned int v;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		out[i] = (uint8_t)v;
	}
	return n;
}

static inline void assert_hex(const uint8_t *data, size_t length,
			      const char *hex)
{
	char *text = malloc(2 * length + 1);

	assert_non_null(text);
	text[0] = '\0';
	for (size_t i = 0; i < length; i++) {
		snprintf(text + 2 * i, 3, "%02X", data[i]);
	}
	assert_string_equal(text, hex);
	free(text);
}

static inline void assert_bytes(struct wire_reader r, const void *want,
				size_t length)
{
	assert_int_equal(r.length, length);
	if (length > 0) {
		assert_memory_equal(r.data, want, length);
	}
}

/* A copy in memory of its own size, so that valgrind and ASan see a read
 * beyond it. */
static inline uint8_t *exact_copy(const uint8_t *data, size_t length)
{
	uint8_t *copy = malloc(length > 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, data, length);
	return copy;
}

#endif
