/* client/tests/conn_fuzz.c - whatever a server sends: the input is a stream of
 * frames that a connection gets which has negotiated nothing, waits for three
 * answers and has a compound under way. */
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/file.h"
#include "client/negotiate.h"
#include "client/session.h"
#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void send_requests(TALLOC_CTX *mem, struct cli_conn *conn)
{
	struct cli_session_options login = {.user = "u", .password = "p"};

	cli_conn_add_credits(conn, 100);
	(void)cli_negotiate_send(mem, conn, NULL);
	(void)cli_echo_send(mem, conn, NULL);
	(void)cli_session_setup_send(mem, conn, &login);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct tevent_context *ev = tevent_context_init(mem);
	struct cli_conn *conn = NULL;
	int fds[2], max_events = 200;
	NTSTATUS status;

	ASSERT(ev != NULL);
	if (size > 65536 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		talloc_free(mem);
		return 0;
	}
	status = cli_conn_open_fd(mem, ev, fds[0], &conn);
	ASSERT(NT_STATUS_IS_OK(status));
	send_requests(mem, conn);
	if (send(fds[1], data, size, MSG_DONTWAIT | MSG_NOSIGNAL) == -1) {
		max_events = 0;
	}
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
