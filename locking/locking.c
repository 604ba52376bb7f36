/* locking/locking.c - the databases that all processes share, together. */
#include "locking/locking.h"

#include "db/db.h"
#include "lib/log.h"
#include "locking/brlock.h"
#include "locking/client_store.h"
#include "locking/file_board.h"
#include "locking/name_lock.h"
#include "locking/notify.h"
#include "locking/open_store.h"
#include "locking/session_store.h"
#include "locking/share_mode.h"
#include "locking/tree_store.h"
#include "messaging/messaging.h"

static NTSTATUS open_sessions(struct locking *l, const char *dir,
			      bool must_exist)
{
	const char *client = talloc_asprintf(l, "%s/client.tdb", dir);
	const char *session = talloc_asprintf(l, "%s/session.tdb", dir);
	const char *tree = talloc_asprintf(l, "%s/tree.tdb", dir);
	NTSTATUS status;

	if (client == NULL || session == NULL || tree == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = client_store_open(l, l->db, l->messaging, client, must_exist,
				   &l->clients);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status =
		session_store_open(l, l->db, session, must_exist, &l->sessions);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return tree_store_open(l, l->db, tree, must_exist, &l->trees);
}

static NTSTATUS open_files(struct locking *l, const char *dir, bool must_exist)
{
	const char *open = talloc_asprintf(l, "%s/open.tdb", dir);
	const char *share_mode = talloc_asprintf(l, "%s/share_mode.tdb", dir);
	NTSTATUS status;

	if (open == NULL || share_mode == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = open_store_open(l, l->db, open, must_exist, &l->opens);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = name_locks_open(l, l->db, dir, must_exist, &l->names);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_modes_open(l, l->db, l->messaging, share_mode,
				  must_exist, &l->share_modes);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return brlocks_open(l, l->db, l->messaging, dir, must_exist,
			    &l->brlocks);
}

/* A tool, which opens only what is there, gets no locks or grants. */
static NTSTATUS open_board(struct locking *l, const char *dir, bool must_exist)
{
	char *path = NULL;
	NTSTATUS status;

	if (!must_exist) {
		path = talloc_asprintf(l, "%s/file.board", dir);
		if (path == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	status = file_board_create(l, path, &l->board);
	talloc_free(path);
	return status;
}

/* A tool, which opens only what is there, watches nothing. */
static NTSTATUS open_notify(struct locking *l, const char *dir, bool must_exist)
{
	char *board = NULL;
	NTSTATUS status;

	if (!must_exist) {
		board = talloc_asprintf(l, "%s/notify.board", dir);
		if (board == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	status = notify_client_create(l, l->messaging, board, &l->notify);
	talloc_free(board);
	return status;
}

NTSTATUS locking_open(TALLOC_CTX *mem_ctx, const char *lock_dir,
		      struct messaging_context *m, bool must_exist,
		      struct locking **out)
{
	struct locking *l = talloc_zero(mem_ctx, struct locking);
	NTSTATUS status;

	if (l == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	l->messaging = m;
	status = db_context_create(l, m, &l->db);
	if (NT_STATUS_IS_OK(status)) {
		status = open_sessions(l, lock_dir, must_exist);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_files(l, lock_dir, must_exist);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_board(l, lock_dir, must_exist);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_notify(l, lock_dir, must_exist);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(l);
		return status;
	}
	*out = l;
	return NT_STATUS_OK;
}

NTSTATUS locking_reopen_after_fork(struct locking *l)
{
	return db_reopen_after_fork(l->db);
}

static void tell_all(struct locking *l, const struct server_id *dead)
{
	uint8_t buf[32];
	struct blob payload = {.data = buf};
	NTSTATUS status;

	status = server_id_push_buf(dead, buf, sizeof(buf), &payload.length);
	if (NT_STATUS_IS_OK(status)) {
		messaging_broadcast(l->messaging, MSG_PROCESS_DIED, payload);
	}
}

static void forget(struct locking *l, const struct server_id *dead)
{
	brlock_forget(l->brlocks, dead);
	share_mode_forget(l->share_modes, dead);
	open_store_forget(l->opens, dead);
	tree_store_forget(l->trees, dead);
	session_store_forget(l->sessions, dead);
	client_store_forget(l->clients, dead);
}

void locking_process_died(struct locking *l, uint32_t pid, bool by_signal)
{
	struct server_id dead;
	NTSTATUS status;

	if (by_signal) {
		db_check_all(l->db);
	}
	status = messaging_bury(l->messaging, pid, &dead);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) &&
	    !NT_STATUS_IS_OK(messaging_find_pid(l->messaging, pid, &dead))) {
		/* Somebody met the dead one's socket first and removed it. */
		dead = (struct server_id){
			.node = messaging_id(l->messaging)->node, .pid = pid};
		status = NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		forget(l, &dead);
		tell_all(l, &dead);
	}
}
