/* fsa/mangle.h - short names of the files of a volume, `mangled names`: which
 * files have one, and which file one is of.
 *
 * A short name is found by a look at all names of its directory.  If it is that
 * of two, which the hash makes one case in 10^10, it opens neither. */
#ifndef FSA_MANGLE_H
#define FSA_MANGLE_H

#include "fsa/file.h"
#include "fsa/short_name.h"

/* The short name that an entry has beside its name; NULL: it has none, or is an
 * 8.3 name itself. */
const char *mangle_get(const struct fsa_volume *v, const char *name,
		       char buffer[SHORT_NAME_SIZE]);

/* FileAlternateNameInformation ([MS-FSA] 2.1.5.12.4): the short name of what
 * the node is, an 8.3 name being its own.  OBJECT_NAME_NOT_FOUND; NOT_SUPPORTED
 * on a volume without short names, which smbclient minds less. */
MUST_CHECK NTSTATUS mangle_query(const struct fsa_file *f,
				 char out[SHORT_NAME_SIZE]);

/* The file that f had open by its short name has been deleted: who makes the
 * short name again within 15 seconds makes the long one, as a program that
 * saves by writing anew wants it ([MS-FSA] 2.1.1.2, TunnelCacheEntry with
 * KeyByShortName; by this connection alone). */
void mangle_remember(struct fsa_file *f);

/* The path with the short names in it made long; path itself if there are none,
 * else on mem_ctx.  What is not found stays as it is. */
MUST_CHECK NTSTATUS mangle_resolve(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
				   const char *path, const char **out);

#endif
