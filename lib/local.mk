# lib/: what every other folder stands on.
noinst_LIBRARIES += lib/liblib.a
lib_liblib_a_SOURCES = \
	lib/assert.c lib/assert.h \
	lib/blob.h \
	lib/conf.c lib/conf.h lib/conf_int.h \
	lib/conf_modules.c lib/conf_params.c lib/conf_print.c lib/conf_read.c \
	lib/conf_subst.c lib/conf_value.c \
	lib/crypto.c lib/crypto.h lib/crypto_aead.c lib/crypto_mac.c \
	lib/dlist.h \
	lib/guid.c lib/guid.h \
	lib/hosts.c lib/hosts.h \
	lib/interfaces.c lib/interfaces.h \
	lib/identity.c lib/identity.h \
	lib/log.c lib/log.h \
	lib/nt.h \
	lib/ntstatus.c lib/ntstatus.h lib/ntstatus_list.h \
	lib/nttime.c lib/nttime.h \
	lib/req.h \
	lib/reparse.c lib/reparse.h \
	lib/sd.c lib/sd.h \
	lib/sid.c lib/sid.h \
	lib/utf16.c lib/utf16.h \
	lib/wire.c lib/wire.h
EXTRA_DIST += lib/tests/fuzz_main.c lib/tests/corpus
check_PROGRAMS += lib/tests/conf_fuzz lib/tests/reparse_fuzz lib/tests/sd_fuzz
TESTS += lib/tests/conf_fuzz lib/tests/reparse_fuzz lib/tests/sd_fuzz
lib_tests_reparse_fuzz_SOURCES = lib/tests/reparse_fuzz.c $(FUZZ_MAIN)
lib_tests_reparse_fuzz_LDADD = $(LINK_LIB)
lib_tests_reparse_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
lib_tests_conf_fuzz_SOURCES = lib/tests/conf_fuzz.c $(FUZZ_MAIN)
lib_tests_conf_fuzz_LDADD = $(LINK_LIB)
lib_tests_conf_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
lib_tests_sd_fuzz_SOURCES = lib/tests/sd_fuzz.c $(FUZZ_MAIN)
lib_tests_sd_fuzz_LDADD = $(LINK_LIB)
lib_tests_sd_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

LIB_TESTS = \
	lib/tests/conf_test \
	lib/tests/hosts_test \
	lib/tests/guid_test \
	lib/tests/identity_test \
	lib/tests/log_test \
	lib/tests/nttime_test \
	lib/tests/reparse_test \
	lib/tests/sd_test \
	lib/tests/sid_test \
	lib/tests/utf16_test \
	lib/tests/wire_test
check_PROGRAMS += $(LIB_TESTS)
TESTS += $(LIB_TESTS)
lib_tests_conf_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_hosts_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_guid_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_identity_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_log_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_nttime_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_reparse_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_sd_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_sid_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_utf16_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
lib_tests_wire_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)

lib_liblib_a_SOURCES += lib/crypto_ntlm.c lib/crypto_ntlm.h
check_PROGRAMS += lib/tests/crypto_ntlm_test
TESTS += lib/tests/crypto_ntlm_test
lib_tests_crypto_ntlm_test_SOURCES = lib/tests/crypto_ntlm_test.c
lib_tests_crypto_ntlm_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)

check_PROGRAMS += lib/tests/crypto_test
TESTS += lib/tests/crypto_test
lib_tests_crypto_test_SOURCES = lib/tests/crypto_test.c
lib_tests_crypto_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
