/* fsa/unix_security.h - between modes and descriptors: what a file without a
 * stored descriptor is shown with, and what the file system below is told when
 * one is set. */
#ifndef FSA_UNIX_SECURITY_H
#define FSA_UNIX_SECURITY_H

#include "fsa/driver.h"
#include "lib/sd.h"

/* The descriptor of a file that has none but its mode: an entry each for owner,
 * group and Everyone.  Its entries are on mem_ctx. */
MUST_CHECK NTSTATUS unix_security_derive(TALLOC_CTX *mem_ctx,
					 const struct fsa_id_map *map,
					 const struct fsa_unix *in,
					 bool directory,
					 struct security_descriptor *out);

/* The same where the mode is not to decide. */
MUST_CHECK NTSTATUS unix_security_default(TALLOC_CTX *mem_ctx,
					  const struct fsa_id_map *map,
					  const struct fsa_unix *in,
					  enum fsa_acl_style style,
					  struct security_descriptor *out);

/* What the DACL gives to owner, group, others and those it names, as near as
 * modes and POSIX ACLs come to it.  Owner and group are to->uid and to->gid,
 * which are set already; the entries go to mem_ctx. */
MUST_CHECK NTSTATUS unix_security_express(TALLOC_CTX *mem_ctx,
					  const struct fsa_id_map *map,
					  const struct security_descriptor *sd,
					  bool directory,
					  struct fsa_unix_change *to);

#endif
