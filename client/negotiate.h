/* client/negotiate.h - NEGOTIATE ([MS-SMB2] 3.2.4.2.2, 3.2.5.2). */
#ifndef CLIENT_NEGOTIATE_H
#define CLIENT_NEGOTIATE_H

#include "client/conn.h"

struct cli_negotiate_options {
	uint16_t dialects[8]; /* to offer; none: 2.0.2 to 3.1.1 */
	uint16_t dialect_count;
	uint16_t security_mode; /* 0: signing enabled */
	uint32_t capabilities;	/* SMB2_GLOBAL_CAP_...; 0: all that we have, but
				   not MULTI_CHANNEL */
	bool no_capabilities;	/* 0 above means 0 */
	struct guid client_guid;     /* zero: a random one */
	struct smb2_id_list ciphers; /* empty: all four, GCM first */
	struct smb2_id_list signing; /* empty: GMAC, CMAC, HMAC-SHA256 */
	const char *netname;	     /* NULL: no such context */
	bool posix; /* offers the POSIX extensions; see cli_negotiated */
};

/* options may be NULL: all at their defaults. */
struct tevent_req *cli_negotiate_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_negotiate_options *options);

/* OK: cli_conn_negotiated() has the result. INVALID_NETWORK_RESPONSE when the
 * server chose what was not offered. */
MUST_CHECK NTSTATUS cli_negotiate_recv(struct tevent_req *req);

/* The request that options make, built like any other; for compounds and for
 * bending it. */
struct cli_message cli_negotiate_message(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_negotiate_options *options);

#endif
