/* torture/model_wire.c - the model's operations as requests of SMB2. */
#include "torture/model_wire.h"

#include <string.h>

#include "client/tree.h"
#include "lib/nt.h"
#include "lib/utf16.h"
#include "smb2/fscc_file.h"
#include "torture/model_client.h"

/* --- names ---------------------------------------------------------------- */

static struct guid guid_of(const struct torture_options *options,
			   uint8_t client, uint8_t what)
{
	struct guid g = {{0}};

	memcpy(g.bytes, &options->run_id, sizeof(options->run_id));
	g.bytes[14] = (uint8_t)(client + 1);
	g.bytes[15] = what;
	return g;
}

struct guid model_client_guid(const struct torture_options *options,
			      uint8_t client)
{
	return guid_of(options, client, 0xff);
}

struct guid model_lease_key(const struct torture_options *options,
			    uint8_t client, uint8_t key)
{
	return guid_of(options, client, key);
}

static const struct smb2_file_id *id_of(const struct model_op *op,
					const struct smb2_file_id *ids)
{
	return &ids[op->open % MODEL_SLOTS];
}

/* --- requests ------------------------------------------------------------- */

static uint32_t access_of(uint8_t access)
{
	uint32_t mask = 0;

	mask |= (access & MODEL_READ) != 0 ? FILE_READ_DATA : 0;
	mask |= (access & MODEL_WRITE) != 0 ? FILE_WRITE_DATA : 0;
	mask |= (access & MODEL_DELETE) != 0 ? DELETE_ACCESS : 0;
	mask |= (access & MODEL_CONTROL) != 0 ? READ_CONTROL : 0;
	return mask != 0 ? mask : FILE_READ_ATTRIBUTES;
}

static uint32_t share_of(uint8_t share)
{
	uint32_t mask = 0;

	mask |= (share & MODEL_READ) != 0 ? FILE_SHARE_READ : 0;
	mask |= (share & MODEL_WRITE) != 0 ? FILE_SHARE_WRITE : 0;
	mask |= (share & MODEL_DELETE) != 0 ? FILE_SHARE_DELETE : 0;
	return mask;
}

static uint8_t level_of(uint8_t caching)
{
	static const uint8_t levels[] = {
		[MODEL_NONE] = SMB2_OPLOCK_LEVEL_NONE,
		[MODEL_LEVEL_II] = SMB2_OPLOCK_LEVEL_II,
		[MODEL_EXCLUSIVE] = SMB2_OPLOCK_LEVEL_EXCLUSIVE,
		[MODEL_BATCH] = SMB2_OPLOCK_LEVEL_BATCH,
		[MODEL_LEASE_V1] = SMB2_OPLOCK_LEVEL_LEASE,
		[MODEL_LEASE_V2] = SMB2_OPLOCK_LEVEL_LEASE,
	};

	return levels[caching];
}

static struct tevent_req *send_create(TALLOC_CTX *mem_ctx,
				      const struct torture_options *options,
				      struct cli_tree *tree,
				      const struct model_op *op)
{
	const struct smb2_create_request in = {
		.oplock_level = level_of(op->caching),
		.impersonation_level = 2,
		.desired_access = access_of(op->access),
		.share_access = share_of(op->share),
		.create_disposition = op->disposition,
		.create_options =
			FILE_NON_DIRECTORY_FILE |
			(op->delete_on_close ? FILE_DELETE_ON_CLOSE : 0),
	};
	struct smb2_create_request_contexts contexts = {0};

	if (op->caching >= MODEL_LEASE_V1) {
		contexts.present = 1u << SMB2_CREATE_REQUEST_LEASE;
		contexts.lease = (struct smb2_lease){
			.version = op->caching == MODEL_LEASE_V2 ? 2 : 1,
			.key = model_lease_key(options, op->client, op->key),
			.state = op->state,
			.epoch = op->epoch};
	}
	return cli_create_send(mem_ctx, tree, model_name(op->name), &in,
			       &contexts);
}

static struct tevent_req *send_lock(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				    const struct model_op *op,
				    struct smb2_file_id id)
{
	const struct smb2_lock_request in = {.id = id};
	struct smb2_lock_element e = {.offset = op->offset,
				      .length = op->length};

