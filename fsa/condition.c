/* fsa/condition.c - see condition.h.  An expression is a series of tokens in
 * postfix notation, worked off with a stack ([MS-DTYP] 2.5.3.1.5). */
#include "fsa/condition.h"

#include "fsa/access_check.h"
#include "lib/wire.h"

#define SIGNATURE 0x78747261u /* "artx" */
#define MAX_STACK 64

enum token {
	PADDING = 0x00,
	INT8 = 0x01,
	INT64 = 0x04,
	STRING = 0x10,
	OCTETS = 0x18,
	COMPOSITE = 0x50,
	SID = 0x51,
	EQUAL_TO = 0x80,
	CONTAINS = 0x86,
	EXISTS = 0x87,
	ANY_OF = 0x88,
	MEMBER_OF = 0x89,
	DEVICE_MEMBER_OF = 0x8a,
	MEMBER_OF_ANY = 0x8b,
	DEVICE_MEMBER_OF_ANY = 0x8c,
	NOT_EXISTS = 0x8d,
	NOT_CONTAINS = 0x8e,
	NOT_ANY_OF = 0x8f,
	NOT_MEMBER_OF = 0x90,
	NOT_DEVICE_MEMBER_OF = 0x91,
	NOT_MEMBER_OF_ANY = 0x92,
	NOT_DEVICE_MEMBER_OF_ANY = 0x93,
	AND = 0xa0,
	OR = 0xa1,
	NOT = 0xa2,
	LOCAL = 0xf8,
	RESOURCE = 0xfa,
	DEVICE = 0xfb
};

enum kind {
	LITERAL,
	ATTRIBUTE,
	RESULT
};

struct operand {
	enum kind kind;
	uint8_t code;		 /* of a literal or an attribute */
	struct wire_reader data; /* of a literal */
	enum condition value;	 /* of a result */
};

struct evaluation {
	const struct security_token *token;
	bool has_attributes;
	bool failed; /* then the whole is unknown: 2.4.4.17.6 */
	size_t depth;
	struct operand stack[MAX_STACK];
};

static void push(struct evaluation *e, struct operand o)
{
	if (e->depth == MAX_STACK) {
		e->failed = true;
		return;
	}
	e->stack[e->depth++] = o;
}

static void push_result(struct evaluation *e, enum condition value)
{
	push(e, (struct operand){.kind = RESULT, .value = value});
}

static struct operand pop(struct evaluation *e)
{
	if (e->depth == 0) {
		e->failed = true;
		return (struct operand){.kind = RESULT,
					.value = CONDITION_UNKNOWN};
	}
	return e->stack[--e->depth];
}

static enum condition not(enum condition c) {
	switch (c){case CONDITION_FALSE : return CONDITION_TRUE;
		   case CONDITION_TRUE : return CONDITION_FALSE;
		   default : return CONDITION_UNKNOWN;
}
}

/* --- operators ----------------------------------------------------------- */

/* 2.4.4.17.7; no attribute is known. */
static enum condition logical(struct evaluation *e, struct operand o)
{
	if (o.kind == LITERAL) {
		e->failed = true;
	}
	return o.kind == RESULT ? o.value : CONDITION_UNKNOWN;
}

static enum condition both(enum condition a, enum condition b)
{
	if (a == CONDITION_FALSE || b == CONDITION_FALSE) {
		return CONDITION_FALSE;
	}
	return a == CONDITION_TRUE && b == CONDITION_TRUE ? CONDITION_TRUE
							  : CONDITION_UNKNOWN;
}

static void evaluate_binary(struct evaluation *e, uint8_t code)
{
	enum condition right = logical(e, pop(e));
	enum condition left = logical(e, pop(e));

	push_result(e, code == AND ? both(left, right)
				   : not(both(not(left), not(right))));
}

/* 2.4.4.17.6: an attribute with a literal or another one. */
static void evaluate_relation(struct evaluation *e)
{
	struct operand right = pop(e);
	struct operand left = pop(e);

	if (left.kind != ATTRIBUTE || right.kind == RESULT) {
		e->failed = true;
	}
	push_result(e, CONDITION_UNKNOWN);
}

static void evaluate_exists(struct evaluation *e, bool inverse)
{
	struct operand o = pop(e);
	enum condition value = CONDITION_FALSE;

	if (o.kind != ATTRIBUTE || (o.code != LOCAL && o.code != RESOURCE)) {
		e->failed = true;
	}
	if (o.code == RESOURCE && e->has_attributes) {
		value = CONDITION_UNKNOWN;
	}
	push_result(e, inverse ? not(value) : value);
}

