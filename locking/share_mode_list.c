/* locking/share_mode_list.c - reading without the lock, and what the dead
 * left. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/log.h"
#include "locking/share_counts.h"
#include "messaging/server_id.h"

/* --- without the lock --------------------------------------------------- */

/* Of a damaged record nothing is known, as under the lock. */
static NTSTATUS peek_found(struct blob value, void *private_data)
{
	struct share_mode_state *out = private_data;
	struct share_mode_summary sum;

	if (!NT_STATUS_IS_OK(share_mode_summary_of(value, &sum))) {
		return NT_STATUS_OK;
	}
	out->num_entries = sum.num_entries;
	out->delete_pending = (sum.flags & SHARE_MODE_DELETE_PENDING) != 0;
	return NT_STATUS_OK;
}

NTSTATUS share_mode_peek(struct share_modes *s, const struct file_id *id,
			 struct share_mode_state *out)
{
	struct share_mode_state state = {0};
	uint8_t buf[FILE_ID_SIZE];
	struct blob key;
	NTSTATUS status;

	status = share_mode_key(id, buf, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_parse(s->db, key, peek_found, &state);
	if (NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, NOT_FOUND)) {
		*out = state;
		return NT_STATUS_OK;
	}
	return status;
}

struct traverse_call {
	struct share_modes *s;
	share_mode_info_fn fn;
	void *private_data;
};

static NTSTATUS entries_of(TALLOC_CTX *mem_ctx, struct share_mode_lock *l,
			   struct share_mode_info *out)
{
	struct share_mode_entry *entries =
		talloc_array(mem_ctx, struct share_mode_entry, 0);
	struct share_cursor at = {0};
	struct share_place p;
	uint32_t n = 0;

	while (entries != NULL && share_table_next(&l->entries, &at, &p)) {
		entries = talloc_realloc(mem_ctx, entries,
					 struct share_mode_entry, n + 1);
		if (entries != NULL) {
			share_mode_entry_read(&p, &entries[n++]);
		}
	}
	out->entries = entries;
	out->summary.num_entries = n;
	return entries == NULL || l->entries.failed ? NT_STATUS(NO_MEMORY)
						    : NT_STATUS_OK;
}

static NTSTATUS grants_of(TALLOC_CTX *mem_ctx, struct share_mode_lock *l,
			  struct share_mode_info *out)
{
	struct share_grant *grants =
		talloc_array(mem_ctx, struct share_grant, 0);
	struct share_cursor at = {0};
	struct share_place p;
	uint32_t n = 0;

	while (grants != NULL && share_table_next(&l->grants, &at, &p)) {
		grants = talloc_realloc(mem_ctx, grants, struct share_grant,
					n + 1);
		if (grants != NULL) {
			share_grant_read(&p, &grants[n++]);
		}
	}
	out->grants = grants;
	out->summary.num_grants = n;
	return grants == NULL || l->grants.failed ? NT_STATUS(NO_MEMORY)
						  : NT_STATUS_OK;
}

/* All that is in a record, on mem_ctx. */
static NTSTATUS info_of(TALLOC_CTX *mem_ctx, struct share_mode_lock *l,
			struct share_mode_info *out)
{
	const struct blob key = {.data = (uint8_t *)(uintptr_t)l->key,
				 .length = FILE_ID_SIZE};
	NTSTATUS status;

	out->summary = l->sum;
	out->miscounted = !share_counts_are_right(l);
	status = entries_of(mem_ctx, l, out);
	if (NT_STATUS_IS_OK(status)) {
		status = grants_of(mem_ctx, l, out);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = file_id_pull(mem_ctx, key, &out->id);
	}
	return NT_STATUS_IS_OK(status)
		       ? share_mode_tail_pull(mem_ctx, l->tail, &out->tail)
		       : status;
}

static NTSTATUS info_decode(TALLOC_CTX *mem_ctx, struct share_modes *s,
			    struct blob key, struct blob value,
			    struct share_mode_info *out)
{
	struct share_mode_lock l;
	NTSTATUS status = NT_STATUS(INTERNAL_DB_CORRUPTION);

