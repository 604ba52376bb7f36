/* smbd/notify_process.h - the process that notifyd/ runs in. */
#ifndef SMBD_NOTIFY_PROCESS_H
#define SMBD_NOTIFY_PROCESS_H

struct smbd_server;

/* In a process forked for it, rid of what is the master's: serves until it is
 * stopped, or the master is gone.  Does not return. */
void smbd_notify_process_run(struct smbd_server *server)
	__attribute__((noreturn));

#endif
