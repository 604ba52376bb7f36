/* pidl-gen/gen.c - what all the writers of C share. */
#include "pidl-gen/gen.h"

#include <stdarg.h>
#include <string.h>

static void put(struct gen *g, const char *fmt, va_list ap)
{
	for (int i = 0; i < g->indent; i++) {
		fputc('\t', g->out);
	}
	vfprintf(g->out, fmt, ap);
}

void gen_line(struct gen *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(g, fmt, ap);
	va_end(ap);
	fputc('\n', g->out);
}

void gen_open(struct gen *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(g, fmt, ap);
	va_end(ap);
	fputs(" {\n", g->out);
	g->indent++;
}

void gen_close(struct gen *g)
{
	g->indent--;
	gen_line(g, "}");
}

void gen_blank(struct gen *g)
{
	fputc('\n', g->out);
}

struct type *gen_next_body(struct type *t)
{
	while (t != NULL && (t->imported || (t->kind != TYPE_STRUCT &&
					     t->kind != TYPE_UNION))) {
		t = t->next_def;
	}
	return t;
}

/* --- types in C ------------------------------------------------------- */

const char *gen_c_type(struct gen *g, const struct type *t)
{
	static const char *const widths[] = {[1] = "uint8_t",
					     [2] = "uint16_t",
					     [4] = "uint32_t",
					     [8] = "uint64_t"};

	switch (t->kind) {
	case TYPE_SCALAR:
		return t->scalar->c_name;
	case TYPE_BITMAP:
		return widths[t->width];
	case TYPE_ENUM:
		return talloc_asprintf(g->unit, "enum %s", t->name);
	case TYPE_UNION:
		return talloc_asprintf(g->unit, "union %s", t->name);
	case TYPE_STRING:
		return "const char";
	case TYPE_VOID:
		return "void";
	default:
		return talloc_asprintf(g->unit, "struct %s", t->name);
	}
}

char *gen_declare(struct gen *g, const struct type *t, const char *name)
{
	char *stars = talloc_strdup(g->unit, "");
	char *dims = talloc_strdup(g->unit, "");

	for (;; t = t->target) {
		if (t->kind == TYPE_ARRAY && !t->conformant) {
			dims = talloc_asprintf_append(
				dims, "[%llu]",
				(unsigned long long)t->size->number);
			continue;
		}
		if (t->kind == TYPE_STRING ||
		    (t->kind == TYPE_ARRAY && t->conformant)) {
			stars = talloc_asprintf_append(stars, "*");
		}
		/* What a pointer points to has its star already. */
		if (t->kind == TYPE_POINTER && t->target->kind != TYPE_STRING &&
		    t->target->kind != TYPE_ARRAY) {
			stars = talloc_asprintf_append(stars, "*");
		}
		if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY) {
			break;
		}
	}
	return talloc_asprintf(g->unit, "%s %s%s%s", gen_c_type(g, t), stars,
			       name, dims);
}

char *gen_param(struct gen *g, const struct type *t, bool is_const,
		const char *name)
{
	return talloc_asprintf(g->unit, "%s%s%s *%s",
			       t->kind == TYPE_UNION ? "uint32_t level, " : "",
			       is_const ? "const " : "", gen_c_type(g, t),
			       name);
}

const char *gen_level_arg(const struct type *t)
{
	return t->kind == TYPE_UNION ? "level, " : "";
}

bool gen_is_byte(const struct type *t)
{
	return t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_UNSIGNED &&
	       t->scalar->size == 1;
}

const char *gen_suffix(const struct type *t)
{
	static const char *const widths[] = {
		[1] = "u8", [2] = "u16", [4] = "u32", [8] = "u64"};

	return t->kind == TYPE_SCALAR ? t->scalar->suffix : widths[t->width];
}

/* --- expressions ------------------------------------------------------ */

static char *operand(struct gen *g, const struct expr *e)
{
	if (e->kind == EXPR_NAME && e->field != NULL) {
		return talloc_asprintf(g->unit, "(uint64_t)%s->%s", g->var,
				       e->text);
	}
	return gen_expr(g, e);
}

