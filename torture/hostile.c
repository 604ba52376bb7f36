/* torture/hostile.c - frames that no honest client sends ([MS-SMB2] 3.3.5.2,
 * 3.3.5.2.6).  After each the server must serve others as before. */
#include <stdio.h>
#include <string.h>

#include "smb2/negotiate.h"
#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

/* Somebody else is served. */
static void others_are_served(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	OK(torture_try_open(t, tree, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0));
	talloc_free(cli_tree_conn(tree));
}

static struct smb2_header header_of(struct cli_tree *tree, uint16_t command)
{
	struct cli_conn *conn = cli_tree_conn(tree);

	return (struct smb2_header){
		.credit_charge = 1,
		.command = command,
		.credits = 10,
		.message_id = cli_conn_next_message_id(conn),
		.tree_id = cli_tree_id(tree),
		.session_id = cli_session_id(cli_tree_session(tree)),
	};
}

static bool is_gone(NTSTATUS status)
{
	return NT_STATUS_IS(status, CONNECTION_DISCONNECTED) ||
	       NT_STATUS_IS(status, CONNECTION_RESET);
}

/* Sends the frame on a connection with a tree; the connection must end. */
static void must_drop(struct torture *t, const void *data, size_t length)
{
	struct cli_conn *conn = cli_tree_conn(torture_tree(t));
	struct blob frame;

	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, data, length));
	if (!is_gone(cli_raw_receive(conn, t->mem, 5000, &frame))) {
		FAIL("the connection goes on after %zu bytes", length);
	}
	others_are_served(t);
}

/* An error or the end of the connection, never success. */
static void must_fail(struct torture *t, struct cli_conn *conn,
		      const void *data, size_t length)
{
	struct smb2_header h;
	struct blob frame;
	NTSTATUS status;

	cli_conn_set_raw(conn, true);
	status = cli_raw_send_frame(conn, data, length);
	if (NT_STATUS_IS_OK(status)) {
		status = cli_raw_receive(conn, t->mem, 5000, &frame);
	}
	if (is_gone(status)) {
		return;
	}
	OK(status);
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	if (NT_STATUS_IS_OK(h.status)) {
		FAIL("%s succeeded", smb2_command_name(h.command));
	}
	cli_conn_skip_message_ids(conn, 1);
	cli_conn_add_credits(conn, h.credits);
}

static void truncated_header(struct torture *t)
{
	static const uint8_t lengths[] = {1, 3, 4, 16, 63};
	uint8_t data[64] = {0xfe, 'S', 'M', 'B', 64};

	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		must_drop(t, data, lengths[i]);
	}
}

static void empty_frame(struct torture *t)
{
	struct cli_conn *conn = cli_tree_conn(torture_tree(t));
	struct blob frame;
	NTSTATUS status;

	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, "", 0));
	status = cli_raw_receive(conn, t->mem, 1000, &frame);
	/* [MS-SMB2] 3.3.5.2.6: disconnect.  Samba: goes on without a word */
	CHECK(is_gone(status) || NT_STATUS_IS(status, IO_TIMEOUT));
	others_are_served(t);
}

static void wrong_protocol_id(struct torture *t)
{
	static const uint8_t ids[][4] = {{0, 0, 0, 0},
					 {0xfe, 'S', 'M', 'X'},
					 {0xff, 'S', 'M', 'B'},
					 {0xfc, 'S', 'M', 'B'},
					 {'G', 'E', 'T', ' '}};

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		uint8_t data[100] = {0};

		torture_note("id %zu", i);
		memcpy(data, ids[i], 4);
		data[4] = 64;
		must_drop(t, data, sizeof(data));
	}
}

static void unknown_command(struct torture *t)
{
	static const uint16_t commands[] = {0x13, 0x7f, 0xff, 0xffff};

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		struct cli_tree *tree = torture_tree(t);
		struct smb2_header h = header_of(tree, commands[i]);
		uint8_t data[SMB2_HEADER_SIZE + 64] = {0};
		struct wire_writer w = wire_writer_fixed(data, sizeof(data));
		struct blob frame;

		torture_note("command 0x%x", commands[i]);
		smb2_header_encode(&w, &h);
		cli_conn_set_raw(cli_tree_conn(tree), true);
		OK(cli_raw_send_frame(cli_tree_conn(tree), data, sizeof(data)));
		CHECK(is_gone(cli_raw_receive(cli_tree_conn(tree), t->mem, 5000,
					      &frame)));
	}
	others_are_served(t);
}