	if (op->kind == MODEL_UNLOCK) {
		e.flags = SMB2_LOCKFLAG_UNLOCK;
	} else {
		e.flags = op->exclusive ? SMB2_LOCKFLAG_EXCLUSIVE_LOCK
					: SMB2_LOCKFLAG_SHARED_LOCK;
		e.flags |= op->wait ? 0 : SMB2_LOCKFLAG_FAIL_IMMEDIATELY;
	}
	return cli_lock_send(mem_ctx, tree, &in, &e, 1);
}

static struct tevent_req *send_set(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				   const struct model_op *op,
				   struct smb2_file_id id)
{
	uint8_t name_bytes[64], bytes[128];
	struct wire_writer name =
		wire_writer_fixed(name_bytes, sizeof(name_bytes));
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_rename rename = {.flags = op->replace};
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileDispositionInformation,
		.id = id,
	};

	if (op->kind == MODEL_RENAME) {
		wire_put_utf16(&name, model_name(op->name));
		rename.name = wire_reader(name_bytes, name.length);
		fscc_rename_put(&w, FileRenameInformation, &rename);
		in.info_class = FileRenameInformation;
	} else {
		wire_put_u8(&w, op->on);
	}
	in.buffer = wire_reader(bytes, w.length);
	return cli_set_info_send(mem_ctx, tree, &in);
}

static struct tevent_req *send_ack(TALLOC_CTX *mem_ctx,
				   const struct torture_options *options,
				   struct cli_tree *tree,
				   const struct model_op *op,
				   struct smb2_file_id id)
{
	struct smb2_break_ack in = {.kind = SMB2_BREAK_OPLOCK};

	if (op->caching >= MODEL_LEASE_V1) {
		in.kind = SMB2_BREAK_LEASE;
		in.lease.key = model_lease_key(options, op->client, op->key);
		in.lease.state = op->state;
	} else {
		in.oplock.id = id;
		in.oplock.level = op->state != 0 ? SMB2_OPLOCK_LEVEL_II
						 : SMB2_OPLOCK_LEVEL_NONE;
	}
	return cli_break_ack_send(mem_ctx, cli_tree_session(tree), tree, &in);
}

struct tevent_req *model_op_send(TALLOC_CTX *mem_ctx,
				 const struct torture_options *options,
				 struct cli_tree *tree,
				 const struct model_op *op,
				 const struct smb2_file_id *ids)
{
	struct smb2_file_id id = *id_of(op, ids);

	switch (op->kind) {
	case MODEL_CREATE:
		return send_create(mem_ctx, options, tree, op);
	case MODEL_CLOSE:
		return cli_close_send(mem_ctx, tree,
				      &(struct smb2_close_request){.id = id});
	case MODEL_READ_DATA:
		return cli_read_send(
			mem_ctx, tree,
			&(struct smb2_read_request){.length = op->length,
						    .offset = op->offset,
						    .id = id});
	case MODEL_WRITE_DATA:
		return cli_write_send(
			mem_ctx, tree,
			&(struct smb2_write_request){
				.offset = op->offset,
				.id = id,
				.data = wire_reader(op->data, op->length)});
	case MODEL_LOCK:
	case MODEL_UNLOCK:
		return send_lock(mem_ctx, tree, op, id);
	case MODEL_SET_DELETE:
	case MODEL_RENAME:
		return send_set(mem_ctx, tree, op, id);
	default:
		return send_ack(mem_ctx, options, tree, op, id);
	}
}

/* --- answers -------------------------------------------------------------- */

static NTSTATUS read_lease(const struct smb2_create_response *r,
			   struct model_answer *out)
{
	struct smb2_create_response_contexts c;
	NTSTATUS status = smb2_create_response_contexts_decode(r->contexts, &c);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((c.present & 1u << SMB2_CREATE_REQUEST_LEASE) == 0) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	out->caching = c.lease.version == 2 ? MODEL_LEASE_V2 : MODEL_LEASE_V1;
	out->state = (uint8_t)c.lease.state;
	out->breaking =
		(c.lease.flags & SMB2_LEASE_FLAG_BREAK_IN_PROGRESS) != 0;
	out->epoch = c.lease.version == 2 ? c.lease.epoch : 0;
	return NT_STATUS_OK;
}

