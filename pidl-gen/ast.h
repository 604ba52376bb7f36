/* pidl-gen/ast.h - what an .idl file says, as the parser builds it and the
 * checker completes it.  All of it lives on one talloc context. */
#ifndef PIDL_GEN_AST_H
#define PIDL_GEN_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

struct loc {
	const char *file;
	int line;
	int column;
};

/* --- expressions ------------------------------------------------------ */

enum expr_kind {
	EXPR_EMPTY, /* the missing argument of size_is(,n) */
	EXPR_NUMBER,
	EXPR_NAME,   /* a member, a constant or an enum value */
	EXPR_STRING, /* text */
	EXPR_UUID,   /* text */
	EXPR_TYPE,   /* type: the argument of switch_type */
	EXPR_DEREF,  /* *a */
	EXPR_UNARY,  /* op a */
	EXPR_BINARY, /* a op b */
	EXPR_CHOICE, /* a ? b : c */
};

struct field;

struct expr {
	enum expr_kind kind;
	struct loc loc;
	uint64_t number;
	const char *text; /* name, string, operator */
	struct type *type;
	const struct field *field; /* what a name was found to be, or NULL */
	struct expr *a, *b, *c;
	struct expr *next; /* in a list of arguments */
};

struct attr {
	const char *name;
	struct loc loc;
	struct expr *args;
	struct attr *next;
};

/* --- types ------------------------------------------------------------ */

enum scalar_kind {
	SCALAR_UNSIGNED,
	SCALAR_SIGNED,
	SCALAR_BOOL,
	SCALAR_FLOAT,
	SCALAR_GUID,
	SCALAR_SID,
	SCALAR_NTTIME,
	SCALAR_BLOB,
};

struct scalar {
	const char *name;   /* in IDL */
	const char *c_name; /* in C */
	const char *suffix; /* of the run-time functions */
	enum scalar_kind kind;
	unsigned int size; /* bytes; the least, when they vary */
	unsigned int align;
	bool fixed;
	bool character; /* char or wchar_t: may be a string's */
};

enum type_kind {
	TYPE_ERROR, /* stands for one that was not found */
	TYPE_VOID,
	TYPE_SCALAR,
	TYPE_ENUM,
	TYPE_BITMAP,
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_POINTER,
	TYPE_ARRAY,
	TYPE_STRING,
};

enum pointer_kind {
	POINTER_DEFAULT,
	POINTER_REF,
	POINTER_UNIQUE,
	POINTER_FULL,
};

struct constant {
	const char *name;
	struct loc loc;
	struct expr *value; /* NULL: one more than the one before */
	uint64_t number;
	struct constant *next;
};

struct type {
	enum type_kind kind;
	struct loc loc;
	const char *tag;  /* as written, or NULL */
	const char *name; /* in C */
	struct attr *attrs;
	bool defined;	       /* has a body */
	bool imported;	       /* its code is in another file */
	bool named;	       /* by a typedef or a usable tag */
	struct type *next_def; /* all defined types, in order */

	const struct scalar *scalar;
	unsigned int width; /* bytes of an enum or a bitmap */
	struct constant *values;

	bool plain;
	struct field *fields;
	struct type *switch_type;	   /* of a union */
	enum pointer_kind pointer_default; /* for the members */
	bool ms_union;			   /* [MS-RPCE] 2.2.4.5 */
	bool encapsulated; /* sent without a discriminant of its own */

	enum pointer_kind pointer;
	struct type *target; /* of a pointer, an array; unit of a string */
	struct expr *size;   /* of an array: a number when fixed */
	struct expr *length; /* varying: how many of them are sent */
	bool conformant;     /* size is known at run time, or by size_is */
	bool utf16;

	/* Completed by check.c. */
	bool wanted; /* imported, and used */
	int checked; /* 0 no, 1 being looked at, 2 yes */
	unsigned int align;
	unsigned int arm_align; /* of a union: the greatest of its arms */
	size_t min_size;
	bool fixed;	/* all values take min_size bytes (plain) */
	bool deferred;	/* has referents after its scalars (NDR) */
	bool has_conf;	/* its array's count goes first (NDR) */
	bool recursive; /* can reach itself */
};

struct field {
	const char *name; /* NULL: an arm without a value */
	struct loc loc;
	struct type *type;
	struct type *owner;
	struct attr *attrs;
	struct expr *switch_is;
	struct expr *cases; /* of an arm */
	bool is_default;
	bool has_range;
	int64_t low, high;
	struct field *next;
};

/* A declarator before it has met its type. */
struct declarator {
	const char *name;
	struct loc loc;
	unsigned int stars;
	struct expr *dims; /* EXPR_EMPTY for [] and [*] */
	struct declarator *next;
};

/* --- the whole -------------------------------------------------------- */

struct symbol {
	const char *name;
	bool tag;
	struct type *type;
	struct expr *constant; /* a constant's value, else NULL */
	bool imported;
	struct symbol *next;
};

struct method {
	const char *name;
	struct loc loc;
	unsigned int opnum;
	struct type *result;
	struct type *params; /* a struct of them all */
	struct method *next;
};

struct interface {
	const char *name;
	const struct attr *attrs;
	bool imported;
	struct method *methods, **last_method;
	unsigned int num_methods;
	struct interface *next;
};

struct named_const {
	const char *name;
	struct expr *value;
	bool imported;
	struct named_const *next;
};

struct import {
	const char *name; /* as written */
	struct import *next;
};

struct unit {
	struct symbol *symbols;
	struct type *first_def, **last_def;
	struct named_const *consts, **last_const;
	struct import *imports;	 /* of the main file itself */
	struct import *seen;	 /* all files read, by path */
	const char *const *dirs; /* where imports are looked for */
	unsigned int import_depth;
	int errors;

	struct interface *interfaces, **last_interface;

	/* The interface being read. */
	struct interface *interface; /* NULL outside */
	bool plain;
	bool ms_union;
	enum pointer_kind pointer_default;
};

/* Says "file:line:column: error: ..." on stderr and counts it. */
void unit_error(struct unit *u, struct loc loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads a file into u, which owns what it makes. imported: for use only. */
bool unit_read(struct unit *u, const char *path, bool imported);

/* The attribute of that name, or NULL. */
const struct attr *attr_find(const struct attr *list, const char *name);

#endif
