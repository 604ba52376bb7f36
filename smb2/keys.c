/* smb2/keys.c - the keys of a session.
 *
 *	          3.0, 3.0.2                   3.1.1 (context: preauth hash)
 *	signing   "SMB2AESCMAC", "SmbSign"     "SMBSigningKey"
 *	app       "SMB2APP", "SmbRpc"          "SMBAppKey"
 *	to client "SMB2AESCCM", "ServerOut"    "SMBS2CCipherKey"
 *	to server "SMB2AESCCM", "ServerIn "    "SMBC2SCipherKey"
 *
 * Labels and contexts include their final NUL.  Windows: keys for signing and
 * applications have 128 bits, and come from the first 16 bytes of the session
 * key, with the 256-bit ciphers too, though 3.1.4.2 reads otherwise. */
#include "smb2/keys.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/crypto.h"

struct derivation {
	const char *label; /* of 3.0 and 3.0.2 */
	const char *context;
	const char *label_311;
};

static const struct derivation signing = {"SMB2AESCMAC", "SmbSign",
					  "SMBSigningKey"};
static const struct derivation application = {"SMB2APP", "SmbRpc", "SMBAppKey"};
static const struct derivation to_client = {"SMB2AESCCM", "ServerOut",
					    "SMBS2CCipherKey"};
static const struct derivation to_server = {"SMB2AESCCM", "ServerIn ",
					    "SMBC2SCipherKey"};

/* The key that keys come from. */
struct base_key {
	uint8_t session[16]; /* Session.SessionKey */
	const uint8_t *full; /* Session.FullSessionKey */
	size_t full_length;
	uint16_t dialect;
	const struct smb2_preauth *preauth;
};

static struct base_key base_key(uint16_t dialect, const uint8_t *session_key,
				size_t length,
				const struct smb2_preauth *preauth)
{
	struct base_key b = {.full = session_key,
			     .full_length = length,
			     .dialect = dialect,
			     .preauth = preauth};

	memcpy(b.session, session_key,
	       length < sizeof(b.session) ? length : sizeof(b.session));
	return b;
}

static void derive_from(const struct base_key *b, const uint8_t *key,
			size_t length, const struct derivation *d, uint8_t *out,
			size_t out_length)
{
	if (b->dialect == SMB2_DIALECT_311) {
		ASSERT(b->preauth != NULL);
		crypto_kdf(key, length, d->label_311, strlen(d->label_311) + 1,
			   b->preauth->hash, SMB2_PREAUTH_SIZE, out,
			   out_length);
		return;
	}
	crypto_kdf(key, length, d->label, strlen(d->label) + 1, d->context,
		   strlen(d->context) + 1, out, out_length);
}

static void derive_16(const struct base_key *b, const struct derivation *d,
		      uint8_t out[16])
{
	derive_from(b, b->session, sizeof(b->session), d, out, 16);
}

static void derive_cipher_key(const struct base_key *b, enum smb2_cipher cipher,
			      const struct derivation *d,
			      uint8_t out[SMB2_MAX_KEY_SIZE])
{
	if (b->dialect == SMB2_DIALECT_311 &&
	    (cipher == SMB2_ENCRYPTION_AES256_CCM ||
	     cipher == SMB2_ENCRYPTION_AES256_GCM)) {
		derive_from(b, b->full, b->full_length, d, out, 32);
		return;
	}
	derive_16(b, d, out);
}

void smb2_derive_keys(struct smb2_session_keys *out, enum smb2_side side,
		      uint16_t dialect, enum smb2_cipher cipher,
		      const uint8_t *session_key, size_t session_key_length,
		      const struct smb2_preauth *preauth)
{
	struct base_key b =
		base_key(dialect, session_key, session_key_length, preauth);
	bool server = side == SMB2_SERVER;

	*out = (struct smb2_session_keys){0};
	if (dialect < SMB2_DIALECT_300) {
		memcpy(out->signing, b.session, sizeof(b.session));
		memcpy(out->application, b.session, sizeof(b.session));
	} else {
		derive_16(&b, &signing, out->signing);
		derive_16(&b, &application, out->application);
		derive_cipher_key(&b, cipher, &to_client,
				  server ? out->encrypt : out->decrypt);
		derive_cipher_key(&b, cipher, &to_server,
				  server ? out->decrypt : out->encrypt);
	}
	crypto_wipe(b.session, sizeof(b.session));
}

void smb2_derive_channel_signing_key(uint8_t out[16], uint16_t dialect,
				     const uint8_t *session_key,
				     size_t session_key_length,
				     const struct smb2_preauth *preauth)
{
	struct base_key b =
		base_key(dialect, session_key, session_key_length, preauth);

	derive_16(&b, &signing, out);
	crypto_wipe(b.session, sizeof(b.session));
}

void smb2_keys_wipe(struct smb2_session_keys *keys)
{
	crypto_wipe(keys, sizeof(*keys));
}
