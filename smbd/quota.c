/* smbd/quota.c - QUERY_INFO and SET_INFO of quotas. */
#include "smbd/quota.h"

#include "fsa/fsa.h"
#include "smb2/quota.h"
#include "smbd/client.h"

struct quota_query {
	struct fscc_list *out;
	size_t room; /* bytes the client has */
	struct sid start;
};

static bool take(void *private_data, const struct fsa_quota_entry *e)
{
	struct quota_query *state = private_data;
	const struct fscc_quota q = {.used = e->used,
				     .threshold = e->threshold,
				     .limit = e->limit,
				     .sid = e->sid};
	struct fscc_list *l = state->out;
	size_t used = l->w->length - l->start;

	used = (used + FSCC_QUOTA_ALIGN - 1) & ~(size_t)(FSCC_QUOTA_ALIGN - 1);
	if (used > state->room || fscc_quota_size(&q) > state->room - used) {
		return false;
	}
	fscc_quota_put(l, &q);
	return true;
}

/* The SIDs of a list, on req. */
static NTSTATUS decode_sids(struct smbd_request *req, struct wire_reader list,
			    struct fsa_query_quota *args)
{
	/* No entry is shorter than 16 bytes. */
	struct sid *sids = talloc_array(req, struct sid, list.length / 16 + 1);
	size_t count = 0;
	NTSTATUS status = NT_STATUS_OK;

	if (sids == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && count < list.length / 16 + 1) {
		status = fscc_get_quota_next(&list, &sids[count]);
		count += NT_STATUS_IS_OK(status) ? 1 : 0;
	}
	if (!NT_STATUS_IS(status, NO_MORE_FILES)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	args->sids = sids;
	args->num_sids = count;
	return NT_STATUS_OK;
}

NTSTATUS smbd_quota_query(struct smbd_request *req,
			  const struct smb2_query_info_request *in,
			  struct fscc_list *out)
{
	struct fsa_query_quota *args = &req->io.u.query_quota;
	struct quota_query *state = talloc_zero(req, struct quota_query);
	struct smb2_query_quota q;
	NTSTATUS status = smb2_query_quota_decode(in->input, &q);

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (NT_STATUS_IS_OK(status) && q.sid_list.length > 0) {
		status = decode_sids(req, q.sid_list, args);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	state->out = out;
	state->room = in->output_buffer_length;
	state->start = q.start_sid;
	args->single = q.return_single;
	args->restart = q.restart_scan;
	args->start = q.has_start_sid ? &state->start : NULL;
	args->take = take;
	args->private_data = state;
	req->io.op = FSA_QUERY_QUOTA;
	return smbd_request_io(req);
}

NTSTATUS smbd_quota_set(struct smbd_request *req, struct wire_reader buffer)
{
	struct fsa_set_quota *args = &req->io.u.set_quota;
	/* No entry is shorter than 48 bytes. */
	size_t most = buffer.length / 48 + 1;
	struct fsa_quota_entry *list =
		talloc_array(req, struct fsa_quota_entry, most);
	struct fscc_quota q;
	NTSTATUS status = NT_STATUS_OK;

	if (list == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	args->count = 0;
	while (NT_STATUS_IS_OK(status) && args->count < most) {
		status = fscc_quota_next(&buffer, &q);
		if (NT_STATUS_IS_OK(status)) {
			list[args->count++] = (struct fsa_quota_entry){
				.sid = q.sid,
				.threshold = q.threshold,
				.limit = q.limit};
		}
	}
	if (!NT_STATUS_IS(status, NO_MORE_FILES)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	args->entries = list;
	req->io.op = FSA_SET_QUOTA;
	return smbd_request_io(req);
}
