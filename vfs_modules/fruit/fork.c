/* vfs_modules/fruit/fork.c - AFP_Resource: a stream, or the last part of the
 * AppleDouble file "._NAME".  It is made when something is written to it, and
 * goes when it is emptied. */
#include <string.h>

#include "vfs_modules/fruit/fruit.h"

#define READ_AND_WRITE (FILE_READ_DATA | FILE_WRITE_DATA)

static bool is_file(const struct fruit *f)
{
	return f->config->resource == FRUIT_NETATALK;
}

/* --- the ._ file
 * -------------------------------------------------------------- */

char *fruit_double_path(TALLOC_CTX *mem_ctx, const struct fruit *f,
			struct fsa_node *file)
{
	const char *path = below_of(f)->path(file);
	const char *slash = strrchr(path, '\\');
	int folder = slash == NULL ? 0 : (int)(slash + 1 - path);

	return *path == '\0' ? NULL
			     : talloc_asprintf(mem_ctx, "%.*s._%s", folder,
					       path, path + folder);
}

/* Opens it, and sees where the fork is.  OBJECT_NAME_NOT_FOUND too when it is
 * something else, or the fork is not its last part. */
static NTSTATUS open_double(struct fruit_node *n, const char *path,
			    uint64_t *out_length)
{
	const struct fruit *f = n->fruit;
	const struct fsa_how how = {.path = path, .access = FILE_READ_DATA};
	uint8_t header[APPLE_DOUBLE_HEADER_MAX];
	struct fsa_io io = {.op = FSA_READ,
			    .u.read = {.data = header,
				       .length = sizeof(header),
				       .at_once = true}};
	struct fsa_node *store = NULL;
	struct apple_double ad;
	struct fsa_stat st;
	NTSTATUS status =
		below_of(f)->open(n, f->cover.mount_below, &how, &store, &st);

	if (NT_STATUS_IS_OK(status)) {
		status = st.directory ? NT_STATUS(OBJECT_NAME_NOT_FOUND)
				      : below_of(f)->read(store, &io);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (!apple_double_parse(header, io.u.read.nread, st.end_of_file,
				 &ad) ||
	     ad.fork_entry == 0 ||
	     ad.fork.offset + (uint64_t)ad.fork.length != st.end_of_file)) {
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(store);
		return status;
	}
	n->store = store;
	n->fork_offset = ad.fork.offset;
	n->fork_entry = ad.fork_entry;
	*out_length = ad.fork.length;
	return status;
}

static NTSTATUS write_at(const struct fruit *f, struct fsa_node *store,
			 uint64_t offset, const void *data, uint32_t length)
{
	struct fsa_io io = {
		.op = FSA_WRITE,
		.u.write = {.offset = offset, .data = data, .length = length}};

	return below_of(f)->write(store, &io);
}

static NTSTATUS make_double(struct fruit_node *n, const char *path)
{
	const struct fruit *f = n->fruit;
	const struct fsa_how how = {.path = path,
				    .access = READ_AND_WRITE,
				    .attributes = FILE_ATTRIBUTE_ARCHIVE};
	uint8_t header[FORK_HEADER_SIZE];
	struct fsa_stat st;
	NTSTATUS status = below_of(f)->make(n, f->cover.mount_below, &how,
					    &n->store, &st);

	if (!NT_STATUS_IS_OK(status)) {
		n->store = NULL;
		return status;
	}
	fork_header_build(0, header);
	status = write_at(f, n->store, 0, header, sizeof(header));
	n->fork_offset = FORK_HEADER_SIZE;
	n->fork_entry = 26;
	return status;
}

static NTSTATUS find_double(struct fruit_node *n, bool make)
{
	char *path = fruit_double_path(n, n->fruit, n->base.of);
	uint64_t length = 0;
	NTSTATUS status;

	if (path == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = open_double(n, path, &length);
	if (NT_STATUS_IS_OK(status) && length == 0 && !make) {
		TALLOC_FREE(n->store);
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) && make) {
		status = make_double(n, path);
	}
	talloc_free(path);
	return status;
}

static struct fsa_node *open_any(const struct fruit *f, const char *path)
{
	const struct fsa_how how = {.path = path,
				    .access = FILE_READ_ATTRIBUTES};
	struct fsa_node *node = NULL;
	struct fsa_stat st;

	if (path == NULL ||
	    !NT_STATUS_IS_OK(below_of(f)->open(NULL, f->cover.mount_below, &how,
					       &node, &st))) {
		return NULL;
	}
	if (st.directory) {
		TALLOC_FREE(node);
	}
	return node;
}

/* That it could not be is seen by nobody: the file is gone already. */
void fruit_double_remove(const struct fruit *f, const char *path)
{
	struct fsa_node *node = open_any(f, path);

	if (node != NULL) {
		(void)!NT_STATUS_IS_OK(below_of(f)->unlink(node));
		talloc_free(node);
	}
}

void fruit_double_move(const struct fruit *f, const char *from, const char *to)
{
	struct fsa_node *node = to == NULL ? NULL : open_any(f, from);

	if (node != NULL) {
		(void)!NT_STATUS_IS_OK(below_of(f)->rename(node, to, true));
		talloc_free(node);
	} else {
		/* What is there belongs to what was replaced. */
		fruit_double_remove(f, to);
	}
}

/* --- either
 * -------------------------------------------------------------------- */

