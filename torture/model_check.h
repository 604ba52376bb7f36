/* torture/model_check.h - whether some order of a round's operations, each
 * somewhere between the moment it was sent and the one it was answered, makes
 * the model give the answers, and tell the holders of grants, as the server
 * did (linearizability).  Pure. */
#ifndef TORTURE_MODEL_CHECK_H
#define TORTURE_MODEL_CHECK_H

#include <talloc.h>

#include "torture/model.h"

#define MODEL_EVENTS 48
#define MODEL_TOLD   48

/* Times are microseconds of CLOCK_MONOTONIC, which all processes share. */
struct model_event {
	uint32_t number; /* not 0 */
	uint32_t behind; /* is not sent before this one is answered; or 0 */
	struct model_op op;
	struct model_answer answer;
	int64_t sent, done;
	bool answered;
	bool lost;	/* its connection went down: nobody knows */
	bool cancelled; /* CANCEL was sent */
};

struct model_told {
	struct model_notice notice;
	int64_t time;
};

/* Between two moments at which nothing is on its way. */
struct model_round {
	int64_t begin, end;
	int64_t patience; /* how long a holder has to answer */
	struct model_event events[MODEL_EVENTS];
	unsigned int num_events;
	struct model_told told[MODEL_TOLD];
	unsigned int num_told;
};

struct model_states {
	struct model *list; /* all different */
	size_t count;
};

enum model_verdict {
	MODEL_LEGAL,
	MODEL_VIOLATION,
	MODEL_UNDECIDED /* too many orders to look at */
};

/* How far the search came. */
struct model_trace {
	struct model model;
	uint64_t done;	  /* bits: events */
	uint64_t heard;	  /* bits: told */
	uint64_t entered; /* bits: CREATEs that have not asked for a grant */
	uint64_t granted; /* bits: CREATEs whose size is still to be seen */
	uint64_t waiting; /* bits: begun, and not answered in this round */
};

struct model_search {
	size_t points; /* that were looked at */
	struct model_trace farthest;
};

/* The states in which the server may be after the round, on mem_ctx, given
 * those before it.  out: only with LEGAL; search always. */
enum model_verdict model_check(TALLOC_CTX *mem_ctx, const struct model_round *r,
			       const struct model_states *before,
			       struct model_states *out,
			       struct model_search *search);

/* The moment at which an event is to be looked at. */
struct model_moment model_moment_of(const struct model_round *r,
				    const struct model_event *e);

#endif
