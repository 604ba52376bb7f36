/* auth/token.h - from an account to whom the files see: SIDs and Unix ids. */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include <sys/types.h>
#include <talloc.h>

#include "idl/token_gen.h"
#include "lib/ntstatus.h"
#include "lib/sid.h"

struct passdb; /* auth/passdb.h */
struct passdb_user;

/* Makes the token of an account of this machine.  As root the account is the
 * Unix user of the same name, with all groups (NO_SUCH_USER when there is
 * none); otherwise it is whoever this process runs as. */
MUST_CHECK NTSTATUS token_create(TALLOC_CTX *mem_ctx,
				 const struct sid *machine_sid,
				 const char *machine_name,
				 const struct passdb_user *user,
				 struct security_token **out);

/* The token of a Unix user as whom a share is served (`force user`), with gid
 * as its group; the user need not have an account. */
MUST_CHECK NTSTATUS token_create_forced(TALLOC_CTX *mem_ctx,
					struct passdb *passdb,
					const char *machine_name,
					const char *name, gid_t gid,
					struct security_token **out);

/* Asks for a user once, so that what looks users up (NSS) is loaded before a
 * fork and not by every child anew. */
void token_warm_up(void);

#endif
