/* notifyd/local_inotify.c - see local.h: inotify(7), for who is not root.
 *
 * A node is a directory that is looked at: one that is watched, or one in a
 * tree that is.  A tree is walked a few directories at a time.  An event
 * changes the nodes when it is read and is told HOLD_MSEC later, unless it is
 * our own by then (local_own.h). */
#include "notifyd/local_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dlist.h"
#include "lib/log.h"
#include "locking/notify_board.h"
#include "notifyd/local_own.h"

#define BUCKETS	  4096
#define READ_SIZE 65536
#define HOLD_MSEC 200
#define WALK_STEP 64 /* directories at a time */
#define MASK                                                                   \
	(IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB | IN_CLOSE_WRITE |        \
	 IN_ONLYDIR | IN_DONT_FOLLOW)

struct node {
	struct node *prev, *next; /* of the same bucket */
	int wd;
	char *path;
	unsigned int users; /* that watch it itself */
};

struct ino_dir {
	struct notify_local_dir base;
	struct ino_dir *prev, *next; /* of the trees */
	struct ino *local;
	const char *path; /* lent */
	int wd;
	bool tree;
};

/* A directory of a tree that is to be looked at. */
struct todo {
	struct todo *prev, *next;
	bool tell; /* it is new: all in it is */
	uint64_t when;
	char path[];
};

struct event {
	struct event *prev, *next;
	struct timeval due;
	uint64_t when; /* local_own_now() */
	uint32_t cookie;
	uint32_t what; /* enum notify_what */
	uint32_t filter;
	bool directory;
	char *path, *old_path;
};

struct ino {
	struct notify_local base;
	struct notify_local_args args;
	int fd;
	struct local_own *own;
	struct node *nodes[BUCKETS]; /* by wd */
	struct ino_dir *trees;
	struct todo *todo;
	struct tevent_immediate *walk;
	struct event *events; /* the oldest first */
	struct tevent_timer *timer;
	bool complained;
	char buffer[READ_SIZE] __attribute__((aligned(8)));
};

/* --- nodes --------------------------------------------------------------- */

static bool is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

static bool is_in_tree(const struct ino *l, const char *path)
{
	for (const struct ino_dir *d = l->trees; d != NULL; d = d->next) {
		if (is_below(path, d->path) || strcmp(path, d->path) == 0) {
			return true;
		}
	}
	return false;
}

static struct node *node_of(const struct ino *l, int wd, const char *path)
{
	struct node *n = l->nodes[(unsigned int)wd % BUCKETS];

	while (n != NULL &&
	       (n->wd != wd || (path != NULL && strcmp(n->path, path) != 0))) {
		n = n->next;
	}
	return n;
}

/* The kernel's watch goes with the last node of it. */
static void node_free(struct ino *l, struct node *n)
{
	int wd = n->wd;

	DLIST_REMOVE(l->nodes[(unsigned int)wd % BUCKETS], n);
	talloc_free(n);
	if (node_of(l, wd, NULL) == NULL) {
		inotify_rm_watch(l->fd, wd);
	}
}

static void complain(struct ino *l, const char *path, int err)
{
	if (!l->complained && err != ENOENT && err != ENOTDIR) {
		LOG_WARN(LOG_GENERAL,
			 "%s: changes by programs are not seen: %s", path,
			 err == ENOSPC ? "see fs.inotify.max_user_watches"
				       : strerror(err));
		l->complained = true;
	}
}

/* The node of path, made when there is none; NULL when it cannot be looked
 * at. */
static struct node *node_get(struct ino *l, const char *path)
{
	int wd = inotify_add_watch(l->fd, *path == '\0' ? "/" : path, MASK);
	struct node *n;

	if (wd == -1) {
		complain(l, path, errno);
		return NULL;
	}
	n = node_of(l, wd, path);
	if (n != NULL) {
		return n;
	}
	n = talloc_zero(l, struct node);
	if (n != NULL) {
		n->wd = wd;
		n->path = talloc_strdup(n, path);
	}
	if (n == NULL || n->path == NULL) {
		talloc_free(n);
		complain(l, path, ENOMEM);
		return NULL;
	}
	DLIST_ADD(l->nodes[(unsigned int)wd % BUCKETS], n);
	return n;
}

