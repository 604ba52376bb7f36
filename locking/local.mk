# locking/: its part of the build.
noinst_LIBRARIES += locking/liblocking.a
locking_liblocking_a_SOURCES = \
	locking/brlock.c locking/brlock.h \
	locking/brlock_int.h \
	locking/brlock_list.c \
	locking/brlock_page.c \
	locking/brlock_wait.c \
	locking/brlock_verify.c \
	locking/client_store.c locking/client_store.h \
	locking/lease_board.c locking/lease_board.h \
	locking/file_board.c locking/file_board.h \
	locking/locking.c locking/locking.h \
	locking/name_board.c locking/name_board.h \
	locking/name_lock.c locking/name_lock.h \
	locking/notify.c locking/notify.h \
	locking/notify_board.c locking/notify_board.h \
	locking/open_store.c locking/open_store.h \
	locking/record_store.c locking/record_store.h \
	locking/session_store.c locking/session_store.h \
	locking/grant_rules.c locking/grant_rules.h \
	locking/share_counts.c locking/share_counts.h \
	locking/share_grant.c locking/share_grant.h \
	locking/share_mode.c locking/share_mode.h \
	locking/share_mode_int.h \
	locking/share_mode_list.c \
	locking/share_mode_record.c \
	locking/share_mode_rules.c locking/share_mode_rules.h \
	locking/share_names.c \
	locking/shared_page.c locking/shared_page.h \
	locking/share_page_list.c \
	locking/share_verify.c \
	locking/state.c locking/state.h \
	locking/state_int.h \
	locking/state_client.c \
	locking/state_file.c \
	locking/state_notify.c \
	locking/state_open.c \
	locking/state_read.c \
	locking/share_table.c locking/share_table.h \
	locking/state_watch.c \
	locking/tree_store.c locking/tree_store.h

LOCKING_TESTS = locking/tests/brlock_test \
	locking/tests/grant_rules_test \
	locking/tests/kill_points_test \
	locking/tests/kill_test \
	locking/tests/name_lock_test \
	locking/tests/share_grant_test \
	locking/tests/share_mode_rules_test \
	locking/tests/share_mode_test \
	locking/tests/state_test \
	locking/tests/share_table_test \
	locking/tests/store_test
LOCKING_FUZZ = locking/tests/share_mode_fuzz
check_PROGRAMS += $(LOCKING_TESTS) $(LOCKING_FUZZ)
TESTS += $(LOCKING_TESTS) $(LOCKING_FUZZ)
EXTRA_DIST += locking/tests/corpus
LOCKING_FIXTURE = locking/tests/fixture.c locking/tests/fixture.h
locking_tests_brlock_test_SOURCES = \
	locking/tests/brlock_test.c $(LOCKING_FIXTURE)
locking_tests_brlock_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_grant_rules_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_kill_points_test_SOURCES = \
	locking/tests/kill_points_test.c $(LOCKING_FIXTURE)
locking_tests_kill_points_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_kill_points_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=tdb_storev -Wl,--wrap=tdb_delete
locking_tests_kill_test_SOURCES = \
	locking/tests/kill_test.c $(LOCKING_FIXTURE)
locking_tests_kill_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_name_lock_test_SOURCES = \
	locking/tests/name_lock_test.c $(LOCKING_FIXTURE)
locking_tests_name_lock_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_share_grant_test_SOURCES = \
	locking/tests/share_grant_test.c $(LOCKING_FIXTURE)
locking_tests_share_grant_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_share_mode_fuzz_SOURCES = \
	locking/tests/share_mode_fuzz.c $(LOCKING_FIXTURE) $(FUZZ_MAIN)
locking_tests_share_mode_fuzz_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_share_mode_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
locking_tests_share_mode_rules_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_share_mode_test_SOURCES = \
	locking/tests/share_mode_test.c $(LOCKING_FIXTURE)
locking_tests_share_mode_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_share_table_test_SOURCES = \
	locking/tests/share_table_test.c $(LOCKING_FIXTURE)
locking_tests_share_table_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_store_test_SOURCES = \
	locking/tests/store_test.c $(LOCKING_FIXTURE)
locking_tests_store_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
locking_tests_state_test_SOURCES = \
	locking/tests/state_test.c $(LOCKING_FIXTURE)
locking_tests_state_test_LDADD = $(LINK_LOCKING) $(CMOCKA_LIBS)
