/* smb2/tests/fscc_dir_fuzz.c - a directory listing; the first byte is the
 * class. */
#include "smb2/tests/fuzz_util.h"

#include "smb2/fscc_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fscc_dir_entry_read e;
	enum file_information_class cls;
	struct wire_reader list;

	if (size == 0) {
		return 0;
	}
	cls = (enum file_information_class)data[0];
	if (fscc_dir_fixed_size(cls) == 0) {
		return 0;
	}
	list = wire_reader(data + 1, size - 1);
	while (NT_STATUS_IS_OK(fscc_dir_next(&list, cls, &e))) {
		touch(e.name);
		touch(e.short_name);
	}
	return 0;
}
