/* fsa/name_list.c - the lists of names in `hide files` and `veto files`. */
#include "fsa/name_list.h"

#include <string.h>

#include "fsa/name.h"
#include "fsa/wildcard.h"

struct name_list {
	size_t count;
	const char **names;
};

static NTSTATUS add(struct name_list *list, const char *name, size_t length)
{
	const char **names = talloc_realloc(list, list->names, const char *,
					    list->count + 1);

	if (names == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	list->names = names;
	names[list->count] = talloc_strndup(list, name, length);
	if (names[list->count] == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	list->count++;
	return NT_STATUS_OK;
}

NTSTATUS name_list_parse(TALLOC_CTX *mem_ctx, const char *text,
			 struct name_list **out)
{
	struct name_list *list = talloc_zero(mem_ctx, struct name_list);
	NTSTATUS status = NT_STATUS_OK;

	if (list == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && *text != '\0') {
		size_t n = strcspn(text, "/");

		if (n > 0) {
			status = add(list, text, n);
		}
		text += n + (text[n] == '/' ? 1 : 0);
	}
	if (!NT_STATUS_IS_OK(status) || list->count == 0) {
		TALLOC_FREE(list);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = list;
	}
	return status;
}

static bool has_name(const struct name_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (wildcard_match(list->names[i], name)) {
			return true;
		}
	}
	return false;
}

bool name_list_has(const struct name_list *list, const char *path)
{
	const char *last;

	if (list == NULL) {
		return false;
	}
	last = strrchr(path, '\\');
	return has_name(list, last == NULL ? path : last + 1);
}

bool name_list_has_any(const struct name_list *list, const char *path)
{
	char name[FSA_NAME_MAX * 3 + 1];

	if (list == NULL) {
		return false;
	}
	for (;;) {
		size_t n = strcspn(path, "\\");

		if (n < sizeof(name)) {
			memcpy(name, path, n);
			name[n] = '\0';
			if (has_name(list, name)) {
				return true;
			}
		}
		if (path[n] == '\0') {
			return false;
		}
		path += n + 1;
	}
}
