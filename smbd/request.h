/* smbd/request.h - a frame of the client's being carried out, and in it one
 * command after the other; and the table of commands.
 *
 * What a command allocates hangs below the request and goes when the command
 * is answered. */
#ifndef SMBD_REQUEST_H
#define SMBD_REQUEST_H

#include <tevent.h>

#include "fsa/fsa.h"
#include "lib/wire.h"
#include "smb2/compound.h"
#include "smb2/error.h"
#include "smb2/header.h"

struct smbd_client;
struct smbd_connection;
struct smbd_session;
struct smbd_channel;
struct smbd_tree;
struct smbd_open;
struct smbd_command;
struct smbd_request;
struct smb2_signer;
struct smb2_preauth;
struct iobuf;

/* What lasts as long as the frame. */
struct smbd_frame {
	struct iobuf *in; /* holds its bytes; referenced once it waits */
	bool in_held;
	struct smb2_compound walk;
	unsigned int members; /* of the compound, so far */
	bool encrypted;
	uint64_t transform_session_id;

	/* What a related request takes from the one before it
	 * ([MS-SMB2] 3.3.5.2.7.2). */
	uint64_t session_id;
	uint32_t tree_id;
	bool has_file_id;
	struct smb2_file_id file_id;
	NTSTATUS create_error; /* of a CREATE whose file id was to be used */
	bool failed;	       /* all that is related fails likewise: */
	NTSTATUS failure;

	/* The reply, which grows message by message. */
	struct iobuf *out;
	struct wire_writer w;	    /* from the first message on */
	size_t last;		    /* the last message in it */
	bool begun;		    /* and it is being written */
	struct smb2_signer *signer; /* to sign that with, or NULL */
	struct smbd_session *seal;  /* to encrypt it all for, or NULL */
	struct smb2_preauth *hash;  /* runs on over the reply, or NULL */
	struct smbd_session *gone;  /* a list; freed with the frame */
};

struct smbd_request {
	struct smbd_client *client;
	struct smbd_connection *conn;	  /* where it came from */
	struct smbd_request *prev, *next; /* in client->waiting */
	struct smbd_frame frame;

	/* The command; what is below starts afresh with each. */
	const struct smbd_command *cmd;
	struct smb2_header hdr; /* becomes that of the response */
	struct wire_reader pdu; /* the message with its padding */
	struct smbd_session *session;
	struct smbd_channel *channel; /* the session's on conn */
	struct smbd_tree *tree;
	struct smbd_open *open;
	struct smbd_open *source; /* a copy's: it waits for that, too */
	struct fsa_io io;
	bool counts; /* for its open: channel_sequence.h */
	uint32_t failures;
	bool was_signed;
	struct smb2_signer *signer; /* for the response, or NULL */
	bool starting;		    /* start() is being called */
	bool ended;		    /* ... and has ended it already */
	NTSTATUS end_status;
	bool waits;	   /* in client->waiting */
	bool cancelled;	   /* its end was asked for */
	bool torn_down;	   /* ... since its open, tree or session ends */
	uint64_t async_id; /* 0 until an interim response was sent */
	struct tevent_timer *interim;
	void (*cancel)(struct smbd_request *req); /* NULL: cannot */
	struct smb2_error error; /* data for an error response */
	bool error_in_full;	 /* an error with the command's own response */
	void *state;		 /* the command's own, in its file */
};

#define SMBD_NEED_SESSION 0x1
#define SMBD_NEED_TREE	  0x3 /* and with it a session */
#define SMBD_NEED_OPEN	  0x7

/* A row of the table. */
struct smbd_command {
	const char *name;
	uint16_t body_size; /* StructureSize of the request */
	uint8_t needs;
	bool as_server;	     /* start runs with the process's own rights */
	bool when_expired;   /* goes on when the logon is over */
	uint8_t file_id_at;  /* where the body has a file id */
	uint8_t payload_at;  /* 32 bits that count for CreditCharge; or 0 */
	uint32_t max_length; /* of the message; 0: only the frame's limit */
	/* Decodes, decides, acts: a final status, or STATUS_PENDING and later
	 * smbd_request_done(). */
	NTSTATUS (*start)(struct smbd_request *req);
	/* Always called once with the final status, which it may change;
	 * may be NULL. */
	NTSTATUS (*done)(struct smbd_request *req, NTSTATUS status);
	/* Appends the body of the response; the status that goes with it.  An
	 * error takes the body back. */
	NTSTATUS(*reply)
	(struct smbd_request *req, struct wire_writer *w, NTSTATUS status);
};

/* The row of a command; NULL when there is none. */
const struct smbd_command *smbd_command_lookup(uint16_t command);

/* A row that answers INVALID_PARAMETER. */
const struct smbd_command *smbd_command_unknown(void);

/* --- for the commands ---------------------------------------------------- */

/* Carries out req->io (op and arguments are set) on req->open, or on req->tree
 * for FSA_CREATE: a final status or STATUS_PENDING, to be returned by start. */
MUST_CHECK NTSTATUS smbd_request_io(struct smbd_request *req);

/* For a command whose row does not say SMBD_NEED_OPEN: sets req->open by the
 * file id of the request, or FILE_CLOSED. */
MUST_CHECK NTSTATUS smbd_request_find_open(struct smbd_request *req);

/* Whether the next message of the compound depends on this one. */
bool smbd_request_next_is_related(const struct smbd_request *req);

/* Ends a command whose start said STATUS_PENDING. */
void smbd_request_done(struct smbd_request *req, NTSTATUS status);

/* Whether CreditCharge pays for so many bytes ([MS-SMB2] 3.3.5.2.5). */
bool smbd_request_pays(const struct smbd_request *req, uint64_t bytes);

/* Makes room in the reply for so many bytes after the header.  NO_MEMORY. */
MUST_CHECK NTSTATUS smbd_reply_room(struct smbd_request *req, size_t bytes);

/* Where bytes will be that come fixed bytes behind the header in the reply, if
 * this command's is the first in it; else NULL.  smbd_reply_room() was called
 * for them. */
uint8_t *smbd_reply_place(struct smbd_request *req, size_t fixed);

/* Data for the error response ([MS-SMB2] 2.2.2), which is copied: with 3.1.1
 * in an error context. */
void smbd_reply_error_data(struct smbd_request *req, const void *data,
			   size_t length);

/* The request's session is over: it goes when the frame is done with. */
void smbd_request_outlive(struct smbd_request *req);

/* Drops the connection instead of answering; why is a constant text. */
void smbd_request_disconnect(struct smbd_request *req, const char *why);

#endif
