/* pidl-gen/check.c - resolves names, checks the rules of docs/pidl-gen.md and
 * computes what each type takes. */
#include "pidl-gen/check.h"

#include <string.h>

static void check_type(struct unit *u, struct type *t);

enum pointer_kind pointer_kind(const struct type *owner,
			       const struct type *pointer)
{
	if (pointer->pointer != POINTER_DEFAULT) {
		return pointer->pointer;
	}
	return owner->plain ? POINTER_REF : owner->pointer_default;
}

/* --- layouts ---------------------------------------------------------- */

static struct layout array_layout(const struct type *owner,
				  const struct type *t)
{
	struct layout elem = type_layout(owner, t->target);
	struct layout l = {.align = elem.align, .deferred = elem.deferred};

	if (!t->conformant) {
		l.min_size = elem.min_size * t->size->number;
		l.fixed = elem.fixed;
	}
	l.has_conf = t->conformant && !owner->plain;
	if (t->length != NULL && !owner->plain) {
		l.min_size = 8;
		l.fixed = false;
		l.align = l.align < 4 ? 4 : l.align;
	}
	return l;
}

static struct layout pointer_layout(const struct type *owner,
				    const struct type *t)
{
	if (!owner->plain) {
		return (struct layout){.align = 4,
				       .min_size = 4,
				       .fixed = true,
				       .deferred = true};
	}
	if (pointer_kind(owner, t) == POINTER_REF) {
		return type_layout(owner, t->target);
	}
	return (struct layout){.align = 1, .min_size = 1};
}

static struct layout any_layout(const struct type *owner, const struct type *t)
{
	switch (t->kind) {
	case TYPE_SCALAR:
		return (struct layout){.align = t->scalar->align,
				       .min_size = t->scalar->size,
				       .fixed = t->scalar->fixed};
	case TYPE_ENUM:
	case TYPE_BITMAP:
		return (struct layout){
			.align = t->width, .min_size = t->width, .fixed = true};
	case TYPE_STRUCT:
	case TYPE_UNION:
		return (struct layout){.align = t->align,
				       .min_size = t->min_size,
				       .fixed = t->fixed,
				       .deferred = t->deferred,
				       .has_conf = t->has_conf};
	case TYPE_POINTER:
		return pointer_layout(owner, t);
	case TYPE_ARRAY:
		return array_layout(owner, t);
	case TYPE_STRING:
		return (struct layout){.align = 4,
				       .min_size = owner->plain ? 4 : 8};
	default:
		return (struct layout){.align = 1, .fixed = true};
	}
}

struct layout type_layout(const struct type *owner, const struct type *t)
{
	struct layout l = any_layout(owner, t);

	if (owner->plain || l.align == 0) {
		l.align = 1;
	}
	return l;
}

/* --- expressions ------------------------------------------------------ */

static const struct type *integer_type(const struct type *t)
{
	if (t->kind == TYPE_ENUM || t->kind == TYPE_BITMAP ||
	    (t->kind == TYPE_SCALAR && t->scalar->kind <= SCALAR_BOOL)) {
		return t;
	}
	return NULL;
}

/* The member that e names; in a plain type only those before `before`. */
static const struct field *find_member(struct unit *u, const struct expr *e,
				       const struct field *user)
{
	const struct field *f = user->owner->fields;

	for (; f != NULL && (!user->owner->plain || f != user); f = f->next) {
		if (f->name != NULL && strcmp(f->name, e->text) == 0) {
			return f;
		}
	}
	return NULL;
}

static void check_name(struct unit *u, struct expr *e, struct field *user,
		       bool deref)
{
	const struct field *f = find_member(u, e, user);
	uint64_t value;

	if (f == NULL) {
		if (!expr_value(u, e, &value)) {
			unit_error(u, e->loc,
				   "expected a constant or %smember of "
				   "'%s', found '%s'",
				   user->owner->plain ? "an earlier " : "a ",
				   user->owner->name, e->text);
		}
		return;
	}
	if (deref ? f->type->kind != TYPE_POINTER ||
			    integer_type(f->type->target) == NULL
		  : integer_type(f->type) == NULL) {
		unit_error(u, e->loc,
			   "expected a member with a number, "
			   "'%s' is none",
			   e->text);
		return;
	}
	e->field = f;
}

