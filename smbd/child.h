/* smbd/child.h - the process that serves one client. */
#ifndef SMBD_CHILD_H
#define SMBD_CHILD_H

struct smbd_server;

/* Serves the client behind fd until it goes, and then ends the process.  Called
 * in the child, with the master's own things already let go. */
void smbd_child_run(struct smbd_server *server, int fd)
	__attribute__((noreturn));

#endif
