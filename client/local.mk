# client/: an asynchronous SMB2/3 client library.
noinst_LIBRARIES += client/libclient.a
client_libclient_a_SOURCES = \
	client/cache.c client/cache.h client/cache_int.h \
	client/cache_break.c \
	client/cache_io.c \
	client/cache_open.c \
	client/cache_pages.c client/cache_pages.h \
	client/cache_sync.c client/cache_sync.h \
	client/conn.c client/conn.h client/conn_int.h \
	client/file.c client/file.h \
	client/negotiate.c client/negotiate.h \
	client/oplock.c client/oplock.h \
	client/request.c \
	client/session.c client/session.h \
	client/sync.c client/sync.h \
	client/transport.c client/transport.h \
	client/tree.c client/tree.h

CLIENT_TESTS = client/tests/cache_fuzz client/tests/cache_pages_test \
	client/tests/cache_test \
	client/tests/conn_fuzz client/tests/conn_test \
	client/tests/oplock_test
check_PROGRAMS += $(CLIENT_TESTS)
TESTS += $(CLIENT_TESTS)
EXTRA_DIST += client/tests/corpus
client_tests_cache_fuzz_SOURCES = client/tests/cache_fuzz.c $(FUZZ_MAIN)
client_tests_cache_fuzz_LDADD = $(LINK_CLIENT)
client_tests_cache_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
client_tests_cache_pages_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_cache_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_conn_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_oplock_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_conn_fuzz_SOURCES = client/tests/conn_fuzz.c $(FUZZ_MAIN)
client_tests_conn_fuzz_LDADD = $(LINK_CLIENT)
client_tests_conn_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
