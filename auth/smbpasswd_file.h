/* auth/smbpasswd_file.h - the lines of Samba's smbpasswd file, from which
 * accounts are imported:
 *
 *	name:uid:LM hash:NT hash:[flags]:LCT-time:
 *
 * Hashes are 32 hexadecimal digits, or X's for one that is not set, or begin
 * with "NO PASSWORD"; flags are letters and spaces in brackets; the time is
 * that of the last change in hexadecimal Unix seconds. */
#ifndef AUTH_SMBPASSWD_FILE_H
#define AUTH_SMBPASSWD_FILE_H

#include "auth/passdb.h"

struct smbpasswd_entry {
	char name[PASSDB_MAX_NAME + 1];
	bool is_user;	  /* flag U: not a machine, nor a domain's trust */
	bool is_disabled; /* flag D */
	bool no_password; /* flag N, or "NO PASSWORD" for a hash */
	bool has_hash;
	uint8_t nt_hash[PASSDB_HASH_SIZE];
	NTTIME password_set; /* 0: not known */
};

/* NO_SUCH_USER for an empty line or a comment (begins with '#');
 * INVALID_PARAMETER for what is no such line. */
MUST_CHECK NTSTATUS smbpasswd_line_parse(const char *line,
					 struct smbpasswd_entry *out);

#endif
