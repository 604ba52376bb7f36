/* pidl-gen/decl.c - declarations become types, fields and symbols. */
#include "pidl-gen/decl.h"

#include <string.h>

/* Every builtin of the language.  The suffix names the run-time functions
 * (ndr_put_SUFFIX and so on, idl/ndr.h). */
static const struct scalar scalars[] = {
	{"uint8", "uint8_t", "u8", SCALAR_UNSIGNED, 1, 1, true, true},
	{"uint16", "uint16_t", "u16", SCALAR_UNSIGNED, 2, 2, true, true},
	{"uint32", "uint32_t", "u32", SCALAR_UNSIGNED, 4, 4, true, false},
	{"uint64", "uint64_t", "u64", SCALAR_UNSIGNED, 8, 8, true, false},
	{"hyper", "uint64_t", "u64", SCALAR_UNSIGNED, 8, 8, true, false},
	{"int8", "int8_t", "u8", SCALAR_SIGNED, 1, 1, true, false},
	{"int16", "int16_t", "u16", SCALAR_SIGNED, 2, 2, true, false},
	{"int32", "int32_t", "u32", SCALAR_SIGNED, 4, 4, true, false},
	{"int64", "int64_t", "u64", SCALAR_SIGNED, 8, 8, true, false},
	{"byte", "uint8_t", "u8", SCALAR_UNSIGNED, 1, 1, true, false},
	{"wchar_t", "uint16_t", "u16", SCALAR_UNSIGNED, 2, 2, true, true},
	{"boolean8", "bool", "bool", SCALAR_BOOL, 1, 1, true, false},
	{"boolean", "bool", "bool", SCALAR_BOOL, 1, 1, true, false},
	{"float", "float", "float", SCALAR_FLOAT, 4, 4, true, false},
	{"double", "double", "double", SCALAR_FLOAT, 8, 8, true, false},
	{"error_status_t", "uint32_t", "u32", SCALAR_UNSIGNED, 4, 4, true,
	 false},
	{"GUID", "struct guid", "guid", SCALAR_GUID, 16, 4, true, false},
	{"NTTIME", "NTTIME", "nttime", SCALAR_NTTIME, 8, 4, true, false},
	{"dom_sid", "struct sid", "sid", SCALAR_SID, 8, 4, false, false},
	{"blob", "struct blob", "blob", SCALAR_BLOB, 4, 4, false, false},
};

struct expr *expr_new(struct parser *ps, struct loc loc, enum expr_kind kind)
{
	struct expr *e = talloc_zero(ps->unit, struct expr);

	e->kind = kind;
	e->loc = loc;
	return e;
}

struct expr *expr_op(struct parser *ps, struct loc loc, const char *op,
		     struct expr *a, struct expr *b)
{
	struct expr *e =
		expr_new(ps, loc, b == NULL ? EXPR_UNARY : EXPR_BINARY);

	e->text = op;
	e->a = a;
	e->b = b;
	return e;
}

/* --- names ------------------------------------------------------------ */

static struct type *type_new(struct parser *ps, struct loc loc,
			     enum type_kind kind)
{
	struct type *t = talloc_zero(ps->unit, struct type);

	t->kind = kind;
	t->loc = loc;
	return t;
}

static struct symbol *symbol_find(struct unit *u, const char *name, bool tag)
{
	for (struct symbol *s = u->symbols; s != NULL; s = s->next) {
		if (s->tag == tag && strcmp(s->name, name) == 0) {
			return s;
		}
	}
	return NULL;
}

static void symbol_add(struct parser *ps, const char *name, bool tag,
		       struct type *type)
{
	struct symbol *s = talloc_zero(ps->unit, struct symbol);

	s->name = name;
	s->tag = tag;
	s->type = type;
	s->imported = ps->imported;
	s->next = ps->unit->symbols;
	ps->unit->symbols = s;
}

static struct type *scalar_type(struct parser *ps, struct loc loc,
				const char *name)
{
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		if (strcmp(scalars[i].name, name) == 0) {
			struct type *t = type_new(ps, loc, TYPE_SCALAR);

			t->scalar = &scalars[i];
			t->name = scalars[i].c_name;
			return t;
		}
	}
	return NULL;
}

struct type *decl_lookup(struct parser *ps, struct loc loc, const char *name)
{
	struct symbol *s = symbol_find(ps->unit, name, false);
	struct type *t;

