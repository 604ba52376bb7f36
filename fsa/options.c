/* fsa/options.c - see options.h. */
#include "fsa/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_int.h"
#include "lib/log.h"

#define NO_OPTION "the module has no such option, ignored"

#define MEMBER(d, config, type) (*(type *)((char *)(config) + (d)->offset))

/* --- values --------------------------------------------------------------- */

static bool parse_bytes(const char *text, uint64_t *out)
{
	static const char units[] = "kmgt";
	const char *unit;
	char *end;
	unsigned long long v;
	unsigned int shift;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno != 0 || end == text || strchr(text, '-') != NULL) {
		return false;
	}
	unit = *end == '\0' ? NULL
			    : strchr(units, tolower((unsigned char)*end));
	if (unit != NULL) {
		shift = 10 * (unsigned int)(unit - units + 1);
		if (v > UINT64_MAX >> shift) {
			return false;
		}
		v <<= shift;
		end++;
	}
	*out = v;
	return *end == '\0';
}

static bool set_word(const struct fsa_option_def *d, void *config,
		     const char *text)
{
	for (int i = 0; d->words[i] != NULL; i++) {
		if (strcasecmp(d->words[i], text) == 0) {
			MEMBER(d, config, int) = i;
			return true;
		}
	}
	return false;
}

static bool set_number(const struct fsa_option_def *d, void *config,
		       const char *text, const char **reason)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, d->type == FSA_OPTION_OCTAL ? 8 : 10);
	if (errno != 0 || end == text || *end != '\0') {
		*reason = "not a number";
		return false;
	}
	if (v < d->min || v > d->max) {
		*reason = "out of range";
		return false;
	}
	MEMBER(d, config, int) = (int)v;
	return true;
}

static bool set_text(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		     void *config, const char *text)
{
	if (d->type == FSA_OPTION_LIST) {
		MEMBER(d, config, char **) = conf_split_list(mem_ctx, text);
		return MEMBER(d, config, char **) != NULL;
	}
	MEMBER(d, config, char *) = talloc_strdup(mem_ctx, text);
	return MEMBER(d, config, char *) != NULL;
}

static bool set_value(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		      void *config, const char *text, const char **reason)
{
	bool ok = false;

	switch (d->type) {
	case FSA_OPTION_BOOL:
		*reason = "not yes or no";
		return conf_parse_bool(text, &MEMBER(d, config, bool));
	case FSA_OPTION_INT:
	case FSA_OPTION_OCTAL:
		return set_number(d, config, text, reason);
	case FSA_OPTION_BYTES:
		*reason = "not a number of bytes";
		return parse_bytes(text, &MEMBER(d, config, uint64_t));
	case FSA_OPTION_STRING:
	case FSA_OPTION_LIST:
		*reason = "no memory";
		return set_text(mem_ctx, d, config, text);
	case FSA_OPTION_WORD:
		*reason = "not one of the words that are possible";
		return set_word(d, config, text);
	case FSA_OPTION_OWN:
		ok = d->parse(mem_ctx, d, config, text, reason);
		break;
	}
	return ok;
}

/* --- options -------------------------------------------------------------- */

const char *option_of(const struct fsa_filter *filter, const char *name)
{
	const char *prefix = filter->option_prefix != NULL
				     ? filter->option_prefix
				     : filter->name;
	size_t n = strlen(prefix);

	return strncasecmp(name, prefix, n) == 0 && name[n] == ':'
		       ? name + n + 1
		       : NULL;
}

static const struct fsa_option_def *lookup(const struct fsa_filter *filter,
					   const char *name)
{
	const struct fsa_option_def *d = filter->options;

	while (d != NULL && d->name != NULL) {
		if (conf_name_equal(d->name, name)) {
			return d;
		}
		d++;
	}
	return NULL;
}

static bool set_initial(TALLOC_CTX *mem_ctx, const struct fsa_filter *filter,
			void *config)
{
	const struct fsa_option_def *d = filter->options;
	const char *reason = NULL;

	for (; d->name != NULL; d++) {
		if (d->initial != NULL &&
		    !set_value(mem_ctx, d, config, d->initial, &reason)) {
			return false;
		}
	}
	return true;
}

static NTSTATUS apply(void *config, const struct fsa_filter *filter,
		      const struct fsa_volume_params *params)
{
	for (size_t i = 0; i < params->num_options; i++) {
		const struct fsa_option *o = &params->options[i];
		const char *name = option_of(filter, o->name);
		const struct fsa_option_def *d;
		const char *reason = NO_OPTION;

		if (name == NULL) {
			continue;
		}
		d = lookup(filter, name);
		if (d == NULL) {
			LOG_WARN(LOG_FSA, "share %s: %s = %s: %s",
				 params->share_name, o->name, o->value, reason);
		} else if (!set_value(config, d, config, o->value, &reason)) {
			LOG_ERR(LOG_FSA, "share %s: %s = %s: %s",
				params->share_name, o->name, o->value, reason);
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS options_parse(TALLOC_CTX *mem_ctx, const struct fsa_filter *filter,
		       const struct fsa_volume_params *params, void **out)
{
	void *config = NULL;
	NTSTATUS status = NT_STATUS_OK;

	if (filter->options != NULL) {
		config = talloc_zero_size(mem_ctx, filter->config_size);
		if (config == NULL || !set_initial(config, filter, config)) {
			talloc_free(config);
			return NT_STATUS(NO_MEMORY);
		}
		status = apply(config, filter, params);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(config);
		return status;
	}
	*out = config;
	return NT_STATUS_OK;
}

const char *option_check(const struct fsa_filter *filter, const char *name,
			 const char *value, bool *out_error)
{
	const struct fsa_option_def *d = lookup(filter, name);
	const char *reason = NO_OPTION;
	void *config;

	*out_error = d != NULL;
	if (d == NULL) {
		return reason;
	}
	config = talloc_zero_size(NULL, filter->config_size);
	if (config != NULL && set_value(config, d, config, value, &reason)) {
		reason = NULL;
	}
	talloc_free(config);
	return reason;
}

const char *fsa_params_option(const struct fsa_volume_params *params,
			      const char *name)
{
	for (size_t i = 0; i < params->num_options; i++) {
		if (conf_name_equal(params->options[i].name, name)) {
			return params->options[i].value;
		}
	}
	return NULL;
}
