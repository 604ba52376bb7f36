/* fsa/apple.c - see apple.h.  Each entry is opened; that is a few system calls
 * where macOS would otherwise send as many requests. */
#include "fsa/apple.h"

#include <string.h>
#include <strings.h>

#include "fsa/protect.h"

/* Which streams there are. */
struct streams {
	uint64_t fork_size;
	bool has_info;
};

/* The path of an entry, on mem_ctx; that of "..", of the root too, stays in the
 * share. */
static char *path_of(TALLOC_CTX *mem_ctx, const struct fsa_file *directory,
		     const char *name)
{
	const char *parent = driver_of(directory)->path(directory->node);
	const char *end = strrchr(parent, '\\');

	if (strcmp(name, ".") == 0) {
		return talloc_strdup(mem_ctx, parent);
	}
	if (strcmp(name, "..") == 0) {
		return talloc_strndup(mem_ctx, parent,
				      end == NULL ? 0 : (size_t)(end - parent));
	}
	return talloc_asprintf(mem_ctx, "%s%s%s", parent,
			       *parent == '\0' ? "" : "\\", name);
}

static void take_stream(void *private_data, const struct fsa_stream_entry *e)
{
	struct streams *s = private_data;

	if (strcasecmp(e->name, ":" APPLE_RESOURCE_STREAM ":$DATA") == 0) {
		s->fork_size = e->end_of_file;
	} else if (strcasecmp(e->name, ":" APPLE_INFO_STREAM ":$DATA") == 0) {
		s->has_info = true;
	}
}

static void get_finder_info(TALLOC_CTX *mem_ctx, const struct fsa_volume *v,
			    struct fsa_node *n, uint8_t out[32])
{
	uint8_t info[APPLE_INFO_SIZE];
	struct fsa_io io = {
		.op = FSA_READ,
		.u.read = {.data = info,
			   .length = sizeof(info),
			   .at_once = true},
	};
	struct fsa_node *stream = NULL;
	NTSTATUS status =
		v->driver->stream_open(mem_ctx, n, APPLE_INFO_STREAM, &stream);

	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->read(stream, &io);
	}
	if (NT_STATUS_IS_OK(status) && io.u.read.nread == sizeof(info) &&
	    memcmp(info, "AFP", 4) == 0) {
		memcpy(out, info + APPLE_INFO_FINDER_INFO, 32);
	}
}

static void get_streams(TALLOC_CTX *mem_ctx, const struct fsa_volume *v,
			struct fsa_node *n, uint32_t want,
			struct fsa_apple *out)
{
	struct streams s = {0};

	if (!v->streams ||
	    !NT_STATUS_IS_OK(v->driver->stream_each(n, take_stream, &s))) {
		return;
	}
	if ((want & FSA_WANT_FORK_SIZE) != 0) {
		out->resource_fork_size = s.fork_size;
	}
	if (s.has_info && (want & FSA_WANT_FINDER_INFO) != 0) {
		get_finder_info(mem_ctx, v, n, out->finder_info);
	}
}

static void get_of_node(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			struct fsa_node *n, uint32_t want,
			struct fsa_apple *out)
{
	const struct fsa_volume *v = io->volume;
	struct fsa_unix un;
	bool all = (want & FSA_WANT_MAX_ACCESS) != 0;
	uint32_t rights = 0;

	if (!NT_STATUS_IS_OK(protect_get_rights(
		    io, n, all ? MAXIMUM_ALLOWED : FILE_READ_DATA, false,
		    &rights))) {
		rights = 0;
	}
	out->max_access = all ? rights & fsa_volume_maximal_access(v) : 0;
	/* A stream is read with the right to read its file. */
	if ((rights & FILE_READ_DATA) != 0 &&
	    (want & (FSA_WANT_FORK_SIZE | FSA_WANT_FINDER_INFO)) != 0) {
		get_streams(mem_ctx, v, n, want, out);
	}
	if ((want & FSA_WANT_UNIX_MODE) != 0 &&
	    NT_STATUS_IS_OK(v->driver->get_unix(n, &un))) {
		out->unix_mode = un.mode;
	}
}

void fsa_apple_get(const struct fsa_io *io, const char *name, uint32_t want,
		   struct fsa_apple *out)
{
	const struct fsa_volume *v = io->volume;
	struct fsa_how how = {.access = FILE_READ_ATTRIBUTES};
	struct fsa_node *n = NULL;
	struct fsa_stat st;
	TALLOC_CTX *tmp = talloc_new(NULL);

	*out = (struct fsa_apple){0};
	how.path = tmp == NULL ? NULL : path_of(tmp, io->file, name);
	if (how.path != NULL &&
	    NT_STATUS_IS_OK(v->driver->open(tmp, v->mount, &how, &n, &st))) {
		get_of_node(tmp, io, n, want, out);
	}
	talloc_free(tmp);
}
