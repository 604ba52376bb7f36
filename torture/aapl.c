/* torture/aapl.c - what macOS agrees on with a server: the create context AAPL,
 * directory entries that carry more, full syncs (smb2/aapl.h). */
#include "smb2/aapl.h"

#include <string.h>

#include "lib/sd.h"
#include "smb2/copychunk.h"
#include "smb2/flush.h"
#include "torture/features.h"
#include "torture/util.h"

#define EVERYTHING (AAPL_SERVER_CAPS | AAPL_VOLUME_CAPS | AAPL_MODEL_INFO)
#define CLIENT_CAPS                                                            \
	(AAPL_SUPPORTS_READ_DIR_ATTR | AAPL_UNIX_BASED | AAPL_SUPPORTS_NFS_ACE)

static const struct aapl_request query = {.command = AAPL_SERVER_QUERY,
					  .bitmap = EVERYTHING,
					  .client_caps = CLIENT_CAPS};

/* --- asking --------------------------------------------------------------- */

/* Opens the share's root with this data in the context. */
static NTSTATUS create_with(struct torture *t, struct cli_tree *tree,
			    struct wire_reader data,
			    struct smb2_create_response *out)
{
	const struct smb2_create_request in = torture_request(
		FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_DIRECTORY_FILE);
	const struct smb2_create_request_contexts contexts = {
		.present = 1u << SMB2_CREATE_AAPL |
			   1u << SMB2_CREATE_QUERY_ON_DISK_ID,
		.aapl = data,
	};
	NTSTATUS status = cli_create(t->mem, tree, "", &in, &contexts, out);

	if (NT_STATUS_IS_OK(status)) {
		OK(cli_close(tree, out->id));
	}
	return status;
}

static struct smb2_create_response_contexts ask(struct torture *t,
						struct cli_tree *tree,
						const struct aapl_request *in)
{
	struct smb2_create_response_contexts contexts;
	struct smb2_create_response out;
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	aapl_request_put(&w, in);
	OK(create_with(t, tree, wire_reader(bytes, w.length), &out));
	OK(smb2_create_response_contexts_decode(out.contexts, &contexts));
	return contexts;
}

static struct aapl_response negotiate(struct torture *t, struct cli_tree *tree,
				      const struct aapl_request *in)
{
	struct smb2_create_response_contexts contexts = ask(t, tree, in);
	struct aapl_response out;

	if ((contexts.present & 1u << SMB2_CREATE_AAPL) == 0) {
		torture_skip("this server does not answer");
	}
	OK(aapl_response_decode(contexts.aapl, &out));
	EQUAL(out.command, in->command);
	return out;
}

/* --- negotiation ---------------------------------------------------------- */

static void server_query(struct torture *t)
{
	struct aapl_response r = negotiate(t, torture_tree(t), &query);

	EQUAL(r.bitmap, EVERYTHING);
	CHECK((r.server_caps & AAPL_SUPPORTS_READ_DIR_ATTR) != 0);
	CHECK((r.server_caps & AAPL_UNIX_BASED) != 0);
	CHECK((r.volume_caps & AAPL_CASE_SENSITIVE) == 0);
	CHECK(r.text.length > 0);
}

/* What was not asked for is not there, bits that nobody knows neither. */
static void bitmap(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct aapl_request in = query;

	in.bitmap = AAPL_VOLUME_CAPS | 1ull << 40;
	EQUAL(negotiate(t, tree, &in).bitmap, AAPL_VOLUME_CAPS);
	in.bitmap = 0;
	EQUAL(negotiate(t, tree, &in).bitmap, 0);
	in.bitmap = UINT64_MAX;
	EQUAL(negotiate(t, tree, &in).bitmap, EVERYTHING);
	in.bitmap = AAPL_SERVER_CAPS;
	in.client_caps = 0;
	CHECK((negotiate(t, tree, &in).server_caps &
	       AAPL_SUPPORTS_READ_DIR_ATTR) == 0);
}

/* Every size but the right one, and commands that there are not. */
static void malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_response out;
	uint8_t bytes[32] = {0};

	(void)negotiate(t, tree, &query);
	for (unsigned int command = 0; command < 4; command++) {
		bytes[0] = (uint8_t)command;
		for (size_t n = 0; n <= sizeof(bytes); n++) {
			if ((command == AAPL_SERVER_QUERY && n == 24) ||
			    (command == AAPL_RESOLVE_ID && n == 16)) {
				continue;
			}
			STATUS(create_with(t, tree, wire_reader(bytes, n),
					   &out),
			       INVALID_PARAMETER);
		}
	}
}

