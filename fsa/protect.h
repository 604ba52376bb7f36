/* fsa/protect.h - descriptors at work: what an open may be granted, what a new
 * file is protected by, what a client may set. */
#ifndef FSA_PROTECT_H
#define FSA_PROTECT_H

#include "fsa/file.h"

/* Rights that io's user has on a node: by the descriptor where one is stored,
 * else by what the file system below allows.  Only those that wanted asks for
 * are looked into (MAXIMUM_ALLOWED: all).  backup: the open is for backup or
 * restore, by privilege. */
MUST_CHECK NTSTATUS protect_get_rights(const struct fsa_io *io,
				       struct fsa_node *n, uint32_t wanted,
				       bool backup, uint32_t *out);

/* ACCESS_DENIED when a stored descriptor does not give io's user what needs
 * says.  The file system below is asked by what is done next. */
MUST_CHECK NTSTATUS protect_check(const struct fsa_io *io, struct fsa_node *n,
				  uint32_t needs);

/* Whether io's user may read what is called name in the directory, for listings
 * that leave out the rest. */
bool protect_may_read(const struct fsa_io *io, struct fsa_node *directory,
		      const char *name);

/* What io's create makes is protected by: for fsa_how.protect.  ACCESS_DENIED
 * when the parent's descriptor lets nothing be made in it. */
MUST_CHECK NTSTATUS protect_new(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
				bool directory,
				const struct security_descriptor *parent,
				const struct fsa_protection **out);

/* The descriptor of f: stored, or made from the mode. */
MUST_CHECK NTSTATUS protect_get(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
				struct security_descriptor *out);

/* Fills in unix_change for p->sd, of which the parts in which
 * (OWNER_SECURITY_INFORMATION, ...) are new; before is how the node is now.
 * INVALID_OWNER for one that io's user may not give it to. */
MUST_CHECK NTSTATUS protect_express(TALLOC_CTX *mem_ctx,
				    const struct fsa_io *io,
				    const struct fsa_unix *before,
				    uint32_t which, struct fsa_protection *p);

#endif
