/* smbd/control.h - what the administrator's programs, and other processes, ask
 * of this one by message. */
#ifndef SMBD_CONTROL_H
#define SMBD_CONTROL_H

#include "lib/ntstatus.h"

struct smbd_server;
struct smbd_client;

/* ping, reload-config, debug, what there is: for every process.  Registered
 * once, by the master; children inherit the handlers. */
MUST_CHECK NTSTATUS smbd_control_register(struct smbd_server *server);

/* shutdown, close-share, kill-client-ip, what concerns single opens, the end of
 * a session: for a child. */
MUST_CHECK NTSTATUS smbd_control_register_client(struct smbd_client *client);

#endif
