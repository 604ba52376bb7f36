/* vfs_modules/fruit/locking.c - share modes as netatalk's afpd tells them to
 * others: locks on single bytes at the end of what can be locked, on the data
 * file for both forks.  Any lock says what its byte stands for. */
#include "vfs_modules/fruit/fruit.h"

#define BASE ((uint64_t)INT64_MAX - 9)

enum mark {
	OPEN_WR = 0,
	OPEN_RD = 1,
	DENY_WR = 4,
	DENY_RD = 5,
};

/* From a mark of the data fork to the resource fork's. */
#define FORK_MARKS 2
#define NUM_MARKS  8

/* Something that an open does, and what in others forbids it. */
struct claim {
	bool made;
	enum mark own, forbids;
};

static NTSTATUS violation(NTSTATUS status)
{
	return NT_STATUS_IS(status, LOCK_NOT_GRANTED)
		       ? NT_STATUS(SHARING_VIOLATION)
		       : status;
}

/* First all marks are set, then looked for: of two that do this at the same
 * time no one can miss the other. */
NTSTATUS fruit_locking_claim(const struct fruit *f, struct fsa_node *file,
			     bool fork, uint32_t access, uint32_t share)
{
	const struct claim claims[] = {
		{(access & FSA_ACCESS_READS) != 0, OPEN_RD, DENY_RD},
		{(access & FSA_ACCESS_WRITES) != 0, OPEN_WR, DENY_WR},
		{(share & FILE_SHARE_READ) == 0, DENY_RD, OPEN_RD},
		{(share & FILE_SHARE_WRITE) == 0, DENY_WR, OPEN_WR},
	};
	const size_t num = sizeof(claims) / sizeof(claims[0]);
	const unsigned int first = fork ? FORK_MARKS : 0;
	const struct fsa_driver *d = below_of(f);
	NTSTATUS status = NT_STATUS_OK;

	/* [MS-FSA] 2.1.5.1.2.2: what does none of this shares with all. */
	if ((access & (FSA_ACCESS_READS | FSA_ACCESS_WRITES | DELETE_ACCESS)) ==
	    0) {
		return status;
	}
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < num; i++) {
		if (claims[i].made) {
			file->claimed |= 1u << (first + claims[i].own);
			status = d->lock(file, BASE + first + claims[i].own, 1,
					 FSA_LOCAL_SHARED);
		}
	}
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < num; i++) {
		if (claims[i].made) {
			status = d->lock_test(
				file, BASE + first + claims[i].forbids, 1);
		}
	}
	return violation(status);
}

/* What the open has told of itself, as far as the range has taken it away. */
static NTSTATUS restore(const struct fruit *f, struct fsa_node *file,
			uint64_t offset, uint64_t length)
{
	NTSTATUS status = NT_STATUS_OK;

	for (uint64_t i = 0; NT_STATUS_IS_OK(status) && i < NUM_MARKS; i++) {
		if ((file->claimed & 1u << i) != 0 && BASE + i >= offset &&
		    BASE + i - offset < length) {
			status = below_of(f)->lock(file, BASE + i, 1,
						   FSA_LOCAL_SHARED);
		}
	}
	return status;
}

/* The part of a lock that is on marks; wide: it begins before them. */
static NTSTATUS lock_marks(const struct fruit *f, struct fsa_node *file,
			   uint64_t offset, uint64_t length,
			   enum fsa_local_lock kind, bool wide)
{
	const struct fsa_driver *d = below_of(f);
	NTSTATUS status;

	if (wide && kind == FSA_LOCAL_SHARED) {
		kind = FSA_LOCAL_NONE;
	}
	status = d->lock(file, offset, length, kind);
	if (NT_STATUS_IS_OK(status) && kind == FSA_LOCAL_NONE) {
		status = restore(f, file, offset, length);
	}
	/* The marks of others are no locks of data. */
	return wide && NT_STATUS_IS(status, LOCK_NOT_GRANTED) ? NT_STATUS_OK
							      : status;
}

NTSTATUS fruit_locking_lock(const struct fruit *f, struct fsa_node *file,
			    uint64_t offset, uint64_t length,
			    enum fsa_local_lock kind)
{
	const bool wide = offset < BASE;
	uint64_t before = wide ? BASE - offset : 0;
	NTSTATUS status = NT_STATUS_OK;

	if (length <= before) {
		return below_of(f)->lock(file, offset, length, kind);
	}
	if (wide) {
		status = below_of(f)->lock(file, offset, before, kind);
	}
	return NT_STATUS_IS_OK(status) ? lock_marks(f, file, offset + before,
						    length - before, kind, wide)
				       : status;
}
