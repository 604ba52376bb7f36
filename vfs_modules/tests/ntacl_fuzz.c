/* vfs_modules/tests/ntacl_fuzz.c - any bytes as security.NTACL; what is read
 * and written again is read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vfs_modules/posix/ntacl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_hash(const uint8_t *data, size_t size)
{
	struct ntacl_system sys = {
		.mode = 040755, .access = {(uint8_t *)(uintptr_t)data, size}};
	uint8_t hash[NTACL_HASH_SIZE];

	if (!NT_STATUS_IS_OK(ntacl_hash(&sys, hash))) {
		return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct blob in = {(uint8_t *)(uintptr_t)data, size};
	struct blob again;
	struct ntacl a;
	struct ntacl b;

	try_hash(data, size);
	if (NT_STATUS_IS_OK(ntacl_decode(mem_ctx, in, &a)) &&
	    NT_STATUS_IS_OK(ntacl_encode(mem_ctx, &a, 1, &again))) {
		if (!NT_STATUS_IS_OK(ntacl_decode(mem_ctx, again, &b)) ||
		    a.has_hash != b.has_hash ||
		    memcmp(a.hash, b.hash, sizeof(a.hash)) != 0) {
			abort();
		}
	}
	talloc_free(mem_ctx);
	return 0;
}
