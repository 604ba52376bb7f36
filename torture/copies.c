/* torture/copies.c - data that goes from file to file without the client:
 * offload tokens, clones, and copies that take long ([MS-FSCC] 2.3.7, 2.3.41,
 * 2.3.43; [MS-SMB2] 3.3.5.15.6). */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

#define TOKEN	   512
#define LONG_BYTES (512ull * 1024 * 1024)

static struct smb2_ioctl_request request(struct smb2_file_id id, uint32_t code,
					 struct wire_reader input)
{
	return (struct smb2_ioctl_request){
		.ctl_code = code,
		.id = id,
		.max_output_response = 1024,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = input,
	};
}

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code,
		      const struct wire_writer *in, struct wire_reader *out)
{
	struct smb2_ioctl_request r =
		request(id, code, wire_reader(in->data, in->length));
	struct smb2_ioctl_response reply = {0};
	NTSTATUS status = cli_ioctl(t->mem, tree, &r, &reply);

	if (out != NULL) {
		*out = reply.output;
	}
	return status;
}

/* --- tokens -------------------------------------------------------------- */

static NTSTATUS offload_read(struct torture *t, struct cli_tree *tree,
			     struct smb2_file_id id, uint32_t ttl,
			     uint64_t offset, uint64_t length,
			     uint8_t token[TOKEN], uint64_t *out_length)
{
	uint8_t bytes[32];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct wire_reader out;
	NTSTATUS status;

	wire_put_u32(&w, 32);
	wire_put_u32(&w, 0);
	wire_put_u32(&w, ttl);
	wire_put_u32(&w, 0);
	wire_put_u64(&w, offset);
	wire_put_u64(&w, length);
	status = fsctl(t, tree, id, FSCTL_OFFLOAD_READ, &w, &out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	EQUAL(out.length, 528);
	EQUAL(wire_u32(&out), 528);
	wire_skip(&out, 4);
	*out_length = wire_u64(&out);
	wire_bytes(&out, token, TOKEN);
	return status;
}

static void put_offload_write(struct wire_writer *w, uint64_t offset,
			      uint64_t length, uint64_t transfer,
			      const uint8_t token[TOKEN])
{
	wire_put_u32(w, 544);
	wire_put_u32(w, 0);
	wire_put_u64(w, offset);
	wire_put_u64(w, length);
	wire_put_u64(w, transfer);
	wire_put_bytes(w, token, TOKEN);
}

static NTSTATUS offload_write(struct torture *t, struct cli_tree *tree,
			      struct smb2_file_id id, uint64_t offset,
			      uint64_t length, uint64_t transfer,
			      const uint8_t token[TOKEN], uint64_t *out_length)
{
	uint8_t bytes[544];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct wire_reader out;
	NTSTATUS status;

	put_offload_write(&w, offset, length, transfer, token);
	status = fsctl(t, tree, id, FSCTL_OFFLOAD_WRITE, &w, &out);
	if (NT_STATUS_IS_OK(status)) {
		EQUAL(out.length, 16);
		wire_skip(&out, 8);
		*out_length = wire_u64(&out);
	}
	return status;
}

/* size bytes that are not the same everywhere. */
static struct smb2_file_id make(struct torture *t, struct cli_tree *tree,
				const char *leaf, uint64_t size, uint8_t seed)
{
	struct smb2_file_id id =
		torture_open(t, tree, torture_path(t, tree, leaf), TORTURE_ALL,
			     FILE_OVERWRITE_IF, FILE_NON_DIRECTORY_FILE);
	uint8_t *data = talloc_array(t->mem, uint8_t, size);

	for (uint64_t i = 0; i < size; i++) {
		data[i] = (uint8_t)(seed + i % 251);
	}
	OK(torture_write(tree, id, 0, data, size));
	talloc_free(data);
	return id;
}

static void is_made(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, uint64_t offset, uint64_t length,
		    uint64_t from, uint8_t seed)
{
	struct blob got;

	OK(torture_read(t, tree, id, offset, (uint32_t)length, &got));
	EQUAL(got.length, length);
	for (uint64_t i = 0; i < length; i++) {
		if (got.data[i] != (uint8_t)(seed + (from + i) % 251)) {
			FAIL("byte %u is wrong", (unsigned)i);
		}
	}
}

/* Skips the test where there is no offloading. */
static void token_of(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id id, uint64_t length,
		     uint8_t token[TOKEN])
{
	uint64_t n;
	NTSTATUS status = offload_read(t, tree, id, 0, 0, length, token, &n);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST) ||
	    NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("no offloaded copies");
	}
	OK(status);
}

