/* smbd/private_ioctl.c - FSCTLs for smbtorture. */
#include "smbd/private_ioctl.h"

#include "lib/conf.h"
#include "smbd/client.h"
#include "smbd/open.h"
#include "smbd/server.h"

bool smbd_private_ioctl_is(const struct smbd_request *req, uint32_t code)
{
	if (!conf_global(req->client->server->conf)->private_ioctls) {
		return false;
	}
	return code == FSCTL_PRIVATE_PLAY_DEAD ||
	       code == FSCTL_PRIVATE_IOCTL_PADDING ||
	       code == FSCTL_PRIVATE_READ_PADDING ||
	       code == FSCTL_PRIVATE_SLEEP;
}

bool smbd_private_ioctl_is_bare(const struct smbd_request *req)
{
	struct smb2_ioctl_request in;

	return req->hdr.command == SMB2_IOCTL && req->hdr.session_id == 0 &&
	       conf_global(req->client->server->conf)->private_ioctls &&
	       NT_STATUS_IS_OK(smb2_ioctl_request_decode(req->pdu, &in)) &&
	       in.ctl_code == FSCTL_PRIVATE_PLAY_DEAD;
}

static NTSTATUS play_dead(struct smbd_request *req,
			  const struct smb2_ioctl_request *in)
{
	if (in->input.length > 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	req->conn->played_dead = true;
	return NT_STATUS_OK;
}

static NTSTATUS pad_ioctl(struct smbd_request *req,
			  const struct smb2_ioctl_request *in, struct blob *out,
			  uint32_t *out_padding)
{
	static const uint8_t padding = PRIVATE_PADDING;

	if (in->input.length > 0 || in->max_output_response != 1) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	out->data = talloc_memdup(req, &padding, 1);
	if (out->data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	out->length = 1;
	*out_padding = PRIVATE_PADDING;
	return NT_STATUS_OK;
}

static NTSTATUS pad_reads(struct smbd_request *req,
			  const struct smb2_ioctl_request *in)
{
	if (in->input.length > 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	req->client->read_padding = PRIVATE_PADDING;
	return NT_STATUS_OK;
}

static void slept(struct tevent_context *ev, struct tevent_timer *te,
		  struct timeval now, void *private_data)
{
	struct smbd_request *req =
		talloc_get_type_abort(private_data, struct smbd_request);

	smbd_request_done(req, NT_STATUS_OK);
}

/* Cannot be cancelled: what closes the open has to wait. */
static NTSTATUS sleep_a_while(struct smbd_request *req,
			      const struct smb2_ioctl_request *in)
{
	struct wire_reader r = in->input;
	uint8_t msec = wire_u8(&r);
	NTSTATUS status = smbd_request_find_open(req);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->input.length != 1 || in->max_output_response != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	req->io.u.fsctl.out = (struct blob){0};
	/* The client's: the request goes while the timer is in its handler. */
	if (tevent_add_timer(req->client->server->ev, req->client,
			     tevent_timeval_current_ofs(0, msec * 1000u), slept,
			     req) == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	return NT_STATUS(PENDING);
}

NTSTATUS smbd_private_ioctl(struct smbd_request *req,
			    const struct smb2_ioctl_request *in,
			    struct blob *out, uint32_t *out_padding)
{
	switch (in->ctl_code) {
	case FSCTL_PRIVATE_PLAY_DEAD:
		return play_dead(req, in);
	case FSCTL_PRIVATE_IOCTL_PADDING:
		return pad_ioctl(req, in, out, out_padding);
	case FSCTL_PRIVATE_READ_PADDING:
		return pad_reads(req, in);
	default:
		return sleep_a_while(req, in);
	}
}