static void check_expr(struct unit *u, struct expr *e, struct field *user);

static void check_condition(struct unit *u, struct expr *e, struct field *user)
{
	const struct field *f =
		e->kind == EXPR_NAME ? find_member(u, e, user) : NULL;

	if (f != NULL && f->type->kind == TYPE_POINTER) {
		e->field = f;
		return;
	}
	check_expr(u, e, user);
}

static void check_expr(struct unit *u, struct expr *e, struct field *user)
{
	uint64_t value;

	switch (e->kind) {
	case EXPR_NUMBER:
		return;
	case EXPR_NAME:
		check_name(u, e, user, false);
		return;
	case EXPR_DEREF:
		check_name(u, e->a, user, true);
		return;
	case EXPR_UNARY:
		check_expr(u, e->a, user);
		return;
	case EXPR_BINARY:
		check_expr(u, e->a, user);
		check_expr(u, e->b, user);
		if ((e->text[0] == '/' || e->text[0] == '%') &&
		    (!expr_value(u, e->b, &value) || value == 0)) {
			unit_error(u, e->b->loc,
				   "expected a constant other than 0");
		}
		return;
	case EXPR_CHOICE:
		/* n ? *n : 0 */
		check_condition(u, e->a, user);
		check_expr(u, e->b, user);
		check_expr(u, e->c, user);
		return;
	default:
		unit_error(u, e->loc, "expected a number");
	}
}

/* --- members ---------------------------------------------------------- */

static void check_array(struct unit *u, struct type *t, struct field *f,
			bool below_pointer)
{
	uint64_t count;

	if (t->size == NULL) {
		unit_error(u, f->loc,
			   "expected size_is or a bound for the array '%s'",
			   f->name);
		t->size = talloc_zero(u, struct expr);
		t->size->kind = EXPR_NUMBER;
		t->size->number = 1;
		return;
	}
	if (!t->conformant && expr_value(u, t->size, &count)) {
		if (count == 0 || count > UINT32_MAX) {
			unit_error(u, t->size->loc,
				   "expected a bound from 1 to 4294967295");
		}
		t->size = talloc(u, struct expr);
		*t->size = (struct expr){
			.kind = EXPR_NUMBER, .loc = f->loc, .number = count};
		if (below_pointer) {
			unit_error(u, f->loc,
				   "a pointer to a fixed array is "
				   "not supported");
		}
	} else {
		t->conformant = true;
		check_expr(u, t->size, f);
	}
	if (t->length != NULL) {
		if (f->owner->plain) {
			unit_error(u, t->length->loc,
				   "a plain type has no length_is");
		}
		check_expr(u, t->length, f);
	}
}

static void check_string(struct unit *u, struct type *t, struct field *f,
			 bool below_pointer)
{
	uint64_t count;

	if (f->owner->plain) {
		return;
	}
	if (below_pointer) {
		t->size = NULL; /* the bytes say how long it is */
		return;
	}
	if (t->size == NULL || !expr_value(u, t->size, &count) || count == 0) {
		unit_error(u, f->loc,
			   "expected a pointer or a constant bound for the "
			   "string '%s'",
			   f->name);
		return;
	}
	t->size = talloc(u, struct expr);
	*t->size = (struct expr){
		.kind = EXPR_NUMBER, .loc = f->loc, .number = count};
}

static void check_plainness(struct unit *u, const struct type *t,
			    const struct field *f)
{
	if (f->owner->plain && !t->plain) {
		unit_error(u, f->loc,
			   "expected a plain type in a plain one, "
			   "'%s' is not",
			   t->name);
	}
}

static void check_level(struct unit *u, struct type *t, struct field *f,
			bool below_pointer);

static void check_body_level(struct unit *u, struct type *t, struct field *f,
			     bool below_pointer)
{
	if (!t->defined && (!below_pointer || f->owner->plain)) {
		unit_error(u, f->loc, "'%s' is not defined", t->name);
		return;
	}
	check_plainness(u, t, f);
	t->wanted = true;
	if (!below_pointer) {
		check_type(u, t);
	}
}

