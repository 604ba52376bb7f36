/* fsa/ea.h - extended attributes, as far as the core has to do with them. */
#ifndef FSA_EA_H
#define FSA_EA_H

#include "fsa/file.h"

/* FileFullEaInformation, query ([MS-FSA] 2.1.5.12.12): all there are. */
MUST_CHECK NTSTATUS fsa_query_eas(struct fsa_io *io);

/* FileFullEaInformation, set ([MS-FSA] 2.1.5.15.6): all or none. */
MUST_CHECK NTSTATUS fsa_set_eas(struct fsa_io *io);

/* Sets eas, or changes nothing.  EA_TOO_LARGE when all together are more than
 * a file can have. */
MUST_CHECK NTSTATUS ea_apply(struct fsa_file *f, const struct fsa_ea *eas,
			     size_t count);

/* Whether who opens it must understand EAs ([MS-FSA] 2.1.5.1.2). */
bool ea_is_needed(struct fsa_file *f);

#endif
