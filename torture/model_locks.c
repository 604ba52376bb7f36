/* torture/model_locks.c - the model's byte-range locks ([MS-FSA] 2.1.4.10,
 * 2.1.5.8, 2.1.5.9). */
#include "torture/model_int.h"

#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"

bool model_is_locked(const struct model *m, uint8_t file)
{
	for (unsigned int i = 0; i < MODEL_LOCKS; i++) {
		if (m->locks[i].length != 0 &&
		    m->opens[m->locks[i].open - 1].file == file) {
			return true;
		}
	}
	return false;
}

static bool overlaps(const struct model_lock *l, uint8_t offset, uint8_t length)
{
	return offset < l->offset + l->length && l->offset < offset + length;
}

bool model_lock_forbids(const struct model *m, uint8_t open, uint8_t offset,
			uint8_t length, bool exclusive, bool lock)
{
	for (unsigned int i = 0; i < MODEL_LOCKS; i++) {
		const struct model_lock *l = &m->locks[i];

		if (l->length == 0 || !overlaps(l, offset, length) ||
		    m->opens[l->open - 1].file != m->opens[open].file) {
			continue;
		}
		if (l->exclusive ? l->open - 1 != open || (exclusive && lock)
				 : exclusive) {
			return true;
		}
	}
	return false;
}

/* Free places come last. */
static int compare(const void *a, const void *b)
{
	const struct model_lock *x = a, *y = b;

	if ((x->length == 0) != (y->length == 0)) {
		return x->length == 0 ? 1 : -1;
	}
	return memcmp(x, y, sizeof(*x));
}

static void sort(struct model *m)
{
	qsort(m->locks, MODEL_LOCKS, sizeof(m->locks[0]), compare);
}

void model_lock_add(struct model *m, const struct model_op *op)
{
	struct model_lock *l = &m->locks[MODEL_LOCKS - 1];

	ASSERT(l->length == 0 && op->length != 0);
	*l = (struct model_lock){.open = (uint8_t)(op->open + 1),
				 .offset = op->offset,
				 .length = op->length,
				 .exclusive = op->exclusive};
	sort(m);
}

bool model_lock_remove(struct model *m, uint8_t open, uint8_t offset,
		       uint8_t length)
{
	struct model_lock *found = NULL;

	for (unsigned int i = 0; i < MODEL_LOCKS; i++) {
		struct model_lock *l = &m->locks[i];

		/* An exclusive one first: it is sorted behind. */
		if (l->length == length && l->offset == offset &&
		    l->open == open + 1) {
			found = l;
		}
	}
	if (found == NULL) {
		return false;
	}
	*found = (struct model_lock){0};
	sort(m);
	return true;
}

void model_lock_remove_all(struct model *m, uint8_t open)
{
	for (unsigned int i = 0; i < MODEL_LOCKS; i++) {
		if (m->locks[i].open == open + 1) {
			m->locks[i] = (struct model_lock){0};
		}
	}
	sort(m);
}
