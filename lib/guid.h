/* lib/guid.h - GUIDs ([MS-DTYP] 2.3.4). */
#ifndef LIB_GUID_H
#define LIB_GUID_H

#include "lib/ntstatus.h"
#include "lib/wire.h"

/* In wire order: the first three fields little-endian. */
struct guid {
	uint8_t bytes[16];
};

#define GUID_STRING_SIZE 37 /* with the final NUL */

struct guid guid_read(struct wire_reader *r);
void guid_put(struct wire_writer *w, const struct guid *g);

bool guid_equal(const struct guid *a, const struct guid *b);
bool guid_is_zero(const struct guid *g);

/* A random (version 4) GUID. */
struct guid guid_random(void);

/* "00112233-4455-6677-8899-aabbccddeeff"; out has GUID_STRING_SIZE bytes. */
void guid_format(const struct guid *g, char *out);

/* The form above, with or without braces; INVALID_PARAMETER else. */
MUST_CHECK NTSTATUS guid_parse(const char *text, struct guid *out);

#endif
