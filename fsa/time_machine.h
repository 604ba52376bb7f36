/* fsa/time_machine.h - a limit for the backups of Time Machine: what the disk
 * images (NAME.sparsebundle) in a share's root may take up is all there is. */
#ifndef FSA_TIME_MACHINE_H
#define FSA_TIME_MACHINE_H

#include "fsa/file.h"

/* Makes the sizes in *info those of a volume of v->time_machine_max_size bytes,
 * of which the images take what they take; never more than there is. */
void time_machine_limit(struct fsa_volume *v, struct fsa_volume_info *info);

/* The band-size of an image's Info.plist (a property list as text): the bytes
 * that each file in its folder "bands" stands for.  False when there is none.
 */
bool time_machine_band_size(const char *text, size_t length, uint64_t *out);

#endif
