/* locking/share_verify.c - share_mode.tdb, its pages, and lease.tdb by
 * themselves: sums
 * against what they are the sums of, grants against the opens that use them,
 * the index of leases against the grants.  What looks wrong is looked at again
 * under the lock of the file's record, which all of it changes under. */
#include "locking/state_int.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "locking/grant_rules.h"
#include "locking/lease_board.h"
#include "locking/locking.h"
#include "locking/share_grant.h"
#include "locking/share_mode_int.h"
#include "locking/share_mode_rules.h"

/* A file, and what is wrong with its record. */
struct file_check {
	struct state *s; /* NULL: only whether there is anything */
	const struct share_mode_info *info;
	size_t faults;
};

static void wrong(struct file_check *c, const char *text)
{
	char file[STATE_FILE_SIZE];

	c->faults++;
	if (c->s != NULL) {
		state_fault(c->s, "file %s: %s",
			    state_file_text(&c->info->id, file), text);
	}
}

/* --- one record ----------------------------------------------------------- */

static void check_summary(struct file_check *c)
{
	const struct share_mode_info *info = c->info;
	struct share_claim all = {0};
	uint32_t caching = 0;
	bool deletes = (info->summary.flags & SHARE_MODE_DELETE_PENDING) != 0;

	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];

		all = share_claims_union(
			all, share_claim(e->access, e->share,
					 (e->flags & SHARE_ENTRY_STREAM) != 0));
	}
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		caching |= info->grants[i].state;
	}
	if (all.access != info->summary.access ||
	    all.denied != info->summary.denied) {
		wrong(c, "the summary is not that of its opens");
	}
	if (caching != info->summary.caching) {
		wrong(c, "the summary is not that of its grants");
	}
	if (info->miscounted) {
		wrong(c,
		      "it does not have as many opens and grants as it says");
	}
	if (deletes != (info->tail.deleter != NULL)) {
		wrong(c, "deletion is pending and nobody's, or the reverse");
	}
	if (info->summary.num_entries == 0) {
		wrong(c, "there is a record, and no open in it");
	}
}

/* What is counted on boards is counted there before it is in the record, and as
 * long. */
static void check_boards(struct file_check *c, const struct share_modes *modes)
{
	const struct share_mode_info *info = c->info;
	const char *name = info->tail.name != NULL ? info->tail.name : "";
	const char *path = info->tail.share_path;
	char *directory = talloc_strdup(NULL, name);
	char *slash = directory != NULL ? strrchr(directory, '\\') : NULL;

	for (; slash != NULL && path != NULL;
	     slash = strrchr(directory, '\\')) {
		*slash = '\0';
		if (!share_mode_any_below(modes, path, directory)) {
			wrong(c, "its directories are not known to have it");
		}
	}
	talloc_free(directory);
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		if ((info->grants[i].flags & GRANT_DIRECTORY) != 0 &&
		    !share_grant_has_directory(modes, &info->id)) {
			wrong(c, "a lease on a directory is not counted");
		}
	}
}

static int compare_numbers(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The grants that opens name, in order: num_entries of them, 0 for none; on
 * mem_ctx. */
static uint64_t *names_of(TALLOC_CTX *mem_ctx,
			  const struct share_mode_info *info)
{
	uint32_t n = info->summary.num_entries;
	uint64_t *names = talloc_array(mem_ctx, uint64_t, n);

	for (uint32_t i = 0; names != NULL && i < n; i++) {
		names[i] = info->entries[i].grant;
	}
	if (names != NULL && n > 1) {
		qsort(names, n, sizeof(*names), compare_numbers);
	}
	return names;
}

static uint32_t count_of(const uint64_t *sorted, uint32_t n, uint64_t name)
{
	uint32_t low = 0, high = n, count = 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sorted[middle] < name) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	while (low + count < n && sorted[low + count] == name) {
		count++;
	}
	return count;
}

static bool is_lease(const struct share_grant *g)
{
	return (g->flags & GRANT_LEASE) != 0;
}

/* Whether each grant is used, and how often. */
static void check_uses(struct file_check *c, const uint64_t *names)
{
	const struct share_mode_info *info = c->info;
	uint32_t used = count_of(names, info->summary.num_entries, 0);

	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		const struct share_grant *g = &info->grants[i];
		uint32_t n = count_of(names, info->summary.num_entries, g->id);

		used += n;
		if (g->id == 0 || n == 0) {
			wrong(c, "a grant is no open's");
		} else if (n != g->num_opens) {
			wrong(c, "a grant has other opens than it says");
		} else if (n > 1 && !is_lease(g)) {
			wrong(c, "an oplock is of several opens");
		}
		if ((g->state & ~GRANT_ALL) != 0 ||
		    ((g->flags & GRANT_BREAKING) != 0 &&
		     (g->break_to & ~g->state) != 0)) {
			wrong(c, "a grant has a state that is none");
		}
	}
	if (used < info->summary.num_entries) {
		wrong(c, "an open names a grant that is not there");
	} else if (used > info->summary.num_entries) {
		wrong(c, "two grants have one number");
	}
}

