/* pidl-gen/main.c - pidl-gen [-I DIR]... [--test] -o BASE FILE.idl
 *
 * Writes BASE.h and BASE.c, and BASE.d, which tells make what was imported;
 * with --test BASE_test.h and BASE_test.c instead.
 * On an error it writes nothing and exits with 1. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pidl-gen/gen.h"
#include "pidl-gen/decl.h"
#include "pidl-gen/parse.h"

#define MAX_IMPORTS	 16
#define MAX_IMPORT_DEPTH 16

int pidl_lex_init_extra(struct parser *ps, void **scanner);
int pidl_lex_destroy(void *scanner);
void pidl_set_in(FILE *in, void *scanner);

void unit_error(struct unit *u, struct loc loc, const char *fmt, ...)
{
	va_list ap;

	u->errors++;
	fprintf(stderr, "%s:%d:%d: error: ", loc.file, loc.line, loc.column);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool unit_read(struct unit *u, const char *path, bool imported)
{
	struct parser ps = {
		.unit = u, .file = path, .imported = imported, .column = 1};
	void *scanner = NULL;
	FILE *in = fopen(path, "r");
	int failed;

	if (in == NULL) {
		fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
		u->errors++;
		return false;
	}
	if (pidl_lex_init_extra(&ps, &scanner) != 0) {
		fclose(in);
		return false;
	}
	pidl_set_in(in, scanner);
	failed = pidl_parse(scanner, &ps);
	pidl_lex_destroy(scanner);
	fclose(in);
	if (failed != 0 && u->errors == 0) {
		u->errors++;
	}
	return failed == 0 && u->errors == 0;
}

/* --- imports ---------------------------------------------------------- */

static bool readable(const char *path)
{
	FILE *f = fopen(path, "r");

	if (f != NULL) {
		fclose(f);
	}
	return f != NULL;
}

/* Beside the file that imports it, else in the folders of -I. */
static char *import_path(struct parser *ps, const char *name)
{
	const char *slash = strrchr(ps->file, '/');
	int folder = slash == NULL ? 0 : (int)(slash - ps->file) + 1;
	char *path =
		talloc_asprintf(ps->unit, "%.*s%s", folder, ps->file, name);

	for (const char *const *dir = ps->unit->dirs;
	     *dir != NULL && !readable(path); dir++) {
		path = talloc_asprintf(ps->unit, "%s/%s", *dir, name);
	}
	return readable(path) ? path : NULL;
}

static bool seen_before(struct unit *u, const char *path)
{
	struct import *i;

	for (i = u->seen; i != NULL; i = i->next) {
		if (strcmp(i->name, path) == 0) {
			return true;
		}
	}
	i = talloc_zero(u, struct import);
	i->name = path;
	i->next = u->seen;
	u->seen = i;
	return false;
}

bool decl_import(struct parser *ps, struct loc loc, const char *name)
{
	struct unit *u = ps->unit;
	char *path = import_path(ps, name);
	bool ok;

	if (path == NULL) {
		unit_error(u, loc, "cannot find '%s'", name);
		return false;
	}
	if (!ps->imported) {
		struct import *i = talloc_zero(u, struct import);

		i->name = name;
		i->next = u->imports;
		u->imports = i;
	}
	if (seen_before(u, path)) {
		return true;
	}
	if (u->import_depth >= MAX_IMPORT_DEPTH) {
		unit_error(u, loc, "imports are nested too deeply");
		return false;
	}
	u->import_depth++;
	ok = unit_read(u, path, true);
	u->import_depth--;
	return ok;
}

