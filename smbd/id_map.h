/* smbd/id_map.h - who is who: accounts' SIDs and Unix ids, for descriptors. */
#ifndef SMBD_ID_MAP_H
#define SMBD_ID_MAP_H

#include <talloc.h>

#include "fsa/fsa.h"

struct passdb;

/* Maps accounts of passdb to Unix users of the same name, S-1-22-1-<uid> and
 * S-1-22-2-<gid> to what they say.  What it has found out it believes for a
 * minute.  passdb is lent. */
MUST_CHECK NTSTATUS id_map_create(TALLOC_CTX *mem_ctx, struct passdb *passdb,
				  const struct fsa_id_map **out);

#endif