	if (strcmp(name, "void") == 0 || strcmp(name, "handle_t") == 0) {
		return type_new(ps, loc, TYPE_VOID);
	}
	if (s == NULL) {
		t = scalar_type(ps, loc, name);
		if (t != NULL) {
			return t;
		}
		s = symbol_find(ps->unit, name, true);
	}
	if (s == NULL) {
		unit_error(ps->unit, loc, "expected a type, found '%s'", name);
		return type_new(ps, loc, TYPE_ERROR);
	}
	return s->type;
}

struct type *decl_int_type(struct parser *ps, struct loc loc, int words)
{
	static const struct {
		int words;
		const char *unsigned_name, *signed_name;
	} forms[] = {
		{INT_CHAR, "uint8", "int8"},
		{INT_SMALL, "uint8", "int8"},
		{INT_SHORT, "uint16", "int16"},
		{INT_SHORT | INT_INT, "uint16", "int16"},
		{INT_LONG, "uint32", "int32"},
		{INT_LONG | INT_INT, "uint32", "int32"},
		{INT_INT, "uint32", "int32"},
		{0, "uint32", "int32"},
		{INT_HYPER, "hyper", "int64"},
		{INT_HYPER | INT_INT, "hyper", "int64"},
	};
	int size = words & ~(INT_UNSIGNED | INT_SIGNED);
	bool is_signed = (words & INT_UNSIGNED) == 0;

	if (words == INT_CHAR || words == INT_HYPER) {
		is_signed = false; /* bytes of a string; NT's unsigned hyper */
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].words == size) {
			return scalar_type(ps, loc,
					   is_signed ? forms[i].signed_name
						     : forms[i].unsigned_name);
		}
	}
	unit_error(ps->unit, loc, "these words do not make an integer type");
	return type_new(ps, loc, TYPE_ERROR);
}

static const char *kind_word(enum type_kind kind)
{
	switch (kind) {
	case TYPE_UNION:
		return "union";
	case TYPE_ENUM:
		return "enum";
	case TYPE_BITMAP:
		return "bitmap";
	default:
		return "struct";
	}
}

struct type *decl_tag(struct parser *ps, struct loc loc, enum type_kind kind,
		      const char *name)
{
	struct symbol *s = symbol_find(ps->unit, name, true);
	struct type *t;

	if (s != NULL) {
		if (s->type->kind != kind) {
			unit_error(ps->unit, loc, "'%s' is a %s, not a %s",
				   name, kind_word(s->type->kind),
				   kind_word(kind));
		}
		return s->type;
	}
	/* typedef struct {...} NAME; struct NAME x; */
	s = symbol_find(ps->unit, name, false);
	if (s != NULL && s->type->kind == kind) {
		return s->type;
	}
	t = type_new(ps, loc, kind);
	t->tag = name;
	t->name = name;
	t->named = name[0] != '_';
	symbol_add(ps, name, true, t);
	return t;
}

struct type *decl_begin(struct parser *ps, struct loc loc, enum type_kind kind,
			const char *tag)
{
	struct type *t;

	if (tag == NULL) {
		t = type_new(ps, loc, kind);
	} else {
		t = decl_tag(ps, loc, kind, tag);
		if (t->defined && (!t->imported || ps->imported)) {
			unit_error(ps->unit, loc, "'%s' is defined twice", tag);
		}
		if (t->defined) {
			t = type_new(ps, loc, kind);
			t->tag = t->name = tag;
			t->named = tag[0] != '_';
			symbol_add(ps, tag, true, t);
		}
	}
	t->loc = loc;
	t->defined = true;
	t->imported = ps->imported;
	t->plain = ps->unit->plain;
	t->ms_union = ps->unit->ms_union;
	t->pointer_default = ps->unit->pointer_default;
	return t;
}

static void add_def(struct parser *ps, struct type *t)
{
	*ps->unit->last_def = t;
	ps->unit->last_def = &t->next_def;
}

/* --- bodies ----------------------------------------------------------- */

void decl_body_fields(struct parser *ps, struct type *t, struct field *fields)
{
	t->fields = fields;
	for (struct field *f = fields; f != NULL; f = f->next) {
		f->owner = t;
		if (f->name == NULL) {
			continue;
		}
		for (struct field *g = fields; g != f; g = g->next) {
			if (g->name != NULL && strcmp(g->name, f->name) == 0) {
				unit_error(ps->unit, f->loc,
					   "there are two members '%s'",
					   f->name);
				break;
			}
		}
		/* struct { ... } NAME; inside takes its name from outside. */
		if (f->type->defined && f->type->name == NULL) {
			f->type->name = "";
		}
	}
	add_def(ps, t);
}

static void add_constant(struct parser *ps, struct loc loc, const char *name,
			 struct expr *value)
{
	struct symbol *s = symbol_find(ps->unit, name, false);

