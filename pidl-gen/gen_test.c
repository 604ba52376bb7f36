/* pidl-gen/gen_test.c - writes T_random() and the table of all types of a
 * file, for tests that hold for every type (idl/tests/ndr_random.h).
 *
 * A random value is a valid one: counts are small and agree with their ranges,
 * discriminants have an arm. */
#include "pidl-gen/gen.h"

#include <string.h>

static void random_value(struct gen *g, const struct type *t, const char *v,
			 const struct field *f);

/* --- numbers that others depend on ------------------------------------ */

static bool mentions(const struct expr *e, const struct field *f)
{
	if (e == NULL) {
		return false;
	}
	return e->field == f || mentions(e->a, f) || mentions(e->b, f) ||
	       mentions(e->c, f);
}

enum use {
	USE_NONE,
	USE_COUNT,
	USE_FORMULA,
	USE_LENGTH
};

/* How the counts in type t use the member f. */
static enum use use_in(const struct type *t, const struct field *f)
{
	for (; t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY;
	     t = t->target) {
		if (t->kind != TYPE_ARRAY) {
			continue;
		}
		if (mentions(t->length, f)) {
			return USE_LENGTH;
		}
		if (mentions(t->size, f)) {
			return t->size->kind == EXPR_NAME && t->length == NULL
				       ? USE_COUNT
				       : USE_FORMULA;
		}
	}
	return USE_NONE;
}

/* The union whose discriminant f is. */
static const struct type *switched(const struct field *f)
{
	for (struct field *g = f->owner->fields; g != NULL; g = g->next) {
		const struct type *t = g->type;

		while (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) {
			t = t->target;
		}
		if (t->kind == TYPE_UNION && g->switch_is != NULL &&
		    g->switch_is->field == f) {
			return t;
		}
	}
	return NULL;
}

static void random_level(struct gen *g, const struct type *u, const char *v)
{
	int count = 0;

	gen_line(g, "{");
	g->indent++;
	gen_open(g, "static const uint32_t levels[] =");
	for (const struct field *f = u->fields; f != NULL; f = f->next) {
		for (struct expr *e = f->cases; e != NULL; e = e->next) {
			if (e->kind != EXPR_EMPTY) {
				gen_line(g, "(uint32_t)%s,", gen_expr(g, e));
				count++;
			}
		}
		if (f->is_default) {
			gen_line(g, "0x7e,");
			count++;
		}
	}
	g->indent--;
	gen_line(g, "};");
	gen_blank(g);
	gen_line(g, "%s = levels[ndr_random_below(r, %d)];", v, count);
	gen_close(g);
}

/* The bounds of a number: its range's, or those of its use. */
static void random_number(struct gen *g, const struct field *f, const char *v)
{
	enum use use = USE_NONE;
	long long low = 0, span = 7;

	for (struct field *x = f->owner->fields; x != NULL; x = x->next) {
		if (x->name != NULL && use == USE_NONE) {
			use = use_in(x->type, f);
		}
	}
	if (use == USE_NONE && !f->has_range) {
		random_value(g, f->type, v, f);
		return;
	}
	if (use == USE_FORMULA) {
		low = 4;
	} else if (use == USE_LENGTH) {
		span = 4;
	}
	if (f->has_range && low < f->low) {
		low = f->low;
	}
	if (f->has_range && f->high - low < span - 1) {
		span = f->high - low + 1;
	}
	gen_line(g, "%s = %lld + (int64_t)ndr_random_below(r, %lld);", v, low,
		 span);
}

static bool is_number(const struct type *t)
{
	return t->kind == TYPE_ENUM || t->kind == TYPE_BITMAP ||
	       (t->kind == TYPE_SCALAR && t->scalar->kind <= SCALAR_BOOL);
}

/* --- values ----------------------------------------------------------- */

static void random_scalar(struct gen *g, const struct type *t, const char *v)
{
	switch (t->scalar->kind) {
	case SCALAR_BOOL:
		gen_line(g, "%s = ndr_random_below(r, 2) == 1;", v);
		return;
	case SCALAR_FLOAT:
		gen_line(g, "%s = (%s)ndr_random_below(r, 1000) / 8;", v,
			 t->scalar->c_name);
		return;
	case SCALAR_GUID:
	case SCALAR_SID:
	case SCALAR_BLOB:
		gen_line(g, "ndr_random_%s(r, %s);", t->scalar->suffix,
			 gen_address(g, v));
		return;
	default:
		gen_line(g, "%s = (%s)ndr_random_u64(r);", v,
			 t->scalar->c_name);
		return;
	}
}

