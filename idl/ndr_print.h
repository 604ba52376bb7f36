/* idl/ndr_print.h - shows a value: as indented text for people, or as JSON for
 * programs.  The generated T_print functions work on either. */
#ifndef IDL_NDR_PRINT_H
#define IDL_NDR_PRINT_H

#include <jansson.h>
#include <talloc.h>

#include "lib/guid.h"
#include "lib/nttime.h"
#include "lib/sid.h"

struct ndr_print;

/* The values of an enum or bitmap; {NULL, 0} ends them. */
struct ndr_name {
	const char *name;
	uint64_t value;
};

/* NULL without memory. */
struct ndr_print *ndr_print_text_create(TALLOC_CTX *mem_ctx);
struct ndr_print *ndr_print_json_create(TALLOC_CTX *mem_ctx);

/* The text so far; it is p's.  NULL when memory was short. */
const char *ndr_print_text_get(struct ndr_print *p);

/* What was printed, as one object whose members are the values printed; the
 * caller owns the reference.  NULL when memory was short. */
json_t *ndr_print_json_get(struct ndr_print *p);

/* A structure with its members, an array with its elements (whose name is
 * NULL).  begin is false when nesting is too deep: then no end follows. */
bool ndr_print_begin(struct ndr_print *p, const char *name);
void ndr_print_end(struct ndr_print *p);
bool ndr_print_array_begin(struct ndr_print *p, const char *name);
void ndr_print_array_end(struct ndr_print *p);

void ndr_print_unsigned(struct ndr_print *p, const char *name, uint64_t v);
void ndr_print_signed(struct ndr_print *p, const char *name, int64_t v);
void ndr_print_double(struct ndr_print *p, const char *name, double v);
void ndr_print_bool(struct ndr_print *p, const char *name, bool v);
/* By name where there is one, else as a number. */
void ndr_print_enum(struct ndr_print *p, const char *name,
		    const struct ndr_name *names, uint32_t v);
/* The names of the bits, and what remains as a number. */
void ndr_print_bitmap(struct ndr_print *p, const char *name,
		      const struct ndr_name *names, uint64_t v);
/* UTF-8; what is not shows as U+FFFD.  NULL shows as null. */
void ndr_print_text(struct ndr_print *p, const char *name, const char *text);
/* As hexadecimal digits. */
void ndr_print_bytes(struct ndr_print *p, const char *name, const uint8_t *data,
		     size_t length);
void ndr_print_guid(struct ndr_print *p, const char *name,
		    const struct guid *g);
void ndr_print_sid(struct ndr_print *p, const char *name, const struct sid *s);
/* As 2024-05-06T07:08:09.1234567Z, 0 as null. */
void ndr_print_nttime(struct ndr_print *p, const char *name, NTTIME t);
void ndr_print_null(struct ndr_print *p, const char *name);

#endif
