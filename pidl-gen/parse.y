/* pidl-gen/parse.y - the grammar: DCE/MIDL with the additions that
 * docs/pidl-gen.md describes. */
%define api.pure full
%define api.prefix {pidl_}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param { void *scanner }
%parse-param { struct parser *ps }

%code requires {
#include "pidl-gen/decl.h"
}

%code {
#include <string.h>

int pidl_lex(PIDL_STYPE *value, PIDL_LTYPE *at, void *scanner);
char *pidl_get_text(void *scanner);
static void pidl_error(PIDL_LTYPE *at, void *scanner, struct parser *ps,
		       const char *message);

#define LOC(at) ((struct loc){ps->file, (at).first_line, (at).first_column})

#define MAX_DEPTH 64

/* Braces and parentheses: bounded, as every recursion is. */
#define DEEPER(at)                                                             \
	do {                                                                   \
		if (++ps->depth > MAX_DEPTH) {                                 \
			unit_error(ps->unit, LOC(at), "nested too deeply");    \
			YYABORT;                                               \
		}                                                              \
	} while (0)
}

%union {
	const char *text;
	uint64_t number;
	int words;
	struct expr *expr;
	struct attr *attr;
	struct type *type;
	struct field *field;
	struct constant *constant;
	struct declarator *declarator;
}

%token <text> IDENT "a name" STRING "a string" UUID "a UUID"
%token <text> VERSION "a version"
%token <number> NUMBER "a number"
%token STRUCT "struct" UNION "union" ENUM "enum" BITMAP "bitmap"
%token TYPEDEF "typedef" IMPORT "import" INTERFACE "interface" CONST "const"
%token VOID "void" UNSIGNED "unsigned" SIGNED "signed" CHAR "char"
%token SMALL "small" SHORT "short" LONG "long" INT "int" HYPER "hyper"
%token CASE "case" DEFAULT "default" SWITCH "switch"
%token SIZEOF "sizeof" DEFINE "#define"
%token LSHIFT "<<" RSHIFT ">>" DOTS ".."
%token PIDL_EOF 0 "the end of the file"

%right '?'
%left '|'
%left '^'
%left '&'
%left LSHIFT RSHIFT
%left '+' '-'
%left '*' '/' '%'
%precedence UNARY

%type <text> tag_opt attr_name arm_name
%type <words> int_words int_word
%type <expr> expr args arg dim dims case_labels case_label
%type <attr> attrs attr attr_list
%type <type> type base
%type <field> members member arms arm arm_body params param_list param
%type <field> switch_tag cases case_arm
%type <constant> values value value_list
%type <declarator> declarators declarator
%type <number> stars

%%

file:
	definitions
	;

definitions:
	%empty
	| definitions import
	| definitions attrs interface
	| definitions definition
	;

import:
	IMPORT import_names ';'
	;

import_names:
	STRING
	{
		if (!decl_import(ps, LOC(@1), $1)) {
			YYABORT;
		}
	}
	| import_names ',' STRING
	{
		if (!decl_import(ps, LOC(@3), $3)) {
			YYABORT;
		}
	}
	;

interface:
	INTERFACE IDENT	'{'
	{
		decl_interface(ps, $<attr>0, $2);
	}
	body '}' semi_opt		{ decl_interface_end(ps); }
	;

semi_opt:
	%empty
	| ';'
	;

body:
	%empty
	| body import
	| body definition
	;

definition:
	attrs TYPEDEF attrs type declarators ';'
	{
		if ($1 != NULL) {
			unit_error(ps->unit, LOC(@1),
				   "attributes of a typedef come after the "
				   "word typedef");
		}
		decl_typedef(ps, $3, $4, $5);
	}
	| attrs DEFINE IDENT expr
	{
		decl_define(ps, LOC(@3), $3, $4);
	}
	| attrs type ';'		{ decl_alone(ps, LOC(@2), $1, $2); }
	| attrs type declarator '=' expr ';'
	{
		decl_define(ps, $3->loc, $3->name, $5);
	}
	| attrs type declarator '=' STRING ';'
	{
		struct expr *text = expr_new(ps, LOC(@5), EXPR_STRING);

		text->text = $5;
		decl_define(ps, $3->loc, $3->name, text);
	}
	| attrs type declarator '(' params ')' ';'
	{
		decl_method(ps, $1, $2, $3, $5);
	}
	;

