/* fsa/access.c - access masks: pure decisions. */
#include "fsa/access.h"

uint32_t access_expand(uint32_t desired)
{
	uint32_t mask = desired & ~(GENERIC_ALL | GENERIC_EXECUTE |
				    GENERIC_WRITE | GENERIC_READ);

	if ((desired & GENERIC_ALL) != 0) {
		mask |= FILE_ALL_ACCESS;
	}
	if ((desired & GENERIC_READ) != 0) {
		mask |= FILE_GENERIC_READ;
	}
	if ((desired & GENERIC_WRITE) != 0) {
		mask |= FILE_GENERIC_WRITE;
	}
	if ((desired & GENERIC_EXECUTE) != 0) {
		mask |= FILE_GENERIC_EXECUTE;
	}
	return mask;
}

NTSTATUS access_grant(uint32_t desired, uint32_t rights, uint32_t limit,
		      uint32_t *out_granted)
{
	uint32_t wanted = desired & ~MAXIMUM_ALLOWED;

	if ((wanted & ACCESS_SYSTEM_SECURITY & ~rights) != 0) {
		return NT_STATUS(PRIVILEGE_NOT_HELD);
	}
	rights &= limit | ACCESS_SYSTEM_SECURITY;
	if ((wanted & ~rights) != 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	/* MAXIMUM_ALLOWED is about the file alone: [MS-FSA] 2.1.5.1.2.1. */
	*out_granted = (desired & MAXIMUM_ALLOWED) != 0
			       ? wanted | (rights & limit)
			       : wanted;
	return NT_STATUS_OK;
}
