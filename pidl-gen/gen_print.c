/* pidl-gen/gen_print.c - writes the functions that show a value. */
#include "pidl-gen/gen.h"

#include <string.h>

static void print_value(struct gen *g, const struct type *t, const char *v,
			const char *name, const struct field *f);

static void print_array(struct gen *g, const struct type *t, const char *v,
			const char *name, const struct field *f)
{
	const struct expr *e = t->length != NULL ? t->length : t->size;
	char *count = gen_expr(g, e);

	if (gen_is_byte(t->target)) {
		gen_line(g, "ndr_print_bytes(p, %s, %s, %s);", name, v, count);
		return;
	}
	gen_open(g, "if (ndr_print_array_begin(p, %s))", name);
	v = gen_loop(g, v, count, NULL);
	print_value(g, t->target, v, "NULL", f);
	gen_loop_end(g);
	gen_line(g, "ndr_print_array_end(p);");
	gen_close(g);
}

static void print_pointer(struct gen *g, const struct type *t, const char *v,
			  const char *name, const struct field *f)
{
	char *target = talloc_asprintf(g->unit, "*%s", v);

	if (t->target->kind == TYPE_ARRAY || t->target->kind == TYPE_STRING) {
		target = talloc_strdup(g->unit, v);
	}
	gen_open(g, "if (%s == NULL)", v);
	gen_line(g, "ndr_print_null(p, %s);", name);
	g->indent--;
	gen_open(g, "} else");
	print_value(g, t->target, target, name, f);
	gen_close(g);
}

static void print_scalar(struct gen *g, const struct type *t, const char *v,
			 const char *name)
{
	static const char *const calls[] = {
		[SCALAR_UNSIGNED] = "unsigned", [SCALAR_SIGNED] = "signed",
		[SCALAR_BOOL] = "bool",		[SCALAR_FLOAT] = "double",
		[SCALAR_GUID] = "guid",		[SCALAR_SID] = "sid",
		[SCALAR_NTTIME] = "nttime",	[SCALAR_BLOB] = "bytes"};
	enum scalar_kind kind = t->scalar->kind;

	if (kind == SCALAR_BLOB) {
		gen_line(g, "ndr_print_bytes(p, %s, (%s).data, (%s).length);",
			 name, v, v);
		return;
	}
	gen_line(g, "ndr_print_%s(p, %s, %s);", calls[kind], name,
		 kind == SCALAR_GUID || kind == SCALAR_SID ? gen_address(g, v)
							   : v);
}

static void print_body(struct gen *g, const struct type *t, const char *v,
		       const char *name, const struct field *f)
{
	const char *level = "";

	if (t->kind == TYPE_UNION && f->switch_is != NULL) {
		level = talloc_asprintf(g->unit, "(uint32_t)%s, ",
					gen_expr(g, f->switch_is));
	}
	gen_line(g, "%s_print(p, %s, %s%s);", t->name, name, level,
		 gen_address(g, v));
}

static void print_value(struct gen *g, const struct type *t, const char *v,
			const char *name, const struct field *f)
{
	switch (t->kind) {
	case TYPE_SCALAR:
		print_scalar(g, t, v, name);
		return;
	case TYPE_ENUM:
		gen_line(g, "ndr_print_enum(p, %s, %s_names, (uint32_t)%s);",
			 name, t->name, v);
		return;
	case TYPE_BITMAP:
		gen_line(g, "ndr_print_bitmap(p, %s, %s_names, %s);", name,
			 t->name, v);
		return;
	case TYPE_STRING:
		gen_line(g, "ndr_print_text(p, %s, %s);", name, v);
		return;
	case TYPE_ARRAY:
		print_array(g, t, v, name, f);
		return;
	case TYPE_POINTER:
		print_pointer(g, t, v, name, f);
		return;
	case TYPE_STRUCT:
	case TYPE_UNION:
		print_body(g, t, v, name, f);
		return;
	default:
		return;
	}
}

static void print_member(struct gen *g, const struct field *f, const char *v)
{
	char *name = talloc_asprintf(g->unit, "\"%s\"", f->name);

	print_value(g, f->type, v, name, f);
}

void gen_print(struct gen *g, struct type *t)
{
	g->self = t;
	g->var = "in";
	gen_line(g, "void %s_print(struct ndr_print *p, const char *name, %s)",
		 t->name, gen_param(g, t, true, "in"));
	gen_line(g, "{");
	g->indent++;
	gen_open(g, "if (!ndr_print_begin(p, name))");
	gen_line(g, "return;");
	gen_close(g);
	if (t->kind == TYPE_UNION) {
		gen_switch(g, t, "ndr_print_null(p, \"unknown\");",
			   print_member);
	} else {
		for (struct field *f = t->fields; f != NULL; f = f->next) {
			print_member(
				g, f,
				talloc_asprintf(g->unit, "in->%s", f->name));
		}
	}
	gen_line(g, "ndr_print_end(p);");
	gen_close(g);
	gen_blank(g);
}

/* The names of the values of enums and bitmaps. */
void gen_print_names(struct gen *g)
{
	for (struct type *t = g->unit->first_def; t != NULL; t = t->next_def) {
		if (t->imported ||
		    (t->kind != TYPE_ENUM && t->kind != TYPE_BITMAP)) {
			continue;
		}
		gen_line(g, "const struct ndr_name %s_names[] = {", t->name);
		g->indent++;
		for (struct constant *c = t->values; c != NULL; c = c->next) {
			gen_line(g, "{\"%s\", %s},", c->name, c->name);
		}
		gen_line(g, "{NULL, 0},");
		g->indent--;
		gen_line(g, "};");
		gen_blank(g);
	}
}
