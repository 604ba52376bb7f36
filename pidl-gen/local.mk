# pidl-gen/: the IDL compiler, run while building.
noinst_PROGRAMS += pidl-gen/pidl-gen
pidl_gen_pidl_gen_SOURCES = \
	pidl-gen/ast.h \
	pidl-gen/attr.c \
	pidl-gen/check.c pidl-gen/check.h \
	pidl-gen/decl.c pidl-gen/decl.h \
	pidl-gen/expr.c \
	pidl-gen/gen.c pidl-gen/gen.h \
	pidl-gen/gen_fixed.c \
	pidl-gen/gen_header.c \
	pidl-gen/gen_iface.c \
	pidl-gen/gen_print.c \
	pidl-gen/gen_pull.c \
	pidl-gen/gen_push.c \
	pidl-gen/gen_test.c \
	pidl-gen/iface.c \
	pidl-gen/lex.l \
	pidl-gen/main.c \
	pidl-gen/parse.y
# What flex and bison write does not follow our warnings.
pidl_gen_pidl_gen_CFLAGS = $(AM_CFLAGS) -Wno-missing-prototypes \
	-Wno-unused-function -Wno-sign-compare -Wno-unused-but-set-variable
pidl_gen_pidl_gen_LDADD = $(TALLOC_LIBS)
BUILT_SOURCES += pidl-gen/parse.h
# Its objects wait for the parser's header, whatever is built first.
$(pidl_gen_pidl_gen_OBJECTS): | pidl-gen/parse.h
$(pidl_gen_pidl_gen_OBJECTS): | pidl-gen/parse.h

# --- tests ---
dist_check_SCRIPTS += pidl-gen/tests/golden_test.sh
TESTS += pidl-gen/tests/golden_test.sh
EXTRA_DIST += pidl-gen/tests/golden pidl-gen/tests/errors
