/* smbd/network_interfaces.h - where else a client can reach this server:
 * FSCTL_QUERY_NETWORK_INTERFACE_INFO ([MS-SMB2] 3.3.5.15.11). */
#ifndef SMBD_NETWORK_INTERFACES_H
#define SMBD_NETWORK_INTERFACES_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/conf.h"

/* The addresses that smb.conf lets the server listen on, of interfaces that are
 * up, with what the kernel says of them.  Loopback is left out unless it is all
 * there is. */
MUST_CHECK NTSTATUS smbd_network_interfaces(TALLOC_CTX *mem_ctx,
					    const struct conf *conf,
					    struct blob *out);

#endif
