/* fsa/driver_table.c - see driver_table.h. */
#include "fsa/driver_table.h"

#include <stddef.h>
#include <sys/stat.h>

/* --- what a driver may leave out ------------------------------------------ */

/* A node can do what it was opened for and all else. */
static NTSTATUS upgrade(struct fsa_node *n, uint32_t access)
{
	return NT_STATUS_OK;
}

static uint32_t rights(struct fsa_node *n)
{
	return n->proven;
}

/* There is nothing beneath to flush to, or to reserve from. */
static NTSTATUS flush(struct fsa_node *n, struct fsa_io *io)
{
	return NT_STATUS_OK;
}

static NTSTATUS reserve(struct fsa_node *n, uint64_t size)
{
	return NT_STATUS_OK;
}

/* Everybody's, as on FAT. */
static NTSTATUS get_unix(struct fsa_node *n, struct fsa_unix *out)
{
	*out = (struct fsa_unix){.mode = n->directory ? S_IFDIR | 0777
						      : S_IFREG | 0777};
	return NT_STATUS_OK;
}

static NTSTATUS get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			       struct security_descriptor *out)
{
	return NT_STATUS(NOT_FOUND);
}

static NTSTATUS get_parent_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				      struct security_descriptor *out,
				      uint32_t *out_rights)
{
	*out_rights = FILE_LIST_DIRECTORY | FILE_DELETE_CHILD;
	return NT_STATUS(NOT_FOUND);
}

static NTSTATUS set_descriptor(struct fsa_node *n,
			       const struct fsa_protection *p)
{
	return NT_STATUS(NOT_SUPPORTED);
}

static NTSTATUS no_link(struct fsa_node *n, const char *path, bool replace)
{
	return NT_STATUS(NOT_SUPPORTED);
}

static NTSTATUS no_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
				 uint64_t inode, const char **out)
{
	return NT_STATUS(NOT_SUPPORTED);
}

#define OR_ELSE(member, other)                                                 \
	do {                                                                   \
		if (t.member == NULL) {                                        \
			t.member = (other);                                    \
		}                                                              \
	} while (0)

struct fsa_driver driver_table_complete(const struct fsa_driver *d)
{
	struct fsa_driver t = *d;

	OR_ELSE(upgrade, upgrade);
	OR_ELSE(rights, rights);
	OR_ELSE(flush, flush);
	OR_ELSE(reserve, reserve);
	OR_ELSE(get_unix, get_unix);
	OR_ELSE(get_descriptor, get_descriptor);
	OR_ELSE(get_parent_descriptor, get_parent_descriptor);
	OR_ELSE(set_descriptor, set_descriptor);
	OR_ELSE(link, no_link);
	OR_ELSE(path_of_inode, no_path_of_inode);
	return t;
}

/* --- what it may not -------------------------------------------------------
 */

const char *driver_table_missing(const struct fsa_driver *d)
{
	const struct {
		const char *name;
		bool there;
	} required[] = {
#define REQUIRED(member) {#member, d->member != NULL}
		REQUIRED(mount),       REQUIRED(volume_info),
		REQUIRED(open),	       REQUIRED(make),
		REQUIRED(is_linked),   REQUIRED(path),
		REQUIRED(read),	       REQUIRED(write),
		REQUIRED(set_size),    REQUIRED(stat),
		REQUIRED(set_basic),   REQUIRED(scan_open),
		REQUIRED(scan_next),   REQUIRED(scan_stat),
		REQUIRED(scan_lookup), REQUIRED(check_empty),
		REQUIRED(rename),      REQUIRED(unlink),
#undef REQUIRED
	};

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		if (!required[i].there) {
			return required[i].name;
		}
	}
	return NULL;
}
