/* vfs_modules/posix/dosattrib.h - the extended attribute user.DOSATTRIB: DOS
 * attributes and creation time, in Samba's format, read in all its versions,
 * written as Samba 4.17 writes it (version 5).
 *
 * A change time that a client has set stands behind that record, where Samba
 * does not look: the 8 bytes "HFchange", the time, and the file's ctime when it
 * was set.  Whatever changes the file later moves its ctime, and that is the
 * change time again.
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
#define DOSATTRIB_SIZE	   24  /* as Samba writes it */
#define DOSATTRIB_MAX_SIZE 48  /* as written here, with a change time */
#define DOSATTRIB_MAX_READ 256 /* longer than any that was ever written */

struct dosattrib {
	bool has_attributes;
	uint32_t attributes;
	NTTIME creation; /* 0: not in there */
	NTTIME change;	 /* 0: the file's ctime */
	NTTIME ctime;	 /* change counts while this is the file's ctime */
};

/* Whether the file is as it was when in->change was set, by its ctime now.  The
 * two are written one after the other, so they may be a moment apart. */
bool dosattrib_change_holds(const struct dosattrib *in, NTTIME ctime);

/* INTERNAL_DB_CORRUPTION for bytes that are no such record. */
MUST_CHECK NTSTATUS dosattrib_decode(const uint8_t *data, size_t length,
				     struct dosattrib *out);

/* Attributes and creation time are written in any case.  Answers how many
 * bytes. */
size_t dosattrib_encode(const struct dosattrib *in,
			uint8_t out[DOSATTRIB_MAX_SIZE]);

#endif
