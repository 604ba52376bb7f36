/* auth/ntlmssp_crypto.c - the computations of NTLMv2. */
#include "auth/ntlmssp_crypto.h"

#include <string.h>
#include <sys/random.h>

#include <nettle/memops.h>

#include "lib/assert.h"
#include "lib/utf16.h"

/* Wipes and frees what was secret. */
static void free_secret(struct blob secret)
{
	explicit_bzero(secret.data, secret.length);
	talloc_free(secret.data);
}

NTSTATUS ntlmssp_nt_hash(const char *password, uint8_t out[NTLMSSP_KEY_SIZE])
{
	struct blob utf16;
	NTSTATUS status;

	status = utf8_to_utf16(NULL, password, &utf16);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	crypto_ntlm_md4(utf16, out);
	free_secret(utf16);
	return NT_STATUS_OK;
}

NTSTATUS ntlmssp_response_key(const uint8_t nt_hash[NTLMSSP_KEY_SIZE],
			      const char *user, const char *domain,
			      uint8_t out[NTLMSSP_KEY_SIZE])
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct blob parts[2];
	char *upper = NULL;
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = utf8_upcase(frame, user, &upper);
	if (NT_STATUS_IS_OK(status)) {
		status = utf8_to_utf16(frame, upper, &parts[0]);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = utf8_to_utf16(frame, domain, &parts[1]);
	}
	if (NT_STATUS_IS_OK(status)) {
		crypto_ntlm_hmac_md5(nt_hash, parts, 2, out);
	}
	talloc_free(frame);
	return status;
}

void ntlmssp_proof(const uint8_t response_key[NTLMSSP_KEY_SIZE],
		   const uint8_t server_challenge[NTLMSSP_CHALLENGE_SIZE],
		   struct blob client_challenge,
		   uint8_t out_proof[NTLMSSP_PROOF_SIZE],
		   uint8_t out_base_key[NTLMSSP_KEY_SIZE])
{
	struct blob parts[2] = {
		{(uint8_t *)server_challenge, NTLMSSP_CHALLENGE_SIZE},
		client_challenge,
	};
	struct blob proof = {out_proof, NTLMSSP_PROOF_SIZE};

	crypto_ntlm_hmac_md5(response_key, parts, 2, out_proof);
	crypto_ntlm_hmac_md5(response_key, &proof, 1, out_base_key);
}

void ntlmssp_mic(const uint8_t session_key[NTLMSSP_KEY_SIZE],
		 struct blob negotiate, struct blob challenge,
		 struct blob authenticate, uint8_t out[NTLMSSP_MIC_SIZE])
{
	static const uint8_t zeros[NTLMSSP_MIC_SIZE];
	const size_t behind = NTLMSSP_MIC_OFFSET + NTLMSSP_MIC_SIZE;

	ASSERT(authenticate.length >= behind);
	struct blob parts[] = {
		negotiate,
		challenge,
		{authenticate.data, NTLMSSP_MIC_OFFSET},
		{(uint8_t *)zeros, sizeof(zeros)},
		{authenticate.data + behind, authenticate.length - behind},
	};
	crypto_ntlm_hmac_md5(session_key, parts, 5, out);
}

void ntlmssp_nonce(uint8_t *out, size_t n)
{
	/* Up to 256 bytes come whole and without EINTR: getrandom(2). */
	ASSERT(getrandom(out, n, 0) == (ssize_t)n);
}

bool ntlmssp_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	return memeql_sec(a, b, n) != 0;
}

/* SIGNKEY, [MS-NLMP] 3.4.5.2, and SEALKEY, 3.4.5.3; the constants count with
 * their final NUL. */
static void derive_key(const uint8_t *key, size_t key_size, const char *magic,
		       uint8_t out[NTLMSSP_KEY_SIZE])
{
	struct blob parts[] = {
		{(uint8_t *)key, key_size},
		{(uint8_t *)magic, strlen(magic) + 1},
	};

	crypto_ntlm_md5(parts, 2, out);
}

static size_t seal_key_size(uint32_t flags)
{
	if (flags & NTLMSSP_128) {
		return 16;
	}
	return flags & NTLMSSP_56 ? 7 : 5;
}

