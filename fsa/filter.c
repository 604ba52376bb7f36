/* fsa/filter.c - see filter.h: the way of an fsa_io through a volume's filters.
 *
 *   go_down   from filter to filter, then the core
 *   go_up     and back
 *   resumed   who waited goes on
 *
 * What is known of an io on its way is a struct fsa_walk, one for each io that
 * is under way; a volume keeps those that are done with for the next. */
#include "fsa/filter.h"

#include <string.h>

#include "fsa/cover.h"
#include "fsa/file.h"
#include "fsa/filters.h"
#include "fsa/modules.h"
#include "fsa/options.h"
#include "lib/log.h"

struct fsa_walk {
	struct fsa_walk *next; /* among those that are spare */
	struct fsa_volume *volume;
	struct fsa_io *io;
	unsigned int first; /* where the io came in */
	unsigned int at;    /* who has it; volume->num_layers: the core */
	bool rising;
	bool waiting;	  /* for fsa_pass_resume() */
	NTSTATUS refused; /* a CLOSE: what is answered all the same */
	struct fsa_pass passes[];
};

/* --- walks ---------------------------------------------------------------- */

static struct fsa_walk *walk_begin(struct fsa_volume *v, struct fsa_io *io,
				   unsigned int first)
{
	struct fsa_walk *w = v->spare_walks;

	if (w != NULL) {
		v->spare_walks = w->next;
	} else {
		w = talloc_size(v, sizeof(*w) + v->num_layers *
							sizeof(w->passes[0]));
	}
	if (w == NULL) {
		return NULL;
	}
	*w = (struct fsa_walk){.volume = v,
			       .io = io,
			       .first = first,
			       .at = first,
			       .refused = NT_STATUS_OK};
	return w;
}

/* The io is the core's again, or done with. */
static void walk_end(struct fsa_walk *w)
{
	struct fsa_volume *v = w->volume;

	w->io->walk = NULL;
	w->next = v->spare_walks;
	v->spare_walks = w;
}

/* --- down and up ---------------------------------------------------------- */

static bool sees(const struct fsa_layer *l, const struct fsa_io *io)
{
	return (l->filter->ops & FSA_OP_BIT(io->op)) != 0;
}

static NTSTATUS layer_down(struct fsa_walk *w)
{
	struct fsa_layer *l = &w->volume->layers[w->at];
	struct fsa_pass *p = &w->passes[w->at];
	NTSTATUS status;

	p->layer = l;
	p->io = w->io;
	p->answered = false;
	if (!sees(l, w->io) || l->filter->down == NULL) {
		if (sees(l, w->io)) {
			memset(p->room, 0, sizeof(p->room));
		}
		return NT_STATUS_OK;
	}
	memset(p->room, 0, sizeof(p->room));
	status = l->filter->down(p);
	ASSERT(identity_is(w->io->identity));
	return status;
}

static NTSTATUS layer_up(struct fsa_walk *w, NTSTATUS status)
{
	const struct fsa_layer *l = &w->volume->layers[w->at];

	if (!sees(l, w->io) || l->filter->up == NULL) {
		return status;
	}
	status = l->filter->up(&w->passes[w->at], status);
	ASSERT(identity_is(w->io->identity));
	return status;
}

static NTSTATUS waits(struct fsa_walk *w)
{
	w->waiting = true;
	return NT_STATUS(PENDING);
}

/* From the filters above w->at. */
static NTSTATUS go_up(struct fsa_walk *w, NTSTATUS status)
{
	w->rising = true;
	while (w->at > w->first) {
		w->at--;
		status = layer_up(w, status);
		if (NT_STATUS_IS(status, PENDING)) {
			return waits(w);
		}
	}
	walk_end(w);
	return status;
}

/* What the filter at w->at has said. */
static bool goes_on(const struct fsa_walk *w, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) && !w->passes[w->at].answered;
}

/* The same for a CLOSE, which reaches the core whatever is said: the file is to
 * be gone. */
static bool goes_on_anyway(struct fsa_walk *w, NTSTATUS status)
{
	if (goes_on(w, status)) {
		return true;
	}
	if (w->io->op != FSA_CLOSE) {
		return false;
	}
	if (NT_STATUS_IS_OK(w->refused)) {
		w->refused = status;
	}
	return true;
}

static NTSTATUS leave_core(struct fsa_walk *w, NTSTATUS status)
{
	return go_up(w, NT_STATUS_IS_OK(w->refused) ? status : w->refused);
}