static NTSTATUS read_create(const struct smb2_create_response *r,
			    struct smb2_file_id *id, struct model_answer *out)
{
	*id = r->id;
	out->action = (uint8_t)r->create_action;
	out->size = (uint8_t)r->end_of_file;
	switch (r->oplock_level) {
	case SMB2_OPLOCK_LEVEL_NONE:
		return NT_STATUS_OK;
	case SMB2_OPLOCK_LEVEL_II:
		out->caching = MODEL_LEVEL_II;
		return NT_STATUS_OK;
	case SMB2_OPLOCK_LEVEL_EXCLUSIVE:
		out->caching = MODEL_EXCLUSIVE;
		return NT_STATUS_OK;
	case SMB2_OPLOCK_LEVEL_BATCH:
		out->caching = MODEL_BATCH;
		return NT_STATUS_OK;
	default:
		return read_lease(r, out);
	}
}

static NTSTATUS recv_create(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			    struct smb2_file_id *id, struct model_answer *out)
{
	struct smb2_create_response r;

	out->status = cli_create_recv(req, mem_ctx, &r);
	return NT_STATUS_IS_OK(out->status) ? read_create(&r, id, out)
					    : NT_STATUS_OK;
}

static NTSTATUS recv_read(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			  struct model_answer *out)
{
	struct smb2_read_response r;

	out->status = cli_read_recv(req, mem_ctx, &r);
	if (!NT_STATUS_IS_OK(out->status)) {
		return NT_STATUS_OK;
	}
	if (r.data.length > MODEL_BYTES) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	out->length = (uint8_t)r.data.length;
	memcpy(out->data, r.data.data, r.data.length);
	return NT_STATUS_OK;
}

static NTSTATUS recv_ack(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			 struct model_answer *out)
{
	struct smb2_break_ack ack = {0};
	struct cli_reply reply;
	NTSTATUS status;

	out->status = cli_request_recv_one(req, mem_ctx, &reply);
	if (!NT_STATUS_IS_OK(out->status)) {
		return NT_STATUS_OK;
	}
	status = smb2_break_ack_decode(reply.pdu, &ack);
	out->state = ack.kind == SMB2_BREAK_LEASE ? (uint8_t)ack.lease.state
						  : ack.oplock.level != 0;
	return status;
}

NTSTATUS model_op_recv(struct tevent_req *req, const struct model_op *op,
		       struct smb2_file_id *ids, struct model_answer *out)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct smb2_close_response closed;
	NTSTATUS status = NT_STATUS_OK;
	uint32_t count;

	memset(out, 0, sizeof(*out));
	switch (op->kind) {
	case MODEL_CREATE:
		status = recv_create(req, tmp, &ids[op->open % MODEL_SLOTS],
				     out);
		break;
	case MODEL_CLOSE:
		out->status = cli_close_recv(req, &closed);
		break;
	case MODEL_READ_DATA:
		status = recv_read(req, tmp, out);
		break;
	case MODEL_WRITE_DATA:
		out->status = cli_write_recv(req, &count);
		break;
	case MODEL_ACK:
		status = recv_ack(req, tmp, out);
		break;
	default:
		out->status = cli_status_recv(req);
		break;
	}
	talloc_free(tmp);
	return status;
}

struct model_notice model_notice_read(const struct smb2_break_notification *n)
{
	if (n->kind == SMB2_BREAK_OPLOCK) {
		return (struct model_notice){
			.to = n->oplock.level == SMB2_OPLOCK_LEVEL_II ? MODEL_R
								      : 0};
	}
	return (struct model_notice){
		.lease = 1,
		.from = (uint8_t)n->lease.current_state,
		.to = (uint8_t)n->lease.new_state,
		.ack = (n->lease.flags &
			SMB2_NOTIFY_BREAK_LEASE_FLAG_ACK_REQUIRED) != 0,
		.epoch = n->lease.new_epoch};
}
