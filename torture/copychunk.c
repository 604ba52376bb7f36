/* torture/copychunk.c - what server-side copies may and may not be
 * ([MS-SMB2] 3.3.5.15.6). */
#include <string.h>

#include "smb2/copychunk.h"
#include "torture/features.h"
#include "torture/util.h"

#define MEG	   0x100000u
#define MAX_CHUNKS 256u /* ServerSideCopyMaxNumberofChunks, by default */

struct chunk {
	uint64_t from, to;
	uint32_t length;
};

struct answer {
	uint32_t chunks, chunk_bytes, total;
};

static struct smb2_ioctl_request request(struct smb2_file_id id, uint32_t code,
					 uint32_t room)
{
	return (struct smb2_ioctl_request){
		.ctl_code = code,
		.id = id,
		.max_output_response = room,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};
}

static NTSTATUS copy(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id from, struct smb2_file_id to,
		     const struct chunk *chunks, uint32_t count,
		     struct answer *out)
{
	struct smb2_ioctl_request in =
		request(from, FSCTL_SRV_REQUEST_RESUME_KEY, 64);
	struct wire_writer w = wire_writer(t->mem, 1 << 20);
	struct smb2_ioctl_response r;
	struct cli_reply reply = {0};
	struct tevent_req *req;
	NTSTATUS status;

	OK(cli_ioctl(t->mem, tree, &in, &r));
	wire_put_bytes(&w, r.output.data, SMB2_RESUME_KEY_SIZE);
	wire_put_u32(&w, count);
	wire_put_u32(&w, 0);
	for (uint32_t i = 0; i < count; i++) {
		wire_put_u64(&w, chunks[i].from);
		wire_put_u64(&w, chunks[i].to);
		wire_put_u32(&w, chunks[i].length);
		wire_put_u32(&w, 0);
	}
	in = request(to, FSCTL_SRV_COPYCHUNK_WRITE, 12);
	in.input = wire_reader(w.data, w.length);
	*out = (struct answer){0};
	req = cli_ioctl_send(t->mem, tree, &in);
	CHECK(req != NULL);
	CHECK(cli_wait(cli_tree_conn(tree), req));
	/* An error may come with how far it went. */
	status = cli_request_recv_one(req, t->mem, &reply);
	if (NT_STATUS_IS_OK(smb2_ioctl_response_decode(reply.pdu, &r)) &&
	    r.output.length >= SMB2_COPYCHUNK_RESPONSE_SIZE) {
		out->chunks = wire_u32(&r.output);
		out->chunk_bytes = wire_u32(&r.output);
		out->total = wire_u32(&r.output);
	}
	return status;
}

/* size bytes, of which each says where it is. */
static struct smb2_file_id make(struct torture *t, struct cli_tree *tree,
				const char *leaf, uint32_t size)
{
	struct smb2_file_id id =
		torture_open(t, tree, torture_path(t, tree, leaf), TORTURE_ALL,
			     FILE_OVERWRITE_IF, 0);
	uint8_t *data = talloc_array(t->mem, uint8_t, size + 1);

	for (uint32_t i = 0; i < size; i++) {
		data[i] = (uint8_t)(i % 253);
	}
	if (size > 0) {
		OK(torture_write(tree, id, 0, data, size));
	}
	talloc_free(data);
	return id;
}

static void is_made(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, uint64_t offset, uint32_t length,
		    uint64_t from)
{
	struct blob got;

	OK(torture_read(t, tree, id, offset, length, &got));
	EQUAL(got.length, length);
	for (uint32_t i = 0; i < length; i++) {
		if (got.data[i] != (uint8_t)((from + i) % 253)) {
			FAIL("byte %u is wrong", i);
		}
	}
}

/* Refused with what the server would take. */
static void refused(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id from, struct smb2_file_id to,
		    const struct chunk *chunks, uint32_t count)
{
	struct answer a;

	STATUS(copy(t, tree, from, to, chunks, count, &a), INVALID_PARAMETER);
	EQUAL(a.chunks, MAX_CHUNKS);
	EQUAL(a.chunk_bytes, MEG);
	EQUAL(a.total, 16 * MEG);
}

static void limits(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 2 * MEG);
	struct smb2_file_id to = make(t, tree, "to", 0);
	struct chunk c[MAX_CHUNKS + 1];
	struct answer a;

	for (uint32_t i = 0; i <= MAX_CHUNKS; i++) {
		c[i] = (struct chunk){i * 10, i * 10, 10};
	}
	OK(copy(t, tree, from, to, c, MAX_CHUNKS, &a));
	EQUAL(a.chunks, MAX_CHUNKS);
	EQUAL(a.chunk_bytes, 0);
	EQUAL(a.total, MAX_CHUNKS * 10);
	is_made(t, tree, to, 0, MAX_CHUNKS * 10, 0);
	refused(t, tree, from, to, c, MAX_CHUNKS + 1);
	c[0].length = MEG;
	OK(copy(t, tree, from, to, c, 1, &a));
	EQUAL(a.total, MEG);
	c[0].length = MEG + 1;
	refused(t, tree, from, to, c, 1);
	c[0].length = 0;
	refused(t, tree, from, to, c, 1);
	c[0].length = UINT32_MAX;
	refused(t, tree, from, to, c, 1);
	for (uint32_t i = 0; i < 17; i++) {
		c[i] = (struct chunk){0, (uint64_t)i * MEG, MEG};
	}
	OK(copy(t, tree, from, to, c, 16, &a));
	EQUAL(a.chunks, 16);
	EQUAL(a.total, 16 * MEG);
	c[16].length = 1;
	refused(t, tree, from, to, c, 17);
	c[0] = (struct chunk){0, (uint64_t)1 << 63, 10};
	refused(t, tree, from, to, c, 1);
	OK(copy(t, tree, from, to, c, 0, &a)); /* nothing at all */
	EQUAL(a.total, 0);
}