/* Calls fn for the nodes at and below path; it may free its node. */
static void each_node(struct ino *l, const char *path,
		      void (*fn)(struct ino *l, struct node *n, const char *a,
				 const char *b),
		      const char *a, const char *b)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct node *next;

		for (struct node *n = l->nodes[i]; n != NULL; n = next) {
			next = n->next;
			if (strcmp(n->path, path) == 0 ||
			    is_below(n->path, path)) {
				fn(l, n, a, b);
			}
		}
	}
}

static void drop_unwanted(struct ino *l, struct node *n, const char *a,
			  const char *b)
{
	if (n->users == 0 && !is_in_tree(l, n->path)) {
		node_free(l, n);
	}
}

static void drop_unused(struct ino *l, struct node *n, const char *a,
			const char *b)
{
	if (n->users == 0) {
		node_free(l, n);
	}
}

/* What is watched itself is moved by who watches it. */
static void move_node(struct ino *l, struct node *n, const char *from,
		      const char *to)
{
	char *path = talloc_asprintf(n, "%s%s", to, n->path + strlen(from));

	if (n->users > 0 || path == NULL) {
		talloc_free(path);
		return;
	}
	talloc_free(n->path);
	n->path = path;
}

/* --- walking a tree ------------------------------------------------------ */

static void walk_on(struct ino *l);

static void walk_later(struct ino *l, const char *path, bool tell,
		       uint64_t when)
{
	size_t n = strlen(path) + 1;
	struct todo *t = talloc_size(l, sizeof(*t) + n);

	if (t == NULL) {
		complain(l, path, ENOMEM);
		return;
	}
	*t = (struct todo){.tell = tell, .when = when};
	memcpy(t->path, path, n);
	DLIST_ADD_END(l->todo, t);
	walk_on(l);
}

static struct event *event_add(struct ino *l, uint64_t when, uint32_t what,
			       const char *path);

static bool is_directory(int fd, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN) {
		return e->d_type == DT_DIR;
	}
	return fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

static void walk_entry(struct ino *l, const struct todo *t,
		       const struct dirent *e, bool directory)
{
	char *path = talloc_asprintf(l, "%s/%s", t->path, e->d_name);
	struct event *event;

	if (path == NULL) {
		return;
	}
	if (t->tell) {
		event = event_add(l, t->when, NOTIFY_ADDED, path);
		if (event != NULL) {
			event->directory = directory;
			event->filter = directory
						? FILE_NOTIFY_CHANGE_DIR_NAME
						: FILE_NOTIFY_CHANGE_FILE_NAME;
		}
	}
	if (directory) {
		walk_later(l, path, t->tell, t->when);
	}
	talloc_free(path);
}

/* The kernel looks before we list: what comes meanwhile is told. */
static void walk_directory(struct ino *l, const struct todo *t)
{
	const struct dirent *e;
	DIR *dir;

	if (!is_in_tree(l, t->path) || node_get(l, t->path) == NULL) {
		return;
	}
	dir = opendir(*t->path == '\0' ? "/" : t->path);
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0) {
			walk_entry(l, t, e, is_directory(dirfd(dir), e));
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
}

static void walk_step(struct tevent_context *ev, struct tevent_immediate *im,
		      void *private_data)
{
	struct ino *l = talloc_get_type_abort(private_data, struct ino);
	struct todo *t;

	for (int i = 0; i < WALK_STEP && (t = l->todo) != NULL; i++) {
		DLIST_REMOVE(l->todo, t);
		walk_directory(l, t);
		talloc_free(t);
	}
	if (l->todo != NULL) {
		walk_on(l);
	}
}

static void walk_on(struct ino *l)
{
	tevent_schedule_immediate(l->walk, l->args.ev, walk_step, l);
}

/* --- events that wait ---------------------------------------------------- */

static void events_due(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data);

static void wait_for_events(struct ino *l)
{
	if (l->timer == NULL && l->events != NULL) {
		l->timer = tevent_add_timer(l->args.ev, l, l->events->due,
					    events_due, l);
	}
}

static struct event *event_add(struct ino *l, uint64_t when, uint32_t what,
			       const char *path)
{
	struct event *e = talloc_zero(l, struct event);

	if (e != NULL) {
		e->path = talloc_strdup(e, path);
	}
	if (e == NULL || e->path == NULL) {
		talloc_free(e);
		complain(l, path, ENOMEM);
		return NULL;
	}
	e->due = tevent_timeval_current_ofs(0, HOLD_MSEC * 1000);
	e->when = when;
	e->what = what;
	DLIST_ADD_END(l->events, e);
	wait_for_events(l);
	return e;
}

