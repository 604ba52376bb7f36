/* fsa/quota.h - disk quotas of users ([MS-FSA] 2.1.5.21, 2.1.5.22). */
#ifndef FSA_QUOTA_H
#define FSA_QUOTA_H

#include "fsa/file.h"

/* Whether name is that of a volume's list of quotas, which is opened like a
 * file of the root: "$Extend\$Quota:$Q:$INDEX_ALLOCATION". */
bool quota_is_name(const char *name);
/* If f was opened by it, what is said of it. */
void quota_set_stat(const struct fsa_file *f, struct fsa_stat *st);

/* Whether the volume keeps any. */
bool quota_is_kept(const struct fsa_volume *v);

/* FileFsControlInformation: VOLUME_NOT_UPGRADED where there are no quotas. */
MUST_CHECK NTSTATUS quota_get_control(struct fsa_volume *v,
				      struct fsa_quota_control *out);
MUST_CHECK NTSTATUS quota_set_control(struct fsa_volume *v,
				      const struct fsa_quota_control *in);

/* Makes the sizes what the user's quota leaves of them (2.1.5.13.3). */
void quota_limit_sizes(struct fsa_volume *v, uid_t uid,
		       struct fsa_volume_info *info);

#endif
