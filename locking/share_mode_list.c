/* locking/share_mode_list.c - reading without the lock, and what the dead
 * left. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/log.h"
#include "messaging/server_id.h"

/* --- without the lock --------------------------------------------------- */

/* Of a damaged record nothing is known, as under the lock. */
static NTSTATUS peek_found(struct blob value, void *private_data)
{
	struct share_mode_state *out = private_data;
	struct value_parts v;
	uint32_t i;

	if (!NT_STATUS_IS_OK(share_mode_value_decode(value, &v))) {
		return NT_STATUS_OK;
	}
	for (i = 0; i < v.sum.num_entries; i++) {
		out->num_entries += !share_mode_entry_is_free(v.entries, i);
	}
	out->delete_pending = out->num_entries > 0 &&
			      (v.sum.flags & SHARE_MODE_DELETE_PENDING) != 0;
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

static NTSTATUS grants_decode(TALLOC_CTX *mem_ctx, const struct value_parts *v,
			      const struct share_grant **out)
{
	struct share_grant *grants =
		talloc_array(mem_ctx, struct share_grant, v->sum.num_grants);
	NTSTATUS status = NT_STATUS_OK;

	if (grants == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < v->sum.num_grants && NT_STATUS_IS_OK(status);
	     i++) {
		struct blob b = {.data = v->grants.data + i * GRANT_SIZE,
				 .length = GRANT_SIZE};

		status = share_grant_pull(mem_ctx, b, &grants[i]);
	}
	*out = grants;
	return status;
}

/* All that is in a record, on mem_ctx. */
static NTSTATUS info_decode(TALLOC_CTX *mem_ctx, struct blob key,
			    struct blob value, struct share_mode_info *out)
{
	struct share_mode_entry *entries;
	struct value_parts v;
	NTSTATUS status;
	uint32_t i, count = 0;

	status = share_mode_value_decode(value, &v);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	entries = talloc_array(mem_ctx, struct share_mode_entry,
			       v.sum.num_entries);
	if (entries == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (i = 0; i < v.sum.num_entries; i++) {
		if (!share_mode_entry_is_free(v.entries, i)) {
			share_mode_entry_read(v.entries, i, &entries[count++]);
		}
	}
	v.sum.num_entries = count;
	out->summary = v.sum;
	out->entries = entries;
	status = grants_decode(mem_ctx, &v, &out->grants);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = file_id_pull(mem_ctx, key, &out->id);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return share_mode_tail_pull(mem_ctx, v.tail, &out->tail);
}

static bool traverse_found(struct blob key, struct blob value,
			   void *private_data)
{
	struct traverse_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	struct share_mode_info info;
	bool go_on = true;

	if (NT_STATUS_IS_OK(info_decode(mem_ctx, key, value, &info))) {
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
	TALLOC_CTX *mem_ctx;
	struct blob key;
	struct share_mode_info *out;
};

static NTSTATUS get_found(struct blob value, void *private_data)
{
	struct get_call *call = private_data;

	return info_decode(call->mem_ctx, call->key, value, call->out);
}

NTSTATUS share_mode_get(TALLOC_CTX *mem_ctx, struct share_modes *s,
			const struct file_id *id, struct share_mode_info *out)
{
	struct get_call call = {.mem_ctx = mem_ctx, .out = out};
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
	bool found =
		value.data != NULL &&
		NT_STATUS_IS_OK(info_decode(mem_ctx, call->key, value, &info));

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
	NTSTATUS status = info_decode(mem_ctx, key, value, &info);

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

static bool forget_found(const struct share_mode_info *info, void *private_data)
{
	struct forget_call *call = private_data;
	struct file_id *ids;
	uint32_t i;

	for (i = 0; i < info->summary.num_entries; i++) {
		if (server_id_matches(&info->entries[i].owner, call->dead)) {
			break;
		}
	}
	if (i == info->summary.num_entries) {
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
	talloc_free(call.ids);
}
