/* torture/model_client.h - one client of the model test, in a process of its
 * own: does over SMB what it is told, says what was answered and when, and what
 * it was told of its grants. */
#ifndef TORTURE_MODEL_CLIENT_H
#define TORTURE_MODEL_CLIENT_H

#include "torture/model_check.h"
#include "torture/torture.h"

enum model_command_kind {
	MODEL_CONNECT,
	MODEL_DISCONNECT,
	MODEL_DO,
	MODEL_CANCEL, /* number, if it is under way */
	MODEL_FLUSH,  /* say when all that was under way has come */
};

struct model_command {
	uint8_t kind;
	uint32_t number;
	uint32_t behind; /* DO: not before that one is answered; or 0 */
	struct model_op op;
};

enum model_report_kind {
	MODEL_CONNECTED,
	MODEL_ANSWERED,
	MODEL_TOLD_OF,
	MODEL_FLUSHED,
	MODEL_DOWN,    /* the connection ended by itself */
	MODEL_GONE,    /* it has been dropped: the last of this connection */
	MODEL_CONFUSED /* what came is not to be understood: text says what */
};

struct model_report {
	uint8_t kind;
	uint32_t number;
	int64_t sent, done;
	struct model_answer answer;
	struct model_told told;
	char text[80];
};

/* Serves commands, one packet each, from fd until that is closed. */
void model_client_run(const struct torture_options *options, uint8_t client,
		      int fd) __attribute__((noreturn));

/* Microseconds of CLOCK_MONOTONIC. */
int64_t model_now(void);

/* The files' names. */
const char *model_name(uint8_t name);

#endif
