/* vfs_modules/posix/name_table.c - open addressing with linear probing; the
 * names stand one after the other in one run of memory, and what removals
 * leave there goes when the table is next rebuilt. */
#include "vfs_modules/posix/name_table.h"

#include <string.h>

#define FREE	   0u
#define REMOVED	   1u
#define FIRST_NAME 2u /* offsets 0 and 1 mean the above */

struct slot {
	uint32_t hash;
	uint32_t offset; /* FREE, REMOVED, or of the name */
};

struct name_table {
	struct slot *slots;
	uint32_t size; /* a power of two */
	uint32_t live; /* slots with a name */
	uint32_t used; /* and those with REMOVED */
	char *names;
	uint32_t names_used;
	uint32_t names_size;
};

struct name_table *name_table_create(TALLOC_CTX *mem_ctx)
{
	struct name_table *t = talloc_zero(mem_ctx, struct name_table);

	if (t == NULL) {
		return NULL;
	}
	t->size = 64;
	t->slots = talloc_zero_array(t, struct slot, t->size);
	t->names_size = 1024;
	t->names_used = FIRST_NAME;
	t->names = talloc_array(t, char, t->names_size);
	if (t->slots == NULL || t->names == NULL) {
		TALLOC_FREE(t);
	}
	return t;
}

size_t name_table_bytes(const struct name_table *t)
{
	return t->size * sizeof(struct slot) + t->names_size;
}

static struct slot *find_slot(const struct name_table *t, uint32_t hash,
			      const char *name)
{
	uint32_t mask = t->size - 1;

	for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *s = &t->slots[i];

		if (s->offset == FREE) {
			return NULL;
		}
		if (s->offset != REMOVED && s->hash == hash &&
		    strcmp(t->names + s->offset, name) == 0) {
			return s;
		}
	}
}

const char *name_table_lookup_exact(const struct name_table *t, uint32_t hash,
				    const char *name)
{
	const struct slot *s = find_slot(t, hash, name);

	return s == NULL ? NULL : t->names + s->offset;
}

const char *name_table_lookup(const struct name_table *t, uint32_t hash,
			      bool (*fn)(const char *name, void *private_data),
			      void *private_data)
{
	uint32_t mask = t->size - 1;

	for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
		const struct slot *s = &t->slots[i];

		if (s->offset == FREE) {
			return NULL;
		}
		if (s->offset != REMOVED && s->hash == hash &&
		    fn(t->names + s->offset, private_data)) {
			return t->names + s->offset;
		}
	}
}

static void put_slot(struct name_table *t, struct slot s)
{
	uint32_t mask = t->size - 1;
	uint32_t i = s.hash & mask;

	while (t->slots[i].offset != FREE) {
		i = (i + 1) & mask;
	}
	t->slots[i] = s;
	t->live++;
	t->used++;
}

static NTSTATUS put_name(struct name_table *t, const char *name, uint32_t *out)
{
	uint32_t n = (uint32_t)strlen(name) + 1;

	if (n > t->names_size - t->names_used) {
		char *more;

		if (t->names_size > UINT32_MAX / 4) {
			return NT_STATUS(INSUFFICIENT_RESOURCES);
		}
		more = talloc_realloc(t, t->names, char, t->names_size * 2);
		if (more == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		t->names = more;
		t->names_size *= 2;
	}
	memcpy(t->names + t->names_used, name, n);
	*out = t->names_used;
	t->names_used += n;
	return NT_STATUS_OK;
}

/* The same names in a table with room for as many again. */
static NTSTATUS rebuild(struct name_table *t)
{
	struct name_table *fresh = name_table_create(t);
	NTSTATUS status = NT_STATUS_OK;

	if (fresh == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (fresh->size < t->live * 4) {
		fresh->size *= 2;
	}
	TALLOC_FREE(fresh->slots);
	fresh->slots = talloc_zero_array(fresh, struct slot, fresh->size);
	if (fresh->slots == NULL) {
		status = NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < t->size && NT_STATUS_IS_OK(status); i++) {
		struct slot s = t->slots[i];

		if (s.offset == FREE || s.offset == REMOVED) {
			continue;
		}
		status = put_name(fresh, t->names + s.offset, &s.offset);
		if (NT_STATUS_IS_OK(status)) {
			put_slot(fresh, s);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		talloc_free(t->slots);
		talloc_free(t->names);
		t->slots = talloc_move(t, &fresh->slots);
		t->names = talloc_move(t, &fresh->names);
		t->size = fresh->size;
		t->live = fresh->live;
		t->used = fresh->used;
		t->names_used = fresh->names_used;
		t->names_size = fresh->names_size;
	}
	talloc_free(fresh);
	return status;
}

NTSTATUS name_table_add(struct name_table *t, uint32_t hash, const char *name)
{
	struct slot s = {.hash = hash};
	NTSTATUS status;

	if (find_slot(t, hash, name) != NULL) {
		return NT_STATUS_OK;
	}
	if (t->used >= t->size - t->size / 4) {
		status = rebuild(t);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	status = put_name(t, name, &s.offset);
	if (NT_STATUS_IS_OK(status)) {
		put_slot(t, s);
	}
	return status;
}

void name_table_remove(struct name_table *t, uint32_t hash, const char *name)
{
	struct slot *s = find_slot(t, hash, name);

	if (s != NULL) {
		s->offset = REMOVED;
		t->live--;
	}
}
