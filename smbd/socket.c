/* smbd/socket.c - see socket.h. */
#include "smbd/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "lib/log.h"

#define KEEPALIVE_IDLE	   60 /* seconds */
#define KEEPALIVE_INTERVAL 15
#define KEEPALIVE_PROBES   4

void smbd_socket_set_options(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{IPPROTO_TCP, TCP_NODELAY, 1},
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE},
		{IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL},
		{IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (setsockopt(fd, options[i].level, options[i].name,
			       &options[i].value, sizeof(int)) != 0) {
			LOG_INFO(LOG_GENERAL, "a socket option: %s",
				 strerror(errno));
		}
	}
}

static void format_address(const struct sockaddr_storage *ss, char *out,
			   socklen_t size)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)ss;
	const char *text = NULL;

	if (ss->ss_family == AF_INET) {
		text = inet_ntop(AF_INET, &in->sin_addr, out, size);
	} else if (ss->ss_family == AF_INET6 &&
		   IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		text = inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, out,
				 size);
	} else if (ss->ss_family == AF_INET6) {
		text = inet_ntop(AF_INET6, &in6->sin6_addr, out, size);
	}
	if (text == NULL) {
		snprintf(out, size, "0.0.0.0");
	}
}

void smbd_socket_addresses(int fd, char *remote, char *local)
{
	struct sockaddr_storage ss = {0};
	socklen_t length = sizeof(ss);

	if (getpeername(fd, (struct sockaddr *)&ss, &length) != 0) {
		ss.ss_family = AF_UNSPEC;
	}
	format_address(&ss, remote, SMBD_ADDRESS_SIZE);
	length = sizeof(ss);
	if (getsockname(fd, (struct sockaddr *)&ss, &length) != 0) {
		ss.ss_family = AF_UNSPEC;
	}
	format_address(&ss, local, SMBD_ADDRESS_SIZE);
}

int smbd_socket_unacknowledged(int fd)
{
	int bytes = 0;

	return ioctl(fd, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

bool smbd_socket_is_silent(int fd, unsigned int msec)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	if (smbd_socket_unacknowledged(fd) == 0 ||
	    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) {
		return false;
	}
	/* Twice what the kernel waits before it sends again (in usec): one
	 * segment that is lost is not the end. */
	return info.tcpi_last_ack_recv >= msec &&
	       info.tcpi_last_ack_recv >= info.tcpi_rto / 500;
}