/* --- modes ---------------------------------------------------------------- */

static struct security_descriptor get_dacl(struct torture *t,
					   struct cli_tree *tree,
					   struct smb2_file_id id)
{
	const struct smb2_query_info_request in = {
		.info_type = SMB2_0_INFO_SECURITY,
		.output_buffer_length = 4096,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = id,
	};
	struct security_descriptor sd;
	struct wire_reader out;
	struct blob copy;

	OK(cli_query_info(t->mem, tree, &in, &out));
	copy.length = out.length;
	copy.data = talloc_memdup(t->mem, out.data, out.length);
	OK(sd_decode(t->mem, copy, &sd));
	CHECK(sd.has_dacl);
	return sd;
}

static NTSTATUS set_dacl(struct torture *t, struct cli_tree *tree,
			 struct smb2_file_id id,
			 const struct security_descriptor *sd)
{
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_SECURITY,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = id,
	};
	struct blob bytes;

	OK(sd_encode(t->mem, sd, &bytes));
	in.buffer = wire_reader(bytes.data, bytes.length);
	return cli_set_info(tree, &in);
}

/* S-1-5-88-3-MODE, or NULL. */
static struct ace *find_mode(const struct security_descriptor *sd)
{
	for (uint32_t i = 0; i < sd->dacl.count; i++) {
		struct ace *a = &sd->dacl.aces[i];

		if (a->sid.num_auths == 3 && a->sid.sub_auths[0] == 88 &&
		    a->sid.sub_auths[1] == 3) {
			return a;
		}
	}
	return NULL;
}

/* By what macOS sends with NFS_ACE. */
static void set_mode(struct torture *t, const char *name, uint32_t mode)
{
	struct cli_tree *mac = torture_tree(t);
	struct security_descriptor sd;
	struct smb2_file_id id;

	if ((negotiate(t, mac, &query).server_caps & AAPL_SUPPORTS_NFS_ACE) ==
	    0) {
		torture_skip("this server has no modes in DACLs");
	}
	id = torture_open(t, mac, name, READ_CONTROL | WRITE_DAC, FILE_OPEN, 0);
	sd = get_dacl(t, mac, id);
	CHECK(find_mode(&sd) != NULL);
	find_mode(&sd)->sid.sub_auths[2] = 040000 | mode;
	OK(set_dacl(t, mac, id, &sd));
	OK(cli_close(mac, id));
}

/* --- names of ids --------------------------------------------------------- */

/* On a connection that has not said that it is macOS: the file's real id. */
static uint64_t id_of(struct torture *t, struct cli_tree *tree,
		      const char *name)
{
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct wire_reader out;
	uint64_t inode;

	OK(torture_query(t, tree, id, FileInternalInformation, 8, &out));
	inode = wire_u64(&out);
	OK(cli_close(tree, id));
	CHECK(inode != 0);
	return inode;
}

static NTSTATUS resolve(struct torture *t, struct cli_tree *tree, uint64_t id,
			const char **out_path)
{
	const struct aapl_request in = {.command = AAPL_RESOLVE_ID,
					.file_id = id};
	struct aapl_response r = negotiate(t, tree, &in);
	char *path = NULL;

	OK(utf16_to_utf8(t->mem, r.text.data, r.text.length, &path));
	CHECK(NT_STATUS_IS_OK(r.status) || r.text.length == 0);
	*out_path = path;
	return r.status;
}

static void resolves_to(struct torture *t, struct cli_tree *tree, uint64_t id,
			const char *want)
{
	const char *path = "?";

	OK(resolve(t, tree, id, &path));
	if (strcmp(path, want) != 0) {
		FAIL("it is %s, not %s", path, want);
	}
}

static void resolves_to_nothing(struct torture *t, struct cli_tree *tree,
				uint64_t id)
{
	const char *path = "?";

	STATUS(resolve(t, tree, id, &path), NOT_FOUND);
}

/* A connection of macOS; skips the test where nothing can be found. */
static struct cli_tree *resolver(struct torture *t, uint64_t root)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = "?";
	NTSTATUS status = resolve(t, tree, root, &path);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("this volume cannot");
	}
	OK(status);
	EQUAL(strlen(path), 0);
	(void)negotiate(t, tree, &query);
	return tree;
}