/* --- bodies --------------------------------------------------------------- */

/* StructureSize of each request, [MS-SMB2] 2.2. */
static const struct {
	uint16_t command;
	uint16_t size;
} bodies[] = {
	{SMB2_SESSION_SETUP, 25},   {SMB2_LOGOFF, 4},
	{SMB2_TREE_CONNECT, 9},	    {SMB2_TREE_DISCONNECT, 4},
	{SMB2_CREATE, 57},	    {SMB2_CLOSE, 24},
	{SMB2_FLUSH, 24},	    {SMB2_READ, 49},
	{SMB2_WRITE, 49},	    {SMB2_LOCK, 48},
	{SMB2_IOCTL, 57},	    {SMB2_ECHO, 4},
	{SMB2_QUERY_DIRECTORY, 33}, {SMB2_CHANGE_NOTIFY, 32},
	{SMB2_QUERY_INFO, 41},	    {SMB2_SET_INFO, 33},
	{SMB2_OPLOCK_BREAK, 24},
};

/* A connection with a tree that does not sign, for raw frames. */
static struct cli_tree *raw_tree(struct torture *t)
{
	struct cli_tree *tree = torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, SMB2_DIALECT_210)));

	if ((cli_conn_negotiated(cli_tree_conn(tree))->security_mode &
	     SMB2_NEGOTIATE_SIGNING_REQUIRED) != 0) {
		torture_skip("the server requires signatures");
	}
	return tree;
}

static void send_body(struct torture *t, struct cli_tree **tree,
		      uint16_t command, const uint8_t *body, size_t length)
{
	uint8_t data[SMB2_HEADER_SIZE + 256];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct smb2_header h;

	if (!NT_STATUS_IS_OK(cli_conn_status(cli_tree_conn(*tree)))) {
		talloc_free(cli_tree_conn(*tree));
		*tree = raw_tree(t);
	}
	h = header_of(*tree, command);
	smb2_header_encode(&w, &h);
	wire_put_bytes(&w, body, length);
	must_fail(t, cli_tree_conn(*tree), data, w.length);
}

static void truncated_bodies(struct torture *t)
{
	struct cli_tree *tree = raw_tree(t);
	uint8_t body[64] = {0};

	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		size_t fixed = bodies[i].size & ~1u;

		torture_note("%s", smb2_command_name(bodies[i].command));
		memset(body, 0, sizeof(body));
		body[0] = (uint8_t)bodies[i].size;
		for (size_t n = 0; n < fixed; n += n < 4 ? 1 : 7) {
			send_body(t, &tree, bodies[i].command, body, n);
		}
		send_body(t, &tree, bodies[i].command, body, fixed - 1);
	}
	others_are_served(t);
}

static void wrong_structure_size(struct torture *t)
{
	struct cli_tree *tree = raw_tree(t);
	uint8_t body[64] = {0};

	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		torture_note("%s", smb2_command_name(bodies[i].command));
		body[0] = (uint8_t)(bodies[i].size + 2);
		send_body(t, &tree, bodies[i].command, body, sizeof(body));
		body[0] = 0;
		send_body(t, &tree, bodies[i].command, body, sizeof(body));
		body[0] = 0xff;
		body[1] = 0xff;
		send_body(t, &tree, bodies[i].command, body, sizeof(body));
		body[1] = 0;
	}
	others_are_served(t);
}

