/* pidl-gen/check.h - names resolved, rules checked, layouts computed. */
#ifndef PIDL_GEN_CHECK_H
#define PIDL_GEN_CHECK_H

#include "pidl-gen/ast.h"

/* Completes every type; what is wrong is said and counted. */
void unit_check(struct unit *u);

/* The parameters of a method, as members of t. */
void check_params(struct unit *u, struct type *t);

/* Is it void, or points to it: a binding or context handle? */
bool param_is_handle(const struct field *f);

/* All methods of the main file. */
void iface_check(struct unit *u);

/* The value of an expression of constants; false if it has other names. */
bool expr_value(struct unit *u, const struct expr *e, uint64_t *out);

/* What a pointer in owner is. */
enum pointer_kind pointer_kind(const struct type *owner,
			       const struct type *pointer);

/* What a value of type t takes in a struct or union like owner. */
struct layout {
	unsigned int align;
	size_t min_size; /* of the bytes in place, without referents */
	bool fixed;	 /* always min_size, but for alignment */
	bool deferred;
	bool has_conf;
};

struct layout type_layout(const struct type *owner, const struct type *t);

#endif
