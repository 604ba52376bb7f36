# auth/: SPNEGO, NTLMSSP, the user database, tokens.
noinst_LIBRARIES += auth/libauth.a
auth_libauth_a_SOURCES = \
	auth/auth.c auth/auth.h \
	auth/auth_client.c auth/auth_client.h \
	auth/mech.h \
	auth/ntlmssp_av.c \
	auth/ntlmssp_client.c auth/ntlmssp_client.h \
	auth/ntlmssp_crypto.c auth/ntlmssp_crypto.h \
	auth/ntlmssp_msg.c auth/ntlmssp_msg.h \
	auth/ntlmssp_server.c auth/ntlmssp_server.h \
	auth/passdb.c auth/passdb.h auth/passdb_check.c auth/passdb_int.h \
	auth/secrets.c auth/secrets.h \
	auth/smbpasswd_file.c auth/smbpasswd_file.h \
	auth/spnego_client.c auth/spnego_client.h \
	auth/spnego_server.c auth/spnego_server.h \
	auth/spnego_token.c auth/spnego_token.h \
	auth/throttle.c auth/throttle.h \
	auth/token.c auth/token.h
nodist_auth_libauth_a_SOURCES = auth/spnego_asn1.c

# The ASN.1 module, as a table for libtasn1.
EXTRA_DIST += auth/spnego.asn
CLEANFILES += auth/spnego_asn1.c
noinst_PROGRAMS += auth/asn1table
auth_asn1table_SOURCES = auth/asn1table.c
auth_asn1table_LDADD = $(TASN1_LIBS)
auth/spnego_asn1.c: $(top_srcdir)/auth/spnego.asn auth/asn1table$(EXEEXT)
	$(AM_V_GEN)auth/asn1table $(top_srcdir)/auth/spnego.asn $@ \
		spnego_asn1_table

AUTH_TESTS = \
	auth/tests/auth_test \
	auth/tests/ntlmssp_test \
	auth/tests/passdb_test \
	auth/tests/spnego_test
AUTH_FUZZ = \
	auth/tests/ntlmssp_fuzz \
	auth/tests/spnego_fuzz
check_PROGRAMS += $(AUTH_TESTS) $(AUTH_FUZZ)
TESTS += $(AUTH_TESTS) $(AUTH_FUZZ)
EXTRA_DIST += auth/tests/corpus
auth_tests_auth_test_LDADD = $(LINK_AUTH) $(CMOCKA_LIBS)
auth_tests_ntlmssp_test_LDADD = $(LINK_AUTH) $(CMOCKA_LIBS)
auth_tests_passdb_test_LDADD = $(LINK_AUTH) $(CMOCKA_LIBS)
auth_tests_passdb_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ntlmssp_proof
auth_tests_spnego_test_LDADD = $(LINK_AUTH) $(CMOCKA_LIBS)
auth_tests_ntlmssp_fuzz_SOURCES = auth/tests/ntlmssp_fuzz.c $(FUZZ_MAIN)
auth_tests_ntlmssp_fuzz_LDADD = $(LINK_AUTH)
auth_tests_ntlmssp_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
auth_tests_spnego_fuzz_SOURCES = auth/tests/spnego_fuzz.c $(FUZZ_MAIN)
auth_tests_spnego_fuzz_LDADD = $(LINK_AUTH)
auth_tests_spnego_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)

$(auth_libauth_a_OBJECTS) auth/tests/auth_test.$(OBJEXT): | $(IDL_GENERATED)
