# lib/: what every other folder stands on.
noinst_LIBRARIES += lib/liblib.a
lib_liblib_a_SOURCES = \
	lib/assert.c lib/assert.h \
	lib/blob.h \
	lib/guid.h \
	lib/identity.h \
	lib/log.h \
	lib/nt.h lib/ntstatus.c lib/ntstatus.h lib/ntstatus_list.h \
	lib/nttime.h \
	lib/sid.h \
	lib/utf16.h \
	lib/wire.c lib/wire.h
EXTRA_DIST += lib/tests/fuzz_main.c

lib_liblib_a_SOURCES += lib/crypto_ntlm.c lib/crypto_ntlm.h
check_PROGRAMS += lib/tests/crypto_ntlm_test
TESTS += lib/tests/crypto_ntlm_test
lib_tests_crypto_ntlm_test_SOURCES = lib/tests/crypto_ntlm_test.c
lib_tests_crypto_ntlm_test_LDADD = $(LINK_LIB) $(CMOCKA_LIBS)
