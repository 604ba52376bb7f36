/* lib/identity.c - whose Unix rights are in force.
 *
 * The groups are set with the bare system call: glibc's setgroups() would
 * change every thread, and what counts is the one thread that opens files. */
#include "lib/identity.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/log.h"

/* The kernel's state of this process, mirrored. */
static struct {
	bool known; /* own has been read */
	bool root;
	struct identity own;
	bool assumed; /* current is in force, not own */
	struct identity current;
	size_t room;	    /* of current.groups */
	unsigned int saved; /* depth of identity_save */
} state;

static void fatal(const char *what)
{
	LOG_ERR(LOG_GENERAL, "identity: %s: %s", what, strerror(errno));
	abort();
}

static void read_own(void)
{
	gid_t *groups;
	int n;

	if (state.known) {
		return;
	}
	n = getgroups(0, NULL);
	groups = n < 0 ? NULL : calloc((size_t)n + 1, sizeof(*groups));
	if (groups == NULL || getgroups(n, groups) != n) {
		fatal("reading the groups");
	}
	state.own = (struct identity){.uid = geteuid(),
				      .gid = getegid(),
				      .ngroups = (size_t)n,
				      .groups = groups};
	state.root = geteuid() == 0;
	state.known = true;
}

static bool same(const struct identity *a, const struct identity *b)
{
	return a->uid == b->uid && a->gid == b->gid &&
	       a->ngroups == b->ngroups &&
	       (a->ngroups == 0 ||
		memcmp(a->groups, b->groups, a->ngroups * sizeof(gid_t)) == 0);
}

/* setfsuid() has no way to say that it failed but to ask again. */
static void set_fsuid(uid_t uid)
{
	setfsuid(uid);
	if (setfsuid((uid_t)-1) != (int)uid) {
		fatal("setfsuid was refused");
	}
}

static void set_fsgid(gid_t gid)
{
	setfsgid(gid);
	if (setfsgid((gid_t)-1) != (int)gid) {
		fatal("setfsgid was refused");
	}
}

static void put_in_force(const struct identity *who)
{
	if (!state.root) {
		return;
	}
	if (syscall(SYS_setgroups, who->ngroups, who->groups) != 0) {
		fatal("setgroups");
	}
	set_fsgid(who->gid);
	set_fsuid(who->uid);
}

static void remember(const struct identity *who)
{
	gid_t *groups = (gid_t *)state.current.groups;

	if (who->ngroups > state.room) {
		groups = realloc(groups, who->ngroups * sizeof(*groups));
		if (groups == NULL) {
			fatal("remembering the groups");
		}
		state.room = who->ngroups;
	}
	if (who->ngroups > 0) {
		memcpy(groups, who->groups, who->ngroups * sizeof(*groups));
	}
	state.current = *who;
	state.current.groups = groups;
}

void identity_assume(const struct identity *who)
{
	ASSERT(state.saved == 0);
	if (state.assumed && same(&state.current, who)) {
		return;
	}
	read_own();
	remember(who);
	put_in_force(&state.current);
	state.assumed = true;
}

void identity_drop(void)
{
	ASSERT(state.saved == 0);
	if (!state.assumed) {
		return;
	}
	put_in_force(&state.own);
	state.assumed = false;
}

const struct identity *identity_current(void)
{
	if (!state.assumed) {
		read_own();
		return &state.own;
	}
	return &state.current;
}

bool identity_is(const struct identity *who)
{
	return state.saved == 0 && state.assumed && same(&state.current, who);
}

void identity_save(void)
{
	if (state.saved++ == 0 && state.assumed && state.root) {
		set_fsuid(state.own.uid);
	}
}

void identity_restore(void)
{
	ASSERT(state.saved > 0);
	if (--state.saved == 0 && state.assumed && state.root) {
		set_fsuid(state.current.uid);
	}
}
