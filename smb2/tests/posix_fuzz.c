/* smb2/tests/posix_fuzz.c - what a server says of files in POSIX terms: what
 * decodes encodes, and decodes to the same again. */
#include "smb2/tests/fuzz_util.h"

#include "lib/assert.h"
#include "smb2/posix.h"

static void again(const struct smb2_posix_info *in)
{
	uint8_t bytes[400];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_posix_info out;

	smb2_posix_info_put(&w, in);
	ASSERT(wire_writer_ok(&w));
	ASSERT(NT_STATUS_IS_OK(
		smb2_posix_info_decode(wire_reader(bytes, w.length), &out)));
	ASSERT(out.inode == in->inode);
	ASSERT(sid_equal(&out.file.group, &in->file.group));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader list = wire_reader(data, size);
	struct smb2_posix_info info;
	struct smb2_posix_fs fs;
	struct wire_reader name;

	if (NT_STATUS_IS_OK(smb2_posix_info_decode(list, &info))) {
		again(&info);
	}
	(void)smb2_posix_file_read(&list);
	list = wire_reader(data, size);
	while (NT_STATUS_IS_OK(smb2_posix_dir_next(&list, &info, &name))) {
		touch(name);
		again(&info);
	}
	if (NT_STATUS_IS_OK(
		    smb2_posix_fs_decode(wire_reader(data, size), &fs))) {
		ASSERT(size >= SMB2_POSIX_FS_SIZE);
	}
	return 0;
}