static NTSTATUS go_down(struct fsa_walk *w)
{
	NTSTATUS status;

	while (w->at < w->volume->num_layers) {
		status = layer_down(w);
		if (NT_STATUS_IS(status, PENDING)) {
			return waits(w);
		}
		if (!goes_on_anyway(w, status)) {
			return go_up(w, status);
		}
		w->at++;
	}
	status = fsa_core_start(w->io);
	return NT_STATUS_IS(status, PENDING) ? status : leave_core(w, status);
}

NTSTATUS filters_start(struct fsa_io *io, unsigned int first)
{
	struct fsa_walk *w = walk_begin(io->volume, io, first);

	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	io->walk = w;
	return go_down(w);
}

NTSTATUS filters_core_done(struct fsa_io *io, NTSTATUS status)
{
	return leave_core(io->walk, status);
}

/* --- going on ------------------------------------------------------------- */

static void resumed(struct fsa_io *io)
{
	struct fsa_walk *w = io->walk;
	NTSTATUS status = io->status;

	if (w->rising) {
		status = go_up(w, status);
	} else if (goes_on_anyway(w, status)) {
		w->at++;
		status = go_down(w);
	} else {
		status = go_up(w, status);
	}
	if (!NT_STATUS_IS(status, PENDING)) {
		fsa_io_end(io, status);
	}
}

void fsa_pass_resume(struct fsa_pass *p, NTSTATUS status)
{
	struct fsa_io *io = p->io;
	struct fsa_walk *w = io->walk;

	ASSERT(io->pending && w->waiting && p == &w->passes[w->at]);
	ASSERT(!NT_STATUS_IS(status, PENDING));
	w->waiting = false;
	io->status = status;
	io->cancel = NULL;
	io->state = NULL;
	io->volume->server->params.run_step(io, resumed);
}

/* --- what is lost --------------------------------------------------------- */

