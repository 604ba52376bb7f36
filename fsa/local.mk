# fsa/: its part of the build.
noinst_LIBRARIES += fsa/libfsa.a
fsa_libfsa_a_SOURCES = \
	fsa/access.c fsa/access.h \
	fsa/access_check.c fsa/access_check.h \
	fsa/apple.c fsa/apple.h \
	fsa/close.c \
	fsa/caching_break.c \
	fsa/clone.c \
	fsa/compression.c \
	fsa/condition.c fsa/condition.h \
	fsa/copy.c \
	fsa/copy_whole.c fsa/copy_whole.h \
	fsa/cover.c fsa/cover.h \
	fsa/dir_lease.c fsa/dir_lease.h \
	fsa/dir_watch.c fsa/dir_watch.h \
	fsa/create.c fsa/create_int.h \
	fsa/create_change.c \
	fsa/create_enter.c \
	fsa/create_rules.c fsa/create_rules.h \
	fsa/dispatch.c \
	fsa/driver_table.c fsa/driver_table.h \
	fsa/disposition.c \
	fsa/driver.h \
	fsa/ea.c fsa/ea.h \
	fsa/file.h \
	fsa/filter.c fsa/filter.h fsa/filters.h \
	fsa/flush.c \
	fsa/fsa.h \
	fsa/fsctl.c fsa/fsctl.h \
	fsa/hidden.c fsa/hidden.h \
	fsa/id_map.c fsa/id_map.h \
	fsa/inherit.c fsa/inherit.h \
	fsa/keep_times.c \
	fsa/module.h \
	fsa/modules.c fsa/modules.h \
	fsa/kernel_oplock.c fsa/kernel_oplock.h \
	fsa/local_lock.c fsa/local_lock.h \
	fsa/lock.c fsa/lock.h \
	fsa/mangle.c fsa/mangle.h \
	fsa/name.c fsa/name.h \
	fsa/nfs_aces.c fsa/nfs_aces.h \
	fsa/name_list.c fsa/name_list.h \
	fsa/notify.c fsa/notify.h \
	fsa/object_id.c fsa/object_id.h \
	fsa/option.h \
	fsa/oplock.c fsa/oplock.h \
	fsa/options.c fsa/options.h \
	fsa/offload.c \
	fsa/offload_token.c fsa/offload_token.h \
	fsa/params.c \
	fsa/posix.c fsa/posix.h \
	fsa/query_directory.c \
	fsa/query_info.c \
	fsa/query_volume.c \
	fsa/quiet.c fsa/quiet.h \
	fsa/quota.c fsa/quota.h \
	fsa/read.c \
	fsa/protect.c fsa/protect.h \
	fsa/rename.c \
	fsa/resolve_id.c \
	fsa/reparse.c fsa/reparse.h \
	fsa/sacl.c fsa/sacl.h \
	fsa/security.c \
	fsa/set_info.c \
	fsa/set_volume.c \
	fsa/share.c fsa/share.h \
	fsa/short_name.c fsa/short_name.h \
	fsa/sparse.c fsa/sparse.h \
	fsa/stream.c fsa/stream.h \
	fsa/stream_move.c \
	fsa/times.c fsa/times.h \
	fsa/trim.c \
	fsa/unix_security.c fsa/unix_security.h \
	fsa/volume_data.c \
	fsa/time_machine.c fsa/time_machine.h \
	fsa/watch.c fsa/watch.h \
	fsa/watch_sight.c fsa/watch_sight.h \
	fsa/wildcard.c fsa/wildcard.h \
	fsa/write.c
$(fsa_libfsa_a_OBJECTS): | $(IDL_GENERATED)

FSA_FIXTURE = fsa/tests/fixture.c fsa/tests/fixture.h
FSA_TESTS = \
	fsa/tests/access_check_test \
	fsa/tests/condition_fuzz \
	fsa/tests/condition_test \
	fsa/tests/create_rules_test \
	fsa/tests/create_test \
	fsa/tests/data_test \
	fsa/tests/directory_test \
	fsa/tests/ea_test \
	fsa/tests/hidden_test \
	fsa/tests/filter_test \
	fsa/tests/info_test \
	fsa/tests/inherit_test \
	fsa/tests/lookup_test \
	fsa/tests/name_fuzz \
	fsa/tests/name_test \
	fsa/tests/options_test \
	fsa/tests/posix_test \
	fsa/tests/nfs_aces_test \
	fsa/tests/time_machine_fuzz \
	fsa/tests/time_machine_test \
	fsa/tests/offload_token_fuzz \
	fsa/tests/offload_token_test \
	fsa/tests/local_lock_test \
	fsa/tests/quiet_test \
	fsa/tests/quota_test \
	fsa/tests/rename_test \
	fsa/tests/reparse_test \
	fsa/tests/resolve_id_test \
	fsa/tests/security_test \
	fsa/tests/short_name_test \
	fsa/tests/sparse_test \
	fsa/tests/stream_test \
	fsa/tests/driver_table_test \
	fsa/tests/times_test \
	fsa/tests/watch_test \
	fsa/tests/wildcard_test
