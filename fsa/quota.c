/* fsa/quota.c - disk quotas of users ([MS-FSA] 2.1.5.21, 2.1.5.22): what the
 * file system below keeps, by SID.
 *
 * Everybody may ask for his own quota; for those of others, and to set any, one
 * must be allowed to manage the volume. */
#include "fsa/quota.h"

#include <strings.h>

/* A limit that is not given, and an entry that is to go ([MS-FSCC] 2.4.41). */
#define DELETE_IT (UINT64_MAX - 1)

#define RID_ALIAS_ADMINS 544

bool quota_is_name(const char *name)
{
	return strcasecmp(name, "$Extend\\$Quota:$Q:$INDEX_ALLOCATION") == 0;
}

void quota_set_stat(const struct fsa_file *f, struct fsa_stat *st)
{
	if (f->quota.is_list) {
		st->times = (struct fsa_times){0};
		st->attributes = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM |
				 FILE_ATTRIBUTE_DIRECTORY |
				 FILE_ATTRIBUTE_ARCHIVE;
	}
}

static NTSTATUS check_state(const struct fsa_volume *v)
{
	bool enforced = false;

	return v->driver->quota_state == NULL
		       ? NT_STATUS(NOT_SUPPORTED)
		       : v->driver->quota_state(v->mount, &enforced);
}

bool quota_is_kept(const struct fsa_volume *v)
{
	return NT_STATUS_IS_OK(check_state(v));
}

static bool may_manage(const struct fsa_io *io)
{
	return (io->token->privileges & TOKEN_MANAGE_VOLUME) != 0;
}

/* --- queries ----------------------------------------------------------------
 */

static bool give(struct fsa_query_quota *q, const struct sid *sid,
		 const struct fsa_quota *quota)
{
	const struct fsa_quota_entry e = {
		.sid = *sid,
		.used = quota->used,
		.threshold = quota->soft,
		.limit = quota->hard,
	};

	if (!q->take(q->private_data, &e)) {
		q->full = true;
		return false;
	}
	q->count++;
	return true;
}

/* Somebody without a quota has zeros ([MS-SMB2] 3.3.5.20.4). */
static NTSTATUS find(struct fsa_volume *v, const struct sid *sid,
		     struct fsa_quota *out)
{
	const struct fsa_id_map *map = v->server->params.id_map;
	uid_t uid;
	NTSTATUS status;

	*out = (struct fsa_quota){0};
	if (!map->uid_of_sid(map->private_data, sid, &uid)) {
		return NT_STATUS_OK;
	}
	status = v->driver->get_quota(v->mount, uid, false, out);
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
}

static NTSTATUS query_list(const struct fsa_io *io, struct fsa_query_quota *q)
{
	size_t count = q->single ? 1 : q->num_sids;
	struct fsa_quota quota;

	for (size_t i = 0; i < count; i++) {
		NTSTATUS status;

		if (!may_manage(io) &&
		    !sid_equal(&q->sids[i], &io->token->sids[0])) {
			return NT_STATUS(ACCESS_DENIED);
		}
		status = find(io->volume, &q->sids[i], &quota);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		if (!give(q, &q->sids[i], &quota)) {
			break;
		}
	}
	return NT_STATUS_OK;
}

/* Who is next in the order of the kernel's list, from uid on. */
static NTSTATUS query_from(const struct fsa_io *io, struct fsa_query_quota *q,
			   struct quota_position *at)
{
	struct fsa_volume *v = io->volume;
	const struct fsa_id_map *map = v->server->params.id_map;
	struct fsa_quota quota;

