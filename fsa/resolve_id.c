/* fsa/resolve_id.c - which name a file id stands for.
 *
 * The driver finds the name whoever asks.  He is told of it when he may list
 * each directory from the root to the file, where none of the share's settings
 * hides the name, and what he opens by it is the file. */
#include <string.h>

#include "fsa/file.h"
#include "fsa/hidden.h"
#include "fsa/protect.h"
#include "lib/assert.h"

#define NO_FILE_ID 0 /* no file has it */

bool fsa_volume_resolves_ids(const struct fsa_volume *v)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *path;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (tmp != NULL) {
		status = v->driver->path_of_inode(tmp, v->mount, NO_FILE_ID,
						  &path);
	}
	talloc_free(tmp);
	return NT_STATUS_IS(status, NOT_FOUND);
}

/* Opens what is called path for what wanted says. */
static NTSTATUS look_at(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			const char *path, uint32_t wanted,
			struct fsa_node **out)
{
	const struct fsa_volume *v = io->volume;
	const struct fsa_how how = {
		.path = path, .reparse_point = true, .access = wanted};
	struct fsa_node *n = NULL;
	struct fsa_stat st;
	uint32_t rights = 0;
	NTSTATUS status = v->driver->open(mem_ctx, v->mount, &how, &n, &st);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = protect_get_rights(io, n, wanted, false, &rights);
	if (NT_STATUS_IS_OK(status) && (rights & wanted) != wanted) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	*out = n;
	return status;
}

/* Whether io's user sees in the directory what is called leaf. */
static NTSTATUS check_directory(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
				const char *path, const char *leaf,
				uint64_t *out_device)
{
	struct fsa_node *n = NULL;
	NTSTATUS status = look_at(mem_ctx, io, path, FILE_LIST_DIRECTORY, &n);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!n->directory ||
	    (io->volume->hide_unreadable && !protect_may_read(io, n, leaf))) {
		status = NT_STATUS(NOT_FOUND);
	}
	*out_device = n->device;
	talloc_free(n);
	return status;
}

/* All directories on the way; *out_device: that of the root. */
static NTSTATUS check_way(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			  const char *path, uint64_t *out_device)
{
	char *rest = talloc_strdup(mem_ctx, path);
	char *leaf = rest;
	NTSTATUS status = NT_STATUS_OK;

	if (rest == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (leaf != NULL && *leaf != '\0' && NT_STATUS_IS_OK(status)) {
		char *end = strchr(leaf, '\\');
		char *parent = talloc_strndup(
			mem_ctx, path,
			leaf == rest ? 0 : (size_t)(leaf - rest - 1));
		uint64_t device = 0;

		if (parent == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		if (end != NULL) {
			*end = '\0';
		}
		status = check_directory(mem_ctx, io, parent, leaf, &device);
		if (leaf == rest) {
			*out_device = device;
		}
		leaf = end == NULL ? NULL : end + 1;
	}
	return status;
}

static NTSTATUS check_name(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			   const char *path, uint64_t id)
{
	struct fsa_node *n = NULL;
	uint64_t device = 0;
	NTSTATUS status = hidden_check(io->volume, path);

	if (NT_STATUS_IS_OK(status)) {
		status = check_way(mem_ctx, io, path, &device);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = look_at(mem_ctx, io, path, FILE_READ_ATTRIBUTES, &n);
	}
	/* Another file, or file system, may have been put there. */
	if (NT_STATUS_IS_OK(status) &&
	    (n->inode != id || (*path != '\0' && n->device != device))) {
		status = NT_STATUS(NOT_FOUND);
	}
	return status;
}

NTSTATUS fsa_resolve_id(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			uint64_t id, const char **out)
{
	struct fsa_file nobody = {.volume = io->volume}; /* not a POSIX open */
	const struct fsa_io look = {.op = FSA_QUERY_INFO,
				    .volume = io->volume,
				    .file = &nobody,
				    .token = io->token,
				    .identity = io->identity};
	const struct fsa_volume *v = io->volume;
	TALLOC_CTX *tmp = talloc_new(mem_ctx);
	const char *path = NULL;
	NTSTATUS status;

	ASSERT(identity_is(io->identity));
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = v->driver->path_of_inode(tmp, v->mount, id, &path);
	if (NT_STATUS_IS_OK(status)) {
		status = check_name(tmp, &look, path, id);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = talloc_steal(mem_ctx, path);
	} else if (!NT_STATUS_IS(status, NO_MEMORY) &&
		   !NT_STATUS_IS(status, NOT_SUPPORTED)) {
		status = NT_STATUS(NOT_FOUND);
	}
	talloc_free(tmp);
	return status;
}
