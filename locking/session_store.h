/* locking/session_store.h - session.tdb: who is logged on.
 *
 * To end a previous session ([MS-SMB2] 3.3.5.5.3): session_store_get() its id,
 * compare the user, send MSG_SESSION_CLOSE to its owner and wait for the reply.
 */
#ifndef LOCKING_SESSION_STORE_H
#define LOCKING_SESSION_STORE_H

#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct session_store;
struct record_store;

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS session_store_open(TALLOC_CTX *mem_ctx,
				       struct db_context *db, const char *path,
				       bool must_exist,
				       struct session_store **out);

/* Stores rec under a new id, which nobody can guess (never 0), which it
 * sets in rec; the version as well.  The id has 32 bits: there are clients that
 * keep no more of it (smbtorture's smb2.session-id).  On failure rec is
 * unchanged. */
MUST_CHECK NTSTATUS session_store_create(struct session_store *s,
					 struct session_record *rec);

/* Replaces the record with rec's id; NOT_FOUND when it is gone. */
MUST_CHECK NTSTATUS session_store_update(struct session_store *s,
					 const struct session_record *rec);

/* A copy, strings on mem_ctx; NOT_FOUND when there is none.  Its owner may be
 * dead: ask server_id_exists() where it matters. */
MUST_CHECK NTSTATUS session_store_get(TALLOC_CTX *mem_ctx,
				      struct session_store *s, uint64_t id,
				      struct session_record *out);

/* NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS session_store_remove(struct session_store *s, uint64_t id);

/* Calls fn for each, until it says false; the record is lent.  fn calls
 * nothing of locking/ or db/. */
typedef bool (*session_store_fn)(const struct session_record *rec,
				 void *private_data);
MUST_CHECK NTSTATUS session_store_traverse(struct session_store *s,
					   session_store_fn fn,
					   void *private_data);

/* The records as such (locking/record_store.h), lent. */
struct record_store *session_store_records(const struct session_store *s);

/* Removes what a dead process left. */
void session_store_forget(struct session_store *s,
			  const struct server_id *dead);

#endif
