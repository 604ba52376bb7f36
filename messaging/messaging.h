/* messaging/messaging.h - messages between the processes of one server.
 *
 * Every process has a unix datagram socket "<lock directory>/msg/PID.UNIQUE".
 * Messages from one sender arrive in the order of sending, each once, as long
 * as both live.  Sending never blocks: what a full receiver cannot take yet
 * waits in a queue of bounded size for that receiver alone.  Payloads above
 * MESSAGING_INLINE_MAX bytes travel in a memfd.  Only processes of the same
 * uid, or root's, are listened to.
 *
 * All functions work whichever identity (lib/identity.h) is in force. */
#ifndef MESSAGING_MESSAGING_H
#define MESSAGING_MESSAGING_H

#include <sys/time.h>
#include <talloc.h>
#include <tevent.h>

#include "idl/messages_gen.h"
#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "messaging/server_id.h"

#define MESSAGING_MAX_FDS     250
#define MESSAGING_INLINE_MAX  (32 * 1024)
#define MESSAGING_MAX_PAYLOAD (256 * 1024 * 1024)
#define MESSAGING_QUEUE_MAX   (4 * 1024 * 1024) /* bytes for one receiver */

struct messaging_context;

/* A message as a handler sees it; all of it is lent for the call. */
struct message {
	uint32_t type; /* enum message_type */
	struct server_id src;
	struct blob payload;
	/* To keep a descriptor, take it and put -1 in its place; the others
	 * are closed after the call. */
	int *fds;
	size_t num_fds;
	uint64_t request_id; /* 0: no reply is waited for */
};

typedef void (*messaging_handler_fn)(struct messaging_context *m,
				     struct message *msg, void *private_data);

/* --- life --------------------------------------------------------------- */

/* Makes this process's socket in lock_dir "/msg" (made, 0700, when missing) and
 * sweeps away the sockets of processes that are no more.  It belongs to
 * mem_ctx; freeing it removes the socket. */
MUST_CHECK NTSTATUS messaging_create(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     const char *lock_dir,
				     struct messaging_context **out);

/* In the child after a fork, once ev has been re-initialised
 * (tevent_re_initialise): a socket and an id of its own.  The handlers stay;
 * what the parent had queued or waited for is the parent's and forgotten. */
MUST_CHECK NTSTATUS messaging_reinit(struct messaging_context *m);

/* This process; lent, constant until messaging_reinit(). */
const struct server_id *messaging_id(const struct messaging_context *m);

struct tevent_context *messaging_event_context(struct messaging_context *m);

/* --- who is there ------------------------------------------------------- */

/* Whether exactly that process still lives (and has its socket). */
bool server_id_exists(struct messaging_context *m, const struct server_id *id);

/* The server with this pid: OBJECT_NAME_NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS messaging_find_pid(struct messaging_context *m,
				       uint32_t pid, struct server_id *out);

/* All that live, this one included, as an array on mem_ctx. */
MUST_CHECK NTSTATUS messaging_list(TALLOC_CTX *mem_ctx,
				   struct messaging_context *m,
				   struct server_id **out, size_t *out_count);

/* Removes the sockets of processes that are no more. */
void messaging_sweep(struct messaging_context *m);

/* For who has reaped the process pid: removes the socket that it left behind
 * and says what its id was.  OBJECT_NAME_NOT_FOUND when it left none, having
 * ended in order. */
MUST_CHECK NTSTATUS messaging_bury(struct messaging_context *m, uint32_t pid,
				   struct server_id *out);

/* --- receiving ---------------------------------------------------------- */

struct messaging_handler; /* freeing it ends the registration */

/* Calls fn for each message of this type; several handlers of a type are
 * called in the order of registration.  Belongs to mem_ctx; lives no longer
 * than m.  A handler may free handlers, itself included, but not m. */
MUST_CHECK NTSTATUS messaging_register(TALLOC_CTX *mem_ctx,
				       struct messaging_context *m,
				       uint32_t type, messaging_handler_fn fn,
				       void *private_data,
				       struct messaging_handler **out);

/* --- sending ------------------------------------------------------------ */

/* The descriptors are duplicated as needed and stay the caller's.
 * OBJECT_NAME_NOT_FOUND at once when dst is dead; INSUFFICIENT_RESOURCES, and
 * nothing is sent, when the queue for dst is full; INVALID_PARAMETER for too
 * much payload or too many descriptors. */
MUST_CHECK NTSTATUS messaging_send(struct messaging_context *m,
				   const struct server_id *dst, uint32_t type,
				   struct blob payload);
MUST_CHECK NTSTATUS messaging_send_fds(struct messaging_context *m,
				       const struct server_id *dst,
				       uint32_t type, struct blob payload,
				       const int *fds, size_t num_fds);

/* To every other process; the number it was sent to, or queued for. */
size_t messaging_broadcast(struct messaging_context *m, uint32_t type,
			   struct blob payload);

/* Bytes and messages that wait for dst (or for all when NULL): 0 when the
 * kernel has taken all. */
size_t messaging_queued(const struct messaging_context *m,
			const struct server_id *dst);

/* For who is about to end: waits until the kernel has taken all that is queued,
 * or nothing is taken for msec: false. */
bool messaging_flush(struct messaging_context *m, unsigned int msec);

/* --- request and reply -------------------------------------------------- */

/* Sends and waits for the reply.  dst dead: OBJECT_NAME_NOT_FOUND, also when
 * its death is told (MSG_PROCESS_DIED) while waiting.  No reply in time:
 * IO_TIMEOUT.  No handler there: NOT_SUPPORTED.  A timeout of zero waits for
 * ever. */
struct tevent_req *messaging_request_send(TALLOC_CTX *mem_ctx,
					  struct messaging_context *m,
					  const struct server_id *dst,
					  uint32_t type, struct blob payload,
					  struct timeval timeout);

/* The same with descriptors, which are duplicated as needed. */
struct tevent_req *messaging_request_send_fds(
	TALLOC_CTX *mem_ctx, struct messaging_context *m,
	const struct server_id *dst, uint32_t type, struct blob payload,
	const int *fds, size_t num_fds, struct timeval timeout);

/* The status of the reply, or of the failure to get one; on success the
 * payload on mem_ctx.  out may be NULL. */
MUST_CHECK NTSTATUS messaging_request_recv(struct tevent_req *req,
					   TALLOC_CTX *mem_ctx,
					   struct blob *out);

/* Instead of the above for a reply with descriptors: up to room of them, which
 * become the caller's; surplus ones are closed. */
MUST_CHECK NTSTATUS messaging_request_recv_fds(struct tevent_req *req,
					       TALLOC_CTX *mem_ctx,
					       struct blob *out, int *fds,
					       size_t room, size_t *out_num);

/* Answers msg, from within its handler.  Nothing happens when no reply is
 * waited for.  To answer later, keep a copy of src, type and request_id. */
MUST_CHECK NTSTATUS messaging_reply(struct messaging_context *m,
				    const struct message *msg, NTSTATUS status,
				    struct blob payload, const int *fds,
				    size_t num_fds);

#endif
