/* locking/share_names.c - records counted by the names of their files. */
#include "lib/wire.h"
#include "locking/name_board.h"
#include "locking/share_mode_int.h"

#define NAMES_MAX 1024 /* what needs no memory */

/* A name at the start of a share_mode_tail (idl/locking.idl), with a NUL. */
static const char *take_name(struct wire_reader *r, char **to)
{
	uint32_t n = wire_u32(r);
	const char *name = *to;

	if (wire_left(r) < n) {
		r->failed = true;
	}
	if (!wire_ok(r)) {
		return "";
	}
	wire_bytes(r, *to, n);
	(*to)[n] = '\0';
	*to += n + 1;
	return name;
}

static void uncount(struct share_mode_lock *l, struct blob tail)
{
	struct wire_reader r = wire_reader(tail.data, tail.length);
	char small[NAMES_MAX];
	char *buf = small;
	const char *path, *name;

	/* A NUL for each, instead of their lengths. */
	if (tail.length > sizeof(small)) {
		buf = share_mode_alloc(l, tail.length);
	}
	if (buf == NULL) {
		return;
	}
	path = take_name(&r, &buf);
	name = take_name(&r, &buf);
	if (wire_ok(&r)) {
		name_board_remove(l->s->names, path, name);
	}
}

void share_names_count(struct share_mode_lock *l, const char *share_path,
		       const char *name)
{
	share_names_leave(l);
	name_board_add(l->s->names, share_path, name);
	l->named = true;
}

void share_names_leave(struct share_mode_lock *l)
{
	if (l->named && l->num_left_tails < SHARE_LEFT_TAILS) {
		l->left_tails[l->num_left_tails++] = l->tail;
	}
	l->named = false;
}

void share_names_uncount(struct share_mode_lock *l)
{
	while (l->num_left_tails > 0) {
		uncount(l, l->left_tails[--l->num_left_tails]);
	}
}

bool share_mode_any_below(const struct share_modes *s, const char *share_path,
			  const char *directory)
{
	return name_board_any_below(s->names, share_path, directory);
}
