/* fsa/dir_lease.c - see dir_lease.h. */
#include "fsa/dir_lease.h"

#include <string.h>

#include "fsa/oplock.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/share_mode.h"

static const struct share_modes *modes_of(const struct fsa_file *f)
{
	return f->volume->server->params.locking->share_modes;
}

/* Directories may be of another device than the files in them (overlayfs): one
 * of them tells which. */
static bool may_be_any(const struct fsa_file *f)
{
	uint64_t of_directories = f->volume->directory_device;

	return dir_lease_is_possible(f->volume) &&
	       (of_directories == 0 ||
		share_grant_any_directory(modes_of(f), of_directories) ||
		share_grant_any_directory(modes_of(f), f->node->device));
}

/* The directory that f's name is in, if somebody may have a lease on one. */
static bool find_directory(struct fsa_file *f, struct file_id *out)
{
	struct file_id id = {0};
	NTSTATUS status;

	if (!may_be_any(f)) {
		return false;
	}
	status = driver_of(f)->parent(file_node(f), &id.device, &id.inode);
	if (!NT_STATUS_IS_OK(status)) {
		return false;
	}
	f->volume->directory_device = id.device;
	*out = id;
	return true;
}

/* The one that its name was in, when nobody had a lease on any before it went
 * and somebody may have by now. */
static bool find_left(struct fsa_file *f, struct file_id *out)
{
	const char *last = strrchr(f->name, '\\');
	struct fsa_how how = {.access = FILE_READ_ATTRIBUTES,
			      .posix = f->posix};
	struct fsa_node *dir = NULL;
	struct fsa_stat st;
	char *path;
	NTSTATUS status;

	if (!may_be_any(f)) {
		return false;
	}
	path = talloc_strndup(f, f->name,
			      last == NULL ? 0 : (size_t)(last - f->name));
	if (path == NULL) {
		return false;
	}
	how.path = path;
	status = driver_of(f)->open(f, f->volume->mount, &how, &dir, &st);
	talloc_free(path);
	if (!NT_STATUS_IS_OK(status)) {
		return false;
	}
	*out = (struct file_id){.device = dir->device, .inode = dir->inode};
	talloc_free(dir);
	return true;
}

struct breaking {
	struct fsa_server *server;
	struct grant_actor actor; /* whose lease is spared */
};

static NTSTATUS break_locked(struct share_mode_lock *l, void *private_data)
{
	const struct breaking *in = private_data;
	const struct grant_breaker b = oplock_breaker(in->server);
	NTTIME until;

	return share_grant_break(l, GRANT_OP_CHILD, &in->actor, &b, &until);
}

static void break_by(struct breaking *in, const struct file_id *directory)
{
	struct share_modes *modes = in->server->params.locking->share_modes;
	bool any = false;
	NTSTATUS status = NT_STATUS_OK;

	if (share_grant_has_directory(modes, directory)) {
		status = share_grant_peek_others(modes, directory, &in->actor,
						 &any);
	}
	if (NT_STATUS_IS_OK(status) && any) {
		status = oplock_do_locked(in->server, directory, break_locked,
					  in);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "a lease on a directory stays: %s",
			 ntstatus_name(status));
	}
}

void dir_lease_break_all(struct fsa_server *s, const struct file_id *directory)
{
	struct breaking in = {.server = s};

	break_by(&in, directory);
}

/* 2.1.4.12.2: that of the key which f's lease has as its parent's. */
void dir_lease_break(struct fsa_file *f, const struct file_id *directory)
{
	struct breaking in = {
		.server = f->volume->server,
		.actor = {.client = f->lease_client, .key = f->parent_key}};

	break_by(&in, directory);
}

void dir_lease_changed(struct fsa_file *f)
{
	struct file_id id;

	if (find_directory(f, &id)) {
		dir_lease_break(f, &id);
	}
}

/* Where it was made is known, if files lie on the device of directories. */
void dir_lease_added(struct fsa_file *f)
{
	const struct fsa_node *n = file_node(f);
	const struct file_id id = {.device = n->device,
				   .inode = n->parent_inode};

	if (id.inode == 0 || id.device != f->volume->directory_device) {
		dir_lease_changed(f);
	} else if (share_grant_has_directory(modes_of(f), &id)) {
		dir_lease_break(f, &id);
	}
}

void dir_lease_note(struct fsa_file *f)
{
	if (!f->leaves) {
		f->leaves = true;
		if (!find_directory(f, &f->left)) {
			f->left = (struct file_id){0};
		}
	}
}

void dir_lease_left(struct fsa_file *f)
{
	if (f->leaves && (f->left.inode != 0 || find_left(f, &f->left))) {
		dir_lease_break(f, &f->left);
	}
	dir_lease_stays(f);
}

void dir_lease_stays(struct fsa_file *f)
{
	f->leaves = false;
	f->left = (struct file_id){0};
}