/* --- output ----------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Writes one file whole or not at all. */
static bool write_file(struct gen *g, const char *idl, const char *path,
		       void (*content)(struct gen *g))
{
	char *temporary = talloc_asprintf(g->unit, "%s.tmp", path);
	bool ok;

	g->out = fopen(temporary, "w");
	if (g->out == NULL) {
		fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
		return false;
	}
	gen_line(g,
		 "/* %s - written by pidl-gen from %s: change that instead. */",
		 base_name(path), base_name(idl));
	content(g);
	ok = ferror(g->out) == 0;
	ok = fclose(g->out) == 0 && ok;
	ok = ok && rename(temporary, path) == 0;
	if (!ok) {
		fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
	}
	return ok;
}

static void content_c(struct gen *g)
{
	gen_line(g, "#include \"%s\"", g->include);
	gen_blank(g);
	gen_line(g, "#include <string.h>");
	gen_blank(g);
	gen_print_names(g);
	for (struct type *t = gen_next_body(g->unit->first_def); t != NULL;
	     t = gen_next_body(t->next_def)) {
		gen_push(g, t);
		gen_pull(g, t);
		gen_top(g, t);
		gen_print(g, t);
	}
}

/* An imported file that is gone is no reason to stop: hence the second rule. */
static bool write_dependencies(struct unit *u, const char *base)
{
	char *path = talloc_asprintf(u, "%s.d", base);
	FILE *out = fopen(path, "w");

	if (out == NULL) {
		fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
		return false;
	}
	for (struct import *i = u->seen; i != NULL; i = i->next) {
		fprintf(out, "%s.c %s.h %s_test.c %s_test.h: %s\n%s:\n", base,
			base, base, base, i->name, i->name);
	}
	return fclose(out) == 0;
}

struct options {
	const char *dirs[MAX_IMPORTS + 1];
	int num_dirs;
	const char *base;
	const char *idl;
	bool test;
};

static bool write_all(struct unit *u, const struct options *o)
{
	struct gen g = {.unit = u};
	const char *part = o->test ? "_test" : "";
	char *header = talloc_asprintf(u, "%s%s.h", o->base, part);
	char *source = talloc_asprintf(u, "%s%s.c", o->base, part);

	g.include = talloc_asprintf(u, "%s.h", o->base);
	return write_file(&g, o->idl, header,
			  o->test ? gen_test_header : gen_header) &&
	       write_file(&g, o->idl, source, o->test ? gen_test : content_c) &&
	       (o->test || write_dependencies(u, o->base));
}

/* --- the command ------------------------------------------------------ */

static bool usage(void)
{
	fputs("usage: pidl-gen [-I DIR]... [--test] -o BASE FILE.idl\n"
	      "writes BASE.h and BASE.c, or BASE_test.h and BASE_test.c\n",
	      stderr);
	return false;
}

static bool parse_options(int argc, char **argv, struct options *out)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-o") == 0 && i + 1 < argc) {
			out->base = argv[++i];
		} else if (strcmp(argv[i], "-I") == 0 && i + 1 < argc) {
			if (out->num_dirs == MAX_IMPORTS) {
				return usage();
			}
			out->dirs[out->num_dirs++] = argv[++i];
		} else if (strcmp(argv[i], "--test") == 0) {
			out->test = true;
		} else if (argv[i][0] != '-' && out->idl == NULL) {
			out->idl = argv[i];
		} else {
			return usage();
		}
	}
	return out->base != NULL && out->idl != NULL ? true : usage();
}

int main(int argc, char **argv)
{
	struct options options = {0};
	struct unit *u;
	bool ok;

	if (!parse_options(argc, argv, &options)) {
		return 2;
	}
	u = talloc_zero(NULL, struct unit);
	if (u == NULL) {
		return 1;
	}
	u->dirs = options.dirs;
	u->last_def = &u->first_def;
	u->last_const = &u->consts;
	u->last_interface = &u->interfaces;
	u->pointer_default = POINTER_UNIQUE;
	ok = unit_read(u, options.idl, false);
	if (ok) {
		unit_check(u);
	}
	ok = ok && u->errors == 0 && write_all(u, &options);
	talloc_free(u);
	return ok ? 0 : 1;
}