char *gen_expr(struct gen *g, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_NUMBER:
		return talloc_asprintf(g->unit, "%llu",
				       (unsigned long long)e->number);
	case EXPR_NAME:
		if (e->field != NULL) {
			return talloc_asprintf(g->unit, "%s->%s", g->var,
					       e->text);
		}
		return talloc_strdup(g->unit, e->text);
	case EXPR_DEREF:
		return talloc_asprintf(g->unit, "*%s->%s", g->var, e->a->text);
	case EXPR_UNARY:
		return talloc_asprintf(g->unit, "(%s%s)", e->text,
				       operand(g, e->a));
	case EXPR_BINARY:
		return talloc_asprintf(g->unit, "(%s %s %s)", operand(g, e->a),
				       e->text, operand(g, e->b));
	case EXPR_CHOICE:
		return talloc_asprintf(g->unit, "(%s ? %s : %s)",
				       operand(g, e->a), operand(g, e->b),
				       operand(g, e->c));
	default:
		return talloc_strdup(g->unit, "0");
	}
}

char *gen_address(struct gen *g, const char *v)
{
	if (v[0] == '*') {
		return talloc_strdup(g->unit, v + 1);
	}
	return talloc_asprintf(g->unit, "&%s", v);
}

/* A string's range counts its characters with the terminator, an array's its
 * elements. */
char *gen_range(struct gen *g, const struct field *f, const char *v)
{
	const struct type *t =
		f->type->kind == TYPE_POINTER ? f->type->target : f->type;
	char *bounds = talloc_asprintf(g->unit, "%lld, %lld", (long long)f->low,
				       (long long)f->high);

	if (t->kind == TYPE_ARRAY) {
		v = gen_expr(g, t->size);
	}
	if (t->kind != TYPE_STRING && t->kind != TYPE_ARRAY && t != f->type) {
		return talloc_asprintf(g->unit,
				       "%s == NULL || ndr_in_range(*%s, %s)", v,
				       v, bounds);
	}
	if (t->kind != TYPE_STRING) {
		return talloc_asprintf(g->unit, "ndr_in_range(%s, %s)", v,
				       bounds);
	}
	return talloc_asprintf(g->unit,
			       "%s == NULL || ndr_in_range(ndr_text%s(%s), %s)",
			       v, t->utf16 ? "16" : "8", v, bounds);
}

/* --- statements ------------------------------------------------------- */

char *gen_loop(struct gen *g, const char *v, const char *count,
	       const char *also)
{
	int i = g->loops++;

	gen_open(g, "for (size_t i%d = 0; i%d < %s%s%s; i%d++)", i, i, count,
		 also == NULL ? "" : " && ", also == NULL ? "" : also, i);
	return talloc_asprintf(g->unit, "%s[i%d]", v, i);
}

void gen_loop_end(struct gen *g)
{
	g->loops--;
	gen_close(g);
}

void gen_switch(struct gen *g, const struct type *t, const char *fail,
		void (*arm)(struct gen *g, const struct field *f,
			    const char *v))
{
	bool has_default = false;

	gen_line(g, "switch (level) {");
	for (const struct field *f = t->fields; f != NULL; f = f->next) {
		for (const struct expr *e = f->cases; e != NULL; e = e->next) {
			if (e->kind == EXPR_EMPTY) {
				gen_line(g, "default:");
				has_default = true;
			} else {
				gen_line(g, "case %s:", gen_expr(g, e));
			}
		}
		if (f->is_default) {
			gen_line(g, "default:");
			has_default = true;
		}
		g->indent++;
		if (f->name != NULL) {
			arm(g, f,
			    talloc_asprintf(g->unit, "%s->%s", g->var,
					    f->name));
		}
		gen_line(g, "break;");
		g->indent--;
	}
	if (!has_default) {
		gen_line(g, "default:");
		g->indent++;
		gen_line(g, "%s", fail);
		gen_line(g, "break;");
		g->indent--;
	}
	gen_line(g, "}");
}
