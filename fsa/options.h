/* fsa/options.h - `NAME:option = value`: what smb.conf says to a module. */
#ifndef FSA_OPTIONS_H
#define FSA_OPTIONS_H

#include "fsa/filter.h"

/* The options of a filter as its table says, on mem_ctx; NULL when it has
 * none.  INVALID_PARAMETER, and a line in the log, for a value that is none. */
MUST_CHECK NTSTATUS options_parse(TALLOC_CTX *mem_ctx,
				  const struct fsa_filter *filter,
				  const struct fsa_volume_params *params,
				  void **out);

/* The option's name behind the filter's prefix and a colon; NULL: it is
 * another's. */
const char *option_of(const struct fsa_filter *filter, const char *name);

/* What is wrong with one option (its name without the filter's), a constant
 * text, or NULL when nothing is.  *out_error: options_parse() fails. */
const char *option_check(const struct fsa_filter *filter, const char *name,
			 const char *value, bool *out_error);

#endif