/* --- attributes --- */

attrs:
	%empty				{ $$ = NULL; }
	| attrs '[' attr_list ']'
	{
		struct attr **end = &$1;

		while (*end != NULL) {
			end = &(*end)->next;
		}
		*end = $3;
		$$ = $1;
	}
	;

attr_list:
	attr
	| attr ',' attr_list		{ $1->next = $3; $$ = $1; }
	;

attr:
	attr_name		{ $$ = attr_new(ps, LOC(@1), $1, NULL); }
	| attr_name '(' args ')'	{ $$ = attr_new(ps, LOC(@1), $1, $3); }
	;

attr_name:
	IDENT
	| CASE				{ $$ = "case"; }
	| DEFAULT			{ $$ = "default"; }
	;

args:
	arg
	| arg ',' args			{ $1->next = $3; $$ = $1; }
	;

arg:
	%empty			{ $$ = expr_new(ps, LOC(@$), EXPR_EMPTY); }
	| expr
	| STRING
	{
		$$ = expr_new(ps, LOC(@1), EXPR_STRING);
		$$->text = $1;
	}
	| UUID
	{
		$$ = expr_new(ps, LOC(@1), EXPR_UUID);
		$$->text = $1;
	}
	| VERSION
	{
		$$ = expr_new(ps, LOC(@1), EXPR_STRING);
		$$->text = $1;
	}
	| int_words
	{
		$$ = expr_new(ps, LOC(@1), EXPR_TYPE);
		$$->type = decl_int_type(ps, LOC(@1), $1);
	}
	| ENUM IDENT
	{
		$$ = expr_new(ps, LOC(@1), EXPR_TYPE);
		$$->type = decl_tag(ps, LOC(@2), TYPE_ENUM, $2);
	}
	;

/* --- types --- */

type:
	base
	| CONST base			{ $$ = $2; }
	;

base:
	IDENT			{ $$ = decl_lookup(ps, LOC(@1), $1); }
	| VOID			{ $$ = decl_lookup(ps, LOC(@1), "void"); }
	| int_words		{ $$ = decl_int_type(ps, LOC(@1), $1); }
	| STRUCT IDENT		{ $$ = decl_tag(ps, LOC(@2), TYPE_STRUCT, $2); }
	| UNION IDENT		{ $$ = decl_tag(ps, LOC(@2), TYPE_UNION, $2); }
	| ENUM IDENT		{ $$ = decl_tag(ps, LOC(@2), TYPE_ENUM, $2); }
	| BITMAP IDENT		{ $$ = decl_tag(ps, LOC(@2), TYPE_BITMAP, $2); }
	| STRUCT tag_opt '{'
	{
		DEEPER(@3);
		$<type>$ = decl_begin(ps, LOC(@1), TYPE_STRUCT, $2);
	}
	members '}'
	{
		ps->depth--;
		$$ = $<type>4;
		decl_body_fields(ps, $$, $5);
	}
	| UNION tag_opt '{'
	{
		DEEPER(@3);
		$<type>$ = decl_begin(ps, LOC(@1), TYPE_UNION, $2);
	}
	arms '}'
	{
		ps->depth--;
		$$ = $<type>4;
		decl_body_fields(ps, $$, $5);
	}
	| UNION tag_opt SWITCH '(' switch_tag ')' arm_name '{'
	{
		DEEPER(@8);
		$<type>$ = decl_begin(ps, LOC(@1), TYPE_STRUCT, $2);
	}
	cases '}'
	{
		ps->depth--;
		$$ = decl_encapsulated(ps, $<type>9, $5, $7, $10);
	}
	| ENUM tag_opt '{'
	{
		$<type>$ = decl_begin(ps, LOC(@1), TYPE_ENUM, $2);
	}
	values '}'
	{
		$$ = $<type>4;
		decl_body_values(ps, $$, $5);
	}
	| BITMAP tag_opt '{'
	{
		$<type>$ = decl_begin(ps, LOC(@1), TYPE_BITMAP, $2);
	}
	values '}'
	{
		$$ = $<type>4;
		decl_body_values(ps, $$, $5);
	}
	;

