/* fsa/stream_move.c - renaming between the unnamed stream and a named one
 * ([MS-FSA] 2.1.5.15.12.1): the data goes, and the open with it.
 *
 *   check    what is there under the new name is empty, and nobody's
 *   switch   the open's entry, in the records of share modes
 *   move     the data
 *   leave    what it was: an empty unnamed stream, or no named one */
#include "fsa/file.h"
#include "fsa/notify.h"
#include "fsa/share.h"
#include "fsa/stream.h"
#include "lib/assert.h"
#include "lib/log.h"

/* One of them is a named stream, so that it is done at once. */
static NTSTATUS move_data(struct fsa_io *io, struct fsa_node *from,
			  struct fsa_node *to)
{
	const struct fsa_driver *d = io->volume->driver;
	struct fsa_range range = {0};
	struct fsa_stat st;
	uint64_t done = 0;
	NTSTATUS status = d->stat(from, &st);

	if (!NT_STATUS_IS_OK(status) || st.end_of_file == 0) {
		return status;
	}
	range.length = st.end_of_file;
	status = d->copy(from, to, &range, io, &done);
	ASSERT(!NT_STATUS_IS(status, PENDING));
	return status;
}

static void switch_back(struct fsa_file *f, const struct file_id *id,
			const char *stream)
{
	if (!NT_STATUS_IS_OK(share_switch_stream(f, id, stream))) {
		LOG_ERR(LOG_FSA, "%s: a stream's entry is misplaced", f->name);
	}
}

/* --- to a named one ---------------------------------------------------------
 */

static NTSTATUS open_or_make(struct fsa_file *f, const char *name,
			     struct fsa_node **out, bool *out_made)
{
	NTSTATUS status = driver_of(f)->stream_open(f, file_node(f), name, out);

	*out_made = NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND);
	return *out_made ? driver_of(f)->stream_make(f, file_node(f), name, out)
			 : status;
}

static NTSTATUS move_to_named(struct fsa_io *io, const char *name)
{
	struct fsa_file *f = io->file;
	struct fsa_node *stream = NULL;
	bool made = false;
	NTSTATUS status = open_or_make(f, name, &stream, &made);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = move_data(io, f->node, stream);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->set_size(f->node, 0);
	}
	if (NT_STATUS_IS_OK(status)) {
		f->node = stream;
		f->stream = name;
		return status;
	}
	if (!NT_STATUS_IS_OK(made ? driver_of(f)->unlink(stream)
				  : driver_of(f)->set_size(stream, 0))) {
		LOG_ERR(LOG_FSA, "%s: what failed leaves stream %s", f->name,
			name);
	}
	talloc_free(stream);
	return status;
}

static NTSTATUS upgrade(struct fsa_file *f, struct fsa_node *n)
{
	NTSTATUS status =
		driver_of(f)->upgrade(n, FILE_READ_DATA | FILE_WRITE_DATA);

	/* Nobody waits here. */
	return NT_STATUS_IS(status, OPLOCK_BREAK_IN_PROGRESS)
		       ? NT_STATUS(SHARING_VIOLATION)
		       : status;
}

NTSTATUS stream_from_unnamed(struct fsa_io *io, const char *name)
{
	struct fsa_file *f = io->file;
	const struct file_id unnamed = f->id;
	struct file_id id = f->id;
	NTSTATUS status;

	id.stream = fsa_stream_id(name);
	status = stream_check_target(f, name, &id,
				     io->u.set_info.u.rename.replace);
	if (NT_STATUS_IS_OK(status)) {
		status = upgrade(f, f->node);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_switch_stream(f, &id, name);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = move_to_named(io, name);
	if (!NT_STATUS_IS_OK(status)) {
		switch_back(f, &unnamed, NULL);
		return status;
	}
	fsa_notify_resized(f);
	return status;
}

/* --- to the unnamed one ------------------------------------------------------
 */

/* It is always there. */
static NTSTATUS check_unnamed(const struct fsa_io *io)
{
	const struct fsa_file *f = io->file;
	struct fsa_stat st;
	NTSTATUS status = driver_of(f)->stat(file_node(f), &st);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!io->u.set_info.u.rename.replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return st.end_of_file > 0 ? NT_STATUS(INVALID_PARAMETER) : NT_STATUS_OK;
}

static NTSTATUS move_to_unnamed(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_node *stream = f->node;
	struct fsa_node *file = file_node(f);
	NTSTATUS status = move_data(io, stream, file);

	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->unlink(stream);
	}
	if (!NT_STATUS_IS_OK(status)) {
		if (!NT_STATUS_IS_OK(driver_of(f)->set_size(file, 0))) {
			LOG_ERR(LOG_FSA, "%s: what failed leaves data",
				f->name);
		}
		return status;
	}
	f->node = file;
	f->stream = NULL;
	talloc_free(stream);
	return status;
}

NTSTATUS stream_to_unnamed(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct file_id named = f->id;
	const struct file_id id = file_whole_id(f);
	NTSTATUS status = check_unnamed(io);

	if (NT_STATUS_IS_OK(status)) {
		status = upgrade(f, file_node(f));
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_switch_stream(f, &id, NULL);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = move_to_unnamed(io);
	if (!NT_STATUS_IS_OK(status)) {
		switch_back(f, &named, f->stream);
		return status;
	}
	fsa_notify_resized(f);
	return status;
}
