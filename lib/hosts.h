/* lib/hosts.h - "hosts allow" and "hosts deny". */
#ifndef LIB_HOSTS_H
#define LIB_HOSTS_H

#include "lib/ntstatus.h"

/* May a client at addr (IPv4 or IPv6 text, an IPv4-mapped one counts as IPv4)
 * connect?  As Samba decides: with both lists empty everybody may; who is in
 * allow may; with only allow nobody else may; who is in deny may not; the rest
 * may.  Loopback may unless deny names it.
 *
 * An entry is an address, address/bits, address/mask, a prefix "192.168.", ALL,
 * or EXCEPT, after which the entries name those that are not meant. */
bool hosts_may_connect(const char *const *allow, const char *const *deny,
		       const char *addr);

/* INVALID_PARAMETER when the entry is none of these (a host name, a netgroup):
 * to be refused when the configuration is read. */
MUST_CHECK NTSTATUS hosts_entry_check(const char *entry);

#endif
