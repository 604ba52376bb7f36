/* fsa/access_check.h - what a descriptor gives to a user: [MS-DTYP] 2.5.3.2 as
 * [MS-FSA] 2.1.4.14 uses it. */
#ifndef FSA_ACCESS_CHECK_H
#define FSA_ACCESS_CHECK_H

#include "idl/token_gen.h"
#include "lib/sd.h"

bool token_has_sid(const struct security_token *token, const struct sid *sid);

/* All rights that the descriptor and the privileges that always count (take
 * ownership, security) give.  For every right the first entry that names it
 * decides, in the order as given; a null DACL gives everything. */
uint32_t access_rights(const struct security_descriptor *sd,
		       const struct security_token *token);

enum access_by {
	ACCESS_BY_NOTHING, /* no entry names it */
	ACCESS_BY_ENTRY,
	ACCESS_BY_OWNERSHIP,
	ACCESS_BY_PRIVILEGE,
	ACCESS_BY_NO_DACL
};

struct access_reason {
	bool granted;
	enum access_by by;
	uint32_t entry; /* of the DACL, from 0 */
};

/* Why access_rights() has, or has not, this one right. */
struct access_reason access_explain(const struct security_descriptor *sd,
				    const struct security_token *token,
				    uint32_t right);

/* What an open with FILE_OPEN_FOR_BACKUP_INTENT gets whatever the descriptor
 * says, by the privileges backup and restore: [MS-FSA] 2.1.5.1. */
uint32_t access_backup_rights(const struct security_token *token);

#endif
