/* locking/state_open.c - sessions, tree connects and opens: with each other,
 * and with what their processes say. */
#include "locking/state_int.h"

#include <inttypes.h>

/* --- owners --------------------------------------------------------------- */

/* What is being looked at. */
struct subject {
	const char *what; /* "open" */
	uint64_t id;
	const struct server_id *owner;
};

static void fault_owner(struct state *s, const struct subject *x,
			const char *text)
{
	char who[SERVER_ID_STRING_SIZE];

	server_id_format(x->owner, who);
	state_fault(s, "%s %" PRIu64 ": process %s, whose it is, %s", x->what,
		    x->id, who, text);
}

/* said: that its owner knows it. */
static void check_owner(struct state *s, const struct subject *x,
			const struct server_id *said)
{
	const struct known_process *p = state_process(s, x->owner);

	if (!p->alive) {
		fault_owner(s, x, "is dead");
	} else if (p->answered &&
		   (said == NULL || !server_id_equal(said, x->owner))) {
		fault_owner(s, x, "does not know it");
	}
}

/* What x belongs to, and to whom that belongs; NULL: it is not there. */
static void check_above(struct state *s, const struct subject *x,
			const char *what, uint64_t id,
			const struct server_id *owner)
{
	if (owner == NULL) {
		state_fault(s,
			    "%s %" PRIu64 ": its %s %" PRIu64 " is not there",
			    x->what, x->id, what, id);
	} else if (!server_id_equal(owner, x->owner)) {
		state_fault(s,
			    "%s %" PRIu64 ": its %s %" PRIu64
			    " is another process's",
			    x->what, x->id, what, id);
	}
}

/* --- records -------------------------------------------------------------- */

static const struct server_id *session_owner(const struct state *s, uint64_t id)
{
	const struct known_session *k = state_list_find(&s->sessions, id);

	return k == NULL ? NULL : &k->owner;
}

static void compare_sessions(struct state *s)
{
	for (size_t i = 0; i < s->sessions.count; i++) {
		const struct known_session *k = state_list_at(&s->sessions, i);
		const struct said_session *said =
			state_list_find(&s->said_sessions, k->id);
		const struct subject x = {"session", k->id, &k->owner};

		check_owner(s, &x, said == NULL ? NULL : &said->owner);
	}
}

static void compare_trees(struct state *s)
{
	for (size_t i = 0; i < s->trees.count; i++) {
		const struct known_tree *k = state_list_at(&s->trees, i);
		const struct said_tree *said =
			state_list_find(&s->said_trees, k->id);
		const struct subject x = {"tree connect", k->id, &k->owner};

		check_owner(s, &x, said == NULL ? NULL : &said->owner);
		check_above(s, &x, "session", k->session_id,
			    session_owner(s, k->session_id));
		if (said != NULL && said->session_id != k->session_id) {
			fault_owner(s, &x, "has it in another session");
		}
	}
}

static void compare_open(struct state *s, const struct known_open *k)
{
	const struct known_tree *tree = state_list_find(&s->trees, k->tree_id);
	const struct said_open *said = state_list_find(&s->said_opens, k->id);
	const struct subject x = {"open", k->id, &k->owner};

	check_owner(s, &x, said == NULL ? NULL : &said->owner);
	check_above(s, &x, "session", k->session_id,
		    session_owner(s, k->session_id));
	check_above(s, &x, "tree connect", k->tree_id,
		    tree == NULL ? NULL : &tree->owner);
	if (said != NULL && (said->tree_id != k->tree_id ||
			     said->session_id != k->session_id)) {
		fault_owner(s, &x, "has it in another tree connect");
	}
	if (tree != NULL && tree->session_id != k->session_id) {
		state_fault(s,
			    "open %" PRIu64
			    ": its tree connect is of another session",
			    k->id);
	}
}

/* Who waits to be taken up again has no connection. */
static void compare_records(struct state *s)
{
	for (size_t i = 0; i < s->opens.count; i++) {
		const struct known_open *k = state_list_at(&s->opens, i);

		if (!k->disconnected) {
			compare_open(s, k);
		}
	}
}

/* --- what processes say --------------------------------------------------- */

static void fault_said(struct state *s, const char *what, uint64_t id,
		       const struct server_id *owner)
{
	char who[SERVER_ID_STRING_SIZE];

	server_id_format(owner, who);
	state_fault(s, "%s %" PRIu64 " of process %s has no record", what, id,
		    who);
}

static void compare_said(struct state *s)
{
	for (size_t i = 0; i < s->said_sessions.count; i++) {
		const struct said_session *k =
			state_list_at(&s->said_sessions, i);

		if (session_owner(s, k->id) == NULL) {
			fault_said(s, "session", k->id, &k->owner);
		}
	}
	for (size_t i = 0; i < s->said_trees.count; i++) {
		const struct said_tree *k = state_list_at(&s->said_trees, i);

		if (state_list_find(&s->trees, k->id) == NULL) {
			fault_said(s, "tree connect", k->id, &k->owner);
		}
	}
	for (size_t i = 0; i < s->said_opens.count; i++) {
		const struct said_open *k = state_list_at(&s->said_opens, i);

		if ((k->flags & STATE_MAKING) == 0 &&
		    state_list_find(&s->opens, k->id) == NULL) {
			fault_said(s, "open", k->id, &k->owner);
		}
	}
}

void state_compare_opens(struct state *s)
{
	compare_sessions(s);
	compare_trees(s);
	compare_records(s);
	compare_said(s);
}
