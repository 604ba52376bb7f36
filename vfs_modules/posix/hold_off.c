/* vfs_modules/posix/hold_off.c - leases of the kernel (fcntl(2), F_SETLEASE).
 *
 * The kernel sends a signal when somebody wants to open a file that we have a
 * lease on, and lets him wait.  Which file it was each lease says itself: so
 * none is missed when signals come faster than they are taken. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "lib/dlist.h"
#include "vfs_modules/posix/posix.h"

#define SIGNAL (SIGRTMIN + 1)

struct hold_off {
	struct hold_off *prev, *next;
	struct posix_node *node;
	void (*fn)(void *private_data);
	void *private_data;
};

/* The next one that somebody waits for; fn may end any. */
static struct hold_off *find_wanted(struct posix_state *s)
{
	struct hold_off *h = s->holds;

	while (h != NULL &&
	       (h->fn == NULL || fcntl(h->node->fd, F_GETLEASE) == F_WRLCK)) {
		h = h->next;
	}
	return h;
}

static void told(struct tevent_context *ev, struct tevent_signal *se,
		 int signum, int count, void *siginfo, void *private_data)
{
	struct posix_state *s = private_data;
	struct hold_off *h;

	while ((h = find_wanted(s)) != NULL) {
		void (*fn)(void *private_data) = h->fn;

		h->fn = NULL; /* once */
		fn(h->private_data);
	}
}

static int hold_destructor(struct hold_off *h)
{
	DLIST_REMOVE(h->node->mount->state->holds, h);
	h->node->hold = NULL;
	return 0;
}

static NTSTATUS listen_for_signals(struct posix_state *s)
{
	if (s->told == NULL) {
		s->told = tevent_add_signal(s->env->ev, s, SIGNAL, 0, told, s);
	}
	return s->told == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static NTSTATUS lease_status(int err)
{
	switch (err) {
	case EAGAIN: /* somebody has it open */
	case EBADF:  /* by its path alone */
		return NT_STATUS(SHARING_VIOLATION);
	default: /* not our own and no CAP_LEASE; file systems without */
		return NT_STATUS(NOT_SUPPORTED);
	}
}

static NTSTATUS begin(struct posix_node *n, void (*fn)(void *private_data),
		      void *private_data)
{
	struct posix_state *s = n->mount->state;
	NTSTATUS status = listen_for_signals(s);
	struct hold_off *h;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (fcntl(n->fd, F_SETSIG, SIGNAL) != 0 ||
	    fcntl(n->fd, F_SETLEASE, F_WRLCK) != 0) {
		return lease_status(errno);
	}
	h = talloc_zero(n, struct hold_off);
	if (h == NULL) {
		(void)fcntl(n->fd, F_SETLEASE, F_UNLCK);
		return NT_STATUS(NO_MEMORY);
	}
	h->node = n;
	h->fn = fn;
	h->private_data = private_data;
	n->hold = h;
	DLIST_ADD_END(s->holds, h);
	talloc_set_destructor(h, hold_destructor);
	return NT_STATUS_OK;
}

NTSTATUS posix_hold_off(struct fsa_node *node, void (*fn)(void *private_data),
			void *private_data)
{
	struct posix_node *n = posix_node(node);

	if (fn != NULL) {
		return n->hold != NULL ? NT_STATUS(SHARING_VIOLATION)
				       : begin(n, fn, private_data);
	}
	if (n->hold == NULL) {
		return NT_STATUS_OK;
	}
	talloc_free(n->hold);
	/* EAGAIN: the kernel has lost patience and taken it away. */
	return fcntl(n->fd, F_SETLEASE, F_UNLCK) == 0 || errno == EAGAIN
		       ? NT_STATUS_OK
		       : ntstatus_from_errno(errno);
}
