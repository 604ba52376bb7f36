/* fsa/filter.h - filters: what stands between a client's operations and the
 * core, for one share (`vfs objects`), and changes, refuses, answers, delays or
 * records them.  What a filter includes of ours is this header, fsa/driver.h
 * and lib/.
 *
 * A share's filters are a chain, the first one of `vfs objects` outermost.
 * Each fsa_io goes down through all of them to the core, and up again:
 *
 *   down()  OK               on to the next; up() will be called
 *           OK and answered  that was it: the io goes up with OK
 *           any other        that was it: the io goes up with this status
 *           STATUS_PENDING   later fsa_pass_resume() says one of the above
 *   up()    the status to go on with, or STATUS_PENDING, the same way
 *
 * A filter that did not pass the io on sees no up().  A CLOSE reaches the core
 * whatever is said, since the file must be gone; it can be answered with an
 * error all the same.  What down() changes of the arguments, up() puts back:
 * those above must see what they passed down.
 *
 * Who returns STATUS_PENDING may set io->cancel and use io->state until it
 * resumes; cancelled, it resumes with CANCELLED, or as it would have. Identity:
 * that of the io's token is in force in every call, and must be on return.
 *
 * A filter gets at what passes through callbacks by standing in for them: for
 * the entries of a listing (u.query_directory.take) or the names of streams
 * (u.query_info.take_stream) down() puts its own function there, with the pass
 * as private_data, and up() puts the caller's back.  A CREATE can be given
 * another name or, on the same server, another volume: then the file is one of
 * that volume's, and its other operations pass here all the same. */
#ifndef FSA_FILTER_H
#define FSA_FILTER_H

#include <stddef.h>

#include "fsa/driver.h"
#include "fsa/option.h"
#include "fsa/fsa.h"
#include "lib/assert.h"

#define FSA_FILTER_VERSION 1

#define FSA_MAX_FILTERS 8  /* on one volume */
#define FSA_PASS_ROOM	64 /* bytes */

struct fsa_below;
struct fsa_filter;
struct fsa_layer;

/* One io at one filter, from down() to the end of up(). */
struct fsa_pass {
	struct fsa_layer *layer;
	struct fsa_io *io;
	bool answered; /* set by down(): see above */
	/* The filter's own while the io is on its way; zero at first. */
	_Alignas(max_align_t) uint8_t room[FSA_PASS_ROOM];
};

/* The room as a struct of the filter's. */
#define fsa_pass_room(p, type) ((type *)fsa_pass_room_of((p), sizeof(type)))
static inline void *fsa_pass_room_of(struct fsa_pass *p, size_t size)
{
	ASSERT(size <= FSA_PASS_ROOM);
	return p->room;
}

/* A filter on one volume; belongs to it. */
struct fsa_layer {
	const struct fsa_filter *filter;
	struct fsa_volume *volume;
	unsigned int place; /* 0: the outermost */
	void *config; /* the options, see below; NULL without config_size */
	void *state;  /* the filter's own */
};

/* What a filter is told when it is put on a volume. */
struct fsa_connect {
	const struct fsa_volume_params *params;
	struct tevent_context *ev; /* outlives the volume */
};

/* --- what is about to be lost --------------------------------------------- */

enum fsa_loss_kind {
	FSA_LOSS_DELETE,   /* the last close of what was to be deleted */
	FSA_LOSS_REPLACE,  /* a rename or a link puts another in its place */
	FSA_LOSS_OVERWRITE /* its data, streams and EAs, by a CREATE */
};

/* A file or directory, never a named stream alone.  The calls come from inside
 * the core (for a deletion under the lock of the file's record, so they do not
 * take long), with the identity of who asked for the loss in force. */
struct fsa_loss {
	enum fsa_loss_kind kind;
	struct fsa_volume *volume;
	struct fsa_node *node;
	const char *name;	    /* share-relative, as on disk */
	const struct identity *who; /* asked for it; in force */
};

/* --- the table ------------------------------------------------------------ */

#define FSA_OP_BIT(op) (1u << (op))
#define FSA_ALL_OPS    (FSA_OP_BIT(FSA_OPS) - 1)

struct fsa_filter {
	unsigned int version; /* FSA_FILTER_VERSION */
	const char *name;     /* as in `vfs objects` */
	uint32_t ops;	      /* FSA_OP_BIT() of those it sees */
	/* What its options begin with; NULL: name. */
	const char *option_prefix;

	/* Options: parsed into config_size zeroed bytes, layer->config, before
	 * connect(); strings are on the volume.  The table ends with a NULL
	 * name.  NULL: there are none. */
	const struct fsa_option_def *options;
	size_t config_size;