NTSTATUS filters_losing(struct filters_loss *in)
{
	struct fsa_volume *v = in->loss.volume;
	NTSTATUS status = NT_STATUS_OK;

	in->asked = 0;
	in->taken = false;
	if (!v->minds_losses) {
		return status;
	}
	/* The node may get another name in between. */
	in->loss.name = talloc_strdup(v, v->driver->path(in->loss.node));
	if (in->loss.name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && !in->taken &&
	       in->asked < v->num_layers) {
		struct fsa_layer *l = &v->layers[in->asked++];

		if (l->filter->losing != NULL) {
			status = l->filter->losing(l, &in->loss, &in->taken);
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		filters_lost(in, status);
	}
	return status;
}

void filters_lost(struct filters_loss *in, NTSTATUS status)
{
	struct fsa_volume *v = in->loss.volume;

	while (in->asked > 0) {
		struct fsa_layer *l = &v->layers[--in->asked];

		if (l->filter->lost != NULL) {
			l->filter->lost(l, &in->loss, status);
		}
	}
	talloc_free((void *)(uintptr_t)in->loss.name);
	in->loss.name = NULL;
}

/* --- set-up --------------------------------------------------------------- */

/* What stands in for a volume's driver. */
struct wrapper {
	struct fsa_driver table; /* its own; the mount points here */
	const struct fsa_driver *below;
	struct fsa_layer *layer;
};

struct fsa_layer *fsa_mount_wrapped(const struct fsa_mount *m,
				    const struct fsa_driver **out_below)
{
	const struct wrapper *w = (const struct wrapper *)m->driver;

	*out_below = w->below;
	return w->layer;
}

static NTSTATUS wrap_driver(struct fsa_volume *v, struct fsa_layer *l)
{
	struct wrapper *w;

	if (v->wrapped) {
		LOG_ERR(LOG_FSA,
			"%s: vfs objects: %s: another module stands between "
			"core and driver",
			v->label, l->filter->name);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	w = talloc(v, struct wrapper);
	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*w = (struct wrapper){
		.table = *v->driver, .below = v->driver, .layer = l};
	l->filter->wrap(l, &w->table);
	v->driver = &w->table;
	v->mount->driver = &w->table;
	v->wrapped = true;
	return NT_STATUS_OK;
}

NTSTATUS filters_add(struct fsa_volume *v,
		     const struct fsa_volume_params *params,
		     const struct fsa_filter *filter)
{
	const struct fsa_connect c = {.params = params,
				      .ev = v->server->params.ev};
	struct fsa_layer *l;
	NTSTATUS status;

	if (v->layers == NULL) {
		v->layers =
			talloc_zero_array(v, struct fsa_layer, FSA_MAX_FILTERS);
	}
	if (v->layers == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	ASSERT(v->num_layers < FSA_MAX_FILTERS);
	l = &v->layers[v->num_layers];
	*l = (struct fsa_layer){
		.filter = filter, .volume = v, .place = v->num_layers};
	status = options_parse(v, filter, params, &l->config);
	if (NT_STATUS_IS_OK(status) && filter->connect != NULL) {
		status = filter->connect(l, &c);
	}
	if (NT_STATUS_IS_OK(status) && filter->wrap != NULL) {
		status = wrap_driver(v, l);
	}
	if (NT_STATUS_IS_OK(status)) {
		v->num_layers++;
		v->minds_losses = v->minds_losses || filter->losing != NULL;
	}
	return status;
}

static NTSTATUS connect_named(struct fsa_volume *v,
			      const struct fsa_volume_params *params,
			      const char *name)
{
	const struct fsa_filter *filter = NULL;
	char *why = NULL;
	NTSTATUS status = modules_find_filter(v, params->modules_dir, name,
					      &filter, &why);

	if (v->num_layers == FSA_MAX_FILTERS) {
		why = talloc_strdup(v, "too many modules");
		status = NT_STATUS(BAD_NETWORK_NAME);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "share %s: vfs objects: %s: %s",
			params->share_name, name, why != NULL ? why : "?");
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	return filters_add(v, params, filter);
}

static NTSTATUS cover(struct fsa_volume *v,
		      const struct fsa_volume_params *params)
{
	const struct fsa_connect c = {.params = params,
				      .ev = v->server->params.ev};
	struct fsa_below b = {.driver = v->driver, .mount = v->mount};
	NTSTATUS status = NT_STATUS_OK;

	for (unsigned int i = v->num_layers; NT_STATUS_IS_OK(status) && i > 0;
	     i--) {
		struct fsa_layer *l = &v->layers[i - 1];

		if (l->filter->cover != NULL) {
			status = l->filter->cover(l, &c, &b);
		}
	}
	v->driver = b.driver;
	v->mount = b.mount;
	return status;
}

NTSTATUS filters_connect(struct fsa_volume *v,
			 const struct fsa_volume_params *params)
{
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0; NT_STATUS_IS_OK(status) && params->filters != NULL &&
			   params->filters[i] != NULL;
	     i++) {
		status = connect_named(v, params, params->filters[i]);
	}
	return NT_STATUS_IS_OK(status) ? cover(v, params) : status;
}

/* --- for filters ---------------------------------------------------------- */

NTSTATUS fsa_layer_dispatch(const struct fsa_layer *l, struct fsa_io *io)
{
	ASSERT(io->volume == l->volume);
	return fsa_dispatch_from(io, l->place + 1);
}

void *fsa_layer_get_note(const struct fsa_layer *l, const struct fsa_file *f)
{
	return f->notes == NULL ? NULL : f->notes[l->place];
}

NTSTATUS fsa_layer_set_note(const struct fsa_layer *l, struct fsa_file *f,
			    void *note)
{
	if (f->notes == NULL) {
		f->notes = talloc_zero_array(f, void *, FSA_MAX_FILTERS);
	}
	if (f->notes == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	f->notes[l->place] = note;
	return NT_STATUS_OK;
}

struct fsa_server *fsa_volume_server(const struct fsa_volume *v)
{
	return v->server;
}

void fsa_layer_hold_read_only(const struct fsa_layer *l, bool hold)
{
	l->volume->read_only = hold || l->volume->read_only_always;
}

const struct fsa_driver *fsa_volume_driver(const struct fsa_volume *v)
{
	return v->driver;
}

struct fsa_mount *fsa_volume_mount(const struct fsa_volume *v)
{
	return v->mount;
}

struct fsa_node *fsa_file_node(const struct fsa_file *f)
{
	return f->node;
}

const char *fsa_file_stream(const struct fsa_file *f)
{
	return f->stream;
}

const char *fsa_op_name(enum fsa_op op)
{
	static const char *const names[FSA_OPS] = {
		[FSA_CREATE] = "create",
		[FSA_CLOSE] = "close",
		[FSA_READ] = "read",
		[FSA_WRITE] = "write",
		[FSA_FLUSH] = "flush",
		[FSA_QUERY_DIRECTORY] = "query_directory",
		[FSA_QUERY_INFO] = "query_info",
		[FSA_SET_INFO] = "set_info",
		[FSA_QUERY_VOLUME] = "query_volume",
		[FSA_QUERY_SECURITY] = "query_security",
		[FSA_SET_SECURITY] = "set_security",
		[FSA_FSCTL] = "fsctl",
		[FSA_NOTIFY] = "notify",
		[FSA_COPY] = "copy",
		[FSA_LOCK] = "lock",
	};

	ASSERT(op < FSA_OPS && names[op] != NULL);
	return names[op];
}
