/* smb2/negotiate_contexts.h - negotiate contexts of 3.1.1 ([MS-SMB2] 2.2.3.1,
 * 2.2.4.1). */
#ifndef SMB2_NEGOTIATE_CONTEXTS_H
#define SMB2_NEGOTIATE_CONTEXTS_H

#include "smb2/header.h"

#define SMB2_MAX_IDS 32

/* Algorithm ids in the sender's order of preference, each once; what comes
 * after the first SMB2_MAX_IDS different ones is dropped. */
struct smb2_id_list {
	uint16_t count;
	uint16_t ids[SMB2_MAX_IDS];
};

bool smb2_id_list_has(const struct smb2_id_list *list, uint16_t id);

/* The struct is the list: a context that is absent has present == false, and
 * unknown ones are left out.  The contents of compression, transport and rdma
 * are to be ignored, whatever they are, by a server that does not support
 * them: one that does fails the request when they are malformed. */
struct smb2_negotiate_contexts {
	struct {
		bool present;
		struct smb2_id_list hashes; /* SMB2_PREAUTH_INTEGRITY_... */
		struct wire_reader salt;
	} preauth;
	struct {
		bool present;
		struct smb2_id_list ciphers; /* enum smb2_cipher */
	} encryption;
	struct {
		bool present;
		bool malformed;
		uint32_t flags; /* SMB2_COMPRESSION_CAPABILITIES_FLAG_... */
		struct smb2_id_list algorithms;
	} compression;
	struct {
		bool present;
		struct wire_reader name; /* UTF-16LE */
	} netname;
	struct {
		bool present;
		bool malformed;
		uint32_t flags; /* SMB2_ACCEPT_TRANSPORT_LEVEL_SECURITY */
	} transport;
	struct {
		bool present;
		bool malformed;
		struct smb2_id_list transforms;
	} rdma;
	struct {
		bool present;
		struct smb2_id_list algorithms; /* enum smb2_signing_... */
	} signing;
	struct {
		bool present; /* with the GUID of the POSIX extensions */
	} posix;
};

/* count contexts from list (both as the message gave them).  INVALID_PARAMETER
 * when a context passes the end or comes twice, or when the list of preauth,
 * encryption or signing is empty or passes the end ([MS-SMB2] 3.3.5.4). Whether
 * the preauth context is there the caller asks. */
MUST_CHECK NTSTATUS
smb2_negotiate_contexts_decode(struct wire_reader list, uint16_t count,
			       struct smb2_negotiate_contexts *out);

/* Appends the present contexts, each 8-byte aligned from where w stands, and
 * says how many there are. */
uint16_t smb2_negotiate_contexts_put(struct wire_writer *w,
				     const struct smb2_negotiate_contexts *in);

#endif
