# messaging/: its part of the build.
noinst_LIBRARIES += messaging/libmessaging.a
messaging_libmessaging_a_SOURCES = \
	messaging/directory.c \
	messaging/messaging.c messaging/messaging.h \
	messaging/messaging_int.h \
	messaging/request.c \
	messaging/send.c \
	messaging/server_id.c messaging/server_id.h

MESSAGING_TESTS = messaging/tests/messaging_test \
	messaging/tests/server_id_test
check_PROGRAMS += $(MESSAGING_TESTS)
TESTS += $(MESSAGING_TESTS)
messaging_tests_messaging_test_LDADD = $(LINK_MESSAGING) $(CMOCKA_LIBS)
messaging_tests_server_id_test_LDADD = $(LINK_MESSAGING) $(CMOCKA_LIBS)