static NTSTATUS find_stream(struct fruit_node *n, bool make)
{
	const struct fsa_driver *d = below_of(n->fruit);
	struct fsa_stat st = {0};
	NTSTATUS status = d->stream_open(n, n->base.of, FORK_STREAM, &n->store);

	if (NT_STATUS_IS_OK(status)) {
		status = d->stat(n->store, &st);
		if (NT_STATUS_IS_OK(status) && st.end_of_file == 0 && !make) {
			status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
		}
		if (!NT_STATUS_IS_OK(status)) {
			TALLOC_FREE(n->store);
		}
		return status;
	}
	n->store = NULL;
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) && make) {
		status = d->stream_make(n, n->base.of, FORK_STREAM, &n->store);
	}
	return status;
}

static NTSTATUS find(struct fruit_node *n, bool make)
{
	if (n->store != NULL) {
		if (below_of(n->fruit)->is_linked(n->store)) {
			return NT_STATUS_OK;
		}
		TALLOC_FREE(n->store);
	}
	n->fork_offset = 0;
	return is_file(n->fruit) ? find_double(n, make) : find_stream(n, make);
}

NTSTATUS fruit_fork_find(struct fruit_node *n)
{
	return find(n, false);
}

NTSTATUS fruit_fork_get_size(struct fruit_node *n, uint64_t *out,
			     uint64_t *out_allocated)
{
	struct fsa_stat st;
	NTSTATUS status = find(n, false);

	*out = 0;
	*out_allocated = 0;
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = below_of(n->fruit)->stat(n->store, &st);
	}
	if (NT_STATUS_IS_OK(status) && st.end_of_file > n->fork_offset) {
		*out = st.end_of_file - n->fork_offset;
		*out_allocated = st.allocation_size;
	}
	return status;
}

NTSTATUS fruit_fork_read(struct fruit_node *n, struct fsa_io *io)
{
	struct fsa_read *r = &io->u.read;
	struct fsa_io below = *io;
	NTSTATUS status = find(n, false);

	r->nread = 0;
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK; /* nothing */
	}
	if (NT_STATUS_IS_OK(status)) {
		below.u.read.offset += n->fork_offset;
		below.u.read.at_once = true;
		status = below_of(n->fruit)->read(n->store, &below);
		r->nread = below.u.read.nread;
	}
	return status;
}

/* The length of the fork in the ._ file's table. */
static NTSTATUS note_length(struct fruit_node *n)
{
	uint64_t size = 0, allocated;
	uint8_t length[4];
	NTSTATUS status;

	if (!is_file(n->fruit)) {
		return NT_STATUS_OK;
	}
	status = fruit_fork_get_size(n, &size, &allocated);
	apple_double_put_u32(length, (uint32_t)size);
	return NT_STATUS_IS_OK(status)
		       ? write_at(n->fruit, n->store, n->fork_entry + 8, length,
				  sizeof(length))
		       : status;
}

/* Its length has 32 bits. */
static NTSTATUS prepare(struct fruit_node *n, uint64_t end)
{
	NTSTATUS status = find(n, true);

	if (NT_STATUS_IS_OK(status) && is_file(n->fruit)) {
		status = end > UINT32_MAX ? NT_STATUS(DISK_FULL)
					  : below_of(n->fruit)->upgrade(
						    n->store, READ_AND_WRITE);
	}
	return status;
}

NTSTATUS fruit_fork_write(struct fruit_node *n, struct fsa_io *io)
{
	const struct fsa_driver *d = below_of(n->fruit);
	struct fsa_write w = io->u.write;
	struct fsa_io below = {.op = FSA_WRITE};
	uint64_t size = 0, allocated;
	NTSTATUS status = NT_STATUS_OK;

	io->u.write.nwritten = 0;
	if (w.offset == UINT64_MAX) {
		status = fruit_fork_get_size(n, &size, &allocated);
		w.offset = size;
	}
	if (NT_STATUS_IS_OK(status) && w.length > 0) {
		status = prepare(n, w.offset + w.length);
	}
	if (!NT_STATUS_IS_OK(status) || w.length == 0) {
		return status;
	}
	w.offset += n->fork_offset;
	w.write_through = false;
	below.u.write = w;
	status = d->write(n->store, &below);
	io->u.write.nwritten = below.u.write.nwritten;
	n->fresh = false;
	if (NT_STATUS_IS_OK(status)) {
		status = note_length(n);
	}
	if (NT_STATUS_IS_OK(status) && io->u.write.write_through) {
		below.op = FSA_FLUSH;
		below.u.flush =
			(struct fsa_flush){.full = true, .at_once = true};
		status = d->flush(n->store, &below);
	}
	return status;
}

NTSTATUS fruit_fork_set_size(struct fruit_node *n, uint64_t size)
{
	NTSTATUS status;

	if (size == 0) {
		status = find(n, false);
		return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)
			       ? NT_STATUS_OK
			       : fruit_fork_remove(n);
	}
	status = prepare(n, size);
	if (NT_STATUS_IS_OK(status)) {
		status = below_of(n->fruit)->set_size(n->store,
						      n->fork_offset + size);
	}
	n->fresh = n->fresh && !NT_STATUS_IS_OK(status);
	return NT_STATUS_IS_OK(status) ? note_length(n) : status;
}

/* All of the ._ file: what else was in it are streams by now (convert.c). */
NTSTATUS fruit_fork_remove(struct fruit_node *n)
{
	NTSTATUS status = find(n, false);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = below_of(n->fruit)->unlink(n->store);
	}
	if (NT_STATUS_IS_OK(status)) {
		TALLOC_FREE(n->store);
	}
	return status;
}
