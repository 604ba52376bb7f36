/* pidl-gen/gen_push.c - writes the functions that pack.
 *
 * A plain type has ndr_push_T.  An NDR type has _conf (the count that is
 * hoisted before the structure), _scalars and _deferred (what its pointers
 * point to), as far as there is something to do, and ndr_push_T, all three. */
#include "pidl-gen/gen.h"

static void push_value(struct gen *g, const struct type *t, const char *v,
		       const struct field *f);
static void push_deferred(struct gen *g, const struct type *t, const char *v,
			  const struct field *f);

static void push_align(struct gen *g, const struct type *t)
{
	struct layout l = type_layout(g->self, t);

	if (l.align > 1) {
		gen_line(g, "ndr_put_align(p, %u);", l.align);
	}
}

/* "level, " of a union member: the expression of its switch_is. */
static char *level_of(struct gen *g, const struct type *t,
		      const struct field *f)
{
	if (t->kind != TYPE_UNION || f->switch_is == NULL) {
		return talloc_strdup(g->unit, "");
	}
	return talloc_asprintf(g->unit, "(uint32_t)%s, ",
			       gen_expr(g, f->switch_is));
}

static void push_body_call(struct gen *g, const struct type *t, const char *v,
			   const struct field *f, const char *phase)
{
	gen_line(g, "ndr_push_%s%s(p, %s%s);", t->name, phase,
		 level_of(g, t, f), gen_address(g, v));
}

/* The elements of an array, count of them, in place. */
static void push_elements(struct gen *g, const struct type *t, const char *v,
			  const char *count, const struct field *f)
{
	if (gen_is_byte(t->target)) {
		gen_line(g, "ndr_put_bytes(p, %s, %s);", v, count);
		return;
	}
	v = gen_loop(g, v, count, NULL);
	push_value(g, t->target, v, f);
	gen_loop_end(g);
}

static char *array_count(struct gen *g, const struct type *t)
{
	const struct expr *e = t->length != NULL ? t->length : t->size;

	if (e->kind == EXPR_NUMBER) {
		return gen_expr(g, e);
	}
	return talloc_asprintf(g->unit, "ndr_put_count(p, %s)", gen_expr(g, e));
}

static void push_array(struct gen *g, const struct type *t, const char *v,
		       const struct field *f)
{
	char *count = array_count(g, t);

	if (!t->conformant && t->length == NULL) {
		push_elements(g, t, v, count, f);
		return;
	}
	gen_line(g, "{");
	g->indent++;
	gen_line(g, "size_t n%d = %s;", g->loops, count);
	gen_blank(g);
	count = talloc_asprintf(g->unit, "n%d", g->loops);
	if (t->length != NULL) {
		gen_line(g, "ndr_put_varying(p, %s, %s);", count,
			 gen_expr(g, t->size));
	}
	push_elements(g, t, v, count, f);
	gen_close(g);
}

static void push_pointer(struct gen *g, const struct type *t, const char *v,
			 const struct field *f)
{
	char *target = talloc_asprintf(g->unit, "*%s", v);

	/* A C pointer to an array or a string stands for it. */
	if (t->target->kind == TYPE_ARRAY || t->target->kind == TYPE_STRING) {
		target = talloc_strdup(g->unit, v);
	}
	switch (pointer_kind(g->self, t)) {
	case POINTER_REF:
		if (g->self->plain) {
			push_value(g, t->target, target, f);
			return;
		}
		gen_line(g, "ndr_put_check(p, %s != NULL);", v);
		break;
	case POINTER_FULL:
		gen_line(g, "ndr_put_full(p, %s);", v);
		return;
	default:
		break;
	}
	if (!g->self->plain) {
		gen_line(g, "ndr_put_referent(p, %s);", v);
		return;
	}
	gen_line(g, "ndr_put_bool(p, %s != NULL);", v);
	gen_open(g, "if (%s != NULL)", v);
	push_value(g, t->target, target, f);
	gen_close(g);
}

static void push_string(struct gen *g, const struct type *t, const char *v)
{
	const char *unit = t->utf16 ? "16" : "8";

	if (g->self->plain) {
		gen_line(g, "ndr_put_string%s(p, %s);", unit, v);
	} else if (t->size != NULL) {
		gen_line(g, "ndr_put_varying_string%s(p, %s, %s);", unit, v,
			 gen_expr(g, t->size));
	} else {
		gen_line(g, "ndr_put_conformant_string%s(p, %s);", unit, v);
	}
}

