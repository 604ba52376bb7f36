/* db/backend_tdb.c - the back end over tdb.
 *
 * A lock is tdb's lock on the hash chain of the key.  In a volatile database
 * that is a robust mutex in the file's mapping: no system call without
 * contention, and free again when its holder is killed.  In a persistent one it
 * is a file lock, and changes are transactions. */
#include "db/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <tdb.h>
#include <time.h>

#include "lib/assert.h"
#include "lib/log.h"

struct tdb_backend {
	struct db_backend base;
	struct tdb_context *tdb; /* NULL when half-built or lost */
	time_t complained;	 /* of a store that failed */
};

#define COMPLAINT_SECONDS 60

#define DEFAULT_HASH_SIZE 1009

/* Two seconds for what others do in microseconds. */
#define LOCK_ALL_TRIES	    2000
#define LOCK_ALL_PAUSE_NSEC 1000000

static struct tdb_backend *tdb_of(struct db_backend *b)
{
	return (struct tdb_backend *)b;
}

static TDB_DATA to_tdb(struct blob b)
{
	return (TDB_DATA){.dptr = b.data, .dsize = b.length};
}

static struct blob from_tdb(TDB_DATA d)
{
	return (struct blob){.data = d.dptr, .length = d.dsize};
}

static NTSTATUS tdb_status(struct tdb_context *tdb)
{
	switch (tdb_error(tdb)) {
	case TDB_SUCCESS:
		return NT_STATUS_OK;
	case TDB_ERR_NOEXIST:
		return NT_STATUS(NOT_FOUND);
	case TDB_ERR_OOM:
		return NT_STATUS(NO_MEMORY);
	case TDB_ERR_RDONLY:
		return NT_STATUS(ACCESS_DENIED);
	case TDB_ERR_CORRUPT:
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	case TDB_ERR_IO:
		return NT_STATUS(IO_DEVICE_ERROR);
	default:
		return NT_STATUS(INTERNAL_DB_ERROR);
	}
}

/* --- life --------------------------------------------------------------- */

