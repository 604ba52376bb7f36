/* vfs_modules/examples/machine.c - a driver, explained in docs/modules.md: a
 * share in which files say how the machine is.  They are read when they are
 * opened, and cannot be changed.
 *
 *   driver = machine */
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fsa/module.h"
#include "lib/nttime.h"

/* The files, inode numbers from 2 on; 1 is the root. */
static const struct {
	const char *name;
	const char *source;
} files[] = {
	{"load.txt", "/proc/loadavg"},
	{"memory.txt", "/proc/meminfo"},
	{"uptime.txt", "/proc/uptime"},
};
#define NUM_FILES (sizeof(files) / sizeof(files[0]))
#define ROOT	  1
#define DEVICE	  0x6d616368u /* no other driver's */
#define MAX_SIZE  16384

struct machine_mount {
	struct fsa_mount base;
	NTTIME since;
};

struct machine_node {
	struct fsa_node base;
	const char *name;
	uint32_t size;
	uint8_t data[MAX_SIZE];
};

struct fsa_scan {
	struct fsa_node *dir;
	size_t next;
};

/* The base is the first member. */
static struct machine_node *machine_node(struct fsa_node *n)
{
	return (struct machine_node *)n;
}

/* --- mounts ----------------------------------------------------------------
 */

static NTSTATUS machine_mount(TALLOC_CTX *mem_ctx, void *state,
			      const struct fsa_volume_params *params,
			      struct fsa_mount **out)
{
	struct machine_mount *m = talloc_zero(mem_ctx, struct machine_mount);

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	m->since = nttime_now();
	*out = &m->base;
	return NT_STATUS_OK;
}

static NTSTATUS machine_volume_info(struct fsa_mount *m,
				    struct fsa_volume_info *out)
{
	*out = (struct fsa_volume_info){
		.creation_time = ((struct machine_mount *)m)->since,
		.serial = DEVICE,
		.fs_name = "NTFS",
		.attributes = FILE_CASE_PRESERVED_NAMES | FILE_UNICODE_ON_DISK |
			      FILE_READ_ONLY_VOLUME,
		.max_name = 255,
		.sectors_per_unit = 1,
		.bytes_per_sector = 512,
	};
	return NT_STATUS_OK;
}

/* --- finding ---------------------------------------------------------------
 */

static void fill_stat(struct fsa_node *n, uint64_t inode, uint32_t size,
		      struct fsa_stat *out)
{
	const struct machine_mount *m = (struct machine_mount *)n->mount;

	*out = (struct fsa_stat){
		.times = {m->since, m->since, m->since, m->since},
		.end_of_file = size,
		.allocation_size = (size + 511u) & ~511u,
		.file_id = inode,
		.volume_serial = DEVICE,
		.attributes = inode == ROOT ? FILE_ATTRIBUTE_DIRECTORY
					    : FILE_ATTRIBUTE_READONLY,
		.nlink = 1,
		.directory = inode == ROOT,
	};
}

static NTSTATUS machine_stat(struct fsa_node *n, struct fsa_stat *out)
{
	fill_stat(n, n->inode, machine_node(n)->size, out);
	return NT_STATUS_OK;
}

static NTSTATUS read_source(struct machine_node *n, const char *source)
{
	int fd = open(source, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, n->data, sizeof(n->data));

	if (fd >= 0) {
		close(fd);
	}
	if (got < 0) {
		return NT_STATUS(IO_DEVICE_ERROR);
	}
	n->size = (uint32_t)got;
	return NT_STATUS_OK;
}

/* The place in files, or NUM_FILES; in any case. */
static size_t lookup(const char *name)
{
	size_t i = 0;

	while (i < NUM_FILES && strcasecmp(files[i].name, name) != 0) {
		i++;
	}
	return i;
}

static NTSTATUS machine_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			     const struct fsa_how *how, struct fsa_node **out,
			     struct fsa_stat *out_stat)
{
	bool root = *how->path == '\0';
	size_t i = lookup(how->path);
	struct machine_node *n;
	NTSTATUS status = NT_STATUS_OK;

