# fsa/: its part of the build.
noinst_LIBRARIES += fsa/libfsa.a
fsa_libfsa_a_SOURCES = \
	fsa/access.c fsa/access.h \
	fsa/close.c \
	fsa/create.c \
	fsa/create_rules.c fsa/create_rules.h \
	fsa/dispatch.c \
	fsa/disposition.c \
	fsa/driver.h \
	fsa/file.h \
	fsa/flush.c \
	fsa/fsa.h \
	fsa/fsctl.c \
	fsa/name.c fsa/name.h \
	fsa/query_directory.c \
	fsa/query_info.c \
	fsa/query_volume.c \
	fsa/read.c \
	fsa/rename.c \
	fsa/security.c \
	fsa/set_info.c \
	fsa/share.c fsa/share.h \
	fsa/times.c fsa/times.h \
	fsa/wildcard.c fsa/wildcard.h \
	fsa/write.c
$(fsa_libfsa_a_OBJECTS): | $(IDL_GENERATED)

FSA_FIXTURE = fsa/tests/fixture.c fsa/tests/fixture.h
FSA_TESTS = \
	fsa/tests/create_test
check_PROGRAMS += $(FSA_TESTS)
TESTS += $(FSA_TESTS)
fsa_tests_create_test_SOURCES = fsa/tests/create_test.c $(FSA_FIXTURE)
fsa_tests_create_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