static void random_enum(struct gen *g, const struct type *t, const char *v)
{
	int count = 0;

	for (struct constant *c = t->values; c != NULL; c = c->next) {
		count++;
	}
	gen_line(g, "%s = (enum %s)%s_names[ndr_random_below(r, %d)].value;", v,
		 t->name, t->name, count);
}

static void random_array(struct gen *g, const struct type *t, const char *v,
			 const struct field *f)
{
	const struct expr *e = t->length != NULL ? t->length : t->size;
	char *count = gen_expr(g, e);

	if (t->conformant) {
		gen_line(g, "%s = ndr_random_array(r, %s, sizeof(*%s));", v,
			 count, v);
	}
	v = gen_loop(g, v, count, NULL);
	random_value(g, t->target, v, f);
	gen_loop_end(g);
}

static void random_pointer(struct gen *g, const struct type *t, const char *v,
			   const struct field *f)
{
	bool ref = pointer_kind(g->self, t) == POINTER_REF;
	bool whole =
		t->target->kind != TYPE_ARRAY && t->target->kind != TYPE_STRING;
	char *target = talloc_asprintf(g->unit, whole ? "*%s" : "%s", v);

	if (!ref) {
		gen_open(g, "if (ndr_random_deeper(r))");
	}
	if (whole) {
		gen_line(g, "%s = ndr_random_array(r, 1, sizeof(*%s));", v, v);
	}
	random_value(g, t->target, target, f);
	if (!ref) {
		gen_line(g, "r->depth--;");
		g->indent--;
		gen_open(g, "} else");
		gen_line(g, "%s = NULL;", v);
		gen_close(g);
	}
}

static void random_value(struct gen *g, const struct type *t, const char *v,
			 const struct field *f)
{
	switch (t->kind) {
	case TYPE_SCALAR:
		random_scalar(g, t, v);
		return;
	case TYPE_ENUM:
		random_enum(g, t, v);
		return;
	case TYPE_BITMAP:
		gen_line(g, "%s = (%s)ndr_random_u64(r);", v, gen_c_type(g, t));
		return;
	case TYPE_ARRAY:
		random_array(g, t, v, f);
		return;
	case TYPE_POINTER:
		random_pointer(g, t, v, f);
		return;
	case TYPE_STRING:
		gen_line(g, "%s = ndr_random_text(r, %llu);", v,
			 t->size != NULL && t->size->kind == EXPR_NUMBER
				 ? (unsigned long long)t->size->number
				 : 10ULL);
		return;
	case TYPE_UNION:
		gen_line(g, "%s_random(r, (uint32_t)%s, %s);", t->name,
			 gen_expr(g, f->switch_is), gen_address(g, v));
		return;
	case TYPE_STRUCT:
		gen_line(g, "%s_random(r, %s);", t->name, gen_address(g, v));
		return;
	default:
		return;
	}
}

/* --- functions -------------------------------------------------------- */

static void random_arm(struct gen *g, const struct field *f, const char *v)
{
	random_value(g, f->type, v, f);
}

/* A pointer to a number that has a range. */
static void random_target(struct gen *g, const struct field *f, const char *v)
{
	if (!f->has_range || f->type->kind != TYPE_POINTER ||
	    !is_number(f->type->target)) {
		return;
	}
	gen_open(g, "if (%s != NULL)", v);
	gen_line(g, "*%s = %lld;", v, (long long)f->high);
	gen_close(g);
}

static void random_members(struct gen *g, const struct type *t, bool numbers)
{
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		char *v = talloc_asprintf(g->unit, "out->%s", f->name);

		if (is_number(f->type) != numbers) {
			continue;
		}
		if (!numbers) {
			random_value(g, f->type, v, f);
			random_target(g, f, v);
		} else if (switched(f) != NULL) {
			random_level(g, switched(f), v);
		} else {
			random_number(g, f, v);
		}
	}
}

