# smbd/: the server.  All but main.c is a library, so that tests can link it.
noinst_LIBRARIES += smbd/libsmbd.a
smbd_libsmbd_a_SOURCES = \
	smbd/aapl.c smbd/aapl.h \
	smbd/bind.c smbd/bind.h \
	smbd/bind_refuse.c smbd/bind_refuse.h \
	smbd/check.c \
	smbd/breaks.c smbd/breaks.h \
	smbd/caching.c smbd/caching.h \
	smbd/channel.c smbd/channel.h \
	smbd/channel_sequence.c smbd/channel_sequence.h \
	smbd/child.c smbd/child.h \
	smbd/client.c smbd/client.h \
	smbd/fsctl_rules.c smbd/fsctl_rules.h \
	smbd/commands.c smbd/handlers.h \
	smbd/connection.c smbd/connection.h \
	smbd/control.c smbd/control.h \
	smbd/control_opens.c smbd/control_opens.h \
	smbd/copychunk.c smbd/copychunk.h \
	smbd/credits.c smbd/credits.h \
	smbd/dispatch.c smbd/request.h smbd/request_int.h \
	smbd/id_map.c smbd/id_map.h \
	smbd/dot_names.c smbd/dot_names.h \
	smbd/eas.c smbd/eas.h \
	smbd/handover.c smbd/handover.h \
	smbd/helper.c smbd/helper.h \
	smbd/id_table.c smbd/id_table.h \
	smbd/info_class.c smbd/info_class.h \
	smbd/iobuf.c smbd/iobuf.h \
	smbd/listen.c smbd/listen.h \
	smbd/lock_sequence.c smbd/lock_sequence.h \
	smbd/logging.c smbd/logging.h \
	smbd/master.c smbd/master.h \
	smbd/negotiate.c smbd/negotiate.h \
	smbd/network_interfaces.c smbd/network_interfaces.h \
	smbd/private_ioctl.c smbd/private_ioctl.h \
	smbd/notify_process.c smbd/notify_process.h \
	smbd/open.c smbd/open.h \
	smbd/orphans.c smbd/orphans.h \
	smbd/pidfile.c smbd/pidfile.h \
	smbd/privileges.c smbd/privileges.h \
	smbd/posix.c smbd/posix.h \
	smbd/query_encode.c smbd/query_encode.h \
	smbd/quota.c smbd/quota.h \
	smbd/reply.c \
	smbd/server.c smbd/server.h \
	smbd/session.c smbd/session.h \
	smbd/share_command.c smbd/share_command.h \
	smbd/smb1_negotiate.c \
	smbd/state.c smbd/state.h \
	smbd/smb2_change_notify.c \
	smbd/smb2_close.c \
	smbd/smb2_create.c \
	smbd/smb2_echo.c \
	smbd/smb2_flush.c \
	smbd/smb2_ioctl.c \
	smbd/smb2_lock.c \
	smbd/smb2_logoff.c \
	smbd/smb2_negotiate.c \
	smbd/smb2_oplock_break.c \
	smbd/smb2_query_directory.c \
	smbd/smb2_query_info.c \
	smbd/smb2_read.c \
	smbd/smb2_session_setup.c \
	smbd/smb2_set_info.c \
	smbd/smb2_tree_connect.c \
	smbd/smb2_tree_disconnect.c \
	smbd/smb2_write.c \
	smbd/socket.c smbd/socket.h \
	smbd/teardown.c smbd/teardown.h \
	smbd/transport.c smbd/transport.h \
	smbd/tree.c smbd/tree.h \
	smbd/waiting.c
$(smbd_libsmbd_a_OBJECTS): | $(IDL_GENERATED)

sbin_PROGRAMS += smbd/smbd
smbd_smbd_SOURCES = smbd/main.c
smbd_smbd_LDADD = smbd/libsmbd.a $(LINK_SMBD) $(CAPNG_LIBS) $(POPT_LIBS)
# Symbols are looked up once, by the master: children share the result.
smbd_smbd_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,relro,-z,now $(MODULE_HOST)
smbd/main.$(OBJEXT): | $(IDL_GENERATED)

SMBD_FIXTURE = smbd/tests/fixture.c smbd/tests/fixture.h
SMBD_TEST_LDADD = smbd/libsmbd.a $(LINK_SMBD) $(CAPNG_LIBS)
SMBD_TESTS = \
	smbd/tests/bind_test \
	smbd/tests/channel_sequence_test \
	smbd/tests/credits_test \
	smbd/tests/dispatch_test \
	smbd/tests/dot_names_test \
	smbd/tests/eas_fuzz \
	smbd/tests/eas_test \
	smbd/tests/frame_fuzz \
	smbd/tests/handover_fuzz \
	smbd/tests/handover_test \
	smbd/tests/id_table_test \
	smbd/tests/lock_sequence_test \
	smbd/tests/lock_test \
	smbd/tests/negotiate_test \
	smbd/tests/socket_test \
	smbd/tests/transport_test
check_PROGRAMS += $(SMBD_TESTS)
TESTS += $(SMBD_TESTS)
EXTRA_DIST += smbd/tests/corpus
smbd_tests_bind_test_SOURCES = smbd/tests/bind_test.c $(SMBD_FIXTURE)
smbd_tests_bind_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_channel_sequence_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_credits_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_dispatch_test_SOURCES = smbd/tests/dispatch_test.c $(SMBD_FIXTURE)
smbd_tests_dispatch_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_dot_names_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_eas_fuzz_SOURCES = smbd/tests/eas_fuzz.c $(FUZZ_MAIN)
smbd_tests_eas_fuzz_LDADD = $(SMBD_TEST_LDADD)
smbd_tests_eas_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smbd_tests_eas_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_frame_fuzz_SOURCES = smbd/tests/frame_fuzz.c $(SMBD_FIXTURE) \
	$(FUZZ_MAIN)
smbd_tests_frame_fuzz_LDADD = $(SMBD_TEST_LDADD)
smbd_tests_frame_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smbd_tests_handover_fuzz_SOURCES = smbd/tests/handover_fuzz.c \
	$(SMBD_FIXTURE) $(FUZZ_MAIN)
smbd_tests_handover_fuzz_LDADD = $(SMBD_TEST_LDADD)
smbd_tests_handover_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smbd_tests_handover_test_SOURCES = smbd/tests/handover_test.c $(SMBD_FIXTURE)
smbd_tests_handover_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_id_table_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_lock_sequence_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_lock_test_SOURCES = smbd/tests/lock_test.c $(SMBD_FIXTURE)
smbd_tests_lock_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_negotiate_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_socket_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd_tests_transport_test_LDADD = $(SMBD_TEST_LDADD) $(CMOCKA_LIBS)
smbd/tests/bind_test.$(OBJEXT) \
	smbd/tests/dispatch_test.$(OBJEXT) smbd/tests/frame_fuzz.$(OBJEXT) \
	smbd/tests/handover_fuzz.$(OBJEXT) \
	smbd/tests/handover_test.$(OBJEXT) \
	smbd/tests/lock_test.$(OBJEXT) \
	smbd/tests/fixture.$(OBJEXT): | $(IDL_GENERATED)
