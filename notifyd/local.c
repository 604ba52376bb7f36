/* notifyd/local.c - see local.h: by fanotify(7), or else by inotify(7). */
#include "notifyd/local_int.h"

NTSTATUS notify_local_create(TALLOC_CTX *mem_ctx,
			     const struct notify_local_args *args,
			     struct notify_local **out)
{
	NTSTATUS status = local_fanotify.create(mem_ctx, args, out);

	return NT_STATUS_IS(status, NOT_SUPPORTED)
		       ? local_inotify.create(mem_ctx, args, out)
		       : status;
}

NTSTATUS notify_local_watch(TALLOC_CTX *mem_ctx, struct notify_local *l,
			    const char *path, struct notify_local_dir **out)
{
	return l->kind->watch(mem_ctx, l, path, out);
}

bool notify_local_is_there(const struct notify_local_dir *d)
{
	return d->kind->is_there(d);
}

void notify_local_set_tree(struct notify_local_dir *d, bool tree)
{
	d->kind->set_tree(d, tree);
}

void notify_local_told(struct notify_local *l,
		       const struct notify_change_message *change)
{
	if (l->kind->told != NULL) {
		l->kind->told(l, change);
	}
}
