/* tools/control.h - what the files of smbcontrol share. */
#ifndef TOOLS_CONTROL_H
#define TOOLS_CONTROL_H

#include <tevent.h>

#include "idl/messages_gen.h"
#include "lib/blob.h"
#include "lib/conf.h"
#include "messaging/server_id.h"

struct control;
struct locking;
struct messaging_context;

struct options {
	char *conf;
	int timeout;
};

/* A command: what is sent, whether it has an argument, and what a reply is. */
struct command {
	const char *name;
	enum message_type type;
	const char *argument; /* what it is called in messages; NULL: none */
	bool replies;
	/* With the target "smbd": the children too, not the master alone. */
	bool to_children;
	/* Instead of all that: what it does, with its arguments up to NULL;
	 * gives the exit code. */
	int (*run)(struct control *c, const char *const *args);
};

/* One run of the program. */
struct control {
	TALLOC_CTX *ctx;
	const struct options *options;
	struct tevent_context *ev;
	struct messaging_context *m;
	const struct conf *conf;
	const struct command *command;
	struct blob payload;
	struct server_id *targets;
	size_t count;
	size_t pending;
	size_t answered;
};

/* The databases of the server; the program ends when there are none. */
struct locking *control_open_databases(struct control *c);

/* Whether the file is called that: its path on this machine. */
struct share_mode_info;
bool control_is_path(struct control *c, const struct share_mode_info *info,
		     const char *text);

/* The number, decimal or with 0x, that text is; or 0, which no id is. */
uint64_t control_number(const char *text);

int control_check_state(struct control *c, const char *const *args);
int control_drop_open(struct control *c, const char *const *args);
int control_break_lease(struct control *c, const char *const *args);
int control_show_record(struct control *c, const char *const *args);

#endif
