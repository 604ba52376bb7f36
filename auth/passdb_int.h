/* auth/passdb_int.h - the account records, for the passdb_*.c files only. */
#ifndef AUTH_PASSDB_INT_H
#define AUTH_PASSDB_INT_H

#include "auth/passdb.h"
#include "db/db.h"
#include "idl/auth_gen.h"

struct passdb {
	struct db *accounts;
	struct sid machine_sid;
};

/* The account's record with the hash, on mem_ctx: to be wiped by
 * passdb_wipe_account().  NO_SUCH_USER. */
MUST_CHECK NTSTATUS passdb_get_account(TALLOC_CTX *mem_ctx,
				       struct passdb *passdb, const char *name,
				       struct passdb_account *out);
void passdb_wipe_account(struct passdb_account *account);

/* The part of an account that may be shown. */
MUST_CHECK NTSTATUS passdb_user_create(TALLOC_CTX *mem_ctx,
				       const struct passdb_account *account,
				       struct passdb_user **out);

#endif