static void token_copies(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t), *other = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 100000, 1);
	struct smb2_file_id to = make(t, other, "to", 200000, 2);
	uint8_t token[TOKEN];
	uint64_t n = 0;

	token_of(t, tree, from, 1 << 20, token);
	/* In another connection, a part of it. */
	OK(offload_write(t, other, to, 1024, 4096, 512, token, &n));
	EQUAL(n, 4096);
	is_made(t, other, to, 0, 1024, 0, 2);
	is_made(t, other, to, 1024, 4096, 512, 1);
	is_made(t, other, to, 5120, 1000, 5120, 2);
	/* All of it; the rest of the last sector is zero. */
	OK(offload_write(t, other, to, 0, 1 << 20, 0, token, &n));
	EQUAL(n, (100000 + 511) / 512 * 512);
	is_made(t, other, to, 0, 100000, 0, 1);
	is_made(t, other, to, n, 200000 - n, n, 2);
}

/* The size of what is written to stays. */
static void token_ends_with_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 5000, 1);
	struct smb2_file_id to = make(t, tree, "to", 3000, 2);
	uint8_t token[TOKEN];
	struct blob got;
	uint64_t n = 0;

	token_of(t, tree, from, 8192, token);
	OK(offload_write(t, tree, to, 0, 5120, 0, token, &n));
	is_made(t, tree, to, 0, 3000, 0, 1);
	STATUS(torture_read(t, tree, to, 3000, 10, &got), END_OF_FILE);
	STATUS(offload_write(t, tree, to, 3072, 512, 0, token, &n),
	       END_OF_FILE);
	STATUS(offload_read(t, tree, from, 0, 5120, 512, token, &n),
	       END_OF_FILE);
}

static void token_zeros(struct torture *t)
{
	uint8_t token[TOKEN] = {0xff, 0xff, 0x00, 0x01};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id to = make(t, tree, "to", 10000, 2);
	uint8_t unused[TOKEN];
	struct blob got;
	uint64_t n = 0;

	token_of(t, tree, to, 512, unused);
	OK(offload_write(t, tree, to, 512, 4096, 0, token, &n));
	EQUAL(n, 4096);
	OK(torture_read(t, tree, to, 512, 4096, &got));
	for (size_t i = 0; i < got.length; i++) {
		EQUAL(got.data[i], 0);
	}
	is_made(t, tree, to, 0, 512, 0, 2);
	is_made(t, tree, to, 4608, 1000, 4608, 2);
}

static void token_not_of_this(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 5000, 1);
	struct smb2_file_id to = make(t, tree, "to", 5000, 2);
	uint8_t token[TOKEN], bad[TOKEN];
	uint64_t n = 0;

	token_of(t, tree, from, 5120, token);
	for (size_t i = 0; i < TOKEN; i += 37) {
		memcpy(bad, token, TOKEN);
		bad[i] ^= 1;
		STATUS(offload_write(t, tree, to, 0, 512, 0, bad, &n),
		       INVALID_TOKEN);
	}
	memset(bad, 0, TOKEN);
	STATUS(offload_write(t, tree, to, 0, 512, 0, bad, &n), INVALID_TOKEN);
	/* Past its end. */
	STATUS(offload_write(t, tree, to, 0, 512, 5120, token, &n),
	       INVALID_PARAMETER);
	is_made(t, tree, to, 0, 5000, 0, 2);
}

static void token_of_changed_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 5000, 1);
	struct smb2_file_id to = make(t, tree, "to", 5000, 2);
	uint8_t token[TOKEN];
	uint64_t n = 0;

	cli_wait_ms(t->ev, 20); /* the kernel's clock has a tick */
	token_of(t, tree, from, 5120, token);
	OK(torture_write(tree, from, 10, "x", 1));
	STATUS(offload_write(t, tree, to, 0, 512, 0, token, &n), INVALID_TOKEN);
	is_made(t, tree, to, 0, 5000, 0, 2);
}

