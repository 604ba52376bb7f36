/* fsa/copy_whole.c - see copy_whole.h. */
#include "fsa/copy_whole.h"

#include <string.h>

#include "fsa/ea.h"

#define PIECE 65536u

/* --- which streams -------------------------------------------------------- */

struct names {
	TALLOC_CTX *mem_ctx;
	char **list;
	size_t count;
	bool no_memory;
};

/* ":x:$DATA" is x. */
static void take_name(void *private_data, const struct fsa_stream_entry *e)
{
	struct names *n = private_data;
	const char *end = strrchr(e->name, ':');
	char **list = talloc_realloc(n->mem_ctx, n->list, char *, n->count + 1);

	if (list == NULL || end <= e->name) {
		n->no_memory |= list == NULL;
		return;
	}
	n->list = list;
	list[n->count] = talloc_strndup(n->mem_ctx, e->name + 1,
					(size_t)(end - e->name - 1));
	n->no_memory |= list[n->count] == NULL;
	n->count++;
}

/* --- one of them ---------------------------------------------------------- */

static NTSTATUS copy_piece(const struct fsa_driver *d, struct fsa_node *from,
			   struct fsa_node *to, uint8_t *buffer,
			   uint64_t *offset)
{
	struct fsa_io io = {
		.op = FSA_READ,
		.u.read = {.offset = *offset,
			   .data = buffer,
			   .length = PIECE,
			   .at_once = true},
	};
	NTSTATUS status = d->read(from, &io);
	uint32_t n = io.u.read.nread;

	if (!NT_STATUS_IS_OK(status) || n == 0) {
		return NT_STATUS_IS_OK(status) ? NT_STATUS(END_OF_FILE)
					       : status;
	}
	io.op = FSA_WRITE;
	io.u.write = (struct fsa_write){
		.offset = *offset, .data = buffer, .length = n};
	*offset += n;
	return d->write(to, &io);
}

static NTSTATUS copy_data(TALLOC_CTX *tmp, const struct fsa_driver *d,
			  struct fsa_node *from, struct fsa_node *to)
{
	uint8_t *buffer = talloc_size(tmp, PIECE);
	uint64_t offset = 0;
	NTSTATUS status =
		buffer == NULL ? NT_STATUS(NO_MEMORY) : d->set_size(to, 0);

	while (NT_STATUS_IS_OK(status)) {
		status = copy_piece(d, from, to, buffer, &offset);
	}
	return NT_STATUS_IS(status, END_OF_FILE) ? NT_STATUS_OK : status;
}

static NTSTATUS copy_stream(const struct fsa_driver *d, struct fsa_node *from,
			    struct fsa_node *to, const char *name)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct fsa_node *source = NULL, *target = NULL;
	NTSTATUS status;

	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = d->stream_open(tmp, from, name, &source);
	if (NT_STATUS_IS_OK(status)) {
		status = d->stream_open(tmp, to, name, &target);
		if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
			status = d->stream_make(tmp, to, name, &target);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		status = copy_data(tmp, d, source, target);
	}
	talloc_free(tmp);
	return status;
}

/* --- all of them ---------------------------------------------------------- */

static NTSTATUS copy_streams(TALLOC_CTX *tmp, struct fsa_io *io)
{
	const struct fsa_driver *d = driver_of(io->file);
	struct fsa_node *from = io->u.copy.source->node;
	struct names names = {.mem_ctx = tmp};
	NTSTATUS status = d->stream_each(from, take_name, &names);

	if (names.no_memory) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < names.count; i++) {
		status = copy_stream(d, from, io->file->node, names.list[i]);
	}
	return status;
}

static NTSTATUS copy_eas(TALLOC_CTX *tmp, struct fsa_io *io)
{
	struct fsa_ea *eas = NULL;
	size_t count = 0;
	NTSTATUS status = driver_of(io->file)->get_eas(
		tmp, io->u.copy.source->node, &eas, &count);

	return NT_STATUS_IS_OK(status) ? ea_apply(io->file, eas, count)
				       : status;
}

NTSTATUS copy_whole_extras(struct fsa_io *io)
{
	const struct fsa_volume *v = io->file->volume;
	TALLOC_CTX *tmp;
	NTSTATUS status = NT_STATUS_OK;

	if (io->file->stream != NULL || io->u.copy.source->stream != NULL) {
		return NT_STATUS_OK;
	}
	tmp = talloc_new(NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (v->streams) {
		status = copy_streams(tmp, io);
	}
	if (NT_STATUS_IS_OK(status) && v->eas) {
		status = copy_eas(tmp, io);
	}
	talloc_free(tmp);
	return status;
}
