/* vfs_modules/posix/posix_acl.c - POSIX ACLs as the kernel reads and writes
 * them: a version, then entries of tag, permissions and id; users before groups
 * and each by rising id. */
#include "vfs_modules/posix/posix_acl.h"

#include <stdlib.h>
#include <string.h>

#include "lib/wire.h"

#define VERSION	  2
#define UNDEFINED 0xffffffffu
#define MAX_SIZE  65536

enum tag {
	USER_OBJ = 0x01,
	USER = 0x02,
	GROUP_OBJ = 0x04,
	GROUP = 0x08,
	MASK = 0x10,
	OTHER = 0x20
};

static int compare(const void *a, const void *b)
{
	const struct fsa_unix_entry *x = a;
	const struct fsa_unix_entry *y = b;

	if (x->group != y->group) {
		return x->group ? 1 : -1;
	}
	return (x->id > y->id) - (x->id < y->id);
}

static void put(struct wire_writer *w, enum tag tag, unsigned int rwx,
		uint32_t id)
{
	wire_put_u16(w, (uint16_t)tag);
	wire_put_u16(w, (uint16_t)(rwx & 7));
	wire_put_u32(w, id);
}

static void put_entries(struct wire_writer *w, const struct fsa_unix_entry *e,
			size_t count, bool groups)
{
	for (size_t i = 0; i < count; i++) {
		if (e[i].group == groups) {
			put(w, groups ? GROUP : USER, e[i].rwx, e[i].id);
		}
	}
}

NTSTATUS posix_acl_encode(TALLOC_CTX *mem_ctx, const struct fsa_unix_change *in,
			  struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, MAX_SIZE);
	struct fsa_unix_entry *sorted = talloc_memdup(
		mem_ctx, in->entries, in->num_entries * sizeof(*in->entries));
	unsigned int mask = in->mode >> 3 & 7;

	if (sorted == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	qsort(sorted, in->num_entries, sizeof(*sorted), compare);
	for (size_t i = 0; i < in->num_entries; i++) {
		mask |= sorted[i].rwx;
	}
	wire_put_u32(&w, VERSION);
	put(&w, USER_OBJ, in->mode >> 6, UNDEFINED);
	put_entries(&w, sorted, in->num_entries, false);
	put(&w, GROUP_OBJ, in->mode >> 3, UNDEFINED);
	put_entries(&w, sorted, in->num_entries, true);
	put(&w, MASK, mask, UNDEFINED);
	put(&w, OTHER, in->mode, UNDEFINED);
	talloc_free(sorted);
	return wire_finish(&w, out);
}
