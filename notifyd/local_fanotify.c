/* notifyd/local_fanotify.c - see local.h: fanotify(7), for root.  An event
 * names its directory by a file handle, which is compared with those of the
 * directories that are watched. */
#include "notifyd/local_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <time.h>
#include <unistd.h>

#include "lib/dlist.h"
#include "lib/log.h"
#include "lib/nt.h"
#include "locking/notify_board.h"
#include "notifyd/local_fs.h"

#define BUCKETS	      4096
#define READ_SIZE     65536
#define ASKED	      1024
#define READS_AT_ONCE 16
#define MASK                                                                   \
	(FAN_CREATE | FAN_DELETE | FAN_RENAME | FAN_ATTRIB | FAN_CLOSE_WRITE | \
	 FAN_EVENT_ON_CHILD | FAN_ONDIR)

struct fan_dir {
	struct notify_local_dir base;
	struct fan_dir *prev, *next;
	struct fan *local;
	const char *path;
	struct dir_key key;
	struct local_fs *fs; /* NULL: its file system cannot be looked at */
	bool tree;
};

struct fan {
	struct notify_local base;
	struct notify_local_args args;
	int fd;
	struct local_file_systems *file_systems;
	struct fan_dir *dirs[BUCKETS];
	struct {
		pid_t pid;
		time_t when;
		bool ours;
	} asked[ASKED]; /* who was asked for, within this second */
	uint8_t buffer[READ_SIZE];
};

/* --- directories --------------------------------------------------------- */

static struct fan_dir **bucket_of(struct fan *l, const struct dir_key *key)
{
	return &l->dirs[dir_key_hash(key) % BUCKETS];
}

static struct fan_dir *lookup(struct fan *l, const struct dir_key *key)
{
	struct fan_dir *d = *bucket_of(l, key);

	while (d != NULL && memcmp(&d->key, key, sizeof(*key)) != 0) {
		d = d->next;
	}
	return d;
}

static bool is_there(const struct notify_local_dir *dir)
{
	const struct fan_dir *d = (const struct fan_dir *)dir;
	struct dir_key now;
	int mount_id;

	return dir_key_of_path(*d->path == '\0' ? "/" : d->path, &now,
			       &mount_id) &&
	       memcmp(&now, &d->key, sizeof(now)) == 0;
}

static void set_tree(struct notify_local_dir *dir, bool tree);

/* The path may be gone, or another's, and the mark with it. */
static int dir_destructor(struct fan_dir *d)
{
	DLIST_REMOVE(*bucket_of(d->local, &d->key), d);
	if (lookup(d->local, &d->key) == NULL && is_there(&d->base)) {
		fanotify_mark(d->local->fd, FAN_MARK_REMOVE, MASK, AT_FDCWD,
			      d->path);
	}
	set_tree(&d->base, false);
	if (d->fs != NULL) {
		local_fs_release(d->fs);
	}
	return 0;
}

static NTSTATUS watch(TALLOC_CTX *mem_ctx, struct notify_local *local,
		      const char *path, struct notify_local_dir **out)
{
	const char *where = *path == '\0' ? "/" : path;
	struct fan *l = talloc_get_type_abort(local, struct fan);
	struct fan_dir *d = talloc_zero(mem_ctx, struct fan_dir);
	int mount_id;

	if (d == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	d->base.kind = &local_fanotify;
	d->local = l;
	d->path = path;
	if (!dir_key_of_path(where, &d->key, &mount_id) ||
	    fanotify_mark(l->fd, FAN_MARK_ADD | FAN_MARK_ONLYDIR, MASK,
			  AT_FDCWD, where) != 0) {
		talloc_free(d);
		return NT_STATUS(NOT_SUPPORTED);
	}
	d->fs = local_fs_get(l->file_systems, where, &d->key, mount_id);
	DLIST_ADD(*bucket_of(l, &d->key), d);
	talloc_set_destructor(d, dir_destructor);
	*out = &d->base;
	return NT_STATUS_OK;
}

static void set_tree(struct notify_local_dir *dir, bool tree)
{
	struct fan_dir *d = (struct fan_dir *)dir;

	if (d->fs == NULL || d->tree == tree) {
		return;
	}
	d->tree = tree;
	if (tree) {
		local_fs_add_tree(d->fs);
	} else {
		local_fs_remove_tree(d->fs);
	}
}

/* --- events -------------------------------------------------------------- */

static pid_t parent_of(pid_t pid)
{
	char path[32], text[512];
	const char *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return 0;
	}
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* "PID (NAME) S PPID", and the name may be anything. */
	p = strrchr(text, ')');
	return p != NULL && strlen(p) > 4 ? (pid_t)strtol(p + 4, NULL, 10) : 0;
}

