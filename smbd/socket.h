/* smbd/socket.h - a client's socket: options, and who is at its ends. */
#ifndef SMBD_SOCKET_H
#define SMBD_SOCKET_H

#include <netinet/in.h>
#include <stdbool.h>

#define SMBD_ADDRESS_SIZE INET6_ADDRSTRLEN

/* No delay, and keep-alive: a client that is gone is noticed in two minutes. */
void smbd_socket_set_options(int fd);

/* Numeric, without the port; "0.0.0.0" for what is not IP.  Each has
 * SMBD_ADDRESS_SIZE bytes. */
void smbd_socket_addresses(int fd, char *remote, char *local);

/* Bytes that were sent and are not acknowledged by the other side; 0 also for
 * what is not TCP. */
int smbd_socket_unacknowledged(int fd);

/* Whether bytes sent have not been acknowledged by the other side although it
 * has had long enough: nothing came from it for so many milliseconds.  It is
 * out of reach, or its machine is down. */
bool smbd_socket_is_silent(int fd, unsigned int msec);

#endif
