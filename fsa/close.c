/* fsa/close.c - FSA_CLOSE ([MS-FSA] 2.1.5.5): out of the record of share
 * modes, deleted if it is to be and this was the last, and gone. */
#include "fsa/file.h"
#include "fsa/share.h"

NTSTATUS fsa_close_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_close *c = &io->u.close;
	bool deleted = false;
	NTSTATUS status;

	c->stat = (struct fsa_stat){0};
	status = share_leave(f, io->identity, &deleted);
	if (f->stream != NULL) {
		NTSTATUS unmarked = share_unmark(f, io->identity, false);

		status = NT_STATUS_IS_OK(status) ? unmarked : status;
	}
	if (c->want_stat && !deleted &&
	    !NT_STATUS_IS_OK(driver_of(f)->stat(f->node, &c->stat))) {
		c->stat = (struct fsa_stat){0};
	}
	talloc_free(f);
	io->file = NULL;
	return status;
}
