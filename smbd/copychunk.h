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

/* Copies to req->open; out on req.  An error that comes with out says how far
 * it came, or what the limits are: it is answered with the response. */
MUST_CHECK NTSTATUS smbd_copychunk(struct smbd_request *req,
				   const struct smb2_ioctl_request *in,
				   struct blob *out);

#endif
