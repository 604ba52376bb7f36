/* torture/create.c - CREATE ([MS-SMB2] 3.3.5.9, [MS-FSA] 2.1.5.1). */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

/* --- dispositions --------------------------------------------------------- */

struct disposition_case {
	uint32_t disposition;
	uint32_t if_missing; /* status */
	uint32_t if_there;
	uint32_t action_missing;
	uint32_t action_there;
	bool keeps_data;
};

#define V(name) ((uint32_t)NT_STATUS_V_##name)

static const struct disposition_case dispositions[] = {
	{FILE_SUPERSEDE, 0, 0, FILE_CREATED, FILE_SUPERSEDED, false},
	{FILE_OPEN, V(OBJECT_NAME_NOT_FOUND), 0, 0, FILE_OPENED, true},
	{FILE_CREATE, 0, V(OBJECT_NAME_COLLISION), FILE_CREATED, 0, true},
	{FILE_OPEN_IF, 0, 0, FILE_CREATED, FILE_OPENED, true},
	{FILE_OVERWRITE, V(OBJECT_NAME_NOT_FOUND), 0, 0, FILE_OVERWRITTEN,
	 false},
	{FILE_OVERWRITE_IF, 0, 0, FILE_CREATED, FILE_OVERWRITTEN, false},
};

static void check_open(struct torture *t, struct cli_tree *tree,
		       const char *name, uint32_t disposition,
		       uint32_t want_status, uint32_t want_action)
{
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, disposition, 0);
	struct smb2_create_response out;
	NTSTATUS status = cli_create(t->mem, tree, name, &in, NULL, &out);

	torture_note("disposition %u of '%s'", disposition, name);
	EQUAL(status.v, want_status);
	if (want_status == 0) {
		EQUAL(out.create_action, want_action);
		OK(cli_close(tree, out.id));
	}
}

static void dispositions_of_files(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	for (size_t i = 0; i < COUNT_OF(dispositions); i++) {
		const struct disposition_case *c = &dispositions[i];
		char *leaf = talloc_asprintf(t->mem, "file%zu", i);
		char *missing = talloc_asprintf(t->mem, "missing%zu", i);
		const char *name = torture_file(t, tree, leaf, "text");

		check_open(t, tree, name, c->disposition, c->if_there,
			   c->action_there);
		torture_content_is(t, tree, name, "text",
				   c->keeps_data ? 4 : 0);
		check_open(t, tree, torture_path(t, tree, missing),
			   c->disposition, c->if_missing, c->action_missing);
	}
}

static void dispositions_of_directories(struct torture *t)
{
	static const struct {
		uint32_t disposition, if_missing, if_there;
	} cases[] = {
		{FILE_SUPERSEDE, V(INVALID_PARAMETER), V(INVALID_PARAMETER)},
		{FILE_OPEN, V(OBJECT_NAME_NOT_FOUND), 0},
		{FILE_CREATE, 0, V(OBJECT_NAME_COLLISION)},
		{FILE_OPEN_IF, 0, 0},
		{FILE_OVERWRITE, V(INVALID_PARAMETER), V(INVALID_PARAMETER)},
		{FILE_OVERWRITE_IF, V(INVALID_PARAMETER), V(INVALID_PARAMETER)},
	};
	struct cli_tree *tree = torture_tree(t);
	const char *there = torture_mkdir(t, tree, "dir");

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *leaf = talloc_asprintf(t->mem, "missing%zu", i);
		const char *missing = torture_path(t, tree, leaf);
		NTSTATUS status;

		torture_note("disposition %u", cases[i].disposition);
		status = torture_try_open(t, tree, there, FILE_READ_ATTRIBUTES,
					  cases[i].disposition,
					  FILE_DIRECTORY_FILE);
		EQUAL(status.v, cases[i].if_there);
		status = torture_try_open(
			t, tree, missing, FILE_READ_ATTRIBUTES,
			cases[i].disposition, FILE_DIRECTORY_FILE);
		EQUAL(status.v, cases[i].if_missing);
	}
}

static void disposition_unknown(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");

	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, 6, 0),
	       INVALID_PARAMETER);
	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, 0xffffffff,
				0),
	       INVALID_PARAMETER);
}

/* --- options -------------------------------------------------------------- */

static void options_conflict(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");

	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN,
				FILE_DIRECTORY_FILE | FILE_NON_DIRECTORY_FILE),
	       INVALID_PARAMETER);
	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN,
				FILE_DELETE_ON_CLOSE),
	       INVALID_PARAMETER);
	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN,
				FILE_OPEN_BY_FILE_ID),
	       NOT_SUPPORTED);
	STATUS(torture_try_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN,
				0x80000000),
	       INVALID_PARAMETER);
}

