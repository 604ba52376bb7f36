/* messaging/messaging_int.h - what the files of messaging/ share.
 *
 * messaging.c  life, handlers, receiving
 * directory.c  the folder of sockets: names, who is there
 * send.c       sending, and the queues of receivers that are full
 * request.c    request and reply */
#ifndef MESSAGING_MESSAGING_INT_H
#define MESSAGING_MESSAGING_INT_H

#include <sys/socket.h>
#include <sys/un.h>

#include "messaging/messaging.h"

struct msg_queue;
struct request_state;

struct messaging_context {
	struct tevent_context *ev;
	struct server_id id;
	const char *dir; /* of the sockets */
	int dir_fd;
	int fd; /* this process's socket; -1 when half-built */
	struct tevent_fd *fde;
	struct messaging_handler *handlers; /* in order of registration */
	uint64_t last_serial;		    /* of a handler */
	struct msg_queue *queues;
	struct request_state *requests;
	uint64_t last_request_id;
};

/* The bytes of a message_header. */
#define MSG_HEADER_SIZE 44

/* --- directory.c -------------------------------------------------------- */

struct msg_address {
	struct sockaddr_un un;
	socklen_t length;
};

/* Where the socket of id is. */
void msg_address(const struct messaging_context *m, const struct server_id *id,
		 struct msg_address *out);

/* Opens the folder, makes it when missing; sets dir and dir_fd. */
MUST_CHECK NTSTATUS msg_dir_open(struct messaging_context *m,
				 const char *lock_dir);

/* Removes a socket from the folder. */
void msg_dir_unlink(struct messaging_context *m, const struct server_id *id);

/* A new socket of type datagram, close on exec, not blocking; or -1. */
int msg_socket(void);

/* Connects fd to id's socket; 0 or an errno. */
int msg_connect(struct messaging_context *m, int fd,
		const struct server_id *id);

/* --- send.c ------------------------------------------------------------- */

/* A message on its way out, all lent. */
struct msg_outgoing {
	uint32_t type;
	uint16_t flags; /* MESSAGE_* */
	uint64_t request_id;
	NTSTATUS status;
	struct blob payload;
	const int *fds;
	size_t num_fds;
};

MUST_CHECK NTSTATUS msg_send(struct messaging_context *m,
			     const struct server_id *dst,
			     const struct msg_outgoing *out);

/* Forgets what is queued. */
void msg_queues_drop(struct messaging_context *m);

/* --- request.c ---------------------------------------------------------- */

/* A reply has come. */
void msg_request_replied(struct messaging_context *m, struct message *msg,
			 NTSTATUS status);

/* The requests to dst fail: it is dead. */
void msg_requests_fail(struct messaging_context *m,
		       const struct server_id *dst);

/* The requests stay with whoever made them, without an answer. */
void msg_requests_forget(struct messaging_context *m);

#endif
