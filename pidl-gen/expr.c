/* pidl-gen/expr.c - the value of constant expressions. */
#include <string.h>

#include "pidl-gen/check.h"

#define MAX_EXPR_DEPTH 200

static bool value_of(struct unit *u, const struct expr *e, int depth,
		     uint64_t *out);

static bool name_value(struct unit *u, const struct expr *e, int depth,
		       uint64_t *out)
{
	for (struct symbol *s = u->symbols; s != NULL; s = s->next) {
		if (s->constant != NULL && strcmp(s->name, e->text) == 0) {
			return value_of(u, s->constant, depth + 1, out);
		}
	}
	return false;
}

static bool binary_value(const char *op, uint64_t a, uint64_t b, uint64_t *out)
{
	switch (op[0]) {
	case '+':
		*out = a + b;
		return true;
	case '-':
		*out = a - b;
		return true;
	case '*':
		*out = a * b;
		return true;
	case '/':
		*out = b == 0 ? 0 : a / b;
		return b != 0;
	case '%':
		*out = b == 0 ? 0 : a % b;
		return b != 0;
	case '&':
		*out = a & b;
		return true;
	case '|':
		*out = a | b;
		return true;
	case '^':
		*out = a ^ b;
		return true;
	case '<':
		*out = b > 63 ? 0 : a << b;
		return true;
	default:
		*out = b > 63 ? 0 : a >> b;
		return true;
	}
}

static bool unary_value(const char *op, uint64_t a, uint64_t *out)
{
	*out = op[0] == '-' ? 0 - a : op[0] == '~' ? ~a : !a;
	return true;
}

static bool value_of(struct unit *u, const struct expr *e, int depth,
		     uint64_t *out)
{
	uint64_t a = 0, b = 0;

	if (depth > MAX_EXPR_DEPTH) {
		return false;
	}
	switch (e->kind) {
	case EXPR_NUMBER:
		*out = e->number;
		return true;
	case EXPR_NAME:
		return name_value(u, e, depth, out);
	case EXPR_UNARY:
		return value_of(u, e->a, depth + 1, &a) &&
		       unary_value(e->text, a, out);
	case EXPR_BINARY:
		return value_of(u, e->a, depth + 1, &a) &&
		       value_of(u, e->b, depth + 1, &b) &&
		       binary_value(e->text, a, b, out);
	case EXPR_CHOICE:
		return value_of(u, e->a, depth + 1, &a) &&
		       value_of(u, a ? e->b : e->c, depth + 1, out);
	default:
		return false;
	}
}

bool expr_value(struct unit *u, const struct expr *e, uint64_t *out)
{
	uint64_t value = 0;

	if (!value_of(u, e, 0, &value)) {
		return false;
	}
	*out = value;
	return true;
}
