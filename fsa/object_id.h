/* fsa/object_id.h - object ids of files and volumes ([MS-FSCC] 2.1.3). */
#ifndef FSA_OBJECT_ID_H
#define FSA_OBJECT_ID_H

#include "fsa/file.h"

#define OBJECT_ID_SIZE 64 /* FILE_OBJECTID_BUFFER: the id and 48 bytes more */

/* The volume's id and what is said with it.  Until one is set it is one of the
 * volume's own, from default_id.  VOLUME_NOT_UPGRADED where nothing can be kept
 * with a file. */
MUST_CHECK NTSTATUS object_id_get_volume(struct fsa_volume *v,
					 const uint8_t default_id[16],
					 uint8_t out[OBJECT_ID_SIZE]);
MUST_CHECK NTSTATUS object_id_set_volume(struct fsa_volume *v,
					 const uint8_t id[OBJECT_ID_SIZE]);

/* The FSCTLs of [MS-FSA] 2.1.5.10.1, .2, .13, .35 and .36. */
MUST_CHECK NTSTATUS object_id_create_or_get(struct fsa_io *io);
MUST_CHECK NTSTATUS object_id_delete(struct fsa_io *io);
MUST_CHECK NTSTATUS object_id_get(struct fsa_io *io);
MUST_CHECK NTSTATUS object_id_set(struct fsa_io *io);
MUST_CHECK NTSTATUS object_id_set_extended(struct fsa_io *io);

#endif
