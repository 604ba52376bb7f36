/* vfs_modules/posix/name_index.c - finding a name without regard to case.
 *
 * See the header for why an index can be trusted.  A replay of events that
 * came while the directory was read is harmless: adding what is there and
 * removing what is not change nothing, and the last event about a name is
 * right about it.  When the kernel has dropped events, all indexes go.
 *
 * A directory is indexed when it is asked for a second time in a short while:
 * to read a small one once is cheaper than a watch. */
#include "vfs_modules/posix/name_index.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/utf16.h"
#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/casefold.h"
#include "vfs_modules/posix/name_table.h"
#include "vfs_modules/posix/read_dir.h"

#define MAX_DIRS   32
#define MAX_BYTES  ((size_t)128 << 20)
#define MAX_MISSES 16
#define IDLE_S	   10
#define EVENTS	   (IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_ONLYDIR)

struct dir_key {
	dev_t dev;
	ino_t ino;
};

struct indexed_dir {
	struct dir_key key;
	int wd;
	uint64_t used; /* when, in looks */
	struct name_table *names;
};

struct name_index {
	struct tevent_context *ev;
	struct tevent_timer *timer; /* there while dirs are */
	bool (*is_casefold)(int dir);
	int inotify;
	uint64_t seed;
	uint64_t looks;
	uint64_t looks_at_timer;
	unsigned int scans;
	size_t num_dirs;
	struct indexed_dir dirs[MAX_DIRS];
	unsigned int next_miss;
	struct dir_key misses[MAX_MISSES];
};

static int index_destructor(struct name_index *ix)
{
	if (ix->inotify != -1) {
		close(ix->inotify);
	}
	return 0;
}

