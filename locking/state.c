/* locking/state.c - lists, faults, processes; see state.h. */
#include "locking/state_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locking/locking.h"
#include "messaging/messaging.h"

/* --- lists ---------------------------------------------------------------- */

NTSTATUS state_list_add(TALLOC_CTX *mem_ctx, struct state_list *list,
			const void *item)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : list->room * 2;
		uint8_t *items = talloc_realloc_size(mem_ctx, list->items,
						     room * list->size);

		if (items == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		list->items = items;
		list->room = room;
	}
	memcpy(list->items + list->count++ * list->size, item, list->size);
	return NT_STATUS_OK;
}

void *state_list_at(const struct state_list *list, size_t i)
{
	return list->items + i * list->size;
}

static int compare(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

void state_list_sort(struct state_list *list)
{
	if (list->count > 1) {
		qsort(list->items, list->count, list->size, compare);
	}
}

void *state_list_find(const struct state_list *list, uint64_t number)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(state_list_at(list, middle), &number) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low == list->count ||
	    compare(state_list_at(list, low), &number) != 0) {
		return NULL;
	}
	return state_list_at(list, low);
}

/* --- faults --------------------------------------------------------------- */

void state_fault(struct state *s, const char *fmt, ...)
{
	char **faults = talloc_realloc(s, s->faults, char *, s->num_faults + 1);
	va_list ap;

	if (faults == NULL) {
		s->failed = NT_STATUS(NO_MEMORY);
		return;
	}
	s->faults = faults;
	va_start(ap, fmt);
	faults[s->num_faults] = talloc_vasprintf(faults, fmt, ap);
	va_end(ap);
	if (faults[s->num_faults] == NULL) {
		s->failed = NT_STATUS(NO_MEMORY);
		return;
	}
	s->num_faults++;
}

const char *state_file_text(const struct file_id *id, char *out)
{
	snprintf(out, STATE_FILE_SIZE, "%" PRIx64 ":%" PRIx64 ":%" PRIx64,
		 (uint64_t)id->device, (uint64_t)id->inode,
		 (uint64_t)id->stream);
	return out;
}

const char *state_key_text(struct blob key, char *out)
{
	size_t n = key.length < (STATE_KEY_SIZE - 1) / 2
			   ? key.length
			   : (STATE_KEY_SIZE - 1) / 2;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		snprintf(out + 2 * i, 3, "%02x", key.data[i]);
	}
	return out;
}

/* --- processes ------------------------------------------------------------ */

const struct known_process *state_process(struct state *s,
					  const struct server_id *id)
{
	struct known_process p = {.unique_id = id->unique_id, .id = *id};
	struct known_process *found =
		state_list_find(&s->processes, id->unique_id);
	static const struct known_process nobody;

	if (found != NULL) {
		return found;
	}
	p.alive = server_id_exists(s->l->messaging, id);
	if (!NT_STATUS_IS_OK(state_list_add(s, &s->processes, &p))) {
		s->failed = NT_STATUS(NO_MEMORY);
		return &nobody;
	}
	state_list_sort(&s->processes);
	return state_list_find(&s->processes, id->unique_id);
}

static void check_counts(struct state *s, const struct server_id *id,
			 const struct process_state *view)
{
	char who[SERVER_ID_STRING_SIZE];

	server_id_format(id, who);
	if (view->num_sessions != view->sessions_there) {
		state_fault(s, "process %s: its number of sessions is wrong",
			    who);
	}
	if (view->num_trees != view->trees_there) {
		state_fault(s,
			    "process %s: its number of tree connects is wrong",
			    who);
	}
	if (view->num_opens != view->opens_there) {
		state_fault(s, "process %s: its number of opens is wrong", who);
	}
}