static void random_function(struct gen *g, const struct type *t)
{
	g->self = t;
	g->var = "out";
	gen_line(g, "void %s_random(struct ndr_random *r, %s)", t->name,
		 gen_param(g, t, false, "out"));
	gen_line(g, "{");
	g->indent++;
	gen_line(g, "memset(out, 0, sizeof(*out));");
	if (t->kind == TYPE_UNION) {
		gen_switch(g, t, "abort();", random_arm);
	} else {
		random_members(g, t, true);
		random_members(g, t, false);
	}
	gen_close(g);
	gen_blank(g);
}

/* The functions of one type behind void pointers. */
static void table_wrappers(struct gen *g, const struct type *t)
{
	const char *n = t->name;

	gen_line(g, "static void any_random_%s(struct ndr_random *r, void *v)",
		 n);
	gen_line(g, "{\n\t%s_random(r, v);\n}\n", n);
	gen_line(g,
		 "static NTSTATUS any_push_%s(TALLOC_CTX *mem_ctx, "
		 "const void *v, struct blob *out)",
		 n);
	gen_line(g, "{\n\treturn %s_push(mem_ctx, v, out);\n}\n", n);
	gen_line(g,
		 "static NTSTATUS any_push_buf_%s(const void *v, "
		 "uint8_t *buf, size_t size, size_t *out_len)",
		 n);
	gen_line(g, "{\n\treturn %s_push_buf(v, buf, size, out_len);\n}\n", n);
	gen_line(g,
		 "static NTSTATUS any_pull_%s(TALLOC_CTX *mem_ctx, "
		 "struct blob in, void *out)",
		 n);
	gen_line(g, "{\n\treturn %s_pull(mem_ctx, in, out);\n}\n", n);
	gen_line(g, "static size_t any_size_%s(const void *v)", n);
	gen_line(g, "{\n\treturn %s_size(v);\n}\n", n);
	gen_line(g,
		 "static void any_print_%s(struct ndr_print *p, "
		 "const char *name, const void *v)",
		 n);
	gen_line(g, "{\n\t%s_print(p, name, v);\n}\n", n);
}

static char *file_prefix(struct gen *g)
{
	const char *slash = strrchr(g->include, '/');
	char *name =
		talloc_strdup(g->unit, slash == NULL ? g->include : slash + 1);
	char *end = strstr(name, "_gen.h");

	if (end != NULL) {
		*end = '\0';
	}
	return name;
}

static struct type *next_struct(struct type *t)
{
	t = gen_next_body(t);
	while (t != NULL && t->kind != TYPE_STRUCT) {
		t = gen_next_body(t->next_def);
	}
	return t;
}

static void table(struct gen *g)
{
	struct type *t;

	for (t = next_struct(g->unit->first_def); t != NULL;
	     t = next_struct(t->next_def)) {
		table_wrappers(g, t);
	}
	gen_line(g, "const struct ndr_test_type %s_test_types[] = {",
		 file_prefix(g));
	g->indent++;
	for (t = next_struct(g->unit->first_def); t != NULL;
	     t = next_struct(t->next_def)) {
		gen_line(g,
			 "{\"%s\", sizeof(struct %s), any_random_%s, "
			 "any_push_%s, any_push_buf_%s, any_pull_%s, "
			 "any_size_%s, any_print_%s},",
			 t->name, t->name, t->name, t->name, t->name, t->name,
			 t->name, t->name);
	}
	gen_line(g, "{0},");
	g->indent--;
	gen_line(g, "};");
}

void gen_test_header(struct gen *g)
{
	gen_line(g, "#include \"%s\"", g->include);
	gen_line(g, "#include \"idl/tests/ndr_random.h\"");
	gen_gather_imports(g, "_test.h");
	gen_blank(g);
	for (struct type *t = gen_next_body(g->unit->first_def); t != NULL;
	     t = gen_next_body(t->next_def)) {
		gen_line(g, "void %s_random(struct ndr_random *r, %s);",
			 t->name, gen_param(g, t, false, "out"));
	}
	gen_line(g, "extern const struct ndr_test_type %s_test_types[];",
		 file_prefix(g));
}

void gen_test(struct gen *g)
{
	gen_line(g, "#include \"%.*s_test.h\"", (int)strlen(g->include) - 2,
		 g->include);
	gen_blank(g);
	gen_line(g, "#include <stdlib.h>");
	gen_line(g, "#include <string.h>");
	gen_blank(g);
	for (struct type *t = gen_next_body(g->unit->first_def); t != NULL;
	     t = gen_next_body(t->next_def)) {
		random_function(g, t);
	}
	table(g);
}