static void offsets(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 1000);
	struct smb2_file_id to = make(t, tree, "to", 100);
	const struct chunk beyond[] = {{0, 0, 500}, {600, 600, 401}, {0, 0, 1}};
	const struct chunk append[] = {{0, UINT64_MAX, 7}, {7, UINT64_MAX, 3}};
	const struct chunk far = {UINT64_MAX - 5, 0, 10};
	const struct chunk high = {0, INT64_MAX - 5, 10};
	struct answer a;

	/* Those before the one that cannot be are done. */
	STATUS(copy(t, tree, from, to, beyond, 3, &a), INVALID_VIEW_SIZE);
	EQUAL(a.chunks, 1);
	EQUAL(a.chunk_bytes, 0);
	EQUAL(a.total, 500);
	is_made(t, tree, to, 0, 500, 0);
	/* At the end, wherever that is. */
	OK(copy(t, tree, from, to, append, 2, &a));
	EQUAL(a.total, 10);
	is_made(t, tree, to, 500, 10, 0);
	CHECK(!NT_STATUS_IS_OK(copy(t, tree, from, to, &far, 1, &a)));
	CHECK(!NT_STATUS_IS_OK(copy(t, tree, from, to, &high, 1, &a)));
	torture_is_alive(cli_tree_conn(tree));
}

/* One after the other, in one file: what was copied is copied on. */
static void in_one_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = make(t, tree, "file", 100);
	const struct chunk chain[] = {{0, 100, 100}, {100, 200, 100}};
	const struct chunk up[] = {{0, 10, 200}}, down[] = {{10, 0, 200}};
	struct answer a;

	OK(copy(t, tree, id, id, chain, 2, &a));
	EQUAL(a.total, 200);
	is_made(t, tree, id, 200, 100, 0);
	/* As memmove(). */
	OK(copy(t, tree, id, id, up, 1, &a));
	is_made(t, tree, id, 10, 100, 0);
	is_made(t, tree, id, 110, 100, 0);
	OK(copy(t, tree, id, id, down, 1, &a));
	is_made(t, tree, id, 0, 100, 0);
}

static void rights(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 100);
	struct smb2_file_id to = make(t, tree, "to", 100);
	struct smb2_file_id reader =
		torture_open(t, tree, torture_path(t, tree, "to"),
			     FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_file_id writer =
		torture_open(t, tree, torture_path(t, tree, "from"),
			     FILE_WRITE_DATA, FILE_OPEN, 0);
	struct smb2_file_id dir = torture_open(t, tree, torture_dir(t, tree),
					       FILE_GENERIC_READ, FILE_OPEN, 0);
	const struct chunk c = {0, 0, 10};
	struct answer a;

	STATUS(copy(t, tree, from, reader, &c, 1, &a), ACCESS_DENIED);
	STATUS(copy(t, tree, writer, to, &c, 1, &a), ACCESS_DENIED);
	OK(copy(t, tree, from, writer, &c, 1, &a));
	CHECK(!NT_STATUS_IS_OK(copy(t, tree, dir, to, &c, 1, &a)));
	CHECK(!NT_STATUS_IS_OK(copy(t, tree, from, dir, &c, 1, &a)));
}

static void streams(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from = make(t, tree, "from", 300000);
	struct smb2_file_id stream = make(t, tree, "from:s", 0);
	struct smb2_file_id to = make(t, tree, "to", 0);
	const struct chunk c = {0, 0, 300000}, over = {299999, 0, 2};
	struct answer a;

	OK(copy(t, tree, from, stream, &c, 1, &a));
	EQUAL(a.total, 300000);
	OK(copy(t, tree, stream, to, &c, 1, &a));
	is_made(t, tree, to, 0, 300000, 0);
	STATUS(copy(t, tree, stream, to, &over, 1, &a), INVALID_VIEW_SIZE);
}

const struct torture_test torture_copychunk_tests[] = {
	{"copychunk.limits", "[MS-SMB2] 3.3.5.15.6.2", limits, 0},
	{"copychunk.offsets", "[MS-SMB2] 3.3.5.15.6: boundaries", offsets, 0},
	{"copychunk.in_one_file", "ranges that overlap", in_one_file, 0},
	{"copychunk.rights", "[MS-SMB2] 3.3.5.15.6: ACCESS_DENIED", rights, 0},
	{"copychunk.streams", "to and from a named stream", streams, 0},
	{NULL, NULL, NULL, 0},
};
