/* fsa/condition.h - the conditions of callback entries ([MS-DTYP] 2.4.4.17).
 *
 * What they say of groups is evaluated.  Of attributes of users, devices and
 * places this server knows none, and those of the resource it keeps and does
 * not compare: what hangs on them is unknown. */
#ifndef FSA_CONDITION_H
#define FSA_CONDITION_H

#include "idl/token_gen.h"
#include "lib/blob.h"

enum condition {
	CONDITION_FALSE,
	CONDITION_TRUE,
	CONDITION_UNKNOWN
};

/* What the data of a callback entry says of a user; UNKNOWN for what is no
 * condition, or is malformed.  has_attributes: the resource has some. */
enum condition condition_evaluate(struct blob data,
				  const struct security_token *token,
				  bool has_attributes);

#endif
