/* smbd/breaks.h - breaks of oplocks and leases on their way to the client
 * ([MS-SMB2] 3.3.4.6, 3.3.4.7).  One goes over any channel of its session; it
 * is kept until it is answered, and sent again over another channel when its
 * connection is lost, or is given up because nothing sent there arrives. */
#ifndef SMBD_BREAKS_H
#define SMBD_BREAKS_H

#include "fsa/fsa.h"
#include "smb2/header.h"

struct smbd_client;
struct smbd_connection;
struct smbd_open;

/* A channel is given up when what was sent over it is not acknowledged (by TCP)
 * for so long; only with a break on its way, and another channel there. */
#define SMBD_CHANNEL_SILENT_MSEC 1500

/* An oplock or lease of the client's is being broken: he is told at the next
 * smbd_breaks_flush().  fsa_server_params.on_break: private_data is the struct
 * smbd_server. */
void smbd_breaks_tell(void *private_data, const struct fsa_break *b);

/* Tells him of what has been broken so far.  At the end of each frame, so that
 * he hears of what it has granted before, and of what it has broken before the
 * next is answered; the event loop does it for the rest. */
void smbd_breaks_flush(struct smbd_client *client);

/* The client has answered: for the oplock of an open, for a lease. */
void smbd_breaks_oplock_answered(struct smbd_client *client,
				 const struct smbd_open *open);
void smbd_breaks_lease_answered(struct smbd_client *client,
				const struct guid *key);

/* The open is out of its session's table, and with it perhaps a lease. */
void smbd_breaks_closed(struct smbd_client *client,
			const struct smbd_open *open);

/* conn is lost: what was told over it is told over another. */
void smbd_breaks_lost(struct smbd_connection *conn);

#endif