static void tell(struct ino *l, const struct event *e)
{
	const struct notify_change_message change = {
		.version = 1,
		.what = e->what,
		.filter = e->filter,
		.directory = e->directory,
		.path = e->path,
		.old_path = e->old_path,
	};

	if (!local_own_is(l->own, e->what, e->path, e->old_path, e->when)) {
		l->args.changed(l->args.private_data, &change);
	}
}

static void events_due(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct ino *l = talloc_get_type_abort(private_data, struct ino);
	struct event *e;

	l->timer = NULL;
	while ((e = l->events) != NULL &&
	       tevent_timeval_compare(&e->due, &now) <= 0) {
		DLIST_REMOVE(l->events, e);
		if (e->cookie != 0 && e->what == NOTIFY_REMOVED &&
		    e->directory) {
			each_node(l, e->path, drop_unused, NULL, NULL);
		}
		tell(l, e);
		talloc_free(e);
	}
	wait_for_events(l);
}

/* --- what the kernel says ------------------------------------------------ */

static struct event *find_moved_from(const struct ino *l, uint32_t cookie)
{
	struct event *e = l->events;

	while (e != NULL &&
	       (e->cookie != cookie || e->what != NOTIFY_REMOVED)) {
		e = e->next;
	}
	return e;
}

/* The other half of a rename; false: there is no first. */
static bool complete_move(struct ino *l, const struct inotify_event *in,
			  const char *path)
{
	struct event *e = find_moved_from(l, in->cookie);

	if (e == NULL) {
		return false;
	}
	e->old_path = e->path;
	e->path = talloc_strdup(e, path);
	if (e->path == NULL) {
		e->path = e->old_path; /* removed, at least */
		e->old_path = NULL;
		return true;
	}
	e->what = NOTIFY_NEW_NAME;
	if (e->directory) {
		each_node(l, e->old_path, move_node, e->old_path, e->path);
	}
	return true;
}

static void handle_name(struct ino *l, const struct inotify_event *in,
			const char *path)
{
	static const struct {
		uint32_t bit;
		uint32_t what;
		uint32_t filter; /* 0: a name */
	} rows[] = {
		{IN_CREATE, NOTIFY_ADDED, 0},
		{IN_MOVED_FROM, NOTIFY_REMOVED, 0},
		{IN_MOVED_TO, NOTIFY_ADDED, 0},
		{IN_CLOSE_WRITE, NOTIFY_MODIFIED, LOCAL_WRITE_FILTER},
		{IN_ATTRIB, NOTIFY_MODIFIED, LOCAL_ATTRIB_FILTER},
		{IN_DELETE, NOTIFY_REMOVED, 0},
	};
	bool directory = (in->mask & IN_ISDIR) != 0;
	uint32_t names = directory ? FILE_NOTIFY_CHANGE_DIR_NAME
				   : FILE_NOTIFY_CHANGE_FILE_NAME;
	uint64_t when = local_own_now(l->own);

	if ((in->mask & IN_MOVED_TO) != 0 && complete_move(l, in, path)) {
		return;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *e = NULL;

		if ((in->mask & rows[i].bit) != 0) {
			e = event_add(l, when, rows[i].what, path);
		}
		if (e != NULL) {
			e->filter =
				rows[i].filter == 0 ? names : rows[i].filter;
			e->directory = directory;
			e->cookie = in->cookie;
		}
	}
	if (directory && (in->mask & (IN_CREATE | IN_MOVED_TO)) != 0 &&
	    is_in_tree(l, path)) {
		walk_later(l, path, (in->mask & IN_CREATE) != 0, when);
	}
}

static void gone(struct ino *l, int wd)
{
	struct node *n;

	while ((n = node_of(l, wd, NULL)) != NULL) {
		DLIST_REMOVE(l->nodes[(unsigned int)wd % BUCKETS], n);
		talloc_free(n);
	}
}

static void handle(struct ino *l, const struct inotify_event *in)
{
	struct node *next;

	if ((in->mask & IN_Q_OVERFLOW) != 0) {
		const struct notify_change_message lost = {.what = NOTIFY_LOST};

		l->args.changed(l->args.private_data, &lost);
		return;
	}
	if ((in->mask & IN_IGNORED) != 0) {
		gone(l, in->wd);
		return;
	}
	if (in->len == 0) {
		return; /* of the directory itself */
	}
	for (struct node *n = l->nodes[(unsigned int)in->wd % BUCKETS];
	     n != NULL; n = next) {
		char *path;

		next = n->next;
		if (n->wd != in->wd) {
			continue;
		}
		path = talloc_asprintf(l, "%s/%s", n->path, in->name);
		if (path != NULL) {
			handle_name(l, in, path);
		}
		talloc_free(path);
	}
}

