/* torture/bench_bulk.c - read, write, list. */
#include <string.h>

#include "torture/bench.h"

#define FILE_MIB 256u
#define FILE_MAX 4096u /* pieces: small ones are not that many */
#define MIB	 1048576u

struct bulk {
	struct smb2_file_id id;
	uint8_t *data;
	unsigned long chunks; /* in the file */
};

/* --- read, write ---------------------------------------------------------- */

static void bulk_prepare(struct bench *b)
{
	struct bulk *s = talloc_zero(b->t->mem, struct bulk);
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(b->tree));

	CHECK(s != NULL);
	if (b->size > n->max_read_size || b->size > n->max_write_size) {
		FAIL("the server takes less than %u bytes", b->size);
	}
	s->data = talloc_array(s, uint8_t, b->size);
	CHECK(s->data != NULL);
	memset(s->data, 0x5a, b->size);
	s->chunks = (unsigned long)FILE_MIB * MIB / b->size;
	s->chunks = s->chunks < FILE_MAX ? s->chunks : FILE_MAX;
	s->id = torture_open(b->t, b->tree, "torture-bench-bulk", TORTURE_ALL,
			     FILE_OVERWRITE_IF, 0);
	for (unsigned long i = 0; i < s->chunks; i++) {
		OK(torture_write(b->tree, s->id, i * b->size, s->data,
				 b->size));
	}
	b->state = s;
}

static void bulk_finish(struct bench *b)
{
	struct bulk *s = b->state;

	OK(torture_set_delete(b->tree, s->id, true));
	OK(cli_close(b->tree, s->id));
}

static struct tevent_req *read_send(struct bench *b, unsigned long i)
{
	struct bulk *s = b->state;
	struct smb2_read_request in = {
		.length = b->size,
		.offset = i % s->chunks * b->size,
		.id = s->id,
	};

	return cli_read_send(b->t->mem, b->tree, &in);
}

static void read_done(struct bench *b, struct tevent_req *req)
{
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct smb2_read_response out;

	OK(cli_read_recv(req, tmp, &out));
	EQUAL(out.data.length, b->size);
	talloc_free(tmp);
	talloc_free(req);
}

static struct tevent_req *write_send(struct bench *b, unsigned long i)
{
	struct bulk *s = b->state;
	struct smb2_write_request in = {
		.offset = i % s->chunks * b->size,
		.id = s->id,
		.data = wire_reader(s->data, b->size),
	};

	return cli_write_send(b->t->mem, b->tree, &in);
}

static void write_done(struct bench *b, struct tevent_req *req)
{
	uint32_t count;

	OK(cli_write_recv(req, &count));
	EQUAL(count, b->size);
	talloc_free(req);
}

/* count is in MiB */
static unsigned long requests(const struct bench *b)
{
	return (unsigned long)b->count * MIB / b->size;
}

static unsigned long read_run(struct bench *b)
{
	bench_pipeline(b, requests(b), read_send, read_done);
	return b->count;
}

static unsigned long write_run(struct bench *b)
{
	bench_pipeline(b, requests(b), write_send, write_done);
	return b->count;
}

/* --- list ----------------------------------------------------------------- */

static void list_prepare(struct bench *b)
{
	b->state = (void *)(uintptr_t)bench_directory(b);
}

static bool count_entry(void *private_data, const char *name,
			const struct fscc_dir_entry *e)
{
	*(unsigned long *)private_data += 1;
	return true;
}

/* The directory as often as count says; an entry is a unit. */
static unsigned long list_run(struct bench *b)
{
	unsigned long entries = 0;

	for (unsigned int i = 0; i < b->count; i++) {
		struct smb2_file_id id =
			torture_open(b->t, b->tree, b->state, FILE_GENERIC_READ,
				     FILE_OPEN, FILE_DIRECTORY_FILE);

		OK(torture_list_dir(b->t, b->tree, id, "*",
				    FileIdBothDirectoryInformation, 65536,
				    count_entry, &entries));
		OK(cli_close(b->tree, id));
	}
	return entries;
}

const struct bench_kind bench_bulk[] = {
	{"read", "MiB", "read --count MiB in pieces of --size", 4096, false,
	 bulk_prepare, read_run, bulk_finish},
	{"write", "MiB", "write --count MiB in pieces of --size", 2048, false,
	 bulk_prepare, write_run, bulk_finish},
	{"list", "entry", "list a directory of --names entries, --count times",
	 20, false, list_prepare, list_run, NULL},
	{0},
};
