/* fsa/tests/name_fuzz.c - any text as a name and as a pattern. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fsa/name.h"
#include "fsa/name_list.h"
#include "fsa/short_name.h"
#include "fsa/posix.h"
#include "fsa/wildcard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	char *text = talloc_strndup(ctx, (const char *)data, size);
	size_t half = strlen(text) / 2;
	char *pattern = talloc_strndup(ctx, text, half);
	char made[SHORT_NAME_SIZE];
	struct name_list *list = NULL;
	struct fsa_name name;

	if (NT_STATUS_IS_OK(fsa_name_parse(ctx, text, &name)) &&
	    (strstr(name.path, "\\\\") != NULL || *name.path == '\\' ||
	     strchr(name.path, '/') != NULL ||
	     strchr(name.path, ':') != NULL)) {
		abort();
	}
	if (NT_STATUS_IS_OK(fsa_posix_name_parse(ctx, text, &name)) &&
	    (strstr(name.path, "\\\\") != NULL || *name.path == '\\' ||
	     strcmp(name.path, "..") == 0 ||
	     strstr(name.path, "\\..\\") != NULL)) {
		abort();
	}
	(void)fsa_posix_name_is_pattern(pattern);
	if (fsa_name_is_pattern(pattern)) {
		wildcard_match(pattern, text + half);
	}
	short_name_make(text, made);
	if (!short_name_is_valid(made) ||
	    !short_name_is_made(made, strlen(made))) {
		abort();
	}
	if (NT_STATUS_IS_OK(name_list_parse(ctx, pattern, &list))) {
		name_list_has_any(list, text + half);
	}
	talloc_free(ctx);
	return 0;
}