/* The bytes of a value that stand in its place. */
static void push_value(struct gen *g, const struct type *t, const char *v,
		       const struct field *f)
{
	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		push_body_call(g, t, v, f, t->plain ? "" : "_scalars");
		return;
	case TYPE_ARRAY:
		push_array(g, t, v, f);
		return;
	case TYPE_STRING:
		push_string(g, t, v);
		return;
	case TYPE_POINTER:
		if (!g->self->plain) {
			gen_line(g, "ndr_put_align(p, 4);");
		}
		push_pointer(g, t, v, f);
		return;
	default:
		break;
	}
	push_align(g, t);
	if (t->kind == TYPE_SCALAR &&
	    (t->scalar->kind == SCALAR_GUID || t->scalar->kind == SCALAR_SID ||
	     t->scalar->kind == SCALAR_BLOB)) {
		v = gen_address(g, v);
	} else if (t->kind == TYPE_ENUM) {
		gen_line(g, "ndr_put_enum%u(p, (uint32_t)%s);", 8 * t->width,
			 v);
		return;
	} else if (t->kind == TYPE_SCALAR && t->scalar->kind == SCALAR_SIGNED) {
		v = talloc_asprintf(g->unit, "(uint%u_t)%s",
				    8 * t->scalar->size, v);
	}
	gen_line(g, "ndr_put_%s(p, %s);", gen_suffix(t), v);
}

/* What a pointer points to: a whole of its own. */
static void push_target(struct gen *g, const struct type *t, const char *v,
			const struct field *f)
{
	if (t->kind == TYPE_ARRAY) {
		gen_line(g, "ndr_put_conf(p, %s);", gen_expr(g, t->size));
	} else if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION) {
		push_body_call(g, t, v, f, "");
		return;
	}
	push_value(g, t, v, f);
	push_deferred(g, t, v, f);
}

static void push_pointer_deferred(struct gen *g, const struct type *t,
				  const char *v, const struct field *f)
{
	bool full = pointer_kind(g->self, t) == POINTER_FULL;
	char *target = talloc_asprintf(g->unit, "*%s", v);

	if (t->target->kind == TYPE_ARRAY || t->target->kind == TYPE_STRING) {
		target = talloc_strdup(g->unit, v);
	}
	if (full) {
		gen_open(g, "if (ndr_put_full_first(p, %s))", v);
	} else {
		gen_open(g, "if (%s != NULL)", v);
	}
	push_target(g, t->target, target, f);
	gen_close(g);
}

static void push_array_deferred(struct gen *g, const struct type *t,
				const char *v, const struct field *f)
{
	char *count = array_count(g, t);

	gen_line(g, "{");
	g->indent++;
	gen_line(g, "size_t n%d = %s;", g->loops, count);
	gen_blank(g);
	count = talloc_asprintf(g->unit, "n%d", g->loops);
	v = gen_loop(g, v, count, NULL);
	push_deferred(g, t->target, v, f);
	gen_loop_end(g);
	gen_close(g);
}

static void push_deferred(struct gen *g, const struct type *t, const char *v,
			  const struct field *f)
{
	if (!type_layout(g->self, t).deferred) {
		return;
	}
	switch (t->kind) {
	case TYPE_POINTER:
		push_pointer_deferred(g, t, v, f);
		return;
	case TYPE_ARRAY:
		push_array_deferred(g, t, v, f);
		return;
	default:
		push_body_call(g, t, v, f, "_deferred");
		return;
	}
}

/* --- functions -------------------------------------------------------- */

static void push_range(struct gen *g, const struct field *f, const char *v)
{
	if (f->has_range) {
		gen_line(g, "ndr_put_check(p, %s);", gen_range(g, f, v));
	}
}

static void push_field(struct gen *g, const struct field *f, const char *v)
{
	push_range(g, f, v);
	push_value(g, f->type, v, f);
}

static void push_field_deferred(struct gen *g, const struct field *f,
				const char *v)
{
	push_deferred(g, f->type, v, f);
}

static void push_members(struct gen *g, const struct type *t,
			 void (*each)(struct gen *g, const struct field *f,
				      const char *v))
{
	if (t->kind == TYPE_UNION) {
		gen_switch(g, t, "ndr_put_check(p, false);", each);
		return;
	}
	for (const struct field *f = t->fields; f != NULL; f = f->next) {
		each(g, f, talloc_asprintf(g->unit, "%s->%s", g->var, f->name));
	}
}