static void wrong_type(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "text");
	const char *dir = torture_mkdir(t, tree, "dir");

	STATUS(torture_try_open(t, tree, file, FILE_GENERIC_READ, FILE_OPEN,
				FILE_DIRECTORY_FILE),
	       NOT_A_DIRECTORY);
	STATUS(torture_try_open(t, tree, dir, FILE_GENERIC_READ, FILE_OPEN,
				FILE_NON_DIRECTORY_FILE),
	       FILE_IS_A_DIRECTORY);
	STATUS(torture_try_open(t, tree, file, FILE_GENERIC_READ, FILE_CREATE,
				FILE_DIRECTORY_FILE),
	       OBJECT_NAME_COLLISION);
	OK(torture_try_open(t, tree, file, FILE_GENERIC_READ, FILE_OPEN, 0));
	OK(torture_try_open(t, tree, dir, FILE_GENERIC_READ, FILE_OPEN, 0));
}

static void access_mask_invalid(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");

	STATUS(torture_try_open(t, tree, name, 0, FILE_OPEN, 0), ACCESS_DENIED);
	STATUS(torture_try_open(t, tree, name, 0x0CE0FE00, FILE_OPEN, 0),
	       ACCESS_DENIED);
}

static void impersonation_invalid(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);

	in.impersonation_level = 0x12345678;
	STATUS(torture_try(t, tree, "", &in), BAD_IMPERSONATION_LEVEL);
}

static void share_access_invalid(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);

	in.share_access = 0x80;
	STATUS(torture_try(t, tree, "", &in), INVALID_PARAMETER);
}

static void attributes_invalid(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_CREATE, 0);

	in.file_attributes = 0x80000000;
	STATUS(torture_try(t, tree, torture_path(t, tree, "new"), &in),
	       INVALID_PARAMETER);
}

/* What was granted is what may be done. */
static void access_is_checked(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id r =
		torture_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0);
	struct smb2_file_id w =
		torture_open(t, tree, name, FILE_WRITE_DATA, FILE_OPEN, 0);
	struct wire_reader out;
	struct blob data;

	STATUS(torture_write(tree, r, 0, "x", 1), ACCESS_DENIED);
	STATUS(torture_read(t, tree, w, 0, 1, &data), ACCESS_DENIED);
	STATUS(torture_query(t, tree, w, FileBasicInformation, 40, &out),
	       ACCESS_DENIED);
	STATUS(torture_set_delete(tree, w, true), ACCESS_DENIED);
	STATUS(torture_set_eof(tree, r, 0), ACCESS_DENIED);
	STATUS(torture_rename(tree, w, "elsewhere", false), ACCESS_DENIED);
	OK(cli_close(tree, r));
	OK(cli_close(tree, w));
}

static void maximum_allowed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, MAXIMUM_ALLOWED, FILE_OPEN, 0);
	struct wire_reader out;
	struct blob data;
	uint32_t granted;

	OK(torture_read(t, tree, id, 0, 4, &data));
	OK(torture_write(tree, id, 0, "more", 4));
	OK(torture_query(t, tree, id, FileAccessInformation, 4, &out));
	OK(fscc_u32_decode(out, &granted));
	EQUAL(granted &
		      (FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS),
	      FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS);
	OK(cli_close(tree, id));
}

static void generic_bits_mapped(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	static const struct {
		uint32_t asked, granted;
	} cases[] = {
		{GENERIC_READ, FILE_GENERIC_READ},
		{GENERIC_WRITE, FILE_GENERIC_WRITE},
		{GENERIC_EXECUTE, FILE_GENERIC_EXECUTE},
		{FILE_READ_DATA, FILE_READ_DATA},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct smb2_file_id id = torture_open(
			t, tree, name, cases[i].asked, FILE_OPEN, 0);
		struct wire_reader out;
		uint32_t granted;

		OK(torture_query(t, tree, id, FileAccessInformation, 4, &out));
		OK(fscc_u32_decode(out, &granted));
		/* FILE_READ_ATTRIBUTES comes with any access */
		EQUAL(granted & ~FILE_READ_ATTRIBUTES,
		      cases[i].granted & ~FILE_READ_ATTRIBUTES);
		OK(cli_close(tree, id));
	}
}

/* --- create contexts ------------------------------------------------------ */

