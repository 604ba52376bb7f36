/* smbd/open.c - see open.h. */
#include "smbd/open.h"

#include "fsa/fsa.h"
#include "idl/token_gen.h"
#include "lib/assert.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/open_store.h"
#include "messaging/messaging.h"
#include "smbd/breaks.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

static struct open_store *store_of(const struct smbd_open *open)
{
	return open->tree->session->client->server->locking->opens;
}

static int open_destructor(struct smbd_open *open)
{
	ASSERT(open->file == NULL);
	id_table_remove(open->tree->session->opens,
			(uint32_t)open->id.volatile_id);
	if (open->tree->session->client->breaks != NULL) {
		smbd_breaks_closed(open->tree->session->client, open);
	}
	open->tree->num_opens--;
	open->tree->session->client->num_opens--;
	if (open->registered) {
		NTSTATUS status = open_store_remove(store_of(open),
						    open->id.persistent_id);

		if (!NT_STATUS_IS_OK(status)) {
			LOG_WARN(LOG_SMB2, "the record of an open: %s",
				 ntstatus_name(status));
		}
	}
	return 0;
}

NTSTATUS smbd_open_create(struct smbd_tree *tree, struct smbd_open **out)
{
	struct smbd_client *client = tree->session->client;
	struct smbd_open *open;
	uint32_t id;
	NTSTATUS status;

	if (client->num_opens >= SMBD_MAX_OPENS) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	open = talloc_zero(tree, struct smbd_open);
	if (open == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	open->tree = tree;
	status = id_table_add(tree->session->opens, open, &id);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(open);
		return status;
	}
	tree->num_opens++;
	client->num_opens++;
	open->id.volatile_id = id;
	open->id.persistent_id = open_store_new_id(store_of(open));
	talloc_set_destructor(open, open_destructor);
	*out = open;
	return NT_STATUS_OK;
}

NTSTATUS smbd_open_register(struct smbd_open *open, struct fsa_file *file,
			    struct open_record *rec)
{
	const struct smbd_tree *tree = open->tree;
	const struct smbd_session *session = tree->session;
	const struct security_token *token = session->user->token;
	NTSTATUS status;

	open->file = file;
	rec->id = open->id.persistent_id;
	rec->volatile_id = open->id.volatile_id;
	rec->owner = session->record->owner;
	rec->session_id = session->id;
	rec->tree_id = tree->record_id;
	rec->created = nttime_now();
	rec->client_guid = session->record->client_guid;
	rec->granted_access = fsa_file_granted_access(file);
	rec->file = *fsa_file_id(file);
	rec->uid = tree->identity->uid;
	rec->user_sid = token->sids[0];
	rec->share_name = tree->share_name;
	if (fsa_file_is_directory(file)) {
		rec->flags |= OPEN_DIRECTORY;
	}
	status = open_store_create(store_of(open), rec);
	open->registered = NT_STATUS_IS_OK(status);
	return status;
}

struct smbd_open *smbd_open_lookup(const struct smbd_session *session,
				   const struct smb2_file_id *id)
{
	struct smbd_open *open;

	if (id->volatile_id > UINT32_MAX) {
		return NULL;
	}
	open = id_table_lookup(session->opens, (uint32_t)id->volatile_id);
	if (open == NULL || open->closing || open->file == NULL ||
	    open->id.persistent_id != id->persistent_id) {
		return NULL;
	}
	return open;
}