static void token_expires(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 5000, 1);
	struct smb2_file_id to = make(t, tree, "to", 5000, 2);
	uint8_t token[TOKEN];
	uint64_t n = 0;

	token_of(t, tree, from, 5120, token);
	OK(offload_read(t, tree, from, 1, 0, 5120, token, &n));
	cli_wait_ms(t->ev, 50);
	STATUS(offload_write(t, tree, to, 0, 512, 0, token, &n), INVALID_TOKEN);
}

static void token_of_another_user(struct torture *t)
{
	struct cli_session_options login = torture_login(t);
	struct cli_tree *tree = torture_tree(t), *other;
	struct smb2_file_id from = make(t, tree, "from", 5000, 1), to;
	struct cli_session *session;
	uint8_t token[TOKEN];
	uint64_t n = 0;

	if (t->options->user2 == NULL ||
	    strcmp(t->options->user2, t->options->user) == 0) {
		torture_skip("needs --user2");
	}
	token_of(t, tree, from, 5120, token);
	login.user = t->options->user2;
	login.password = t->options->password2;
	OK(cli_session_setup(torture_negotiated(t), &login, &session));
	other = torture_tree_on(t, session);
	to = torture_open(
		t, other,
		talloc_asprintf(t->mem, "others-%u", t->options->run_id),
		TORTURE_ALL, FILE_CREATE, FILE_DELETE_ON_CLOSE);
	OK(torture_write(other, to, 0, "0123456789", 10));
	STATUS(offload_write(t, other, to, 0, 512, 0, token, &n),
	       INVALID_TOKEN);
	OK(cli_close(other, to));
}

static void token_rights(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 5000, 1);
	struct smb2_file_id deaf =
		torture_open(t, tree, torture_path(t, tree, "from"),
			     FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct smb2_file_id dir = torture_open(t, tree, torture_dir(t, tree),
					       FILE_GENERIC_READ, FILE_OPEN, 0);
	uint8_t token[TOKEN];
	uint64_t n = 0;

	token_of(t, tree, from, 5120, token);
	STATUS(offload_read(t, tree, deaf, 0, 0, 512, token, &n),
	       ACCESS_DENIED);
	STATUS(offload_write(t, tree, deaf, 0, 512, 0, token, &n),
	       ACCESS_DENIED);
	STATUS(offload_read(t, tree, dir, 0, 0, 512, token, &n),
	       OFFLOAD_READ_FILE_NOT_SUPPORTED);
	STATUS(offload_read(t, tree, from, 0, 1, 512, token, &n),
	       INVALID_PARAMETER);
	STATUS(offload_read(t, tree, from, 0, 0, 511, token, &n),
	       INVALID_PARAMETER);
	STATUS(offload_read(t, tree, from, 0, UINT64_MAX - 511, 512, token, &n),
	       INVALID_PARAMETER);
	STATUS(offload_write(t, tree, from, 0, 512, 3, token, &n),
	       INVALID_PARAMETER);
	OK(offload_read(t, tree, from, 0, 0, 0, token, &n));
	EQUAL(n, 0);
}

/* --- clones --------------------------------------------------------------- */

static NTSTATUS clone(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id from, struct smb2_file_id to,
		      uint64_t source, uint64_t target, uint64_t length,
		      bool ex)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	if (ex) {
		wire_put_u64(&w, 0x30);
	}
	wire_put_u64(&w, from.persistent_id);
	wire_put_u64(&w, from.volatile_id);
	wire_put_u64(&w, source);
	wire_put_u64(&w, target);
	wire_put_u64(&w, length);
	if (ex) {
		wire_put_u32(&w, 1); /* SOURCE_ATOMIC */
		wire_put_u32(&w, 0);
	}
	return fsctl(t, tree, to,
		     ex ? FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX
			: FSCTL_DUPLICATE_EXTENTS_TO_FILE,
		     &w, NULL);
}

