/* torture/quota.c - quotas ([MS-SMB2] 3.3.5.20.4, 3.3.5.21.4).  Where the
 * server keeps none, that is what it has to say. */
#include "smb2/quota.h"

#include <string.h>

#include "lib/sd.h"
#include "torture/features.h"
#include "torture/util.h"

static struct smb2_file_id open_file(struct torture *t, struct cli_tree *tree)
{
	return torture_open(t, tree, torture_file(t, tree, "file", "text"),
			    TORTURE_ALL, FILE_OPEN, 0);
}

static NTSTATUS query(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, const void *data, size_t length,
		      uint32_t max, struct wire_reader *out)
{
	const struct smb2_query_info_request in = {
		.info_type = SMB2_0_INFO_QUOTA,
		.output_buffer_length = max,
		.id = id,
		.input = wire_reader(data, length),
	};

	return cli_query_info(t->mem, tree, &in, out);
}

static NTSTATUS set(struct cli_tree *tree, struct smb2_file_id id,
		    const void *data, size_t length)
{
	const struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_QUOTA,
		.id = id,
		.buffer = wire_reader(data, length),
	};

	return cli_set_info(tree, &in);
}

/* Who owns what the user makes. */
static struct sid own_sid(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id)
{
	const struct smb2_query_info_request in = {
		.info_type = SMB2_0_INFO_SECURITY,
		.additional_information = OWNER_SECURITY_INFORMATION,
		.output_buffer_length = 4096,
		.id = id,
	};
	struct security_descriptor sd = {0};
	struct wire_reader out;
	struct blob data;

	OK(cli_query_info(t->mem, tree, &in, &out));
	data = (struct blob){.data = (uint8_t *)(uintptr_t)out.data,
			     .length = out.length};
	OK(sd_decode(t->mem, data, &sd));
	CHECK(sd.has_owner);
	return sd.owner;
}

static size_t put_query(uint8_t *data, size_t room, const struct sid *sids,
			size_t count, bool single)
{
	static uint8_t names[1024];
	struct wire_writer n = wire_writer_fixed(names, sizeof(names));
	struct wire_writer w = wire_writer_fixed(data, room);
	struct fscc_list l = fscc_list(&n, FSCC_GET_QUOTA_ALIGN);
	struct smb2_query_quota in = {.return_single = single,
				      .restart_scan = true};

	for (size_t i = 0; i < count; i++) {
		fscc_get_quota_put(&l, &sids[i]);
	}
	in.sid_list = wire_reader(names, n.length);
	smb2_query_quota_put(&w, &in);
	return w.length;
}

/* The own quota, by SID. */
static void own(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	const struct sid sid = own_sid(t, tree, id);
	uint8_t data[256];
	size_t length = put_query(data, sizeof(data), &sid, 1, true);
	struct fscc_quota q = {0};
	struct wire_reader out;
	NTSTATUS status = query(t, tree, id, data, length, 4096, &out);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("no quotas");
	}
	OK(status);
	OK(fscc_quota_next(&out, &q));
	CHECK(sid_equal(&q.sid, &sid));
	CHECK(q.used < INT64_MAX);
	STATUS(fscc_quota_next(&out, &q), NO_MORE_FILES);
	STATUS(query(t, tree, id, data, length, 0, &out), BUFFER_TOO_SMALL);
	STATUS(query(t, tree, id, data, length, 40, &out), BUFFER_TOO_SMALL);
}

/* Those of others are for who manages the volume. */
static void of_others(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	const struct sid sids[2] = {own_sid(t, tree, id), sid_unix_user(0)};
	const struct fscc_quota in = {.threshold = SMB2_QUOTA_NO_LIMIT,
				      .limit = SMB2_QUOTA_NO_LIMIT,
				      .sid = sids[0]};
	uint8_t data[256];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct fscc_list l = fscc_list(&w, FSCC_QUOTA_ALIGN);
	size_t length = put_query(data, sizeof(data), sids, 2, false);
	struct wire_reader out;
	NTSTATUS status = query(t, tree, id, data, length, 4096, &out);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("no quotas");
	}
	if (NT_STATUS_IS_OK(status)) {
		torture_skip("the user manages the volume");
	}
	STATUS(status, ACCESS_DENIED);
	length = put_query(data, sizeof(data), NULL, 0, false);
	STATUS(query(t, tree, id, data, length, 4096, &out), ACCESS_DENIED);
	fscc_quota_put(&l, &in);
	STATUS(set(tree, id, data, w.length), ACCESS_DENIED);
}

#define SOMEBODY 54321 /* who owns nothing */

static NTSTATUS set_limit(struct cli_tree *tree, struct smb2_file_id id,
			  uint64_t threshold, uint64_t limit)
{
	const struct fscc_quota in = {.threshold = threshold,
				      .limit = limit,
				      .sid = sid_unix_user(SOMEBODY)};
	uint8_t data[128];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct fscc_list l = fscc_list(&w, FSCC_QUOTA_ALIGN);

	fscc_quota_put(&l, &in);
	return set(tree, id, data, w.length);
}