/* The members of a plain struct, in runs where they are of fixed size. */
static void push_runs(struct gen *g, const struct type *t)
{
	const struct field *f = t->fields, *end;
	size_t size;

	while (f != NULL) {
		end = gen_run_end(f, &size);
		if (end == f || end == f->next) {
			push_field(g, f,
				   talloc_asprintf(g->unit, "%s->%s", g->var,
						   f->name));
			f = f->next;
			continue;
		}
		gen_line(g, "b = ndr_put_room(p, %zu);", size);
		gen_open(g, "if (b != NULL)");
		if (gen_is_storable(t)) {
			gen_line(g, "ndr_store_%s(p, b, in);", t->name);
		} else {
			gen_store_run(g, f, end);
		}
		gen_close(g);
		f = end;
	}
}

static void push_begin(struct gen *g, const struct type *t, const char *phase)
{
	gen_line(g, "void ndr_push_%s%s(struct ndr_push *p, %s)", t->name,
		 phase, gen_param(g, t, true, "in"));
	gen_line(g, "{");
	g->indent++;
}

static void push_end(struct gen *g)
{
	gen_close(g);
	gen_blank(g);
}

/* In NDR the discriminant is sent with the union ([C706] 14.3.8). */
static void push_level(struct gen *g, const struct type *t)
{
	if (t->encapsulated) {
		return;
	}
	push_align(g, t->switch_type);
	gen_line(g, "ndr_put_%s(p, %slevel);", gen_suffix(t->switch_type),
		 t->switch_type->kind == TYPE_SCALAR &&
				 t->switch_type->scalar->size == 1
			 ? "(uint8_t)"
		 : type_layout(t, t->switch_type).min_size == 2 ? "(uint16_t)"
								: "");
	if (t->ms_union && t->arm_align > 1) {
		gen_line(g, "ndr_put_align(p, %u);", t->arm_align);
	}
}

static void push_conf(struct gen *g, const struct type *t)
{
	const struct field *last = t->fields;
	char *v;

	while (last->next != NULL) {
		last = last->next;
	}
	v = talloc_asprintf(g->unit, "%s->%s", g->var, last->name);
	push_begin(g, t, "_conf");
	if (last->type->kind == TYPE_ARRAY) {
		gen_line(g, "ndr_put_conf(p, %s);",
			 gen_expr(g, last->type->size));
	} else {
		push_body_call(g, last->type, v, last, "_conf");
	}
	push_end(g);
}

static void push_whole(struct gen *g, const struct type *t)
{
	push_begin(g, t, "");
	if (t->recursive) {
		gen_open(g, "if (!ndr_put_enter(p))");
		gen_line(g, "return;");
		gen_close(g);
	}
	if (t->has_conf) {
		gen_line(g, "ndr_push_%s_conf(p, in);", t->name);
	}
	gen_line(g, "ndr_push_%s_scalars(p, %sin);", t->name, gen_level_arg(t));
	if (t->deferred) {
		gen_line(g, "ndr_push_%s_deferred(p, %sin);", t->name,
			 gen_level_arg(t));
	}
	if (t->recursive) {
		gen_line(g, "ndr_put_leave(p);");
	}
	push_end(g);
}

static void push_plain(struct gen *g, const struct type *t)
{
	bool runs = t->kind == TYPE_STRUCT && gen_has_run(t);

	push_begin(g, t, "");
	if (runs) {
		gen_line(g, "uint8_t *b;");
		gen_blank(g);
	}
	if (t->recursive) {
		gen_open(g, "if (!ndr_put_enter(p))");
		gen_line(g, "return;");
		gen_close(g);
	}
	if (runs) {
		push_runs(g, t);
	} else {
		push_members(g, t, push_field);
	}
	if (t->recursive) {
		gen_line(g, "ndr_put_leave(p);");
	}
	push_end(g);
}

void gen_push(struct gen *g, struct type *t)
{
	g->self = t;
	g->var = "in";
	if (t->plain) {
		if (gen_is_storable(t)) {
			gen_store_load(g, t);
			g->var = "in";
		}
		push_plain(g, t);
		return;
	}
	if (t->has_conf) {
		push_conf(g, t);
	}
	push_begin(g, t, "_scalars");
	if (t->kind == TYPE_UNION) {
		push_level(g, t);
	} else if (t->align > 1) {
		gen_line(g, "ndr_put_align(p, %u);", t->align);
	}
	push_members(g, t, push_field);
	push_end(g);
	if (t->deferred) {
		push_begin(g, t, "_deferred");
		push_members(g, t, push_field_deferred);
		push_end(g);
	}
	push_whole(g, t);
}
