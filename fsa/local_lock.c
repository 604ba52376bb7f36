/* fsa/local_lock.c - an open's locks as local programs see them. */
#include "fsa/local_lock.h"

#include <string.h>

#include "lib/log.h"
#include "locking/brlock.h"

/* What local programs can lock ends here. */
#define LAST_BYTE ((uint64_t)INT64_MAX - 1)

/* The bytes from first on that have the same lock, and up to where. */
struct span {
	uint64_t open_id;
	uint64_t first, last;
	enum fsa_local_lock kind;
};

/* Narrows the span to before or within e, and strengthens it. */
static bool narrow(const struct brlock_entry *e, void *private_data)
{
	struct span *s = private_data;
	uint64_t end = e->offset + e->length - 1;

	if (e->open_id != s->open_id || end < s->first || e->offset > s->last) {
		return true;
	}
	if (e->offset > s->first) {
		s->last = e->offset - 1;
		return true;
	}
	if (end < s->last) {
		s->last = end;
	}
	if ((e->flags & BRLOCK_EXCLUSIVE) != 0) {
		s->kind = FSA_LOCAL_EXCLUSIVE;
	} else if (s->kind == FSA_LOCAL_NONE) {
		s->kind = FSA_LOCAL_SHARED;
	}
	return true;
}

static NTSTATUS set_span(struct brlock_list *l, struct fsa_file *f,
			 struct span *s)
{
	NTSTATUS status = brlock_each(l, s->first, s->last, narrow, s);

	return NT_STATUS_IS_OK(status)
		       ? driver_of(f)->lock(f->node, s->first,
					    s->last - s->first + 1, s->kind)
		       : status;
}

NTSTATUS local_lock_update(struct brlock_list *l, struct fsa_file *f,
			   uint64_t offset, uint64_t length)
{
	uint64_t last = offset + length - 1;

	if (!f->volume->posix_locking || driver_of(f)->lock == NULL ||
	    f->stream != NULL || length == 0 || offset > LAST_BYTE) {
		return NT_STATUS_OK;
	}
	last = last < LAST_BYTE ? last : LAST_BYTE;
	while (offset <= last) {
		struct span s = {
			.open_id = f->open_id, .first = offset, .last = last};
		NTSTATUS status = set_span(l, f, &s);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		offset = s.last + 1;
	}
	return NT_STATUS_OK;
}

void local_lock_restore(struct brlock_list *l, struct fsa_file *f,
			uint64_t offset, uint64_t length)
{
	NTSTATUS status = local_lock_update(l, f, offset, length);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: local programs see a wrong lock: %s",
			 f->name, ntstatus_name(status));
	}
}
