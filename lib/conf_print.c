/* lib/conf_print.c - the effective settings as text, for testparm. */
#include "lib/conf.h"

#include <string.h>

#include "lib/conf_int.h"

static void print_one(const struct conf_param *p, const void *base,
		      const void *initial, FILE *f)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	char *value = conf_value_format(ctx, p, base);
	char *usual = NULL;

	if (initial != NULL) {
		usual = conf_value_format(ctx, p, initial);
	}
	if (value != NULL && (usual == NULL || strcmp(value, usual) != 0)) {
		fprintf(f, "\t%s = %s\n", p->name, value);
	}
	talloc_free(ctx);
}

/* Those that differ from the defaults (NULL: all). */
static void print_options(const struct conf_share *share,
			  const struct conf_share *defaults, FILE *f)
{
	for (size_t i = 0; i < share->num_options; i++) {
		const struct conf_option *o = &share->options[i];
		const char *usual = NULL;

		if (defaults != NULL) {
			usual = conf_option_lookup(defaults, o->name);
		}
		if (usual == NULL || strcmp(usual, o->value) != 0) {
			fprintf(f, "\t%s = %s\n", o->name, o->value);
		}
	}
}

/* A snapshot of an empty file: what the defaults are. */
static struct conf *empty_conf(TALLOC_CTX *ctx)
{
	struct conf_report *report = conf_report_create(ctx);
	struct conf *conf = NULL;

	if (report == NULL ||
	    !NT_STATUS_IS_OK(conf_parse(ctx, "", "", 0, report, &conf))) {
		return NULL;
	}
	return conf;
}

void conf_print(const struct conf *conf, FILE *f, bool with_defaults)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct conf *empty = with_defaults ? NULL : empty_conf(ctx);

	fprintf(f, "[global]\n");
	for (const struct conf_param *p = conf_params; p->name != NULL; p++) {
		const void *base = p->global ? (const void *)&conf->global
					     : (const void *)&conf->defaults;
		const void *initial = NULL;

		if (empty != NULL) {
			initial = p->global ? (const void *)&empty->global
					    : (const void *)&empty->defaults;
		}
		print_one(p, base, initial, f);
	}
	print_options(&conf->defaults, NULL, f);
	for (size_t i = 0; i < conf->count; i++) {
		fprintf(f, "\n[%s]\n", conf->shares[i].name);
		for (const struct conf_param *p = conf_params; p->name != NULL;
		     p++) {
			if (!p->global) {
				print_one(p, &conf->shares[i],
					  with_defaults ? NULL
							: &conf->defaults,
					  f);
			}
		}
		print_options(&conf->shares[i],
			      with_defaults ? NULL : &conf->defaults, f);
	}
	talloc_free(ctx);
}

NTSTATUS conf_get_text(TALLOC_CTX *mem_ctx, const struct conf *conf,
		       const char *section, const char *parameter, char **out)
{
	const struct conf_share *share = NULL;
	const struct conf_param *p;
	const void *base;
	const char *option;
	bool inverted;
	char *text;

	if (!conf_name_equal(section, "global")) {
		share = conf_share_lookup(conf, section);
		if (share == NULL) {
			return NT_STATUS(NOT_FOUND);
		}
	}
	option = conf_option_lookup(share != NULL ? share : &conf->defaults,
				    parameter);
	if (option != NULL) {
		*out = talloc_strdup(mem_ctx, option);
		return *out == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
	}
	p = conf_param_lookup(parameter, &inverted);
	if (p == NULL || (p->global && share != NULL)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	base = p->global       ? (const void *)&conf->global
	       : share != NULL ? (const void *)share
			       : (const void *)&conf->defaults;
	text = conf_value_format(mem_ctx, p, base);
	if (text == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (inverted) {
		text = talloc_strdup(mem_ctx,
				     strcmp(text, "yes") == 0 ? "no" : "yes");
	}
	*out = text;
	return NT_STATUS_OK;
}
