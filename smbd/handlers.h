/* smbd/handlers.h - the functions of the table in commands.c: for each command
 * what it does, in the file smbd/smb2_NAME.c.  Their contracts are those of
 * struct smbd_command (smbd/request.h). */
#ifndef SMBD_HANDLERS_H
#define SMBD_HANDLERS_H

#include "smbd/request.h"

#define HANDLER(name)                                                          \
	NTSTATUS smb2_##name##_start(struct smbd_request *req);                \
	NTSTATUS smb2_##name##_reply(struct smbd_request *req,                 \
				     struct wire_writer *w, NTSTATUS status)

HANDLER(negotiate);
HANDLER(session_setup);
NTSTATUS smb2_session_setup_done(struct smbd_request *req, NTSTATUS status);
HANDLER(logoff);
NTSTATUS smb2_logoff_done(struct smbd_request *req, NTSTATUS status);
HANDLER(tree_connect);
HANDLER(tree_disconnect);
HANDLER(create);
NTSTATUS smb2_create_done(struct smbd_request *req, NTSTATUS status);
HANDLER(close);
NTSTATUS smb2_close_done(struct smbd_request *req, NTSTATUS status);
HANDLER(flush);
HANDLER(read);
HANDLER(write);
HANDLER(lock);
NTSTATUS smb2_lock_done(struct smbd_request *req, NTSTATUS status);
HANDLER(ioctl);
NTSTATUS smb2_ioctl_done(struct smbd_request *req, NTSTATUS status);
HANDLER(echo);
HANDLER(query_directory);
HANDLER(change_notify);
NTSTATUS smb2_change_notify_done(struct smbd_request *req, NTSTATUS status);
HANDLER(query_info);
HANDLER(set_info);
HANDLER(oplock_break);

/* The response of StructureSize 4 and nothing else. */
NTSTATUS smb2_simple_reply(struct smbd_request *req, struct wire_writer *w,
			   NTSTATUS status);

#undef HANDLER

#endif
