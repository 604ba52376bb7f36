/* pidl-gen/gen_pull.c - writes the functions that unpack.
 *
 * They run on to the end whatever comes: once a pull has failed there is
 * nothing left to read, so every value is zero and every count too.  Loops
 * look, so that no time is spent on it.  An NDR type that holds a conformant
 * array gets the count that stood before it as conf. */
#include "pidl-gen/gen.h"

static void pull_value(struct gen *g, const struct type *t, const char *v,
		       const struct field *f);
static void pull_deferred(struct gen *g, const struct type *t, const char *v,
			  const struct field *f);

static void pull_align(struct gen *g, const struct type *t)
{
	struct layout l = type_layout(g->self, t);

	if (l.align > 1) {
		gen_line(g, "ndr_get_align(p, %u);", l.align);
	}
}

static void pull_body_call(struct gen *g, const struct type *t, const char *v,
			   const struct field *f, const char *phase)
{
	char *level = talloc_strdup(g->unit, "");

	if (t->kind == TYPE_UNION && f->switch_is != NULL) {
		level = talloc_asprintf(g->unit, "(uint32_t)%s, ",
					gen_expr(g, f->switch_is));
	}
	gen_line(g, "ndr_pull_%s%s(p, %s%s%s);", t->name, phase, level,
		 t->has_conf && phase[0] == '_' && phase[1] == 's' ? "conf, "
								   : "",
		 gen_address(g, v));
}

/* --- arrays ----------------------------------------------------------- */

static void pull_elements(struct gen *g, const struct type *t, const char *v,
			  const char *count, const struct field *f)
{
	if (gen_is_byte(t->target)) {
		gen_line(g, "ndr_get_bytes(p, %s, %s);", v, count);
		return;
	}
	v = gen_loop(g, v, count, "ndr_get_ok(p)");
	pull_value(g, t->target, v, f);
	gen_loop_end(g);
}

/* Room for n elements, once it is known that their bytes can be there.  Behind
 * a pointer an empty array is not NULL. */
static void pull_room(struct gen *g, const struct type *t, const char *v,
		      const char *count, const struct field *f)
{
	size_t min = type_layout(g->self, t->target).min_size;
	bool pointer = f->type->kind == TYPE_POINTER &&
		       (!g->self->plain ||
			pointer_kind(g->self, f->type) != POINTER_REF);

	gen_line(g, "%s = ndr_get_%sarray(p, %s, %zu, sizeof(*%s));", v,
		 pointer ? "pointed_" : "", count, min == 0 ? (size_t)1 : min,
		 v);
}

static void pull_counted(struct gen *g, const struct type *t, const char *v,
			 const char *size, const struct field *f)
{
	char *count = talloc_asprintf(g->unit, "n%d", g->loops);

	gen_line(g, "{");
	g->indent++;
	gen_line(g, "uint64_t %s = %s;", count, size);
	gen_blank(g);
	if (t->length != NULL) {
		gen_line(g, "%s = ndr_get_varying(p, %s, %s);", count, count,
			 gen_expr(g, t->length));
	}
	if (t->conformant) {
		pull_room(g, t, v, count, f);
	}
	pull_elements(g, t, v, count, f);
	gen_close(g);
}

static void pull_array(struct gen *g, const struct type *t, const char *v,
		       const struct field *f)
{
	if (!t->conformant && t->length == NULL) {
		pull_elements(g, t, v, gen_expr(g, t->size), f);
		return;
	}
	if (!g->self->plain && t->conformant) {
		/* What stood first must be what the members say. */
		gen_line(g, "ndr_get_check(p, conf == %s);",
			 gen_expr(g, t->size));
		pull_counted(g, t, v, "conf", f);
		return;
	}
	pull_counted(g, t, v, gen_expr(g, t->size), f);
}

/* --- pointers --------------------------------------------------------- */

/* The C value that stands for what the pointer v points to. */
static char *target_of(struct gen *g, const struct type *t, const char *v)
{
	if (t->target->kind == TYPE_ARRAY || t->target->kind == TYPE_STRING) {
		return talloc_strdup(g->unit, v);
	}
	gen_line(g, "%s = ndr_get_new(p, sizeof(*%s));", v, v);
	return talloc_asprintf(g->unit, "*%s", v);
}

static bool needs_room(const struct type *t)
{
	return t->target->kind != TYPE_ARRAY && t->target->kind != TYPE_STRING;
}

static void pull_plain_pointer(struct gen *g, const struct type *t,
			       const char *v, const struct field *f)
{
	bool unique = pointer_kind(g->self, t) == POINTER_UNIQUE;
	char *target;

	if (unique) {
		gen_open(g, "if (ndr_get_bool(p))");
	}
	target = target_of(g, t, v);
	if (needs_room(t)) {
		gen_open(g, "if (%s != NULL)", v);
	}
	pull_value(g, t->target, target, f);
	if (needs_room(t)) {
		gen_close(g);
	}
	if (unique) {
		gen_close(g);
	}
}

