# notifyd/: its part of the build.
noinst_LIBRARIES += notifyd/libnotifyd.a
notifyd_libnotifyd_a_SOURCES = \
	notifyd/index.c notifyd/index.h \
	notifyd/list.c notifyd/list.h \
	notifyd/local.c notifyd/local.h notifyd/local_int.h \
	notifyd/local_fanotify.c \
	notifyd/local_inotify.c \
	notifyd/local_own.c notifyd/local_own.h \
	notifyd/local_fs.c notifyd/local_fs.h \
	notifyd/notifyd.c notifyd/notifyd.h
$(notifyd_libnotifyd_a_OBJECTS): | $(IDL_GENERATED)

NOTIFYD_TESTS = notifyd/tests/index_test notifyd/tests/local_test \
	notifyd/tests/notifyd_test
check_PROGRAMS += $(NOTIFYD_TESTS)
TESTS += $(NOTIFYD_TESTS)
notifyd_tests_index_test_LDADD = $(LINK_NOTIFYD) $(CMOCKA_LIBS)
notifyd_tests_local_test_LDADD = $(LINK_NOTIFYD) $(CMOCKA_LIBS)
notifyd_tests_notifyd_test_LDADD = $(LINK_NOTIFYD) $(CMOCKA_LIBS)

# What takes seconds: "check notify" runs it.
check_PROGRAMS += notifyd/tests/notify_load
notifyd_tests_notify_load_LDADD = $(LINK_NOTIFYD) $(POPT_LIBS)