static void check_pointer(struct unit *u, struct type *t, struct field *f)
{
	enum pointer_kind kind = pointer_kind(f->owner, t);

	if (f->owner->plain && kind == POINTER_FULL) {
		unit_error(u, f->loc,
			   "a plain type has no full pointers, use unique");
	}
	check_level(u, t->target, f, !f->owner->plain || kind != POINTER_REF);
}

static void check_elements(struct unit *u, struct type *t, struct field *f,
			   bool below_pointer)
{
	check_array(u, t, f, below_pointer);
	check_level(u, t->target, f, below_pointer);
	if (type_layout(f->owner, t->target).min_size == 0 &&
	    !(below_pointer && !f->owner->plain)) {
		unit_error(u, f->loc, "the elements of '%s' may have no bytes",
			   f->name);
	}
	if (t->conformant && t->target->kind == TYPE_ARRAY) {
		unit_error(u, f->loc, "an array of arrays needs fixed bounds");
	}
}

/* One level of a member's type, then the next. */
static void check_level(struct unit *u, struct type *t, struct field *f,
			bool below_pointer)
{
	switch (t->kind) {
	case TYPE_VOID:
		unit_error(u, f->loc, "'%s' is void: it has no bytes", f->name);
		return;
	case TYPE_SCALAR:
		if (t->scalar->kind == SCALAR_BLOB && !f->owner->plain) {
			unit_error(u, f->loc,
				   "a blob is for plain types, use size_is");
		}
		return;
	case TYPE_STRUCT:
	case TYPE_UNION:
		check_body_level(u, t, f, below_pointer);
		return;
	case TYPE_POINTER:
		check_pointer(u, t, f);
		return;
	case TYPE_ARRAY:
		check_elements(u, t, f, below_pointer);
		return;
	case TYPE_STRING:
		check_string(u, t, f, below_pointer);
		return;
	default:
		return;
	}
}

/* The string or array that a member is or points to. */
static const struct type *counted(const struct type *t)
{
	if (t->kind == TYPE_POINTER) {
		t = t->target;
	}
	return t->kind == TYPE_STRING || t->kind == TYPE_ARRAY ? t : NULL;
}

static void check_range(struct unit *u, struct field *f)
{
	const struct attr *a = attr_find(f->attrs, "range");
	uint64_t low, high;

	if (a == NULL) {
		return;
	}
	if (a->args == NULL || a->args->next == NULL ||
	    !expr_value(u, a->args, &low) ||
	    !expr_value(u, a->args->next, &high)) {
		unit_error(u, a->loc,
			   "expected range(least, greatest) with "
			   "two constants");
		return;
	}
	if (integer_type(f->type) == NULL && counted(f->type) == NULL &&
	    (f->type->kind != TYPE_POINTER ||
	     integer_type(f->type->target) == NULL)) {
		unit_error(u, a->loc,
			   "expected a number, a string or an array for "
			   "range, '%s' is "
			   "none",
			   f->name);
		return;
	}
	f->has_range = true;
	f->low = (int64_t)low;
	f->high = (int64_t)high;
	if (f->low > f->high) {
		unit_error(u, a->loc, "the range is empty");
	}
}

static struct type *union_of(struct type *t)
{
	while (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) {
		t = t->target;
	}
	return t->kind == TYPE_UNION ? t : NULL;
}

static void check_switch(struct unit *u, struct field *f)
{
	struct type *t = union_of(f->type);

	if (t == NULL) {
		if (f->switch_is != NULL) {
			unit_error(u, f->loc, "switch_is is for unions");
		}
		return;
	}
	if (f->owner->kind == TYPE_UNION) {
		unit_error(u, f->loc,
			   "a union within a union needs a struct "
			   "that holds its discriminant");
		return;
	}
	if (f->switch_is == NULL) {
		unit_error(u, f->loc, "expected switch_is for the union '%s'",
			   f->name);
		return;
	}
	check_expr(u, f->switch_is, f);
}