/* One SID of a literal; the next of a composite one. */
static bool read_sid(struct wire_reader *r, struct sid *out)
{
	uint32_t length = wire_u32(r);
	struct wire_reader bytes = wire_field(r, r->pos, length);

	*out = sid_read(&bytes);
	wire_skip(r, length);
	return wire_ok(r) && wire_ok(&bytes) && wire_left(&bytes) == 0;
}

static void evaluate_membership(struct evaluation *e, uint8_t code)
{
	bool of_any = code == MEMBER_OF_ANY || code == DEVICE_MEMBER_OF_ANY ||
		      code == NOT_MEMBER_OF_ANY ||
		      code == NOT_DEVICE_MEMBER_OF_ANY;
	bool of_device = code == DEVICE_MEMBER_OF ||
			 code == DEVICE_MEMBER_OF_ANY ||
			 code == NOT_DEVICE_MEMBER_OF ||
			 code == NOT_DEVICE_MEMBER_OF_ANY;
	struct operand o = pop(e);
	struct wire_reader r = o.data;
	bool all = true;
	bool any = false;
	struct sid sid;

	if (o.kind != LITERAL || (o.code != SID && o.code != COMPOSITE)) {
		e->failed = true;
		return;
	}
	do {
		bool member;

		if (o.code == COMPOSITE && wire_u8(&r) != SID) {
			e->failed = true;
		}
		if (e->failed || !read_sid(&r, &sid)) {
			e->failed = true;
			return;
		}
		/* No device is known: its list of groups is empty. */
		member = !of_device && token_has_sid(e->token, &sid);
		all = all && member;
		any = any || member;
	} while (wire_left(&r) > 0);
	push_result(e, (of_any ? any : all) != (code >= NOT_MEMBER_OF)
			       ? CONDITION_TRUE
			       : CONDITION_FALSE);
}

static void evaluate_operator(struct evaluation *e, uint8_t code)
{
	switch (code) {
	case EXISTS:
	case NOT_EXISTS:
		evaluate_exists(e, code == NOT_EXISTS);
		break;
	case AND:
	case OR:
		evaluate_binary(e, code);
		break;
	case NOT:
		push_result(e, not(logical(e, pop(e))));
		break;
	case ANY_OF:
	case NOT_CONTAINS:
	case NOT_ANY_OF:
		evaluate_relation(e);
		break;
	default:
		if (code >= EQUAL_TO && code <= CONTAINS) {
			evaluate_relation(e);
		} else if (code >= MEMBER_OF &&
			   code <= NOT_DEVICE_MEMBER_OF_ANY) {
			evaluate_membership(e, code);
		} else {
			e->failed = true;
		}
	}
}

/* --- tokens -------------------------------------------------------------- */

static void read_value(struct evaluation *e, struct wire_reader *r,
		       uint8_t code)
{
	struct operand o = {
		.kind = code >= LOCAL ? ATTRIBUTE : LITERAL,
		.code = code,
	};
	size_t begin = r->pos;
	size_t length = 10; /* a number, its sign and base */

	if (code > INT64) {
		length = wire_u32(r);
		/* A SID keeps its length before it, as in a composite. */
		begin = code == SID ? begin : r->pos;
		length += r->pos - begin;
	}
	o.data = wire_field(r, begin, length);
	wire_seek(r, begin);
	wire_skip(r, length);
	push(e, o);
}

static bool is_value(uint8_t code)
{
	return (code >= INT8 && code <= INT64) || code == STRING ||
	       code == OCTETS || code == COMPOSITE || code == SID ||
	       (code >= LOCAL && code <= DEVICE);
}

static bool is_padding(struct wire_reader r)
{
	while (wire_left(&r) > 0) {
		if (wire_u8(&r) != PADDING) {
			return false;
		}
	}
	return true;
}

enum condition condition_evaluate(struct blob data,
				  const struct security_token *token,
				  bool has_attributes)
{
	struct wire_reader r = wire_reader(data.data, data.length);
	struct evaluation e = {.token = token,
			       .has_attributes = has_attributes};
	enum condition value;

	e.failed = wire_u32(&r) != SIGNATURE;
	while (!e.failed && wire_left(&r) > 0 && !is_padding(r)) {
		uint8_t code = wire_u8(&r);

		if (is_value(code)) {
			read_value(&e, &r, code);
		} else {
			evaluate_operator(&e, code);
		}
		e.failed = e.failed || !wire_ok(&r);
	}
	value = logical(&e, pop(&e));
	return e.failed || e.depth > 0 ? CONDITION_UNKNOWN : value;
}
