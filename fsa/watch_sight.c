/* fsa/watch_sight.c - see watch_sight.h. */
#include "fsa/watch_sight.h"

#include <string.h>
#include <time.h>

#include "fsa/hidden.h"
#include "fsa/protect.h"

#define BELIEVE_SECONDS 1

/* Could the user list this one?  path is the share's. */
static NTSTATUS try_listing(TALLOC_CTX *tmp, const struct fsa_io *io,
			    const char *path)
{
	const struct fsa_how how = {.path = path,
				    .access = FILE_LIST_DIRECTORY,
				    .posix = io->file->posix};
	struct fsa_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status = driver_of(io->file)->open(tmp, io->volume->mount,
						    &how, &n, &st);

	if (NT_STATUS_IS_OK(status)) {
		status = protect_check(io, n, FILE_LIST_DIRECTORY);
	}
	return status;
}

static bool is_gone(NTSTATUS status)
{
	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ||
	       NT_STATUS_IS(status, OBJECT_PATH_NOT_FOUND);
}

/* Of a directory that is gone, what it was in says it. */
static bool may_list(const struct fsa_io *io, const char *dir)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *top = driver_of(io->file)->path(file_node(io->file));
	char *path = talloc_asprintf(tmp, "%s%s%s", top,
				     *top == '\0' ? "" : "\\", dir);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	while (path != NULL) {
		char *last = strrchr(path, '\\');

		status = try_listing(tmp, io, path);
		if (!is_gone(status) || last == NULL ||
		    (size_t)(last - path) <= strlen(top)) {
			break;
		}
		*last = '\0';
	}
	talloc_free(tmp);
	/* All but the watched directory itself is gone. */
	return NT_STATUS_IS_OK(status) || is_gone(status);
}

static bool is_believed(const struct watch_sight *s, const char *dir,
			size_t length)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return s->dir != NULL && strncmp(s->dir, dir, length) == 0 &&
	       s->dir[length] == '\0' && now.tv_sec <= s->until.tv_sec;
}

static bool may_see_dir(struct watch_sight *s, const struct fsa_io *io,
			const char *dir, size_t length)
{
	if (is_believed(s, dir, length)) {
		return s->may;
	}
	talloc_free(s->dir);
	s->dir = talloc_strndup(io->file, dir, length);
	if (s->dir == NULL) {
		return false;
	}
	s->may = may_list(io, s->dir);
	clock_gettime(CLOCK_MONOTONIC, &s->until);
	s->until.tv_sec += BELIEVE_SECONDS;
	return s->may;
}

/* Only what is there can be found unreadable. */
static bool is_unreadable(const struct fsa_io *io, const char *name)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	size_t length = strcspn(name, ":");
	const char *top = driver_of(io->file)->path(file_node(io->file));
	const struct fsa_how how = {
		.path = talloc_asprintf(tmp, "%s%s%.*s", top,
					*top == '\0' ? "" : "\\", (int)length,
					name),
		.access = FILE_READ_DATA,
		.reparse_point = true,
		.posix = io->file->posix};
	struct fsa_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (how.path != NULL) {
		status = driver_of(io->file)->open(tmp, io->volume->mount, &how,
						   &n, &st);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = protect_check(io, n, FILE_GENERIC_READ & ~SYNCHRONIZE);
	}
	talloc_free(tmp);
	return !NT_STATUS_IS_OK(status) && !is_gone(status);
}

bool watch_may_see(struct watch_sight *s, const struct fsa_io *io,
		   const char *name)
{
	const char *last = strrchr(name, '\\');

	if (hidden_is_vetoed(io->volume, name) ||
	    (last != NULL &&
	     !may_see_dir(s, io, name, (size_t)(last - name)))) {
		return false;
	}
	return !io->volume->hide_unreadable || !is_unreadable(io, name);
}
