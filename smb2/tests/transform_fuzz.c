/* smb2/tests/transform_fuzz.c - encrypted frames, with every cipher. */
#include "smb2/tests/fuzz_util.h"

#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"
#include "smb2/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[32] = {1};
	struct smb2_transform_header h;
	uint8_t *frame;

	if (!NT_STATUS_IS_OK(
		    smb2_transform_decode(wire_reader(data, size), &h))) {
		return 0;
	}
	frame = malloc(size);
	ASSERT(frame != NULL);
	for (int c = SMB2_ENCRYPTION_AES128_CCM;
	     c <= SMB2_ENCRYPTION_AES256_GCM; c++) {
		struct smb2_sealer *s;
		struct wire_reader plain;

		memcpy(frame, data, size);
		ASSERT(NT_STATUS_IS_OK(
			smb2_sealer_new(NULL, (enum smb2_cipher)c, key, &s)));
		if (NT_STATUS_IS_OK(smb2_decrypt(s, frame, size, &plain))) {
			touch(plain);
		}
		talloc_free(s);
	}
	free(frame);
	return 0;
}