tag_opt:
	%empty				{ $$ = NULL; }
	| IDENT
	;

int_words:
	int_word
	| int_words int_word		{ $$ = $1 | $2; }
	;

int_word:
	UNSIGNED	{ $$ = INT_UNSIGNED; }
	| SIGNED	{ $$ = INT_SIGNED; }
	| CHAR		{ $$ = INT_CHAR; }
	| SMALL		{ $$ = INT_SMALL; }
	| SHORT		{ $$ = INT_SHORT; }
	| LONG		{ $$ = INT_LONG; }
	| INT		{ $$ = INT_INT; }
	| HYPER		{ $$ = INT_HYPER; }
	;

/* --- members --- */

members:
	%empty				{ $$ = NULL; }
	| members member
	{
		struct field **end = &$1;

		while (*end != NULL) {
			end = &(*end)->next;
		}
		*end = $2;
		$$ = $1;
	}
	;

member:
	attrs type declarators ';'	{ $$ = decl_fields(ps, $1, $2, $3); }
	| attrs type ';'	{ $$ = decl_unnamed(ps, LOC(@3), $1, $2); }
	;

arms:
	%empty				{ $$ = NULL; }
	| arms arm
	{
		struct field **end = &$1;

		while (*end != NULL) {
			end = &(*end)->next;
		}
		*end = $2;
		$$ = $1;
	}
	;

arm:
	attrs type declarator ';'	{ $$ = decl_fields(ps, $1, $2, $3); }
	| attrs ';'	{ $$ = decl_empty_arm(ps, LOC(@1), $1); }
	;

switch_tag:
	type declarator			{ $$ = decl_fields(ps, NULL, $1, $2); }
	;

arm_name:
	%empty				{ $$ = "tagged_union"; }
	| IDENT
	;

cases:
	%empty				{ $$ = NULL; }
	| cases case_arm
	{
		struct field **end = &$1;

		while (*end != NULL) {
			end = &(*end)->next;
		}
		*end = $2;
		$$ = $1;
	}
	;

case_arm:
	case_labels arm_body
	{
		$$ = $2;
		if ($1->kind == EXPR_EMPTY) {
			$$->is_default = true;
		} else {
			$$->cases = $1;
		}
	}
	;

case_labels:
	case_label
	| case_label case_labels	{ $1->next = $2; $$ = $1; }
	;

case_label:
	CASE expr ':'			{ $$ = $2; }
	| DEFAULT ':'	{ $$ = expr_new(ps, LOC(@1), EXPR_EMPTY); }
	;

arm_body:
	attrs type declarator ';'	{ $$ = decl_fields(ps, $1, $2, $3); }
	| attrs ';'	{ $$ = decl_empty_arm(ps, LOC(@2), $1); }
	;

values:
	value_list
	| value_list ','
	;

value_list:
	value
	| value_list ',' value
	{
		struct constant *last = $1;

		while (last->next != NULL) {
			last = last->next;
		}
		last->next = $3;
		$$ = $1;
	}
	;

value:
	IDENT
	{
		$$ = talloc_zero(ps->unit, struct constant);
		$$->name = $1;
		$$->loc = LOC(@1);
	}
	| IDENT '=' expr
	{
		$$ = talloc_zero(ps->unit, struct constant);
		$$->name = $1;
		$$->loc = LOC(@1);
		$$->value = $3;
	}
	;

declarators:
	declarator
	| declarator ',' declarators	{ $1->next = $3; $$ = $1; }
	;

