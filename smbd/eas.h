/* smbd/eas.h - extended attributes between the wire and the file system:
 * [MS-FSCC] 2.4.16, [MS-SMB2] 3.3.5.20.1. */
#ifndef SMBD_EAS_H
#define SMBD_EAS_H

#include <talloc.h>

#include "fsa/fsa.h"
#include "lib/wire.h"

/* A FILE_FULL_EA_INFORMATION list, lent, but for the array, on mem_ctx.
 * EA_LIST_INCONSISTENT, INVALID_EA_NAME. */
MUST_CHECK NTSTATUS smbd_eas_decode(TALLOC_CTX *mem_ctx, struct wire_reader in,
				    struct fsa_ea **out, size_t *out_count);

/* What a query asks for, and how far this open has come. */
struct smbd_ea_query {
	struct wire_reader names; /* FILE_GET_EA_INFORMATION, may be empty */
	uint32_t flags;		  /* SL_* */
	uint32_t index;		  /* with SL_INDEX_SPECIFIED */
	size_t room;		  /* bytes the client has */
};

/* Puts the entries that are asked for and fit; *position counts those that were
 * given without names or index.  BUFFER_OVERFLOW: not all; with it and with OK
 * there is output.  BUFFER_TOO_SMALL, NO_EAS_ON_FILE, NO_MORE_EAS,
 * NONEXISTENT_EA_ENTRY, and as smbd_eas_decode(). */
MUST_CHECK NTSTATUS smbd_eas_put(struct wire_writer *w,
				 const struct smbd_ea_query *q,
				 const struct fsa_ea *eas, size_t count,
				 uint32_t *position);

#endif