	if (!root && i == NUM_FILES) {
		return strchr(how->path, '\\') != NULL
			       ? NT_STATUS(OBJECT_PATH_NOT_FOUND)
			       : NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	n = talloc_zero(mem_ctx, struct machine_node);
	if (n == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	n->base = (struct fsa_node){.mount = m,
				    .device = DEVICE,
				    .inode = root ? ROOT : ROOT + 1 + i,
				    .directory = root};
	n->name = root ? "" : files[i].name;
	if (!root) {
		status = read_source(n, files[i].source);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	*out = &n->base;
	return machine_stat(&n->base, out_stat);
}

static NTSTATUS machine_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			     const struct fsa_how *how, struct fsa_node **out,
			     struct fsa_stat *out_stat)
{
	return lookup(how->path) < NUM_FILES ? NT_STATUS(OBJECT_NAME_COLLISION)
					     : NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS machine_upgrade(struct fsa_node *n, uint32_t access)
{
	return (access & FSA_ACCESS_WRITES) != 0 ? NT_STATUS(ACCESS_DENIED)
						 : NT_STATUS_OK;
}

static bool machine_is_linked(struct fsa_node *n)
{
	return true;
}

static const char *machine_path(struct fsa_node *n)
{
	return machine_node(n)->name;
}

/* Everybody may read. */
static uint32_t machine_rights(struct fsa_node *n)
{
	return fsa_unix_rights(5, n->directory);
}

/* --- data ------------------------------------------------------------------
 */

static NTSTATUS machine_read(struct fsa_node *node, struct fsa_io *io)
{
	const struct machine_node *n = machine_node(node);
	struct fsa_read *r = &io->u.read;

	if (r->offset < n->size) {
		uint32_t left = n->size - (uint32_t)r->offset;

		r->nread = r->length < left ? r->length : left;
		memcpy(r->data, n->data + r->offset, r->nread);
	}
	return NT_STATUS_OK;
}

static NTSTATUS machine_write(struct fsa_node *n, struct fsa_io *io)
{
	return NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS machine_flush(struct fsa_node *n, struct fsa_io *io)
{
	return NT_STATUS_OK; /* there is nothing to write */
}

static NTSTATUS machine_set_size(struct fsa_node *n, uint64_t size)
{
	return NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS machine_set_basic(struct fsa_node *n,
				  const struct fsa_basic *in)
{
	return NT_STATUS(ACCESS_DENIED);
}

/* --- protection ------------------------------------------------------------
 */

static NTSTATUS machine_get_unix(struct fsa_node *n, struct fsa_unix *out)
{
	*out = (struct fsa_unix){.mode = n->directory ? 0555 : 0444};
	return NT_STATUS_OK;
}

static NTSTATUS machine_get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				       struct security_descriptor *out)
{
	return NT_STATUS(NOT_FOUND); /* the mode says it */
}

static NTSTATUS machine_get_parent_descriptor(TALLOC_CTX *mem_ctx,
					      struct fsa_node *n,
					      struct security_descriptor *out,
					      uint32_t *out_rights)
{
	*out_rights = FILE_LIST_DIRECTORY;
	return NT_STATUS(NOT_FOUND);
}

static NTSTATUS machine_set_descriptor(struct fsa_node *n,
				       const struct fsa_protection *p)
{
	return NT_STATUS(ACCESS_DENIED);
}

/* --- directories -----------------------------------------------------------
 */

static NTSTATUS machine_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				  struct fsa_scan **out)
{
	struct fsa_scan *s = talloc_zero(mem_ctx, struct fsa_scan);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->dir = n;
	*out = s;
	return NT_STATUS_OK;
}

static NTSTATUS machine_scan_next(struct fsa_scan *s, const char **out_name)
{
	if (s->next == NUM_FILES) {
		return NT_STATUS(NO_MORE_FILES);
	}
	*out_name = files[s->next++].name;
	return NT_STATUS_OK;
}

/* How long a file is, is known by reading it. */
static NTSTATUS stat_file(struct fsa_node *dir, size_t i, struct fsa_stat *out)
{
	const struct fsa_how how = {.path = files[i].name};
	struct fsa_node *n = NULL;
	NTSTATUS status = machine_open(dir, dir->mount, &how, &n, out);

	talloc_free(n);
	return status;
}

static NTSTATUS machine_scan_stat(struct fsa_scan *s, uint32_t want,
				  struct fsa_stat *out)
{
	return stat_file(s->dir, s->next - 1, out);
}

static NTSTATUS machine_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				    const char *name, uint32_t want,
				    const char **out_name, struct fsa_stat *out)
{
	bool root = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
	size_t i = lookup(name);
	char *found;

	if (!root && i == NUM_FILES) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	found = talloc_strdup(mem_ctx, root ? name : files[i].name);
	if (found == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out_name = found;
	return root ? machine_stat(n, out) : stat_file(n, i, out);
}

static NTSTATUS machine_check_empty(struct fsa_node *n)
{
	return NT_STATUS(DIRECTORY_NOT_EMPTY);
}

/* --- names -----------------------------------------------------------------
 */

static NTSTATUS machine_rename(struct fsa_node *n, const char *path,
			       bool replace)
{
	return NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS machine_unlink(struct fsa_node *n)
{
	return NT_STATUS(ACCESS_DENIED);
}

/* What is not here the file system cannot: driver.h says which may be NULL. */
static const struct fsa_driver machine_driver = {
	.version = FSA_DRIVER_VERSION,
	.name = "machine",
	.no_path = true,
	.mount = machine_mount,
	.volume_info = machine_volume_info,
	.open = machine_open,
	.make = machine_make,
	.upgrade = machine_upgrade,
	.is_linked = machine_is_linked,
	.path = machine_path,
	.rights = machine_rights,
	.read = machine_read,
	.write = machine_write,
	.flush = machine_flush,
	.set_size = machine_set_size,
	.reserve = machine_set_size,
	.stat = machine_stat,
	.set_basic = machine_set_basic,
	.get_unix = machine_get_unix,
	.get_descriptor = machine_get_descriptor,
	.get_parent_descriptor = machine_get_parent_descriptor,
	.set_descriptor = machine_set_descriptor,
	.scan_open = machine_scan_open,
	.scan_next = machine_scan_next,
	.scan_stat = machine_scan_stat,
	.scan_lookup = machine_scan_lookup,
	.check_empty = machine_check_empty,
	.rename = machine_rename,
	.link = machine_rename,
	.unlink = machine_unlink,
};

FSA_MODULE(.driver = &machine_driver)
