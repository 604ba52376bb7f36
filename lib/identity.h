/* lib/identity.h - whose Unix rights are in force.
 *
 * The dispatcher takes on the token's identity before every step of a request,
 * and the driver edge asserts it.  As root that sets fsuid, fsgid and the
 * supplementary groups; file capabilities go with fsuid, so the kernel checks
 * the user's rights.  Without root it does nothing: all runs with the one
 * user's rights. */
#ifndef LIB_IDENTITY_H
#define LIB_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/ntstatus.h"

/* Immutable; compared by value. */
struct identity {
	uid_t uid;
	gid_t gid;
	size_t ngroups;
	const gid_t *groups; /* supplementary */
};

/* Takes on who, whose values are copied.  Makes no system call when it is in
 * force already, so a dispatcher leaves it in force between requests.  A
 * failure is fatal to the process: going on with the wrong rights is worse
 * than dying. */
void identity_assume(const struct identity *who);

/* Back to the process's own. */
void identity_drop(void);

/* Whose rights are in force; lent until the next change.  Without root it is
 * still the one that was assumed. */
const struct identity *identity_current(void);

/* For assertions at the driver edge. */
bool identity_is(const struct identity *who);

/* A pair around what the process must do for itself while a user's identity is
 * in force (send a message, lock a database): file access has the process's
 * own uid and capabilities between them.  They nest; nothing in between may
 * assume or drop.  The groups are left alone: as root they do not matter. */
void identity_save(void);
void identity_restore(void);

#endif
