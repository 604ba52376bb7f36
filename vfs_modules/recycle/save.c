/* vfs_modules/recycle/save.c - what a CREATE overwrites is copied first.
 *
 *   recycle_down     a CREATE that may overwrite
 *   source_opened    what is there, if it is to be kept
 *   target_opened    the new file in the repository
 *   copied           its data
 *   source_closed    then both are closed,
 *   target_closed    and the CREATE goes on
 *   recycle_up       it failed: nothing was lost, so the copy goes
 *
 * All are operations of the user's, as below this filter; each may wait. */
#include <string.h>
#include <strings.h>

#include "lib/log.h"
#include "vfs_modules/recycle/recycle.h"

struct save {
	struct fsa_pass *pass;
	struct fsa_io io; /* the one under way */
	void (*next)(struct save *s, NTSTATUS status);
	char *name; /* of the file, share-relative */
	char *path; /* there */
	unsigned int version;
	uint64_t size;
	struct fsa_file *source;
	struct fsa_file *target;
	bool waits; /* down() has returned */
	bool cancelled;
	bool over;   /* all is done */
	bool failed; /* the copy is to be removed */
};

/* The pass's room. */
struct saved {
	char *path; /* of the copy; NULL: none was made */
};

static struct recycle *recycle_of(const struct save *s)
{
	return s->pass->layer->state;
}

/* --- one operation after the other -----------------------------------------
 */

static void io_done(struct fsa_io *io)
{
	struct save *s = io->private_data;

	s->next(s, io->status);
}

/* Carries out s->io, then next. */
static void carry_out(struct save *s, enum fsa_op op, struct fsa_file *file,
		      void (*next)(struct save *s, NTSTATUS status))
{
	const struct fsa_io *of = s->pass->io;
	NTSTATUS status;

	s->io.op = op;
	s->io.volume = s->pass->layer->volume;
	s->io.file = file;
	s->io.token = of->token;
	s->io.identity = of->identity;
	s->io.complete = io_done;
	s->io.private_data = s;
	s->next = next;
	status = fsa_layer_dispatch(s->pass->layer, &s->io);
	if (!NT_STATUS_IS(status, PENDING)) {
		next(s, status);
	}
}

static void finish(struct save *s)
{
	struct fsa_pass *p = s->pass;
	struct saved *room = fsa_pass_room(p, struct saved);
	bool waits = s->waits;
	bool cancelled = s->cancelled;

	if (s->failed || s->target == NULL) {
		TALLOC_FREE(s->path);
	}
	room->path = talloc_move(p->layer->state, &s->path);
	s->over = true;
	if (waits) {
		talloc_free(s);
		fsa_pass_resume(p, cancelled ? NT_STATUS(CANCELLED)
					     : NT_STATUS_OK);
	}
}

/* Nothing is overwritten then, and so nothing is to be kept. */
static void cancel(struct fsa_io *io)
{
	struct save *s = io->state;

	s->cancelled = true;
	s->failed = true;
	fsa_io_cancel(&s->io);
}

static void complain(const struct save *s, NTSTATUS status)
{
	LOG_WARN(LOG_VFS, "recycle: %s is not kept: %s", s->name,
		 ntstatus_name(status));
}

/* --- the steps, from the last ----------------------------------------------
 */

static void target_closed(struct save *s, NTSTATUS status)
{
	if (!NT_STATUS_IS_OK(status) && !s->failed) {
		complain(s, status);
	}
	finish(s);
}

static void close_target(struct save *s)
{
	s->io.u.close = (struct fsa_close){0};
	carry_out(s, FSA_CLOSE, s->target, target_closed);
}

static void target_marked(struct save *s, NTSTATUS status)
{
	close_target(s);
}

static void source_closed(struct save *s, NTSTATUS status)
{
	if (s->target == NULL) {
		finish(s);
	} else if (s->failed) {
		s->io.u.set_info = (struct fsa_set_info){
			.info_class = FileDispositionInformation,
			.u.disposition = FILE_DISPOSITION_DELETE};
		carry_out(s, FSA_SET_INFO, s->target, target_marked);
	} else {
		close_target(s);
	}
}

static void close_source(struct save *s)
{
	s->io.u.close = (struct fsa_close){0};
	carry_out(s, FSA_CLOSE, s->source, source_closed);
}

static void copied(struct save *s, NTSTATUS status)
{
	if (!NT_STATUS_IS_OK(status)) {
		s->failed = true;
		complain(s, status);
	}
	close_source(s);
}

static void open_target(struct save *s);

