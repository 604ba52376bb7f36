/* smbd/network_interfaces.c - where else a client can reach this server. */
#include "smbd/network_interfaces.h"

#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "lib/interfaces.h"
#include "smb2/network_interface.h"

#define MAX_OUTPUT 65536

/* What virtual interfaces have, which do not say. */
#define DEFAULT_SPEED 1000000000u

/* --- what the kernel says ------------------------------------------------ */

/* Megabits in a second, in a file that cannot be read where nobody knows. */
static uint64_t speed_of(const char *name)
{
	char path[64 + IFNAMSIZ];
	int64_t mbits = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/speed", name);
	f = fopen(path, "re");
	if (f == NULL) {
		return DEFAULT_SPEED;
	}
	if (fscanf(f, "%" SCNd64, &mbits) != 1 || mbits < 0) {
		mbits = 0;
	}
	fclose(f);
	return mbits > 0 ? (uint64_t)mbits * 1000000 : DEFAULT_SPEED;
}

/* RSS: several queues receive.  RDMA is not spoken here, whatever the card
 * can. */
static uint32_t capability_of(const char *name)
{
	char path[64 + IFNAMSIZ];
	unsigned int queues = 0;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/net/%s/queues", name);
	dir = opendir(path);
	if (dir == NULL) {
		return 0;
	}
	while ((e = readdir(dir)) != NULL) {
		queues += strncmp(e->d_name, "rx-", 3) == 0;
	}
	closedir(dir);
	return queues > 1 ? SMB2_INTERFACE_RSS_CAPABLE : 0;
}

/* --- which ---------------------------------------------------------------- */

struct listed {
	const struct sockaddr_storage *addresses; /* listened on */
	size_t count;
};

static bool same_address(const struct sockaddr *a,
			 const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const void *)a;
	const struct sockaddr_in *b4 = (const void *)b;
	const struct sockaddr_in6 *a6 = (const void *)a;
	const struct sockaddr_in6 *b6 = (const void *)b;

	if (a->sa_family != b->ss_family) {
		return false;
	}
	if (a->sa_family == AF_INET) {
		return b4->sin_addr.s_addr == INADDR_ANY ||
		       a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	}
	return IN6_IS_ADDR_UNSPECIFIED(&b6->sin6_addr) ||
	       memcmp(&a6->sin6_addr, &b6->sin6_addr, 16) == 0;
}

/* A link-local address says nothing without the client's own scope. */
static bool is_reachable(const struct ifaddrs *i)
{
	const struct sockaddr_in6 *in6 = (const void *)i->ifa_addr;

	if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0 ||
	    if_nametoindex(i->ifa_name) == 0) {
		return false;
	}
	return i->ifa_addr->sa_family == AF_INET ||
	       (i->ifa_addr->sa_family == AF_INET6 &&
		!IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr));
}

static bool is_listened_on(const struct listed *l, const struct ifaddrs *i)
{
	for (size_t n = 0; n < l->count; n++) {
		if (same_address(i->ifa_addr, &l->addresses[n])) {
			return true;
		}
	}
	return false;
}

static void put(struct fscc_list *list, const struct ifaddrs *i)
{
	struct smb2_network_interface n = {
		.index = if_nametoindex(i->ifa_name),
		.capability = capability_of(i->ifa_name),
		.speed = speed_of(i->ifa_name),
	};

	memcpy(&n.address, i->ifa_addr,
	       i->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						 : sizeof(struct sockaddr_in6));
	smb2_network_interface_put(list, &n);
}

static void put_all(struct fscc_list *list, const struct listed *l,
		    const struct ifaddrs *all, bool loopback)
{
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		bool is_loopback = (i->ifa_flags & IFF_LOOPBACK) != 0;

		if (is_loopback == loopback && is_reachable(i) &&
		    is_listened_on(l, i)) {
			put(list, i);
		}
	}
}

NTSTATUS smbd_network_interfaces(TALLOC_CTX *mem_ctx, const struct conf *conf,
				 struct blob *out)
{
	static const char *const any[] = {NULL};
	const struct conf_global *g = conf_global(conf);
	struct wire_writer w = wire_writer(mem_ctx, MAX_OUTPUT);
	struct fscc_list list = fscc_list(&w, SMB2_NETWORK_INTERFACE_ALIGN);
	struct sockaddr_storage *addresses = NULL;
	struct listed l = {0};
	struct ifaddrs *all;
	const char *bad;
	NTSTATUS status = interfaces_resolve(
		mem_ctx, g->bind_interfaces_only ? g->interfaces : any,
		&addresses, &l.count, &bad);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (getifaddrs(&all) != 0) {
		talloc_free(addresses);
		return ntstatus_from_errno(errno);
	}
	l.addresses = addresses;
	put_all(&list, &l, all, false);
	if (list.empty) {
		put_all(&list, &l, all, true);
	}
	freeifaddrs(all);
	talloc_free(addresses);
	return wire_finish(&w, out);
}