/* Set, asked for, deleted, and then not there any more. */
static void set_and_delete(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	const struct sid sid = sid_unix_user(SOMEBODY);
	uint8_t data[256];
	size_t length = put_query(data, sizeof(data), &sid, 1, true);
	struct fscc_quota q = {0};
	struct wire_reader out;
	NTSTATUS status = set_limit(tree, id, 1 << 20, 2 << 20);

	if (!NT_STATUS_IS_OK(status)) {
		STATUS_IN(status, NT_STATUS(NOT_SUPPORTED),
			  NT_STATUS(ACCESS_DENIED));
		torture_skip("the user may not set quotas, or there are none");
	}
	OK(query(t, tree, id, data, length, 4096, &out));
	OK(fscc_quota_next(&out, &q));
	EQUAL(q.threshold, 1 << 20);
	EQUAL(q.limit, 2 << 20);
	EQUAL(q.used, 0);
	OK(set_limit(tree, id, SMB2_QUOTA_NO_LIMIT, SMB2_QUOTA_DELETE));
	STATUS(set_limit(tree, id, SMB2_QUOTA_NO_LIMIT, SMB2_QUOTA_DELETE),
	       NO_MATCH);
	STATUS(set_limit(tree, id, 0, (uint64_t)INT64_MAX + 1),
	       INVALID_PARAMETER);
}

/* The whole list, an entry at a time. */
static void enumerate(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	uint8_t data[16];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct smb2_query_quota in = {.return_single = true,
				      .restart_scan = true};
	unsigned int count = 0;
	struct fscc_quota q;
	struct wire_reader out;
	NTSTATUS status;

	smb2_query_quota_put(&w, &in);
	status = query(t, tree, id, data, sizeof(data), 4096, &out);
	if (NT_STATUS_IS(status, NOT_SUPPORTED) ||
	    NT_STATUS_IS(status, ACCESS_DENIED)) {
		torture_skip("no quotas, or not for this user");
	}
	data[1] = 0; /* RestartScan */
	for (; NT_STATUS_IS_OK(status); count++) {
		OK(fscc_quota_next(&out, &q));
		STATUS(fscc_quota_next(&out, &q), NO_MORE_FILES);
		status = query(t, tree, id, data, sizeof(data), 4096, &out);
	}
	STATUS(status, NO_MORE_ENTRIES);
	CHECK(count > 0);
}

/* A query cut anywhere, and with every field wrong. */
static void query_malformed(struct torture *t)
{
	static const uint32_t wrong[] = {1,	     3,		 5,
					 0x7fffffff, 0xfffffffc, 0xffffffff};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	const struct sid sid = sid_unix_user(1);
	uint8_t data[256];
	size_t length = put_query(data, sizeof(data), &sid, 1, false);
	struct wire_reader out;

	for (size_t n = 0; n < length; n++) {
		torture_note("%zu bytes", n);
		STATUS(query(t, tree, id, data, n, 4096, &out),
		       INVALID_PARAMETER);
	}
	/* SidListLength, StartSidLength with its offset, and in the list
	 * NextEntryOffset, SidLength */
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		static const size_t at[] = {4, 16, 20};

		for (size_t n = 0; n < COUNT_OF(at); n++) {
			uint8_t spoilt[256];
			struct wire_writer w =
				wire_writer_fixed(spoilt, sizeof(spoilt));

			wire_put_bytes(&w, data, length);
			wire_patch_u32(&w, at[n], wrong[i]);
			if (at[n] == 20 && wrong[i] == 0x7fffffff) {
				continue;
			}
			torture_note("%x at %zu", wrong[i], at[n]);
			STATUS(query(t, tree, id, spoilt, length, 4096, &out),
			       INVALID_PARAMETER);
		}
	}
	memset(data, 0, 16);
	data[8] = 16; /* StartSidLength */
	memset(data + 12, 0xff, 4);
	STATUS(query(t, tree, id, data, length, 4096, &out), INVALID_PARAMETER);
	torture_is_alive(cli_tree_conn(tree));
}

static void set_malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree);
	const struct fscc_quota in = {.limit = 1, .sid = sid_unix_user(1)};
	uint8_t data[256];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct fscc_list l = fscc_list(&w, FSCC_QUOTA_ALIGN);

	fscc_quota_put(&l, &in);
	for (size_t n = 0; n < w.length; n++) {
		torture_note("%zu bytes", n);
		STATUS(set(tree, id, data, n), INVALID_PARAMETER);
	}
	data[0] = 4; /* NextEntryOffset */
	STATUS(set(tree, id, data, w.length), INVALID_PARAMETER);
	memset(data, 0xff, 8);
	STATUS(set(tree, id, data, w.length), INVALID_PARAMETER);
	torture_is_alive(cli_tree_conn(tree));
}

/* The list of quotas has a name. */
static void list_file(struct torture *t)
{
	static const char name[] = "$Extend\\$Quota:$Q:$INDEX_ALLOCATION";
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct fscc_basic basic = {0};
	struct wire_reader out;

	OK(torture_query(t, tree, id, FileBasicInformation, 40, &out));
	OK(fscc_basic_decode(out, &basic));
	CHECK((basic.file_attributes & FILE_ATTRIBUTE_SYSTEM) != 0);
	OK(cli_close(tree, id));
	STATUS(torture_try_open(t, tree, name, FILE_READ_DATA, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
}

const struct torture_test torture_quota_tests[] = {
	{"quota.own", "[MS-SMB2] 3.3.5.20.4", own, 0},
	{"quota.of_others", "[MS-SMB2] 3.3.5.21.4: ACCESS_DENIED", of_others,
	 0},
	{"quota.set_and_delete", "[MS-FSA] 2.1.5.22: NO_MATCH", set_and_delete,
	 0},
	{"quota.enumerate", "[MS-FSA] 2.1.5.21: NO_MORE_ENTRIES", enumerate, 0},
	{"quota.query_malformed", "[MS-SMB2] 2.2.37.1: INVALID_PARAMETER",
	 query_malformed, 0},
	{"quota.set_malformed", "[MS-FSCC] 2.4.41: INVALID_PARAMETER",
	 set_malformed, 0},
	{"quota.list_file", "[MS-FSA] 2.1.5.21 <198>", list_file, 0},
	{NULL, NULL, NULL, 0},
};