static bool is_ours(struct fan *l, pid_t pid)
{
	size_t i = (size_t)pid % ASKED;
	time_t now = time(NULL);

	if (notify_board_is_ours(l->args.board, (uint32_t)pid)) {
		return true;
	}
	if (l->asked[i].pid != pid || l->asked[i].when != now) {
		l->asked[i].pid = pid;
		l->asked[i].when = now;
		l->asked[i].ours =
			pid == getppid() || parent_of(pid) == getppid();
	}
	return l->asked[i].ours;
}

/* An event taken apart: the path, and of a rename the old one; NULL: not said,
 * or not watched. */
struct event {
	uint64_t mask;
	char *path, *old_path;
};

/* On l; NULL for the directory itself.  Its handle, with the name behind it, is
 * at the end of info. */
static char *path_of(struct fan *l, const uint8_t *info)
{
	const uint8_t *p = info + sizeof(struct fanotify_event_info_fid);
	struct fanotify_event_info_fid fid;
	struct fan_dir *d;
	struct file_handle h;
	struct dir_key key = {0};
	const char *name, *path;

	memcpy(&fid, info, sizeof(fid));
	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	name = (const char *)p + h.handle_bytes;
	if (h.handle_bytes > MAX_HANDLE_SZ || strcmp(name, ".") == 0) {
		return NULL;
	}
	key.fsid = fid.fsid;
	key.type = (uint32_t)h.handle_type;
	key.length = h.handle_bytes;
	memcpy(key.handle, p, h.handle_bytes);
	d = lookup(l, &key);
	path = d != NULL ? d->path : local_fs_path(l->file_systems, &key);
	return path == NULL ? NULL : talloc_asprintf(l, "%s/%s", path, name);
}

static struct event take_apart(struct fan *l,
			       const struct fanotify_event_metadata *m,
			       const uint8_t *event)
{
	const uint8_t *p = event + m->metadata_len;
	const uint8_t *end = event + m->event_len;
	struct event e = {.mask = m->mask};
	struct fanotify_event_info_header header;

	while ((size_t)(end - p) >= sizeof(header)) {
		memcpy(&header, p, sizeof(header));
		switch (header.info_type) {
		case FAN_EVENT_INFO_TYPE_OLD_DFID_NAME:
			e.old_path = path_of(l, p);
			break;
		case FAN_EVENT_INFO_TYPE_DFID_NAME:
		case FAN_EVENT_INFO_TYPE_NEW_DFID_NAME:
			e.path = path_of(l, p);
			break;
		default:
			break;
		}
		if (header.len == 0 || header.len > end - p) {
			break;
		}
		p += header.len;
	}
	return e;
}

static void tell(struct fan *l, const struct event *e, enum notify_what what,
		 uint32_t filter)
{
	const struct notify_change_message change = {
		.version = 1,
		.what = what,
		.filter = filter,
		.directory = (e->mask & FAN_ONDIR) != 0,
		.path = e->path != NULL ? e->path : e->old_path,
		.old_path = e->path != NULL ? e->old_path : NULL,
	};

	if (change.path != NULL) {
		l->args.changed(l->args.private_data, &change);
	}
}

