/* smbd/copychunk.h - FSCTL_SRV_REQUEST_RESUME_KEY and
 * FSCTL_SRV_COPYCHUNK(_WRITE)
 * ([MS-SMB2] 3.3.5.15.5, 3.3.5.15.6). */
#ifndef SMBD_COPYCHUNK_H
#define SMBD_COPYCHUNK_H

#include "lib/blob.h"
#include "smb2/ioctl.h"

struct smbd_request;

/* The key of req->open, by which a copy names its source; out on req. */
MUST_CHECK NTSTATUS smbd_resume_key(struct smbd_request *req,
				    const struct smb2_ioctl_request *in,
				    struct blob *out);

struct smbd_copy; /* one on its way */

/* Copies to req->open: a final status, or STATUS_PENDING.  *out, on req, is for
 * smbd_copychunk_done(); NULL when an error goes without a response. */
MUST_CHECK NTSTATUS smbd_copychunk(struct smbd_request *req,
				   const struct smb2_ioctl_request *in,
				   struct smbd_copy **out);

/* The response that goes with the final status, an error too: how far it came,
 * or what the limits are; out on req.  The status to answer with. */
MUST_CHECK NTSTATUS smbd_copychunk_done(struct smbd_request *req,
					const struct smbd_copy *copy,
					NTSTATUS status, struct blob *out);

#endif
