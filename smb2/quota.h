/* smb2/quota.h - quotas: SMB2_QUERY_QUOTA_INFO ([MS-SMB2] 2.2.37.1) and the
 * lists of [MS-FSCC] 2.4.41. */
#ifndef SMB2_QUOTA_H
#define SMB2_QUOTA_H

#include "lib/nttime.h"
#include "lib/sid.h"
#include "smb2/fscc_list.h"

#define SMB2_QUOTA_NO_LIMIT UINT64_MAX	     /* -1 */
#define SMB2_QUOTA_DELETE   (UINT64_MAX - 1) /* -2 */

struct smb2_query_quota {
	bool return_single;
	bool restart_scan;
	struct wire_reader sid_list; /* FILE_GET_QUOTA_INFORMATION, or empty */
	bool has_start_sid;
	struct sid start_sid;
};

/* in: the input buffer, which must be one.  INVALID_PARAMETER. */
MUST_CHECK NTSTATUS smb2_query_quota_decode(struct wire_reader in,
					    struct smb2_query_quota *out);
/* sid_list and start_sid as they are there. */
void smb2_query_quota_put(struct wire_writer *w,
			  const struct smb2_query_quota *in);

/* --- FILE_GET_QUOTA_INFORMATION (2.4.41.1) -------------------------------- */

#define FSCC_GET_QUOTA_ALIGN 4

void fscc_get_quota_put(struct fscc_list *l, const struct sid *sid);
/* NO_MORE_FILES at the end; INVALID_PARAMETER. */
MUST_CHECK NTSTATUS fscc_get_quota_next(struct wire_reader *list,
					struct sid *out);

/* --- FILE_QUOTA_INFORMATION (2.4.41) ---------------------------------------
 */

#define FSCC_QUOTA_ALIGN 8

struct fscc_quota {
	NTTIME change_time;
	uint64_t used;
	uint64_t threshold; /* or SMB2_QUOTA_NO_LIMIT */
	uint64_t limit;	    /* the same; in a set SMB2_QUOTA_DELETE too */
	struct sid sid;
};

/* Bytes of an entry, without padding. */
size_t fscc_quota_size(const struct fscc_quota *q);
void fscc_quota_put(struct fscc_list *l, const struct fscc_quota *in);
/* As fscc_get_quota_next(). */
MUST_CHECK NTSTATUS fscc_quota_next(struct wire_reader *list,
				    struct fscc_quota *out);

#endif
