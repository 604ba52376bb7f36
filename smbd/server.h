/* smbd/server.h - what the master prepares once and every child has from it. */
#ifndef SMBD_SERVER_H
#define SMBD_SERVER_H

#include <talloc.h>
#include <tevent.h>

#include "lib/blob.h"
#include "lib/conf.h"
#include "lib/guid.h"
#include "messaging/server_id.h"

struct messaging_context;
struct locking;
struct auth_server;
struct fsa_server;

struct smbd_client;

struct smbd_server {
	struct tevent_context *ev;
	const struct conf *conf; /* a reload puts another one here */
	struct messaging_context *messaging;
	struct locking *locking;
	struct auth_server *auth;
	struct fsa_server *fsa;
	struct guid guid;  /* ServerGuid */
	struct blob hello; /* the token of a NEGOTIATE response */
	struct server_id master;
	const char *log_levels; /* -d, instead of smb.conf's; or NULL */
	bool log_per_client;
	struct smbd_client *client; /* of a child; NULL: not yet */
};

/* Makes smb.conf's folders that are not there.  Logs what goes wrong. */
MUST_CHECK NTSTATUS smbd_make_folders(const struct conf *conf);

/* Opens the databases and prepares all that a child would otherwise have to;
 * by the master, before it forks.  conf passes to the server; log_levels (may
 * be NULL) must outlive it.  Logs what goes wrong. */
MUST_CHECK NTSTATUS smbd_server_create(TALLOC_CTX *mem_ctx,
				       struct tevent_context *ev,
				       struct conf *conf,
				       const char *log_levels,
				       struct smbd_server **out);

/* In a child, right after the fork. */
MUST_CHECK NTSTATUS smbd_server_after_fork(struct smbd_server *server);

/* Reads smb.conf again; what is wrong with it is logged, and the old one stays
 * when that is an error. */
void smbd_server_reload(struct smbd_server *server);

/* Logs what was found wrong with an smb.conf. */
void smbd_log_report(const struct conf_report *report);

#endif
