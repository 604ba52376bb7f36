/* vfs_modules/inject/inject.c - see inject.h. */
#include "vfs_modules/inject/inject.h"

#include <stdlib.h>
#include <string.h>

/* --- rules -----------------------------------------------------------------
 */

/* "name=number" */
static bool take_number(const char *word, const char *name, unsigned int *out)
{
	size_t n = strlen(name);
	unsigned long v;
	char *end;

	if (strncmp(word, name, n) != 0 || word[n] != '=') {
		return false;
	}
	v = strtoul(word + n + 1, &end, 10);
	if (end == word + n + 1 || *end != '\0' || v > 1000000) {
		return false;
	}
	*out = (unsigned int)v;
	return true;
}

static bool take_word(struct inject_rule *rule, const char *word)
{
	if (strcmp(word, "on=up") == 0 || strcmp(word, "on=down") == 0) {
		rule->up = strcmp(word, "on=up") == 0;
		return true;
	}
	if (take_number(word, "probability", &rule->probability)) {
		return rule->probability >= 1 && rule->probability <= 100;
	}
	return take_number(word, "after", &rule->after) ||
	       take_number(word, "count", &rule->count);
}

bool inject_parse(const struct fsa_option_def *d, void *config,
		  const char *value,
		  bool (*set_word)(struct inject_rule *rule, const char *word),
		  const char **out_reason)
{
	struct inject_rule *rule =
		(struct inject_rule *)(void *)((char *)config + d->offset);
	struct inject_rule fresh = {.set = true, .random = 1};
	bool first = true;
	char *copy = talloc_strdup(NULL, value);
	char *rest = NULL;

	if (copy == NULL) {
		*out_reason = "no memory";
		return false;
	}
	*out_reason = "not \"WHAT [after=N] [count=N] [probability=PERCENT] "
		      "[on=up]\"";
	for (char *word = strtok_r(copy, " \t,", &rest); word != NULL;
	     word = strtok_r(NULL, " \t,", &rest)) {
		if (!(first ? set_word : take_word)(&fresh, word)) {
			talloc_free(copy);
			return false;
		}
		first = false;
	}
	talloc_free(copy);
	if (first) {
		return false;
	}
	*rule = fresh;
	return true;
}

/* The same sequence every time, so that a test can be run again. */
static bool is_unlucky(struct inject_rule *rule)
{
	rule->random = rule->random * 1103515245u + 12345u;
	return (rule->random >> 16) % 100 < rule->probability;
}

bool inject_hits(struct inject_rule *rule)
{
	if (!rule->set || rule->seen++ < rule->after) {
		return false;
	}
	if (rule->count != 0 && rule->hit >= rule->count) {
		return false;
	}
	if (rule->probability != 0 && !is_unlucky(rule)) {
		return false;
	}
	rule->hit++;
	return true;
}

/* --- places ----------------------------------------------------------------
 */

static int kind_of_set_info(const struct fsa_set_info *s)
{
	switch (s->info_class) {
	case FileEndOfFileInformation:
		return INJECT_SET_SIZE;
	case FileAllocationInformation:
		return INJECT_SET_ALLOCATION;
	case FileBasicInformation:
		return INJECT_SET_BASIC;
	case FileFullEaInformation:
		return INJECT_SET_EA;
	case FileRenameInformation:
	case FileRenameInformationEx:
		return INJECT_RENAME;
	case FileLinkInformation:
		return INJECT_LINK;
	case FileDispositionInformation:
	case FileDispositionInformationEx:
		return INJECT_DISPOSITION;
	default:
		return FSA_SET_INFO;
	}
}

struct inject_rule *inject_find(struct inject *in, const struct fsa_io *io,
				bool up)
{
	struct inject_rule *rule = &in->rules[io->op];

	if (rule->set && rule->up == up && inject_hits(rule)) {
		return rule;
	}
	if (io->op != FSA_SET_INFO) {
		return NULL;
	}
	rule = &in->rules[kind_of_set_info(&io->u.set_info)];
	return rule != &in->rules[io->op] && rule->set && rule->up == up &&
			       inject_hits(rule)
		       ? rule
		       : NULL;
}
