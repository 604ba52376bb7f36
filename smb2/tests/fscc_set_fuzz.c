/* smb2/tests/fscc_set_fuzz.c - buffers of SET_INFO (and of CREATE's ExtA). */
#include "smb2/tests/fuzz_util.h"

#include <string.h>

#include "smb2/copychunk.h"
#include "smb2/fscc_file.h"
#include "smb2/fscc_fs.h"
#include "smb2/fscc_list.h"
#include "smb2/network_interface.h"
#include "smb2/quota.h"

static void file_info(struct wire_reader r)
{
	static const enum file_information_class renames[] = {
		FileRenameInformation, FileRenameInformationEx,
		FileLinkInformation};
	struct fscc_basic basic;
	struct fscc_stat_lx lx;
	struct fscc_all all;
	struct fscc_rename rename;
	struct fscc_pipe_local pipe;
	struct wire_reader name;

	(void)!NT_STATUS_IS_OK(fscc_basic_decode(r, &basic));
	(void)!NT_STATUS_IS_OK(fscc_stat_lx_decode(r, &lx));
	if (NT_STATUS_IS_OK(fscc_name_decode(r, &name))) {
		touch(name);
	}
	(void)!NT_STATUS_IS_OK(fscc_pipe_local_decode(r, &pipe));
	if (NT_STATUS_IS_OK(fscc_all_decode(r, &all, &name))) {
		touch(name);
	}
	for (size_t i = 0; i < 3; i++) {
		if (NT_STATUS_IS_OK(
			    fscc_rename_decode(r, renames[i], &rename))) {
			touch(rename.name);
		}
	}
}

static void fs_info(struct wire_reader r)
{
	struct fscc_fs_volume volume;
	struct fscc_fs_attribute attribute;
	struct fscc_fs_control control;
	struct wire_reader name;

	(void)!NT_STATUS_IS_OK(fscc_fs_control_decode(r, &control));
	if (NT_STATUS_IS_OK(fscc_fs_volume_decode(r, &volume, &name))) {
		touch(name);
	}
	if (NT_STATUS_IS_OK(fscc_fs_attribute_decode(r, &attribute, &name))) {
		touch(name);
	}
	if (NT_STATUS_IS_OK(fscc_fs_label_decode(r, &name))) {
		touch(name);
	}
}

static void ea_list(struct wire_reader list)
{
	struct wire_reader names = list;
	struct fscc_ea ea;
	const char *name;

	while (NT_STATUS_IS_OK(fscc_ea_next(&list, &ea))) {
		touch(wire_reader(ea.name, strlen(ea.name) + 1));
		touch(ea.value);
	}
	while (NT_STATUS_IS_OK(fscc_get_ea_next(&names, &name))) {
		touch(wire_reader(name, strlen(name) + 1));
	}
}

static void other_lists(struct wire_reader list)
{
	struct wire_reader streams = list;
	struct fscc_stream stream;
	struct wire_reader name;
	uint32_t action;

	while (NT_STATUS_IS_OK(fscc_notify_next(&list, &action, &name))) {
		touch(name);
	}
	while (NT_STATUS_IS_OK(fscc_stream_next(&streams, &stream, &name))) {
		touch(name);
	}
}

static void quotas(struct wire_reader r)
{
	struct wire_reader sids = r, list = r;
	struct smb2_query_quota q;
	struct smb2_network_interface interface;
	struct fscc_quota quota;
	struct sid sid;

	if (NT_STATUS_IS_OK(smb2_query_quota_decode(r, &q))) {
		sids = q.sid_list;
	}
	while (NT_STATUS_IS_OK(fscc_get_quota_next(&sids, &sid))) {
		touch(wire_reader(&sid, sizeof(sid)));
	}
	while (NT_STATUS_IS_OK(fscc_quota_next(&list, &quota))) {
		touch(wire_reader(&quota, sizeof(quota)));
	}
	while (NT_STATUS_IS_OK(smb2_network_interface_next(&r, &interface))) {
		touch(wire_reader(&interface, sizeof(interface)));
	}
}

static void copychunk(struct wire_reader r)
{
	struct smb2_copychunk_copy copy;
	struct smb2_copychunk chunk;

	if (!NT_STATUS_IS_OK(smb2_copychunk_copy_decode(r, &copy))) {
		return;
	}
	touch(wire_reader(copy.source_key, sizeof(copy.source_key)));
	while (NT_STATUS_IS_OK(smb2_copychunk_next(&copy.chunks, &chunk))) {
		touch(wire_reader(&chunk, sizeof(chunk.length)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);

	file_info(r);
	fs_info(r);
	ea_list(r);
	other_lists(r);
	quotas(r);
	copychunk(r);
	return 0;
}
