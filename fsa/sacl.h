/* fsa/sacl.h - the parts of a SACL.  What is audited, the integrity label, the
 * resource's attributes and its central access policy are entries of one list,
 * which clients ask for and set apart ([MS-DTYP] 2.4.7). */
#ifndef FSA_SACL_H
#define FSA_SACL_H

#include "lib/nt.h"
#include "lib/sd.h"

#define SACL_PARTS                                                             \
	(SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION |              \
	 ATTRIBUTE_SECURITY_INFORMATION | SCOPE_SECURITY_INFORMATION)

/* Leaves the entries of acl that which asks for: SACL_SECURITY_INFORMATION all
 * but labels ([MS-FSA] 2.1.5.14.1), the others those of their kind. */
void sacl_keep(struct acl *acl, uint32_t which);

/* Puts the same entries of from (NULL: none) in the place of those of acl, of
 * which the others stay, behind them; on mem_ctx.  INVALID_LABEL for a label
 * that is none: S-1-16-level. */
MUST_CHECK NTSTATUS sacl_replace(TALLOC_CTX *mem_ctx, struct acl *acl,
				 const struct acl *from, uint32_t which);

#endif
