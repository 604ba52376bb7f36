/* auth/secrets.h - what the machine itself keeps: secrets.tdb in "private dir",
 * persistent, mode 0600. */
#ifndef AUTH_SECRETS_H
#define AUTH_SECRETS_H

#include "lib/ntstatus.h"
#include "lib/sid.h"

struct db_context;

/* The machine's SID (S-1-5-21-x-y-z), made on first use and never changed. */
MUST_CHECK NTSTATUS secrets_get_machine_sid(struct db_context *db,
					    const char *private_dir,
					    struct sid *out);

#endif
