/* smbd/smb2_create.c - CREATE: [MS-SMB2] 3.3.5.9.  Durable handles are asked
 * for and not granted, as a server may. */
#include "smb2/create.h"

#include <string.h>

#include "fsa/fsa.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "lib/utf16.h"
#include "smb2/create_contexts.h"
#include "smb2/error.h"
#include "smbd/caching.h"
#include "smbd/client.h"
#include "smbd/dot_names.h"
#include "smbd/eas.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/posix.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

/* 3.3.5.9 "Open Execution": these mean nothing to a server. */
#define OPTIONS_IGNORED                                                        \
	(FILE_COMPLETE_IF_OPLOCKED | FILE_SYNCHRONOUS_IO_ALERT |               \
	 FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_FREE_SPACE_QUERY)

/* Two names of PATH_MAX characters and what is around them. */
#define SYMLINK_ERROR_MAX 32768

#define RESPONSE_FIXED_SIZE 88

/* Of an answer; that to macOS can have a path in it. */
#define MAX_CONTEXTS (2048 + SMBD_AAPL_MAX_ANSWER)

struct create_state {
	struct smb2_create_request in;
	struct smb2_create_request_contexts contexts;
	struct aapl_request aapl;
	struct smbd_open *open;
	char *name;
	struct fsa_ea *eas;
	size_t num_eas;
	bool posix; /* a POSIX open */
};

/* --- decide -------------------------------------------------------------- */

