/* lib/blob.h - a run of bytes. Who owns the memory is said where it is used. */
#ifndef LIB_BLOB_H
#define LIB_BLOB_H

#include <stddef.h>
#include <stdint.h>

struct blob {
	uint8_t *data;
	size_t length;
};

#endif
