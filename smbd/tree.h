/* smbd/tree.h - a tree connect ([MS-SMB2] 3.3.1.9) with its record in
 * tree.tdb.  What it needs of the share's settings it has copied: a reload
 * does not change a connected share. */
#ifndef SMBD_TREE_H
#define SMBD_TREE_H

#include <talloc.h>

#include "lib/identity.h"
#include "lib/ntstatus.h"
#include "smbd/aapl.h"

struct smbd_session;
struct smbd_connection;
struct conf_share;
struct fsa_volume;
struct security_token;

struct smbd_tree {
	struct smbd_session *session;
	uint32_t id; /* on the wire */
	uint64_t record_id;
	const char *share_name;
	const char *client_address; /* of where it was connected from */
	const char *server_address;
	char *postexec, *root_postexec; /* commands for its end, or NULL */
	bool ipc;
	bool closing;
	bool read_only;
	bool is_admin; /* `admin users`: works as root */
	bool encryption_required;
	bool oplocks; /* are granted, and leases, if */
	bool leases;
	bool posix;	       /* `smb3 unix extensions`, and the driver can */
	bool hides_unreadable; /* listings show what may be read */
	uint32_t maximal_access;
	struct smbd_aapl_share aapl;
	const struct identity *identity; /* whose rights files are used with */
	const struct security_token *token; /* the same by SIDs */
	struct fsa_volume *volume;	    /* NULL: IPC$ */
	unsigned int num_opens;
};

/* Connects session, over conn, to a share of smb.conf.  ACCESS_DENIED when the
 * share is not for this user or address, BAD_NETWORK_NAME when its folder is
 * not there. Call it with the process's own identity; it may leave another in
 * force. */
MUST_CHECK NTSTATUS smbd_tree_create_disk(struct smbd_session *session,
					  const struct smbd_connection *conn,
					  const struct conf_share *share,
					  struct smbd_tree **out);

/* Whether who comes from address may use its share: `hosts allow`. */
bool smbd_tree_is_for_address(const struct smbd_tree *tree,
			      const char *address);

/* Connects it to IPC$. */
MUST_CHECK NTSTATUS smbd_tree_create_ipc(struct smbd_session *session,
					 struct smbd_tree **out);

/* The session's tree connect with this id, unless it is being closed; or NULL.
 */
struct smbd_tree *smbd_tree_lookup(const struct smbd_session *session,
				   uint32_t id);

#endif