static NTSTATUS with_contexts(struct torture *t, struct cli_tree *tree,
			      const char *name, uint32_t disposition,
			      const struct smb2_create_request_contexts *in,
			      struct smb2_create_response_contexts *out,
			      struct smb2_create_response *created)
{
	struct smb2_create_request req =
		torture_request(TORTURE_ALL, disposition, 0);
	NTSTATUS status = cli_create(t->mem, tree, name, &req, in, created);

	if (NT_STATUS_IS_OK(status)) {
		OK(smb2_create_response_contexts_decode(created->contexts,
							out));
		OK(cli_close(tree, created->id));
	}
	return status;
}

static bool has(const struct smb2_create_response_contexts *c,
		enum smb2_create_context_tag tag)
{
	return (c->present & 1u << tag) != 0;
}

static void context_mxac(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS};
	struct smb2_create_response_contexts out = {0};
	struct smb2_create_response created;

	OK(with_contexts(t, tree, name, FILE_OPEN, &in, &out, &created));
	CHECK(has(&out, SMB2_CREATE_QUERY_MAXIMAL_ACCESS));
	OK(out.max_access_status);
	CHECK((out.max_access & FILE_READ_DATA) != 0);
	CHECK((out.max_access & FILE_WRITE_DATA) != 0);
}

/* Who knows the file as it is now needs not be told again. */
static void context_mxac_unchanged(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS,
		.max_access_timestamp = 1,
	};
	struct smb2_create_response_contexts out = {0};
	struct smb2_create_response created;

	OK(with_contexts(t, tree, name, FILE_OPEN, &in, &out, &created));
	OK(out.max_access_status);
	in.max_access_timestamp = created.change_time;
	OK(with_contexts(t, tree, name, FILE_OPEN, &in, &out, &created));
	STATUS(out.max_access_status, NONE_MAPPED);
	EQUAL(out.max_access, 0);
}

/* [MS-FSA] 2.1.5.1.2.1: MAXIMUM_ALLOWED of what is read-only is without the
 * rights to write, which it is still told it has. */
static void maximum_of_readonly(struct torture *t)
{
	const uint32_t writing =
		FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_DELETE_CHILD;
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_CREATE, 0);
	const char *name = torture_path(t, tree, "file");
	struct smb2_create_request_contexts contexts = {
		.present = 1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS};
	struct smb2_create_response_contexts out = {0};
	struct smb2_create_response created;
	struct wire_reader r;

	in.file_attributes = FILE_ATTRIBUTE_READONLY;
	OK(torture_try(t, tree, name, &in));
	in = torture_request(MAXIMUM_ALLOWED, FILE_OPEN, 0);
	OK(cli_create(t->mem, tree, name, &in, &contexts, &created));
	OK(smb2_create_response_contexts_decode(created.contexts, &out));
	EQUAL(out.max_access & writing, writing);
	OK(torture_query(t, tree, created.id, FileAccessInformation, 4, &r));
	EQUAL(wire_u32(&r) & writing, 0);
	STATUS(torture_write(tree, created.id, 0, "x", 1), ACCESS_DENIED);
	STATUS(torture_try_open(t, tree, name,
				MAXIMUM_ALLOWED | FILE_WRITE_DATA, FILE_OPEN,
				0),
	       ACCESS_DENIED);
}

static void context_qfid(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *a = torture_file(t, tree, "a", "text");
	const char *b = torture_file(t, tree, "b", "text");
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_QUERY_ON_DISK_ID};
	struct smb2_create_response_contexts first = {0}, again = {0},
					     other = {0};
	struct smb2_create_response created;

	OK(with_contexts(t, tree, a, FILE_OPEN, &in, &first, &created));
	OK(with_contexts(t, tree, a, FILE_OPEN, &in, &again, &created));
	OK(with_contexts(t, tree, b, FILE_OPEN, &in, &other, &created));
	CHECK(has(&first, SMB2_CREATE_QUERY_ON_DISK_ID));
	CHECK(first.disk_file_id != 0);
	EQUAL(again.disk_file_id, first.disk_file_id);
	EQUAL(again.volume_id, first.volume_id);
	CHECK(other.disk_file_id != first.disk_file_id);
}

static void context_alsi(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_path(t, tree, "new");
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_ALLOCATION_SIZE,
		.allocation_size = 100000};
	struct smb2_create_response_contexts out = {0};
	struct smb2_create_response created;

	OK(with_contexts(t, tree, name, FILE_CREATE, &in, &out, &created));
	EQUAL(created.end_of_file, 0);
	CHECK(created.allocation_size >= 100000);
	torture_content_is(t, tree, name, "", 0);
}

