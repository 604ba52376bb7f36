/* smbd/commands.c - the table of commands ([MS-SMB2] 2.2.1.2): a row each. */
#include "smb2/simple.h"
#include "smbd/handlers.h"
#include "smbd/open.h"

/* 3.3.5.2: what carries no data is not longer than this. */
#define SHORT_MESSAGE (68 * 1024)

static const struct smbd_command commands[SMB2_COMMANDS] = {
	[SMB2_NEGOTIATE] = {.name = "negotiate",
			    .body_size = 36,
			    .as_server = true,
			    .max_length = SHORT_MESSAGE,
			    .start = smb2_negotiate_start,
			    .reply = smb2_negotiate_reply},
	[SMB2_SESSION_SETUP] = {.name = "session setup",
				.body_size = 25,
				.as_server = true,
				.max_length = SHORT_MESSAGE,
				.start = smb2_session_setup_start,
				.done = smb2_session_setup_done,
				.reply = smb2_session_setup_reply},
	[SMB2_LOGOFF] = {.name = "logoff",
			 .body_size = 4,
			 .needs = SMBD_NEED_SESSION,
			 .as_server = true,
			 .when_expired = true,
			 .max_length = SHORT_MESSAGE,
			 .start = smb2_logoff_start,
			 .done = smb2_logoff_done,
			 .reply = smb2_simple_reply},
	[SMB2_TREE_CONNECT] = {.name = "tree connect",
			       .body_size = 9,
			       .needs = SMBD_NEED_SESSION,
			       .as_server = true,
			       .max_length = SHORT_MESSAGE,
			       .start = smb2_tree_connect_start,
			       .reply = smb2_tree_connect_reply},
	[SMB2_TREE_DISCONNECT] = {.name = "tree disconnect",
				  .body_size = 4,
				  .needs = SMBD_NEED_TREE,
				  .as_server = true,
				  .max_length = SHORT_MESSAGE,
				  .start = smb2_tree_disconnect_start,
				  .reply = smb2_simple_reply},
	[SMB2_CREATE] = {.name = "create",
			 .body_size = 57,
			 .needs = SMBD_NEED_TREE,
			 .max_length = SHORT_MESSAGE,
			 .start = smb2_create_start,
			 .done = smb2_create_done,
			 .reply = smb2_create_reply},
	[SMB2_CLOSE] = {.name = "close",
			.body_size = 24,
			.needs = SMBD_NEED_OPEN,
			.when_expired = true,
			.file_id_at = 8,
			.max_length = SHORT_MESSAGE,
			.start = smb2_close_start,
			.done = smb2_close_done,
			.reply = smb2_close_reply},
	[SMB2_FLUSH] = {.name = "flush",
			.body_size = 24,
			.needs = SMBD_NEED_OPEN,
			.file_id_at = 8,
			.max_length = SHORT_MESSAGE,
			.start = smb2_flush_start,
			.reply = smb2_simple_reply},
	[SMB2_READ] = {.name = "read",
		       .body_size = 49,
		       .needs = SMBD_NEED_OPEN,
		       .file_id_at = 16,
		       .payload_at = 4,
		       .start = smb2_read_start,
		       .reply = smb2_read_reply},
	[SMB2_WRITE] = {.name = "write",
			.body_size = 49,
			.needs = SMBD_NEED_OPEN,
			.file_id_at = 16,
			.payload_at = 4,
			.start = smb2_write_start,
			.reply = smb2_write_reply},
	[SMB2_LOCK] = {.name = "lock",
		       .body_size = 48,
		       .needs = SMBD_NEED_OPEN,
		       .when_expired = true,
		       .file_id_at = 8,
		       .max_length = SHORT_MESSAGE,
		       .start = smb2_lock_start,
		       .done = smb2_lock_done,
		       .reply = smb2_simple_reply},
	/* Some of its codes go without an open: it looks that up itself. */
	[SMB2_IOCTL] = {.name = "ioctl",
			.body_size = 57,
			.needs = SMBD_NEED_TREE,
			.file_id_at = 8,
			.start = smb2_ioctl_start,
			.done = smb2_ioctl_done,
			.reply = smb2_ioctl_reply},
	[SMB2_CANCEL] = {.name = "cancel",
			 .body_size = 4,
			 .max_length = SHORT_MESSAGE},
	[SMB2_ECHO] = {.name = "echo",
		       .body_size = 4,
		       .max_length = SHORT_MESSAGE,
		       .start = smb2_echo_start,
		       .reply = smb2_simple_reply},
	[SMB2_QUERY_DIRECTORY] = {.name = "query directory",
				  .body_size = 33,
				  .needs = SMBD_NEED_OPEN,
				  .file_id_at = 8,
				  .payload_at = 28,
				  .start = smb2_query_directory_start,
				  .reply = smb2_query_directory_reply},
	[SMB2_CHANGE_NOTIFY] = {.name = "change notify",
				.body_size = 32,
				.needs = SMBD_NEED_OPEN,
				.file_id_at = 8,
				.payload_at = 4,
				.start = smb2_change_notify_start,
				.done = smb2_change_notify_done,
				.reply = smb2_change_notify_reply},
	[SMB2_QUERY_INFO] = {.name = "query info",
			     .body_size = 41,
			     .needs = SMBD_NEED_OPEN,
			     .file_id_at = 24,
			     .payload_at = 4,
			     .start = smb2_query_info_start,
			     .reply = smb2_query_info_reply},
	[SMB2_SET_INFO] = {.name = "set info",
			   .body_size = 33,
			   .needs = SMBD_NEED_OPEN,
			   .file_id_at = 16,
			   .payload_at = 4,
			   .start = smb2_set_info_start,
			   .reply = smb2_set_info_reply},
	/* An oplock's and a lease's differ in size: it looks itself. */
	[SMB2_OPLOCK_BREAK] = {.name = "oplock break",
			       .needs = SMBD_NEED_TREE,
			       .max_length = SHORT_MESSAGE,
			       .start = smb2_oplock_break_start,
			       .reply = smb2_oplock_break_reply},
};

const struct smbd_command *smbd_command_lookup(uint16_t command)
{
	if (command >= SMB2_COMMANDS || commands[command].name == NULL) {
		return NULL;
	}
	return &commands[command];
}

static NTSTATUS unknown_start(struct smbd_request *req)
{
	return NT_STATUS(INVALID_PARAMETER);
}

const struct smbd_command *smbd_command_unknown(void)
{
	static const struct smbd_command unknown = {
		.name = "unknown",
		.max_length = SHORT_MESSAGE,
		.start = unknown_start,
		.reply = smb2_simple_reply,
	};

	return &unknown;
}

NTSTATUS smb2_simple_reply(struct smbd_request *req, struct wire_writer *w,
			   NTSTATUS status)
{
	smb2_simple_encode(w);
	return status;
}
