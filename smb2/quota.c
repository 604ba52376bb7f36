/* smb2/quota.c - quotas ([MS-SMB2] 2.2.37.1, [MS-FSCC] 2.4.41). */
#include "smb2/quota.h"

#define QUOTA_FIXED 40

/* A SID that says itself how long it is, in a field of length bytes. */
static struct sid read_sid(struct wire_reader *r, uint32_t length)
{
	struct wire_reader field = wire_field(r, r->pos, length);
	struct sid sid = sid_read(&field);

	if (!wire_ok(&field)) {
		r->failed = true;
	}
	return sid;
}

NTSTATUS smb2_query_quota_decode(struct wire_reader in,
				 struct smb2_query_quota *out)
{
	struct smb2_query_quota q = {0};
	uint32_t list_length, sid_length, sid_offset;

	q.return_single = wire_u8(&in) != 0;
	q.restart_scan = wire_u8(&in) != 0;
	wire_skip(&in, 2); /* Reserved */
	list_length = wire_u32(&in);
	sid_length = wire_u32(&in);
	sid_offset = wire_u32(&in);
	/* [MS-FSA] 2.1.5.21: a multiple of 4 */
	if (!wire_ok(&in) || list_length % FSCC_GET_QUOTA_ALIGN != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (list_length > 0) {
		q.sid_list = wire_field(&in, in.pos, list_length);
	} else if (sid_length > 0) {
		wire_skip(&in, sid_offset);
		q.start_sid = read_sid(&in, sid_length);
		q.has_start_sid = true;
	}
	if (!wire_ok(&in)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = q;
	return NT_STATUS_OK;
}

void smb2_query_quota_put(struct wire_writer *w,
			  const struct smb2_query_quota *in)
{
	wire_put_u8(w, in->return_single ? 1 : 0);
	wire_put_u8(w, in->restart_scan ? 1 : 0);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, (uint32_t)in->sid_list.length);
	wire_put_u32(w, in->has_start_sid ? (uint32_t)sid_size(&in->start_sid)
					  : 0);
	wire_put_u32(w, 0);
	wire_put_bytes(w, in->sid_list.data, in->sid_list.length);
	if (in->has_start_sid) {
		sid_put(w, &in->start_sid);
	}
}

/* --- lists -----------------------------------------------------------------
 */

void fscc_get_quota_put(struct fscc_list *l, const struct sid *sid)
{
	fscc_list_begin(l);
	wire_put_u32(l->w, (uint32_t)sid_size(sid));
	sid_put(l->w, sid);
}

NTSTATUS fscc_get_quota_next(struct wire_reader *list, struct sid *out)
{
	struct wire_reader entry;
	NTSTATUS status = fscc_list_next(list, FSCC_GET_QUOTA_ALIGN, &entry);
	struct sid sid;
	uint32_t length;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	length = wire_u32(&entry);
	sid = read_sid(&entry, length);
	if (!wire_ok(&entry)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = sid;
	return NT_STATUS_OK;
}

size_t fscc_quota_size(const struct fscc_quota *q)
{
	return QUOTA_FIXED + sid_size(&q->sid);
}

void fscc_quota_put(struct fscc_list *l, const struct fscc_quota *in)
{
	fscc_list_begin(l);
	wire_put_u32(l->w, (uint32_t)sid_size(&in->sid));
	wire_put_u64(l->w, in->change_time);
	wire_put_u64(l->w, in->used);
	wire_put_u64(l->w, in->threshold);
	wire_put_u64(l->w, in->limit);
	sid_put(l->w, &in->sid);
}

NTSTATUS fscc_quota_next(struct wire_reader *list, struct fscc_quota *out)
{
	struct wire_reader entry;
	NTSTATUS status = fscc_list_next(list, FSCC_QUOTA_ALIGN, &entry);
	struct fscc_quota q;
	uint32_t length;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	length = wire_u32(&entry);
	q.change_time = wire_u64(&entry);
	q.used = wire_u64(&entry);
	q.threshold = wire_u64(&entry);
	q.limit = wire_u64(&entry);
	q.sid = read_sid(&entry, length);
	if (!wire_ok(&entry)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = q;
	return NT_STATUS_OK;
}
