/* smbd/orphans.c - see orphans.h. */
#include "smbd/orphans.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "locking/locking.h"
#include "messaging/messaging.h"

struct orphans {
	struct tevent_context *ev;
	struct locking *l;
};

struct orphan {
	struct orphans *all;
	struct server_id id;
};

/* Of one that ended in order nothing is left, and nothing is done. */
static void ended(struct tevent_context *ev, struct tevent_fd *fde,
		  uint16_t flags, void *private_data)
{
	struct orphan *o = talloc_get_type_abort(private_data, struct orphan);

	LOG_INFO(LOG_GENERAL, "process %u of an earlier master has ended",
		 (uint32_t)o->id.pid);
	locking_process_died(o->all->l, o->id.pid, true);
	talloc_free(o);
}

static NTSTATUS wait_for(struct orphans *all, const struct server_id *id,
			 int fd)
{
	struct orphan *o = talloc_zero(all, struct orphan);
	struct tevent_fd *fde = NULL;

	if (o != NULL) {
		*o = (struct orphan){.all = all, .id = *id};
		fde = tevent_add_fd(all->ev, o, fd, TEVENT_FD_READ, ended, o);
	}
	if (fde == NULL) {
		close(fd);
		talloc_free(o);
		return NT_STATUS(NO_MEMORY);
	}
	tevent_fd_set_auto_close(fde);
	return NT_STATUS_OK;
}

/* Before it is opened the process may end, and its pid be used again; not
 * after. */
static NTSTATUS watch(struct orphans *all, const struct server_id *id)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)id->pid, 0);

	if (fd == -1) {
		return errno == ESRCH ? NT_STATUS_OK
				      : ntstatus_from_errno(errno);
	}
	if (!server_id_exists(all->l->messaging, id)) {
		close(fd);
		return NT_STATUS_OK;
	}
	return wait_for(all, id, fd);
}

NTSTATUS orphans_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			struct locking *l, struct orphans **out)
{
	struct messaging_context *m = l->messaging;
	struct orphans *all = talloc_zero(mem_ctx, struct orphans);
	struct server_id *ids;
	size_t count;
	NTSTATUS status;

	if (all == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*all = (struct orphans){.ev = ev, .l = l};
	status = messaging_list(all, m, &ids, &count);
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < count; i++) {
		if (!server_id_equal(&ids[i], messaging_id(m))) {
			status = watch(all, &ids[i]);
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(all);
		return status;
	}
	talloc_free(ids);
	*out = all;
	return NT_STATUS_OK;
}
