/* smbd/private_ioctl.h - FSCTLs for smbtorture, with which it brings a server
 * into states that a client must cope with.  Unknown unless smb.conf has
 * "smbd:FSCTL_SMBTORTURE = yes". */
#ifndef SMBD_PRIVATE_IOCTL_H
#define SMBD_PRIVATE_IOCTL_H

#include "smb2/ioctl.h"
#include "smbd/request.h"

/* One byte of output, behind so many bytes of padding. */
#define FSCTL_PRIVATE_IOCTL_PADDING 0x83848013u
/* From now on all responses to READ of this connection are padded. */
#define FSCTL_PRIVATE_READ_PADDING 0x83848023u
/* Waits, with the open in use, as many milliseconds as its byte of input. */
#define FSCTL_PRIVATE_SLEEP 0x83848043u

/* This connection is taken to be dead when a break is sent over it.  Comes
 * without a session. */
#define FSCTL_PRIVATE_PLAY_DEAD 0x83848003u

#define PRIVATE_PADDING 8

/* Whether the request is one that needs no session, and is there. */
bool smbd_private_ioctl_is_bare(const struct smbd_request *req);

/* Whether code is one of them, and they are there. */
bool smbd_private_ioctl_is(const struct smbd_request *req, uint32_t code);

/* Carries it out; output on req, of which padding bytes come first. */
MUST_CHECK NTSTATUS smbd_private_ioctl(struct smbd_request *req,
				       const struct smb2_ioctl_request *in,
				       struct blob *out, uint32_t *out_padding);

#endif