static int compare_leases(const void *a, const void *b)
{
	const struct share_grant *const *x = a, *const *y = b;
	int order = memcmp((*x)->client.bytes, (*y)->client.bytes, 16);

	return order != 0 ? order
			  : memcmp((*x)->key.bytes, (*y)->key.bytes, 16);
}

static void check_twins(struct file_check *c, TALLOC_CTX *mem_ctx)
{
	const struct share_mode_info *info = c->info;
	const struct share_grant **leases = talloc_array(
		mem_ctx, const struct share_grant *, info->summary.num_grants);
	uint32_t n = 0;

	for (uint32_t i = 0; leases != NULL && i < info->summary.num_grants;
	     i++) {
		if (is_lease(&info->grants[i])) {
			leases[n++] = &info->grants[i];
		}
	}
	if (n > 1) {
		qsort(leases, n, sizeof(*leases), compare_leases);
	}
	for (uint32_t i = 1; i < n; i++) {
		if (compare_leases(&leases[i - 1], &leases[i]) == 0) {
			wrong(c, "a lease is there twice");
		}
	}
}

/* --- all records ---------------------------------------------------------- */

/* A lease, of the index or of a record. */
struct lease {
	struct guid client, key;
	struct file_id file;
};

struct verify {
	struct state *s;
	TALLOC_CTX *mem_ctx;
	struct file_id *files; /* that look wrong */
	size_t num_files;
	struct lease *granted; /* leases that opens have */
	size_t num_granted;
	struct lease *indexed; /* those of the index */
	size_t num_indexed;
	struct lease_board *board; /* what is to be counted of directories */
	bool failed;
};

/* All that one record can be wrong in; the number of faults. */
static size_t check_file(struct state *s, const struct verify *v,
			 const struct share_mode_info *info)
{
	struct file_check c = {.s = s, .info = info};
	TALLOC_CTX *mem_ctx = v->mem_ctx;
	uint64_t *names = names_of(mem_ctx, info);

	check_summary(&c);
	check_boards(&c, v->s->l->share_modes);
	if (names != NULL) {
		check_uses(&c, names);
	}
	check_twins(&c, mem_ctx);
	talloc_free(names);
	return c.faults;
}

static void add_lease(struct verify *v, struct lease **list, size_t *count,
		      struct lease one)
{
	struct lease *more =
		talloc_realloc(v->mem_ctx, *list, struct lease, *count + 1);

	if (more == NULL) {
		v->failed = true;
		return;
	}
	more[(*count)++] = one;
	*list = more;
}

static bool on_file(const struct share_mode_info *info, void *private_data)
{
	struct verify *v = private_data;
	struct file_id *more;

	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		const struct share_grant *g = &info->grants[i];

		if ((g->flags & GRANT_DIRECTORY) != 0) {
			lease_board_add(v->board, &info->id);
		}
		if (is_lease(g)) {
			add_lease(v, &v->granted, &v->num_granted,
				  (struct lease){.client = g->client,
						 .key = g->key,
						 .file = info->id});
		}
	}
	if (check_file(NULL, v, info) == 0) {
		return true;
	}
	more = talloc_realloc(v->mem_ctx, v->files, struct file_id,
			      v->num_files + 1);
	if (more == NULL) {
		v->failed = true;
		return false;
	}
	v->files = more;
	more[v->num_files++] = info->id;
	return true;
}

static bool on_lease(const struct guid *client, const struct guid *key,
		     const struct file_id *file, void *private_data)
{
	struct verify *v = private_data;

	if (file->device == 0 && file->inode == 0) {
		state_fault(v->s, "lease.tdb: a record cannot be read");
		return true;
	}
	add_lease(
		v, &v->indexed, &v->num_indexed,
		(struct lease){.client = *client, .key = *key, .file = *file});
	return !v->failed;
}

static bool on_stray_page(const struct file_id *id, void *private_data)
{
	struct verify *v = private_data;
	char file[STATE_FILE_SIZE];

	state_fault(v->s,
		    "share_page.tdb: a page of file %s that no record "
		    "names",
		    state_file_text(id, file));
	return true;
}

