/* smb2/network_interface.c - NETWORK_INTERFACE_INFO ([MS-SMB2] 2.2.32.5). */
#include "smb2/network_interface.h"

#include <netinet/in.h>
#include <string.h>

#include "lib/assert.h"

#define INTER_NETWORK	 0x0002u
#define INTER_NETWORK_V6 0x0017u
#define SOCKADDR_SIZE	 128

/* Port, flow and scope are reserved, and 0. */
static void put_address(struct wire_writer *w,
			const struct sockaddr_storage *address)
{
	const struct sockaddr_in *in4 = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;
	size_t start = w->length;

	if (address->ss_family == AF_INET) {
		wire_put_u16(w, INTER_NETWORK);
		wire_put_u16(w, 0);
		wire_put_bytes(w, &in4->sin_addr, 4);
	} else {
		ASSERT(address->ss_family == AF_INET6);
		wire_put_u16(w, INTER_NETWORK_V6);
		wire_put_zero(w, 6);
		wire_put_bytes(w, &in6->sin6_addr, 16);
	}
	wire_put_zero(w, SOCKADDR_SIZE - (w->length - start));
}

void smb2_network_interface_put(struct fscc_list *l,
				const struct smb2_network_interface *in)
{
	fscc_list_begin(l);
	wire_put_u32(l->w, in->index);
	wire_put_u32(l->w, in->capability);
	wire_put_u32(l->w, 0); /* Reserved */
	wire_put_u64(l->w, in->speed);
	put_address(l->w, &in->address);
}

static struct sockaddr_storage read_address(struct wire_reader *r)
{
	struct wire_reader field = wire_field(r, r->pos, SOCKADDR_SIZE);
	struct sockaddr_storage address = {0};
	struct sockaddr_in *in4 = (void *)&address;
	struct sockaddr_in6 *in6 = (void *)&address;

	switch (wire_u16(&field)) {
	case INTER_NETWORK:
		wire_skip(&field, 2);
		in4->sin_family = AF_INET;
		wire_bytes(&field, &in4->sin_addr, 4);
		break;
	case INTER_NETWORK_V6:
		wire_skip(&field, 6);
		in6->sin6_family = AF_INET6;
		wire_bytes(&field, &in6->sin6_addr, 16);
		break;
	default:
		r->failed = true;
	}
	return address;
}

NTSTATUS smb2_network_interface_next(struct wire_reader *list,
				     struct smb2_network_interface *out)
{
	struct smb2_network_interface in = {0};
	struct wire_reader entry;
	NTSTATUS status =
		fscc_list_next(list, SMB2_NETWORK_INTERFACE_ALIGN, &entry);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	in.index = wire_u32(&entry);
	in.capability = wire_u32(&entry);
	wire_skip(&entry, 4); /* Reserved */
	in.speed = wire_u64(&entry);
	in.address = read_address(&entry);
	if (!wire_ok(&entry)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}
