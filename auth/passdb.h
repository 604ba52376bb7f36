/* auth/passdb.h - the user database: passdb.tdb in "private dir", persistent,
 * mode 0600.
 *
 * A password hash goes in here and never comes out: who authenticates asks
 * passdb_check_ntlmv2() for an answer.  A process of its own can stand behind
 * these functions. */
#ifndef AUTH_PASSDB_H
#define AUTH_PASSDB_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "lib/nttime.h"
#include "lib/sid.h"

struct db_context;
struct passdb;

#define PASSDB_MAX_NAME	    256	 /* bytes of an account name */
#define PASSDB_MAX_PASSWORD 1024 /* bytes of a password */
#define PASSDB_HASH_SIZE    16
#define PASSDB_RID_MIN	    1000

enum passdb_flags {
	PASSDB_DISABLED = 0x1,
	PASSDB_NO_PASSWORD = 0x2,    /* logs on with an empty password */
	PASSDB_PASSWORD_UNSET = 0x4, /* does not log on at all */
};

/* An account as others may see it: values, no secrets. */
struct passdb_user {
	const char *name;
	const char *full_name;
	uint32_t rid;
	uint32_t flags;	     /* enum passdb_flags */
	NTTIME password_set; /* 0: never */
};

/* Opens or makes private_dir (0700), and passdb.tdb and secrets.tdb in it.
 * What it finds accessible to group or others it refuses with
 * ACCESS_DENIED. */
MUST_CHECK NTSTATUS passdb_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				const char *private_dir, struct passdb **out);

/* The SID of this machine, made on first use: the domain of its accounts. */
struct sid passdb_machine_sid(const struct passdb *passdb);

/* Names are compared without regard to case.  NO_SUCH_USER. */
MUST_CHECK NTSTATUS passdb_get_user(TALLOC_CTX *mem_ctx, struct passdb *passdb,
				    const char *name, struct passdb_user **out);

/* Calls fn for every account, in no order, until it returns false. */
MUST_CHECK NTSTATUS passdb_for_each(struct passdb *passdb,
				    bool (*fn)(const struct passdb_user *user,
					       void *private_data),
				    void *private_data);

/* Adds an account without a password (PASSDB_PASSWORD_UNSET), with the next
 * free RID.  USER_EXISTS; OBJECT_NAME_INVALID for a name that is empty, too
 * long, not UTF-8, or has a character that Windows does not allow in one. */
MUST_CHECK NTSTATUS passdb_add_user(struct passdb *passdb, const char *name,
				    const char *full_name);
MUST_CHECK NTSTATUS passdb_remove_user(struct passdb *passdb, const char *name);

/* Sets the password (UTF-8).  ILL_FORMED_PASSWORD when it is empty, not UTF-8
 * or too long; the same for the other functions that take one. */
MUST_CHECK NTSTATUS passdb_set_password(struct passdb *passdb, const char *name,
					const char *password);

/* The same by the hash itself, and when it was set: for import. */
MUST_CHECK NTSTATUS passdb_set_hash(struct passdb *passdb, const char *name,
				    const uint8_t hash[PASSDB_HASH_SIZE],
				    NTTIME password_set);

/* The account logs on with an empty password from now on. */
MUST_CHECK NTSTATUS passdb_set_no_password(struct passdb *passdb,
					   const char *name);

MUST_CHECK NTSTATUS passdb_set_disabled(struct passdb *passdb, const char *name,
					bool disabled);

/* OK when password is the account's; else WRONG_PASSWORD, NO_SUCH_USER. */
MUST_CHECK NTSTATUS passdb_check_password(struct passdb *passdb,
					  const char *name,
					  const char *password);

/* What a client proves with NTLMv2 ([MS-NLMP] 3.3.2). */
struct passdb_ntlmv2 {
	const char *user;
	const char *domain; /* as the client sent it */
	uint8_t challenge[8];
	struct blob
		response; /* NTLMv2_RESPONSE: proof, then client challenge */
};

/* Verifies a proof and gives the account and the SessionBaseKey.
 * LOGON_FAILURE for an unknown user, a wrong password, or an account with
 * neither password nor leave to have none, after the same computations in all
 * cases; ACCOUNT_DISABLED only when the proof is right. */
MUST_CHECK NTSTATUS passdb_check_ntlmv2(TALLOC_CTX *mem_ctx,
					struct passdb *passdb,
					const struct passdb_ntlmv2 *proof,
					struct passdb_user **out_user,
					uint8_t out_session_base_key[16]);

#endif
