/* pidl-gen/decl.h - what the parser calls for each thing it has read. */
#ifndef PIDL_GEN_DECL_H
#define PIDL_GEN_DECL_H

#include "pidl-gen/ast.h"

struct parser {
	struct unit *unit;
	const char *file;
	bool imported;
	struct loc comment; /* where the open comment began */
	int column;	    /* of the next character */
	unsigned int depth; /* of braces and parentheses */
};

/* The words of an integer type, in any order. */
enum {
	INT_UNSIGNED = 0x01,
	INT_SIGNED = 0x02,
	INT_CHAR = 0x04,
	INT_SMALL = 0x08,
	INT_SHORT = 0x10,
	INT_LONG = 0x20,
	INT_INT = 0x40,
	INT_HYPER = 0x80,
};

struct type *decl_int_type(struct parser *ps, struct loc loc, int words);

/* The builtin, typedef or tag of that name. */
struct type *decl_lookup(struct parser *ps, struct loc loc, const char *name);

/* struct NAME without a body. */
struct type *decl_tag(struct parser *ps, struct loc loc, enum type_kind kind,
		      const char *name);

/* A type whose body follows; tag may be NULL. */
struct type *decl_begin(struct parser *ps, struct loc loc, enum type_kind kind,
			const char *tag);
void decl_body_fields(struct parser *ps, struct type *t, struct field *fields);
void decl_body_values(struct parser *ps, struct type *t,
		      struct constant *values);

/* union switch (type name) arm { ... }: the struct of both. */
struct type *decl_encapsulated(struct parser *ps, struct type *outer,
			       struct field *tag, const char *arm,
			       struct field *arms);

/* The fields of one member declaration, in order. */
struct field *decl_fields(struct parser *ps, struct attr *attrs,
			  struct type *type, struct declarator *names);
/* A union or struct within another that was given no name: it is called u. */
struct field *decl_unnamed(struct parser *ps, struct loc loc,
			   struct attr *attrs, struct type *type);
struct field *decl_empty_arm(struct parser *ps, struct loc loc,
			     struct attr *attrs);

void decl_typedef(struct parser *ps, struct attr *attrs, struct type *type,
		  struct declarator *names);
/* A struct, union, enum or bitmap by itself. */
void decl_alone(struct parser *ps, struct loc loc, struct attr *attrs,
		struct type *type);
/* const TYPE NAME = value; or #define NAME value. */
void decl_define(struct parser *ps, struct loc loc, const char *name,
		 struct expr *value);
struct expr *decl_sizeof(struct parser *ps, struct loc loc,
			 const struct type *type);
void decl_method(struct parser *ps, struct attr *attrs, struct type *result,
		 struct declarator *name, struct field *params);
void decl_interface(struct parser *ps, struct attr *attrs, const char *name);
void decl_interface_end(struct parser *ps);
/* Reads the file; false when it is not there or has errors. */
bool decl_import(struct parser *ps, struct loc loc, const char *name);

/* ref, unique or ptr among attrs. */
enum pointer_kind decl_pointer_attr(const struct attr *attrs);

/* An attribute; one that is not known is an error. */
struct attr *attr_new(struct parser *ps, struct loc loc, const char *name,
		      struct expr *args);

struct expr *expr_new(struct parser *ps, struct loc loc, enum expr_kind kind);
struct expr *expr_op(struct parser *ps, struct loc loc, const char *op,
		     struct expr *a, struct expr *b);

#endif
