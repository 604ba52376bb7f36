# auth/: SPNEGO, NTLMSSP, the user database, tokens.
noinst_HEADERS += auth/auth.h auth/auth_client.h auth/passdb.h
