/* pidl-gen/attr.c - attributes: which there are, and finding one. */
#include <string.h>

#include "pidl-gen/decl.h"

/* What this compiler acts on, and what says nothing about bytes. */
static const char *const known[] = {
	"plain",
	"uuid",
	"version",
	"pointer_default",
	"ms_union",
	"switch_type",
	"switch_is",
	"case",
	"default",
	"size_is",
	"length_is",
	"string",
	"charset",
	"range",
	"ref",
	"unique",
	"ptr",
	"v1_enum",
	"enum8bit",
	"enum16bit",
	"enum32bit",
	"bitmap8bit",
	"bitmap16bit",
	"bitmap32bit",
	"bitmap64bit",
	"in",
	"out",
	"handle",
	"context_handle",
	"idempotent",
	"broadcast",
	"maybe",
	"local",
	"endpoint",
	"helpstring",
	"annotation",
	"public",
	"explicit_handle",
	"implicit_handle",
	"auto_handle",
	"code",
	"nocode",
	"object",
	"strict_context_handle",
	"type_strict_context_handle",
	"comm_status",
	"fault_status",
	"callback",
	"disable_consistency_check",
};

struct attr *attr_new(struct parser *ps, struct loc loc, const char *name,
		      struct expr *args)
{
	struct attr *a = talloc_zero(ps->unit, struct attr);

	a->name = name;
	a->loc = loc;
	a->args = args;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i], name) == 0) {
			return a;
		}
	}
	unit_error(ps->unit, loc, "expected an attribute, '%s' is not one",
		   name);
	return a;
}

const struct attr *attr_find(const struct attr *list, const char *name)
{
	for (; list != NULL; list = list->next) {
		if (strcmp(list->name, name) == 0) {
			return list;
		}
	}
	return NULL;
}