/* A share without snapshots knows no version of the file from then. */
static void context_twrp(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_TIMEWARP_TOKEN,
		.timewarp = 131000000000000000};
	struct smb2_create_response_contexts out = {0};
	struct smb2_create_response created;

	STATUS(with_contexts(t, tree, name, FILE_OPEN, &in, &out, &created),
	       OBJECT_NAME_NOT_FOUND);
}

/* contexts as raw bytes */
static NTSTATUS raw_contexts(struct torture *t, struct cli_tree *tree,
			     const struct wire_writer *w)
{
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);

	in.contexts = wire_reader(w->data, w->length);
	return torture_try(t, tree, "", &in);
}

static struct wire_writer one_context(struct torture *t, uint32_t next,
				      const char *name, uint16_t name_length,
				      uint16_t data_offset,
				      uint32_t data_length)
{
	struct wire_writer w = wire_writer(t->mem, 1024);

	wire_put_u32(&w, next);
	wire_put_u16(&w, 16);
	wire_put_u16(&w, name_length);
	wire_put_u16(&w, 0);
	wire_put_u16(&w, data_offset);
	wire_put_u32(&w, data_length);
	wire_put_bytes(&w, name, 4);
	wire_put_zero(&w, 12);
	return w;
}

static void context_unknown_ignored(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct wire_writer w = one_context(t, 0, "XyZ!", 4, 24, 8);

	OK(raw_contexts(t, tree, &w));
}

static void context_malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const struct {
		uint32_t next;
		uint16_t name_length, data_offset;
		uint32_t data_length;
	} cases[] = {
		{0, 3, 24, 8},		/* name shorter than four */
		{0, 4, 24, 9000},	/* data past the end */
		{0, 4, 0xfff8, 8},	/* offset past the end */
		{0, 4, 24, 0xffffffff}, /* overflows */
		{4, 4, 24, 8},		/* next within itself */
		{0xfffffff8, 4, 24, 8}, /* next past the end */
		{0, 0xfff0, 24, 8},	/* name past the end */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct wire_writer w = one_context(
			t, cases[i].next, "MxAc", cases[i].name_length,
			cases[i].data_offset, cases[i].data_length);

		torture_note("case %zu", i);
		STATUS(raw_contexts(t, tree, &w), INVALID_PARAMETER);
	}
}

/* --- the response --------------------------------------------------------- */

static void response_tells_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "0123456789");
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct smb2_create_response out = {0};

	OK(cli_create(t->mem, tree, name, &in, NULL, &out));
	EQUAL(out.end_of_file, 10);
	CHECK(out.file_attributes != 0);
	EQUAL(out.file_attributes & FILE_ATTRIBUTE_DIRECTORY, 0);
	CHECK(out.creation_time > NTTIME_UNIX_EPOCH);
	CHECK(out.last_write_time >= out.creation_time);
	EQUAL(out.create_action, FILE_OPENED);
	EQUAL(out.oplock_level, SMB2_OPLOCK_LEVEL_NONE);
	OK(cli_close(tree, out.id));
}

static void root_opens(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in = torture_request(
		FILE_GENERIC_READ, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_create_response out = {0};

	OK(cli_create(t->mem, tree, "", &in, NULL, &out));
	CHECK((out.file_attributes & FILE_ATTRIBUTE_DIRECTORY) != 0);
	OK(cli_close(tree, out.id));
}

static void missing_parent(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "text");

	STATUS(torture_try_open(t, tree, torture_path(t, tree, "no\\file"),
				FILE_GENERIC_READ, FILE_OPEN_IF, 0),
	       OBJECT_PATH_NOT_FOUND);
	STATUS(torture_try_open(t, tree,
				talloc_asprintf(t->mem, "%s\\below", file),
				FILE_GENERIC_READ, FILE_OPEN_IF, 0),
	       OBJECT_PATH_NOT_FOUND);
}

static void many_handles(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id ids[500];

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		ids[i] = torture_open(t, tree, name, FILE_GENERIC_READ,
				      FILE_OPEN, 0);
	}
	for (size_t i = 1; i < COUNT_OF(ids); i++) {
		CHECK(ids[i].volatile_id != ids[i - 1].volatile_id);
	}
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		OK(cli_close(tree, ids[i]));
	}
}

