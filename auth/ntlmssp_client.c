/* auth/ntlmssp_client.c - NEGOTIATE out, CHALLENGE in, AUTHENTICATE out. */
#include "auth/ntlmssp_client.h"

#include <string.h>

#include "auth/auth_client.h"
#include "auth/ntlmssp_crypto.h"
#include "lib/assert.h"
#include "lib/utf16.h"

#define CLIENT_FLAGS                                                           \
	(NTLMSSP_UNICODE | NTLMSSP_REQUEST_TARGET | NTLMSSP_SIGN |             \
	 NTLMSSP_SEAL | NTLMSSP_NTLM | NTLMSSP_ALWAYS_SIGN |                   \
	 NTLMSSP_EXTENDED_SECURITY | NTLMSSP_TARGET_INFO | NTLMSSP_VERSION |   \
	 NTLMSSP_128 | NTLMSSP_KEY_EXCH | NTLMSSP_56)

/* What a server must grant. */
#define REQUIRED_FLAGS                                                         \
	(NTLMSSP_UNICODE | NTLMSSP_EXTENDED_SECURITY | NTLMSSP_128 |           \
	 NTLMSSP_TARGET_INFO | NTLMSSP_SIGN)

enum client_state {
	EXPECT_NOTHING,
	EXPECT_CHALLENGE,
	COMPLETE,
	FAILED
};

struct ntlmssp_client {
	struct auth_mech mech; /* first */
	enum client_state state;
	bool is_anonymous;
	char *user;
	char *domain;
	char *workstation;
	char *target_name;
	uint8_t nt_hash[NTLMSSP_KEY_SIZE];
	struct blob negotiate_msg; /* kept for the MIC */
	uint32_t flags;
	bool sent_mic;
	uint8_t session_key[NTLMSSP_KEY_SIZE];
	struct ntlmssp_security security;
};

/* What an answer is made of; all of it on frame. */
struct answer {
	TALLOC_CTX *frame;
	struct blob challenge_msg;
	struct ntlmssp_challenge challenge;
	struct ntlmssp_av_summary av;
	struct ntlmssp_authenticate msg;
	uint8_t lm_response[24];
	uint8_t encrypted_key[NTLMSSP_KEY_SIZE];
};

static struct ntlmssp_client *client_of(struct auth_mech *mech)
{
	return (struct ntlmssp_client *)mech;
}

static const struct ntlmssp_client *const_client_of(const struct auth_mech *m)
{
	return (const struct ntlmssp_client *)m;
}

static NTSTATUS keep(TALLOC_CTX *mem_ctx, struct blob in, struct blob *out)
{
	uint8_t *copy = talloc_memdup(mem_ctx, in.data, in.length);

	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = (struct blob){copy, in.length};
	return NT_STATUS_OK;
}

static NTSTATUS step_start(TALLOC_CTX *mem_ctx, struct ntlmssp_client *c,
			   struct blob *out)
{
	NTSTATUS status;

	status = ntlmssp_negotiate_encode(c, CLIENT_FLAGS, &c->negotiate_msg);
	if (NT_STATUS_IS_OK(status)) {
		status = keep(mem_ctx, c->negotiate_msg, out);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->state = EXPECT_CHALLENGE;
	return NT_STATUS(MORE_PROCESSING_REQUIRED);
}

static NTSTATUS read_challenge(struct answer *a, struct blob in)
{
	NTSTATUS status;

	a->challenge_msg = in;
	status = ntlmssp_challenge_decode(in, &a->challenge);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((a->challenge.flags & REQUIRED_FLAGS) != REQUIRED_FLAGS) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = ntlmssp_av_summarize(a->challenge.target_info, &a->av);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* [MS-NLMP] 3.1.5.1.2: who asks for integrity insists on the names. */
	if (!a->av.has_nb_computer || !a->av.has_nb_domain) {
		return NT_STATUS(LOGON_FAILURE);
	}
	return NT_STATUS_OK;
}

/* The server's pairs, with those that the client adds. */
static void put_av_pairs(struct wire_writer *w, const struct ntlmssp_client *c,
			 const struct answer *a)
{
	static const uint8_t no_bindings[16];
	struct wire_reader r = wire_reader(a->challenge.target_info.data,
					   a->challenge.target_info.length);
	uint32_t flags = a->av.flags;
	struct blob value;
	uint16_t id;

	while (ntlmssp_av_read(&r, &id, &value)) {
		if (id != NTLMSSP_AV_FLAGS &&
		    id != NTLMSSP_AV_CHANNEL_BINDINGS &&
		    id != NTLMSSP_AV_TARGET_NAME) {
			ntlmssp_av_put(w, (enum ntlmssp_av_id)id, value);
		}
	}
	if (a->av.has_timestamp) {
		flags |= NTLMSSP_AV_FLAG_MIC;
	}
	if (flags != 0) {
		ntlmssp_av_put_u32(w, NTLMSSP_AV_FLAGS, flags);
	}
	ntlmssp_av_put(w, NTLMSSP_AV_CHANNEL_BINDINGS,
		       (struct blob){(uint8_t *)no_bindings, 16});
	ntlmssp_av_put_text(w, NTLMSSP_AV_TARGET_NAME, c->target_name);
	ntlmssp_av_put_end(w);
}

/* NTLMv2_RESPONSE, its proof still zeros. */
static NTSTATUS make_response(const struct ntlmssp_client *c,
			      const struct answer *a, struct blob *out)
{
	struct wire_writer w = wire_writer(a->frame, NTLMSSP_MAX_SIZE / 2);
	uint8_t nonce[8];

	ntlmssp_nonce(nonce, sizeof(nonce));
	wire_put_zero(&w, NTLMSSP_PROOF_SIZE);
	wire_put_u8(&w, 1);
	wire_put_u8(&w, 1);
	wire_put_zero(&w, 6);
	wire_put_u64(&w, a->av.has_timestamp ? a->av.timestamp : nttime_now());
	wire_put_bytes(&w, nonce, sizeof(nonce));
	wire_put_zero(&w, 4);
	put_av_pairs(&w, c, a);
	wire_put_zero(&w, 4);
	return wire_finish(&w, out);
}

/* LMv2, for a server without a timestamp; else 24 zeros ([MS-NLMP]
 * 3.1.5.1.2). */
static void make_lm_response(struct answer *a, const uint8_t *response_key,
			     struct blob nt_response)
{
	const uint8_t *nonce = nt_response.data + NTLMSSP_PROOF_SIZE + 16;
	struct blob parts[] = {
		{a->challenge.challenge, sizeof(a->challenge.challenge)},
		{(uint8_t *)nonce, 8},
	};

