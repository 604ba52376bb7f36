/* smb2/tests/negotiate_contexts_fuzz.c - the first byte is the count. */
#include "smb2/tests/fuzz_util.h"

#include "smb2/negotiate_contexts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smb2_negotiate_contexts c;

	if (size > 0 &&
	    NT_STATUS_IS_OK(smb2_negotiate_contexts_decode(
		    wire_reader(data + 1, size - 1), data[0], &c))) {
		touch(c.preauth.salt);
		touch(c.netname.name);
	}
	return 0;
}
