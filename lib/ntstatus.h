/* lib/ntstatus.h - NTSTATUS, the one error type ([MS-ERREF] 2.3).
 *
 * A struct, so that mixing it with an errno or a bool does not compile. */
#ifndef LIB_NTSTATUS_H
#define LIB_NTSTATUS_H

#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

#ifdef __clang__
typedef struct MUST_CHECK ntstatus {
	uint32_t v;
} NTSTATUS;
#else
typedef struct ntstatus {
	uint32_t v;
} NTSTATUS;
#endif

enum ntstatus_value {
#define X(name, value) NT_STATUS_V_##name = (int)(value),
#include "lib/ntstatus_list.h"
#undef X
};

/* NT_STATUS(OBJECT_NAME_NOT_FOUND) is STATUS_OBJECT_NAME_NOT_FOUND. */
#define NT_STATUS(name) ((NTSTATUS){(uint32_t)NT_STATUS_V_##name})
#define NT_STATUS_OK	NT_STATUS(SUCCESS)

/* Success is 0 alone: warnings such as BUFFER_OVERFLOW are looked at. */
static inline bool NT_STATUS_IS_OK(NTSTATUS s)
{
	return s.v == 0;
}

/* Severity "error": 0xCxxxxxxx. */
static inline bool NT_STATUS_IS_ERR(NTSTATUS s)
{
	return (s.v & 0xc0000000) == 0xc0000000;
}

static inline bool ntstatus_equal(NTSTATUS a, NTSTATUS b)
{
	return a.v == b.v;
}

#define NT_STATUS_IS(s, name) ntstatus_equal(s, NT_STATUS(name))

/* "NT_STATUS_ACCESS_DENIED", or "0xc0abcdef" for a code not in the list.
 * The text is lent: constant, or valid until the thread's next call. */
const char *ntstatus_name(NTSTATUS s);

/* The NTSTATUS for an errno, as a driver reports it; 0 gives OK. */
NTSTATUS ntstatus_from_errno(int err);

#endif