declarator:
	stars IDENT dims
	{
		$$ = talloc_zero(ps->unit, struct declarator);
		$$->name = $2;
		$$->loc = LOC(@2);
		$$->stars = (unsigned int)$1;
		$$->dims = $3;
	}
	;

stars:
	%empty				{ $$ = 0; }
	| stars '*'			{ $$ = $1 + 1; }
	| stars '*' CONST		{ $$ = $1 + 1; }
	;

dims:
	%empty				{ $$ = NULL; }
	| dim dims			{ $1->next = $2; $$ = $1; }
	;

dim:
	'[' ']'		{ $$ = expr_new(ps, LOC(@1), EXPR_EMPTY); }
	| '[' '*' ']'	{ $$ = expr_new(ps, LOC(@2), EXPR_EMPTY); }
	| '[' expr ']'			{ $$ = $2; }
	;

params:
	%empty				{ $$ = NULL; }
	| param_list
	;

param_list:
	param
	| param ',' param_list
	{
		if ($1 == NULL) {
			$$ = $3;
		} else {
			$1->next = $3;
			$$ = $1;
		}
	}
	;

param:
	attrs type declarator		{ $$ = decl_fields(ps, $1, $2, $3); }
	| attrs type
	{
		$$ = NULL;
		if ($2->kind != TYPE_VOID) {
			unit_error(ps->unit, LOC(@2),
				   "the parameter has no name");
		}
	}
	;

/* --- expressions --- */

expr:
	NUMBER
	{
		$$ = expr_new(ps, LOC(@1), EXPR_NUMBER);
		$$->number = $1;
	}
	| IDENT
	{
		$$ = expr_new(ps, LOC(@1), EXPR_NAME);
		$$->text = $1;
	}
	| SIZEOF '(' type ')'
	{
		$$ = decl_sizeof(ps, LOC(@3), $3);
	}
	| '(' { DEEPER(@1); } expr ')'	{ ps->depth--; $$ = $3; }
	| '*' IDENT %prec UNARY
	{
		$$ = expr_new(ps, LOC(@1), EXPR_DEREF);
		$$->a = expr_new(ps, LOC(@2), EXPR_NAME);
		$$->a->text = $2;
	}
	| '-' expr %prec UNARY	{ $$ = expr_op(ps, LOC(@1), "-", $2, NULL); }
	| '~' expr %prec UNARY	{ $$ = expr_op(ps, LOC(@1), "~", $2, NULL); }
	| '!' expr %prec UNARY	{ $$ = expr_op(ps, LOC(@1), "!", $2, NULL); }
	| expr '+' expr		{ $$ = expr_op(ps, LOC(@2), "+", $1, $3); }
	| expr '-' expr		{ $$ = expr_op(ps, LOC(@2), "-", $1, $3); }
	| expr '*' expr		{ $$ = expr_op(ps, LOC(@2), "*", $1, $3); }
	| expr '/' expr		{ $$ = expr_op(ps, LOC(@2), "/", $1, $3); }
	| expr '%' expr		{ $$ = expr_op(ps, LOC(@2), "%", $1, $3); }
	| expr '&' expr		{ $$ = expr_op(ps, LOC(@2), "&", $1, $3); }
	| expr '|' expr		{ $$ = expr_op(ps, LOC(@2), "|", $1, $3); }
	| expr '^' expr		{ $$ = expr_op(ps, LOC(@2), "^", $1, $3); }
	| expr LSHIFT expr	{ $$ = expr_op(ps, LOC(@2), "<<", $1, $3); }
	| expr RSHIFT expr	{ $$ = expr_op(ps, LOC(@2), ">>", $1, $3); }
	| expr '?' expr ':' expr %prec '?'
	{
		$$ = expr_new(ps, LOC(@2), EXPR_CHOICE);
		$$->a = $1;
		$$->b = $3;
		$$->c = $5;
	}
	;

%%

