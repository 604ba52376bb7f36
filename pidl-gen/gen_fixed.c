/* pidl-gen/gen_fixed.c - plain members of fixed size, one after the other, are
 * a run: room for all of them is made, or looked for, at once, and each has its
 * place in it.  A plain struct that is one run has ndr_store_T and ndr_load_T,
 * which others use for their runs. */
#include "pidl-gen/gen.h"

bool gen_is_storable(const struct type *t)
{
	switch (t->kind) {
	case TYPE_SCALAR:
		return t->scalar->fixed && t->scalar->kind != SCALAR_FLOAT;
	case TYPE_ENUM:
	case TYPE_BITMAP:
		return true;
	case TYPE_ARRAY:
		return !t->conformant && gen_is_storable(t->target);
	case TYPE_STRUCT:
		if (!t->plain || !t->fixed) {
			return false;
		}
		for (struct field *f = t->fields; f != NULL; f = f->next) {
			if (!gen_is_storable(f->type)) {
				return false;
			}
		}
		return true;
	default:
		return false;
	}
}

const struct field *gen_run_end(const struct field *f, size_t *size)
{
	*size = 0;
	while (f != NULL && gen_is_storable(f->type)) {
		*size += type_layout(f->owner, f->type).min_size;
		f = f->next;
	}
	return f;
}

bool gen_has_run(const struct type *t)
{
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		if (f->next != NULL && gen_is_storable(f->type) &&
		    gen_is_storable(f->next->type)) {
			return true;
		}
	}
	return false;
}

/* "b + 12", "b + 4 + i0 * 8". */
static char *place(struct gen *g, const char *base, size_t offset)
{
	return offset == 0 ? talloc_strdup(g->unit, base)
			   : talloc_asprintf(g->unit, "%s + %zu", base, offset);
}

static char *element_place(struct gen *g, const char *base, size_t size)
{
	return size == 1 ? talloc_asprintf(g->unit, "%s + i%d", base,
					   g->loops - 1)
			 : talloc_asprintf(g->unit, "%s + i%d * %zu", base,
					   g->loops - 1, size);
}

/* --- store ------------------------------------------------------------ */

static void store_value(struct gen *g, const struct type *t, const char *v,
			const char *at)
{
	size_t size = type_layout(g->self, t).min_size;
	const char *cast = "";

	if (t->kind == TYPE_STRUCT) {
		gen_line(g, "ndr_store_%s(p, %s, %s);", t->name, at,
			 gen_address(g, v));
		return;
	}
	if (t->kind == TYPE_ARRAY && gen_is_byte(t->target)) {
		gen_line(g, "memcpy(%s, %s, %zu);", at, v, size);
		return;
	}
	if (t->kind == TYPE_ARRAY) {
		v = gen_loop(g, v, gen_expr(g, t->size), NULL);
		store_value(
			g, t->target, v,
			element_place(g, at, size / (size_t)t->size->number));
		gen_loop_end(g);
		return;
	}
	if (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_GUID) {
		gen_line(g, "memcpy(%s, (%s).bytes, 16);", at, v);
		return;
	}
	if (t->kind == TYPE_ENUM && t->width < 4) {
		gen_line(g, "ndr_put_check(p, (uint32_t)%s <= 0x%x);", v,
			 t->width == 1 ? 0xff : 0xffff);
	}
	if (t->kind == TYPE_ENUM ||
	    (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_SIGNED)) {
		cast = talloc_asprintf(g->unit, "(uint%zu_t)", 8 * size);
	}
	gen_line(g, "ndr_store_u%zu(%s, %s%s);", 8 * size, at, cast, v);
}

void gen_store_run(struct gen *g, const struct field *f,
		   const struct field *end)
{
	size_t offset = 0;

	for (; f != end; f = f->next) {
		char *v = talloc_asprintf(g->unit, "%s->%s", g->var, f->name);

		if (f->has_range) {
			gen_line(g, "ndr_put_check(p, %s);",
				 gen_range(g, f, v));
		}
		store_value(g, f->type, v, place(g, "b", offset));
		offset += type_layout(g->self, f->type).min_size;
	}
}

/* --- load ------------------------------------------------------------- */

static void load_scalar(struct gen *g, const struct type *t, const char *v,
			const char *at)
{
	size_t size = type_layout(g->self, t).min_size;
	const char *cast = "";

	if (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_GUID) {
		gen_line(g, "memcpy((%s).bytes, %s, 16);", v, at);
		return;
	}
	if (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_BOOL) {
		gen_line(g, "ndr_get_check(p, *(%s) <= 1);", at);
		gen_line(g, "%s = *(%s) == 1;", v, at);
		return;
	}
	if (t->kind == TYPE_ENUM ||
	    (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_SIGNED)) {
		cast = talloc_asprintf(g->unit, "(%s)", gen_c_type(g, t));
	}
	gen_line(g, "%s = %sndr_load_u%zu(%s);", v, cast, 8 * size, at);
}

static void load_value(struct gen *g, const struct type *t, const char *v,
		       const char *at)
{
	size_t size = type_layout(g->self, t).min_size;

	if (t->kind == TYPE_STRUCT) {
		gen_line(g, "ndr_load_%s(p, %s, %s);", t->name, at,
			 gen_address(g, v));
		return;
	}
	if (t->kind == TYPE_ARRAY && gen_is_byte(t->target)) {
		gen_line(g, "memcpy(%s, %s, %zu);", v, at, size);
		return;
	}
	if (t->kind == TYPE_ARRAY) {
		v = gen_loop(g, v, gen_expr(g, t->size), NULL);
		load_value(
			g, t->target, v,
			element_place(g, at, size / (size_t)t->size->number));
		gen_loop_end(g);
		return;
	}
	load_scalar(g, t, v, at);
}

void gen_load_run(struct gen *g, const struct field *f, const struct field *end)
{
	size_t offset = 0;

	for (; f != end; f = f->next) {
		char *v = talloc_asprintf(g->unit, "%s->%s", g->var, f->name);

		load_value(g, f->type, v, place(g, "b", offset));
		offset += type_layout(g->self, f->type).min_size;
		if (f->has_range) {
			gen_line(g, "ndr_get_check(p, %s);",
				 gen_range(g, f, v));
		}
	}
}

/* --- functions -------------------------------------------------------- */

void gen_store_load(struct gen *g, const struct type *t)
{
	g->self = t;
	g->var = "in";
	gen_line(g,
		 "void ndr_store_%s(struct ndr_push *p, uint8_t *b, "
		 "const struct %s *in)",
		 t->name, t->name);
	gen_line(g, "{");
	g->indent++;
	gen_store_run(g, t->fields, NULL);
	gen_close(g);
	gen_blank(g);
	g->var = "out";
	gen_line(g,
		 "void ndr_load_%s(struct ndr_pull *p, const uint8_t *b, "
		 "struct %s *out)",
		 t->name, t->name);
	gen_line(g, "{");
	g->indent++;
	gen_load_run(g, t->fields, NULL);
	gen_close(g);
	gen_blank(g);
}