static void check_arm(struct unit *u, struct field *f)
{
	uint64_t value;

	if (f->cases == NULL && !f->is_default) {
		unit_error(u, f->loc, "expected [case(...)] or [default]");
	}
	for (struct expr *e = f->cases; e != NULL; e = e->next) {
		if (e->kind != EXPR_EMPTY && !expr_value(u, e, &value)) {
			unit_error(u, e->loc, "expected a constant");
		}
	}
}

static void check_field(struct unit *u, struct field *f)
{
	struct type *t = f->type;

	/* An inline body without a name takes it from the member. */
	if (t->defined && t->name != NULL && t->name[0] == '\0') {
		t->name = talloc_asprintf(u, "%s_%s", f->owner->name, f->name);
		t->plain = t->plain || f->owner->plain;
	}
	check_switch(u, f);
	if (f->name != NULL) {
		check_level(u, t, f, false);
	}
	check_range(u, f);
	if (f->owner->kind == TYPE_UNION) {
		check_arm(u, f);
	}
}

void check_params(struct unit *u, struct type *t)
{
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		if (!param_is_handle(f)) {
			check_field(u, f);
		}
	}
}

/* --- types ------------------------------------------------------------ */

static void add_member(struct unit *u, struct type *t, struct field *f,
		       bool first)
{
	struct layout l = type_layout(t, f->type);

	if (l.align > t->align) {
		t->align = l.align;
	}
	t->deferred = t->deferred || l.deferred;
	if (t->kind == TYPE_UNION) {
		if (first || l.min_size < t->min_size) {
			t->min_size = l.min_size;
		}
		if (l.has_conf) {
			unit_error(u, f->loc,
				   "an arm may not be a conformant "
				   "array, use a pointer");
		}
		t->fixed = false;
		return;
	}
	if (t->has_conf) {
		unit_error(u, f->loc,
			   "expected no member after a conformant array");
	}
	t->has_conf = l.has_conf;
	t->min_size += l.min_size;
	t->fixed = t->fixed && l.fixed;
}

/* Has an arm before e's that value? */
static bool taken_before(struct unit *u, const struct type *t,
			 const struct expr *e, uint64_t value)
{
	uint64_t other;

	for (struct field *f = t->fields; f != NULL; f = f->next) {
		for (struct expr *x = f->cases; x != NULL; x = x->next) {
			if (x == e) {
				return false;
			}
			if (x->kind != EXPR_EMPTY && expr_value(u, x, &other) &&
			    other == value) {
				return true;
			}
		}
	}
	return false;
}

static void check_cases(struct unit *u, const struct type *t)
{
	bool has_default = false;
	uint64_t value;

	for (struct field *f = t->fields; f != NULL; f = f->next) {
		if (f->is_default && has_default) {
			unit_error(u, f->loc, "there are two default arms");
		}
		has_default = has_default || f->is_default;
		for (struct expr *e = f->cases; e != NULL; e = e->next) {
			if (e->kind != EXPR_EMPTY && expr_value(u, e, &value) &&
			    taken_before(u, t, e, value)) {
				unit_error(u, e->loc,
					   "another arm has this value");
			}
		}
	}
}

static void check_body(struct unit *u, struct type *t)
{
	t->align = 1;
	t->fixed = true;
	if (t->fields == NULL) {
		unit_error(u, t->loc, "expected a member in '%s'", t->name);
	}
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		check_field(u, f);
	}
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		add_member(u, t, f, f == t->fields);
	}
	if (t->kind == TYPE_UNION) {
		check_cases(u, t);
	}
	if (t->kind != TYPE_UNION || t->plain) {
		return;
	}
	t->arm_align = t->align;
	/* In NDR the discriminant goes with the union ([C706] 14.3.8). */
	if (t->switch_type == NULL) {
		unit_error(u, t->loc, "expected switch_type for '%s'", t->name);
		return;
	}
	if (integer_type(t->switch_type) == NULL) {
		unit_error(u, t->loc, "expected an integer as switch_type");
		return;
	}
	if (t->encapsulated) {
		return;
	}
	t->min_size += type_layout(t, t->switch_type).min_size;
	if (t->align < type_layout(t, t->switch_type).align) {
		t->align = type_layout(t, t->switch_type).align;
	}
}

