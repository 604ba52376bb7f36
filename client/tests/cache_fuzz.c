/* client/tests/cache_fuzz.c - whatever a server sends to a client that has a
 * cache: the input is a stream of frames, one looked at after the other.  In
 * them, the key of the client's lease is sixteen times 0xAA.  The client opens
 * a file, then writes, reads, flushes and closes it. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/cache_sync.h"
#include "client/conn_int.h"
#include "client/transport.h"
#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 65536u

static void opened(struct tevent_req *req)
{
	TALLOC_CTX *mem = tevent_req_callback_data_void(req);
	struct cli_cached *f = NULL;

	if (!NT_STATUS_IS_OK(cli_cached_open_recv(req, &f))) {
		return;
	}
	(void)cli_cached_write_send(mem, f, 100, "written", 7);
	(void)cli_cached_read_send(mem, f, 0, 5000);
	(void)cli_cached_flush_send(mem, f);
	(void)cli_cached_close_send(mem, f);
}

static struct cli_cache *start(TALLOC_CTX *mem, struct cli_conn *conn)
{
	struct cli_session *session = talloc_zero(mem, struct cli_session);
	struct cli_tree *tree = talloc_zero(mem, struct cli_tree);
	struct cli_cache_options options = {.lease = 7};
	struct cli_cache *cache = NULL;
	struct tevent_req *req;
	NTSTATUS status;

	session->conn = conn;
	tree->session = session;
	conn->negotiated.dialect = SMB2_DIALECT_311;
	cli_conn_add_credits(conn, 100);
	status = cli_cache_open(tree, &options, &cache);
	ASSERT(NT_STATUS_IS_OK(status));
	req = cli_cached_open_send(mem, cache, "file",
				   FILE_GENERIC_READ | FILE_GENERIC_WRITE,
				   FILE_SHARE_ALL);
	ASSERT(req != NULL);
	tevent_req_set_callback(req, opened, mem);
	return cache;
}

/* The key of the CREATE that has been sent. */
static struct guid key_of_create(int peer)
{
	struct smb2_create_request_contexts c = {0};
	struct smb2_create_request in = {0};
	uint8_t frame[1024];
	ssize_t n = recv(peer, frame, sizeof(frame), 0);
	NTSTATUS status;

	ASSERT(n > 4);
	status = smb2_create_request_decode(
		wire_reader(frame + 4, (size_t)n - 4), &in);
	ASSERT(NT_STATUS_IS_OK(status));
	status = smb2_create_request_contexts_decode(in.contexts, &c);
	ASSERT(NT_STATUS_IS_OK(status));
	return c.lease.key;
}

static void put_key(uint8_t *bytes, size_t size, const struct guid *key)
{
	uint8_t mark[sizeof(key->bytes)];

	memset(mark, 0xAA, sizeof(mark));
	for (size_t i = 0; i + sizeof(mark) <= size; i++) {
		if (memcmp(bytes + i, mark, sizeof(mark)) == 0) {
			memcpy(bytes + i, key->bytes, sizeof(mark));
		}
	}
}

/* Frame by frame; what the client answers is thrown away. */
static void feed(struct cli_conn *conn, int peer, const uint8_t *bytes,
		 size_t size)
{
	uint8_t drop[4096];

	while (size > 0 && NT_STATUS_IS_OK(cli_conn_status(conn))) {
		size_t n = size;

		if (size >= 4) {
			n = 4 +
			    ((size_t)bytes[1] << 16 | bytes[2] << 8 | bytes[3]);
		}
		n = n < size ? n : size;
		if (send(peer, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL) !=
		    (ssize_t)n) {
			return;
		}
		cli_conn_catch_up(conn);
		while (recv(peer, drop, sizeof(drop), MSG_DONTWAIT) > 0) {
		}
		bytes += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct tevent_context *ev = tevent_context_init(mem);
	struct cli_conn *conn = NULL;
	struct guid key;
	uint8_t *bytes;
	int fds[2], max_events = 100;
	NTSTATUS status;

	ASSERT(ev != NULL);
	if (size > INPUT_MAX ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		talloc_free(mem);
		return 0;
	}
	bytes = talloc_memdup(mem, data, size);
	status = cli_conn_open_fd(mem, ev, fds[0], &conn);
	ASSERT(NT_STATUS_IS_OK(status));
	(void)start(mem, conn);
	key = key_of_create(fds[1]);
	put_key(bytes, size, &key);
	feed(conn, fds[1], bytes, size);
	(void)shutdown(fds[1], SHUT_WR);
	while (max_events-- > 0 && NT_STATUS_IS_OK(cli_conn_status(conn))) {
		if (tevent_loop_once(ev) != 0) {
			break;
		}
	}
	talloc_free(mem);
	close(fds[1]);
	return 0;
}
