/* lib/interfaces.c - "interfaces": the addresses to listen on. */
#include "lib/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/hosts.h"

struct list {
	struct sockaddr_storage *items;
	size_t count;
};

/* The address without its port: its text form. */
static bool address_text(const struct sockaddr_storage *ss, char *out,
			 socklen_t size)
{
	const void *raw =
		ss->ss_family == AF_INET
			? (const void *)&((const struct sockaddr_in *)ss)
				  ->sin_addr
			: &((const struct sockaddr_in6 *)ss)->sin6_addr;

	return inet_ntop(ss->ss_family, raw, out, size) != NULL;
}

static bool add(TALLOC_CTX *mem_ctx, struct list *l,
		const struct sockaddr_storage *ss)
{
	struct sockaddr_storage *grown;

	for (size_t i = 0; i < l->count; i++) {
		if (memcmp(&l->items[i], ss, sizeof(*ss)) == 0) {
			return true;
		}
	}
	grown = talloc_realloc(mem_ctx, l->items, struct sockaddr_storage,
			       l->count + 1);
	if (grown == NULL) {
		return false;
	}
	l->items = grown;
	l->items[l->count++] = *ss;
	return true;
}

static bool add_text(TALLOC_CTX *mem_ctx, struct list *l, const char *text)
{
	struct sockaddr_storage ss = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&ss;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		ss.ss_family = AF_INET;
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		ss.ss_family = AF_INET6;
	} else {
		return false;
	}
	return add(mem_ctx, l, &ss);
}

/* The host's address a, cleaned of all but address and scope. */
static bool from_host(const struct ifaddrs *a, struct sockaddr_storage *out)
{
	struct sockaddr_storage ss = {0};

	if (a->ifa_addr == NULL || (a->ifa_flags & IFF_UP) == 0) {
		return false;
	}
	if (a->ifa_addr->sa_family == AF_INET) {
		memcpy(&ss, a->ifa_addr, sizeof(struct sockaddr_in));
		((struct sockaddr_in *)&ss)->sin_port = 0;
	} else if (a->ifa_addr->sa_family == AF_INET6) {
		memcpy(&ss, a->ifa_addr, sizeof(struct sockaddr_in6));
		((struct sockaddr_in6 *)&ss)->sin6_port = 0;
	} else {
		return false;
	}
	*out = ss;
	return true;
}

/* Entry without Samba's options; false when it is too long. */
static bool entry_name(const char *entry, char *out, size_t size)
{
	size_t n = strcspn(entry, ";");

	if (n >= size) {
		return false;
	}
	memcpy(out, entry, n);
	out[n] = '\0';
	return true;
}

static bool resolve_one(TALLOC_CTX *mem_ctx, const struct ifaddrs *host,
			const char *entry, struct list *l)
{
	static const char *const nobody[] = {NULL};
	size_t before = l->count;
	const char *net[2] = {NULL, NULL};
	char name[256];
	char text[INET6_ADDRSTRLEN];

	if (!entry_name(entry, name, sizeof(name))) {
		return false;
	}
	/* Loopback is all ours: 127.0.0.44/8 is 127.0.0.44. */
	if (strncmp(name, "127.", 4) == 0 || strncmp(name, "::1", 3) == 0) {
		name[strcspn(name, "/")] = '\0';
		return add_text(mem_ctx, l, name);
	}
	if (NT_STATUS_IS_OK(hosts_entry_check(name))) {
		net[0] = name;
	}
	for (const struct ifaddrs *a = host; a != NULL; a = a->ifa_next) {
		struct sockaddr_storage ss;
		bool match;

		if (!from_host(a, &ss) ||
		    !address_text(&ss, text, sizeof(text))) {
			continue;
		}
		match = net[0] != NULL
				? hosts_may_connect(net, nobody, text) &&
					  strncmp(text, "127.", 4) != 0 &&
					  strcmp(text, "::1") != 0
				: fnmatch(name, a->ifa_name, 0) == 0;
		if (match && !add(mem_ctx, l, &ss)) {
			return false;
		}
	}
	return l->count > before;
}

NTSTATUS interfaces_resolve(TALLOC_CTX *mem_ctx, const char *const *entries,
			    struct sockaddr_storage **out, size_t *out_count,
			    const char **bad)
{
	struct ifaddrs *host = NULL;
	struct list l = {0};

	if (*entries == NULL) {
		if (!add_text(mem_ctx, &l, "0.0.0.0") ||
		    !add_text(mem_ctx, &l, "::")) {
			return NT_STATUS(NO_MEMORY);
		}
	} else if (getifaddrs(&host) != 0) {
		return ntstatus_from_errno(errno);
	}
	for (; *entries != NULL; entries++) {
		if (!resolve_one(mem_ctx, host, *entries, &l)) {
			freeifaddrs(host);
			talloc_free(l.items);
			*bad = *entries;
			return NT_STATUS(NOT_FOUND);
		}
	}
	if (host != NULL) {
		freeifaddrs(host);
	}
	*out = l.items;
	*out_count = l.count;
	return NT_STATUS_OK;
}
