/* fsa/id_map.h - between SIDs and Unix ids, where nobody knows better. */
#ifndef FSA_ID_MAP_H
#define FSA_ID_MAP_H

#include "fsa/fsa.h"

/* S-1-22-1-<uid>, S-1-22-2-<gid> and nothing else. */
extern const struct fsa_id_map id_map_unix;

#endif
