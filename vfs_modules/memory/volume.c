/* vfs_modules/memory/volume.c - the driver's table, mounts and volumes. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/log.h"
#include "vfs_modules/memory/memory.h"

#define SECTOR	   512
#define NOT_A_SIZE UINT64_MAX

/* Bytes, with K, M, G or T behind. */
static uint64_t parse_size(const char *text)
{
	static const char units[] = "kmgt";
	char *end;
	uint64_t size;

	errno = 0;
	size = strtoull(text, &end, 10);
	if (*end != '\0') {
		const char *unit = strchr(units, tolower((unsigned char)*end));
		unsigned int shift =
			unit == NULL ? 64
				     : 10 * (unsigned int)(unit - units + 1);

		if (shift == 64 || end[1] != '\0' ||
		    size > UINT64_MAX >> shift) {
			return NOT_A_SIZE;
		}
		size <<= shift;
	}
	return errno != 0 || size == 0 || strchr(text, '-') != NULL ? NOT_A_SIZE
								    : size;
}

struct config {
	uint64_t size;
};

static bool take_size(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		      void *config, const char *value, const char **out_reason)
{
	struct config *c = config;

	c->size = parse_size(value);
	*out_reason = "not a size";
	return c->size != NOT_A_SIZE;
}

static const struct fsa_option_def options[] = {
	{.name = "size", .type = FSA_OPTION_OWN, .parse = take_size},
	{.name = NULL},
};

static const char *size_option(const struct fsa_volume_params *params)
{
	for (size_t i = 0; i < params->num_options; i++) {
		if (strcasecmp(params->options[i].name, "memory:size") == 0) {
			return params->options[i].value;
		}
	}
	return NULL;
}

/* `memory:size`; 0 when it is not said. */
static uint64_t size_of(const struct fsa_volume_params *params)
{
	const char *text = size_option(params);
	uint64_t size = text == NULL ? 0 : parse_size(text);

	if (size == NOT_A_SIZE) {
		LOG_ERR(LOG_VFS, "share %s: memory:size = %s: not a size",
			params->share_name, text);
	}
	return size;
}

NTSTATUS memory_mount(TALLOC_CTX *mem_ctx, void *state,
		      const struct fsa_volume_params *params,
		      struct fsa_mount **out)
{
	struct mem_mount *m = talloc(mem_ctx, struct mem_mount);
	uint64_t size = size_of(params);
	NTSTATUS status;

	if (m == NULL || size == NOT_A_SIZE) {
		talloc_free(m);
		return m == NULL ? NT_STATUS(NO_MEMORY)
				 : NT_STATUS(BAD_NETWORK_NAME);
	}
	*m = (struct mem_mount){
		.base = {.driver = &fsa_memory_driver},
		.state = state,
		.create_mask = params->create_mask,
		.directory_mask = params->directory_mask,
		.ignore_system_acls = params->ignore_system_acls,
	};
	if (m->ignore_system_acls) {
		/* Descriptors say who may, so the mode must not say no. */
		m->create_mask = 0666;
		m->directory_mask = 0777;
	}
	memory_begin(m->state);
	status = memory_end(m->state,
			    memory_get_share(m->state, params->share_name, size,
					     &m->share));
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(m);
		return status;
	}
	*out = &m->base;
	return NT_STATUS_OK;
}

NTSTATUS memory_volume_info(struct fsa_mount *mount,
			    struct fsa_volume_info *out)
{
	struct mem_mount *m = mem_mount(mount);
	const struct mem_share *share = m->share;
	const uint64_t id[2] = {m->state->fs->device, share->root->number};
	uint64_t free_bytes;

	memory_begin(m->state);
	free_bytes =
		share->used < share->limit ? share->limit - share->used : 0;
	*out = (struct fsa_volume_info){
		.creation_time = share->root->times.creation,
		.serial = (uint32_t)(id[0] ^ id[1]),
		.fs_name = "NTFS",
		.attributes =
			FILE_CASE_SENSITIVE_SEARCH | FILE_CASE_PRESERVED_NAMES |
			FILE_UNICODE_ON_DISK | FILE_PERSISTENT_ACLS |
			FILE_SUPPORTS_HARD_LINKS | FILE_SUPPORTS_SPARSE_FILES |
			FILE_NAMED_STREAMS | FILE_SUPPORTS_EXTENDED_ATTRIBUTES |
			FILE_SUPPORTS_REPARSE_POINTS | FILE_SUPPORTS_OBJECT_IDS,
		.trims = true,
		.max_name = 255,
		.total_units = share->limit / ARENA_PAGE,
		.caller_free_units = free_bytes / ARENA_PAGE,
		.actual_free_units = free_bytes / ARENA_PAGE,
		.sectors_per_unit = ARENA_PAGE / SECTOR,
		.bytes_per_sector = SECTOR,
	};
	memcpy(out->object_id, id, sizeof(id));
	arena_unlock(m->state->arena);
	return NT_STATUS_OK;
}

const struct fsa_driver fsa_memory_driver = {
	.version = FSA_DRIVER_VERSION,
	.name = "memory",
	.no_path = true,
	.options = options,
	.config_size = sizeof(struct config),
	.share = memory_share,
	.start = memory_start,
	.mount = memory_mount,
	.volume_info = memory_volume_info,
	.path_of_inode = memory_path_of_inode,
	.open = memory_open,
	.make = memory_make,
	.is_linked = memory_is_linked,
	.path = memory_path,
	.parent = memory_parent,
	.rights = memory_rights,
	.read = memory_read,
	.write = memory_write,
	.set_size = memory_set_size,
	.reserve = memory_reserve,
	.zero = memory_zero,
	.discard = memory_discard,
	.ranges = memory_ranges,
	.set_sparse = memory_set_sparse,
	.copy = memory_copy,
	.file_version = memory_version,
	.stat = memory_stat,
	.set_basic = memory_set_basic,
	.keep_access_time = memory_keep_access_time,
	.get_unix = memory_get_unix,
	.get_descriptor = memory_get_descriptor,
	.get_parent_descriptor = memory_get_parent_descriptor,
	.set_descriptor = memory_set_descriptor,
	.set_unix = memory_set_unix,
	.scan_open = memory_scan_open,
	.scan_next = memory_scan_next,
	.scan_stat = memory_scan_stat,
	.scan_lookup = memory_scan_lookup,
	.check_empty = memory_check_empty,
	.rename = memory_rename,
	.link = memory_link,
	.unlink = memory_unlink,
	.stream_open = memory_stream_open,
	.stream_make = memory_stream_make,
	.stream_each = memory_stream_each,
	.strip = memory_strip,
	.get_eas = memory_get_eas,
	.set_ea = memory_set_ea,
	.ea_size = memory_ea_size,
	.get_record = memory_get_record,
	.set_record = memory_set_record,
};