static void resolve_id(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_tree *mac = resolver(t, id_of(t, tree, ""));
	const char *file = torture_file(t, tree, "some file", "data");
	const char *dir = torture_mkdir(t, tree, "f\xc3\xb6lder");
	const char *inner = talloc_asprintf(t->mem, "%s\\inner", dir);
	const char *moved = torture_path(t, tree, "moved");
	uint64_t id = id_of(t, tree, file);
	struct smb2_file_id h;

	resolves_to(t, mac, id, file);
	resolves_to(t, mac, id_of(t, tree, dir), dir);
	h = torture_open(t, tree, inner, TORTURE_ALL, FILE_CREATE, 0);
	OK(cli_close(tree, h));
	resolves_to(t, mac, id_of(t, tree, inner), inner);
	h = torture_open(t, tree, file, TORTURE_ALL, FILE_OPEN, 0);
	OK(torture_rename(tree, h, moved, false));
	resolves_to(t, mac, id, moved);
	OK(torture_set_delete(tree, h, true));
	OK(cli_close(tree, h));
	resolves_to_nothing(t, mac, id);
}

/* Of no file, of one that is none of clients', of another file system. */
static void resolve_id_of_nothing(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	static const uint64_t ids[] = {
		0,	   UINT32_MAX - 1, UINT32_MAX,	   1ull << 32,
		INT64_MAX, 1ull << 63,	   UINT64_MAX - 5, UINT64_MAX};
	uint64_t root = id_of(t, tree, "");
	struct cli_tree *mac = resolver(t, root);

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		if (ids[i] != root) {
			resolves_to_nothing(t, mac, ids[i]);
		}
	}
	/* Only the lower half is the same. */
	resolves_to_nothing(t, mac, root + (1ull << 32));
	resolves_to(t, mac, root, "");
}

/* A name is told to those alone who could have seen it. */
static void resolve_id_of_others(struct torture *t)
{
	struct cli_session_options login = torture_login(t);
	struct cli_tree *tree = torture_tree(t), *other;
	struct cli_session *session;
	struct cli_tree *mac = resolver(t, id_of(t, tree, ""));
	const char *dir = torture_mkdir(t, tree, "private");
	const char *file = talloc_asprintf(t->mem, "%s\\secret", dir);
	struct smb2_file_id h =
		torture_open(t, tree, file, TORTURE_ALL, FILE_CREATE, 0);
	uint64_t id;

	if (t->options->user2 == NULL ||
	    strcmp(t->options->user2, t->options->user) == 0) {
		torture_skip("needs --user2");
	}
	OK(cli_close(tree, h));
	id = id_of(t, tree, file);
	login.user = t->options->user2;
	login.password = t->options->password2;
	OK(cli_session_setup(torture_negotiated(t), &login, &session));
	other = torture_tree_on(t, session);
	resolves_to(t, other, id, file);
	/* Not to enter or list; to enter; to list. */
	set_mode(t, dir, 0700);
	resolves_to_nothing(t, other, id);
	set_mode(t, dir, 0711);
	resolves_to_nothing(t, other, id);
	resolves_to(t, mac, id, file);
	set_mode(t, dir, 0744);
	if (NT_STATUS_IS_OK(torture_try_open(
		    t, other, file, FILE_READ_ATTRIBUTES, FILE_OPEN, 0))) {
		/* Who may list may enter where descriptors decide. */
		resolves_to(t, other, id, file);
	} else {
		resolves_to_nothing(t, other, id);
	}
	set_mode(t, dir, 0755);
	resolves_to(t, other, id, file);
}

/* An answer with a path that is longer than all others. */
static void resolve_id_far_down(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_tree *mac = resolver(t, id_of(t, tree, ""));
	const char *dir = torture_mkdir(t, tree, "deep");
	char leaf[201] = {0};
	struct smb2_file_id h;

	memset(leaf, 'x', sizeof(leaf) - 1);
	for (int i = 0; i < 15; i++) {
		dir = talloc_asprintf(t->mem, "%s\\%s", dir, leaf);
		h = torture_open(t, tree, dir, TORTURE_ALL, FILE_CREATE,
				 FILE_DIRECTORY_FILE);
		OK(cli_close(tree, h));
	}
	resolves_to(t, mac, id_of(t, tree, dir), dir);
}

