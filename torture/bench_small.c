/* torture/bench_small.c - connect, echo, open, stat, create: many small
 * requests, one after the other unless --depth says otherwise. */
#include <stdio.h>

#include "smb2/simple.h"
#include "torture/bench.h"

/* --- connect -------------------------------------------------------------- */

static unsigned long connect_run(struct bench *b)
{
	for (unsigned int i = 0; i < b->count; i++) {
		struct cli_tree *tree = torture_tree(b->t);

		OK(torture_try_open(b->t, tree, "", FILE_READ_ATTRIBUTES,
				    FILE_OPEN, 0));
		OK(cli_tree_disconnect(tree));
		OK(cli_logoff(cli_tree_session(tree)));
		talloc_free(cli_tree_conn(tree));
	}
	return b->count;
}

/* --- echo ----------------------------------------------------------------- */

static struct tevent_req *echo_send(struct bench *b, unsigned long i)
{
	return cli_echo_send(b->t->mem, cli_tree_conn(b->tree),
			     cli_tree_session(b->tree));
}

static void status_done(struct bench *b, struct tevent_req *req)
{
	OK(cli_status_recv(req));
	talloc_free(req);
}

static unsigned long echo_run(struct bench *b)
{
	bench_pipeline(b, b->count, echo_send, status_done);
	return b->count;
}

/* --- open ----------------------------------------------------------------- */

static void one_file(struct bench *b)
{
	OK(torture_try_open(b->t, b->tree, "torture-bench-file", TORTURE_ALL,
			    FILE_OPEN_IF, 0));
}

static void one_file_gone(struct bench *b)
{
	OK(torture_try_open(b->t, b->tree, "torture-bench-file", DELETE_ACCESS,
			    FILE_OPEN, FILE_DELETE_ON_CLOSE));
}

static unsigned long open_run(struct bench *b)
{
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);

	for (unsigned int i = 0; i < b->count; i++) {
		TALLOC_CTX *tmp = talloc_new(b->t->mem);
		struct smb2_create_response out;

		OK(cli_create(tmp, b->tree, "torture-bench-file", &in, NULL,
			      &out));
		OK(cli_close(b->tree, out.id));
		talloc_free(tmp);
	}
	return b->count;
}

/* --- stat ----------------------------------------------------------------- */

static struct tevent_req *stat_send(struct bench *b, unsigned long i)
{
	struct smb2_create_request create =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct smb2_query_info_request query = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileAllInformation,
		.output_buffer_length = 1024,
		.id = SMB2_FILE_ID_RELATED,
	};
	struct smb2_close_request close = {.id = SMB2_FILE_ID_RELATED};
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct cli_message m[3] = {cli_create_message(tmp, b->tree,
						      "torture-bench-file",
						      &create, NULL),
				   cli_query_info_message(tmp, b->tree, &query),
				   cli_close_message(tmp, b->tree, &close)};
	struct tevent_req *req;

	m[1].related = m[2].related = true;
	req = cli_request_send(b->t->mem, cli_tree_conn(b->tree), m, 3);
	talloc_free(tmp);
	return req;
}

static void stat_done(struct bench *b, struct tevent_req *req)
{
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct cli_reply reply[3];

	OK(cli_request_recv(req, tmp, reply, 3));
	for (size_t i = 0; i < 3; i++) {
		OK(reply[i].status);
	}
	talloc_free(tmp);
	talloc_free(req);
}

static unsigned long stat_run(struct bench *b)
{
	bench_pipeline(b, b->count, stat_send, stat_done);
	return b->count;
}

/* --- create --------------------------------------------------------------- */

static void create_prepare(struct bench *b)
{
	b->state = (void *)(uintptr_t)bench_directory(b);
}

static void create_names(struct bench *b, uint32_t access, uint32_t disposition,
			 uint32_t options)
{
	struct smb2_create_request in =
		torture_request(access, disposition, options);

	for (unsigned int i = 0; i < b->count; i++) {
		TALLOC_CTX *tmp = talloc_new(b->t->mem);
		char *name = talloc_asprintf(tmp, "%s\\new%07u",
					     (const char *)b->state, i);
		struct smb2_create_response out;

		OK(cli_create(tmp, b->tree, name, &in, NULL, &out));
		OK(cli_close(b->tree, out.id));
		talloc_free(tmp);
	}
}

static unsigned long create_run(struct bench *b)
{
	create_names(b, TORTURE_ALL, FILE_CREATE, 0);
	return b->count;
}

static void create_finish(struct bench *b)
{
	create_names(b, DELETE_ACCESS, FILE_OPEN, FILE_DELETE_ON_CLOSE);
}

/* --- names ---------------------------------------------------------------- */

/* What the server must find out once about the directory is not measured: two
 * looks for names that are not there. */
static void names_prepare(struct bench *b)
{
	create_prepare(b);
	for (unsigned int i = 0; i < 2; i++) {
		char *name = talloc_asprintf(b->t->mem, "%s\\none%u",
					     (const char *)b->state, i);

		STATUS(torture_try_open(b->t, b->tree, name,
					FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
		       OBJECT_NAME_NOT_FOUND);
	}
}

/* A new file, and an old one by its name in upper case. */
static unsigned long names_run(struct bench *b)
{
	struct smb2_create_request make =
		torture_request(TORTURE_ALL, FILE_CREATE, 0);
	struct smb2_create_request look =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);

	for (unsigned int i = 0; i < b->count; i++) {
		TALLOC_CTX *tmp = talloc_new(b->t->mem);
		const char *dir = b->state;
		char *fresh = talloc_asprintf(tmp, "%s\\new%07u", dir, i);
		char *old = talloc_asprintf(tmp, "%s\\F%07u", dir,
					    i * 7919u % b->names);
		struct smb2_create_response out;

		OK(cli_create(tmp, b->tree, fresh, &make, NULL, &out));
		OK(cli_close(b->tree, out.id));
		OK(cli_create(tmp, b->tree, old, &look, NULL, &out));
		OK(cli_close(b->tree, out.id));
		talloc_free(tmp);
	}
	return b->count;
}

const struct bench_kind bench_small[] = {
	{"connect", "connect", "connect, log on, mount, open, leave", 300, true,
	 NULL, connect_run, NULL},
	{"echo", "echo", "ECHO", 50000, false, NULL, echo_run, NULL},
	{"open", "open", "open and close a file", 20000, false, one_file,
	 open_run, one_file_gone},
	{"stat", "stat", "compound of create, query, close", 20000, false,
	 one_file, stat_run, one_file_gone},
	{"create", "create",
	 "create and close a file in a directory of --names names", 1000, false,
	 create_prepare, create_run, create_finish},
	{"names", "pair",
	 "the same, and open and close another by its name in upper case", 1000,
	 false, names_prepare, names_run, create_finish},
	{0},
};
