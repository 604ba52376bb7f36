/* smbd/smb2_query_info.c - QUERY_INFO: [MS-SMB2] 3.3.5.20. */
#include "smb2/query_info.h"

#include <string.h>

#include "fsa/fsa.h"
#include "smb2/buffer_response.h"
#include "smb2/fscc_list.h"
#include "smb2/quota.h"
#include "smbd/client.h"
#include "smbd/eas.h"
#include "smbd/handlers.h"
#include "smbd/info_class.h"
#include "smbd/open.h"
#include "smbd/posix.h"
#include "smbd/query_encode.h"
#include "smbd/quota.h"

#define FIXED	      (SMB2_BUFFER_RESPONSE_DATA - SMB2_HEADER_SIZE)
#define SECURITY_BITS 0x0001007Fu /* 2.2.37: those there are */

struct query_state {
	struct smb2_query_info_request in;
	struct wire_writer w;	  /* what will be the output */
	struct fscc_list streams; /* or quotas */
	bool cut;		  /* there are more streams */
};

/* --- errors with data (2.2.2) -------------------------------------------- */

static NTSTATUS length_mismatch(struct smbd_request *req)
{
	if (req->conn->negotiated.dialect == SMB2_DIALECT_311) {
		smbd_reply_error_data(req, NULL, 0);
	}
	return NT_STATUS(INFO_LENGTH_MISMATCH);
}

static NTSTATUS security_too_small(struct smbd_request *req, size_t needed)
{
	uint8_t data[4];

	for (int i = 0; i < 4; i++) {
		data[i] = (uint8_t)(needed >> (8 * i));
	}
	smbd_reply_error_data(req, data, sizeof(data));
	return NT_STATUS(BUFFER_TOO_SMALL);
}

/* --- decide and act ------------------------------------------------------ */

static void take_stream(void *private_data, const struct fsa_stream_entry *e)
{
	struct query_state *state = private_data;
	struct fscc_stream s = {.size = e->end_of_file,
				.allocation_size = e->allocation_size};

	const struct fscc_list before = state->streams;
	struct wire_writer *w = before.w;
	size_t end = w->length;

	if (state->cut) {
		return;
	}
	fscc_stream_put(&state->streams, &s, e->name);
	if (before.empty ||
	    w->length - before.start <= state->in.output_buffer_length) {
		return;
	}
	/* [MS-FSA] 2.1.5.12.29: no part of one, but of the first. */
	wire_truncate(w, end);
	wire_patch_u32(w, before.last, 0);
	state->streams = before;
	state->cut = true;
}

/* The classes of the POSIX extensions are for POSIX opens. */
static NTSTATUS check_posix(const struct smbd_request *req, uint32_t least)
{
	const struct query_state *state = req->state;

	if (!fsa_file_is_posix(req->open->file)) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	return state->in.output_buffer_length < least
		       ? NT_STATUS(INFO_LENGTH_MISMATCH)
		       : NT_STATUS_OK;
}

