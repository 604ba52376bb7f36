/* smbd/open.h - an open file ([MS-SMB2] 3.3.1.10) with its record in open.tdb.
 * The file itself is fsa's. */
#ifndef SMBD_OPEN_H
#define SMBD_OPEN_H

#include <talloc.h>

#include "idl/locking_gen.h"
#include "smb2/header.h"
#include "smbd/channel_sequence.h"

struct smbd_session;
struct smbd_tree;
struct smbd_request;
struct fsa_file;
struct lock_sequences;

struct smbd_open {
	struct smbd_tree *tree;
	struct smb2_file_id id; /* persistent: the record's id */
	struct fsa_file *file;	/* NULL until and unless it is open */
	uint32_t create_options;
	bool registered; /* has its record */
	bool closing;
	uint32_t ea_index;     /* CurrentEaIndex, but from 0 */
	uint8_t oplock_level;  /* SMB2_OPLOCK_LEVEL_* */
	struct guid lease_key; /* with ..._LEASE */
	struct channel_sequence sequence;
	struct lock_sequences *lock_sequences; /* NULL: none yet */
};

/* An open in the making, in the session's table, with a global id.
 * INSUFFICIENT_RESOURCES when the session has too many. */
MUST_CHECK NTSTATUS smbd_open_create(struct smbd_tree *tree,
				     struct smbd_open **out);

/* The file is open: writes the record.  rec->id and what else the open itself
 * knows is filled in here. */
MUST_CHECK NTSTATUS smbd_open_register(struct smbd_open *open,
				       struct fsa_file *file,
				       struct open_record *rec);

/* The session's open with this id, unless it is being closed; or NULL. */
struct smbd_open *smbd_open_lookup(const struct smbd_session *session,
				   const struct smb2_file_id *id);

/* talloc_free() takes an open out of the tables and removes the record; its
 * file must have been closed (asserted). */

#endif
