/* smbd/control_opens.h - what the administrator does with single opens of this
 * process: closes them, breaks what they cache. */
#ifndef SMBD_CONTROL_OPENS_H
#define SMBD_CONTROL_OPENS_H

#include "lib/ntstatus.h"

struct smbd_client;

MUST_CHECK NTSTATUS smbd_control_register_opens(struct smbd_client *client);

#endif