	/* The volume is mounted; sets l->state, on l.  What is not OK refuses
	 * the tree connect; logs why.  NULL: nothing to do.  What is to be done
	 * at the end does a destructor of the state. */
	NTSTATUS (*connect)(struct fsa_layer *l, const struct fsa_connect *c);

	/* Puts functions of the filter's between the core and the driver: table
	 * is the driver's, to be changed; each finds its layer, and the driver,
	 * with fsa_mount_wrapped().  For one filter of a volume, since what it
	 * leaves out is not there.  After connect(); NULL: does not. */
	void (*wrap)(struct fsa_layer *l, struct fsa_driver *table);
	/* After all connects, from the innermost filter outwards: puts a driver
	 * of the filter's own over what is below (fsa/cover.h).  NULL: does
	 * not. */
	NTSTATUS(*cover)
	(struct fsa_layer *l, const struct fsa_connect *c, struct fsa_below *b);

	/* See above; either may be NULL. */
	NTSTATUS (*down)(struct fsa_pass *p);
	NTSTATUS (*up)(struct fsa_pass *p, NTSTATUS status);

	/* Something is about to be lost.  OK and *out_taken: the filter has
	 * taken the name away (deleting), or saved what there was; OK: go on;
	 * any other status: it is not to be lost, and (a file at its last
	 * close) stays.  Filters further in are not asked about what was taken.
	 * NULL: does not care, this and the next. */
	NTSTATUS(*losing)
	(struct fsa_layer *l, const struct fsa_loss *loss, bool *out_taken);
	/* How that went, to all that were asked; loss->node may have another
	 * name or none by now. */
	void (*lost)(struct fsa_layer *l, const struct fsa_loss *loss,
		     NTSTATUS status);
};

/* vfs_modules/ */
extern const struct fsa_filter fsa_audit_filter;
extern const struct fsa_filter fsa_readonly_filter;
extern const struct fsa_filter fsa_recycle_filter;
extern const struct fsa_filter fsa_shadow_copy_filter;

/* vfs_modules/ */
extern const struct fsa_filter fsa_catia_filter;
extern const struct fsa_filter fsa_fruit_filter;

/* --- for filters ---------------------------------------------------------- */

/* Ends what down() or up() left pending; exactly once, from the event loop or
 * from io->cancel.  On the way down OK goes on to the next, unless answered. */
void fsa_pass_resume(struct fsa_pass *p, NTSTATUS status);

/* Carries out an io of the filter's own (like fsa_dispatch(), on the layer's
 * volume), which only the filters below l see. */
MUST_CHECK NTSTATUS fsa_layer_dispatch(const struct fsa_layer *l,
				       struct fsa_io *io);

/* Something of the filter's that belongs to an open, until the open is freed;
 * NULL at first.  It is on f or outlives it. */
void *fsa_layer_get_note(const struct fsa_layer *l, const struct fsa_file *f);
MUST_CHECK NTSTATUS fsa_layer_set_note(const struct fsa_layer *l,
				       struct fsa_file *f, void *note);

/* For a filter that opens volumes of its own: a copy on mem_ctx of what a
 * volume was opened with, and the server it belongs to. */
MUST_CHECK NTSTATUS fsa_volume_params_copy(TALLOC_CTX *mem_ctx,
					   const struct fsa_volume_params *in,
					   struct fsa_volume_params *out);
struct fsa_server *fsa_volume_server(const struct fsa_volume *v);

/* From now on what is opened is opened as on a share that is read only, and
 * MaximalAccess says so; or as smb.conf says.  For one filter of a volume. */
void fsa_layer_hold_read_only(const struct fsa_layer *l, bool hold);

/* What is below the core. */
const struct fsa_driver *fsa_volume_driver(const struct fsa_volume *v);
struct fsa_mount *fsa_volume_mount(const struct fsa_volume *v);
/* The layer that wraps the mount's driver, and that driver. */
struct fsa_layer *fsa_mount_wrapped(const struct fsa_mount *m,
				    const struct fsa_driver **out_below);
/* The node of an open: of its stream, if it is one. */
struct fsa_node *fsa_file_node(const struct fsa_file *f);
/* NULL: not a named stream's open. */
const char *fsa_file_stream(const struct fsa_file *f);

/* Keeps these names from all clients, as `veto files`, besides those there. */
MUST_CHECK NTSTATUS fsa_volume_veto(struct fsa_volume *v, const char *list);

/* Opens of these named streams (a list that lasts, ended by NULL) never stand
 * in the way of who wants to delete their file, nor making one in the way of
 * others that do. */
void fsa_volume_set_loose_streams(struct fsa_volume *v,
				  const char *const *names);

/* "create", "set_info", ...; never changes. */
const char *fsa_op_name(enum fsa_op op);

#endif