static void clones(struct torture *t)
{
	const uint64_t meg = 1024 * 1024;
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 2 * meg + 100, 1);
	struct smb2_file_id to = make(t, tree, "to", 4 * meg, 2);
	NTSTATUS status = clone(t, tree, from, to, 0, 65536, 2 * meg, false);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		torture_skip("this file system does not clone");
	}
	OK(status);
	is_made(t, tree, to, 0, 65536, 0, 2);
	is_made(t, tree, to, 65536, 2 * meg, 0, 1);
	is_made(t, tree, to, 65536 + 2 * meg, meg, 65536 + 2 * meg, 2);
	OK(clone(t, tree, from, to, meg, 0, meg, true));
	is_made(t, tree, to, 0, meg, meg, 1);
	STATUS(clone(t, tree, from, to, 1, 0, meg, false), INVALID_PARAMETER);
	STATUS(clone(t, tree, from, to, 0, 1, meg, false), INVALID_PARAMETER);
	STATUS(clone(t, tree, from, to, 0, 0, meg + 1, false),
	       INVALID_PARAMETER);
	STATUS(clone(t, tree, from, to, 0, 0, 3 * meg, false), NOT_SUPPORTED);
	STATUS(clone(t, tree, to, to, 0, 65536, meg, false), NOT_SUPPORTED);
	STATUS(clone(t, tree, from, to, UINT64_MAX - 65535, 0, 65536, false),
	       INVALID_PARAMETER);
	OK(clone(t, tree, from, to, 0, 0, 0, false));
	/* Up to the end of the source, which is within a cluster. */
	OK(clone(t, tree, from, to, 0, 0, 2 * meg + 100, false));
	is_made(t, tree, to, 0, 2 * meg + 100, 0, 1);
	is_made(t, tree, to, 3 * meg, meg, 3 * meg, 2);
}

static void clones_refused(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 65536, 1);
	struct smb2_file_id to = make(t, tree, "to", 65536, 2);
	struct smb2_file_id deaf =
		torture_open(t, tree, torture_path(t, tree, "to"),
			     FILE_READ_DATA, FILE_OPEN, 0);
	struct smb2_file_id nobody = {0x1234, 0x5678};

	STATUS(clone(t, tree, nobody, to, 0, 0, 65536, false), INVALID_HANDLE);
	STATUS_IN(clone(t, tree, from, deaf, 0, 0, 65536, false),
		  NT_STATUS(ACCESS_DENIED), NT_STATUS(INVALID_DEVICE_REQUEST));
	is_made(t, tree, to, 0, 65536, 0, 2);
}

/* --- copies that take long ------------------------------------------------ */

struct long_copy {
	struct cli_tree *tree;
	struct cli_conn *conn;
	struct smb2_file_id from, to;
	struct tevent_req *req;
};

/* One that has said that it takes longer; skips the test on a machine that
 * copies so much within the moment. */
static struct long_copy begin(struct torture *t)
{
	struct long_copy c = {.tree = torture_tree(t)};
	uint8_t bytes[544], token[TOKEN];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_ioctl_request in;

	c.conn = cli_tree_conn(c.tree);
	c.from = make(t, c.tree, "from", 10, 1);
	c.to = make(t, c.tree, "to", 10, 2);
	OK(torture_set_eof(c.tree, c.from, LONG_BYTES));
	OK(torture_set_eof(c.tree, c.to, LONG_BYTES));
	token_of(t, c.tree, c.from, LONG_BYTES, token);
	put_offload_write(&w, 0, LONG_BYTES, 0, token);
	in = request(c.to, FSCTL_OFFLOAD_WRITE, wire_reader(bytes, w.length));
	c.req = cli_ioctl_send(t->mem, c.tree, &in);
	CHECK(c.req != NULL);
	if (!cli_wait_pending(c.conn, c.req, 5000)) {
		torture_skip("too quick to be looked at");
	}
	return c;
}

static NTSTATUS end(struct torture *t, struct long_copy *c)
{
	struct smb2_ioctl_response out;

	CHECK(cli_wait(c->conn, c->req));
	return cli_ioctl_recv(c->req, t->mem, &out);
}

