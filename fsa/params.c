/* fsa/params.c - a volume's settings, kept. */
#include <string.h>

#include "fsa/filter.h"

/* False: no memory. */
static bool copy_string(TALLOC_CTX *mem_ctx, const char **s)
{
	if (*s != NULL) {
		*s = talloc_strdup(mem_ctx, *s);
		return *s != NULL;
	}
	return true;
}

static bool copy_strings(TALLOC_CTX *mem_ctx, struct fsa_volume_params *p)
{
	return copy_string(mem_ctx, &p->share_name) &&
	       copy_string(mem_ctx, &p->path) &&
	       copy_string(mem_ctx, &p->driver) &&
	       copy_string(mem_ctx, &p->modules_dir) &&
	       copy_string(mem_ctx, &p->label) &&
	       copy_string(mem_ctx, &p->security_acl_name) &&
	       copy_string(mem_ctx, &p->client_address);
}

static bool copy_filters(TALLOC_CTX *mem_ctx, struct fsa_volume_params *p)
{
	const char *const *from = p->filters;
	const char **to;
	size_t count = 0;

	if (from == NULL) {
		return true;
	}
	while (from[count] != NULL) {
		count++;
	}
	to = talloc_zero_array(mem_ctx, const char *, count + 1);
	p->filters = to;
	for (size_t i = 0; i < count && to != NULL; i++) {
		to[i] = from[i];
		if (!copy_string(mem_ctx, &to[i])) {
			return false;
		}
	}
	return to != NULL;
}

static bool copy_options(TALLOC_CTX *mem_ctx, struct fsa_volume_params *p)
{
	struct fsa_option *to;

	if (p->num_options == 0) {
		p->options = NULL;
		return true;
	}
	to = talloc_memdup(mem_ctx, p->options, p->num_options * sizeof(*to));
	p->options = to;
	for (size_t i = 0; i < p->num_options && to != NULL; i++) {
		if (!copy_string(mem_ctx, &to[i].name) ||
		    !copy_string(mem_ctx, &to[i].value)) {
			return false;
		}
	}
	return to != NULL;
}

NTSTATUS fsa_volume_params_copy(TALLOC_CTX *mem_ctx,
				const struct fsa_volume_params *in,
				struct fsa_volume_params *out)
{
	struct fsa_volume_params p = *in;

	p.words = NULL;
	if (!copy_strings(mem_ctx, &p) || !copy_filters(mem_ctx, &p) ||
	    !copy_options(mem_ctx, &p)) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = p;
	return NT_STATUS_OK;
}
