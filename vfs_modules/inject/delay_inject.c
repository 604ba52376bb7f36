/* vfs_modules/inject/delay_inject.c - the filter `delay_inject`: operations
 * take longer, without holding up others, and can be cancelled meanwhile:
 *
 *   delay_inject:read = 250 probability=10
 *   delay_inject:close = 100 on=up */
#include <stdlib.h>

#include "fsa/module.h"
#include "vfs_modules/inject/inject.h"

/* In the pass's room. */
struct delay {
	struct tevent_timer *timer;
	NTSTATUS status; /* to go on with */
};

/* Milliseconds, up to an hour; "ms" may stand behind them. */
static bool set_delay(struct inject_rule *rule, const char *word)
{
	unsigned long v;
	char *end;

	if (word[0] < '0' || word[0] > '9') {
		return false;
	}
	v = strtoul(word, &end, 10);
	if (end[0] == 'm' && end[1] == 's') {
		end += 2;
	}
	rule->delay = (unsigned int)v;
	return *end == '\0' && v <= 3600000;
}

static bool parse(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		  void *config, const char *value, const char **out_reason)
{
	return inject_parse(d, config, value, set_delay, out_reason);
}

static NTSTATUS connect(struct fsa_layer *l, const struct fsa_connect *c)
{
	l->state = c->ev;
	return NT_STATUS_OK;
}

static void is_over(struct tevent_context *ev, struct tevent_timer *te,
		    struct timeval now, void *private_data)
{
	struct fsa_pass *p = private_data;
	struct delay *d = fsa_pass_room(p, struct delay);

	d->timer = NULL;
	fsa_pass_resume(p, d->status);
}

/* What is done already goes on as it was. */
static void cancel(struct fsa_io *io)
{
	struct fsa_pass *p = io->state;
	struct delay *d = fsa_pass_room(p, struct delay);

	TALLOC_FREE(d->timer);
	fsa_pass_resume(p, d->status);
}

static void cancel_undone(struct fsa_io *io)
{
	struct fsa_pass *p = io->state;
	struct delay *d = fsa_pass_room(p, struct delay);

	TALLOC_FREE(d->timer);
	/* Who closes is not stopped: the file would stay open. */
	fsa_pass_resume(p, io->op == FSA_CLOSE ? NT_STATUS_OK
					       : NT_STATUS(CANCELLED));
}

/* Goes on with status, later. */
static NTSTATUS wait(struct fsa_pass *p, const struct inject_rule *rule,
		     NTSTATUS status)
{
	struct delay *d = fsa_pass_room(p, struct delay);

	d->status = status;
	d->timer = tevent_add_timer(
		p->layer->state, p->layer->volume,
		tevent_timeval_current_ofs(rule->delay / 1000,
					   rule->delay % 1000 * 1000),
		is_over, p);
	if (d->timer == NULL) {
		return status; /* without memory: no delay */
	}
	p->io->state = p;
	p->io->cancel = rule->up ? cancel : cancel_undone;
	return NT_STATUS(PENDING);
}

static NTSTATUS down(struct fsa_pass *p)
{
	const struct inject_rule *rule =
		inject_find(p->layer->config, p->io, false);

	return rule == NULL ? NT_STATUS_OK : wait(p, rule, NT_STATUS_OK);
}

static NTSTATUS up(struct fsa_pass *p, NTSTATUS status)
{
	const struct inject_rule *rule =
		inject_find(p->layer->config, p->io, true);

	return rule == NULL ? status : wait(p, rule, status);
}

static const struct fsa_option_def options[] = {
	INJECT_OPERATIONS(parse),
	{.name = NULL},
};

static const struct fsa_filter delay_inject = {
	.version = FSA_FILTER_VERSION,
	.name = "delay_inject",
	.ops = FSA_ALL_OPS,
	.options = options,
	.config_size = sizeof(struct inject),
	.connect = connect,
	.down = down,
	.up = up,
};

FSA_MODULE(.filter = &delay_inject)
