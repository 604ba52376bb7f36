/* fsa/local_lock.h - an open's byte-range locks as local programs see them:
 * those of the driver (`posix locking`).
 *
 * There every byte of an open is locked once or not at all, while an open's
 * locks among ourselves may lie over each other; so after a change the bytes in
 * question get what is the strongest of all. */
#ifndef FSA_LOCAL_LOCK_H
#define FSA_LOCAL_LOCK_H

#include "fsa/file.h"

struct brlock_list;

/* A lock of this range was added to the list: LOCK_NOT_GRANTED when a local
 * program has a lock that forbids it (some bytes may be locked then:
 * local_lock_restore()). */
MUST_CHECK NTSTATUS local_lock_update(struct brlock_list *l, struct fsa_file *f,
				      uint64_t offset, uint64_t length);

/* A lock of this range was removed from the list. */
void local_lock_restore(struct brlock_list *l, struct fsa_file *f,
			uint64_t offset, uint64_t length);

#endif