static void others_are_served(struct torture *t)
{
	struct long_copy c = begin(t);
	struct blob got;

	torture_is_alive(c.conn);
	OK(torture_read(t, c.tree, c.from, 0, 10, &got));
	CHECK(tevent_req_is_in_progress(c.req));
	OK(end(t, &c));
	is_made(t, c.tree, c.to, 0, 10, 0, 1);
	OK(torture_read(t, c.tree, c.to, LONG_BYTES - 10, 10, &got));
	EQUAL(got.length, 10);
}

static void cancelled(struct torture *t)
{
	struct long_copy c = begin(t);
	NTSTATUS status;
	bool before;

	CHECK(tevent_req_cancel(c.req));
	/* When this is answered the server has seen the CANCEL: a copy that
	 * ends well after that has ignored it. */
	OK(cli_echo(c.conn, cli_tree_session(c.tree)));
	before = !tevent_req_is_in_progress(c.req);
	status = end(t, &c);
	if (before && NT_STATUS_IS_OK(status)) {
		torture_skip("it had ended when it was cancelled");
	}
	STATUS(status, CANCELLED);
	torture_is_alive(c.conn);
	OK(cli_close(c.tree, c.to));
	OK(cli_close(c.tree, c.from));
}

static void target_closed(struct torture *t)
{
	struct long_copy c = begin(t);
	NTSTATUS status;
	bool before;

	OK(cli_close(c.tree, c.to));
	before = !tevent_req_is_in_progress(c.req);
	status = end(t, &c);
	if (before && NT_STATUS_IS_OK(status)) {
		torture_skip("it had ended when the file was closed");
	}
	STATUS(status, CANCELLED);
	torture_is_alive(c.conn);
}

static void disconnected(struct torture *t)
{
	struct long_copy c = begin(t);
	struct cli_tree *tree;

	talloc_free(c.req);
	talloc_free(c.conn);
	tree = torture_tree(t);
	/* Nobody has it open any more, soon. */
	for (int i = 0; i < 100; i++) {
		struct smb2_create_request in = torture_request(
			TORTURE_ALL, FILE_OPEN, FILE_NON_DIRECTORY_FILE);

		in.share_access = 0;
		if (NT_STATUS_IS_OK(torture_try(
			    t, tree, torture_path(t, tree, "to"), &in))) {
			return;
		}
		cli_wait_ms(t->ev, 50);
	}
	FAIL("the file is still open");
}

const struct torture_test torture_copies_tests[] = {
	{"offload.copies", "[MS-FSA] 2.1.5.10.20, 2.1.5.10.21", token_copies,
	 0},
	{"offload.ends_with_file", "[MS-FSA] 2.1.5.10.21: END_OF_FILE",
	 token_ends_with_file, 0},
	{"offload.zeros", "[MS-FSCC] 2.1.11: the zero token", token_zeros, 0},
	{"offload.not_of_this", "[MS-FSCC] 2.3.44: INVALID_TOKEN",
	 token_not_of_this, 0},
	{"offload.changed_file", "[MS-FSCC] 2.3.42: the data at that time",
	 token_of_changed_file, 0},
	{"offload.expires", "[MS-FSCC] 2.3.41: TokenTimeToLive", token_expires,
	 0},
	{"offload.another_user", "a token opens nothing to others",
	 token_of_another_user, 0},
	{"offload.rights", "[MS-FSA] 2.1.5.10.20: boundaries", token_rights, 0},
	{"clone.ranges", "[MS-FSA] 2.1.5.10.4, 2.1.5.10.5", clones, 0},
	{"clone.refused", "[MS-SMB2] 3.3.5.15.17: INVALID_HANDLE",
	 clones_refused, 0},
	{"copy.others_are_served", "[MS-SMB2] 3.3.4.2", others_are_served, 0},
	{"copy.cancelled", "[MS-SMB2] 3.3.5.16: CANCELLED", cancelled, 0},
	{"copy.target_closed", "[MS-FSA] 2.1.5.5", target_closed, 0},
	{"copy.disconnected", "[MS-SMB2] 3.3.7.1", disconnected, 0},
	{NULL, NULL, NULL, 0},
};