static void read_events(struct ino *l)
{
	ssize_t size = read(l->fd, l->buffer, sizeof(l->buffer));
	const char *p = l->buffer;

	while (size > 0) {
		const struct inotify_event *in = (const void *)p;
		size_t n = sizeof(*in) + in->len;

		handle(l, in);
		p += n;
		size -= (ssize_t)n;
	}
}

static void readable(struct tevent_context *ev, struct tevent_fd *fde,
		     uint16_t flags, void *private_data)
{
	read_events(talloc_get_type_abort(private_data, struct ino));
}

/* What the kernel has said until now was there before it was told. */
static void told(struct notify_local *local,
		 const struct notify_change_message *change)
{
	struct ino *l = talloc_get_type_abort(local, struct ino);

	read_events(l);
	local_own_told(l->own, change);
}

/* --- who watches --------------------------------------------------------- */

static void set_tree(struct notify_local_dir *dir, bool tree)
{
	struct ino_dir *d = talloc_get_type_abort(dir, struct ino_dir);
	struct ino *l = d->local;

	if (d->tree == tree) {
		return;
	}
	d->tree = tree;
	if (tree) {
		DLIST_ADD(l->trees, d);
		walk_later(l, d->path, false, 0);
	} else {
		DLIST_REMOVE(l->trees, d);
		each_node(l, d->path, drop_unwanted, NULL, NULL);
	}
}

static int dir_destructor(struct ino_dir *d)
{
	struct ino *l = d->local;
	struct node *n = node_of(l, d->wd, d->path);

	set_tree(&d->base, false);
	if (n != NULL) {
		n->users--;
		drop_unwanted(l, n, NULL, NULL);
	}
	return 0;
}

static NTSTATUS watch(TALLOC_CTX *mem_ctx, struct notify_local *local,
		      const char *path, struct notify_local_dir **out)
{
	struct ino *l = talloc_get_type_abort(local, struct ino);
	struct ino_dir *d = talloc_zero(mem_ctx, struct ino_dir);
	struct node *n;

	if (d == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	n = node_get(l, path);
	if (n == NULL) {
		talloc_free(d);
		return NT_STATUS(NOT_SUPPORTED);
	}
	n->users++;
	d->base.kind = &local_inotify;
	d->local = l;
	d->wd = n->wd;
	d->path = path;
	talloc_set_destructor(d, dir_destructor);
	*out = &d->base;
	return NT_STATUS_OK;
}

/* What is there instead is looked at then: for who watches it next. */
static bool is_there(const struct notify_local_dir *dir)
{
	const struct ino_dir *d = (const struct ino_dir *)dir;
	const char *path = *d->path == '\0' ? "/" : d->path;

	return inotify_add_watch(d->local->fd, path, MASK) == d->wd &&
	       node_of(d->local, d->wd, d->path) != NULL;
}

/* --- life ---------------------------------------------------------------- */

static int ino_destructor(struct ino *l)
{
	notify_board_set_unsure(l->args.board, false);
	close(l->fd);
	return 0;
}

static NTSTATUS create(TALLOC_CTX *mem_ctx,
		       const struct notify_local_args *args,
		       struct notify_local **out)
{
	struct ino *l = talloc_zero(mem_ctx, struct ino);

	if (l == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	l->base.kind = &local_inotify;
	l->args = *args;
	l->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (l->fd == -1) {
		talloc_free(l);
		return NT_STATUS(NOT_SUPPORTED);
	}
	talloc_set_destructor(l, ino_destructor);
	l->own = local_own_create(l);
	l->walk = tevent_create_immediate(l);
	if (l->own == NULL || l->walk == NULL ||
	    tevent_add_fd(args->ev, l, l->fd, TEVENT_FD_READ, readable, l) ==
		    NULL) {
		talloc_free(l);
		return NT_STATUS(NO_MEMORY);
	}
	notify_board_set_unsure(args->board, true);
	*out = &l->base;
	return NT_STATUS_OK;
}

const struct local_kind local_inotify = {
	.create = create,
	.watch = watch,
	.is_there = is_there,
	.set_tree = set_tree,
	.told = told,
};
