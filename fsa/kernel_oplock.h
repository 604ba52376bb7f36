/* fsa/kernel_oplock.h - oplocks that local programs break, on shares that want
 * that ("kernel oplocks").
 *
 * An open with an exclusive or batch oplock then has a lease of the kernel's
 * on the file, too (fcntl(2), F_SETLEASE): a local program, or another open of
 * ours, that opens the file waits until the client has given up the oplock,
 * or "oplock break wait time" is over, or the kernel's patience
 * (/proc/sys/fs/lease-break-time).  There is no level II, and there are no
 * leases for clients: the kernel knows nothing like them.  Named streams have
 * no lease of their own: no program opens them as such. */
#ifndef FSA_KERNEL_OPLOCK_H
#define FSA_KERNEL_OPLOCK_H

#include "fsa/file.h"
#include "locking/share_grant.h"

/* Before f asks for an oplock: whether it may, for nobody else has the file
 * open; and an exclusive one or none.  Always on other shares. */
bool kernel_oplock_take(struct fsa_file *f, struct grant_request *want);

/* f's oplock is this now (GRANT_*): without WRITE, local programs go on. */
void kernel_oplock_keep(struct fsa_file *f, uint8_t state);

/* The file cannot be opened just now: another's lease is in the way, and he has
 * been told.  PENDING: io is resumed after a moment. */
MUST_CHECK NTSTATUS kernel_oplock_wait(struct fsa_io *io);

#endif