/* Offsets and lengths all ones: each sum of two overflows 32 bits. */
static void lengths_that_overflow(struct torture *t)
{
	static const uint16_t with_buffers[] = {
		SMB2_SESSION_SETUP,   SMB2_TREE_CONNECT, SMB2_CREATE,
		SMB2_WRITE,	      SMB2_IOCTL,	 SMB2_LOCK,
		SMB2_QUERY_DIRECTORY, SMB2_QUERY_INFO,	 SMB2_SET_INFO};
	struct cli_tree *tree = raw_tree(t);

	for (size_t i = 0; i < COUNT_OF(with_buffers); i++) {
		uint8_t body[64];

		torture_note("%s", smb2_command_name(with_buffers[i]));
		memset(body, 0xff, sizeof(body));
		for (size_t j = 0; j < COUNT_OF(bodies); j++) {
			if (bodies[j].command == with_buffers[i]) {
				body[0] = (uint8_t)bodies[j].size;
				body[1] = 0;
			}
		}
		send_body(t, &tree, with_buffers[i], body, sizeof(body));
	}
	others_are_served(t);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Random bodies behind good headers. */
static void garbage(struct torture *t)
{
	struct cli_conn *conn = NULL;
	uint32_t seed = 20260101;
	struct cli_tree *tree = raw_tree(t);

	for (int i = 0; i < 1500; i++) {
		uint8_t data[SMB2_HEADER_SIZE + 200];
		struct wire_writer w = wire_writer_fixed(data, sizeof(data));
		size_t which = next_random(&seed) % COUNT_OF(bodies);
		struct smb2_header h;
		struct blob frame;

		if (!NT_STATUS_IS_OK(cli_conn_status(cli_tree_conn(tree)))) {
			talloc_free(cli_tree_conn(tree));
			tree = raw_tree(t);
		}
		conn = cli_tree_conn(tree);
		for (size_t j = 0; j < sizeof(data); j++) {
			data[j] = next_random(&seed) % 3 == 0
					  ? (uint8_t)next_random(&seed)
					  : 0;
		}
		h = header_of(tree, bodies[which].command);
		smb2_header_encode(&w, &h);
		data[SMB2_HEADER_SIZE] = (uint8_t)bodies[which].size;
		data[SMB2_HEADER_SIZE + 1] = 0;
		cli_conn_set_raw(conn, true);
		OK(cli_raw_send_frame(conn, data, sizeof(data)));
		if (NT_STATUS_IS_OK(
			    cli_raw_receive(conn, t->mem, 300, &frame)) &&
		    NT_STATUS_IS_OK(smb2_header_decode(
			    wire_reader(frame.data, frame.length), &h))) {
			cli_conn_skip_message_ids(conn, 1);
			cli_conn_add_credits(conn, h.credits);
			talloc_free(frame.data);
		} else if (NT_STATUS_IS_OK(cli_conn_status(conn))) {
			talloc_free(conn);
			tree = raw_tree(t);
		}
	}
	others_are_served(t);
}

/* --- the transport -------------------------------------------------------- */

/* 16 MiB are announced and do not come. */
static void promised_and_not_sent(struct torture *t)
{
	static const uint8_t prefix[] = {0,    0xff, 0xff, 0xff,
					 0xfe, 'S',  'M',  'B'};
	struct cli_conn *conns[10];

	for (size_t i = 0; i < COUNT_OF(conns); i++) {
		conns[i] = torture_connect(t);
		cli_conn_set_raw(conns[i], true);
		OK(cli_raw_send_bytes(conns[i], prefix, sizeof(prefix)));
	}
	others_are_served(t);
	for (size_t i = 0; i < COUNT_OF(conns); i++) {
		talloc_free(conns[i]);
	}
	others_are_served(t);
}

static void not_a_session_message(struct torture *t)
{
	static const uint8_t types[] = {0x81, 0x82, 0x83, 0x01, 0xff};

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct cli_conn *conn = torture_connect(t);
		uint8_t data[104] = {types[i], 0, 0, 100};
		struct blob frame;
		NTSTATUS status;

		cli_conn_set_raw(conn, true);
		OK(cli_raw_send_bytes(conn, data, sizeof(data)));
		status = cli_raw_receive(conn, t->mem, 3000, &frame);
		/* A NetBIOS session request may be answered */
		if (types[i] != 0x81 && !is_gone(status)) {
			FAIL("type 0x%x gave %s", types[i],
			     ntstatus_name(status));
		}
	}
	others_are_served(t);
}

/* [MS-SMB2] 3.3.5.2: over 68 KiB without a payload. */
static void oversized_echo(struct torture *t)
{
	struct cli_tree *tree = raw_tree(t);
	struct cli_conn *conn = cli_tree_conn(tree);
	struct smb2_header h = header_of(tree, SMB2_ECHO);
	size_t n = 100 * 1024;
	uint8_t *data = talloc_zero_array(t->mem, uint8_t, n);
	struct wire_writer w = wire_writer_fixed(data, n);
	struct blob frame;

	smb2_header_encode(&w, &h);
	data[SMB2_HEADER_SIZE] = 4;
	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, data, n));
	CHECK(is_gone(cli_raw_receive(conn, t->mem, 5000, &frame)));
	others_are_served(t);
}

static void larger_than_anything(struct torture *t)
{
	struct cli_conn *conn = cli_tree_conn(raw_tree(t));
	size_t n = SMB2_TRANSPORT_MAX;
	uint8_t *data = talloc_zero_array(t->mem, uint8_t, n);
	struct blob frame;

	memcpy(data, "\xfeSMB\x40", 5);
	data[12] = SMB2_WRITE;
	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, data, n));
	CHECK(is_gone(cli_raw_receive(conn, t->mem, 10000, &frame)));
	others_are_served(t);
}