static void closed_handle(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_file_id wrong = {id.persistent_id + 1, id.volatile_id};
	struct blob data;

	STATUS(torture_read(t, tree, wrong, 0, 4, &data), FILE_CLOSED);
	OK(cli_close(tree, id));
	STATUS(torture_read(t, tree, id, 0, 4, &data), FILE_CLOSED);
	STATUS(cli_close(tree, id), FILE_CLOSED);
	STATUS(cli_close(tree, SMB2_FILE_ID_RELATED), FILE_CLOSED);
}

static void close_with_attributes(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_close_request in = {
		.flags = SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB,
		.id = torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0)};
	struct tevent_req *req;
	struct smb2_close_response out = {0};

	OK(torture_write(tree, in.id, 4, "and more", 8));
	req = cli_close_send(t->mem, tree, &in);
	CHECK(cli_wait(cli_tree_conn(tree), req));
	OK(cli_close_recv(req, &out));
	EQUAL(out.flags, SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB);
	EQUAL(out.end_of_file, 12);
	CHECK(out.creation_time != 0 && out.file_attributes != 0);
}

const struct torture_test torture_create_tests[] = {
	{"create.dispositions_of_files", "[MS-FSA] 2.1.5.1",
	 dispositions_of_files, 0},
	{"create.dispositions_of_directories", "[MS-FSA] 2.1.5.1 phase 1",
	 dispositions_of_directories, 0},
	{"create.disposition_unknown", "[MS-FSA] 2.1.5.1: INVALID_PARAMETER",
	 disposition_unknown, 0},
	{"create.options_conflict", "[MS-FSA] 2.1.5.1: INVALID_PARAMETER",
	 options_conflict, 0},
	{"create.wrong_type", "[MS-FSA] 2.1.5.1 phase 7", wrong_type, 0},
	{"create.access_mask_invalid", "[MS-FSA] 2.1.5.1: ACCESS_DENIED",
	 access_mask_invalid, 0},
	{"create.impersonation_invalid",
	 "[MS-SMB2] 3.3.5.9: BAD_IMPERSONATION_LEVEL", impersonation_invalid,
	 0},
	{"create.share_access_invalid", "[MS-FSA] 2.1.5.1: INVALID_PARAMETER",
	 share_access_invalid, 0},
	{"create.attributes_invalid", "[MS-FSA] 2.1.5.1: INVALID_PARAMETER",
	 attributes_invalid, 0},
	{"create.access_is_checked", "[MS-SMB2] 3.3.5.12 and on",
	 access_is_checked, 0},
	{"create.maximum_allowed", "[MS-SMB2] 2.2.13.1", maximum_allowed, 0},
	{"create.generic_bits_mapped", "[MS-SMB2] 2.2.13.1",
	 generic_bits_mapped, 0},
	{"create.context_mxac", "[MS-SMB2] 3.3.5.9.5", context_mxac, 0},
	{"create.context_mxac_unchanged", "[MS-SMB2] 3.3.5.9.5",
	 context_mxac_unchanged, 0},
	{"create.maximum_of_readonly", "[MS-FSA] 2.1.5.1.2.1",
	 maximum_of_readonly, 0},
	{"create.context_qfid", "[MS-SMB2] 3.3.5.9.9", context_qfid, 0},
	{"create.context_alsi", "[MS-SMB2] 3.3.5.9.3", context_alsi, 0},
	{"create.context_twrp", "[MS-SMB2] 3.3.5.9.4: OBJECT_NAME_NOT_FOUND",
	 context_twrp, 0},
	{"create.context_unknown_ignored", "[MS-SMB2] 3.3.5.9",
	 context_unknown_ignored, 0},
	{"create.context_malformed", "[MS-SMB2] 2.2.13.2: INVALID_PARAMETER",
	 context_malformed, 0},
	{"create.response_tells_file", "[MS-SMB2] 2.2.14", response_tells_file,
	 0},
	{"create.root", "the empty name is the share's root", root_opens, 0},
	{"create.missing_parent", "[MS-FSA] 2.1.5.1: OBJECT_PATH_NOT_FOUND",
	 missing_parent, 0},
	{"create.many_handles", "[MS-SMB2] 3.3.1.10: ids are unique",
	 many_handles, 0},
	{"create.closed_handle", "[MS-SMB2] 3.3.5.10, 3.3.5.12: FILE_CLOSED",
	 closed_handle, 0},
	{"create.close_with_attributes", "[MS-SMB2] 3.3.5.10",
	 close_with_attributes, 0},
	{NULL, NULL, NULL, 0},
};
