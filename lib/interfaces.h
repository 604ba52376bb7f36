/* lib/interfaces.h - "interfaces": the addresses to listen on. */
#ifndef LIB_INTERFACES_H
#define LIB_INTERFACES_H

#include <sys/socket.h>
#include <talloc.h>

#include "lib/ntstatus.h"

/* Entries are interface names (wildcards as in eth*), addresses, or addresses
 * with /bits or /mask: all of this host's addresses within, or the address
 * itself when it is loopback.  What follows a ';' (Samba's options) is passed
 * over.  Gives the addresses with port 0, each once, on mem_ctx; an empty list
 * of entries gives the two wildcard addresses.  NOT_FOUND when an entry
 * matches nothing, its text in *bad (lent by entries). */
MUST_CHECK NTSTATUS interfaces_resolve(TALLOC_CTX *mem_ctx,
				       const char *const *entries,
				       struct sockaddr_storage **out,
				       size_t *out_count, const char **bad);

#endif