/* A good request, a byte at a time. */
static void byte_by_byte(struct torture *t)
{
	struct cli_conn *conn = torture_connect(t);
	struct smb2_negotiate_request in = {.dialect_count = 1,
					    .dialects = {SMB2_DIALECT_210}};
	struct smb2_header h = {.command = SMB2_NEGOTIATE, .credits = 1};
	uint8_t data[200];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct blob frame;

	wire_put_u32be(&w, 0);
	smb2_header_encode(&w, &h);
	in.client_guid = guid_random();
	{
		/* the encoder counts offsets from the header */
		struct wire_writer body =
			wire_writer_fixed(data + 4, sizeof(data) - 4);

		body.length = SMB2_HEADER_SIZE;
		smb2_negotiate_request_encode(&body, &in);
		data[3] = (uint8_t)body.length;
		w.length = body.length + 4;
	}
	cli_conn_set_raw(conn, true);
	for (size_t i = 0; i < w.length; i++) {
		OK(cli_raw_send_bytes(conn, data + i, 1));
		cli_wait_ms(t->ev, 2);
	}
	OK(cli_raw_receive(conn, t->mem, 5000, &frame));
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	OK(h.status);
}

static void response_as_request(struct torture *t)
{
	struct cli_tree *tree = raw_tree(t);
	struct smb2_header h = header_of(tree, SMB2_ECHO);
	uint8_t data[SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	h.flags = SMB2_FLAGS_SERVER_TO_REDIR;
	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	must_fail(t, cli_tree_conn(tree), data, sizeof(data));
	others_are_served(t);
}

/* Connections that say nothing must not keep others out. */
static void silent_connections(struct torture *t)
{
	struct cli_conn *conns[60];

	for (size_t i = 0; i < COUNT_OF(conns); i++) {
		conns[i] = torture_connect(t);
	}
	others_are_served(t);
	for (size_t i = 0; i < COUNT_OF(conns); i++) {
		talloc_free(conns[i]);
	}
}

static void come_and_go(struct torture *t)
{
	for (int i = 0; i < 100; i++) {
		struct cli_conn *conn = torture_connect(t);

		if (i % 2 == 0) {
			OK(cli_negotiate(conn, NULL));
		}
		talloc_free(conn);
	}
	others_are_served(t);
}

const struct torture_test torture_hostile_tests[] = {
	{"hostile.truncated_header_disconnects", "[MS-SMB2] 3.3.5.2.6",
	 truncated_header, 0},
	{"hostile.empty_frame", "[MS-SMB2] 3.3.5.2.6", empty_frame, 0},
	{"hostile.wrong_protocol_id_disconnects", "[MS-SMB2] 3.3.5.2",
	 wrong_protocol_id, 0},
	{"hostile.unknown_command_disconnects", "[MS-SMB2] 3.3.5.2.6",
	 unknown_command, 0},
	{"hostile.truncated_bodies", "[MS-SMB2] 3.3.5.2.6", truncated_bodies,
	 60},
	{"hostile.wrong_structure_size", "[MS-SMB2] 3.3.5.2.6",
	 wrong_structure_size, 0},
	{"hostile.lengths_that_overflow", "[MS-SMB2] 3.3.5.2.6",
	 lengths_that_overflow, 0},
	{"hostile.garbage", "[MS-SMB2] 3.3.5.2.6", garbage, 120},
	{"hostile.promised_and_not_sent", "a length is no reason to wait",
	 promised_and_not_sent, 0},
	{"hostile.not_a_session_message", "[MS-SMB2] 2.1: first byte zero",
	 not_a_session_message, 0},
	{"hostile.oversized_echo_disconnects", "[MS-SMB2] 3.3.5.2",
	 oversized_echo, 0},
	{"hostile.larger_than_anything_disconnects", "[MS-SMB2] 3.3.5.2",
	 larger_than_anything, 0},
	{"hostile.byte_by_byte", "TCP has no frames", byte_by_byte, 0},
	{"hostile.response_as_request", "[MS-SMB2] 2.2.1: no success",
	 response_as_request, 0},
	{"hostile.silent_connections", "others are served", silent_connections,
	 0},
	{"hostile.come_and_go", "others are served", come_and_go, 60},
	{NULL, NULL, NULL, 0},
};
