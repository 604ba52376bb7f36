/* smbd/id_table.c - see id_table.h.
 *
 * A number is a slot's index plus 1 in the low SLOT_BITS, and above them how
 * often the slot was used, so that a number that is no longer valid meets no
 * other thing.  Free slots form a list, used first in, first out. */
#include "smbd/id_table.h"

#include "lib/assert.h"

#define SLOT_BITS  20
#define SLOT_MASK  ((1u << SLOT_BITS) - 1)
#define ROUND_MASK ((1u << (32 - SLOT_BITS)) - 1)
#define NO_SLOT	   UINT32_MAX
#define FIRST_ROOM 8

struct slot {
	void *thing;   /* NULL: free */
	uint32_t next; /* of a free slot */
	uint32_t round;
};

struct id_table {
	struct slot *slots;
	uint32_t size; /* slots there are */
	uint32_t max;
	uint32_t count;
	uint32_t free_first;
	uint32_t free_last;
};

NTSTATUS id_table_create(TALLOC_CTX *mem_ctx, uint32_t max,
			 struct id_table **out)
{
	struct id_table *t;

	ASSERT(max < SLOT_MASK);
	t = talloc_zero(mem_ctx, struct id_table);
	if (t == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	t->max = max;
	t->free_first = NO_SLOT;
	t->free_last = NO_SLOT;
	*out = t;
	return NT_STATUS_OK;
}

static void append_free(struct id_table *t, uint32_t index)
{
	t->slots[index].next = NO_SLOT;
	if (t->free_first == NO_SLOT) {
		t->free_first = index;
	} else {
		t->slots[t->free_last].next = index;
	}
	t->free_last = index;
}

static NTSTATUS grow(struct id_table *t)
{
	uint32_t size = t->size == 0 ? FIRST_ROOM : t->size * 2;
	struct slot *slots;

	if (size > t->max) {
		size = t->max;
	}
	if (size <= t->size) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	slots = talloc_realloc(t, t->slots, struct slot, size);
	if (slots == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	t->slots = slots;
	for (uint32_t i = t->size; i < size; i++) {
		slots[i] = (struct slot){0};
		append_free(t, i);
	}
	t->size = size;
	return NT_STATUS_OK;
}

NTSTATUS id_table_add(struct id_table *t, void *thing, uint32_t *out_id)
{
	struct slot *s;
	uint32_t index;

	ASSERT(thing != NULL);
	if (t->free_first == NO_SLOT) {
		NTSTATUS status = grow(t);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	index = t->free_first;
	s = &t->slots[index];
	t->free_first = s->next;
	s->thing = thing;
	t->count++;
	*out_id = (s->round << SLOT_BITS) | (index + 1);
	return NT_STATUS_OK;
}

static struct slot *slot_of(const struct id_table *t, uint32_t id)
{
	uint32_t index = (id & SLOT_MASK) - 1;

	if (index >= t->size || t->slots[index].round != id >> SLOT_BITS ||
	    t->slots[index].thing == NULL) {
		return NULL;
	}
	return &t->slots[index];
}

void *id_table_lookup(const struct id_table *t, uint32_t id)
{
	struct slot *s = slot_of(t, id);

	return s == NULL ? NULL : s->thing;
}

void id_table_remove(struct id_table *t, uint32_t id)
{
	struct slot *s = slot_of(t, id);

	ASSERT(s != NULL);
	s->thing = NULL;
	s->round = (s->round + 1) & ROUND_MASK;
	append_free(t, (uint32_t)(s - t->slots));
	t->count--;
}

uint32_t id_table_count(const struct id_table *t)
{
	return t->count;
}

void *id_table_next(const struct id_table *t, uint32_t *cursor)
{
	while (*cursor < t->size) {
		void *thing = t->slots[(*cursor)++].thing;

		if (thing != NULL) {
			return thing;
		}
	}
	return NULL;
}
