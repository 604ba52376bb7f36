/* fsa/rename.c - FileRenameInformation and FileLinkInformation
 * ([MS-FSA] 2.1.5.15.12, 2.1.5.15.7). */
#include <string.h>

#include "fsa/dir_lease.h"
#include "fsa/file.h"
#include "fsa/filters.h"
#include "fsa/hidden.h"
#include "fsa/mangle.h"
#include "fsa/name.h"
#include "fsa/notify.h"
#include "fsa/oplock.h"
#include "fsa/posix.h"
#include "fsa/protect.h"
#include "fsa/share.h"
#include "lib/log.h"

/* A name that the request gave, without a stream. */
static NTSTATUS parse_target(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
			     const char *text, const char **out)
{
	struct fsa_name name;
	NTSTATUS status;

	if (text == NULL || *text == '\0') {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = f->posix ? fsa_posix_name_parse(mem_ctx, text, &name)
			  : fsa_name_parse(mem_ctx, text, &name);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (name.type != FSA_STREAM_UNSAID || name.stream != NULL ||
	    *name.path == '\0') {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	status = hidden_check(f->volume, name.path);
	*out = name.path;
	if (!NT_STATUS_IS_OK(status) || f->posix) {
		return status;
	}
	return mangle_resolve(mem_ctx, f->volume, name.path, out);
}

/* As rename(2) has it: a directory that is empty, by another one; the driver
 * sees whether it is. */
static NTSTATUS check_kinds(const struct fsa_node *n,
			    const struct fsa_node *target)
{
	if (n->directory == target->directory) {
		return NT_STATUS_OK;
	}
	return target->directory ? NT_STATUS(FILE_IS_A_DIRECTORY)
				 : NT_STATUS(NOT_A_DIRECTORY);
}

/* Whether a file of that name may be replaced. */
static NTSTATUS check_replace(struct fsa_io *io, struct fsa_node *target,
			      const struct fsa_stat *st)
{
	const struct fsa_set_info *s = &io->u.set_info;
	bool readonly = (st->attributes & FILE_ATTRIBUTE_READONLY) != 0 &&
			!io->file->posix;
	uint32_t needs = DELETE_ACCESS;
	const struct file_id id = {.device = target->device,
				   .inode = target->inode};
	bool open = false;
	bool delete_pending = false;
	NTSTATUS status;

	if (!s->u.rename.replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (io->file->posix) {
		status = check_kinds(file_node(io->file), target);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	} else if (st->directory ||
		   (readonly && !s->u.rename.ignore_readonly)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	/* As FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE: not past who may not
	 * take the attribute away. */
	needs |= readonly ? FILE_WRITE_ATTRIBUTES : 0;
	status = protect_check(io, target, needs);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* Who only keeps his handle lets it go. */
	status = oplock_give_way(io, &id);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_is_open(io->volume, &id, &open, &delete_pending);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (delete_pending) {
		return NT_STATUS(DELETE_PENDING);
	}
	return open && !s->u.rename.posix && !io->file->posix
		       ? NT_STATUS(ACCESS_DENIED)
		       : NT_STATUS_OK;
}

/* What stands at the new name, if anything but the file itself does: that is to
 * be replaced, then, and *out is its node; else NULL. */
static NTSTATUS check_target(struct fsa_io *io, const char *path,
			     struct fsa_node **out)
{
	struct fsa_file *f = io->file;
	const struct fsa_how how = {.path = path,
				    .access = FILE_READ_ATTRIBUTES,
				    .reparse_point = true,
				    .posix = f->posix};
	struct fsa_node *target = NULL;
	struct fsa_stat st;
	NTSTATUS status;

	status = driver_of(f)->open(f, f->volume->mount, &how, &target, &st);
	*out = NULL;
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (target->device == file_node(f)->device &&
	    target->inode == file_node(f)->inode) {
		talloc_free(target);
		return NT_STATUS_OK;
	}
	status = check_replace(io, target, &st);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(target);
		return status;
	}
	*out = target;
	return NT_STATUS_OK;
}

/* Puts the file at path, by the driver's rename() or link(); what is there
 * (target, if not NULL) the filters are told of. */
static NTSTATUS put_at(const struct fsa_io *io, const char *path, bool replace,
		       struct fsa_node *target,
		       NTSTATUS (*put)(struct fsa_node *n, const char *path,
				       bool replace))
{
	struct filters_loss l = {.loss = {.kind = FSA_LOSS_REPLACE,
					  .volume = io->file->volume,
					  .node = target,
					  .who = io->identity}};
	NTSTATUS status = NT_STATUS_OK;

	if (target == NULL) {
		return put(file_node(io->file), path, replace);
	}
	status = filters_losing(&l);
	if (NT_STATUS_IS_OK(status)) {
		status = put(file_node(io->file), path, replace);
		filters_lost(&l, status);
	}
	return status;
}

struct place {
	struct fsa_io *io;
	const char *path;
	NTSTATUS (*put)(struct fsa_node *n, const char *path, bool replace);
	char *replaced; /* its path, on the file; NULL: none, or nobody cares */
};

static NTSTATUS put_locked(void *private_data)
{
	const struct place *p = private_data;

	return p->put(file_node(p->io->file), p->path,
		      p->io->u.set_info.u.rename.replace);
}

/* Somebody may have got HANDLE since the gate: looked at once more when nobody
 * can any more.  Filters may take longer, and do without. */
static NTSTATUS put_unless_kept(struct place *p, struct fsa_node *target)
{
	return p->io->volume->num_layers == 0
		       ? share_unless_kept(p->io, p->io->file, put_locked, p)
		       : put_at(p->io, p->path,
				p->io->u.set_info.u.rename.replace, target,
				p->put);
}

static NTSTATUS take_place_named(void *private_data)
{
	struct place *p = private_data;
	struct fsa_node *target = NULL;
	NTSTATUS status = check_target(p->io, p->path, &target);

	if (NT_STATUS_IS_OK(status)) {
		p->replaced =
			fsa_notify_node_path(p->io->file, p->io->file, target);
		status = put_unless_kept(p, target);
		talloc_free(target);
	}
	if (!NT_STATUS_IS_OK(status)) {
		TALLOC_FREE(p->replaced);
	}
	return status;
}

/* check_target() and put_at() while nobody else makes or opens a file there.
 * *out_replaced: for fsa_notify_renamed(), on io->file, or NULL. */
static NTSTATUS take_place(struct fsa_io *io, const char *path,
			   NTSTATUS (*put)(struct fsa_node *n, const char *path,
					   bool replace),
			   char **out_replaced)
{
	struct place p = {.io = io, .path = path, .put = put};
	NTSTATUS status =
		share_name_locked(io->volume, path, take_place_named, &p);

	*out_replaced = p.replaced;
	return status;
}

/* The directory of the new name is opened for a moment to add to it. */
static NTSTATUS check_directory(const struct fsa_io *io, const char *path,
				struct file_id *out_id)
{
	struct fsa_file *f = io->file;
	const char *last = strrchr(path, '\\');
	size_t length = last == NULL ? 0 : (size_t)(last - path);
	struct fsa_how how = {.access = FILE_READ_ATTRIBUTES,
			      .posix = f->posix};
	uint32_t access =
		file_node(f)->directory ? FILE_ADD_SUBDIRECTORY : FILE_ADD_FILE;
	struct fsa_node *dir = NULL;
	struct file_id id;
	struct fsa_stat st;
	NTSTATUS status;
	char *parent = talloc_strndup(f, path, length);

	if (parent == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	how.path = parent;
	status = driver_of(f)->open(f, f->volume->mount, &how, &dir, &st);
	talloc_free(parent);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)
			       ? NT_STATUS(OBJECT_PATH_NOT_FOUND)
			       : status;
	}
	id = (struct file_id){.device = dir->device, .inode = dir->inode};
	status = protect_check(io, dir, access);
	talloc_free(dir);
	*out_id = id;
	return NT_STATUS_IS_OK(status) ? share_probe_add(f->volume, &id, access)
				       : status;
}

static NTSTATUS check_source(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	bool open_below = false;
	NTSTATUS status;

	if (*f->name == '\0') {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (share_is_delete_pending(f) ||
	    !driver_of(f)->is_linked(file_node(f))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (!file_node(f)->directory || f->posix ||
	    (f->volume->posix_rename && *f->volume->macos)) {
		return NT_STATUS_OK;
	}
	status = share_is_open_below(io, f->name, &open_below);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return open_below ? NT_STATUS(ACCESS_DENIED) : NT_STATUS_OK;
}

/* The archive bit says that a backup has work to do (2.1.5.15.12); that it
 * could not be set does not undo the renaming. */
void file_mark_archive(struct fsa_file *f)
{
	struct fsa_basic basic = {0};
	struct fsa_stat st;
	NTSTATUS status = driver_of(f)->stat(file_node(f), &st);

	if (!NT_STATUS_IS_OK(status) || st.directory ||
	    (st.attributes & FILE_ATTRIBUTE_ARCHIVE) != 0) {
		return;
	}
	basic.attributes = (st.attributes & ~FILE_ATTRIBUTE_NORMAL) |
			   FILE_ATTRIBUTE_ARCHIVE;
	status = driver_of(f)->set_basic(file_node(f), &basic);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_DEBUG(LOG_FSA, "%s: no archive bit: %s", f->name,
			  ntstatus_name(status));
	}
}

/* 2.1.5.15.12: those on the directory that f was in, and on that it is in. */
static void moved_leases(struct fsa_file *f, const struct file_id *to)
{
	if (!file_id_equal(&f->left, to)) {
		dir_lease_break(f, to);
	}
	dir_lease_left(f);
}

static NTSTATUS rename_to(struct fsa_io *io, const char *path)
{
	struct fsa_file *f = io->file;
	struct file_id directory = {0};
	NTSTATUS status = check_directory(io, path, &directory);
	const char *name;
	char *old_path, *replaced = NULL;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	name = talloc_strdup(f, path);
	if (name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	old_path = fsa_notify_path(f, f);
	dir_lease_note(f);
	status = take_place(io, path, driver_of(f)->rename, &replaced);
	if (!NT_STATUS_IS_OK(status)) {
		dir_lease_stays(f);
		talloc_free(old_path);
		talloc_free((void *)(uintptr_t)name);
		return status;
	}
	file_mark_archive(f);
	moved_leases(f, &directory);
	if (file_node(f)->directory) {
		share_moved_below(f, f->name);
	}
	fsa_notify_renamed(f, old_path, replaced);
	if (f->stream == NULL && !f->node->directory) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_ATTRIBUTES);
	}
	talloc_free(replaced);
	talloc_free(old_path);
	status = share_renamed(f, name);
	return NT_STATUS_IS_OK(status) ? file_keep_times(f) : status;
}

NTSTATUS fsa_rename(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	TALLOC_CTX *tmp = talloc_new(f);
	const char *path = NULL;
	NTSTATUS status = file_check_access(f, DELETE_ACCESS);

	if (NT_STATUS_IS_OK(status) && !f->posix && s->u.rename.name != NULL &&
	    s->u.rename.name[0] == ':') {
		talloc_free(tmp);
		return fsa_rename_stream(io);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = parse_target(tmp, f, s->u.rename.name, &path);
	}
	/* Windows: "file:stream" for a stream (smb2.streams.rename2) */
	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID) && f->stream != NULL &&
	    strchr(s->u.rename.name, ':') != NULL) {
		status = NT_STATUS(SHARING_VIOLATION);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_source(io);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = rename_to(io, path);
	}
	talloc_free(tmp);
	return status;
}

NTSTATUS fsa_link(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	TALLOC_CTX *tmp = talloc_new(f);
	const char *path = NULL;
	struct file_id directory = {0};
	char *replaced = NULL;
	NTSTATUS status;

	if (f->stream != NULL) {
		status = NT_STATUS(INVALID_PARAMETER);
	} else if (file_node(f)->directory) {
		status = NT_STATUS(FILE_IS_A_DIRECTORY);
	} else if (f->volume->read_only || share_is_delete_pending(f) ||
		   !driver_of(f)->is_linked(f->node)) {
		status = NT_STATUS(ACCESS_DENIED);
	} else {
		status = parse_target(tmp, f, s->u.rename.name, &path);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_directory(io, path, &directory);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = take_place(io, path, driver_of(f)->link, &replaced);
	}
	if (NT_STATUS_IS_OK(status)) {
		dir_lease_break(f, &directory);
		dir_lease_changed(f);
		fsa_notify_linked(f, path, replaced);
		talloc_free(replaced);
		status = file_keep_times(f);
	}
	talloc_free(tmp);
	return status;
}
