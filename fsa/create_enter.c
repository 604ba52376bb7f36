/* fsa/create_enter.c - FSA_CREATE: the open enters the record of share modes.
 */
#include "fsa/create_int.h"
#include "fsa/kernel_oplock.h"
#include "fsa/oplock.h"
#include "lib/log.h"

/* The stream is there, or is made now. */
static NTSTATUS take_stream(struct creation *c)
{
	struct fsa_file *f = c->file;
	NTSTATUS status = NT_STATUS_OK;

	if (c->stream == NULL) {
		status = driver_of(f)->stream_make(f, f->node, f->stream,
						   &c->stream);
		if (NT_STATUS_IS(status, OBJECT_NAME_COLLISION)) {
			return NT_STATUS(RETRY);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		f->node = c->stream;
	}
	return status;
}

static NTSTATUS enter_stream(struct creation *c,
			     const struct share_claim_args *claim)
{
	struct fsa_file *f = c->file;
	NTSTATUS status = share_mark(f, claim, &c->entered);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = take_stream(c);
	if (NT_STATUS_IS_OK(status)) {
		status = share_enter(f, claim, &c->entered);
	}
	if (NT_STATUS_IS_OK(status)) {
		return status;
	}
	f->undone = c->file_made;
	if (!NT_STATUS_IS_OK(share_unmark(f, c->io->identity, c->file_made))) {
		LOG_ERR(LOG_FSA, "%s: an entry of a failed open stays",
			f->name);
	}
	c->file_made = false;
	return status;
}

/* Of a loose stream two opens may be making it, one of which has not written
 * anything so far. */
static uint32_t claimed_access(const struct creation *c)
{
	return c->name.stream != NULL && fsa_stream_is_loose(c->io->volume,
							     c->name.stream)
		       ? 0
		       : create_needed_access(c);
}

static enum grant_op grant_op_of(const struct creation *c)
{
	return c->file->node->directory
		       ? GRANT_OPS
		       : oplock_of_create(c->access,
					  c->course != COURSE_OPEN &&
						  c->course != COURSE_MAKE);
}

/* Nobody else, a filter or another server, has to be asked first. */
static bool may_cut(const struct creation *c)
{
	return c->course != COURSE_OPEN && c->course != COURSE_MAKE &&
	       c->name.stream == NULL && c->io->volume->num_layers == 0 &&
	       driver_of(c->file)->claim == NULL;
}

static NTSTATUS cut(void *private_data)
{
	struct creation *c = private_data;
	NTSTATUS status = driver_of(c->file)->set_size(c->file->node, 0);

	c->cut = NT_STATUS_IS_OK(status);
	return status;
}

NTSTATUS create_enter(struct creation *c)
{
	struct fsa_file *f = c->file;
	const struct fsa_caching_request *wanted = &c->args->caching_wanted;
	struct grant_request caching;
	struct share_claim_args claim = {
		.access = f->granted | claimed_access(c),
		.share = c->args->share_access,
		.uid = c->io->identity->uid,
		.op = grant_op_of(c),
		.named = c->named,
		.cut = may_cut(c) ? cut : NULL,
		.private_data = c,
	};
	bool caches = false;
	NTSTATUS status;

	f->id = (struct file_id){.device = f->node->device,
				 .inode = f->node->inode};
	if (f->stream != NULL) {
		f->id.stream = fsa_stream_id(f->stream);
	}
	f->delete_on_close = (c->args->options & FILE_DELETE_ON_CLOSE) != 0;
	status = oplock_prepare(f, c->args, &caching, &caches);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	caches = caches && kernel_oplock_take(f, &caching);
	claim.caching = caches ? &caching : NULL;
	status = f->stream == NULL ? share_enter(f, &claim, &c->entered)
				   : enter_stream(c, &claim);
	if (NT_STATUS_IS_OK(status)) {
		oplock_entered(f, claim.op, claim.caching, &c->entered.caching);
		kernel_oplock_keep(f, c->entered.caching.state);
	}
	if (NT_STATUS_IS_OK(status) && oplock_may_lease(f, wanted)) {
		f->parent_key = c->entered.caching.parent_key;
	}
	return status;
}

/* Programs that are not ours may have share modes too. */
NTSTATUS create_claim_from_others(const struct creation *c)
{
	const struct fsa_file *f = c->file;

	return driver_of(f)->claim == NULL || f->node->directory
		       ? NT_STATUS_OK
		       : driver_of(f)->claim(f->node,
					     f->granted | claimed_access(c),
					     c->args->share_access);
}