static void log_tdb(struct tdb_context *tdb, enum tdb_debug_level level,
		    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void log_tdb(struct tdb_context *tdb, enum tdb_debug_level level,
		    const char *fmt, ...)
{
	int our_level = level <= TDB_DEBUG_ERROR ? 1 : 10;
	char text[300];
	va_list ap;

	if (!log_enabled(LOG_DB, our_level)) {
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[strcspn(text, "\n")] = '\0';
	log_line(LOG_DB, our_level, "%s: %s", tdb_name(tdb), text);
}

static int tdb_backend_destructor(struct tdb_backend *b)
{
	if (b->tdb != NULL) {
		tdb_close(b->tdb);
	}
	return 0;
}

static int open_flags(const struct db_backend_params *params)
{
	int flags = TDB_INCOMPATIBLE_HASH;

	if (params->kind == DB_PERSISTENT) {
		return flags;
	}
	flags |= TDB_CLEAR_IF_FIRST | TDB_VOLATILE | TDB_NOSYNC;
	if (tdb_runtime_check_for_robust_mutexes()) {
		flags |= TDB_MUTEX_LOCKING;
	}
	return flags;
}

/* Of a file that is there and not empty nothing may be thrown away: tdb would
 * put a new database in the place of what it does not know for one. */
static int create_flag(const struct db_backend_params *params)
{
	struct stat st;

	if (params->must_exist ||
	    (params->kind == DB_PERSISTENT && stat(params->path, &st) == 0 &&
	     st.st_size > 0)) {
		return 0;
	}
	return O_CREAT;
}

static NTSTATUS damaged(const struct db_backend_params *params)
{
	LOG_ERR(LOG_DB, "%s is damaged: it must be restored from a copy",
		params->path);
	return NT_STATUS(INTERNAL_DB_CORRUPTION);
}

static NTSTATUS check_persistent(struct tdb_context *tdb,
				 const struct db_backend_params *params)
{
	return params->kind != DB_PERSISTENT || tdb_check(tdb, NULL, NULL) == 0
		       ? NT_STATUS_OK
		       : damaged(params);
}

static NTSTATUS backend_open(TALLOC_CTX *mem_ctx,
			     const struct db_backend_params *params,
			     struct db_backend **out)
{
	const struct tdb_logging_context log = {.log_fn = log_tdb};
	unsigned int size = params->hash_size;
	struct tdb_backend *b = talloc_zero(mem_ctx, struct tdb_backend);
	NTSTATUS status;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	b->base.ops = &db_backend_tdb;
	talloc_set_destructor(b, tdb_backend_destructor);
	b->tdb = tdb_open_ex(params->path,
			     (int)(size == 0 ? DEFAULT_HASH_SIZE : size),
			     open_flags(params), O_RDWR | create_flag(params),
			     0600, &log, NULL);
	if (b->tdb == NULL) {
		status = errno == EIO && params->kind == DB_PERSISTENT
				 ? damaged(params)
				 : ntstatus_from_errno(errno);
		talloc_free(b);
		return NT_STATUS_IS_OK(status) ? NT_STATUS(INTERNAL_DB_ERROR)
					       : status;
	}
	status = check_persistent(b->tdb, params);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(b);
		return status;
	}
	*out = &b->base;
	return NT_STATUS_OK;
}

static NTSTATUS backend_reopen(struct db_backend *base)
{
	struct tdb_backend *b = tdb_of(base);

	if (tdb_reopen(b->tdb) != 0) {
		b->tdb = NULL; /* tdb_reopen() has closed it */
		return NT_STATUS(INTERNAL_DB_ERROR);
	}
	return NT_STATUS_OK;
}

/* --- records ------------------------------------------------------------ */

static NTSTATUS backend_lock(struct db_backend *b, struct blob key)
{
	struct tdb_context *tdb = tdb_of(b)->tdb;

	return tdb_chainlock(tdb, to_tdb(key)) == 0 ? NT_STATUS_OK
						    : tdb_status(tdb);
}

static void backend_unlock(struct db_backend *b, struct blob key)
{
	int ret = tdb_chainunlock(tdb_of(b)->tdb, to_tdb(key));

	ASSERT(ret == 0);
}

struct parse_call {
	db_parse_fn fn;
	void *private_data;
	NTSTATUS status;
};

static int parse_found(TDB_DATA key, TDB_DATA data, void *private_data)
{
	struct parse_call *call = private_data;

	call->status = call->fn(from_tdb(data), call->private_data);
	return 0;
}

static NTSTATUS backend_parse(struct db_backend *b, struct blob key,
			      db_parse_fn fn, void *private_data)
{
	struct parse_call call = {.fn = fn, .private_data = private_data};
	struct tdb_context *tdb = tdb_of(b)->tdb;

	if (tdb_parse_record(tdb, to_tdb(key), parse_found, &call) != 0) {
		return tdb_status(tdb);
	}
	return call.status;
}

/* tdb says NOEXIST of a record that is new and finds no room: the file cannot
 * grow.  The log says so from time to time. */
static NTSTATUS store_failed(struct tdb_backend *b)
{
	time_t now = time(NULL);
	NTSTATUS status = tdb_status(b->tdb);

	if (NT_STATUS_IS(status, NOT_FOUND) || NT_STATUS_IS_OK(status)) {
		status = NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	if (b->complained == 0 || now - b->complained >= COMPLAINT_SECONDS) {
		b->complained = now;
		LOG_ERR(LOG_DB, "%s: a record cannot be stored: %s",
			tdb_name(b->tdb), ntstatus_name(status));
	}
	return status;
}

static NTSTATUS backend_store(struct db_backend *b, struct blob key,
			      const struct blob *parts, size_t num_parts)
{
	struct tdb_context *tdb = tdb_of(b)->tdb;
	TDB_DATA data[DB_BACKEND_PARTS];
	size_t i;

	ASSERT(num_parts <= DB_BACKEND_PARTS);
	for (i = 0; i < num_parts; i++) {
		data[i] = to_tdb(parts[i]);
	}
	if (tdb_storev(tdb, to_tdb(key), data, (int)num_parts, 0) != 0) {
		return store_failed(tdb_of(b));
	}
	return NT_STATUS_OK;
}

static NTSTATUS backend_erase(struct db_backend *b, struct blob key)
{
	struct tdb_context *tdb = tdb_of(b)->tdb;

	if (tdb_delete(tdb, to_tdb(key)) != 0 &&
	    tdb_error(tdb) != TDB_ERR_NOEXIST) {
		return tdb_status(tdb);
	}
	return NT_STATUS_OK;
}

struct traverse_call {
	db_traverse_fn fn;
	void *private_data;
};

static int traverse_found(struct tdb_context *tdb, TDB_DATA key, TDB_DATA data,
			  void *private_data)
{
	struct traverse_call *call = private_data;

	return call->fn(from_tdb(key), from_tdb(data), call->private_data) ? 0
									   : 1;
}

static NTSTATUS backend_traverse(struct db_backend *b, db_traverse_fn fn,
				 void *private_data)
{
	struct traverse_call call = {.fn = fn, .private_data = private_data};
	struct tdb_context *tdb = tdb_of(b)->tdb;

	if (tdb_traverse_read(tdb, traverse_found, &call) < 0) {
		return tdb_status(tdb);
	}
	return NT_STATUS_OK;
}

/* --- transactions ------------------------------------------------------- */

static NTSTATUS backend_transaction_start(struct db_backend *b)
{
	struct tdb_context *tdb = tdb_of(b)->tdb;

	return tdb_transaction_start(tdb) == 0 ? NT_STATUS_OK : tdb_status(tdb);
}

static NTSTATUS backend_transaction_commit(struct db_backend *b)
{
	struct tdb_context *tdb = tdb_of(b)->tdb;

	return tdb_transaction_commit(tdb) == 0 ? NT_STATUS_OK
						: tdb_status(tdb);
}

static void backend_transaction_cancel(struct db_backend *b)
{
	tdb_transaction_cancel(tdb_of(b)->tdb);
}

/* --- health ------------------------------------------------------------- */

/* A process killed within tdb leaves at worst a piece of the file that is in
 * no list, for tdb links and unlinks with single writes: all other records are
 * found.  So a repair keeps what a traverse finds, and writes all anew. */

struct saved {
	struct saved *next;
	struct blob key, value; /* children */
};

struct save_call {
	TALLOC_CTX *mem_ctx;
	struct saved *list;
	bool failed;
};

static bool copy_blob(TALLOC_CTX *mem_ctx, struct blob in, struct blob *out)
{
	out->data = talloc_size(mem_ctx, in.length + 1);
	if (out->data == NULL) {
		return false;
	}
	if (in.length > 0) {
		memcpy(out->data, in.data, in.length);
	}
	out->length = in.length;
	return true;
}

static int save_record(struct tdb_context *tdb, TDB_DATA key, TDB_DATA data,
		       void *private_data)
{
	struct save_call *call = private_data;
	struct saved *s = talloc(call->mem_ctx, struct saved);

	if (s == NULL || !copy_blob(s, from_tdb(key), &s->key) ||
	    !copy_blob(s, from_tdb(data), &s->value)) {
		call->failed = true;
		return 1;
	}
	s->next = call->list;
	call->list = s;
	return 0;
}

static void rescue_record(TDB_DATA key, TDB_DATA data, void *private_data)
{
	save_record(NULL, key, data, private_data);
}

/* What the lists lead to; if they lead nowhere, what looks like a record. */
static bool save_all(struct tdb_context *tdb, struct save_call *call)
{
	if (tdb_traverse_read(tdb, save_record, call) < 0 && !call->failed) {
		call->list = NULL;
		tdb_rescue(tdb, rescue_record, call);
	}
	return !call->failed;
}

static NTSTATUS repair_locked(struct tdb_context *tdb, TALLOC_CTX *mem_ctx)
{
	struct save_call call = {.mem_ctx = mem_ctx};
	struct saved *s;

	if (!save_all(tdb, &call)) {
		return NT_STATUS(NO_MEMORY);
	}
	if (tdb_wipe_all(tdb) != 0) {
		return tdb_status(tdb);
	}
	for (s = call.list; s != NULL; s = s->next) {
		if (tdb_store(tdb, to_tdb(s->key), to_tdb(s->value), 0) != 0) {
			return tdb_status(tdb);
		}
	}
	return NT_STATUS_OK;
}

/* Not for ever: who checks has other things to do. */
static bool lock_all(struct tdb_context *tdb)
{
	const struct timespec pause = {.tv_nsec = LOCK_ALL_PAUSE_NSEC};
	int i;

	for (i = 0; i < LOCK_ALL_TRIES; i++) {
		if (tdb_lockall_nonblock(tdb) == 0) {
			return true;
		}
		nanosleep(&pause, NULL);
	}
	return false;
}

static NTSTATUS backend_check(struct db_backend *base, bool *out_repaired)
{
	struct tdb_context *tdb = tdb_of(base)->tdb;
	NTSTATUS status = NT_STATUS_OK;
	bool damaged;

	if (!lock_all(tdb)) {
		return NT_STATUS(IO_TIMEOUT);
	}
	damaged = tdb_check(tdb, NULL, NULL) != 0;
	if (damaged) {
		TALLOC_CTX *mem_ctx = talloc_new(base);

		status = repair_locked(tdb, mem_ctx);
		talloc_free(mem_ctx);
	}
	tdb_unlockall(tdb);
	if (NT_STATUS_IS_OK(status)) {
		*out_repaired = damaged;
	}
	return status;
}

const struct db_backend_ops db_backend_tdb = {
	.name = "tdb",
	.open = backend_open,
	.reopen_after_fork = backend_reopen,
	.lock = backend_lock,
	.unlock = backend_unlock,
	.parse = backend_parse,
	.store = backend_store,
	.erase = backend_erase,
	.traverse = backend_traverse,
	.transaction_start = backend_transaction_start,
	.transaction_commit = backend_transaction_commit,
	.transaction_cancel = backend_transaction_cancel,
	.check = backend_check,
};
