/* torture/model_file.h - a round that was not legal, kept in a file, to be
 * looked at again by a better checker. */
#ifndef TORTURE_MODEL_FILE_H
#define TORTURE_MODEL_FILE_H

#include "torture/model_check.h"

bool model_file_write(const char *path, const struct model_round *r,
		      const struct model_states *before);

/* before's list is on mem_ctx. */
bool model_file_read(TALLOC_CTX *mem_ctx, const char *path,
		     struct model_round *r, struct model_states *before);

#endif
