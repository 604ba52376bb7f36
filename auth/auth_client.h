/* auth/auth_client.h - the client's side of a logon. */
#ifndef AUTH_AUTH_CLIENT_H
#define AUTH_AUTH_CLIENT_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"

struct auth_client;

struct auth_client_options {
	const char *user;	 /* NULL or "" with no password: anonymous */
	const char *domain;	 /* may be NULL: empty */
	const char *password;	 /* UTF-8; may be NULL for anonymous */
	const char *workstation; /* may be NULL */
	const char *target_name; /* "cifs/HOST"; may be NULL */
	bool raw_ntlmssp;	 /* no SPNEGO around it */
};

/* One logon as the client; options are copied.  Freeing wipes the secrets. */
MUST_CHECK NTSTATUS auth_client_create(
	TALLOC_CTX *mem_ctx, const struct auth_client_options *options,
	struct auth_client **out);

/* The first call gets the token of the server's NEGOTIATE response (which may
 * be empty), each further one the token of its SESSION_SETUP response,
 * whatever its status, if it is SUCCESS or MORE_PROCESSING_REQUIRED.
 * MORE_PROCESSING_REQUIRED: *out is to be sent.  OK: the server has been
 * verified as far as its mechanism does; *out may be a last token to send, or
 * empty (length 0).  *out is on mem_ctx, written with these two only. */
MUST_CHECK NTSTATUS auth_client_step(TALLOC_CTX *mem_ctx,
				     struct auth_client *client, struct blob in,
				     struct blob *out);

/* The session key (16 bytes), lent.  There is one as soon as the AUTHENTICATE
 * message was made: SMB2 needs it to check the signature of the response that
 * carries the last token.  Length 0 before, and for anonymous. */
struct blob auth_client_key(const struct auth_client *client);

#endif