static bool on_damaged(struct blob key, void *private_data)
{
	struct verify *v = private_data;
	char text[STATE_KEY_SIZE];

	state_fault(v->s, "share_mode.tdb: record %s cannot be read",
		    state_key_text(key, text));
	return true;
}

/* --- a second look, under the lock ---------------------------------------- */

struct look {
	struct verify *v;
	const struct file_id *id;
	const struct lease *lease; /* NULL: the record */
};

static void look_at_record(const struct share_mode_info *info,
			   void *private_data)
{
	struct look *k = private_data;

	if (info != NULL) {
		check_file(k->v->s, k->v, info);
	}
}

static bool has_lease(const struct share_mode_info *info, const struct lease *x)
{
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		const struct share_grant *g = &info->grants[i];

		if (is_lease(g) && guid_equal(&g->client, &x->client) &&
		    guid_equal(&g->key, &x->key)) {
			return true;
		}
	}
	return false;
}

static void look_at_lease(const struct share_mode_info *info,
			  void *private_data)
{
	struct look *k = private_data;
	struct state *s = k->v->s;
	struct file_id indexed = {0};
	char key[GUID_STRING_SIZE], file[STATE_FILE_SIZE];
	bool granted = info != NULL && has_lease(info, k->lease);
	bool found = NT_STATUS_IS_OK(share_mode_get_lease(
			     s->l->share_modes, &k->lease->client,
			     &k->lease->key, &indexed)) &&
		     file_id_equal(&indexed, k->id);

	guid_format(&k->lease->key, key);
	state_file_text(k->id, file);
	if (granted && !found) {
		state_fault(s, "file %s: lease %s is not in the index", file,
			    key);
	} else if (found && !granted) {
		state_fault(s,
			    "lease.tdb: lease %s is on file %s, which does not "
			    "have it",
			    key, file);
	}
}

static int by_lease(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct lease));
}

/* Those of list that are not in other. */
static NTSTATUS look_at_leases(struct verify *v, const struct lease *list,
			       size_t count, const struct lease *other,
			       size_t other_count)
{
	struct share_modes *modes = v->s->l->share_modes;
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; i < count && NT_STATUS_IS_OK(status); i++) {
		struct look k = {
			.v = v, .id = &list[i].file, .lease = &list[i]};

		if (other_count == 0 ||
		    bsearch(&list[i], other, other_count, sizeof(*other),
			    by_lease) == NULL) {
			status =
				share_mode_look(modes, k.id, look_at_lease, &k);
		}
	}
	return status;
}

static NTSTATUS look_again(struct verify *v)
{
	struct share_modes *modes = v->s->l->share_modes;
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; i < v->num_files && NT_STATUS_IS_OK(status); i++) {
		struct look k = {.v = v, .id = &v->files[i]};

		status = share_mode_look(modes, k.id, look_at_record, &k);
	}
	if (v->num_granted > 1) {
		qsort(v->granted, v->num_granted, sizeof(*v->granted),
		      by_lease);
	}
	if (v->num_indexed > 1) {
		qsort(v->indexed, v->num_indexed, sizeof(*v->indexed),
		      by_lease);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = look_at_leases(v, v->granted, v->num_granted,
					v->indexed, v->num_indexed);
	}
	return NT_STATUS_IS_OK(status)
		       ? look_at_leases(v, v->indexed, v->num_indexed,
					v->granted, v->num_granted)
		       : status;
}

/* Too few were found with the record; and what is too many slows others down.
 */
static void on_slot(uint32_t slot, uint32_t counted, uint32_t granted,
		    void *private_data)
{
	struct state *s = private_data;

	if (counted > granted) {
		state_fault(s,
			    "lease.board: %" PRIu32
			    " leases on directories are "
			    "counted in slot %" PRIu32 ", there are %" PRIu32,
			    counted, slot, granted);
	}
}

NTSTATUS state_verify_share_modes(struct state *s)
{
	struct verify v = {.s = s, .mem_ctx = talloc_new(s)};
	struct share_modes *modes = s->l->share_modes;
	NTSTATUS status =
		v.mem_ctx == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;

	if (NT_STATUS_IS_OK(status)) {
		status = lease_board_create(v.mem_ctx, NULL, false, &v.board);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_find_damaged(modes, on_damaged, &v);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_traverse(modes, on_file, &v);
	}
	if (NT_STATUS_IS_OK(status)) {
		lease_board_compare(modes->board, v.board, on_slot, s);
		status = share_mode_each_lease(modes, on_lease, &v);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_each_stray_page(modes, on_stray_page, &v);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = v.failed ? NT_STATUS(NO_MEMORY) : look_again(&v);
	}
	talloc_free(v.mem_ctx);
	return status;
}