	if (!a->av.has_timestamp) {
		crypto_ntlm_hmac_md5(response_key, parts, 2, a->lm_response);
		memcpy(a->lm_response + 16, nonce, 8);
	}
	a->msg.lm_response =
		(struct blob){a->lm_response, sizeof(a->lm_response)};
}

/* The proof of the password, and the session key that comes of it. */
static NTSTATUS prove(struct ntlmssp_client *c, struct answer *a)
{
	uint8_t response_key[NTLMSSP_KEY_SIZE];
	uint8_t base_key[NTLMSSP_KEY_SIZE];
	struct blob nt;
	NTSTATUS status;

	status = make_response(c, a, &nt);
	if (NT_STATUS_IS_OK(status)) {
		status = ntlmssp_response_key(c->nt_hash, c->user, c->domain,
					      response_key);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	ntlmssp_proof(response_key, a->challenge.challenge,
		      (struct blob){nt.data + NTLMSSP_PROOF_SIZE,
				    nt.length - NTLMSSP_PROOF_SIZE},
		      nt.data, base_key);
	make_lm_response(a, response_key, nt);
	a->msg.nt_response = nt;
	if (c->flags & NTLMSSP_KEY_EXCH) {
		ntlmssp_nonce(c->session_key, NTLMSSP_KEY_SIZE);
		crypto_ntlm_rc4k(base_key, c->session_key, a->encrypted_key);
		a->msg.session_key =
			(struct blob){a->encrypted_key, NTLMSSP_KEY_SIZE};
	} else {
		memcpy(c->session_key, base_key, NTLMSSP_KEY_SIZE);
	}
	explicit_bzero(response_key, sizeof(response_key));
	explicit_bzero(base_key, sizeof(base_key));
	return NT_STATUS_OK;
}

static void make_anonymous(struct ntlmssp_client *c, struct answer *a)
{
	a->msg.flags |= NTLMSSP_ANONYMOUS;
	a->msg.flags &= ~NTLMSSP_KEY_EXCH;
	a->msg.lm_response = (struct blob){a->lm_response, 1}; /* Z(1) */
	memset(c->session_key, 0, sizeof(c->session_key));
}

static NTSTATUS put_names(struct ntlmssp_client *c, struct answer *a)
{
	NTSTATUS status;

	status = utf8_to_utf16(a->frame, c->user, &a->msg.user);
	if (NT_STATUS_IS_OK(status)) {
		status = utf8_to_utf16(a->frame, c->domain, &a->msg.domain);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = utf8_to_utf16(a->frame, c->workstation,
				       &a->msg.workstation);
	}
	return status;
}

static NTSTATUS finish_answer(TALLOC_CTX *mem_ctx, struct ntlmssp_client *c,
			      struct answer *a, struct blob *out)
{
	struct wire_writer w;
	struct blob message;
	uint8_t mic[NTLMSSP_MIC_SIZE];
	NTSTATUS status;

	status = ntlmssp_authenticate_encode(mem_ctx, &a->msg, &message);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->sent_mic = a->av.has_timestamp && !c->is_anonymous;
	if (c->sent_mic) {
		ntlmssp_mic(c->session_key, c->negotiate_msg, a->challenge_msg,
			    message, mic);
		w = wire_writer_fixed(message.data + NTLMSSP_MIC_OFFSET,
				      NTLMSSP_MIC_SIZE);
		wire_put_bytes(&w, mic, sizeof(mic));
	}
	ntlmssp_security_init(&c->security, NTLMSSP_CLIENT, c->flags,
			      c->session_key);
	c->state = COMPLETE;
	*out = message;
	return NT_STATUS_OK;
}

static NTSTATUS make_answer(TALLOC_CTX *mem_ctx, struct ntlmssp_client *c,
			    struct answer *a, struct blob in, struct blob *out)
{
	NTSTATUS status;

	status = read_challenge(a, in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->flags = a->challenge.flags & CLIENT_FLAGS;
	a->msg.flags = c->flags;
	status = put_names(c, a);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (c->is_anonymous) {
		make_anonymous(c, a);
	} else {
		status = prove(c, a);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return finish_answer(mem_ctx, c, a, out);
}

static NTSTATUS client_step(TALLOC_CTX *mem_ctx, struct auth_mech *mech,
			    struct blob in, struct blob *out)
{
	struct ntlmssp_client *c = client_of(mech);
	enum client_state state = c->state;
	struct answer a = {0};
	NTSTATUS status;

	c->state = FAILED; /* until a step says better */
	if (state == EXPECT_NOTHING) {
		return step_start(mem_ctx, c, out);
	}
	if (state != EXPECT_CHALLENGE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	a.frame = talloc_new(NULL);
	if (a.frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = make_answer(mem_ctx, c, &a, in, out);
	talloc_free(a.frame);
	return status;
}

/* --- after it -------------------------------------------------------- */

/* On a copy: the state of the streams stays what it is. */
static NTSTATUS client_sign_list(TALLOC_CTX *mem_ctx, struct auth_mech *mech,
				 struct blob list, struct blob *out)
{
	struct ntlmssp_client *c = client_of(mech);
	struct ntlmssp_security copy = c->security;
	uint8_t signature[NTLMSSP_SIGNATURE_SIZE];

	ASSERT(c->state == COMPLETE);
	if (c->is_anonymous) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	ntlmssp_sign(&copy, list, signature);
	return keep(mem_ctx, (struct blob){signature, sizeof(signature)}, out);
}

static NTSTATUS client_check_list(struct auth_mech *mech, struct blob list,
				  struct blob mic)
{
	struct ntlmssp_client *c = client_of(mech);
	struct ntlmssp_security copy = c->security;

	ASSERT(c->state == COMPLETE);
	if (c->is_anonymous) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return ntlmssp_check(&copy, list, mic);
}

static bool client_needs_list_mic(const struct auth_mech *mech)
{
	return const_client_of(mech)->sent_mic;
}

/* The ExportedSessionKey; an anonymous logon has none. */
static struct blob client_key(const struct auth_mech *mech)
{
	const struct ntlmssp_client *c = const_client_of(mech);

	if (c->state != COMPLETE || c->is_anonymous) {
		return (struct blob){NULL, 0};
	}
	return (struct blob){(uint8_t *)c->session_key, NTLMSSP_KEY_SIZE};
}

static const struct auth_mech_ops client_ops = {
	.step = client_step,
	.sign_list = client_sign_list,
	.check_list = client_check_list,
	.needs_list_mic = client_needs_list_mic,
	.key = client_key,
};

static int client_destructor(struct ntlmssp_client *c)
{
	explicit_bzero(c->nt_hash, sizeof(c->nt_hash));
	explicit_bzero(c->session_key, sizeof(c->session_key));
	explicit_bzero(&c->security, sizeof(c->security));
	return 0;
}

static char *copy_text(TALLOC_CTX *mem_ctx, const char *text)
{
	return talloc_strdup(mem_ctx, text == NULL ? "" : text);
}

NTSTATUS ntlmssp_client_create(TALLOC_CTX *mem_ctx,
			       const struct auth_client_options *options,
			       struct auth_mech **out)
{
	struct ntlmssp_client *c = talloc_zero(mem_ctx, struct ntlmssp_client);
	const char *password =
		options->password == NULL ? "" : options->password;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (c == NULL) {
		return status;
	}
	c->mech.ops = &client_ops;
	c->state = EXPECT_NOTHING;
	talloc_set_destructor(c, client_destructor);
	c->user = copy_text(c, options->user);
	c->domain = copy_text(c, options->domain);
	c->workstation = copy_text(c, options->workstation);
	c->target_name = copy_text(c, options->target_name);
	if (c->user != NULL && c->domain != NULL && c->workstation != NULL &&
	    c->target_name != NULL) {
		c->is_anonymous = c->user[0] == '\0' && password[0] == '\0';
		status = ntlmssp_nt_hash(password, c->nt_hash);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c);
		return status;
	}
	*out = &c->mech;
	return NT_STATUS_OK;
}
