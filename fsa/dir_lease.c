/* fsa/dir_lease.c - see dir_lease.h. */
#include "fsa/dir_lease.h"

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

/* The directory that f's name is in, if somebody may have a lease on it. */
static bool find_leased(struct fsa_file *f, struct file_id *out)
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
	return share_grant_has_directory(modes_of(f), &id);
}

/* 2.1.4.12.2: it spares the lease that the key of f's parent is of. */
static struct grant_actor actor_of(const struct fsa_file *f)
{
	return (struct grant_actor){.client = f->lease_client,
				    .key = f->parent_key};
}

static NTSTATUS break_locked(struct share_mode_lock *l, void *private_data)
{
	const struct fsa_file *f = private_data;
	const struct grant_breaker b = oplock_breaker(f->volume->server);
	const struct grant_actor actor = actor_of(f);
	NTTIME until;

	return share_grant_break(l, GRANT_OP_CHILD, &actor, &b, &until);
}

void dir_lease_break(struct fsa_file *f, const struct file_id *directory)
{
	struct share_modes *modes =
		f->volume->server->params.locking->share_modes;
	const struct grant_actor actor = actor_of(f);
	bool any = false;
	NTSTATUS status = NT_STATUS_OK;

	if (share_grant_has_directory(modes, directory)) {
		status =
			share_grant_peek_others(modes, directory, &actor, &any);
	}
	if (NT_STATUS_IS_OK(status) && any) {
		status = oplock_do_locked(f->volume->server, directory,
					  break_locked, f);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s: a lease on its directory stays: %s",
			 f->name, ntstatus_name(status));
	}
}

void dir_lease_changed(struct fsa_file *f)
{
	struct file_id id;

	if (find_leased(f, &id)) {
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
	if (f->left.inode == 0 && !find_leased(f, &f->left)) {
		f->left = (struct file_id){0};
	}
}

void dir_lease_left(struct fsa_file *f)
{
	if (f->left.inode != 0) {
		dir_lease_break(f, &f->left);
		f->left = (struct file_id){0};
	}
}