NTSTATUS name_index_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			   struct name_index **out)
{
	struct name_index *ix = talloc_zero(mem_ctx, struct name_index);

	if (ix == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	ix->ev = ev;
	ix->is_casefold = casefold_is_on;
	ix->inotify = -1;
	if (getrandom(&ix->seed, sizeof(ix->seed), 0) != sizeof(ix->seed)) {
		talloc_free(ix);
		return ntstatus_from_errno(errno);
	}
	talloc_set_destructor(ix, index_destructor);
	*out = ix;
	return NT_STATUS_OK;
}

void name_index_set_casefold(struct name_index *ix,
			     bool (*is_casefold)(int dir))
{
	ix->is_casefold = is_casefold;
}

unsigned int name_index_scans(const struct name_index *ix)
{
	return ix->scans;
}

/* --- what is kept ----------------------------------------------------- */

static void forget_dir(struct name_index *ix, struct indexed_dir *d)
{
	inotify_rm_watch(ix->inotify, d->wd);
	talloc_free(d->names);
	*d = ix->dirs[--ix->num_dirs];
}

static void forget_all(struct name_index *ix)
{
	for (size_t i = 0; i < ix->num_dirs; i++) {
		talloc_free(ix->dirs[i].names);
	}
	ix->num_dirs = 0;
	if (ix->inotify != -1) {
		close(ix->inotify);
		ix->inotify = -1;
	}
}

static struct indexed_dir *oldest_dir(struct name_index *ix)
{
	struct indexed_dir *oldest = &ix->dirs[0];

	for (size_t i = 1; i < ix->num_dirs; i++) {
		if (ix->dirs[i].used < oldest->used) {
			oldest = &ix->dirs[i];
		}
	}
	return oldest;
}

static size_t bytes_kept(const struct name_index *ix)
{
	size_t n = 0;

	for (size_t i = 0; i < ix->num_dirs; i++) {
		n += name_table_bytes(ix->dirs[i].names);
	}
	return n;
}

static void make_room(struct name_index *ix)
{
	while (ix->num_dirs == MAX_DIRS ||
	       (ix->num_dirs > 0 && bytes_kept(ix) > MAX_BYTES)) {
		forget_dir(ix, oldest_dir(ix));
	}
}

static bool arm_timer(struct name_index *ix);

static void idle_check(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct name_index *ix = private_data;

	ix->timer = NULL;
	if (ix->looks == ix->looks_at_timer || !arm_timer(ix)) {
		forget_all(ix);
	}
}

static bool arm_timer(struct name_index *ix)
{
	ix->looks_at_timer = ix->looks;
	ix->timer = tevent_add_timer(ix->ev, ix,
				     tevent_timeval_current_ofs(IDLE_S, 0),
				     idle_check, ix);
	return ix->timer != NULL;
}

/* --- changes ------------------------------------------------------------ */

static struct indexed_dir *dir_of_watch(struct name_index *ix, int wd)
{
	for (size_t i = 0; i < ix->num_dirs; i++) {
		if (ix->dirs[i].wd == wd) {
			return &ix->dirs[i];
		}
	}
	return NULL;
}

static NTSTATUS add_name(struct name_table *t, uint64_t seed, const char *name)
{
	char buffer[SHOWN_NAME_SIZE];

	return name_table_add(
		t, shown_name_hash(shown_name(name, buffer), seed), name);
}

static void apply_event(struct name_index *ix, const struct inotify_event *e)
{
	struct indexed_dir *d = dir_of_watch(ix, e->wd);
	char buffer[SHOWN_NAME_SIZE];

	if (d == NULL) {
		return;
	}
	if ((e->mask & (IN_DELETE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0) {
		forget_dir(ix, d);
	} else if (e->len == 0 || strlen(e->name) > NAME_MAX) {
		return;
	} else if ((e->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
		if (!NT_STATUS_IS_OK(add_name(d->names, ix->seed, e->name))) {
			forget_dir(ix, d);
		}
	} else if ((e->mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
		name_table_remove(
			d->names,
			shown_name_hash(shown_name(e->name, buffer), ix->seed),
			e->name);
	}
}

/* One read of the queue; false when it is empty. */
static bool take_events(struct name_index *ix)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t n = read(ix->inotify, buffer, sizeof(buffer));
	const struct inotify_event *e;

	if (n <= 0) {
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			forget_all(ix);
		}
		return n < 0 && errno == EINTR;
	}
	for (ssize_t at = 0; at < n; at += (ssize_t)(sizeof(*e) + e->len)) {
		e = (const struct inotify_event *)(const void *)(buffer + at);
		if ((e->mask & IN_Q_OVERFLOW) != 0) {
			forget_all(ix);
			return false;
		}
		apply_event(ix, e);
	}
	/* A read that left room for one more had them all. */
	return ix->inotify != -1 &&
	       (size_t)n + sizeof(*e) + NAME_MAX + 1 > sizeof(buffer);
}

/* --- reading a directory ------------------------------------------------- */

struct look {
	const char *name;
	char *out;
	bool found; /* in another case */
	bool exact;
};

static bool look_at(const char *disk, void *private_data)
{
	struct look *l = private_data;
	char buffer[SHOWN_NAME_SIZE];

	if (strcmp(disk, l->name) == 0) {
		l->exact = true;
	} else if (l->found ||
		   utf8_casecmp(shown_name(disk, buffer), l->name) != 0) {
		return true;
	}
	l->found = true;
	memcpy(l->out, disk, strlen(disk) + 1);
	return !l->exact;
}

static NTSTATUS find_by_scan(struct name_index *ix, int dir, const char *name,
			     char *out)
{
	struct look l = {.name = name, .out = out};
	NTSTATUS status;

	ix->scans++;
	status = read_dir_all(dir, look_at, &l);
	if (NT_STATUS_IS(status, ACCESS_DENIED)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return l.found ? NT_STATUS_OK : NT_STATUS(OBJECT_NAME_NOT_FOUND);
}

struct fill {
	struct name_index *ix;
	struct name_table *names;
	NTSTATUS status;
};

static bool fill_one(const char *disk, void *private_data)
{
	struct fill *f = private_data;

	f->status = add_name(f->names, f->ix->seed, disk);
	return NT_STATUS_IS_OK(f->status) &&
	       name_table_bytes(f->names) <= MAX_BYTES;
}

/* Whether inotify tells of all changes to the directory. */
static bool is_watchable(int dir)
{
	static const uint32_t kinds[] = {
		0xef53 /* ext */,     0x58465342 /* xfs */,
		BTRFS_SUPER_MAGIC,    TMPFS_MAGIC,
		F2FS_SUPER_MAGIC,     OVERLAYFS_SUPER_MAGIC,
		0x2fc12fc1 /* zfs */, 0xca451a4e /* bcachefs */,
		REISERFS_SUPER_MAGIC, RAMFS_MAGIC,
		0x3153464a /* jfs */,
	};
	struct statfs fs;

	if (fstatfs(dir, &fs) != 0) {
		return false;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if ((uint32_t)fs.f_type == kinds[i]) {
			return true;
		}
	}
	return false;
}

static int watch(struct name_index *ix, int dir)
{
	char path[64];

	if (ix->inotify == -1) {
		ix->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	}
	if (ix->inotify == -1) {
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	return inotify_add_watch(ix->inotify, path, EVENTS);
}

/* The new index of a directory, or NULL: there can be none. */
static struct indexed_dir *index_dir(struct name_index *ix, int dir,
				     const struct dir_key *key)
{
	struct fill f = {.ix = ix, .status = NT_STATUS_OK};
	NTSTATUS status;
	int wd;

	if (!is_watchable(dir) || (ix->timer == NULL && !arm_timer(ix))) {
		return NULL;
	}
	make_room(ix);
	f.names = name_table_create(ix);
	wd = f.names == NULL ? -1 : watch(ix, dir);
	if (wd == -1) {
		LOG_DEBUG(LOG_VFS, "no watch on a directory: %s",
			  strerror(errno));
		talloc_free(f.names);
		return NULL;
	}
	ix->scans++;
	status = read_dir_all(dir, fill_one, &f);
	if (!NT_STATUS_IS_OK(status) || !NT_STATUS_IS_OK(f.status) ||
	    name_table_bytes(f.names) > MAX_BYTES) {
		inotify_rm_watch(ix->inotify, wd);
		talloc_free(f.names);
		return NULL;
	}
	ix->dirs[ix->num_dirs] =
		(struct indexed_dir){.key = *key, .wd = wd, .names = f.names};
	return &ix->dirs[ix->num_dirs++];
}

/* --- looking ------------------------------------------------------------- */

static bool same_key(const struct dir_key *a, const struct dir_key *b)
{
	return a->ino == b->ino && a->dev == b->dev;
}

static bool was_missed(struct name_index *ix, const struct dir_key *key)
{
	for (unsigned int i = 0; i < MAX_MISSES; i++) {
		if (same_key(&ix->misses[i], key)) {
			return true;
		}
	}
	ix->misses[ix->next_miss++ % MAX_MISSES] = *key;
	return false;
}

static struct indexed_dir *lookup_dir(struct name_index *ix,
				      const struct dir_key *key)
{
	for (size_t i = 0; i < ix->num_dirs; i++) {
		if (same_key(&ix->dirs[i].key, key)) {
			return &ix->dirs[i];
		}
	}
	return NULL;
}

static bool is_same_name(const char *disk, void *private_data)
{
	char buffer[SHOWN_NAME_SIZE];

	return utf8_casecmp(shown_name(disk, buffer), private_data) == 0;
}

static NTSTATUS find_in(struct name_index *ix, struct indexed_dir *d,
			const char *name, char *out)
{
	uint32_t hash = shown_name_hash(name, ix->seed);
	const char *disk;

	d->used = ix->looks;
	disk = name_table_lookup_exact(d->names, hash, name);
	if (disk == NULL) {
		disk = name_table_lookup(d->names, hash, is_same_name,
					 (void *)(uintptr_t)name);
	}
	if (disk == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	memcpy(out, disk, strlen(disk) + 1);
	return NT_STATUS_OK;
}

static NTSTATUS find_key(struct name_index *ix, const struct dir_key *key,
			 int dir, const char *name, char *out)
{
	struct indexed_dir *d = lookup_dir(ix, key);

	if (d == NULL && was_missed(ix, key)) {
		d = index_dir(ix, dir, key);
	}
	return d == NULL ? find_by_scan(ix, dir, name, out)
			 : find_in(ix, d, name, out);
}

static NTSTATUS begin_look(struct name_index *ix, int dir, struct dir_key *out)
{
	struct stat st;

	if (fstat(dir, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	*out = (struct dir_key){.dev = st.st_dev, .ino = st.st_ino};
	ix->looks++;
	while (ix->num_dirs > 0 && take_events(ix)) {
	}
	return NT_STATUS_OK;
}

NTSTATUS name_index_find(struct name_index *ix, int dir, const char *name,
			 char out[NAME_MAX + 1])
{
	struct dir_key key;
	NTSTATUS status = begin_look(ix, dir, &key);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (lookup_dir(ix, &key) == NULL && casefold_is_certain(name) &&
	    ix->is_casefold(dir)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	return find_key(ix, &key, dir, name, out);
}

NTSTATUS name_index_spelling(struct name_index *ix, int dir, const char *name,
			     char out[NAME_MAX + 1])
{
	struct dir_key key;
	NTSTATUS status = begin_look(ix, dir, &key);

	return NT_STATUS_IS_OK(status) ? find_key(ix, &key, dir, name, out)
				       : status;
}