/* On a tree of its own connection. */
static void check_shown(struct torture *t, struct cli_tree *plain,
			struct cli_tree *tree)
{
	uint64_t root = id_of(t, plain, "");
	struct aapl_response r = negotiate(t, tree, &query);
	const char *path = "?";
	bool can = NT_STATUS_IS_OK(resolve(t, tree, root, &path));
	struct smb2_file_id id =
		torture_open(t, tree, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct wire_reader out;
	bool told;

	OK(torture_query(t, tree, id, FileInternalInformation, 8, &out));
	told = wire_u64(&out) == root;
	EQUAL((r.volume_caps & AAPL_SUPPORT_RESOLVE_ID) != 0, told && can);
}

/* Whom no ids are told is not told that he may ask for them. */
static void resolve_id_shown(struct torture *t)
{
	const char *share = t->options->time_machine_share;
	struct cli_tree *plain, *tree;

	check_shown(t, torture_tree(t), torture_tree(t));
	if (share == NULL) {
		return;
	}
	OK(cli_tree_connect(torture_session(t), share, &plain));
	OK(cli_tree_connect(torture_session(t), share, &tree));
	check_shown(t, plain, tree);
}

static void time_machine(struct torture *t)
{
	struct cli_session *session = torture_session(t);
	struct cli_tree *tree = NULL;

	if (t->options->time_machine_share == NULL) {
		torture_skip("needs --time-machine-share");
	}
	OK(cli_tree_connect(session, t->options->time_machine_share, &tree));
	CHECK((negotiate(t, tree, &query).volume_caps &
	       AAPL_SUPPORTS_FULL_SYNC) != 0);
	tree = torture_tree_on(t, session);
	CHECK((negotiate(t, tree, &query).volume_caps &
	       AAPL_SUPPORTS_FULL_SYNC) == 0);
}

/* --- directory entries ---------------------------------------------------- */

struct entry {
	struct fscc_dir_entry e;
	struct aapl_dir_info info;
	size_t short_name_length;
};

static struct entry look_up(struct torture *t, struct cli_tree *tree,
			    const char *leaf, enum file_information_class cls)
{
	struct smb2_file_id dir =
		torture_open(t, tree, torture_dir(t, tree), FILE_GENERIC_READ,
			     FILE_OPEN, FILE_DIRECTORY_FILE);
	const struct smb2_query_directory_request in = {
		.info_class = (uint8_t)cls,
		.id = dir,
		.output_buffer_length = 4096,
	};
	struct wire_reader list;
	struct fscc_dir_entry_read read;
	struct entry out = {0};

	OK(cli_query_directory(t->mem, tree, leaf, &in, &list));
	OK(fscc_dir_next(&list, cls, &read));
	OK(cli_close(tree, dir));
	out.e = read.e;
	out.short_name_length = read.short_name.length;
	if (read.apple.length > 0) {
		aapl_dir_info_load(read.apple.data, &out.info);
	}
	return out;
}

/* A file with 5 bytes of resource fork and Finder info. */
static void make_mac_file(struct torture *t, struct cli_tree *tree)
{
	const char *file = torture_file(t, tree, "mac", "data");
	uint8_t info[60] = "AFP\0\0\1\0\0\0\0\0\0\x80\0\0\0TEXTttxt\x12\x34";
	struct smb2_file_id id = torture_open(
		t, tree, talloc_asprintf(t->mem, "%s:AFP_AfpInfo", file),
		TORTURE_ALL, FILE_OPEN_IF, 0);

	memcpy(info + 16 + 20, "\x66\x77\x88\x99\xab\xcd", 6);
	OK(torture_write(tree, id, 0, info, sizeof(info)));
	OK(cli_close(tree, id));
	id = torture_open(t, tree,
			  talloc_asprintf(t->mem, "%s:AFP_Resource", file),
			  TORTURE_ALL, FILE_OPEN_IF, 0);
	OK(torture_write(tree, id, 0, "12345", 5));
	OK(cli_close(tree, id));
}

static void entries(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct entry e;

	(void)negotiate(t, tree, &query);
	make_mac_file(t, tree);
	(void)torture_file(t, tree, "plain", "");
	(void)torture_mkdir(t, tree, "folder");
	e = look_up(t, tree, "mac", FileIdBothDirectoryInformation);
	EQUAL(e.info.resource_fork_size, 5);
	CHECK(memcmp(e.info.finder_info,
		     "TEXTttxt\x12\x34\xab\xcd\x66\x77\x88\x99", 16) == 0);
	CHECK((e.e.ea_size & FILE_WRITE_DATA) != 0);
	CHECK((e.e.ea_size & DELETE_ACCESS) != 0);
	EQUAL(e.info.unix_mode & 0170000, 0100000);
	CHECK((e.info.unix_mode & 0400) != 0);
	e = look_up(t, tree, "plain", FileIdBothDirectoryInformation);
	EQUAL(e.info.resource_fork_size, 0);
	CHECK(memcmp(e.info.finder_info, (const uint8_t[16]){0}, 16) == 0);
	e = look_up(t, tree, "folder", FileIdBothDirectoryInformation);
	EQUAL(e.info.unix_mode & 0170000, 0040000);
	CHECK((e.e.ea_size & FILE_ADD_FILE) != 0);
}

/* Other classes stay what they are, and so does this one for who cannot. */
static void entries_of_others(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct aapl_request in = query;
	struct entry e;

	make_mac_file(t, tree);
	e = look_up(t, tree, "mac", FileIdBothDirectoryInformation);
	EQUAL(e.info.resource_fork_size, 0);
	CHECK(e.e.file_id != 0);
	in.client_caps = AAPL_UNIX_BASED;
	(void)negotiate(t, tree, &in);
	e = look_up(t, tree, "mac", FileIdBothDirectoryInformation);
	EQUAL(e.info.resource_fork_size, 0);
	EQUAL(e.info.unix_mode, 0);
	(void)negotiate(t, tree, &query);
	e = look_up(t, tree, "mac", FileBothDirectoryInformation);
	CHECK(e.short_name_length != 24);
}

/* Each connection negotiates for itself. */
static void per_connection(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);