/* Several things that happened to one name, in the order they must have. */
static void tell_event(struct fan *l, const struct event *e)
{
	uint32_t names = (e->mask & FAN_ONDIR) != 0
				 ? FILE_NOTIFY_CHANGE_DIR_NAME
				 : FILE_NOTIFY_CHANGE_FILE_NAME;
	uint32_t modified = 0;

	if ((e->mask & FAN_RENAME) != 0) {
		tell(l, e,
		     e->path == NULL	   ? NOTIFY_REMOVED
		     : e->old_path == NULL ? NOTIFY_ADDED
					   : NOTIFY_NEW_NAME,
		     names);
		return;
	}
	if ((e->mask & FAN_CREATE) != 0) {
		tell(l, e, NOTIFY_ADDED, names);
	}
	if ((e->mask & FAN_CLOSE_WRITE) != 0) {
		modified |= LOCAL_WRITE_FILTER;
	}
	if ((e->mask & FAN_ATTRIB) != 0) {
		modified |= LOCAL_ATTRIB_FILTER;
	}
	if (modified != 0 && (e->mask & FAN_DELETE) == 0) {
		tell(l, e, NOTIFY_MODIFIED, modified);
	}
	if ((e->mask & FAN_DELETE) != 0) {
		tell(l, e, NOTIFY_REMOVED, names);
	}
}

static void handle(struct fan *l, const struct fanotify_event_metadata *m,
		   const uint8_t *records)
{
	struct event e;

	if ((m->mask & FAN_Q_OVERFLOW) != 0) {
		const struct notify_change_message lost = {.what = NOTIFY_LOST};

		l->args.changed(l->args.private_data, &lost);
		return;
	}
	if ((m->mask & FAN_ONDIR) != 0 &&
	    (m->mask & (FAN_RENAME | FAN_DELETE)) != 0) {
		local_fs_forget_paths(l->file_systems);
	}
	if (is_ours(l, m->pid)) {
		return;
	}
	e = take_apart(l, m, records);
	tell_event(l, &e);
	talloc_free(e.path);
	talloc_free(e.old_path);
}

/* Events follow each other without regard to their alignment. */
static void handle_all(struct fan *l, const uint8_t *p, size_t n)
{
	struct fanotify_event_metadata m;

	while (n >= sizeof(m)) {
		memcpy(&m, p, sizeof(m));
		if (m.vers != FANOTIFY_METADATA_VERSION ||
		    m.event_len < sizeof(m) || m.event_len > n) {
			return;
		}
		handle(l, &m, p);
		p += m.event_len;
		n -= m.event_len;
	}
}

static void readable(struct tevent_context *ev, struct tevent_fd *fde,
		     uint16_t flags, void *private_data)
{
	struct fan *l = talloc_get_type_abort(private_data, struct fan);

	for (int i = 0; i < READS_AT_ONCE; i++) {
		ssize_t n = read(l->fd, l->buffer, sizeof(l->buffer));

		if (n <= 0) {
			return;
		}
		handle_all(l, l->buffer, (size_t)n);
	}
}

/* --- life ---------------------------------------------------------------- */

static int local_destructor(struct fan *l)
{
	close(l->fd);
	return 0;
}

static NTSTATUS create(TALLOC_CTX *mem_ctx,
		       const struct notify_local_args *args,
		       struct notify_local **out)
{
	struct fan *l = talloc_zero(mem_ctx, struct fan);

	if (l == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	l->base.kind = &local_fanotify;
	l->args = *args;
	l->fd = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME |
				      FAN_NONBLOCK | FAN_CLOEXEC |
				      FAN_UNLIMITED_MARKS,
			      O_RDONLY | O_CLOEXEC);
	if (l->fd < 0) {
		talloc_free(l);
		return NT_STATUS(NOT_SUPPORTED);
	}
	talloc_set_destructor(l, local_destructor);
	l->file_systems = local_file_systems_create(l, l->fd, MASK);
	if (l->file_systems == NULL ||
	    tevent_add_fd(args->ev, l, l->fd, TEVENT_FD_READ, readable, l) ==
		    NULL) {
		talloc_free(l);
		return NT_STATUS(NO_MEMORY);
	}
	*out = &l->base;
	return NT_STATUS_OK;
}

const struct local_kind local_fanotify = {
	.create = create,
	.watch = watch,
	.is_there = is_there,
	.set_tree = set_tree,
};