	if (s != NULL && (!s->imported || ps->imported)) {
		unit_error(ps->unit, loc, "'%s' is defined twice", name);
		return;
	}
	symbol_add(ps, name, false, type_new(ps, loc, TYPE_ERROR));
	ps->unit->symbols->constant = value;
}

void decl_body_values(struct parser *ps, struct type *t,
		      struct constant *values)
{
	struct expr *before = NULL;

	t->values = values;
	for (struct constant *c = values; c != NULL; c = c->next) {
		if (c->value == NULL) {
			struct expr *one = expr_new(ps, c->loc, EXPR_NUMBER);

			one->number = 1;
			if (before == NULL) {
				c->value = expr_new(ps, c->loc, EXPR_NUMBER);
				c->value->number = t->kind == TYPE_BITMAP;
			} else {
				c->value =
					expr_op(ps, c->loc, "+", before, one);
			}
			if (t->kind == TYPE_BITMAP) {
				unit_error(ps->unit, c->loc,
					   "expected '=' and the bits of '%s'",
					   c->name);
			}
		}
		before = expr_new(ps, c->loc, EXPR_NAME);
		before->text = c->name;
		add_constant(ps, c->loc, c->name, c->value);
	}
	add_def(ps, t);
}

struct type *decl_encapsulated(struct parser *ps, struct type *outer,
			       struct field *tag, const char *arm,
			       struct field *arms)
{
	struct type *u = decl_begin(ps, outer->loc, TYPE_UNION, NULL);
	struct field *f = talloc_zero(ps->unit, struct field);

	u->switch_type = tag->type;
	u->ms_union = false;
	u->encapsulated = true;
	decl_body_fields(ps, u, arms);
	f->name = arm;
	f->loc = outer->loc;
	f->type = u;
	f->switch_is = expr_new(ps, tag->loc, EXPR_NAME);
	f->switch_is->text = tag->name;
	tag->next = f;
	decl_body_fields(ps, outer, tag);
	return outer;
}

/* --- members ---------------------------------------------------------- */

enum pointer_kind decl_pointer_attr(const struct attr *attrs)
{
	if (attr_find(attrs, "ref") != NULL) {
		return POINTER_REF;
	}
	if (attr_find(attrs, "unique") != NULL) {
		return POINTER_UNIQUE;
	}
	if (attr_find(attrs, "ptr") != NULL) {
		return POINTER_FULL;
	}
	return POINTER_DEFAULT;
}

static struct type *array_of(struct parser *ps, struct loc loc,
			     struct type *elem, struct expr *size)
{
	struct type *t = type_new(ps, loc, TYPE_ARRAY);

	t->target = elem;
	t->size = size;
	return t;
}

/* char x[3][4] is an array of arrays: the last bound is the innermost. */
static struct type *apply_dims(struct parser *ps, struct declarator *d,
			       struct type *t, struct expr *dim)
{
	if (dim == NULL) {
		return t;
	}
	t = apply_dims(ps, d, t, dim->next);
	return array_of(ps, d->loc, t, dim->kind == EXPR_EMPTY ? NULL : dim);
}

static struct type *pointer_to(struct parser *ps, struct loc loc,
			       struct type *target, enum pointer_kind kind)
{
	struct type *t = type_new(ps, loc, TYPE_POINTER);

	t->target = target;
	t->pointer = kind;
	return t;
}

static struct type *declared(struct parser *ps, struct declarator *d,
			     struct type *t)
{
	for (unsigned int i = 0; i < d->stars; i++) {
		t = pointer_to(ps, d->loc, t, POINTER_DEFAULT);
	}
	return apply_dims(ps, d, t, d->dims);
}

/* The first argument counts the outermost array or pointer, the second the
 * next one, and so on ([C706] 4.2.19; MIDL's size_is(,n)). */
static struct type *apply_counts(struct parser *ps, const struct attr *attr,
				 struct type *t, bool is_length)
{
	struct type *copy, **at = &t;

	for (struct expr *e = attr->args; e != NULL; e = e->next) {
		if ((*at)->kind != TYPE_POINTER && (*at)->kind != TYPE_ARRAY) {
			unit_error(ps->unit, attr->loc,
				   "expected an array or a pointer for %s",
				   attr->name);
			return t;
		}
		copy = talloc(ps->unit, struct type);
		*copy = **at; /* a typedef's type is others' too */
		*at = copy;
		if (copy->kind == TYPE_POINTER && e->kind != EXPR_EMPTY) {
			if (copy->target->kind != TYPE_ARRAY || !is_length) {
				copy->target = array_of(ps, attr->loc,
							copy->target, NULL);
			}
			at = &copy->target;
			copy = *at;
		}
		if (e->kind != EXPR_EMPTY) {
			*(is_length ? &copy->length : &copy->size) = e;
			copy->conformant = copy->conformant || !is_length;
		}
		at = &copy->target;
	}
	return t;
}

