/* tools/control_state.c - check-state: the databases compared with each other
 * and with what the processes say, several times when something is wrong. */
#include "tools/control.h"

#include "idl/state_gen.h"
#include "locking/locking.h"
#include "locking/state.h"
#include "messaging/messaging.h"
#include "tools/tool.h"
#include "tools/watches.h"

/* What is wrong this often is wrong; the moments between, in milliseconds. */
static const unsigned int moments[] = {0, 20, 80, 200, 500};
#define SILENCE	   100 /* milliseconds; then it is looked whether he lives */
#define NUM_ROUNDS (sizeof(moments) / sizeof(moments[0]))

struct locking *control_open_databases(struct control *c)
{
	const char *dir = conf_global(c->conf)->lock_dir;
	struct locking *l;
	NTSTATUS status = locking_open(c->ctx, dir, c->m, true, &l);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		tool_die("%s: no databases: no server has run here", dir);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", dir, tool_status_text(status));
	}
	return l;
}

/* One reading. */
struct round {
	struct control *c;
	TALLOC_CTX *mem_ctx;
	struct state *state;
	const char **faults; /* beside those of state */
	size_t num_faults;
	struct question *questions; /* a list */
	size_t pending;
	size_t answered;
};

static void check(NTSTATUS status, const char *what)
{
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", what, tool_status_text(status));
	}
}

static void add_fault(struct round *r, const char *text)
{
	r->faults = talloc_realloc(r->mem_ctx, r->faults, const char *,
				   r->num_faults + 1);
	if (r->faults == NULL || text == NULL) {
		tool_die("no memory");
	}
	r->faults[r->num_faults++] = text;
}

/* --- asking --------------------------------------------------------------- */

struct question {
	struct question *next;
	struct round *round;
	struct server_id to;
	struct tevent_req *req; /* NULL: answered */
};

/* Who does not know the question is no server, and who is gone is gone. */
static void answered(struct tevent_req *req)
{
	struct question *q = tevent_req_callback_data(req, struct question);
	struct round *r = q->round;
	struct process_state view;
	struct blob reply = {0};
	char who[SERVER_ID_STRING_SIZE];
	NTSTATUS status = messaging_request_recv(req, r->mem_ctx, &reply);

	q->req = NULL;
	r->pending--;
	server_id_format(&q->to, who);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ||
	    NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = process_state_pull(r->mem_ctx, reply, &view);
	}
	if (NT_STATUS_IS_OK(status)) {
		check(state_add_process(r->state, &q->to, &view), who);
		r->answered++;
	} else {
		add_fault(r, talloc_asprintf(r->mem_ctx,
					     "process %s does not answer: %s",
					     who, tool_status_text(status)));
	}
}

static void ask(struct round *r, const struct server_id *to)
{
	struct timeval timeout = {.tv_sec = r->c->options->timeout};
	struct question *q = talloc_zero(r->mem_ctx, struct question);
	struct tevent_req *req;

	if (q == NULL) {
		tool_die("no memory");
	}
	*q = (struct question){.next = r->questions, .round = r, .to = *to};
	req = messaging_request_send(q, r->c->m, to, MSG_STATE,
				     (struct blob){0}, timeout);
	if (req == NULL) {
		tool_die("no memory");
	}
	q->req = req;
	r->questions = q;
	tevent_req_set_callback(req, answered, q);
	r->pending++;
}

static void look_at_silent(struct round *r);

static void silent_due(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct round *r = private_data;

	for (struct question *q = r->questions; q != NULL; q = q->next) {
		if (q->req != NULL && !server_id_exists(r->c->m, &q->to)) {
			TALLOC_FREE(q->req);
			r->pending--;
		}
	}
	look_at_silent(r);
}

/* Who ends in order answers no more, and nobody tells of it. */
static void look_at_silent(struct round *r)
{
	struct timeval next = tevent_timeval_current_ofs(0, SILENCE * 1000);

	if (r->pending > 0 && tevent_add_timer(r->c->ev, r->mem_ctx, next,
					       silent_due, r) == NULL) {
		tool_die("no memory");
	}
}

static void ask_all(struct round *r)
{
	struct server_id *ids;
	size_t count;

	check(messaging_list(r->mem_ctx, r->c->m, &ids, &count),
	      "listing the processes");
	for (size_t i = 0; i < count; i++) {
		if (!server_id_equal(&ids[i], messaging_id(r->c->m))) {
			ask(r, &ids[i]);
		}
	}
	look_at_silent(r);
	while (r->pending > 0) {
		if (tevent_loop_once(r->c->ev) != 0) {
			tool_die("the event loop failed");
		}
	}
}

/* --- watches of directories ----------------------------------------------- */

static void ask_notifyd(struct round *r)
{
	struct timeval timeout = {.tv_sec = r->c->options->timeout};
	struct notify_board *board;
	struct notify_list list;
	NTSTATUS status = watches_get(r->mem_ctx, r->c->m,
				      conf_global(r->c->conf)->lock_dir,
				      timeout, &board, &list);

	if (NT_STATUS_IS_OK(status)) {
		check(state_add_notify(r->state, &list, board), "comparing");
	} else {
		add_fault(r, talloc_asprintf(r->mem_ctx,
					     "notifyd does not answer: %s",
					     tool_status_text(status)));
	}
}

/* --- rounds --------------------------------------------------------------- */

static void one_round(struct control *c, struct locking *l, bool first,
		      struct state_faults *kept)
{
	struct round r = {.c = c, .mem_ctx = talloc_new(c->ctx)};
	const char *const *faults;
	size_t count;

	if (r.mem_ctx == NULL) {
		tool_die("no memory");
	}
	check(state_read(r.mem_ctx, l, &r.state), "reading the databases");
	ask_all(&r);
	if (r.answered == 0 && r.num_faults == 0) {
		tool_die("no server is running with lock directory %s",
			 conf_global(c->conf)->lock_dir);
	}
	ask_notifyd(&r);
	check(state_compare(r.state, &faults, &count), "comparing");
	for (size_t i = 0; i < count; i++) {
		add_fault(&r, faults[i]);
	}
	check(state_faults_keep(kept, first, r.faults, r.num_faults),
	      "comparing");
	talloc_free(r.mem_ctx);
}

static void moment_over(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

static void wait_for(struct control *c, unsigned int milliseconds)
{
	struct timeval end = tevent_timeval_current_ofs(0, milliseconds * 1000);
	bool over = false;

	if (tevent_add_timer(c->ev, c->ctx, end, moment_over, &over) == NULL) {
		tool_die("no memory");
	}
	while (!over) {
		if (tevent_loop_once(c->ev) != 0) {
			tool_die("the event loop failed");
		}
	}
}

int control_check_state(struct control *c, const char *const *args)
{
	struct locking *l = control_open_databases(c);
	struct state_faults *kept = state_faults_create(c->ctx);
	size_t i;

	if (args[0] != NULL) {
		tool_die("%s takes no argument", c->command->name);
	}
	if (kept == NULL) {
		tool_die("no memory");
	}
	for (i = 0; i < NUM_ROUNDS && (i == 0 || kept->count > 0); i++) {
		if (i > 0) {
			wait_for(c, moments[i]);
		}
		one_round(c, l, i == 0, kept);
	}
	for (i = 0; i < kept->count; i++) {
		printf("%s\n", kept->texts[i]);
	}
	return kept->count == 0 ? 0 : 1;
}