static NTSTATUS query_file(struct smbd_request *req, struct query_state *state)
{
	const struct smb2_query_info_request *in = &state->in;
	enum file_information_class cls =
		(enum file_information_class)in->info_class;
	struct fsa_query_info *args = &req->io.u.query_info;
	NTSTATUS status =
		cls == FilePosixInformation
			? check_posix(req, SMB2_POSIX_INFO_MIN)
			: info_class_check_query(in->info_class,
						 in->output_buffer_length);

	if (cls == FileNormalizedNameInformation &&
	    req->conn->negotiated.dialect != SMB2_DIALECT_311) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (NT_STATUS_IS(status, INFO_LENGTH_MISMATCH)) {
		return length_mismatch(req);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	state->streams = fscc_list(&state->w, FSCC_STREAM_ALIGN);
	args->info_class = cls;
	args->take_stream = take_stream;
	args->private_data = state;
	args->mem_ctx = req;
	req->io.op = FSA_QUERY_INFO;
	return smbd_request_io(req);
}

static NTSTATUS query_fs(struct smbd_request *req, struct query_state *state)
{
	const struct smb2_query_info_request *in = &state->in;
	enum fs_information_class cls =
		(enum fs_information_class)in->info_class;
	NTSTATUS status =
		cls == FileFsPosixInformation
			? check_posix(req, SMB2_POSIX_FS_SIZE)
			: info_class_check_query_fs(in->info_class,
						    in->output_buffer_length);

	if (NT_STATUS_IS(status, INFO_LENGTH_MISMATCH)) {
		return length_mismatch(req);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.u.query_volume.info_class = cls;
	req->io.op = FSA_QUERY_VOLUME;
	return smbd_request_io(req);
}

static NTSTATUS query_security(struct smbd_request *req,
			       struct query_state *state)
{
	struct fsa_security *args = &req->io.u.security;

	args->which = state->in.additional_information & SECURITY_BITS;
	args->nfs_aces =
		smbd_aapl_has(&req->client->aapl, AAPL_SUPPORTS_NFS_ACE);
	args->mem_ctx = req;
	req->io.op = FSA_QUERY_SECURITY;
	return smbd_request_io(req);
}

NTSTATUS smb2_query_info_start(struct smbd_request *req)
{
	struct query_state *state = talloc_zero(req, struct query_state);
	struct smb2_query_info_request *in;
	NTSTATUS status;

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->state = state;
	in = &state->in;
	status = smb2_query_info_request_decode(req->pdu, in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->output_buffer_length > req->conn->negotiated.max_transact ||
	    !smbd_request_pays(req, in->input.length)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	state->w = wire_writer(state, req->conn->negotiated.max_transact);
	switch (in->info_type) {
	case SMB2_0_INFO_FILE:
		return query_file(req, state);
	case SMB2_0_INFO_FILESYSTEM:
		return query_fs(req, state);
	case SMB2_0_INFO_SECURITY:
		return query_security(req, state);
	case SMB2_0_INFO_QUOTA:
		state->streams = fscc_list(&state->w, FSCC_QUOTA_ALIGN);
		return smbd_quota_query(req, in, &state->streams);
	default:
		return NT_STATUS(INVALID_PARAMETER);
	}
}

/* --- encode -------------------------------------------------------------- */

/* The response with this output, cut to what the client has room for. */
static NTSTATUS put_output(struct smbd_request *req, struct wire_writer *w,
			   struct blob output)
{
	const struct query_state *state = req->state;
	NTSTATUS status = NT_STATUS_OK;

	if (output.length > state->in.output_buffer_length) {
		output.length = state->in.output_buffer_length;
		status = NT_STATUS(BUFFER_OVERFLOW);
	}
	if (!NT_STATUS_IS_OK(smbd_reply_room(req, FIXED + output.length))) {
		return NT_STATUS(NO_MEMORY);
	}
	smb2_buffer_response_encode(w, (uint32_t)output.length);
	wire_put_bytes(w, output.data, output.length);
	return status;
}

/* Fixed-size structures go straight into the response. */
static NTSTATUS put_info(struct smbd_request *req, struct wire_writer *w)
{
	struct query_state *state = req->state;
	const struct smb2_query_info_request *in = &state->in;
	uint8_t buffer[4096];
	struct wire_writer info = wire_writer_fixed(buffer, sizeof(buffer));
	struct blob output;
	NTSTATUS status;

	if (in->info_type == SMB2_0_INFO_FILESYSTEM) {
		smbd_fs_info_put(&info,
				 (enum fs_information_class)in->info_class,
				 &req->io.u.query_volume.info);
	} else {
		struct fsa_stat *st = &req->io.u.query_info.info.stat;

		st->file_id = smbd_aapl_file_id(req, st->file_id);
		smbd_file_info_put(&info,
				   (enum file_information_class)in->info_class,
				   &req->io.u.query_info.info);
	}
	status = wire_finish(&info, &output);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(INTERNAL_ERROR);
	}
	return put_output(req, w, output);
}

static NTSTATUS put_list(struct smbd_request *req, struct wire_writer *w)
{
	struct query_state *state = req->state;
	struct blob output;
	NTSTATUS status = wire_finish(&state->w, &output);

	if (NT_STATUS_IS_OK(status)) {
		status = put_output(req, w, output);
	}
	return NT_STATUS_IS_OK(status) && state->cut
		       ? NT_STATUS(BUFFER_OVERFLOW)
		       : status;
}

/* 3.3.5.20.4: nothing more is a response without output. */
static NTSTATUS put_quotas(struct smbd_request *req, struct wire_writer *w)
{
	NTSTATUS status = put_list(req, w);

	if (NT_STATUS_IS_OK(status) && req->io.u.query_quota.count == 0) {
		req->error_in_full = true;
		return NT_STATUS(NO_MORE_ENTRIES);
	}
	return status;
}

/* 3.3.5.20.1 */
static NTSTATUS put_eas(struct smbd_request *req, struct wire_writer *w)
{
	struct query_state *state = req->state;
	const struct fsa_query_info *result = &req->io.u.query_info;
	const struct smbd_ea_query query = {
		.names = state->in.input,
		.flags = state->in.flags,
		.index = state->in.additional_information,
		.room = state->in.output_buffer_length,
	};
	NTSTATUS status = smbd_eas_put(&state->w, &query, result->eas,
				       result->num_eas, &req->open->ea_index);
	struct blob output;
	NTSTATUS put;

	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, BUFFER_OVERFLOW)) {
		return status;
	}
	put = wire_finish(&state->w, &output);
	if (NT_STATUS_IS_OK(put)) {
		put = put_output(req, w, output);
	}
	return NT_STATUS_IS_OK(put) ? status : put;
}

NTSTATUS smb2_query_info_reply(struct smbd_request *req, struct wire_writer *w,
			       NTSTATUS status)
{
	const struct query_state *state = req->state;
	const struct smb2_query_info_request *in = &state->in;

	if (in->info_type == SMB2_0_INFO_SECURITY) {
		struct blob sd = req->io.u.security.descriptor;

		if (sd.length > in->output_buffer_length) {
			return security_too_small(req, sd.length);
		}
		return put_output(req, w, sd);
	}
	if (in->info_type == SMB2_0_INFO_QUOTA) {
		return put_quotas(req, w);
	}
	if (in->info_type == SMB2_0_INFO_FILE &&
	    in->info_class == FileStreamInformation) {
		return put_list(req, w);
	}
	if (in->info_type == SMB2_0_INFO_FILE &&
	    in->info_class == FileFullEaInformation) {
		return put_eas(req, w);
	}
	return put_info(req, w);
}