static void target_opened(struct save *s, NTSTATUS status)
{
	if (NT_STATUS_IS(status, OBJECT_PATH_NOT_FOUND)) {
		status = recycle_make_folders(s->pass->layer, s->path);
		if (NT_STATUS_IS_OK(status)) {
			open_target(s);
			return;
		}
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_COLLISION) &&
	    s->version + 1 < RECYCLE_MAX_VERSIONS) {
		s->version++;
		open_target(s);
		return;
	}
	if (!NT_STATUS_IS_OK(status)) {
		complain(s, status);
		close_source(s);
		return;
	}
	s->target = s->io.u.create.file;
	s->io.u.copy = (struct fsa_copy){.source = s->source, .whole = true};
	carry_out(s, FSA_COPY, s->target, copied);
}

static void open_target(struct save *s)
{
	bool versions = recycle_has_versions(recycle_of(s), s->name);

	talloc_free(s->path);
	s->path = recycle_name(s, recycle_of(s), s->name, s->version);
	if (s->path == NULL) {
		close_source(s);
		return;
	}
	s->io.u.create = (struct fsa_create){
		.name = s->path,
		.open_id = s->pass->io->u.create.open_id,
		.desired_access = FILE_WRITE_DATA | FILE_READ_DATA |
				  DELETE_ACCESS | FILE_WRITE_ATTRIBUTES,
		.share_access = FILE_SHARE_READ,
		.disposition = versions ? FILE_CREATE : FILE_SUPERSEDE,
		.options = FILE_NON_DIRECTORY_FILE,
	};
	carry_out(s, FSA_CREATE, NULL, target_opened);
}

static void source_opened(struct save *s, NTSTATUS status)
{
	struct fsa_create *c = &s->io.u.create;

	/* Not there, or the CREATE will fail for the same reason. */
	if (!NT_STATUS_IS_OK(status)) {
		finish(s);
		return;
	}
	s->source = c->file;
	s->size = c->stat.end_of_file;
	talloc_free(s->name);
	s->name = talloc_strdup(s, fsa_file_name(s->source));
	if (s->name == NULL || c->stat.directory || s->size == 0 ||
	    !recycle_wants(recycle_of(s), s->name, s->size)) {
		close_source(s);
		return;
	}
	open_target(s);
}

/* --- the CREATE ------------------------------------------------------------
 */

static bool may_overwrite(const struct fsa_create *c)
{
	return c->disposition == FILE_SUPERSEDE ||
	       c->disposition == FILE_OVERWRITE ||
	       c->disposition == FILE_OVERWRITE_IF;
}

NTSTATUS recycle_down(struct fsa_pass *p)
{
	const struct fsa_create *c = &p->io->u.create;
	const char *stream = strchr(c->name, ':');
	struct save *s;

	if (!may_overwrite(c) ||
	    (stream != NULL && strcasecmp(stream, "::$DATA") != 0)) {
		return NT_STATUS_OK;
	}
	s = talloc_zero(p->layer->state, struct save);
	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->pass = p;
	s->name = talloc_strdup(s, c->name);
	s->io.u.create = (struct fsa_create){
		.name = s->name,
		.open_id = c->open_id,
		.desired_access = FILE_READ_DATA | FILE_READ_ATTRIBUTES,
		.share_access = FILE_SHARE_ALL,
		.disposition = FILE_OPEN,
		.options = FILE_NON_DIRECTORY_FILE,
	};
	carry_out(s, FSA_CREATE, NULL, source_opened);
	if (!s->over) {
		s->waits = true;
		p->io->state = s;
		p->io->cancel = cancel;
		return NT_STATUS(PENDING);
	}
	talloc_free(s);
	return NT_STATUS_OK;
}

/* Removes a copy of what was not overwritten. */
static void take_back(const struct fsa_layer *l, const char *path)
{
	const struct fsa_driver *d = fsa_volume_driver(l->volume);
	const struct fsa_how how = {.path = path};
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	NTSTATUS status = d->open(l->state, fsa_volume_mount(l->volume), &how,
				  &node, &st);

	if (NT_STATUS_IS_OK(status)) {
		status = d->unlink(node);
		talloc_free(node);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_VFS, "recycle: %s stays: %s", path,
			 ntstatus_name(status));
	}
}

NTSTATUS recycle_up(struct fsa_pass *p, NTSTATUS status)
{
	struct saved *saved = fsa_pass_room(p, struct saved);

	if (saved->path != NULL && !NT_STATUS_IS_OK(status)) {
		take_back(p->layer, saved->path);
	}
	TALLOC_FREE(saved->path);
	return status;
}
