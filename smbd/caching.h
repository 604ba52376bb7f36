/* smbd/caching.h - oplocks and leases on the wire ([MS-SMB2] 3.3.5.9.8,
 * 3.3.5.9.11); for breaks see breaks.h. */
#ifndef SMBD_CACHING_H
#define SMBD_CACHING_H

#include "fsa/fsa.h"
#include "smb2/create.h"
#include "smb2/create_contexts.h"

struct smbd_open;
struct smbd_request;

/* What a CREATE asks to cache. */
struct fsa_caching_request smbd_caching_wanted(
	const struct smbd_request *req, const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *c);

/* SMB2_OPLOCK_LEVEL_* of what was granted. */
uint8_t smbd_caching_level(const struct fsa_create *result);

/* The open knows what was granted. */
void smbd_caching_note(struct smbd_open *open, const struct fsa_create *result);

/* The lease's context of the response, if there is a lease. */
void smbd_caching_answer(const struct fsa_create *result,
			 const struct smb2_create_request_contexts *in,
			 struct smb2_create_response_contexts *out);

#endif
