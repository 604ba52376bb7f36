/* smbd/fsctl_rules.h - what [MS-SMB2] 3.3.5.15 asks of FSCTLs before they go to
 * the object store. */
#ifndef SMBD_FSCTL_RULES_H
#define SMBD_FSCTL_RULES_H

#include "smb2/ioctl.h"

struct smbd_request;

/* Whether the text has such a code, in [MS-FSCC] 2.3 or [MS-SMB2] 2.2.31; what
 * it has not is NOT_SUPPORTED (3.3.5.15.8). */
bool smbd_fsctl_is_known(uint32_t code);

/* The sizes and dialects of single codes, and the second open of those that
 * have one: req->source. */
MUST_CHECK NTSTATUS smbd_fsctl_check(struct smbd_request *req,
				     const struct smb2_ioctl_request *in);

#endif
