/* fsa/access.h - access masks: pure decisions. */
#ifndef FSA_ACCESS_H
#define FSA_ACCESS_H

#include "lib/nt.h"
#include "lib/ntstatus.h"

/* Rights that a share with `read only` leaves. */
#define FSA_READ_ONLY_ACCESS (FILE_GENERIC_READ | FILE_GENERIC_EXECUTE)

/* desired with the generic bits in terms of a file's ([MS-DTYP] 2.4.3). */
uint32_t access_expand(uint32_t desired);

/* What an open gets of the rights that the user has ([MS-FSA] 2.1.5.1.2.1):
 * desired is expanded and may hold MAXIMUM_ALLOWED; limit is what the share
 * leaves.  PRIVILEGE_NOT_HELD for ACCESS_SYSTEM_SECURITY, which no share
 * limits, else ACCESS_DENIED. */
MUST_CHECK NTSTATUS access_grant(uint32_t desired, uint32_t rights,
				 uint32_t limit, uint32_t *out_granted);

#endif
