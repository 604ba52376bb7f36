/* lib/utf16.h - names on the wire are UTF-16LE, names in here UTF-8.
 *
 * A lone surrogate, which NTFS allows in names, becomes the three bytes that
 * UTF-8 would give its code point (WTF-8), so that every 16-bit name survives
 * the way to disk and back. */
#ifndef LIB_UTF16_H
#define LIB_UTF16_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "lib/wire.h"

/* n bytes of UTF-16LE to NUL-terminated UTF-8 on mem_ctx.  An odd n, or a NUL
 * within, gives OBJECT_NAME_INVALID. */
MUST_CHECK NTSTATUS utf16_to_utf8(TALLOC_CTX *mem_ctx, const uint8_t *data,
				  size_t n, char **out);

/* NUL-terminated UTF-8 to UTF-16LE without terminator on mem_ctx.  Bytes that
 * are not (W)UTF-8 give OBJECT_NAME_INVALID. */
MUST_CHECK NTSTATUS utf8_to_utf16(TALLOC_CTX *mem_ctx, const char *text,
				  struct blob *out);

/* Appends text as UTF-16LE to w, without terminator; invalid bytes become
 * U+FFFD.  Returns the number of bytes written. */
size_t wire_put_utf16(struct wire_writer *w, const char *text);

/* Bytes that text takes as UTF-16LE. */
size_t utf16_size(const char *text);

/* Reads the next n bytes as a string; NULL and failed when they are not one. */
char *wire_utf16(TALLOC_CTX *mem_ctx, struct wire_reader *r, size_t n);

/* Upper case as NTFS does: each UTF-16 unit by the simple mapping. */
uint32_t utf16_upcase(uint32_t code_point);
MUST_CHECK NTSTATUS utf8_upcase(TALLOC_CTX *mem_ctx, const char *text,
				char **out);

/* Like strcmp on the upper-cased texts. */
int utf8_casecmp(const char *a, const char *b);

/* Decodes one code point at *text and moves past it; 0 at the end,
 * UINT32_MAX (one byte passed) at bytes that are not (W)UTF-8. */
uint32_t utf8_next(const char **text);

/* Writes a code point as 1 to 4 bytes of (W)UTF-8, without terminator, to out;
 * returns how many. */
size_t utf8_put(uint32_t code_point, char *out);

#endif
