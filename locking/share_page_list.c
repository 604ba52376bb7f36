/* locking/share_page_list.c - pages of share_page.tdb that no record names:
 * what is left of a process that was killed amidst a change.  Nobody ever reads
 * one; only room is lost. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/log.h"
#include "lib/wire.h"

struct stray_call {
	struct share_modes *s;
	uint8_t (*keys)[SHARE_PAGE_KEY_SIZE];
	size_t count;
	bool failed;
	bool remove; /* those that are found */
	/* of the page that is looked at: */
	const uint8_t *key;
	bool stray;
};

static bool collect(struct blob key, struct blob value, void *private_data)
{
	struct stray_call *call = private_data;
	void *more;

	if (key.length != SHARE_PAGE_KEY_SIZE) {
		return true;
	}
	more = talloc_realloc_size(call->s, call->keys,
				   (call->count + 1) * SHARE_PAGE_KEY_SIZE);
	if (more == NULL) {
		call->failed = true;
		return false;
	}
	call->keys = more;
	memcpy(call->keys[call->count++], key.data, SHARE_PAGE_KEY_SIZE);
	return true;
}

static NTSTATUS is_there(struct blob value, void *private_data)
{
	return NT_STATUS_OK;
}

static uint32_t pages_of(struct blob value, uint32_t kind)
{
	struct share_mode_summary sum;

	if (value.data == NULL ||
	    !NT_STATUS_IS_OK(share_mode_summary_of(value, &sum))) {
		return 0;
	}
	return kind != 0 ? sum.grant_pages : sum.entry_pages;
}

static NTSTATUS look_locked(struct db_record *rec, struct blob value,
			    void *private_data)
{
	struct stray_call *call = private_data;
	struct blob key = {.data = (uint8_t *)(uintptr_t)call->key,
			   .length = SHARE_PAGE_KEY_SIZE};
	struct wire_reader r = wire_reader(call->key + FILE_ID_SIZE, 4);
	uint32_t number = wire_u32(&r);
	uint32_t kind = number & SHARE_PAGE_GRANTS;

	call->stray =
		(number & ~kind) >= pages_of(value, kind) &&
		NT_STATUS_IS_OK(db_parse(call->s->pages, key, is_there, NULL));
	return call->stray && call->remove ? db_delete(call->s->pages, key)
					   : NT_STATUS_OK;
}

static NTSTATUS look(struct stray_call *call, size_t i, struct file_id *out)
{
	struct blob id = {.data = call->keys[i], .length = FILE_ID_SIZE};

	call->key = call->keys[i];
	call->stray = false;
	return NT_STATUS_IS_OK(file_id_pull(NULL, id, out))
		       ? db_do_locked(call->s->db, id, look_locked, call)
		       : NT_STATUS_OK;
}

static NTSTATUS look_at_all(struct stray_call *call, share_mode_page_fn fn,
			    void *private_data)
{
	NTSTATUS status = db_traverse(call->s->pages, collect, call);

	if (NT_STATUS_IS_OK(status) && call->failed) {
		status = NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; i < call->count && NT_STATUS_IS_OK(status); i++) {
		struct file_id id;

		status = look(call, i, &id);
		if (NT_STATUS_IS_OK(status) && call->stray && fn != NULL &&
		    !fn(&id, private_data)) {
			break;
		}
	}
	TALLOC_FREE(call->keys);
	return status;
}

NTSTATUS share_mode_each_stray_page(struct share_modes *s,
				    share_mode_page_fn fn, void *private_data)
{
	struct stray_call call = {.s = s};

	return look_at_all(&call, fn, private_data);
}

void share_mode_sweep(struct share_modes *s)
{
	struct stray_call call = {.s = s, .remove = true};
	NTSTATUS status = look_at_all(&call, NULL, NULL);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "share_page.tdb: pages are left: %s",
			 ntstatus_name(status));
	}
}
