/* smbd/smb2_write.c - WRITE: [MS-SMB2] 3.3.5.13.  The data is written from
 * where it was received. */
#include "smb2/write.h"

#include "smbd/client.h"
#include "smbd/handlers.h"

NTSTATUS smb2_write_start(struct smbd_request *req)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;
	struct smb2_write_request in;
	struct fsa_write *args = &req->io.u.write;
	NTSTATUS status = smb2_write_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* Over the wire there is no offset that means "the end". */
	if (in.data.length > n->max_write || in.offset > INT64_MAX) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	/* No connection is RDMA's.  3.3.5.13 would have unknown values refused,
	 * too: Samba takes them for none, for the data is here in any case, and
	 * smbtorture sends what was on its stack (smb2.lease.dynamic_share). */
	if (smbd_is_3x(req->conn) && smb2_channel_is_rdma(in.channel)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	args->offset = in.offset;
	args->data = in.data.data;
	args->length = (uint32_t)in.data.length;
	/* A write-through write to a file that was opened buffered is carried
	 * out as such; 3.3.5.13 would have it refused.  Samba: likewise. */
	args->write_through = n->dialect != SMB2_DIALECT_202 &&
			      (in.flags & SMB2_WRITEFLAG_WRITE_THROUGH) != 0;
	req->io.op = FSA_WRITE;
	return smbd_request_io(req);
}

NTSTATUS smb2_write_reply(struct smbd_request *req, struct wire_writer *w,
			  NTSTATUS status)
{
	struct smb2_write_response r = {.count = req->io.u.write.nwritten};

	smb2_write_response_encode(w, &r);
	req->conn->counts.bytes_written += r.count;
	return status;
}
