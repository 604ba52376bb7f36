/* smbd/smb2_tree_connect.c - TREE_CONNECT: [MS-SMB2] 3.3.5.7. */
#include "smb2/tree_connect.h"

#include <string.h>
#include <strings.h>

#include "lib/conf.h"
#include "lib/log.h"
#include "lib/utf16.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

/* The share's name in \\server\share, lent; NULL when it is not of this form.
 */
static const char *share_of(const char *path)
{
	const char *p;

	if (path[0] != '\\' || path[1] != '\\') {
		return NULL;
	}
	p = strchr(path + 2, '\\');
	if (p == NULL || p[1] == '\0' || strchr(p + 1, '\\') != NULL) {
		return NULL;
	}
	return p + 1;
}

/* 3.3.5.7: with 3.1.1 this request proves that nobody stands between. */
static bool is_proven(const struct smbd_request *req)
{
	return req->conn->negotiated.dialect != SMB2_DIALECT_311 ||
	       req->session->user->is_anonymous ||
	       req->session->user->is_guest || req->was_signed ||
	       req->frame.encrypted;
}

static NTSTATUS connect_share(struct smbd_request *req, const char *name)
{
	const struct conf *conf = req->client->server->conf;
	const struct conf_share *share;

	if (strcasecmp(name, "IPC$") == 0) {
		return smbd_tree_create_ipc(req->session, &req->tree);
	}
	share = conf_share_lookup(conf, name);
	if (share == NULL) {
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	if (share->smb_encrypt == CONF_ENCRYPT_REQUIRED &&
	    req->session->encrypt == NULL) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return smbd_tree_create_disk(req->session, req->conn, share,
				     &req->tree);
}

NTSTATUS smb2_tree_connect_start(struct smbd_request *req)
{
	struct smb2_tree_connect_request in;
	const char *name;
	char *path;
	NTSTATUS status;

	if (!is_proven(req)) {
		smbd_request_disconnect(req, "an unsigned TREE_CONNECT");
		return NT_STATUS(ACCESS_DENIED);
	}
	status = smb2_tree_connect_request_decode(req->pdu, &in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	path = wire_utf16(req, &in.path, in.path.length);
	name = path == NULL ? NULL : share_of(path);
	if (name == NULL) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = connect_share(req, name);
	LOG_NOTICE(LOG_SMB2, "%s: %s connects to %s: %s", req->conn->address,
		   smbd_session_account(req->session), name,
		   ntstatus_name(status));
	if (NT_STATUS_IS_OK(status)) {
		req->hdr.tree_id = req->tree->id;
		if (req->frame.encrypted) {
			smbd_session_note_encryption(req->session);
		}
	}
	return status;
}

NTSTATUS smb2_tree_connect_reply(struct smbd_request *req,
				 struct wire_writer *w, NTSTATUS status)
{
	const struct smbd_tree *tree = req->tree;
	struct smb2_tree_connect_response r = {
		.share_type =
			tree->ipc ? SMB2_SHARE_TYPE_PIPE : SMB2_SHARE_TYPE_DISK,
		.share_flags = tree->ipc ? SMB2_SHAREFLAG_NO_CACHING
					 : SMB2_SHAREFLAG_MANUAL_CACHING,
		.maximal_access = tree->maximal_access,
	};

	if (tree->hides_unreadable) {
		r.share_flags |= SMB2_SHAREFLAG_ACCESS_BASED_DIRECTORY_ENUM;
	}
	if (tree->encryption_required && smbd_is_3x(req->conn)) {
		r.share_flags |= SMB2_SHAREFLAG_ENCRYPT_DATA;
	}
	smb2_tree_connect_response_encode(w, &r);
	return status;
}