static NTSTATUS add_views(struct state *s, const struct server_id *id,
			  const struct process_state *v)
{
	const struct known_client client = state_client(&v->client_guid, id);
	NTSTATUS status = NT_STATUS_OK;

	if (v->is_known) {
		status = state_list_add(s, &s->said_clients, &client);
	}
	for (uint32_t i = 0; i < v->sessions_there && NT_STATUS_IS_OK(status);
	     i++) {
		const struct said_session one = {.id = v->sessions[i].id,
						 .owner = *id,
						 .flags = v->sessions[i].flags};

		status = state_list_add(s, &s->said_sessions, &one);
	}
	for (uint32_t i = 0; i < v->trees_there && NT_STATUS_IS_OK(status);
	     i++) {
		const struct said_tree one = {.id = v->trees[i].id,
					      .owner = *id,
					      .session_id =
						      v->trees[i].session_id,
					      .flags = v->trees[i].flags};

		status = state_list_add(s, &s->said_trees, &one);
	}
	for (uint32_t i = 0; i < v->opens_there && NT_STATUS_IS_OK(status);
	     i++) {
		const struct said_open one = {.id = v->opens[i].id,
					      .owner = *id,
					      .tree_id = v->opens[i].tree_id,
					      .session_id =
						      v->opens[i].session_id,
					      .flags = v->opens[i].flags};

		status = state_list_add(s, &s->said_opens, &one);
	}
	for (uint32_t i = 0; i < v->watches_there && NT_STATUS_IS_OK(status);
	     i++) {
		struct known_watch one = {.id = v->watches[i].id,
					  .owner = *id,
					  .filter = v->watches[i].filter,
					  .tree = v->watches[i].tree};

		one.path = talloc_strdup(s, v->watches[i].path);
		status = one.path == NULL
				 ? NT_STATUS(NO_MEMORY)
				 : state_list_add(s, &s->said_watches, &one);
	}
	return status;
}

NTSTATUS state_add_process(struct state *s, const struct server_id *id,
			   const struct process_state *view)
{
	/* Not of those that state_process() could not note. */
	struct known_process *p =
		(struct known_process *)(uintptr_t)state_process(s, id);

	if (!NT_STATUS_IS_OK(s->failed)) {
		return s->failed;
	}
	p->answered = true;
	check_counts(s, id, view);
	return add_views(s, id, view);
}

/* --- comparing ------------------------------------------------------------ */

NTSTATUS state_compare(struct state *s, const char *const **out_faults,
		       size_t *out_count)
{
	state_list_sort(&s->said_clients);
	state_list_sort(&s->said_sessions);
	state_list_sort(&s->said_trees);
	state_list_sort(&s->said_opens);
	state_compare_clients(s);
	state_compare_opens(s);
	state_compare_files(s);
	if (!NT_STATUS_IS_OK(s->failed)) {
		return s->failed;
	}
	*out_faults = (const char *const *)s->faults;
	*out_count = s->num_faults;
	return NT_STATUS_OK;
}

/* --- what stays ----------------------------------------------------------- */

struct state_faults *state_faults_create(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct state_faults);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static NTSTATUS keep_all(struct state_faults *f, const char *const *faults,
			 size_t count)
{
	f->texts = talloc_array(f, char *, count);
	if (f->texts == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; i < count; i++) {
		f->texts[i] = talloc_strdup(f->texts, faults[i]);
		if (f->texts[i] == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	f->count = count;
	if (count > 1) {
		qsort(f->texts, count, sizeof(*f->texts), compare_texts);
	}
	return NT_STATUS_OK;
}

NTSTATUS state_faults_keep(struct state_faults *f, bool first,
			   const char *const *faults, size_t count)
{
	struct state_faults *now;
	size_t left = 0;
	NTSTATUS status;

	if (first) {
		return keep_all(f, faults, count);
	}
	now = talloc_zero(f, struct state_faults);
	status = now == NULL ? NT_STATUS(NO_MEMORY)
			     : keep_all(now, faults, count);
	for (size_t i = 0; i < f->count && NT_STATUS_IS_OK(status); i++) {
		if (now->count > 0 &&
		    bsearch(&f->texts[i], now->texts, now->count,
			    sizeof(*now->texts), compare_texts) != NULL) {
			f->texts[left++] = f->texts[i];
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		f->count = left;
	}
	talloc_free(now);
	return status;
}
