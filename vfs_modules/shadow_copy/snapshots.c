/* vfs_modules/shadow_copy/snapshots.c - finds the snapshots of a folder.
 *
 * What is found may have been put there by any user who can write to the share:
 * no symlink is followed on the way to a snapshot, so that one leads nowhere
 * but into folders of the same tree. */
#include "vfs_modules/shadow_copy/snapshots.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "vfs_modules/shadow_copy/snapshot_time.h"

#define SNAPSHOTS_MAX	   65536
#define BTRFS_ROOT_OF_TREE 256 /* the inode of a subvolume's root */

struct search {
	TALLOC_CTX *mem_ctx;
	const struct snapshot_options *options;
	bool whole; /* a snapshot may be of the folder itself */
	struct snapshot *found;
	size_t count;
	NTSTATUS status;
};

static int open_folder(int at, const char *path)
{
	struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
			       .resolve = RESOLVE_NO_SYMLINKS |
					  RESOLVE_NO_MAGICLINKS};

	return (int)syscall(SYS_openat2, at, path, &how, sizeof(how));
}

int snapshot_open(const struct snapshot *s)
{
	return open_folder(AT_FDCWD, s->path);
}

/* --- one of them ---------------------------------------------------------- */

/* When a btrfs subvolume was made. */
static bool made_at(int fd, time_t *out)
{
	struct btrfs_ioctl_get_subvol_info_args info = {0};
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_ino != BTRFS_ROOT_OF_TREE ||
	    ioctl(fd, BTRFS_IOC_GET_SUBVOL_INFO, &info) < 0 ||
	    info.otime.sec == 0) {
		return false;
	}
	*out = (time_t)info.otime.sec;
	return true;
}

static void add(struct search *s, time_t when, char *path)
{
	struct snapshot *more = talloc_realloc(s->mem_ctx, s->found,
					       struct snapshot, s->count + 1);

	if (more == NULL || path == NULL) {
		s->status = NT_STATUS(NO_MEMORY);
		return;
	}
	s->found = more;
	more[s->count].when = when;
	more[s->count].path = talloc_steal(more, path);
	s->count++;
}

static bool is_number(const char *name)
{
	return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

/* The folder name within snapdir (fd): a snapshot if it has a time, and below
 * it what was asked about. */
static void look_at(struct search *s, int fd, const char *snapdir,
		    const char *name, const char *rest)
{
	/* snapper: each in a folder of its own, with notes */
	const char *within = is_number(name) ? "/snapshot" : "";
	char *base = talloc_asprintf(s->mem_ctx, "%s%s", name, within);
	char *full = talloc_asprintf(s->mem_ctx, "%s%s", base, rest);
	int of_base = base == NULL ? -1 : open_folder(fd, base);
	int of_full = full == NULL ? -1 : open_folder(fd, full);
	time_t when;

	if (of_full == -1 && of_base != -1 && s->whole) {
		talloc_free(full);
		full = talloc_strdup(s->mem_ctx, base);
		of_full = open_folder(fd, base);
	}
	if (of_full != -1 && of_base != -1 &&
	    (snapshot_time_of_name(name, s->options->format, s->options->local,
				   &when) ||
	     (s->options->format == NULL && made_at(of_base, &when)))) {
		add(s, when,
		    talloc_asprintf(s->mem_ctx, "%s/%s", snapdir, full));
	}
	if (of_base != -1) {
		close(of_base);
	}
	if (of_full != -1) {
		close(of_full);
	}
	talloc_free(base);
	talloc_free(full);
}

/* --- where they are ------------------------------------------------------- */

static void look_in(struct search *s, const char *snapdir, const char *rest)
{
	int fd = open_folder(AT_FDCWD, snapdir);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (dir == NULL) {
		if (fd != -1) {
			close(fd);
		}
		return;
	}
	while (NT_STATUS_IS_OK(s->status) && s->count < SNAPSHOTS_MAX &&
	       (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0) {
			look_at(s, fd, snapdir, e->d_name, rest);
		}
	}
	closedir(dir);
}

static void look_below(struct search *s, const char *dir, const char *snapdir,
		       const char *rest)
{
	char *path = talloc_asprintf(s->mem_ctx, "%s/%s",
				     strcmp(dir, "/") == 0 ? "" : dir, snapdir);

	if (path == NULL) {
		s->status = NT_STATUS(NO_MEMORY);
		return;
	}
	look_in(s, path, rest);
	talloc_free(path);
}

/* dir and what of the path lies below it ("" or "/..."). */
static void look_from(struct search *s, const char *dir, const char *rest)
{
	const char *more = s->options->snapdir;

	look_below(s, dir, ".snapshots", rest);
	look_below(s, dir, ".zfs/snapshot", rest);
	if (more != NULL && more[0] != '/' && strcmp(more, ".snapshots") != 0) {
		look_below(s, dir, more, rest);
	}
}

static bool is_same_file_system(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
	       of_a.st_dev == of_b.st_dev;
}

/* From path upwards, as far as its file system goes. */
static void look_upwards(struct search *s, const char *path)
{
	char *dir = talloc_strdup(s->mem_ctx, path);
	char *above = talloc_strdup(s->mem_ctx, path);
	size_t length = strlen(path);

	while (dir != NULL && above != NULL) {
		char *slash;

		look_from(s, dir, path + length);
		slash = strrchr(above, '/');
		if (slash == NULL || dir[1] == '\0') {
			break;
		}
		slash[slash == above] = '\0';
		if (!is_same_file_system(dir, above)) {
			break;
		}
		strcpy(dir, above);
		length = dir[1] == '\0' ? 0 : strlen(dir);
	}
	if (s->options->snapdir != NULL && s->options->snapdir[0] == '/') {
		s->whole = true;
		look_in(s, s->options->snapdir, path + length);
	}
	talloc_free(dir);
	talloc_free(above);
}

static int newest_first(const void *a, const void *b)
{
	const struct snapshot *of_a = a;
	const struct snapshot *of_b = b;

	return (of_a->when < of_b->when) - (of_a->when > of_b->when);
}

/* Of several of one second the first that was found. */
static size_t without_doubles(struct snapshot *list, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		if (left == 0 || list[left - 1].when != list[i].when) {
			list[left++] = list[i];
		}
	}
	return left;
}

NTSTATUS snapshots_find(TALLOC_CTX *mem_ctx, const char *path,
			const struct snapshot_options *options,
			struct snapshot **out, size_t *out_count)
{
	struct search s = {
		.mem_ctx = mem_ctx, .options = options, .status = NT_STATUS_OK};
	char *real = realpath(path, NULL);

	if (real == NULL) {
		return ntstatus_from_errno(errno);
	}
	look_upwards(&s, real);
	free(real);
	if (!NT_STATUS_IS_OK(s.status)) {
		talloc_free(s.found);
		return s.status;
	}
	if (s.count == SNAPSHOTS_MAX) {
		LOG_WARN(LOG_VFS, "%s: only %u of its snapshots are looked at",
			 path, SNAPSHOTS_MAX);
	}
	if (s.count > 1) {
		qsort(s.found, s.count, sizeof(s.found[0]), newest_first);
	}
	*out = s.found;
	*out_count = without_doubles(s.found, s.count);
	return NT_STATUS_OK;
}
