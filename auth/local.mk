# auth/: SPNEGO, NTLMSSP, the user database, tokens.
noinst_LIBRARIES += auth/libauth.a
auth_libauth_a_SOURCES = \
	auth/auth.h auth/auth_client.h auth/passdb.h auth/mech.h \
	auth/ntlmssp_av.c \
	auth/ntlmssp_client.c auth/ntlmssp_client.h \
	auth/ntlmssp_crypto.c auth/ntlmssp_crypto.h \
	auth/ntlmssp_msg.c auth/ntlmssp_msg.h \
	auth/ntlmssp_server.c auth/ntlmssp_server.h

AUTH_TESTS = \
	auth/tests/ntlmssp_test
check_PROGRAMS += $(AUTH_TESTS)
TESTS += $(AUTH_TESTS)
auth_tests_ntlmssp_test_LDADD = auth/libauth.a $(LINK_LIB) $(CMOCKA_LIBS)
