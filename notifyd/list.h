/* notifyd/list.h - all watches, told to who asks (MSG_NOTIFY_LIST). */
#ifndef NOTIFYD_LIST_H
#define NOTIFYD_LIST_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct messaging_context;
struct notify_index;

/* Until ix, whose memory it is, is freed. */
MUST_CHECK NTSTATUS notify_list_register(struct messaging_context *m,
					 struct notify_index *ix);

#endif