	if (key.length != FILE_ID_SIZE) {
		return status;
	}
	status = share_mode_view(s, key, value, &l);
	if (NT_STATUS_IS_OK(status)) {
		status = info_of(mem_ctx, &l, out);
	}
	share_mode_view_end(&l);
	return status;
}

static bool traverse_found(struct blob key, struct blob value,
			   void *private_data)
{
	struct traverse_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	struct share_mode_info info;
	bool go_on = true;

	if (NT_STATUS_IS_OK(info_decode(mem_ctx, call->s, key, value, &info))) {
		go_on = call->fn(&info, call->private_data);
	} else {
		LOG_ERR(LOG_LOCKING, "%s: a record is damaged", call->s->path);
	}
	talloc_free(mem_ctx);
	return go_on;
}

NTSTATUS share_mode_traverse(struct share_modes *s, share_mode_info_fn fn,
			     void *private_data)
{
	struct traverse_call call = {
		.s = s, .fn = fn, .private_data = private_data};

	return db_traverse(s->db, traverse_found, &call);
}

struct get_call {
	struct share_modes *s;
	TALLOC_CTX *mem_ctx;
	struct blob key;
	struct share_mode_info *out;
};

static NTSTATUS get_found(struct blob value, void *private_data)
{
	struct get_call *call = private_data;

	return info_decode(call->mem_ctx, call->s, call->key, value, call->out);
}

NTSTATUS share_mode_get(TALLOC_CTX *mem_ctx, struct share_modes *s,
			const struct file_id *id, struct share_mode_info *out)
{
	struct get_call call = {.s = s, .mem_ctx = mem_ctx, .out = out};
	uint8_t buf[FILE_ID_SIZE];
	NTSTATUS status = share_mode_key(id, buf, &call.key);

	return NT_STATUS_IS_OK(status)
		       ? db_parse(s->db, call.key, get_found, &call)
		       : status;
}

struct look_call {
	struct share_modes *s;
	struct blob key;
	share_mode_look_fn fn;
	void *private_data;
};

static NTSTATUS look_locked(struct db_record *rec, struct blob value,
			    void *private_data)
{
	const struct look_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	struct share_mode_info info;
	bool found = value.data != NULL &&
		     NT_STATUS_IS_OK(info_decode(mem_ctx, call->s, call->key,
						 value, &info));

	call->fn(found ? &info : NULL, call->private_data);
	talloc_free(mem_ctx);
	return NT_STATUS_OK;
}

NTSTATUS share_mode_look(struct share_modes *s, const struct file_id *id,
			 share_mode_look_fn fn, void *private_data)
{
	struct look_call call = {
		.s = s, .fn = fn, .private_data = private_data};
	uint8_t buf[FILE_ID_SIZE];
	NTSTATUS status = share_mode_key(id, buf, &call.key);

	return NT_STATUS_IS_OK(status)
		       ? db_do_locked(s->db, call.key, look_locked, &call)
		       : status;
}

struct damaged_call {
	struct share_modes *s;
	share_mode_damaged_fn fn;
	void *private_data;
};

static bool damaged_found(struct blob key, struct blob value,
			  void *private_data)
{
	struct damaged_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	struct share_mode_info info;
	NTSTATUS status = info_decode(mem_ctx, call->s, key, value, &info);

	talloc_free(mem_ctx);
	return NT_STATUS_IS_OK(status) || call->fn(key, call->private_data);
}

NTSTATUS share_mode_find_damaged(struct share_modes *s,
				 share_mode_damaged_fn fn, void *private_data)
{
	struct damaged_call call = {
		.s = s, .fn = fn, .private_data = private_data};

	return db_traverse(s->db, damaged_found, &call);
}

struct leases_call {
	share_mode_lease_fn fn;
	void *private_data;
};

