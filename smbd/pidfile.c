/* smbd/pidfile.c - see pidfile.h.  The master holds a lock on the file, which
 * goes with it however it ends. */
#include "smbd/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"

struct pidfile {
	char *path;
	int fd;
	pid_t owner;
};

static int pidfile_destructor(struct pidfile *p)
{
	if (p->owner == getpid()) {
		unlink(p->path);
	}
	close(p->fd);
	return 0;
}

static bool lock_whole(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_SETLK, &lock) == 0;
}

static bool write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
}

NTSTATUS pidfile_create(TALLOC_CTX *mem_ctx, const char *dir,
			struct pidfile **out)
{
	struct pidfile *p = talloc_zero(mem_ctx, struct pidfile);
	NTSTATUS status;

	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	p->path = talloc_asprintf(p, "%s/smbd.pid", dir);
	p->fd = p->path == NULL
			? -1
			: open(p->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (p->fd < 0) {
		status = ntstatus_from_errno(errno);
		LOG_ERR(LOG_GENERAL, "%s/smbd.pid: %s", dir, strerror(errno));
		talloc_free(p);
		return status;
	}
	if (!lock_whole(p->fd)) {
		LOG_ERR(LOG_GENERAL, "another smbd runs already: it holds %s",
			p->path);
		close(p->fd);
		talloc_free(p);
		return NT_STATUS(ADDRESS_ALREADY_EXISTS);
	}
	p->owner = getpid();
	talloc_set_destructor(p, pidfile_destructor);
	if (!write_pid(p->fd)) {
		LOG_ERR(LOG_GENERAL, "%s: %s", p->path, strerror(errno));
		talloc_free(p);
		return NT_STATUS(DISK_FULL);
	}
	*out = p;
	return NT_STATUS_OK;
}