check_PROGRAMS += $(FSA_TESTS)
TESTS += $(FSA_TESTS)
EXTRA_DIST += fsa/tests/corpus
fsa_tests_create_test_SOURCES = fsa/tests/create_test.c $(FSA_FIXTURE)
fsa_tests_directory_test_SOURCES = fsa/tests/directory_test.c $(FSA_FIXTURE)
fsa_tests_lookup_test_SOURCES = fsa/tests/lookup_test.c $(FSA_FIXTURE)
fsa_tests_access_check_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_inherit_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_security_test_SOURCES = fsa/tests/security_test.c $(FSA_FIXTURE)
fsa_tests_security_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_create_rules_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_create_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_directory_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_lookup_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_posix_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_name_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_wildcard_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_time_machine_fuzz_SOURCES = fsa/tests/time_machine_fuzz.c $(FUZZ_MAIN)
fsa_tests_time_machine_fuzz_LDADD = $(LINK_FSA)
fsa_tests_time_machine_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
fsa_tests_time_machine_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_nfs_aces_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_offload_token_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_offload_token_fuzz_SOURCES = fsa/tests/offload_token_fuzz.c $(FUZZ_MAIN)
fsa_tests_offload_token_fuzz_LDADD = $(LINK_FSA)
fsa_tests_offload_token_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
fsa_tests_condition_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_condition_fuzz_SOURCES = fsa/tests/condition_fuzz.c $(FUZZ_MAIN)
fsa_tests_condition_fuzz_LDADD = $(LINK_FSA)
fsa_tests_condition_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
fsa_tests_name_fuzz_SOURCES = fsa/tests/name_fuzz.c $(FUZZ_MAIN)
fsa_tests_name_fuzz_LDADD = $(LINK_FSA)
fsa_tests_name_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
fsa_tests_data_test_SOURCES = fsa/tests/data_test.c $(FSA_FIXTURE)
fsa_tests_data_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_local_lock_test_SOURCES = fsa/tests/local_lock_test.c $(FSA_FIXTURE)
fsa_tests_local_lock_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_quiet_test_SOURCES = fsa/tests/quiet_test.c $(FSA_FIXTURE)
fsa_tests_quiet_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_quota_test_SOURCES = fsa/tests/quota_test.c $(FSA_FIXTURE)
fsa_tests_quota_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_info_test_SOURCES = fsa/tests/info_test.c $(FSA_FIXTURE)
fsa_tests_info_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_reparse_test_SOURCES = fsa/tests/reparse_test.c $(FSA_FIXTURE)
fsa_tests_reparse_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_resolve_id_test_SOURCES = fsa/tests/resolve_id_test.c $(FSA_FIXTURE)
fsa_tests_resolve_id_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_rename_test_SOURCES = fsa/tests/rename_test.c $(FSA_FIXTURE)
fsa_tests_rename_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_ea_test_SOURCES = fsa/tests/ea_test.c $(FSA_FIXTURE)
fsa_tests_ea_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_sparse_test_SOURCES = fsa/tests/sparse_test.c $(FSA_FIXTURE)
fsa_tests_sparse_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_driver_table_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_times_test_SOURCES = fsa/tests/times_test.c $(FSA_FIXTURE)
fsa_tests_times_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_hidden_test_SOURCES = fsa/tests/hidden_test.c $(FSA_FIXTURE)
fsa_tests_hidden_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_short_name_test_SOURCES = fsa/tests/short_name_test.c $(FSA_FIXTURE)
fsa_tests_short_name_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_stream_test_SOURCES = fsa/tests/stream_test.c $(FSA_FIXTURE)
fsa_tests_stream_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa/tests/fixture.$(OBJEXT): | $(IDL_GENERATED)
fsa_tests_watch_test_SOURCES = fsa/tests/watch_test.c $(FSA_FIXTURE)
fsa_tests_watch_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_options_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa_tests_filter_test_SOURCES = fsa/tests/filter_test.c $(FSA_FIXTURE)
fsa_tests_filter_test_LDADD = $(LINK_FSA) $(CMOCKA_LIBS)
fsa/tests/filter_test.$(OBJEXT): | $(IDL_GENERATED)
