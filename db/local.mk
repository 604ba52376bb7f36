# db/: its part of the build.
noinst_LIBRARIES += db/libdb.a
db_libdb_a_SOURCES = \
	db/backend.h db/backend_tdb.c \
	db/db.c db/db.h db/db_int.h \
	db/record.c \
	db/watch.c