/* A record that cannot be read is a lease on no file. */
static bool lease_found(struct blob key, struct blob value, void *private_data)
{
	struct leases_call *call = private_data;
	struct lease_record rec = {0};
	struct guid client = {0}, lease = {0};

	if (!NT_STATUS_IS_OK(lease_record_pull(NULL, value, &rec)) ||
	    key.length != sizeof(client) + sizeof(lease)) {
		rec = (struct lease_record){0};
	} else {
		memcpy(client.bytes, key.data, sizeof(client.bytes));
		memcpy(lease.bytes, key.data + sizeof(client.bytes),
		       sizeof(lease.bytes));
	}
	return call->fn(&client, &lease, &rec.file, call->private_data);
}

NTSTATUS share_mode_each_lease(struct share_modes *s, share_mode_lease_fn fn,
			       void *private_data)
{
	struct leases_call call = {.fn = fn, .private_data = private_data};

	return db_traverse(s->leases, lease_found, &call);
}

static NTSTATUS lease_parsed(struct blob value, void *private_data)
{
	return lease_record_pull(NULL, value, private_data);
}

NTSTATUS share_mode_get_lease(struct share_modes *s, const struct guid *client,
			      const struct guid *key, struct file_id *out)
{
	uint8_t buf[32];
	struct blob k = {.data = buf, .length = sizeof(buf)};
	struct lease_record rec = {0};
	NTSTATUS status;

	memcpy(buf, client->bytes, 16);
	memcpy(buf + 16, key->bytes, 16);
	status = db_parse(s->leases, k, lease_parsed, &rec);
	if (NT_STATUS_IS_OK(status)) {
		*out = rec.file;
	}
	return status;
}

/* --- forgetting the dead ------------------------------------------------ */

struct forget_call {
	struct share_modes *s;
	const struct server_id *dead;
	struct file_id *ids;
	size_t count;
};

/* Whether the dead one has left an entry. */
static bool has_left(const struct share_mode_info *info,
		     const struct server_id *dead)
{
	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		if (server_id_matches(&info->entries[i].owner, dead)) {
			return true;
		}
	}
	return false;
}

/* Whether the numbers may be believed: with pages somebody may have been killed
 * between two stores. */
static bool is_whole(const struct share_mode_info *info)
{
	uint32_t with_grant = 0, users = 0, caching = 0;
	struct share_claim all = {0};

	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];

		with_grant += e->grant != 0;
		all = share_claims_union(all, share_entry_claim(e));
	}
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		users += info->grants[i].num_opens;
		caching |= info->grants[i].state;
	}
	return info->summary.entry_pages == 0 &&
	       info->summary.grant_pages == 0 && users == with_grant &&
	       info->summary.access == all.access &&
	       info->summary.denied == all.denied &&
	       info->summary.caching == caching;
}

static bool forget_found(const struct share_mode_info *info, void *private_data)
{
	struct forget_call *call = private_data;
	struct file_id *ids;

	if (is_whole(info) && !has_left(info, call->dead)) {
		return true;
	}
	ids = talloc_realloc(call->s, call->ids, struct file_id,
			     call->count + 1);
	if (ids == NULL) {
		return false;
	}
	ids[call->count++] = info->id;
	call->ids = ids;
	return true;
}

static NTSTATUS forget_locked(struct share_mode_lock *l, void *private_data)
{
	share_mode_remove_dead(l);
	share_mode_count_anew(l);
	return NT_STATUS_OK;
}

void share_mode_forget(struct share_modes *s, const struct server_id *dead)
{
	struct forget_call call = {.s = s, .dead = dead};
	NTSTATUS status;
	size_t i;

	status = share_mode_traverse(s, forget_found, &call);
	for (i = 0; NT_STATUS_IS_OK(status) && i < call.count; i++) {
		status = share_mode_do_locked(s, &call.ids[i], forget_locked,
					      NULL);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "%s: entries of pid %u are left: %s",
			 s->path, dead->pid, ntstatus_name(status));
	}
	share_mode_sweep(s);
	talloc_free(call.ids);
}
