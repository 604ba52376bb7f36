/* auth/mech.h - a mechanism: what SPNEGO negotiates and wraps.  NTLMSSP is one,
 * each side of it. */
#ifndef AUTH_MECH_H
#define AUTH_MECH_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"

struct auth_mech;

struct auth_mech_ops {
	/* One message in, one out (on mem_ctx; length 0: none).  OK: complete;
	 * *out may be a last message.  MORE_PROCESSING_REQUIRED: *out goes
	 * out, another one must come in.  *out is written with these two. */
	NTSTATUS(*step)
	(TALLOC_CTX *mem_ctx, struct auth_mech *mech, struct blob in,
	 struct blob *out);

	/* Once complete: signs and checks SPNEGO's list of mechanisms, without
	 * moving the state of later signatures ([MS-SPNG] 3.2.5.1).
	 * NOT_SUPPORTED when no signatures were negotiated, ACCESS_DENIED for
	 * a wrong one. */
	NTSTATUS(*sign_list)
	(TALLOC_CTX *mem_ctx, struct auth_mech *mech, struct blob list,
	 struct blob *out);
	NTSTATUS(*check_list)
	(struct auth_mech *mech, struct blob list, struct blob mic);

	/* Once complete: must both sides sign the list although nothing made
	 * them suspicious?  ([MS-SPNG] 3.1.5.1, note 8.) */
	bool (*needs_list_mic)(const struct auth_mech *mech);

	/* The session key, lent; length 0 before there is one. */
	struct blob (*key)(const struct auth_mech *mech);
};

/* The first member of every mechanism's state, which is a talloc object. */
struct auth_mech {
	const struct auth_mech_ops *ops;
};

#endif
