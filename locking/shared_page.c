/* locking/shared_page.c - see shared_page.h. */
#include "locking/shared_page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct shared_page {
	void *memory; /* NULL: half-built */
	size_t size;
	int fd; /* -1: in memory */
};

static int page_destructor(struct shared_page *p)
{
	if (p->memory != NULL) {
		munmap(p->memory, p->size);
	}
	if (p->fd != -1) {
		close(p->fd);
	}
	return 0;
}

/* The lock is that of all processes that were forked with the descriptor: who
 * gets it alone is the first, and begins with nothing.  There must be room on
 * disk for what is written through the mapping. */
static NTSTATUS open_file(struct shared_page *p, const char *path)
{
	int err;

	p->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (p->fd == -1) {
		return ntstatus_from_errno(errno);
	}
	if (flock(p->fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(p->fd, 0) != 0) {
		return ntstatus_from_errno(errno);
	}
	err = posix_fallocate(p->fd, 0, (off_t)p->size);
	if (err != 0) {
		return ntstatus_from_errno(err);
	}
	return flock(p->fd, LOCK_SH) == 0 ? NT_STATUS_OK
					  : ntstatus_from_errno(errno);
}

NTSTATUS shared_page_create(TALLOC_CTX *mem_ctx, const char *path, size_t size,
			    struct shared_page **out)
{
	struct shared_page *p = talloc_zero(mem_ctx, struct shared_page);
	NTSTATUS status = NT_STATUS_OK;
	void *memory;

	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	p->size = size;
	p->fd = -1;
	talloc_set_destructor(p, page_destructor);
	if (path != NULL) {
		status = open_file(p, path);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(p);
		return status;
	}
	memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_SHARED | (path == NULL ? MAP_ANONYMOUS : 0), p->fd, 0);
	if (memory == MAP_FAILED) {
		talloc_free(p);
		return NT_STATUS(NO_MEMORY);
	}
	p->memory = memory;
	*out = p;
	return NT_STATUS_OK;
}

NTSTATUS shared_page_look(TALLOC_CTX *mem_ctx, const char *path, size_t size,
			  struct shared_page **out)
{
	struct shared_page *p = talloc_zero(mem_ctx, struct shared_page);
	struct stat st;
	void *memory;

	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	p->size = size;
	p->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	talloc_set_destructor(p, page_destructor);
	if (p->fd == -1 || fstat(p->fd, &st) != 0 ||
	    st.st_size != (off_t)size) {
		talloc_free(p);
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	memory = mmap(NULL, size, PROT_READ, MAP_SHARED, p->fd, 0);
	if (memory == MAP_FAILED) {
		talloc_free(p);
		return NT_STATUS(NO_MEMORY);
	}
	p->memory = memory;
	*out = p;
	return NT_STATUS_OK;
}

void *shared_page_get(const struct shared_page *p)
{
	return p->memory;
}

bool shared_count_is_wrong(const _Atomic uint32_t *count, uint32_t want)
{
	const struct timespec moment = {.tv_nsec = 500000};
	uint32_t first = atomic_load(count);
	uint32_t now = first;

	for (int i = 0; i < 20 && now != want && (now > want) == (first > want);
	     i++) {
		nanosleep(&moment, NULL);
		now = atomic_load(count);
	}
	return now != want && (now > want) == (first > want);
}
