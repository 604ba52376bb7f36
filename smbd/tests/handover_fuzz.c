/* smbd/tests/handover_fuzz.c - connections that are handed over: the first
 * frame of one, and the message with another.  A first byte that is odd: a
 * message for the client it names; else a frame. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idl/messages_gen.h"
#include "lib/assert.h"
#include "smbd/handover.h"
#include "smbd/negotiate.h"
#include "smbd/tests/fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fixture *fixture;

static void clean_up(void)
{
	void *state = fixture;

	(void)fixture_teardown(&state);
}

static struct fixture *get_fixture(void)
{
	void *state = NULL;

	if (fixture == NULL) {
		ASSERT(fixture_setup(&state) == 0);
		fixture = state;
		atexit(clean_up);
	}
	return fixture;
}

/* The one that the message is for, if it is one. */
static struct guid client_of(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct message_connection m = {0};
	struct blob in = {.data = (uint8_t *)(uintptr_t)data, .length = size};
	struct guid guid = {{0}};

	if (NT_STATUS_IS_OK(message_connection_pull(mem, in, &m))) {
		guid = m.client_guid;
	}
	talloc_free(mem);
	return guid;
}

static void take(const uint8_t *data, size_t size)
{
	struct fixture *fx = get_fixture();
	struct blob in = {.data = (uint8_t *)(uintptr_t)data, .length = size};
	int ends[2];

	fixture_connect(fx);
	fx->client->registered = true;
	fx->client->guid = client_of(data, size);
	ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			  0, ends) == 0);
	if (!NT_STATUS_IS_OK(smbd_handover_take(fx->client, in, ends[0]))) {
		close(ends[0]);
	}
	fixture_run(fx);
	close(ends[1]);
	fixture_run(fx);
	fx->client->registered = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct smbd_offer offer = {.min_dialect = SMB2_DIALECT_202,
					 .max_dialect = SMB2_DIALECT_311};
	struct smbd_handover_hint hint;

	if (size == 0) {
		return 0;
	}
	if ((data[0] & 1) != 0) {
		take(data + 1, size - 1);
		return 0;
	}
	if (smbd_handover_peek(wire_reader(data + 1, size - 1), &offer,
			       &hint)) {
		ASSERT(hint.dialect >= SMB2_DIALECT_300);
		ASSERT(!guid_is_zero(&hint.client_guid));
	}
	return 0;
}
