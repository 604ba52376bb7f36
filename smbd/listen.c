/* smbd/listen.c - see listen.h. */
#include "smbd/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/interfaces.h"
#include "lib/log.h"

#define BACKLOG	     512
#define ADDRESS_SIZE (INET6_ADDRSTRLEN + 16)

struct sockets {
	int *fds;
	size_t count;
};

static void set_port(struct sockaddr_storage *ss, int port)
{
	if (ss->ss_family == AF_INET6) {
		((struct sockaddr_in6 *)ss)->sin6_port = htons((uint16_t)port);
	} else {
		((struct sockaddr_in *)ss)->sin_port = htons((uint16_t)port);
	}
}

static void describe(const struct sockaddr_storage *ss, int port, char *out)
{
	char address[INET6_ADDRSTRLEN] = "?";
	const void *raw = &((const struct sockaddr_in *)ss)->sin_addr;

	if (ss->ss_family == AF_INET6) {
		raw = &((const struct sockaddr_in6 *)ss)->sin6_addr;
	}
	inet_ntop(ss->ss_family, raw, address, sizeof(address));
	snprintf(out, ADDRESS_SIZE, "%s port %d", address, port);
}

/* The socket, or -1 and errno. */
static int open_socket(const struct sockaddr_storage *ss)
{
	socklen_t length = ss->ss_family == AF_INET6
				   ? sizeof(struct sockaddr_in6)
				   : sizeof(struct sockaddr_in);
	int fd = socket(ss->ss_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;
	int err;

	if (fd < 0) {
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ss->ss_family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	}
	if (bind(fd, (const struct sockaddr *)ss, length) == 0 &&
	    listen(fd, BACKLOG) == 0) {
		return fd;
	}
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static void complain(const char *what, int err)
{
	if (err == EADDRINUSE) {
		LOG_ERR(LOG_GENERAL,
			"%s is taken: another server listens "
			"there",
			what);
	} else if (err == EACCES) {
		LOG_ERR(LOG_GENERAL,
			"%s needs root: choose \"smb ports\" "
			"above 1023",
			what);
	} else {
		LOG_ERR(LOG_GENERAL, "%s cannot be listened on: %s", what,
			strerror(err));
	}
}

static NTSTATUS add(TALLOC_CTX *mem_ctx, struct sockets *s,
		    struct sockaddr_storage *ss, int port)
{
	char what[ADDRESS_SIZE];
	int fd;

	set_port(ss, port);
	describe(ss, port, what);
	fd = open_socket(ss);
	if (fd < 0 && errno == EAFNOSUPPORT && ss->ss_family == AF_INET6) {
		return NT_STATUS_OK; /* a machine without IPv6 */
	}
	if (fd < 0) {
		NTSTATUS status = ntstatus_from_errno(errno);

		complain(what, errno);
		return status;
	}
	s->fds = talloc_realloc(mem_ctx, s->fds, int, s->count + 1);
	if (s->fds == NULL) {
		close(fd);
		return NT_STATUS(NO_MEMORY);
	}
	s->fds[s->count++] = fd;
	LOG_NOTICE(LOG_GENERAL, "listening on %s", what);
	return NT_STATUS_OK;
}

static void close_all(struct sockets *s)
{
	for (size_t i = 0; i < s->count; i++) {
		close(s->fds[i]);
	}
	talloc_free(s->fds);
}

NTSTATUS smbd_listen(TALLOC_CTX *mem_ctx, const struct conf *conf,
		     int **out_fds, size_t *out_count)
{
	static const char *const any[] = {NULL};
	const struct conf_global *g = conf_global(conf);
	struct sockets s = {0};
	struct sockaddr_storage *addresses;
	const char *bad = NULL;
	size_t count;
	NTSTATUS status = interfaces_resolve(
		mem_ctx, g->bind_interfaces_only ? g->interfaces : any,
		&addresses, &count, &bad);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL,
			"interfaces: %s is no address of this "
			"machine",
			bad == NULL ? "?" : bad);
		return status;
	}
	for (size_t i = 0; i < count && NT_STATUS_IS_OK(status); i++) {
		for (const int *port = g->smb_ports;
		     *port != 0 && NT_STATUS_IS_OK(status); port++) {
			status = add(mem_ctx, &s, &addresses[i], *port);
		}
	}
	talloc_free(addresses);
	if (NT_STATUS_IS_OK(status) && s.count == 0) {
		LOG_ERR(LOG_GENERAL, "there is nothing to listen on");
		status = NT_STATUS(INVALID_PARAMETER);
	}
	if (!NT_STATUS_IS_OK(status)) {
		close_all(&s);
		return status;
	}
	*out_fds = s.fds;
	*out_count = s.count;
	return NT_STATUS_OK;
}