	while (!at->end && !(q->single && q->count > 0)) {
		NTSTATUS status = v->driver->get_quota(v->mount, at->next_uid,
						       true, &quota);
		struct sid sid;

		if (NT_STATUS_IS(status, NOT_FOUND)) {
			at->end = true;
			break;
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		sid = map->sid_of_uid(map->private_data, quota.uid);
		if (!give(q, &sid, &quota)) {
			break;
		}
		at->end = quota.uid == UINT32_MAX;
		at->next_uid = quota.uid + 1;
	}
	return NT_STATUS_OK;
}

/* "following the StartSid" */
static NTSTATUS query_after(const struct fsa_io *io, struct fsa_query_quota *q)
{
	const struct fsa_id_map *map = io->volume->server->params.id_map;
	struct quota_position at = {0};
	struct fsa_quota quota;
	uid_t uid;
	NTSTATUS status;

	if (!map->uid_of_sid(map->private_data, q->start, &uid)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = io->volume->driver->get_quota(io->volume->mount, uid, false,
					       &quota);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	at.end = uid == UINT32_MAX;
	at.next_uid = uid + 1;
	return query_from(io, q, &at);
}

NTSTATUS fsa_query_quota_start(struct fsa_io *io)
{
	struct fsa_query_quota *q = &io->u.query_quota;
	struct quota_position *at = &io->file->quota;
	NTSTATUS status = check_state(io->volume);

	q->count = 0;
	q->full = false;
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (q->num_sids > 0) {
		status = query_list(io, q);
	} else if (!may_manage(io)) {
		status = NT_STATUS(ACCESS_DENIED);
	} else if (q->start != NULL) {
		status = query_after(io, q);
	} else {
		if (q->restart) {
			at->next_uid = 0;
			at->end = false;
		}
		status = query_from(io, q, at);
	}
	if (NT_STATUS_IS_OK(status) && q->count == 0 && q->full) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	return status;
}

/* --- sets -------------------------------------------------------------------
 */

/* OK, and what to set; nothing is changed. */
static NTSTATUS check_entry(const struct fsa_io *io,
			    const struct fsa_quota_entry *e,
			    struct fsa_quota *out)
{
	const struct fsa_id_map *map = io->volume->server->params.id_map;
	const struct sid admins = sid_make(5, 2, 32, RID_ALIAS_ADMINS);
	struct fsa_quota now;
	uid_t uid;
	NTSTATUS status;

	if (sid_equal(&e->sid, &admins)) {
		return e->limit == FSA_QUOTA_NONE ? NT_STATUS(INVALID_PARAMETER)
						  : NT_STATUS(ACCESS_DENIED);
	}
	if (!map->uid_of_sid(map->private_data, &e->sid, &uid) ||
	    (e->limit > INT64_MAX && e->limit < DELETE_IT) ||
	    (e->threshold > INT64_MAX && e->threshold < DELETE_IT)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = (struct fsa_quota){
		.uid = uid, .soft = e->threshold, .hard = e->limit};
	if (e->limit != DELETE_IT) {
		return NT_STATUS_OK;
	}
	*out = (struct fsa_quota){
		.uid = uid, .soft = FSA_QUOTA_NONE, .hard = FSA_QUOTA_NONE};
	status = io->volume->driver->get_quota(io->volume->mount, uid, false,
					       &now);
	if (NT_STATUS_IS(status, NOT_FOUND) ||
	    (NT_STATUS_IS_OK(status) && now.soft == FSA_QUOTA_NONE &&
	     now.hard == FSA_QUOTA_NONE)) {
		return NT_STATUS(NO_MATCH);
	}
	return status;
}

/* All are looked at before the first is set. */
NTSTATUS fsa_set_quota_start(struct fsa_io *io)
{
	const struct fsa_set_quota *s = &io->u.set_quota;
	struct fsa_quota *list;
	NTSTATUS status = check_state(io->volume);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!may_manage(io)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	list = talloc_array(io->file, struct fsa_quota, s->count);
	if (list == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < s->count; i++) {
		status = check_entry(io, &s->entries[i], &list[i]);
	}
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < s->count; i++) {
		status = io->volume->driver->set_quota(io->volume->mount,
						       &list[i]);
	}
	talloc_free(list);
	return status;
}

/* --- of the volume ----------------------------------------------------------
 */

/* Linux has no limits for users that none were set for, and writes no log. */
NTSTATUS quota_get_control(struct fsa_volume *v, struct fsa_quota_control *out)
{
	bool enforced = false;
	NTSTATUS status = v->driver->quota_state == NULL
				  ? NT_STATUS(NOT_SUPPORTED)
				  : v->driver->quota_state(v->mount, &enforced);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return NT_STATUS(VOLUME_NOT_UPGRADED);
	}
	*out = (struct fsa_quota_control){
		.default_threshold = FSA_QUOTA_NONE,
		.default_limit = FSA_QUOTA_NONE,
		.flags = enforced ? FILE_VC_QUOTA_ENFORCE : FILE_VC_QUOTA_TRACK,
	};
	return status;
}

/* TRACK and ENFORCE are ignored ([MS-FSCC] 2.5.2); for the rest what is so
 * already can be set, and nothing else. */
NTSTATUS quota_set_control(struct fsa_volume *v,
			   const struct fsa_quota_control *in)
{
	struct fsa_quota_control now;
	NTSTATUS status = quota_get_control(v, &now);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->default_threshold != FSA_QUOTA_NONE ||
	    in->default_limit != FSA_QUOTA_NONE ||
	    (in->flags & FILE_VC_SETTABLE) != 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return NT_STATUS_OK;
}

void quota_limit_sizes(struct fsa_volume *v, uid_t uid,
		       struct fsa_volume_info *info)
{
	uint64_t unit =
		(uint64_t)info->sectors_per_unit * info->bytes_per_sector;
	struct fsa_quota quota;
	bool enforced = false;
	uint64_t left;

	if (v->driver->quota_state == NULL ||
	    !NT_STATUS_IS_OK(v->driver->quota_state(v->mount, &enforced)) ||
	    !enforced ||
	    !NT_STATUS_IS_OK(
		    v->driver->get_quota(v->mount, uid, false, &quota)) ||
	    quota.hard == FSA_QUOTA_NONE) {
		return;
	}
	left = quota.hard > quota.used ? quota.hard - quota.used : 0;
	if (quota.hard / unit < info->total_units) {
		info->total_units = quota.hard / unit;
	}
	if (left / unit < info->caller_free_units) {
		info->caller_free_units = left / unit;
	}
}