/* In NDR the referent's id stays in the pointer until its turn comes. */
static void pull_pointer(struct gen *g, const struct type *t, const char *v,
			 const struct field *f)
{
	if (g->self->plain) {
		pull_plain_pointer(g, t, v, f);
		return;
	}
	gen_line(g, "ndr_get_align(p, 4);");
	gen_line(g, "%s = ndr_get_referent(p);", v);
	if (pointer_kind(g->self, t) == POINTER_REF) {
		gen_line(g, "ndr_get_check(p, %s != NULL);", v);
	}
}

/* A whole of its own. */
static void pull_target(struct gen *g, const struct type *t, const char *v,
			const struct field *f)
{
	if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION) {
		pull_body_call(g, t, v, f, "");
		return;
	}
	if (t->kind == TYPE_ARRAY && t->conformant) {
		gen_line(g, "uint32_t conf = ndr_get_conf(p);");
		gen_blank(g);
	}
	pull_value(g, t, v, f);
	pull_deferred(g, t, v, f);
}

static void pull_pointer_deferred(struct gen *g, const struct type *t,
				  const char *v, const struct field *f)
{
	bool full = pointer_kind(g->self, t) == POINTER_FULL;
	char *target;

	if (full) {
		gen_line(g, "{");
		g->indent++;
		gen_line(g, "uint32_t id%d = ndr_get_id(%s);", g->indent, v);
		gen_blank(g);
		gen_open(g, "if (!ndr_get_known(p, id%d, \"%s\", &%s))",
			 g->indent, gen_declare(g, t, ""), v);
	} else {
		gen_open(g, "if (%s != NULL)", v);
	}
	if (t->target->kind == TYPE_ARRAY && t->target->conformant) {
		pull_target(g, t->target, v, f);
	} else {
		target = target_of(g, t, v);
		if (needs_room(t)) {
			gen_open(g, "if (%s != NULL)", v);
		}
		pull_target(g, t->target, target, f);
		if (needs_room(t)) {
			gen_close(g);
		}
	}
	if (full) {
		gen_line(g, "ndr_get_learn(p, id%d, \"%s\", %s);",
			 g->indent - 1, gen_declare(g, t, ""), v);
		gen_close(g);
	}
	gen_close(g);
}

static void pull_array_deferred(struct gen *g, const struct type *t,
				const char *v, const struct field *f)
{
	const struct expr *e = t->length != NULL ? t->length : t->size;

	v = gen_loop(g, v, gen_expr(g, e), "ndr_get_ok(p)");
	pull_deferred(g, t->target, v, f);
	gen_loop_end(g);
}

static void pull_deferred(struct gen *g, const struct type *t, const char *v,
			  const struct field *f)
{
	if (!type_layout(g->self, t).deferred) {
		return;
	}
	switch (t->kind) {
	case TYPE_POINTER:
		pull_pointer_deferred(g, t, v, f);
		return;
	case TYPE_ARRAY:
		pull_array_deferred(g, t, v, f);
		return;
	default:
		pull_body_call(g, t, v, f, "_deferred");
		return;
	}
}

/* --- values ----------------------------------------------------------- */

static void pull_string(struct gen *g, const struct type *t, const char *v)
{
	const char *unit = t->utf16 ? "16" : "8";

	if (g->self->plain) {
		gen_line(g, "%s = ndr_get_string%s(p);", v, unit);
	} else if (t->size != NULL) {
		gen_line(g, "%s = ndr_get_varying_string%s(p, %s);", v, unit,
			 gen_expr(g, t->size));
	} else {
		gen_line(g, "%s = ndr_get_conformant_string%s(p);", v, unit);
	}
}

static void pull_scalar(struct gen *g, const struct type *t, const char *v)
{
	const char *cast = "";

	pull_align(g, t);
	if (t->kind == TYPE_ENUM) {
		cast = talloc_asprintf(g->unit, "(enum %s)", t->name);
	} else if (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_SIGNED) {
		cast = talloc_asprintf(g->unit, "(%s)", t->scalar->c_name);
	} else if (t->kind == TYPE_SCALAR && (t->scalar->kind == SCALAR_GUID ||
					      t->scalar->kind == SCALAR_SID ||
					      t->scalar->kind == SCALAR_BLOB)) {
		gen_line(g, "ndr_get_%s(p, %s);", gen_suffix(t),
			 gen_address(g, v));
		return;
	}
	gen_line(g, "%s = %sndr_get_%s(p);", v, cast, gen_suffix(t));
}

static void pull_value(struct gen *g, const struct type *t, const char *v,
		       const struct field *f)
{
	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		pull_body_call(g, t, v, f, t->plain ? "" : "_scalars");
		return;
	case TYPE_ARRAY:
		pull_array(g, t, v, f);
		return;
	case TYPE_STRING:
		pull_string(g, t, v);
		return;
	case TYPE_POINTER:
		pull_pointer(g, t, v, f);
		return;
	default:
		pull_scalar(g, t, v);
		return;
	}
}

/* --- functions -------------------------------------------------------- */

