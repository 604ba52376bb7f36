/* locking/record_store.h - what the stores of clients, sessions, trees and
 * opens have in common: typed records of processes under a key. */
#ifndef LOCKING_RECORD_STORE_H
#define LOCKING_RECORD_STORE_H

#include <talloc.h>

#include "idl/server_id_gen.h"
#include "lib/blob.h"
#include "lib/ntstatus.h"

struct db_context;
struct record_store;

/* A kind of record; rec points to its struct. */
struct record_ops {
	size_t size; /* of the struct */
	NTSTATUS(*push)
	(TALLOC_CTX *mem_ctx, const void *rec, struct blob *out);
	NTSTATUS(*push_buf)
	(const void *rec, uint8_t *buf, size_t size, size_t *out_length);
	NTSTATUS (*pull)(TALLOC_CTX *mem_ctx, struct blob in, void *rec);
	const struct server_id *(*owner)(const void *rec);
};

struct record_store_params {
	const char *path;
	unsigned int order; /* enum locking_order */
	unsigned int hash_size;
	bool must_exist;
	const struct record_ops *ops; /* constant */
};

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS record_store_open(TALLOC_CTX *mem_ctx,
				      struct db_context *db,
				      const struct record_store_params *params,
				      struct record_store **out);

/* OBJECT_NAME_COLLISION when there is one, unless replaces says that the old
 * one may go; replaces may be NULL. */
typedef bool (*record_replaces_fn)(const void *old, void *private_data);
MUST_CHECK NTSTATUS record_store_insert(struct record_store *s, struct blob key,
					const void *rec,
					record_replaces_fn replaces,
					void *private_data);

/* NOT_FOUND when there is none to be replaced. */
MUST_CHECK NTSTATUS record_store_update(struct record_store *s, struct blob key,
					const void *rec);

/* What it points to is on mem_ctx. */
MUST_CHECK NTSTATUS record_store_get(TALLOC_CTX *mem_ctx,
				     struct record_store *s, struct blob key,
				     void *out);

/* Removes it if owner, unless NULL, has it; NOT_FOUND else. */
MUST_CHECK NTSTATUS record_store_remove(struct record_store *s, struct blob key,
					const struct server_id *owner);

typedef bool (*record_fn)(const void *rec, void *private_data);
MUST_CHECK NTSTATUS record_store_traverse(struct record_store *s, record_fn fn,
					  void *private_data);

/* The same with those that cannot be read: then rec is NULL. */
typedef bool (*record_look_fn)(struct blob key, const void *rec,
			       void *private_data);
MUST_CHECK NTSTATUS record_store_look(struct record_store *s, record_look_fn fn,
				      void *private_data);

/* Removes all that dead owns. */
void record_store_forget(struct record_store *s, const struct server_id *dead);

/* --- ids ---------------------------------------------------------------- */

/* 64 random bits, not 0 and not all ones. */
uint64_t record_id_random(void);

#define RECORD_ID_SIZE 8

/* The key of an id, in buf (RECORD_ID_SIZE bytes). */
struct blob record_id_key(uint64_t id, uint8_t *buf);

#endif