	(void)negotiate(t, a, &query);
	make_mac_file(t, a);
	EQUAL(look_up(t, a, "mac", FileIdBothDirectoryInformation)
		      .info.resource_fork_size,
	      5);
	EQUAL(look_up(t, b, "mac", FileIdBothDirectoryInformation)
		      .info.resource_fork_size,
	      0);
}

/* Ids that may be used again are not told to who would believe in them. */
static void file_ids(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_response_contexts c;
	struct smb2_file_id id;
	struct wire_reader out;

	c = ask(t, tree, &query);
	if ((c.present & 1u << SMB2_CREATE_AAPL) == 0) {
		torture_skip("this server does not answer");
	}
	EQUAL(c.disk_file_id, 0);
	id = torture_open(t, tree, torture_file(t, tree, "f", ""),
			  FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	OK(torture_query(t, tree, id, FileInternalInformation, 8, &out));
	EQUAL(wire_u64(&out), 0);
	EQUAL(look_up(t, tree, "f", FileIdBothDirectoryInformation).e.file_id,
	      0);
}

/* --- whole copies --------------------------------------------------------- */

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code,
		      struct wire_reader input, struct smb2_ioctl_response *out)
{
	struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.input = input,
		.max_output_response = 64,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};

	return cli_ioctl(t->mem, tree, &in, out);
}

/* FSCTL_SRV_COPYCHUNK without chunks. */
static void copy_none(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id from, struct smb2_file_id to)
{
	struct smb2_ioctl_response out;
	uint8_t bytes[32] = {0};

	OK(fsctl(t, tree, from, FSCTL_SRV_REQUEST_RESUME_KEY,
		 wire_reader(NULL, 0), &out));
	CHECK(out.output.length >= SMB2_RESUME_KEY_SIZE);
	memcpy(bytes, out.output.data, SMB2_RESUME_KEY_SIZE);
	OK(fsctl(t, tree, to, FSCTL_SRV_COPYCHUNK,
		 wire_reader(bytes, sizeof(bytes)), &out));
}

static void copyfile(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct aapl_request in = query;
	const char *target = torture_file(t, tree, "copy", "longer than data");
	struct smb2_file_id from, to;

	make_mac_file(t, tree);
	from = torture_open(t, tree, torture_path(t, tree, "mac"),
			    FILE_GENERIC_READ, FILE_OPEN, 0);
	to = torture_open(t, tree, target, TORTURE_ALL, FILE_OPEN, 0);
	/* To others that is nothing. */
	copy_none(t, tree, from, to);
	torture_content_is(t, tree, target, "longer than data", 16);
	in.client_caps |= AAPL_SUPPORTS_OSX_COPYFILE;
	if ((negotiate(t, tree, &in).server_caps &
	     AAPL_SUPPORTS_OSX_COPYFILE) == 0) {
		torture_skip("this server does not");
	}
	copy_none(t, tree, from, to);
	torture_content_is(t, tree, target, "data", 4);
	torture_content_is(t, tree,
			   talloc_asprintf(t->mem, "%s:AFP_Resource", target),
			   "12345", 5);
	CHECK(memcmp(look_up(t, tree, "copy", FileIdBothDirectoryInformation)
			     .info.finder_info,
		     "TEXTttxt", 8) == 0);
}

