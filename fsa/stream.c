/* fsa/stream.c - named streams as a whole: which is which, listing them
 * ([MS-FSA] 2.1.5.12.29), renaming them (2.1.5.15.12.1). */
#include "fsa/file.h"
#include "fsa/filter.h"
#include "fsa/name.h"
#include "fsa/share.h"
#include "fsa/stream.h"
#include "lib/log.h"
#include "lib/utf16.h"

/* FNV-1a.  Two streams of one file that meet in an id share a record of share
 * modes, which refuses too much and never too little. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

uint64_t fsa_stream_id(const char *name)
{
	uint64_t hash = HASH_START;

	while (*name != '\0') {
		uint32_t c = utf16_upcase(utf8_next(&name));

		for (unsigned int i = 0; i < 32; i += 8) {
			hash = (hash ^ ((c >> i) & 0xff)) * HASH_PRIME;
		}
	}
	return hash == 0 ? 1 : hash;
}

void fsa_volume_set_loose_streams(struct fsa_volume *v,
				  const char *const *names)
{
	v->loose_streams = names;
}

bool fsa_stream_is_loose(const struct fsa_volume *v, const char *name)
{
	const char *const *n = v->loose_streams;

	while (n != NULL && *n != NULL && utf8_casecmp(*n, name) != 0) {
		n++;
	}
	return n != NULL && *n != NULL;
}

/* --- listing ------------------------------------------------------------- */

NTSTATUS fsa_list_streams(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_driver *d = driver_of(f);
	struct fsa_query_info *q = &io->u.query_info;
	struct fsa_stream_entry e = {.name = "::$DATA"};
	struct fsa_stat st;
	NTSTATUS status;

	if (q->take_stream == NULL) {
		return NT_STATUS_OK;
	}
	if (!file_node(f)->directory) {
		status = d->stat(file_node(f), &st);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		e.end_of_file = st.end_of_file;
		e.allocation_size = st.allocation_size;
		q->take_stream(q->private_data, &e);
	}
	if (!f->volume->streams) {
		return NT_STATUS_OK;
	}
	return d->stream_each(file_node(f), q->take_stream, q->private_data);
}

/* --- renaming ------------------------------------------------------------ */

/* 2.1.5.15.12.1: malformed names are INVALID_PARAMETER here. */
static NTSTATUS parse_target(struct fsa_file *f, const char *text,
			     const char **out)
{
	enum fsa_stream_type type;
	const char *name = NULL;
	NTSTATUS status = fsa_stream_parse(f, text, &name, &type);

	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (type == FSA_STREAM_INDEX) {
		return NT_STATUS(OBJECT_TYPE_MISMATCH);
	}
	if ((name == NULL || f->stream == NULL) && file_node(f)->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = name; /* NULL: the unnamed one */
	return NT_STATUS_OK;
}

NTSTATUS stream_check_target(struct fsa_file *f, const char *name,
			     const struct file_id *id, bool replace)
{
	struct fsa_node *target = NULL;
	struct fsa_stat st;
	bool open = false, pending = false;
	NTSTATUS status =
		driver_of(f)->stream_open(f, file_node(f), name, &target);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(target, &st);
		talloc_free(target);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_is_open(f->volume, id, &open, &pending);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return open || st.end_of_file > 0 ? NT_STATUS(INVALID_PARAMETER)
					  : NT_STATUS_OK;
}

static NTSTATUS rename_stream(struct fsa_file *f, const char *name,
			      bool replace)
{
	struct file_id to = f->id;
	NTSTATUS status;

	to.stream = fsa_stream_id(name);
	if (to.stream == f->id.stream) {
		return NT_STATUS_OK;
	}
	status = stream_check_target(f, name, &to, replace);
	if (NT_STATUS_IS_OK(status)) {
		status = share_move_stream(f, &to);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = driver_of(f)->rename(f->node, name, replace);
	if (!NT_STATUS_IS_OK(status)) {
		to.stream = fsa_stream_id(f->stream);
		if (!NT_STATUS_IS_OK(share_move_stream(f, &to))) {
			LOG_ERR(LOG_FSA, "%s: a stream's entry is misplaced",
				f->name);
		}
		return status;
	}
	f->stream = name;
	return NT_STATUS_OK;
}

NTSTATUS fsa_rename_stream(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	const char *name = NULL;
	NTSTATUS status;

	if (!f->volume->streams || share_is_delete_pending(f)) {
		return f->volume->streams ? NT_STATUS(ACCESS_DENIED)
					  : NT_STATUS(INVALID_PARAMETER);
	}
	status = parse_target(f, s->u.rename.name, &name);
	if (!NT_STATUS_IS_OK(status) || (name == NULL && f->stream == NULL)) {
		return status;
	}
	if (name == NULL || f->stream == NULL) {
		return name == NULL ? stream_to_unnamed(io)
				    : stream_from_unnamed(io, name);
	}
	return rename_stream(f, name, s->u.rename.replace);
}
