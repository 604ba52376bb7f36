/* smb2/network_interface.h - NETWORK_INTERFACE_INFO ([MS-SMB2] 2.2.32.5). */
#ifndef SMB2_NETWORK_INTERFACE_H
#define SMB2_NETWORK_INTERFACE_H

#include <sys/socket.h>

#include "smb2/fscc_list.h"

#define SMB2_INTERFACE_RSS_CAPABLE  0x00000001u
#define SMB2_INTERFACE_RDMA_CAPABLE 0x00000002u

#define SMB2_NETWORK_INTERFACE_ALIGN 8
#define SMB2_NETWORK_INTERFACE_SIZE  152

struct smb2_network_interface {
	uint32_t index;
	uint32_t capability;
	uint64_t speed;			 /* bits per second */
	struct sockaddr_storage address; /* AF_INET, AF_INET6; without port */
};

void smb2_network_interface_put(struct fscc_list *l,
				const struct smb2_network_interface *in);
/* NO_MORE_FILES at the end; INVALID_PARAMETER. */
MUST_CHECK NTSTATUS smb2_network_interface_next(
	struct wire_reader *list, struct smb2_network_interface *out);

#endif