static bool is_utf16(struct parser *ps, const struct attr *attrs,
		     const struct type *unit)
{
	const struct attr *charset = attr_find(attrs, "charset");
	const char *name;

	if (charset == NULL) {
		return unit->kind == TYPE_SCALAR && unit->scalar->size == 2;
	}
	name = charset->args == NULL ? NULL : charset->args->text;
	if (name != NULL && strcmp(name, "UTF16") == 0) {
		return true;
	}
	if (name == NULL ||
	    (strcmp(name, "UTF8") != 0 && strcmp(name, "DOS") != 0)) {
		unit_error(ps->unit, charset->loc,
			   "expected charset(UTF8), charset(UTF16) or "
			   "charset(DOS)");
	}
	return false;
}

/* [string]: the innermost array or pointer of characters. */
static struct type *apply_string(struct parser *ps, struct attr *attrs,
				 struct type *t, struct loc loc)
{
	struct type *inner, *s;

	if (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) {
		inner = t->target;
		if (inner->kind == TYPE_POINTER || inner->kind == TYPE_ARRAY) {
			s = talloc(ps->unit, struct type);
			*s = *t;
			s->target = apply_string(ps, attrs, inner, loc);
			return s;
		}
		if (inner->kind == TYPE_SCALAR && inner->scalar->character) {
			s = type_new(ps, loc, TYPE_STRING);
			s->utf16 = is_utf16(ps, attrs, inner);
			s->target = inner;
			if (t->kind == TYPE_ARRAY) {
				s->size = t->size;
				return s;
			}
			return pointer_to(ps, loc, s, t->pointer);
		}
	}
	if (t->kind == TYPE_STRING ||
	    (t->kind == TYPE_POINTER && t->target->kind == TYPE_STRING)) {
		return t; /* a typedef said it already */
	}
	if (t->kind != TYPE_ERROR) {
		unit_error(ps->unit, loc,
			   "expected a pointer to, or an array of, char or "
			   "wchar_t for a string");
	}
	return t;
}

static struct type *apply_attrs(struct parser *ps, struct attr *attrs,
				struct type *t, struct loc loc)
{
	const struct attr *a = attr_find(attrs, "size_is");
	enum pointer_kind kind = decl_pointer_attr(attrs);
	struct type *copy;

	if (kind != POINTER_DEFAULT && t->kind == TYPE_POINTER) {
		copy = talloc(ps->unit, struct type);
		*copy = *t;
		copy->pointer = kind;
		t = copy;
	}
	if (a != NULL) {
		t = apply_counts(ps, a, t, false);
	}
	a = attr_find(attrs, "length_is");
	if (a != NULL) {
		t = apply_counts(ps, a, t, true);
	}
	if (attr_find(attrs, "string") != NULL) {
		t = apply_string(ps, attrs, t, loc);
	}
	return t;
}

static void arm_labels(struct parser *ps, struct field *f)
{
	const struct attr *c = attr_find(f->attrs, "case");
	const struct attr *a = attr_find(f->attrs, "switch_is");

	f->is_default = attr_find(f->attrs, "default") != NULL;
	if (c != NULL) {
		f->cases = c->args;
		if (c->args == NULL) {
			unit_error(ps->unit, c->loc,
				   "expected the values of the case");
		}
	}
	if (a != NULL) {
		f->switch_is = a->args;
	}
}

struct field *decl_fields(struct parser *ps, struct attr *attrs,
			  struct type *type, struct declarator *names)
{
	struct field *first = NULL, **end = &first;
	const struct attr *a = attr_find(attrs, "switch_type");

	if (a != NULL && type->kind == TYPE_UNION && a->args != NULL) {
		type->switch_type =
			a->args->kind == EXPR_TYPE
				? a->args->type
				: decl_lookup(ps, a->args->loc, a->args->text);
	}
	for (struct declarator *d = names; d != NULL; d = d->next) {
		struct field *f = talloc_zero(ps->unit, struct field);

		f->name = d->name;
		f->loc = d->loc;
		f->attrs = attrs;
		f->type = apply_attrs(ps, attrs, declared(ps, d, type), d->loc);
		arm_labels(ps, f);
		*end = f;
		end = &f->next;
	}
	return first;
}