static void pull_range(struct gen *g, const struct field *f, const char *v)
{
	if (f->has_range) {
		gen_line(g, "ndr_get_check(p, %s);", gen_range(g, f, v));
	}
}

/* Is there only an id yet, where the value will be? */
static bool comes_later(struct gen *g, const struct field *f)
{
	return f->type->kind == TYPE_POINTER && !g->self->plain;
}

static void pull_field(struct gen *g, const struct field *f, const char *v)
{
	pull_value(g, f->type, v, f);
	if (!comes_later(g, f)) {
		pull_range(g, f, v);
	}
}

static void pull_field_deferred(struct gen *g, const struct field *f,
				const char *v)
{
	pull_deferred(g, f->type, v, f);
	if (comes_later(g, f)) {
		pull_range(g, f, v);
	}
}

static void pull_members(struct gen *g, const struct type *t,
			 void (*each)(struct gen *g, const struct field *f,
				      const char *v))
{
	if (t->kind == TYPE_UNION) {
		gen_switch(g, t, "ndr_get_check(p, false);", each);
		return;
	}
	for (const struct field *f = t->fields; f != NULL; f = f->next) {
		each(g, f, talloc_asprintf(g->unit, "%s->%s", g->var, f->name));
	}
}

static void pull_runs(struct gen *g, const struct type *t)
{
	const struct field *f = t->fields, *end;
	size_t size;

	while (f != NULL) {
		end = gen_run_end(f, &size);
		if (end == f || end == f->next) {
			pull_field(g, f,
				   talloc_asprintf(g->unit, "%s->%s", g->var,
						   f->name));
			f = f->next;
			continue;
		}
		gen_line(g, "b = ndr_get_view(p, %zu);", size);
		gen_open(g, "if (b != NULL)");
		if (gen_is_storable(t)) {
			gen_line(g, "ndr_load_%s(p, b, out);", t->name);
		} else {
			gen_load_run(g, f, end);
		}
		gen_close(g);
		f = end;
	}
}

static void pull_begin(struct gen *g, const struct type *t, const char *phase,
		       bool conf)
{
	gen_line(g, "void ndr_pull_%s%s(struct ndr_pull *p, %s%s)", t->name,
		 phase, conf ? "uint32_t conf, " : "",
		 gen_param(g, t, false, "out"));
	gen_line(g, "{");
	g->indent++;
}

static void pull_end(struct gen *g)
{
	gen_close(g);
	gen_blank(g);
}

static void pull_enter(struct gen *g, const struct type *t)
{
	if (t->recursive) {
		gen_open(g, "if (!ndr_get_enter(p))");
		gen_line(g, "return;");
		gen_close(g);
	}
}

static void pull_leave(struct gen *g, const struct type *t)
{
	if (t->recursive) {
		gen_line(g, "ndr_get_leave(p);");
	}
}

static void pull_level(struct gen *g, const struct type *t)
{
	if (t->encapsulated) {
		return;
	}
	pull_align(g, t->switch_type);
	gen_line(g, "ndr_get_check(p, (uint32_t)ndr_get_%s(p) == level);",
		 gen_suffix(t->switch_type));
	if (t->ms_union && t->arm_align > 1) {
		gen_line(g, "ndr_get_align(p, %u);", t->arm_align);
	}
}

static void pull_whole(struct gen *g, const struct type *t)
{
	pull_begin(g, t, "", false);
	if (t->has_conf) {
		gen_line(g, "uint32_t conf = ndr_get_conf(p);");
		gen_blank(g);
	}
	pull_enter(g, t);
	gen_line(g, "ndr_pull_%s_scalars(p, %s%sout);", t->name,
		 t->has_conf ? "conf, " : "", gen_level_arg(t));
	if (t->deferred) {
		gen_line(g, "ndr_pull_%s_deferred(p, %sout);", t->name,
			 gen_level_arg(t));
	}
	pull_leave(g, t);
	pull_end(g);
}

static void pull_plain(struct gen *g, const struct type *t)
{
	bool runs = t->kind == TYPE_STRUCT && gen_has_run(t);

	pull_begin(g, t, "", false);
	if (runs) {
		gen_line(g, "const uint8_t *b;");
		gen_blank(g);
	}
	pull_enter(g, t);
	if (runs) {
		pull_runs(g, t);
	} else {
		pull_members(g, t, pull_field);
	}
	pull_leave(g, t);
	pull_end(g);
}

void gen_pull(struct gen *g, struct type *t)
{
	g->self = t;
	g->var = "out";
	if (t->plain) {
		pull_plain(g, t);
		return;
	}
	pull_begin(g, t, "_scalars", t->has_conf);
	if (t->kind == TYPE_UNION) {
		pull_level(g, t);
	} else if (t->align > 1) {
		gen_line(g, "ndr_get_align(p, %u);", t->align);
	}
	pull_members(g, t, pull_field);
	pull_end(g);
	if (t->deferred) {
		pull_begin(g, t, "_deferred", false);
		pull_members(g, t, pull_field_deferred);
		pull_end(g);
	}
	pull_whole(g, t);
}