static NTSTATUS check_contexts(const struct smb2_create_request_contexts *c)
{
	/* No handle outlives its connection yet: 3.3.5.9.7, 3.3.5.9.12. */
	if (smb2_create_has(c, SMB2_CREATE_DURABLE_HANDLE_RECONNECT) ||
	    smb2_create_has(c, SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (smb2_create_has(c, SMB2_CREATE_DURABLE_HANDLE_REQUEST) &&
	    smb2_create_has(c, SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_request(const struct smbd_tree *tree,
			      const struct smb2_create_request *in)
{
	if (in->impersonation_level > SMB2_IMPERSONATION_DELEGATE) {
		return NT_STATUS(BAD_IMPERSONATION_LEVEL);
	}
	if (in->create_disposition > FILE_OVERWRITE_IF) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (in->desired_access == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if ((in->create_options & FILE_DELETE_ON_CLOSE) &&
	    (tree->maximal_access & DELETE_ACCESS) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

/* What macOS asks, unless "fruit:aapl" says that nobody listens. */
static NTSTATUS decode_aapl(struct smbd_request *req,
			    struct create_state *state)
{
	struct smb2_create_request_contexts *c = &state->contexts;

	if (!smb2_create_has(c, SMB2_CREATE_AAPL)) {
		return NT_STATUS_OK;
	}
	if (!conf_global(req->client->server->conf)->fruit.aapl) {
		c->present &= ~(1u << SMB2_CREATE_AAPL);
		return NT_STATUS_OK;
	}
	return aapl_request_decode(c->aapl, &state->aapl);
}

static NTSTATUS decode(struct smbd_request *req, struct create_state *state)
{
	struct smb2_create_request *in = &state->in;
	NTSTATUS status = smb2_create_request_decode(req->pdu, in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->name.length % 2 != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = smb2_create_request_contexts_decode(in->contexts,
						     &state->contexts);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = smbd_posix_check(req, &state->contexts, &state->posix);
	if (NT_STATUS_IS_OK(status)) {
		status = decode_aapl(req, state);
	}
	if (NT_STATUS_IS_OK(status) &&
	    smb2_create_has(&state->contexts, SMB2_CREATE_EA_BUFFER)) {
		status = smbd_eas_decode(state, state->contexts.ea, &state->eas,
					 &state->num_eas);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = utf16_to_utf8(state, in->name.data, in->name.length,
			       &state->name);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (state->posix) {
		smbd_posix_swap(state->name);
		return state->name[0] == '\\' ? NT_STATUS(INVALID_PARAMETER)
					      : NT_STATUS_OK;
	}
	return dot_names_resolve(state->name);
}

/* --- act ----------------------------------------------------------------- */

static struct blob lent(const struct wire_reader *r)
{
	return (struct blob){.data = (uint8_t *)(uintptr_t)r->data,
			     .length = r->length};
}

static NTSTATUS open_file(struct smbd_request *req, struct create_state *state)
{
	const struct smb2_create_request *in = &state->in;
	const struct smb2_create_request_contexts *c = &state->contexts;
	struct fsa_create *args = &req->io.u.create;

	args->name = state->name;
	args->open_id = state->open->id.persistent_id;
	args->desired_access = in->desired_access;
	if (in->create_options & FILE_NO_INTERMEDIATE_BUFFERING) {
		args->desired_access &= ~FILE_APPEND_DATA;
	}
	args->file_attributes = in->file_attributes;
	args->share_access = in->share_access;
	args->disposition = (enum create_disposition)in->create_disposition;
	args->options = in->create_options & ~OPTIONS_IGNORED;
	args->has_allocation_size =
		smb2_create_has(c, SMB2_CREATE_ALLOCATION_SIZE);
	args->allocation_size = c->allocation_size;
	args->want_maximal_access =
		smb2_create_has(c, SMB2_CREATE_QUERY_MAXIMAL_ACCESS);
	if (smb2_create_has(c, SMB2_CREATE_SD_BUFFER)) {
		args->security = lent(&c->sd);
	}
	if (smb2_create_has(c, SMB2_CREATE_TIMEWARP_TOKEN)) {
		args->timewarp = c->timewarp;
	}
	args->eas = state->eas;
	args->num_eas = state->num_eas;
	if (state->posix) {
		smbd_posix_set_create(args, c->posix_mode);
	}
	/* Who knows the POSIX extensions has symlinks of his own. */
	args->no_follow = req->conn->negotiated.posix_asked;
	args->mem_ctx = state;
	args->caching_wanted = smbd_caching_wanted(req, in, c);
	req->io.op = FSA_CREATE;
	return smbd_request_io(req);
}

/* 2.2.2.2.1: where the client may go on.  One that cannot be told of is
 * ACCESS_DENIED: the status needs its data. */
static NTSTATUS answer_symlink(struct smbd_request *req,
			       struct create_state *state)
{
	const struct fsa_create *result = &req->io.u.create;
	struct smb2_symlink_error error = {
		.unparsed_path_length = (uint16_t)result->symlink_unparsed,
		.flags = result->symlink_relative ? SYMLINK_FLAG_RELATIVE : 0,
	};
	struct wire_writer w = wire_writer(state, SYMLINK_ERROR_MAX);
	struct blob target = {0};
	struct blob out;

	if (result->symlink_target == NULL ||
	    !NT_STATUS_IS_OK(
		    utf8_to_utf16(state, result->symlink_target, &target))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	error.substitute_name = wire_reader(target.data, target.length);
	error.print_name = error.substitute_name;
	smb2_symlink_error_put(&w, &error);
	if (!NT_STATUS_IS_OK(wire_finish(&w, &out))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	smbd_reply_error_data(req, out.data, out.length);
	return NT_STATUS(STOPPED_ON_SYMLINK);
}

NTSTATUS smb2_create_start(struct smbd_request *req)
{
	struct create_state *state;
	NTSTATUS status;

	if (req->tree->ipc) { /* no named pipes yet */
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	state = talloc_zero(req, struct create_state);
	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->state = state;
	status = decode(req, state);
	if (NT_STATUS_IS_OK(status)) {
		status = check_request(req->tree, &state->in);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_contexts(&state->contexts);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = smbd_open_create(req->tree, &state->open);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return open_file(req, state);
}

static NTSTATUS register_open(struct smbd_request *req,
			      struct create_state *state)
{
	const struct smb2_create_request *in = &state->in;
	struct open_record rec = {
		.desired_access = in->desired_access,
		.share_access = in->share_access,
		.create_options = in->create_options,
		.create_disposition = in->create_disposition,
		.file_attributes = in->file_attributes,
		.channel_sequence = smb2_channel_sequence(&req->hdr),
		.name = state->name,
	};
	struct smbd_open *open = state->open;
	NTSTATUS status;

	open->create_options = in->create_options;
	open->sequence.number = rec.channel_sequence;
	smbd_caching_note(open, &req->io.u.create);
	rec.oplock_level = open->oplock_level;
	memcpy(rec.lease_key, open->lease_key.bytes, sizeof(rec.lease_key));
	status = smbd_open_register(open, req->io.u.create.file, &rec);
	if (!NT_STATUS_IS_OK(status)) {
		/* The databases do not work: what is open is closed. */
		LOG_ERR(LOG_SMB2, "%s: an open has no record: %s",
			req->conn->address, ntstatus_name(status));
		smbd_request_disconnect(req, "the databases do not work");
	}
	return status;
}

NTSTATUS smb2_create_done(struct smbd_request *req, NTSTATUS status)
{
	struct create_state *state = req->state;

	if (state == NULL || state->open == NULL) {
		return status;
	}
	if (NT_STATUS_IS(status, STOPPED_ON_SYMLINK)) {
		status = answer_symlink(req, state);
	}
	if (!NT_STATUS_IS_OK(status)) {
		TALLOC_FREE(state->open);
		return status;
	}
	status = register_open(req, state);
	if (NT_STATUS_IS_OK(status)) {
		req->open = state->open;
	}
	return status;
}

/* --- encode -------------------------------------------------------------- */

/* 3.3.5.9.5 */
static void answer_maximal_access(const struct fsa_create *result,
				  const struct create_state *state,
				  struct smb2_create_response_contexts *out)
{
	NTTIME since = state->contexts.max_access_timestamp;

	if (!smb2_create_has(&state->contexts,
			     SMB2_CREATE_QUERY_MAXIMAL_ACCESS)) {
		return;
	}
	out->present |= 1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS;
	if (since != 0 && since == result->stat.times.change) {
		out->max_access_status = NT_STATUS(NONE_MAPPED);
	} else {
		out->max_access = result->maximal_access;
	}
}

/* 3.3.5.9.9 */
static void answer_disk_id(const struct smbd_request *req,
			   struct smb2_create_response_contexts *out)
{
	const struct fsa_create *result = &req->io.u.create;
	const struct create_state *state = req->state;

	if (smb2_create_has(&state->contexts, SMB2_CREATE_QUERY_ON_DISK_ID)) {
		out->present |= 1u << SMB2_CREATE_QUERY_ON_DISK_ID;
		out->disk_file_id =
			smbd_aapl_file_id(req, result->stat.file_id);
		out->volume_id = result->stat.volume_serial;
	}
}

static NTSTATUS answer_aapl(struct smbd_request *req,
			    struct smb2_create_response_contexts *out)
{
	const struct create_state *state = req->state;
	struct blob data = {0};
	NTSTATUS status = NT_STATUS_OK;

	if (smb2_create_has(&state->contexts, SMB2_CREATE_AAPL)) {
		status = smbd_aapl_answer(req, &state->aapl, &data);
		out->present |= 1u << SMB2_CREATE_AAPL;
		out->aapl = wire_reader(data.data, data.length);
	}
	return status;
}

static NTSTATUS put_contexts(struct smbd_request *req, struct blob *out)
{
	const struct create_state *state = req->state;
	struct smb2_create_response_contexts c = {0};
	struct wire_writer w = wire_writer(req, MAX_CONTEXTS);
	NTSTATUS status = answer_aapl(req, &c);

	answer_maximal_access(&req->io.u.create, req->state, &c);
	answer_disk_id(req, &c);
	smbd_caching_answer(&req->io.u.create, &state->contexts, &c);
	*out = (struct blob){0};
	if (NT_STATUS_IS_OK(status) && state->posix) {
		status = smbd_posix_answer(req, &req->io.u.create.stat,
					   &c.posix);
		c.present |= 1u << SMB2_CREATE_POSIX;
	}
	if (c.present == 0 || !NT_STATUS_IS_OK(status)) {
		return status;
	}
	smb2_create_response_contexts_put(&w, &c);
	return wire_finish(&w, out);
}

NTSTATUS smb2_create_reply(struct smbd_request *req, struct wire_writer *w,
			   NTSTATUS status)
{
	const struct fsa_create *result = &req->io.u.create;
	const struct fsa_stat *st = &result->stat;
	struct smb2_create_response r = {
		.oplock_level = smbd_caching_level(result),
		.create_action = result->action,
		.creation_time = st->times.creation,
		.last_access_time = st->times.access,
		.last_write_time = st->times.write,
		.change_time = st->times.change,
		.allocation_size = st->allocation_size,
		.end_of_file = st->end_of_file,
		.file_attributes = st->attributes,
		.id = req->open->id,
	};
	struct blob contexts;
	NTSTATUS put = put_contexts(req, &contexts);

	if (NT_STATUS_IS_OK(put)) {
		put = smbd_reply_room(req,
				      RESPONSE_FIXED_SIZE + contexts.length);
	}
	if (!NT_STATUS_IS_OK(put)) {
		return put;
	}
	r.contexts = wire_reader(contexts.data, contexts.length);
	smb2_create_response_encode(w, &r);
	return status;
}
