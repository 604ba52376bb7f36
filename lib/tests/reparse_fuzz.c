/* lib/tests/reparse_fuzz.c - any bytes as a reparse buffer; what is read and
 * written again is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/reparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void try_symlink(TALLOC_CTX *mem_ctx, struct blob data)
{
	struct reparse_symlink a;
	struct reparse_symlink b;
	struct reparse r;
	struct blob again;

	if (!NT_STATUS_IS_OK(reparse_symlink_decode(mem_ctx, data, &a)) ||
	    !NT_STATUS_IS_OK(reparse_symlink_encode(mem_ctx, &a, &again))) {
		return;
	}
	check(NT_STATUS_IS_OK(reparse_decode(again, &r)));
	check(r.tag == IO_REPARSE_TAG_SYMLINK);
	check(NT_STATUS_IS_OK(reparse_symlink_decode(mem_ctx, r.data, &b)));
	check(strcmp(a.substitute, b.substitute) == 0);
	check(strcmp(a.print, b.print) == 0 && a.relative == b.relative);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	const struct blob in = {(uint8_t *)(uintptr_t)data, size};
	struct reparse r;
	struct blob again;

	if (NT_STATUS_IS_OK(reparse_decode(in, &r))) {
		check(NT_STATUS_IS_OK(reparse_encode(mem_ctx, &r, &again)));
		check(again.length == size && memcmp(again.data, data, 6) == 0);
		check(memcmp(again.data + 8, data + 8, size - 8) == 0);
		try_symlink(mem_ctx, r.data);
		if (!NT_STATUS_IS_OK(reparse_mount_point_check(r.data))) {
			talloc_free(mem_ctx);
			return 0;
		}
	}
	try_symlink(mem_ctx, in);
	talloc_free(mem_ctx);
	return 0;
}
