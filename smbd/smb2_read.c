/* smbd/smb2_read.c - READ: [MS-SMB2] 3.3.5.12.  The data is read to where it
 * lies in the response. */
#include "smb2/read.h"

#include <string.h>

#include "lib/assert.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"

#define FIXED (SMB2_READ_RESPONSE_DATA - SMB2_HEADER_SIZE)

/* A place for the data: in the response if it is the first there, else (in a
 * compound) of its own. */
static uint8_t *place_for(struct smbd_request *req, uint32_t length)
{
	size_t fixed = FIXED + req->client->read_padding;
	uint8_t *place;

	if (!NT_STATUS_IS_OK(smbd_reply_room(req, fixed + length))) {
		return NULL;
	}
	place = smbd_reply_place(req, fixed);
	return place != NULL ? place : talloc_size(req, length + 1);
}

NTSTATUS smb2_read_start(struct smbd_request *req)
{
	struct smb2_read_request in;
	struct fsa_read *args = &req->io.u.read;
	NTSTATUS status = smb2_read_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.length > req->conn->negotiated.max_read) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (smbd_is_3x(req->conn) && in.channel != SMB2_CHANNEL_NONE) {
		return NT_STATUS(INVALID_PARAMETER); /* no RDMA */
	}
	args->data = place_for(req, in.length);
	if (args->data == NULL) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	args->offset = in.offset;
	args->length = in.length;
	args->min_count = in.minimum_count;
	req->io.op = FSA_READ;
	return smbd_request_io(req);
}

NTSTATUS smb2_read_reply(struct smbd_request *req, struct wire_writer *w,
			 NTSTATUS status)
{
	const struct fsa_read *result = &req->io.u.read;
	uint8_t padding = req->client->read_padding;
	NTSTATUS room = smbd_reply_room(req, FIXED + padding + result->nread);
	uint8_t *place;

	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_read_response_encode(w, result->nread, 0, padding);
	place = wire_reserve(w, result->nread);
	if (place != NULL && place != result->data) {
		memmove(place, result->data, result->nread);
	}
	req->conn->counts.bytes_read += result->nread;
	return status;
}
