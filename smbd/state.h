/* smbd/state.h - what this process has, told to who asks (MSG_STATE): the
 * administrator's check-state compares it with the databases. */
#ifndef SMBD_STATE_H
#define SMBD_STATE_H

#include "lib/ntstatus.h"

struct smbd_server;

/* For every process, as smbd_control_register(). */
MUST_CHECK NTSTATUS smbd_state_register(struct smbd_server *server);

#endif
