/* smb2/keys.h - the keys of a session ([MS-SMB2] 3.1.4.2, 3.2.5.3.1,
 * 3.3.5.5.3). */
#ifndef SMB2_KEYS_H
#define SMB2_KEYS_H

#include "smb2/preauth.h"
#include "smb2/constants.h"

enum smb2_side {
	SMB2_CLIENT,
	SMB2_SERVER
};

#define SMB2_MAX_KEY_SIZE 32

/* The same on both sides but for encrypt and decrypt: this side's outgoing
 * and incoming direction. */
struct smb2_session_keys {
	uint8_t signing[16];
	uint8_t application[16];
	uint8_t encrypt[SMB2_MAX_KEY_SIZE]; /* 3.x; 32 bytes with AES256 */
	uint8_t decrypt[SMB2_MAX_KEY_SIZE];
};

/* session_key: what the authentication gave, of any length; its first 16 bytes
 * (padded with zeros) are Session.SessionKey and, with a 256-bit cipher, all of
 * it is Session.FullSessionKey.  cipher: Connection.CipherId (AES128_CCM is
 * implied by 3.0 and 3.0.2).  preauth: the session's, for 3.1.1 only, else
 * NULL. */
void smb2_derive_keys(struct smb2_session_keys *out, enum smb2_side side,
		      uint16_t dialect, enum smb2_cipher cipher,
		      const uint8_t *session_key, size_t session_key_length,
		      const struct smb2_preauth *preauth);

/* The signing key of another channel bound to the session (3.3.5.5.3):
 * preauth is the channel's. */
void smb2_derive_channel_signing_key(uint8_t out[16], uint16_t dialect,
				     const uint8_t *session_key,
				     size_t session_key_length,
				     const struct smb2_preauth *preauth);

/* Overwrites them in a way the compiler does not drop. */
void smb2_keys_wipe(struct smb2_session_keys *keys);

#endif
