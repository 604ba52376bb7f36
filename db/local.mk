# db/: its part of the build.
noinst_LIBRARIES += db/libdb.a
db_libdb_a_SOURCES = \
	db/backend.h db/backend_tdb.c \
	db/db.c db/db.h db/db_int.h \
	db/record.c \
	db/spare.c \
	db/watch.c \
	db/watch_list.c

check_PROGRAMS += db/tests/db_test
TESTS += db/tests/db_test
db_tests_db_test_LDADD = $(LINK_DB) $(CMOCKA_LIBS)
