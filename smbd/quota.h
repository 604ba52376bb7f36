/* smbd/quota.h - QUERY_INFO and SET_INFO of quotas: [MS-SMB2] 3.3.5.20.4,
 * 3.3.5.21.4. */
#ifndef SMBD_QUOTA_H
#define SMBD_QUOTA_H

#include "smb2/query_info.h"
#include "smbd/request.h"

struct fscc_list;

/* Starts the query; entries go to out, which lives as long as req, as far as
 * the client has room. */
MUST_CHECK NTSTATUS smbd_quota_query(struct smbd_request *req,
				     const struct smb2_query_info_request *in,
				     struct fscc_list *out);

/* buffer: a list of FILE_QUOTA_INFORMATION. */
MUST_CHECK NTSTATUS smbd_quota_set(struct smbd_request *req,
				   struct wire_reader buffer);

#endif
