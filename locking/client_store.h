/* locking/client_store.h - client.tdb: which child serves a ClientGuid, so that
 * another connection of the same client finds its way there. */
#ifndef LOCKING_CLIENT_STORE_H
#define LOCKING_CLIENT_STORE_H

#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct messaging_context;
struct client_store;
struct record_store;

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS client_store_open(TALLOC_CTX *mem_ctx,
				      struct db_context *db,
				      struct messaging_context *m,
				      const char *path, bool must_exist,
				      struct client_store **out);

/* Says that rec->owner serves rec->client_guid.  OBJECT_NAME_COLLISION when
 * another living process does already; a dead one is replaced. */
MUST_CHECK NTSTATUS client_store_add(struct client_store *s,
				     const struct client_record *rec);

/* A copy of the record, strings on mem_ctx; NOT_FOUND when there is none or
 * its owner is dead. */
MUST_CHECK NTSTATUS client_store_get(TALLOC_CTX *mem_ctx,
				     struct client_store *s,
				     const struct guid *client_guid,
				     struct client_record *out);

/* Removes the record if owner has it; NOT_FOUND else. */
MUST_CHECK NTSTATUS client_store_remove(struct client_store *s,
					const struct guid *client_guid,
					const struct server_id *owner);

/* Calls fn for each, until it says false; the record is lent.  fn calls
 * nothing of locking/ or db/. */
typedef bool (*client_store_fn)(const struct client_record *rec,
				void *private_data);
MUST_CHECK NTSTATUS client_store_traverse(struct client_store *s,
					  client_store_fn fn,
					  void *private_data);

/* The records as such (locking/record_store.h), lent. */
struct record_store *client_store_records(const struct client_store *s);

/* Removes what a dead process left. */
void client_store_forget(struct client_store *s, const struct server_id *dead);

#endif
