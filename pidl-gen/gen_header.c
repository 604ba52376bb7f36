/* pidl-gen/gen_header.c - writes the header and the functions that others
 * call: T_push, T_push_buf, T_pull, T_size. */
#include "pidl-gen/gen.h"

#include <ctype.h>
#include <string.h>

static char *guard_of(struct gen *g, const char *include)
{
	char *guard = talloc_strdup(g->unit, include);

	for (char *c = guard; *c != '\0'; c++) {
		*c = isalnum((unsigned char)*c)
			     ? (char)toupper((unsigned char)*c)
			     : '_';
	}
	return guard;
}

/* "token.idl" beside "idl/open_gen.h" is "idl/token_gen.h". */
static char *import_header(struct gen *g, const char *name, const char *suffix)
{
	const char *slash = strrchr(g->include, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash - g->include) + 1;
	size_t base = strlen(name);

	if (base > 4 && strcmp(name + base - 4, ".idl") == 0) {
		base -= 4;
	}
	return talloc_asprintf(g->unit, "%.*s%.*s_gen%s", (int)folder,
			       g->include, (int)base, name, suffix);
}

void gen_gather_imports(struct gen *g, const char *suffix)
{
	for (struct import *i = g->unit->imports; i != NULL; i = i->next) {
		gen_line(g, "#include \"%s\"",
			 import_header(g, i->name, suffix));
	}
}

static void header_consts(struct gen *g)
{
	bool any = false;

	for (struct named_const *c = g->unit->consts; c != NULL; c = c->next) {
		if (c->imported) {
			continue;
		}
		any = true;
		if (c->value->kind == EXPR_STRING) {
			gen_line(g, "#define %s \"%s\"", c->name,
				 c->value->text);
		} else {
			gen_line(g, "#define %s %s", c->name,
				 gen_expr(g, c->value));
		}
	}
	if (any) {
		gen_blank(g);
	}
}

static void header_enum(struct gen *g, const struct type *t)
{
	gen_open(g, "enum %s", t->name);
	for (struct constant *c = t->values; c != NULL; c = c->next) {
		if (c->number > INT32_MAX) {
			gen_line(g, "%s = (int)0x%llx,", c->name,
				 (unsigned long long)c->number);
		} else {
			gen_line(g, "%s = %llu,", c->name,
				 (unsigned long long)c->number);
		}
	}
	g->indent--;
	gen_line(g, "};");
}

static void header_bitmap(struct gen *g, const struct type *t)
{
	gen_line(g, "/* %s: %s */", t->name, gen_c_type(g, t));
	for (struct constant *c = t->values; c != NULL; c = c->next) {
		gen_line(g, "#define %s 0x%llx%s", c->name,
			 (unsigned long long)c->number,
			 t->width == 8 ? "ULL" : "U");
	}
}

static void header_body(struct gen *g, const struct type *t)
{
	bool any = false;

	gen_open(g, "%s %s", t->kind == TYPE_UNION ? "union" : "struct",
		 t->name);
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		if (f->name != NULL) {
			gen_line(g, "%s;", gen_declare(g, f->type, f->name));
			any = true;
		}
	}
	if (!any) {
		gen_line(g, "uint8_t nothing;");
	}
	g->indent--;
	gen_line(g, "};");
}

static void header_top(struct gen *g, const struct type *t)
{
	const char *name = t->name;

	if (t->kind == TYPE_STRUCT && t->plain && t->fixed) {
		gen_line(g, "#define %s_FIXED_SIZE %zu", name, t->min_size);
	}
	gen_line(g,
		 "MUST_CHECK NTSTATUS %s_push(TALLOC_CTX *mem_ctx, %s, "
		 "struct blob *out);",
		 name, gen_param(g, t, true, "in"));
	gen_line(g,
		 "MUST_CHECK NTSTATUS %s_push_buf(%s, uint8_t *buf, "
		 "size_t size, size_t *out_len);",
		 name, gen_param(g, t, true, "in"));
	gen_line(g,
		 "MUST_CHECK NTSTATUS %s_pull(TALLOC_CTX *mem_ctx, "
		 "struct blob in, %s);",
		 name, gen_param(g, t, false, "out"));
	gen_line(g, "size_t %s_size(%s);", name, gen_param(g, t, true, "in"));
	gen_line(g, "void %s_print(struct ndr_print *p, const char *name, %s);",
		 name, gen_param(g, t, true, "in"));
}

static void header_phase(struct gen *g, const struct type *t, const char *phase,
			 bool conf)
{
	gen_line(g, "void ndr_push_%s%s(struct ndr_push *p, %s);", t->name,
		 phase, gen_param(g, t, true, "in"));
	gen_line(g, "void ndr_pull_%s%s(struct ndr_pull *p, %s%s);", t->name,
		 phase, conf ? "uint32_t conf, " : "",
		 gen_param(g, t, false, "out"));
}