/* Negative ones too: they are sent in two's complement. */
static bool fits(uint64_t number, unsigned int width)
{
	uint64_t above = width == 8 ? 0 : number >> (8 * width);

	return above == 0 || above == UINT64_MAX >> (8 * width);
}

static void check_values(struct unit *u, struct type *t)
{
	if (t->width == 0) {
		t->width = t->kind == TYPE_BITMAP ? 4 : 2;
	}
	for (struct constant *c = t->values; c != NULL; c = c->next) {
		if (!expr_value(u, c->value, &c->number)) {
			unit_error(u, c->loc, "expected a constant");
		} else if (!fits(c->number, t->width)) {
			unit_error(u, c->loc, "'%s' does not fit into %u bits",
				   c->name, 8 * t->width);
		}
		if (t->width < 8) {
			c->number &= (1ULL << (8 * t->width)) - 1;
		}
	}
}

static void check_type(struct unit *u, struct type *t)
{
	if (t->checked == 2 || !t->defined) {
		return;
	}
	if (t->checked == 1) {
		unit_error(u, t->loc, "'%s' contains itself", t->name);
		return;
	}
	t->checked = 1;
	if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION) {
		check_body(u, t);
	} else {
		check_values(u, t);
	}
	t->checked = 2;
}

/* Is `wanted` met on a way through t's members? Each type is gone through
 * once: seen is its mark. */
static bool reaches(struct type *t, const struct type *wanted, int mark)
{
	while (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) {
		t = t->target;
	}
	if ((t->kind != TYPE_STRUCT && t->kind != TYPE_UNION) ||
	    t->checked == mark) {
		return false;
	}
	t->checked = mark;
	for (struct field *f = t->fields; f != NULL; f = f->next) {
		struct type *inner = f->type;

		while (inner->kind == TYPE_POINTER ||
		       inner->kind == TYPE_ARRAY) {
			inner = inner->target;
		}
		if (inner == wanted || reaches(inner, wanted, mark)) {
			return true;
		}
	}
	return false;
}

/* A union that does not say its switch_type has that of the member which the
 * struct around it switches on. */
static void derive_switch_types(struct unit *u)
{
	for (struct type *t = u->first_def; t != NULL; t = t->next_def) {
		for (struct field *f = t->fields; f != NULL; f = f->next) {
			struct type *inner = union_of(f->type);

			if (inner == NULL || inner->switch_type != NULL ||
			    f->switch_is == NULL ||
			    f->switch_is->kind != EXPR_NAME ||
			    find_member(u, f->switch_is, f) == NULL) {
				continue;
			}
			inner->switch_type =
				find_member(u, f->switch_is, f)->type;
		}
	}
}

/* All of the main file, and of what is imported that which it uses.  Outer
 * types name those within, which come earlier. */
static void check_wanted(struct unit *u)
{
	bool again = true;

	while (again) {
		again = false;
		for (struct type *t = u->first_def; t != NULL;
		     t = t->next_def) {
			if (t->checked == 0 && t->name[0] != '\0' &&
			    (!t->imported || t->wanted ||
			     t->kind == TYPE_ENUM || t->kind == TYPE_BITMAP)) {
				check_type(u, t);
				again = true;
			}
		}
	}
}

void unit_check(struct unit *u)
{
	struct named_const *c;
	uint64_t value;
	int mark = 3;

	/* Names first: a member's type may be asked for its name. */
	for (struct type *t = u->first_def; t != NULL; t = t->next_def) {
		if (t->name == NULL) {
			t->name = t->tag == NULL ? "" : t->tag;
		}
	}
	for (c = u->consts; c != NULL; c = c->next) {
		if (c->value->kind != EXPR_STRING &&
		    !expr_value(u, c->value, &value)) {
			unit_error(u, c->value->loc, "expected a constant");
		}
	}
	derive_switch_types(u);
	iface_check(u);
	check_wanted(u);
	for (struct type *t = u->first_def; t != NULL; t = t->next_def) {
		if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION) {
			t->recursive = reaches(t, t, mark++);
		}
	}
}
