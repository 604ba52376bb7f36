# smb2/: the wire, shared by server and client.
noinst_LIBRARIES += smb2/libsmb2.a
smb2_libsmb2_a_SOURCES = \
	smb2/aapl.c smb2/aapl.h \
	smb2/body.c smb2/body.h \
	smb2/buffer_response.c smb2/buffer_response.h \
	smb2/change_notify.c smb2/change_notify.h \
	smb2/close.c smb2/close.h \
	smb2/compound.c smb2/compound.h \
	smb2/constants.h \
	smb2/copychunk.c smb2/copychunk.h \
	smb2/create.c smb2/create.h \
	smb2/create_contexts.c smb2/create_contexts.h smb2/create_typed.c \
	smb2/error.c smb2/error.h \
	smb2/flush.c smb2/flush.h \
	smb2/fscc_dir.c smb2/fscc_dir.h \
	smb2/fscc_file.c smb2/fscc_file.h \
	smb2/fscc_fs.c smb2/fscc_fs.h \
	smb2/fscc_list.c smb2/fscc_list.h \
	smb2/header.c smb2/header.h \
	smb2/ioctl.c smb2/ioctl.h \
	smb2/keys.c smb2/keys.h \
	smb2/lock.c smb2/lock.h \
	smb2/negotiate.c smb2/negotiate.h smb2/smb1_negotiate.c \
	smb2/negotiate_contexts.c smb2/negotiate_contexts.h \
	smb2/network_interface.c smb2/network_interface.h \
	smb2/oplock_break.c smb2/oplock_break.h \
	smb2/posix.c smb2/posix.h \
	smb2/preauth.c smb2/preauth.h \
	smb2/quota.c smb2/quota.h \
	smb2/query_directory.c smb2/query_directory.h \
	smb2/query_info.c smb2/query_info.h \
	smb2/read.c smb2/read.h \
	smb2/seal.c smb2/seal.h \
	smb2/session_setup.c smb2/session_setup.h \
	smb2/set_info.c smb2/set_info.h \
	smb2/sign.c smb2/sign.h \
	smb2/simple.c smb2/simple.h \
	smb2/tree_connect.c smb2/tree_connect.h \
	smb2/write.c smb2/write.h

noinst_HEADERS += smb2/tests/util.h

SMB2_TESTS = \
	smb2/tests/aapl_test \
	smb2/tests/create_contexts_test \
	smb2/tests/fscc_dir_test \
	smb2/tests/fscc_test \
	smb2/tests/quota_test \
	smb2/tests/negotiate_test \
	smb2/tests/header_test \
	smb2/tests/posix_test \
	smb2/tests/messages_test \
	smb2/tests/crypto_test
check_PROGRAMS += $(SMB2_TESTS)
TESTS += $(SMB2_TESTS)
smb2_tests_aapl_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_crypto_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_posix_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_header_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_messages_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_create_contexts_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_fscc_dir_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_fscc_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_quota_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)
smb2_tests_negotiate_test_LDADD = $(LINK_SMB2) $(CMOCKA_LIBS)

noinst_HEADERS += smb2/tests/fuzz_util.h
SMB2_FUZZ = \
	smb2/tests/aapl_fuzz \
	smb2/tests/create_contexts_fuzz \
	smb2/tests/fscc_dir_fuzz \
	smb2/tests/fscc_set_fuzz \
	smb2/tests/negotiate_contexts_fuzz \
	smb2/tests/posix_fuzz \
	smb2/tests/request_fuzz \
	smb2/tests/response_fuzz \
	smb2/tests/transform_fuzz
check_PROGRAMS += $(SMB2_FUZZ)
TESTS += $(SMB2_FUZZ)
EXTRA_DIST += smb2/tests/corpus
smb2_tests_aapl_fuzz_SOURCES = smb2/tests/aapl_fuzz.c $(FUZZ_MAIN)
smb2_tests_aapl_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_aapl_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_create_contexts_fuzz_SOURCES = smb2/tests/create_contexts_fuzz.c $(FUZZ_MAIN)
smb2_tests_create_contexts_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_create_contexts_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_fscc_dir_fuzz_SOURCES = smb2/tests/fscc_dir_fuzz.c $(FUZZ_MAIN)
smb2_tests_fscc_dir_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_fscc_dir_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_fscc_set_fuzz_SOURCES = smb2/tests/fscc_set_fuzz.c $(FUZZ_MAIN)
smb2_tests_fscc_set_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_fscc_set_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_negotiate_contexts_fuzz_SOURCES = smb2/tests/negotiate_contexts_fuzz.c $(FUZZ_MAIN)
smb2_tests_negotiate_contexts_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_negotiate_contexts_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_posix_fuzz_SOURCES = smb2/tests/posix_fuzz.c $(FUZZ_MAIN)
smb2_tests_posix_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_posix_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_request_fuzz_SOURCES = smb2/tests/request_fuzz.c $(FUZZ_MAIN)
smb2_tests_request_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_request_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_response_fuzz_SOURCES = smb2/tests/response_fuzz.c $(FUZZ_MAIN)
smb2_tests_response_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_response_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
smb2_tests_transform_fuzz_SOURCES = smb2/tests/transform_fuzz.c $(FUZZ_MAIN)
smb2_tests_transform_fuzz_LDADD = $(LINK_SMB2)
smb2_tests_transform_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
