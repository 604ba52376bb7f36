/* torture/util.c - connections and small things for tests. */
#include "torture/util.h"

#include <stdio.h>
#include <string.h>

/* --- connections ---------------------------------------------------------- */

struct cli_conn *torture_connect(struct torture *t)
{
	struct cli_conn *conn = NULL;

	OK(cli_conn_connect(t->mem, t->ev, t->options->host, t->options->port,
			    &conn));
	return conn;
}

struct cli_conn *torture_negotiate_with(
	struct torture *t, const struct cli_negotiate_options *options)
{
	struct cli_conn *conn = torture_connect(t);
	NTSTATUS status = cli_negotiate(conn, options);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("the server does not speak this dialect");
	}
	OK(status);
	return conn;
}

struct cli_conn *torture_dialect(struct torture *t, uint16_t dialect)
{
	struct cli_negotiate_options o = {.dialects = {dialect},
					  .dialect_count = 1};

	return torture_negotiate_with(t, &o);
}

struct cli_conn *torture_negotiated(struct torture *t)
{
	if (t->options->dialect != 0) {
		return torture_dialect(t, t->options->dialect);
	}
	return torture_negotiate_with(t, NULL);
}

struct cli_session_options torture_login(struct torture *t)
{
	return (struct cli_session_options){
		.user = t->options->user,
		.domain = t->options->domain,
		.password = t->options->password,
		.sign = t->options->sign,
		.encrypt = t->options->encrypt,
	};
}

struct cli_session *torture_session_on(struct torture *t, struct cli_conn *conn)
{
	struct cli_session_options o = torture_login(t);
	struct cli_session *session = NULL;

	OK(cli_session_setup(conn, &o, &session));
	return session;
}

struct cli_session *torture_session(struct torture *t)
{
	return torture_session_on(t, torture_negotiated(t));
}

struct cli_tree *torture_tree_on(struct torture *t, struct cli_session *session)
{
	struct cli_tree *tree = NULL;

	OK(cli_tree_connect(session, t->options->share, &tree));
	return tree;
}

struct cli_tree *torture_tree(struct torture *t)
{
	return torture_tree_on(t, torture_session(t));
}

bool torture_is_dropped(struct cli_conn *conn)
{
	return cli_wait_down(conn, 5000);
}

void torture_is_alive(struct cli_conn *conn)
{
	OK(cli_echo(conn, NULL));
}

/* --- files ---------------------------------------------------------------- */

struct smb2_create_request torture_request(uint32_t access,
					   uint32_t disposition,
					   uint32_t options)
{
	return (struct smb2_create_request){
		.impersonation_level = SMB2_IMPERSONATION_IMPERSONATION,
		.desired_access = access,
		.share_access = FILE_SHARE_ALL,
		.create_disposition = disposition,
		.create_options = options,
	};
}

struct smb2_file_id torture_open(struct torture *t, struct cli_tree *tree,
				 const char *name, uint32_t access,
				 uint32_t disposition, uint32_t options)
{
	struct smb2_create_request in =
		torture_request(access, disposition, options);
	struct smb2_create_response out = {0};
	NTSTATUS status = cli_create(t->mem, tree, name, &in, NULL, &out);

	if (!NT_STATUS_IS_OK(status)) {
		FAIL("opening '%s' gave %s", name, ntstatus_name(status));
	}
	return out.id;
}

NTSTATUS torture_try(struct torture *t, struct cli_tree *tree, const char *name,
		     const struct smb2_create_request *in)
{
	struct smb2_create_response out;
	NTSTATUS status = cli_create(t->mem, tree, name, in, NULL, &out);

	if (NT_STATUS_IS_OK(status)) {
		OK(cli_close(tree, out.id));
	}
	return status;
}

NTSTATUS torture_try_open(struct torture *t, struct cli_tree *tree,
			  const char *name, uint32_t access,
			  uint32_t disposition, uint32_t options)
{
	struct smb2_create_request in =
		torture_request(access, disposition, options);

	return torture_try(t, tree, name, &in);
}

static void make_dir(struct torture *t, struct cli_tree *tree, const char *name)
{
	OK(torture_try_open(t, tree, name, FILE_READ_ATTRIBUTES, FILE_OPEN_IF,
			    FILE_DIRECTORY_FILE));
}

const char *torture_dir(struct torture *t, struct cli_tree *tree)
{
	char *top = talloc_asprintf(t->mem, "torture-%u", t->options->run_id);
	char *dir = talloc_asprintf(t->mem, "%s\\%s", top, t->test_name);

	make_dir(t, tree, top);
	make_dir(t, tree, dir);
	return dir;
}

const char *torture_path(struct torture *t, struct cli_tree *tree,
			 const char *leaf)
{
	return talloc_asprintf(t->mem, "%s\\%s", torture_dir(t, tree), leaf);
}

const char *torture_file(struct torture *t, struct cli_tree *tree,
			 const char *leaf, const char *text)
{
	const char *name = torture_path(t, tree, leaf);
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_CREATE, 0);

	if (text[0] != '\0') {
		OK(torture_write(tree, id, 0, text, strlen(text)));
	}
	OK(cli_close(tree, id));
	return name;
}

const char *torture_mkdir(struct torture *t, struct cli_tree *tree,
			  const char *leaf)
{
	const char *name = torture_path(t, tree, leaf);

	OK(torture_try_open(t, tree, name, FILE_READ_ATTRIBUTES, FILE_CREATE,
			    FILE_DIRECTORY_FILE));
	return name;
}