static void direction_init(struct ntlmssp_direction *d, bool to_server,
			   uint32_t flags,
			   const uint8_t session_key[NTLMSSP_KEY_SIZE])
{
	uint8_t seal_key[NTLMSSP_KEY_SIZE];

	derive_key(session_key, NTLMSSP_KEY_SIZE,
		   to_server ? "session key to client-to-server signing key "
			       "magic constant"
			     : "session key to server-to-client signing key "
			       "magic constant",
		   d->sign_key);
	derive_key(session_key, seal_key_size(flags),
		   to_server ? "session key to client-to-server sealing key "
			       "magic constant"
			     : "session key to server-to-client sealing key "
			       "magic constant",
		   seal_key);
	crypto_ntlm_rc4_init(&d->seal, seal_key);
	explicit_bzero(seal_key, sizeof(seal_key));
	d->seq_num = 0;
}

void ntlmssp_security_init(struct ntlmssp_security *security,
			   enum ntlmssp_role role, uint32_t flags,
			   const uint8_t session_key[NTLMSSP_KEY_SIZE])
{
	bool is_client = role == NTLMSSP_CLIENT;

	ASSERT(flags & NTLMSSP_EXTENDED_SECURITY);
	security->key_exchange = (flags & NTLMSSP_KEY_EXCH) != 0;
	direction_init(&security->send, is_client, flags, session_key);
	direction_init(&security->receive, !is_client, flags, session_key);
}

/* The checksum of a signature, still in the clear; takes a sequence number. */
static void make_signature(struct ntlmssp_direction *d, struct blob message,
			   uint8_t out[NTLMSSP_SIGNATURE_SIZE])
{
	uint8_t seq[4];
	uint8_t sum[CRYPTO_NTLM_SIZE];
	struct blob parts[] = {{seq, sizeof(seq)}, message};
	struct wire_writer w = wire_writer_fixed(seq, sizeof(seq));

	wire_put_u32(&w, d->seq_num++);
	crypto_ntlm_hmac_md5(d->sign_key, parts, 2, sum);
	w = wire_writer_fixed(out, NTLMSSP_SIGNATURE_SIZE);
	wire_put_u32(&w, 1);
	wire_put_bytes(&w, sum, 8);
	wire_put_bytes(&w, seq, sizeof(seq));
}

/* With a key exchange the checksum is encrypted, [MS-NLMP] 3.4.4.2. */
static void encrypt_checksum(const struct ntlmssp_security *security,
			     struct ntlmssp_direction *d,
			     uint8_t signature[NTLMSSP_SIGNATURE_SIZE])
{
	if (security->key_exchange) {
		crypto_ntlm_rc4_crypt(&d->seal, signature + 4, 8);
	}
}

void ntlmssp_sign(struct ntlmssp_security *security, struct blob message,
		  uint8_t out[NTLMSSP_SIGNATURE_SIZE])
{
	make_signature(&security->send, message, out);
	encrypt_checksum(security, &security->send, out);
}

NTSTATUS ntlmssp_check(struct ntlmssp_security *security, struct blob message,
		       struct blob signature)
{
	uint8_t want[NTLMSSP_SIGNATURE_SIZE];

	make_signature(&security->receive, message, want);
	encrypt_checksum(security, &security->receive, want);
	if (signature.length != sizeof(want) ||
	    !ntlmssp_equal(signature.data, want, sizeof(want))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

/* [MS-NLMP] 3.4.3: the checksum is that of the clear text; it is encrypted
 * after the message, by the same key stream. */
void ntlmssp_seal(struct ntlmssp_security *security, struct blob message,
		  uint8_t out[NTLMSSP_SIGNATURE_SIZE])
{
	make_signature(&security->send, message, out);
	crypto_ntlm_rc4_crypt(&security->send.seal, message.data,
			      message.length);
	encrypt_checksum(security, &security->send, out);
}

NTSTATUS ntlmssp_unseal(struct ntlmssp_security *security, struct blob message,
			struct blob signature)
{
	crypto_ntlm_rc4_crypt(&security->receive.seal, message.data,
			      message.length);
	return ntlmssp_check(security, message, signature);
}
