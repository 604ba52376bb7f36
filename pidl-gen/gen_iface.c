/* pidl-gen/gen_iface.c - writes what an interface is: its identity, and for
 * each method its number and a struct of what goes in and what comes out. */
#include "pidl-gen/gen.h"

#include <string.h>

static void members(struct gen *g, const struct method *m, const char *way)
{
	bool any = false;

	gen_open(g, "struct");
	for (struct field *f = m->params->fields; f != NULL; f = f->next) {
		/* A parameter that says nothing goes in ([C706] 4.2.20). */
		bool in = attr_find(f->attrs, "in") != NULL ||
			  attr_find(f->attrs, "out") == NULL;

		/* A binding handle is not sent. */
		if (f->type->kind == TYPE_VOID) {
			continue;
		}
		if (strcmp(way, "in") == 0
			    ? !in
			    : attr_find(f->attrs, "out") == NULL) {
			continue;
		}
		if (param_is_handle(f)) {
			gen_line(g, "struct ndr_handle %s;", f->name);
		} else {
			gen_line(g, "%s;", gen_declare(g, f->type, f->name));
		}
		any = true;
	}
	if (strcmp(way, "out") == 0 && m->result->kind != TYPE_VOID) {
		gen_line(g, "%s;", gen_declare(g, m->result, "result"));
		any = true;
	}
	if (!any) {
		gen_line(g, "uint8_t nothing;");
	}
	g->indent--;
	gen_line(g, "} %s;", way);
}

static void iface(struct gen *g, const struct interface *i)
{
	const struct attr *uuid = attr_find(i->attrs, "uuid");
	const struct attr *version = attr_find(i->attrs, "version");

	if (uuid != NULL && uuid->args != NULL && uuid->args->text != NULL) {
		gen_line(g, "#define %s_UUID \"%s\"", i->name,
			 uuid->args->text);
	}
	if (version != NULL && version->args != NULL &&
	    version->args->text != NULL) {
		gen_line(g, "#define %s_VERSION \"%s\"", i->name,
			 version->args->text);
	}
	for (struct method *m = i->methods; m != NULL; m = m->next) {
		gen_line(g, "#define %s_%s_OPNUM %u", i->name, m->name,
			 m->opnum);
	}
	gen_blank(g);
	for (struct method *m = i->methods; m != NULL; m = m->next) {
		gen_open(g, "struct %s_%s", i->name, m->name);
		members(g, m, "in");
		members(g, m, "out");
		g->indent--;
		gen_line(g, "};");
		gen_blank(g);
	}
}

void gen_ifaces(struct gen *g)
{
	for (struct interface *i = g->unit->interfaces; i != NULL;
	     i = i->next) {
		if (!i->imported && i->methods != NULL) {
			iface(g, i);
		}
	}
}
