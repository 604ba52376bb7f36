/* smb2/tree_connect.h - SMB2 TREE_CONNECT ([MS-SMB2] 2.2.9, 2.2.10);
 * TREE_DISCONNECT is in simple.h. */
#ifndef SMB2_TREE_CONNECT_H
#define SMB2_TREE_CONNECT_H

#include "smb2/header.h"

struct smb2_tree_connect_request {
	uint16_t flags;		 /* SMB2_TREE_CONNECT_FLAG_... */
	struct wire_reader path; /* UTF-16LE: \\server\share */
	/* With SMB2_TREE_CONNECT_FLAG_EXTENSION_PRESENT (2.2.9.1) */
	uint16_t context_count;
	struct wire_reader contexts;
};

MUST_CHECK NTSTATUS smb2_tree_connect_request_decode(
	struct wire_reader pdu, struct smb2_tree_connect_request *out);
void smb2_tree_connect_request_encode(
	struct wire_writer *w, const struct smb2_tree_connect_request *in);

/* The next of a request's contexts: its type and its data, lent, and list
 * moves past it.  NO_MORE_FILES at the end. */
MUST_CHECK NTSTATUS
smb2_tree_connect_context_next(struct wire_reader *list, uint16_t *out_type,
			       struct wire_reader *out_data);

struct smb2_tree_connect_response {
	uint8_t share_type; /* SMB2_SHARE_TYPE_... */
	uint32_t share_flags;
	uint32_t capabilities;
	uint32_t maximal_access;
};

MUST_CHECK NTSTATUS smb2_tree_connect_response_decode(
	struct wire_reader pdu, struct smb2_tree_connect_response *out);
void smb2_tree_connect_response_encode(
	struct wire_writer *w, const struct smb2_tree_connect_response *in);

#endif
