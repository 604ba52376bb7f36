/* pidl-gen/gen.h - writes C.  One file per kind of function; what they share
 * is in gen.c. */
#ifndef PIDL_GEN_GEN_H
#define PIDL_GEN_GEN_H

#include <stdio.h>

#include "pidl-gen/check.h"

struct gen {
	struct unit *unit;
	FILE *out;
	const char *include; /* of the generated header: "idl/token_gen.h" */
	int indent;
	const struct type *self; /* the struct or union being written */
	const char *var;	 /* how its value is called in C */
	int loops;		 /* open loops: the next counter's number */
};

/* A line, indented; gen_open and gen_close also move the indentation. */
void gen_line(struct gen *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void gen_open(struct gen *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void gen_close(struct gen *g);
void gen_blank(struct gen *g);

/* The next type of the main file that has a body of members. */
struct type *gen_next_body(struct type *t);

/* "const uint32_t *name[4]": how a member is declared. */
char *gen_declare(struct gen *g, const struct type *t, const char *name);
/* "struct foo": the type of one value in C, without arrays. */
const char *gen_c_type(struct gen *g, const struct type *t);
/* "struct foo *in": its value as a parameter, with the level of a union. */
char *gen_param(struct gen *g, const struct type *t, bool is_const,
		const char *name);
/* "level, " for a union, "" for a struct. */
const char *gen_level_arg(const struct type *t);

/* An expression over the members of g->var. */
char *gen_expr(struct gen *g, const struct expr *e);
/* "&in->x" without "&*". */
char *gen_address(struct gen *g, const char *v);

/* The condition that v is in f's range. */
char *gen_range(struct gen *g, const struct field *f, const char *v);

/* for (size_t i0 = 0; i0 < count[ && also]; i0++) {  Returns "v[i0]". */
char *gen_loop(struct gen *g, const char *v, const char *count,
	       const char *also);
void gen_loop_end(struct gen *g);

/* switch (level) { ... } over the arms: arm is called for each with a value;
 * fail is the line for a level without an arm. */
void gen_switch(struct gen *g, const struct type *t, const char *fail,
		void (*arm)(struct gen *g, const struct field *f,
			    const char *v));

/* Is an element of t one byte, copied as it is? */
bool gen_is_byte(const struct type *t);
/* The bytes of an integer, enum or bitmap as ndr_*_SUFFIX has it. */
const char *gen_suffix(const struct type *t);

/* Has it, in a plain type, a fixed size and no pointers? */
bool gen_is_storable(const struct type *t);
/* The first member from f on that does not belong to a run, or NULL; size is
 * what the run takes. */
const struct field *gen_run_end(const struct field *f, size_t *size);
/* Is there a run of more than one member? */
bool gen_has_run(const struct type *t);
/* The members from f up to end, at b. */
void gen_store_run(struct gen *g, const struct field *f,
		   const struct field *end);
void gen_load_run(struct gen *g, const struct field *f,
		  const struct field *end);
/* ndr_store_T and ndr_load_T of a type that is one run. */
void gen_store_load(struct gen *g, const struct type *t);

/* #include lines for what was imported: "idl/token_gen" and suffix. */
void gen_gather_imports(struct gen *g, const char *suffix);

/* What interfaces with methods are. */
void gen_ifaces(struct gen *g);

void gen_header(struct gen *g);
void gen_push(struct gen *g, struct type *t);
void gen_pull(struct gen *g, struct type *t);
void gen_print(struct gen *g, struct type *t);
void gen_print_names(struct gen *g);
void gen_top(struct gen *g, struct type *t);
void gen_test_header(struct gen *g);
void gen_test(struct gen *g);

#endif