static void pidl_error(PIDL_LTYPE *at, void *scanner, struct parser *ps,
		       const char *message)
{
	unit_error(ps->unit, LOC(*at), "%s", message);
}

/* Words that begin a type are many; they are said as one.  So are those that
 * begin a value, and operators. */
static bool begins_type(yysymbol_kind_t kind)
{
	return kind == YYSYMBOL_STRUCT || kind == YYSYMBOL_UNION ||
	       kind == YYSYMBOL_ENUM || kind == YYSYMBOL_BITMAP ||
	       kind == YYSYMBOL_VOID || kind == YYSYMBOL_CONST ||
	       kind == YYSYMBOL_IDENT ||
	       (kind >= YYSYMBOL_UNSIGNED && kind <= YYSYMBOL_HYPER);
}

static bool is_one_of(yysymbol_kind_t kind, const char *signs)
{
	const char *name = yysymbol_name(kind);

	return strlen(name) == 3 && name[0] == '\'' &&
	       strchr(signs, name[1]) != NULL;
}

static bool begins_value(yysymbol_kind_t kind)
{
	return kind == YYSYMBOL_NUMBER || kind == YYSYMBOL_IDENT ||
	       kind == YYSYMBOL_SIZEOF || is_one_of(kind, "(-~!*");
}

static bool is_operator(yysymbol_kind_t kind)
{
	return kind == YYSYMBOL_LSHIFT || kind == YYSYMBOL_RSHIFT ||
	       is_one_of(kind, "+-*/%&|^?");
}

/* Kinds that are said as one when the one that marks them is expected. */
static const struct {
	const char *name;
	bool (*has)(yysymbol_kind_t kind);
	yysymbol_kind_t mark;
} groups[] = {
	{"a value", begins_value, YYSYMBOL_NUMBER},
	{"a type", begins_type, YYSYMBOL_STRUCT},
	{"an operator", is_operator, YYSYMBOL_LSHIFT},
};

#define NUM_GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool contains(const yysymbol_kind_t *kinds, int count,
		     yysymbol_kind_t wanted)
{
	for (int i = 0; i < count; i++) {
		if (kinds[i] == wanted) {
			return true;
		}
	}
	return false;
}

static bool in_group(const yysymbol_kind_t *kinds, int count,
		     yysymbol_kind_t kind)
{
	for (size_t i = 0; i < NUM_GROUPS; i++) {
		if (groups[i].has(kind) &&
		    contains(kinds, count, groups[i].mark)) {
			return true;
		}
	}
	return false;
}

static char *add_expected(char *text, const char *name)
{
	return talloc_asprintf_append(text, "%s%s", *text == '\0' ? "" : " or ",
				      name);
}

/* What could have stood here: "';' or ','". */
static char *expected_list(struct parser *ps, const yysymbol_kind_t *kinds,
			   int count)
{
	char *text = talloc_strdup(ps->unit, "");

	for (size_t i = 0; i < NUM_GROUPS; i++) {
		if (contains(kinds, count, groups[i].mark)) {
			text = add_expected(text, groups[i].name);
		}
	}
	for (int i = 0; i < count; i++) {
		if (!in_group(kinds, count, kinds[i])) {
			text = add_expected(text, yysymbol_name(kinds[i]));
		}
	}
	return text;
}

static int yyreport_syntax_error(const yypcontext_t *ctx, void *scanner,
				 struct parser *ps)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	yysymbol_kind_t found = yypcontext_token(ctx);
	int count = yypcontext_expected_tokens(ctx, kinds, YYNTOKENS);
	const char *text = pidl_get_text(scanner);

	if (count < 0) {
		return count;
	}
	if (found == YYSYMBOL_YYEOF || found == YYSYMBOL_YYEMPTY) {
		text = "the end of the file";
	} else {
		text = talloc_asprintf(ps->unit, "'%s'", text);
	}
	unit_error(ps->unit, LOC(*yypcontext_location(ctx)),
		   "expected %s, found %s", expected_list(ps, kinds, count),
		   text);
	return 0;
}