NTSTATUS torture_write(struct cli_tree *tree, struct smb2_file_id id,
		       uint64_t offset, const void *data, size_t length)
{
	struct smb2_write_request in = {
		.offset = offset, .id = id, .data = wire_reader(data, length)};
	uint32_t count;
	NTSTATUS status = cli_write(tree, &in, &count);

	if (NT_STATUS_IS_OK(status)) {
		EQUAL(count, length);
	}
	return status;
}

NTSTATUS torture_read(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint64_t offset, uint32_t length,
		      struct blob *out)
{
	struct smb2_read_request in = {
		.length = length, .offset = offset, .id = id};
	struct smb2_read_response r;
	NTSTATUS status = cli_read(t->mem, tree, &in, &r);

	if (NT_STATUS_IS_OK(status)) {
		CHECK(r.data.length <= length);
		*out = (struct blob){(uint8_t *)(uintptr_t)r.data.data,
				     r.data.length};
	}
	return status;
}

void torture_content_is(struct torture *t, struct cli_tree *tree,
			const char *name, const void *want, size_t length)
{
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct blob got = {0};

	if (length == 0) {
		STATUS(torture_read(t, tree, id, 0, 1, &got), END_OF_FILE);
	} else {
		OK(torture_read(t, tree, id, 0, (uint32_t)length + 1, &got));
		EQUAL(got.length, length);
		CHECK(memcmp(got.data, want, length) == 0);
	}
	OK(cli_close(tree, id));
}

/* --- information ---------------------------------------------------------- */

static NTSTATUS query(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint8_t type, uint8_t cls,
		      uint32_t max, struct wire_reader *out)
{
	struct smb2_query_info_request in = {
		.info_type = type,
		.info_class = cls,
		.output_buffer_length = max,
		.id = id,
	};

	return cli_query_info(t->mem, tree, &in, out);
}

NTSTATUS torture_query(struct torture *t, struct cli_tree *tree,
		       struct smb2_file_id id, uint8_t info_class, uint32_t max,
		       struct wire_reader *out)
{
	return query(t, tree, id, SMB2_0_INFO_FILE, info_class, max, out);
}

NTSTATUS torture_query_fs(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, uint8_t info_class,
			  uint32_t max, struct wire_reader *out)
{
	return query(t, tree, id, SMB2_0_INFO_FILESYSTEM, info_class, max, out);
}

NTSTATUS torture_set(struct cli_tree *tree, struct smb2_file_id id,
		     uint8_t info_class, const void *data, size_t length)
{
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = info_class,
		.id = id,
		.buffer = wire_reader(data, length),
	};

	return cli_set_info(tree, &in);
}

NTSTATUS torture_set_delete(struct cli_tree *tree, struct smb2_file_id id,
			    bool on)
{
	uint8_t byte = on;

	return torture_set(tree, id, FileDispositionInformation, &byte, 1);
}

NTSTATUS torture_rename(struct cli_tree *tree, struct smb2_file_id id,
			const char *name, bool replace)
{
	TALLOC_CTX *tmp = talloc_new(tree);
	struct wire_writer name16 = wire_writer(tmp, 65536);
	struct wire_writer w = wire_writer(tmp, 65536);
	struct fscc_rename in = {.flags = replace};
	NTSTATUS status;

	wire_put_utf16(&name16, name);
	in.name = wire_reader(name16.data, name16.length);
	fscc_rename_put(&w, FileRenameInformation, &in);
	status = torture_set(tree, id, FileRenameInformation, w.data, w.length);
	talloc_free(tmp);
	return status;
}

NTSTATUS torture_set_eof(struct cli_tree *tree, struct smb2_file_id id,
			 uint64_t size)
{
	uint8_t bytes[8];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	wire_put_u64(&w, size);
	return torture_set(tree, id, FileEndOfFileInformation, bytes,
			   sizeof(bytes));
}

/* --- directories ---------------------------------------------------------- */

static bool give_entries(struct torture *t, struct wire_reader list,
			 enum file_information_class cls, torture_dir_fn *fn,
			 void *private_data)
{
	for (;;) {
		struct fscc_dir_entry_read e;
		NTSTATUS status = fscc_dir_next(&list, cls, &e);
		char *name = NULL;
		bool more;

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			return true;
		}
		OK(status);
		OK(utf16_to_utf8(t->mem, e.name.data, e.name.length, &name));
		more = fn(private_data, name, &e.e);
		talloc_free(name);
		if (!more) {
			return false;
		}
	}
}

NTSTATUS torture_list_dir(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, const char *pattern,
			  enum file_information_class cls, uint32_t buffer,
			  torture_dir_fn *fn, void *private_data)
{
	struct smb2_query_directory_request in = {
		.info_class = (uint8_t)cls,
		.id = id,
		.output_buffer_length = buffer,
	};

	for (;;) {
		TALLOC_CTX *tmp = talloc_new(t->mem);
		struct wire_reader list;
		NTSTATUS status =
			cli_query_directory(tmp, tree, pattern, &in, &list);

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			talloc_free(tmp);
			return NT_STATUS_OK;
		}
		if (!NT_STATUS_IS_OK(status) ||
		    !give_entries(t, list, cls, fn, private_data)) {
			talloc_free(tmp);
			return status;
		}
		talloc_free(tmp);
	}
}