static void modes_in_dacls(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "f", ""),
			     READ_CONTROL | WRITE_DAC, FILE_OPEN, 0);
	struct security_descriptor sd = get_dacl(t, tree, id);
	struct entry e;

	CHECK(find_mode(&sd) == NULL);
	if ((negotiate(t, tree, &query).server_caps & AAPL_SUPPORTS_NFS_ACE) ==
	    0) {
		torture_skip("this server does not");
	}
	sd = get_dacl(t, tree, id);
	CHECK(find_mode(&sd) != NULL);
	find_mode(&sd)->sid.sub_auths[2] = 0100610;
	OK(set_dacl(t, tree, id, &sd));
	e = look_up(t, tree, "f", FileIdBothDirectoryInformation);
	EQUAL(e.info.unix_mode, 0100610);
	/* Set as it is, it changes nothing, and is not stored. */
	sd = get_dacl(t, tree, id);
	EQUAL(find_mode(&sd)->sid.sub_auths[2], 0100610);
	OK(set_dacl(t, tree, id, &sd));
	EQUAL(get_dacl(t, tree, id).dacl.count, sd.dacl.count);
	/* No more than permissions. */
	find_mode(&sd)->sid.sub_auths[2] = UINT32_MAX;
	OK(set_dacl(t, tree, id, &sd));
	e = look_up(t, tree, "f", FileIdBothDirectoryInformation);
	EQUAL(e.info.unix_mode, 0100777);
}

/* --- F_FULLFSYNC ---------------------------------------------------------- */

static void full_sync(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "f", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);
	static const uint16_t reserved[] = {0, 1, SMB2_FLUSH_FULL};

	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		struct cli_message m = cli_flush_message(t->mem, tree, id);
		struct cli_reply reply;

		/* behind StructureSize, of 24 bytes */
		wire_patch_u16(&m.w, m.w.length - 22, reserved[i]);
		OK(cli_call(t->mem, cli_tree_conn(tree), &m, &reply));
		OK(reply.status);
	}
}

const struct torture_test torture_aapl_tests[] = {
	{"aapl.server_query", "smb2/aapl.h: the answer", server_query, 0},
	{"aapl.bitmap", "smb2/aapl.h: what was asked for", bitmap, 0},
	{"aapl.malformed", "smb2/aapl.h: INVALID_PARAMETER", malformed, 0},
	{"aapl.resolve_id", "smb2/aapl.h: RESOLVE_ID", resolve_id, 0},
	{"aapl.resolve_id_of_nothing", "smb2/aapl.h: ids that are none",
	 resolve_id_of_nothing, 0},
	{"aapl.resolve_id_of_others", "smb2/aapl.h: names are kept secret",
	 resolve_id_of_others, 0},
	{"aapl.resolve_id_far_down", "smb2/aapl.h: a long path",
	 resolve_id_far_down, 0},
	{"aapl.resolve_id_shown", "smb2/aapl.h: SUPPORT_RESOLVE_ID",
	 resolve_id_shown, 0},
	{"aapl.time_machine", "smb2/aapl.h: FULL_SYNC", time_machine, 0},
	{"aapl.entries", "smb2/aapl.h: READ_DIR_ATTR", entries, 0},
	{"aapl.entries_of_others", "smb2/aapl.h: READ_DIR_ATTR",
	 entries_of_others, 0},
	{"aapl.per_connection", "smb2/aapl.h: READ_DIR_ATTR", per_connection,
	 0},
	{"aapl.file_ids", "fruit:zero_file_id", file_ids, 0},
	{"aapl.copyfile", "smb2/aapl.h: OSX_COPYFILE", copyfile, 0},
	{"aapl.modes_in_dacls", "smb2/aapl.h: NFS_ACE", modes_in_dacls, 0},
	{"aapl.full_sync", "smb2/flush.h: SMB2_FLUSH_FULL", full_sync, 0},
	{NULL, NULL, NULL, 0},
};