static void header_phases(struct gen *g, const struct type *t)
{
	header_phase(g, t, "", false);
	if (t->plain && t->kind == TYPE_STRUCT && gen_is_storable(t)) {
		gen_line(g,
			 "void ndr_store_%s(struct ndr_push *p, uint8_t *b, "
			 "const struct %s *in);",
			 t->name, t->name);
		gen_line(g,
			 "void ndr_load_%s(struct ndr_pull *p, "
			 "const uint8_t *b, struct %s *out);",
			 t->name, t->name);
	}
	if (t->plain) {
		return;
	}
	if (t->has_conf) {
		gen_line(g, "void ndr_push_%s_conf(struct ndr_push *p, %s);",
			 t->name, gen_param(g, t, true, "in"));
	}
	header_phase(g, t, "_scalars", t->has_conf);
	if (t->deferred) {
		header_phase(g, t, "_deferred", false);
	}
}

static void header_types(struct gen *g)
{
	for (struct type *t = g->unit->first_def; t != NULL; t = t->next_def) {
		if (t->imported) {
			continue;
		}
		if (t->kind == TYPE_ENUM) {
			header_enum(g, t);
		} else if (t->kind == TYPE_BITMAP) {
			header_bitmap(g, t);
		} else {
			header_body(g, t);
		}
		if (t->kind == TYPE_ENUM || t->kind == TYPE_BITMAP) {
			gen_line(g, "extern const struct ndr_name %s_names[];",
				 t->name);
		}
		gen_blank(g);
	}
}

void gen_header(struct gen *g)
{
	char *guard = guard_of(g, g->include);

	gen_line(g, "#ifndef %s", guard);
	gen_line(g, "#define %s", guard);
	gen_blank(g);
	gen_line(g, "#include \"idl/ndr.h\"");
	gen_line(g, "#include \"idl/ndr_print.h\"");
	gen_gather_imports(g, ".h");
	gen_blank(g);
	header_consts(g);
	header_types(g);
	for (struct type *t = gen_next_body(g->unit->first_def); t != NULL;
	     t = gen_next_body(t->next_def)) {
		header_top(g, t);
		header_phases(g, t);
		gen_blank(g);
	}
	gen_ifaces(g);
	gen_line(g, "#endif");
}

/* --- the functions that others call ----------------------------------- */

static void top_push(struct gen *g, const struct type *t)
{
	const char *level = gen_level_arg(t);

	gen_line(g,
		 "NTSTATUS %s_push(TALLOC_CTX *mem_ctx, %s, struct blob *out)",
		 t->name, gen_param(g, t, true, "in"));
	gen_line(g, "{");
	g->indent++;
	gen_line(g, "size_t size = %s_size(%sin);", t->name, level);
	gen_line(g, "struct ndr_push p = ndr_put_alloc(mem_ctx, size);");
	gen_blank(g);
	gen_line(g, "ndr_push_%s(&p, %sin);", t->name, level);
	gen_line(g, "return ndr_put_finish(&p, out);");
	gen_close(g);
	gen_blank(g);
}

static void top_push_buf(struct gen *g, const struct type *t)
{
	gen_line(g,
		 "NTSTATUS %s_push_buf(%s, uint8_t *buf, size_t size, "
		 "size_t *out_len)",
		 t->name, gen_param(g, t, true, "in"));
	gen_line(g, "{");
	g->indent++;
	gen_line(g, "struct ndr_push p = ndr_put_fixed(buf, size);");
	gen_blank(g);
	gen_line(g, "ndr_push_%s(&p, %sin);", t->name, gen_level_arg(t));
	gen_line(g, "return ndr_put_finish_buf(&p, out_len);");
	gen_close(g);
	gen_blank(g);
}

static void top_pull(struct gen *g, const struct type *t)
{
	gen_line(g, "NTSTATUS %s_pull(TALLOC_CTX *mem_ctx, struct blob in, %s)",
		 t->name, gen_param(g, t, false, "out"));
	gen_line(g, "{");
	g->indent++;
	gen_line(g, "struct ndr_pull p = ndr_get_start(mem_ctx, in);");
	gen_line(g, "%s value;", gen_c_type(g, t));
	gen_line(g, "NTSTATUS status;");
	gen_blank(g);
	gen_line(g, "memset(&value, 0, sizeof(value));");
	gen_line(g, "ndr_pull_%s(&p, %s&value);", t->name, gen_level_arg(t));
	gen_line(g, "status = ndr_get_finish(&p);");
	gen_open(g, "if (NT_STATUS_IS_OK(status))");
	gen_line(g, "*out = value;");
	gen_close(g);
	gen_line(g, "return status;");
	gen_close(g);
	gen_blank(g);
}

static void top_size(struct gen *g, const struct type *t)
{
	gen_line(g, "size_t %s_size(%s)", t->name, gen_param(g, t, true, "in"));
	gen_line(g, "{");
	g->indent++;
	if (t->kind == TYPE_STRUCT && t->plain && t->fixed) {
		gen_line(g, "return %s_FIXED_SIZE;", t->name);
	} else {
		gen_line(g, "struct ndr_push p = ndr_put_measure();");
		gen_blank(g);
		gen_line(g, "ndr_push_%s(&p, %sin);", t->name,
			 gen_level_arg(t));
		gen_line(g, "return ndr_put_measured(&p);");
	}
	gen_close(g);
	gen_blank(g);
}

void gen_top(struct gen *g, struct type *t)
{
	top_push(g, t);
	top_push_buf(g, t);
	top_pull(g, t);
	top_size(g, t);
}