struct field *decl_unnamed(struct parser *ps, struct loc loc,
			   struct attr *attrs, struct type *type)
{
	struct declarator name = {.name = "u", .loc = loc};

	if (type->tag != NULL ||
	    (type->kind != TYPE_UNION && type->kind != TYPE_STRUCT)) {
		unit_error(ps->unit, loc, "expected a name for the member");
	}
	return decl_fields(ps, attrs, type, &name);
}

struct field *decl_empty_arm(struct parser *ps, struct loc loc,
			     struct attr *attrs)
{
	struct field *f = talloc_zero(ps->unit, struct field);

	f->loc = loc;
	f->attrs = attrs;
	f->type = type_new(ps, loc, TYPE_VOID);
	arm_labels(ps, f);
	return f;
}

/* --- whole declarations ----------------------------------------------- */

static void enum_width(struct type *t)
{
	static const struct {
		const char *name;
		unsigned int width;
	} widths[] = {
		{"v1_enum", 4},	    {"enum8bit", 1},	{"enum16bit", 2},
		{"enum32bit", 4},   {"bitmap8bit", 1},	{"bitmap16bit", 2},
		{"bitmap32bit", 4}, {"bitmap64bit", 8},
	};

	t->width = t->kind == TYPE_BITMAP ? 4 : 2;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		if (attr_find(t->attrs, widths[i].name) != NULL) {
			t->width = widths[i].width;
		}
	}
}

/* Attributes of a type definition: they hold for the body it has. */
static void type_attrs(struct parser *ps, struct attr *attrs, struct type *t)
{
	const struct attr *a = attr_find(attrs, "switch_type");

	if (!t->defined || t->checked != 0 || t->attrs != NULL) {
		return;
	}
	t->attrs = attrs;
	if (attr_find(attrs, "plain") != NULL) {
		t->plain = true;
	}
	if (attr_find(attrs, "ms_union") != NULL) {
		t->ms_union = true;
	}
	if (a != NULL && a->args != NULL && t->kind == TYPE_UNION) {
		t->switch_type =
			a->args->kind == EXPR_TYPE
				? a->args->type
				: decl_lookup(ps, a->args->loc, a->args->text);
	}
	if (t->kind == TYPE_ENUM || t->kind == TYPE_BITMAP) {
		enum_width(t);
	}
}

void decl_typedef(struct parser *ps, struct attr *attrs, struct type *type,
		  struct declarator *names)
{
	type_attrs(ps, attrs, type);
	for (struct declarator *d = names; d != NULL; d = d->next) {
		struct symbol *s = symbol_find(ps->unit, d->name, false);
		struct type *t;

		if (d->stars == 0 && d->dims == NULL && type->defined &&
		    !type->named) {
			type->name = d->name;
			type->named = true;
		}
		/* MS-DTYP's GUID, NTTIME and the like: ours stand. */
		if (scalar_type(ps, d->loc, d->name) != NULL) {
			continue;
		}
		t = apply_attrs(ps, attrs, declared(ps, d, type), d->loc);
		/* What was only imported may be defined anew. */
		if (s != NULL && (!s->imported || ps->imported)) {
			unit_error(ps->unit, d->loc, "'%s' is defined twice",
				   d->name);
			continue;
		}
		symbol_add(ps, d->name, false, t);
	}
}

void decl_alone(struct parser *ps, struct loc loc, struct attr *attrs,
		struct type *type)
{
	type_attrs(ps, attrs, type);
	if (type->kind == TYPE_ERROR) {
		return;
	}
	if (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION &&
	    type->kind != TYPE_ENUM && type->kind != TYPE_BITMAP) {
		unit_error(ps->unit, loc, "expected a name after the type");
		return;
	}
	if (type->defined && type->tag == NULL) {
		unit_error(ps->unit, type->loc, "the %s has no name",
			   kind_word(type->kind));
	}
}

void decl_define(struct parser *ps, struct loc loc, const char *name,
		 struct expr *value)
{
	struct named_const *c = talloc_zero(ps->unit, struct named_const);

	c->name = name;
	c->value = value;
	c->imported = ps->imported;
	add_constant(ps, loc, name, value);
	*ps->unit->last_const = c;
	ps->unit->last_const = &c->next;
}

struct expr *decl_sizeof(struct parser *ps, struct loc loc,
			 const struct type *type)
{
	struct expr *e = expr_new(ps, loc, EXPR_NUMBER);

	if (type->kind != TYPE_SCALAR || !type->scalar->fixed) {
		unit_error(ps->unit, loc, "expected a type of fixed size");
		return e;
	}
	e->number = type->scalar->size;
	return e;
}
