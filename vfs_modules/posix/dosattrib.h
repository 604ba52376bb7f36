/* vfs_modules/posix/dosattrib.h - the extended attribute user.DOSATTRIB: DOS
 * attributes and creation time, in Samba's format, read in all its versions,
 * written as Samba 4.17 writes it (version 5).
 *
 * It is an NDR record: a NUL-terminated string with the attributes in hex,
 * mostly empty, alone in the oldest form; then, aligned to 2, the version
 * twice (record and union); then, aligned to 4, what belongs to the version:
 *   1: attrib, ea_size (32 bits), size, alloc_size, create_time, change_time
 *   3: valid_flags, then as 1
 *   4: valid_flags, attrib, itime, create_time
 *   5: valid_flags, attrib, create_time */
#ifndef VFS_MODULES_POSIX_DOSATTRIB_H
#define VFS_MODULES_POSIX_DOSATTRIB_H

#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "lib/nttime.h"

#define DOSATTRIB_NAME	   "user.DOSATTRIB"
#define DOSATTRIB_SIZE	   24  /* as written here */
#define DOSATTRIB_MAX_READ 256 /* longer than any that was ever written */

struct dosattrib {
	bool has_attributes;
	uint32_t attributes;
	NTTIME creation; /* 0: not in there */
};

/* INTERNAL_DB_CORRUPTION for bytes that are no such record. */
MUST_CHECK NTSTATUS dosattrib_decode(const uint8_t *data, size_t length,
				     struct dosattrib *out);

/* Both members of in are written. */
void dosattrib_encode(const struct dosattrib *in, uint8_t out[DOSATTRIB_SIZE]);

#endif
