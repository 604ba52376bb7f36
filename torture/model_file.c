/* torture/model_file.c - a round that was not legal, kept in a file: the
 * structures as they are, for the same program. */
#include "torture/model_file.h"

#include <stdio.h>

#define STATES_MAX 1000000

bool model_file_write(const char *path, const struct model_round *r,
		      const struct model_states *before)
{
	FILE *f = fopen(path, "wb");
	bool good = f != NULL && fwrite(r, sizeof(*r), 1, f) == 1 &&
		    fwrite(&before->count, sizeof(before->count), 1, f) == 1 &&
		    fwrite(before->list, sizeof(*before->list), before->count,
			   f) == before->count;

	return f != NULL && fclose(f) == 0 && good;
}

static bool read_states(TALLOC_CTX *mem_ctx, FILE *f, struct model_states *out)
{
	if (fread(&out->count, sizeof(out->count), 1, f) != 1 ||
	    out->count > STATES_MAX) {
		return false;
	}
	out->list = talloc_zero_array(mem_ctx, struct model, out->count);
	return out->list != NULL && fread(out->list, sizeof(*out->list),
					  out->count, f) == out->count;
}

bool model_file_read(TALLOC_CTX *mem_ctx, const char *path,
		     struct model_round *r, struct model_states *before)
{
	FILE *f = fopen(path, "rb");
	bool good = f != NULL && fread(r, sizeof(*r), 1, f) == 1 &&
		    r->num_events <= MODEL_EVENTS &&
		    r->num_told <= MODEL_TOLD &&
		    read_states(mem_ctx, f, before);

	if (f != NULL) {
		fclose(f);
	}
	return good;
}
