/* fsa/filters.h - the chain of filters as the rest of the core sees it; what a
 * filter sees is fsa/filter.h.  For fsa/ alone. */
#ifndef FSA_FILTERS_H
#define FSA_FILTERS_H

#include "fsa/filter.h"

/* Puts the filters that params name on the mounted volume.  Logs what goes
 * wrong; BAD_NETWORK_NAME: there is none of that name. */
MUST_CHECK NTSTATUS filters_connect(struct fsa_volume *v,
				    const struct fsa_volume_params *params);

/* Puts one more below those that the volume has. */
MUST_CHECK NTSTATUS filters_add(struct fsa_volume *v,
				const struct fsa_volume_params *params,
				const struct fsa_filter *filter);

/* Sends an io on its way, from the filter in that place on: a final status, or
 * STATUS_PENDING. */
MUST_CHECK NTSTATUS filters_start(struct fsa_io *io, unsigned int first);

/* The core has finished an io that has a walk and was pending: on upwards. */
MUST_CHECK NTSTATUS filters_core_done(struct fsa_io *io, NTSTATUS status);

/* A loss that the filters are asked about.  The caller fills in loss but the
 * name. */
struct filters_loss {
	struct fsa_loss loss;
	bool taken; /* it is out of the way already */
	unsigned int asked;
};

/* Asks before something is lost; when the answer is OK the caller loses it
 * (unless taken) and then says how that went with filters_lost(). */
MUST_CHECK NTSTATUS filters_losing(struct filters_loss *in);
void filters_lost(struct filters_loss *in, NTSTATUS status);

/* --- of dispatch.c, for filter.c ------------------------------------------ */

/* fsa_dispatch(), passing over the filters before that place. */
MUST_CHECK NTSTATUS fsa_dispatch_from(struct fsa_io *io, unsigned int first);

/* The operation itself. */
MUST_CHECK NTSTATUS fsa_core_start(struct fsa_io *io);

/* Ends an io that was pending: its caller is told. */
void fsa_io_end(struct fsa_io *io, NTSTATUS status);

#endif
