# client/: an asynchronous SMB2/3 client library.
noinst_LIBRARIES += client/libclient.a
client_libclient_a_SOURCES = \
	client/conn.c client/conn.h client/conn_int.h \
	client/file.c client/file.h \
	client/negotiate.c client/negotiate.h \
	client/oplock.c client/oplock.h \
	client/request.c \
	client/session.c client/session.h \
	client/sync.c client/sync.h \
	client/transport.c client/transport.h \
	client/tree.c client/tree.h

CLIENT_TESTS = client/tests/conn_fuzz client/tests/conn_test \
	client/tests/oplock_test
check_PROGRAMS += $(CLIENT_TESTS)
TESTS += $(CLIENT_TESTS)
EXTRA_DIST += client/tests/corpus
client_tests_conn_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_oplock_test_LDADD = $(LINK_CLIENT) $(CMOCKA_LIBS)
client_tests_conn_fuzz_SOURCES = client/tests/conn_fuzz.c $(FUZZ_MAIN)
client_tests_conn_fuzz_LDADD = $(LINK_CLIENT)
client_tests_conn_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
