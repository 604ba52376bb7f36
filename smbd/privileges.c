/* smbd/privileges.c - see privileges.h.
 *
 * Of a child's capabilities those for files count only while it acts as root:
 * taking on a user's fsuid puts them out of force (lib/identity.c).
 * CAP_SYS_RESOURCE in particular must go: with it the kernel would not hold a
 * user to a disk quota.  A filter for system calls (seccomp) is not there yet.
 */
#include "smbd/privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/log.h"

/* More than this no process asks for; the kernel's own default limit. */
#define MAX_DESCRIPTORS 1048576

static const int kept[] = {
	CAP_SETUID, /* setfsuid */
	CAP_SETGID, /* setfsgid, setgroups */
	/* As root: look-ups, ownership of what was made, attributes. */
	CAP_CHOWN,
	CAP_DAC_OVERRIDE,
	CAP_DAC_READ_SEARCH,
	CAP_FOWNER,
	CAP_FSETID,
	/* "kernel oplocks" on files that are not the user's own. */
	CAP_LEASE,
	/* security.NTACL is an attribute that only this may set. */
	CAP_SYS_ADMIN,
};

void smbd_drop_privileges(void)
{
	if (geteuid() != 0) {
		return;
	}
	capng_clear(CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			     (unsigned int)kept[i]);
	}
	if (capng_apply(CAPNG_SELECT_CAPS) != 0) {
		LOG_WARN(LOG_GENERAL, "capabilities were not dropped");
	}
}

void smbd_raise_limits(void)
{
	struct rlimit lim, more;

	if (getrlimit(RLIMIT_NOFILE, &lim) != 0) {
		return;
	}
	if (geteuid() == 0 && lim.rlim_max < MAX_DESCRIPTORS) {
		more.rlim_cur = MAX_DESCRIPTORS;
		more.rlim_max = MAX_DESCRIPTORS;
		if (setrlimit(RLIMIT_NOFILE, &more) == 0) {
			return;
		}
	}
	lim.rlim_cur = lim.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &lim) != 0) {
		LOG_WARN(LOG_GENERAL, "the limit of descriptors: %s",
			 strerror(errno));
	}
}
