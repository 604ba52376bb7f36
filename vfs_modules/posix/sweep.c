/* vfs_modules/posix/sweep.c - see sweep.h.
 *
 * The handle is kept in an attribute of the directory: the file system's id
 * (another one in a snapshot, whose handles are the original's), the handle's
 * type and its bytes.  All is done with the process's own rights. */
#include "vfs_modules/posix/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "lib/identity.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "vfs_modules/posix/read_dir.h"
#include "vfs_modules/posix/side_store.h"

#define OWNER_NAME  "user.holdfast.owner"
#define OWNER_MAX   (8 + 4 + MAX_HANDLE_SZ)
#define STAMP	    "../swept" /* in .holdfast: when that was done last */
#define A_DAY	    (24 * 60 * 60)
#define STEP	    32
#define BUFFER_SIZE 4096

/* A file handle with room for its bytes. */
union handle {
	struct file_handle h;
	uint8_t room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
};

/* --- owners -----------------------------------------------------------------
 */

/* What an unknown handle means is known of these. */
static bool get_file_system(int fd, uint64_t *out)
{
	static const uint32_t kinds[] = {
		EXT4_SUPER_MAGIC, 0x58465342 /* xfs */, BTRFS_SUPER_MAGIC,
		TMPFS_MAGIC,	  F2FS_SUPER_MAGIC,
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0) {
		return false;
	}
	memcpy(out, &fs.f_fsid, sizeof(*out));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if ((uint32_t)fs.f_type == kinds[i]) {
			return true;
		}
	}
	return false;
}

static bool get_handle(int fd, union handle *out, int *out_mount)
{
	out->h.handle_bytes = MAX_HANDLE_SZ;
	return name_to_handle_at(fd, "", &out->h, out_mount, AT_EMPTY_PATH) ==
	       0;
}

void sweep_note_owner(int dir, int file)
{
	uint8_t value[OWNER_MAX];
	struct wire_writer w = wire_writer_fixed(value, sizeof(value));
	union handle own, files;
	int own_mount, files_mount;
	uint64_t own_fs, files_fs;

	if (!get_file_system(dir, &own_fs) ||
	    !get_file_system(file, &files_fs) || own_fs != files_fs ||
	    !get_handle(dir, &own, &own_mount) ||
	    !get_handle(file, &files, &files_mount) ||
	    own_mount != files_mount) {
		return;
	}
	wire_put_u64(&w, own_fs);
	wire_put_u32(&w, (uint32_t)files.h.handle_type);
	wire_put_bytes(&w, files.h.f_handle, files.h.handle_bytes);
	if (wire_writer_ok(&w) &&
	    fsetxattr(dir, OWNER_NAME, value, w.length, XATTR_CREATE) != 0 &&
	    errno != EEXIST) {
		LOG_INFO(LOG_VFS, "whose streams these are is not noted: %s",
			 strerror(errno));
	}
}

static bool read_owner(int dir, uint64_t *out_fs, union handle *out)
{
	uint8_t value[OWNER_MAX];
	ssize_t n = fgetxattr(dir, OWNER_NAME, value, sizeof(value));
	struct wire_reader r = wire_reader(value, n < 0 ? 0 : (size_t)n);

	*out_fs = wire_u64(&r);
	out->h.handle_type = (int)wire_u32(&r);
	out->h.handle_bytes = (unsigned int)wire_left(&r);
	wire_bytes(&r, out->h.f_handle, out->h.handle_bytes);
	return wire_ok(&r) && out->h.handle_bytes > 0;
}

bool sweep_is_gone(int store, const char *key)
{
	int dir = openat(store, key,
			 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	union handle h;
	uint64_t fs, noted;
	bool gone = false;
	int fd;

	if (dir == -1) {
		return false;
	}
	if (read_owner(dir, &noted, &h) && get_file_system(dir, &fs) &&
	    fs == noted) {
		fd = open_by_handle_at(store, &h.h, O_PATH | O_CLOEXEC);
		gone = fd == -1 && errno == ESTALE;
		if (fd != -1) {
			close(fd);
		}
	}
	close(dir);
	return gone;
}

/* --- the sweep
 * ---------------------------------------------------------------- */

struct sweep {
	struct posix_mount *m;
	struct tevent_timer *timer;
	unsigned int step_ms;
	int store; /* -1: not begun; locked */
	struct dir_buffer buffer;
	unsigned int removed;
};

static int sweep_destructor(struct sweep *s)
{
	if (s->store != -1) {
		close(s->store);
	}
	return 0;
}

static void step(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data);

static bool again(struct sweep *s, unsigned int ms)
{
	s->timer = tevent_add_timer(
		s->m->state->env->ev, s,
		tevent_timeval_current_ofs(ms / 1000, ms % 1000 * 1000), step,
		s);
	return s->timer != NULL;
}

static bool is_due(int store)
{
	struct stat st;

	return fstatat(store, STAMP, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	       time(NULL) - st.st_mtime >= A_DAY || st.st_mtime > time(NULL);
}

static void stamp(int store)
{
	int fd = openat(store, STAMP,
			O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd != -1) {
		futimens(fd, NULL);
		close(fd);
	}
}

/* False: it is not for this process, or not yet. */
static bool begin(struct sweep *s)
{
	s->store = side_open_store(s->m);
	if (s->store == -1) {
		return false;
	}
	s->buffer.size = BUFFER_SIZE;
	s->buffer.data = talloc_array(s, char, BUFFER_SIZE);
	return s->buffer.data != NULL &&
	       flock(s->store, LOCK_EX | LOCK_NB) == 0 && is_due(s->store);
}

/* False at the end. */
static bool look_at_some(struct sweep *s)
{
	for (unsigned int i = 0; i < STEP; i++) {
		struct dir_entry e;

		if (!NT_STATUS_IS_OK(read_dir_next(s->store, &s->buffer, &e))) {
			return false;
		}
		if (sweep_is_gone(s->store, e.name) &&
		    side_remove_dir(s->store, e.name)) {
			s->removed++;
		}
	}
	return true;
}

static void end(struct sweep *s)
{
	stamp(s->store);
	if (s->removed > 0) {
		LOG_NOTICE(LOG_VFS,
			   "%s: the streams of %u files that are gone were "
			   "removed",
			   s->m->base.local_path, s->removed);
	}
}

static void step(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	struct sweep *s = talloc_get_type_abort(private_data, struct sweep);
	bool more = true;

	s->timer = NULL;
	identity_save();
	if (s->store == -1 && !begin(s)) {
		more = false;
	} else if (!look_at_some(s)) {
		end(s);
		more = false;
	}
	identity_restore();
	if (!more || !again(s, s->step_ms)) {
		talloc_free(s);
	}
}

void sweep_start(struct posix_mount *m, unsigned int first_ms,
		 unsigned int step_ms)
{
	struct sweep *s = talloc_zero(m, struct sweep);

	if (s == NULL) {
		return;
	}
	s->m = m;
	s->step_ms = step_ms;
	s->store = -1;
	talloc_set_destructor(s, sweep_destructor);
	if (!again(s, first_ms)) {
		talloc_free(s);
	}
}
