/* auth/ntlmssp_server.c - NEGOTIATE in, CHALLENGE out, AUTHENTICATE in. */
#include "auth/ntlmssp_server.h"

#include <string.h>

#include "auth/ntlmssp_crypto.h"
#include "auth/passdb.h"
#include "lib/assert.h"
#include "lib/utf16.h"

enum server_state {
	EXPECT_NEGOTIATE,
	EXPECT_AUTHENTICATE,
	COMPLETE,
	FAILED
};

struct ntlmssp_server {
	struct auth_mech mech; /* first */
	const struct ntlmssp_server_config *config;
	enum server_state state;
	uint32_t flags; /* as negotiated so far */
	uint8_t challenge[NTLMSSP_CHALLENGE_SIZE];
	struct blob negotiate_msg; /* both kept for the MIC */
	struct blob challenge_msg;
	bool is_anonymous;
	bool had_mic;
	uint8_t session_key[NTLMSSP_KEY_SIZE];
	struct ntlmssp_security security;
};

/* An AUTHENTICATE_MESSAGE with its inner parts taken apart. */
struct auth_message {
	struct blob raw;
	struct ntlmssp_authenticate msg;
	struct ntlmssp_v2_response v2;
	struct ntlmssp_av_summary av;
	char *user;
	char *domain;
	char *workstation;
};

static struct ntlmssp_server *server_of(struct auth_mech *mech)
{
	return (struct ntlmssp_server *)mech;
}

static const struct ntlmssp_server *const_server_of(const struct auth_mech *m)
{
	return (const struct ntlmssp_server *)m;
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

/* --- the challenge --------------------------------------------------- */

/* [MS-NLMP] 3.2.5.1.1.  128-bit keys go with signing or sealing only. */
static uint32_t choose_flags(uint32_t client)
{
	uint32_t flags = NTLMSSP_REQUEST_TARGET | NTLMSSP_NTLM |
			 NTLMSSP_ALWAYS_SIGN | NTLMSSP_TARGET_TYPE_SERVER |
			 NTLMSSP_TARGET_INFO;

	flags |= client & (NTLMSSP_UNICODE | NTLMSSP_SIGN | NTLMSSP_SEAL |
			   NTLMSSP_EXTENDED_SECURITY | NTLMSSP_VERSION |
			   NTLMSSP_KEY_EXCH);
	if (client & (NTLMSSP_SIGN | NTLMSSP_SEAL)) {
		flags |= client & (NTLMSSP_128 | NTLMSSP_56);
	}
	return flags;
}

/* A server that is in no domain is its own: Windows, too, gives its name for
 * both. */
static NTSTATUS make_target_info(TALLOC_CTX *mem_ctx,
				 const struct ntlmssp_server_config *config,
				 struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, NTLMSSP_MAX_SIZE / 2);

	ntlmssp_av_put_text(&w, NTLMSSP_AV_NB_DOMAIN, config->netbios_name);
	ntlmssp_av_put_text(&w, NTLMSSP_AV_NB_COMPUTER, config->netbios_name);
	ntlmssp_av_put_text(&w, NTLMSSP_AV_DNS_DOMAIN, config->dns_name);
	ntlmssp_av_put_text(&w, NTLMSSP_AV_DNS_COMPUTER, config->dns_name);
	ntlmssp_av_put_time(&w, nttime_now());
	ntlmssp_av_put_end(&w);
	return wire_finish(&w, out);
}

static NTSTATUS make_challenge(struct ntlmssp_server *s, struct blob *out)
{
	struct ntlmssp_challenge msg = {.flags = s->flags};
	TALLOC_CTX *frame = talloc_new(NULL);
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memcpy(msg.challenge, s->challenge, sizeof(msg.challenge));
	status =
		utf8_to_utf16(frame, s->config->netbios_name, &msg.target_name);
	if (NT_STATUS_IS_OK(status)) {
		status = make_target_info(frame, s->config, &msg.target_info);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = ntlmssp_challenge_encode(s, &msg, out);
	}
	talloc_free(frame);
	return status;
}

static NTSTATUS step_negotiate(TALLOC_CTX *mem_ctx, struct ntlmssp_server *s,
			       struct blob in, struct blob *out)
{
	uint32_t client_flags;
	NTSTATUS status;

	status = ntlmssp_negotiate_decode(in, &client_flags);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!(client_flags & NTLMSSP_UNICODE)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	s->flags = choose_flags(client_flags);
	if (s->config->fixed_challenge != NULL) {
		memcpy(s->challenge, s->config->fixed_challenge,
		       sizeof(s->challenge));
	} else {
		ntlmssp_nonce(s->challenge, sizeof(s->challenge));
	}
	status = keep(s, in, &s->negotiate_msg);
	if (NT_STATUS_IS_OK(status)) {
		status = make_challenge(s, &s->challenge_msg);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = keep(mem_ctx, s->challenge_msg, out);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s->state = EXPECT_AUTHENTICATE;
	return NT_STATUS(MORE_PROCESSING_REQUIRED);
}

/* --- the answer to it ------------------------------------------------ */

static NTSTATUS decode_names(TALLOC_CTX *mem_ctx, struct auth_message *m)
{
	NTSTATUS status;

	status = utf16_to_utf8(mem_ctx, m->msg.user.data, m->msg.user.length,
			       &m->user);
	if (NT_STATUS_IS_OK(status)) {
		status = utf16_to_utf8(mem_ctx, m->msg.domain.data,
				       m->msg.domain.length, &m->domain);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = utf16_to_utf8(mem_ctx, m->msg.workstation.data,
				       m->msg.workstation.length,
				       &m->workstation);
	}
	return NT_STATUS_IS_OK(status) ? status : NT_STATUS(INVALID_PARAMETER);
}

/* [MS-NLMP] 3.2.5.1.2: no user, no NT response, an LM response of none or of
 * one zero byte. */
static bool is_anonymous(const struct ntlmssp_authenticate *msg)
{
	return msg->user.length == 0 && msg->nt_response.length == 0 &&
	       (msg->lm_response.length == 0 ||
		(msg->lm_response.length == 1 &&
		 msg->lm_response.data[0] == 0));
}

/* Everything that can be said of the message without knowing a password. */
static NTSTATUS examine(struct ntlmssp_server *s, TALLOC_CTX *mem_ctx,
			struct blob in, struct auth_message *m)
{
	NTSTATUS status;

	m->raw = in;
	status = ntlmssp_authenticate_decode(in, &m->msg);
	if (NT_STATUS_IS_OK(status)) {
		status = decode_names(mem_ctx, m);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s->config->names(s->config->private_data, m->user, m->domain,
			 m->workstation);
	if (is_anonymous(&m->msg)) {
		s->is_anonymous = true;
		return NT_STATUS(ACCESS_DENIED);
	}
	/* 24 bytes are NTLMv1, 0 leaves LM alone: refused. */
	if (m->msg.nt_response.length <= 24) {
		return NT_STATUS(LOGON_FAILURE);
	}
	status = ntlmssp_v2_response_decode(m->msg.nt_response, &m->v2);
	if (NT_STATUS_IS_OK(status)) {
		status = ntlmssp_av_summarize(m->v2.av_pairs, &m->av);
	}
	return status;
}

static NTSTATUS check_proof(struct ntlmssp_server *s,
			    const struct auth_message *m,
			    uint8_t base_key[NTLMSSP_KEY_SIZE])
{
	struct passdb_ntlmv2 proof = {
		.user = m->user,
		.domain = m->domain,
		.response = m->msg.nt_response,
	};

	memcpy(proof.challenge, s->challenge, sizeof(proof.challenge));
	return s->config->check(s->config->private_data, &proof, base_key);
}

/* The ExportedSessionKey, [MS-NLMP] 3.2.5.1.2.  A client that negotiated the
 * exchange without signing or sealing may send a key or not. */
static NTSTATUS exchange_key(struct ntlmssp_server *s,
			     const struct auth_message *m,
			     const uint8_t base_key[NTLMSSP_KEY_SIZE])
{
	struct blob sent = m->msg.session_key;

	if ((s->flags & NTLMSSP_KEY_EXCH) && sent.length == NTLMSSP_KEY_SIZE) {
		crypto_ntlm_rc4k(base_key, sent.data, s->session_key);
		return NT_STATUS_OK;
	}
	if ((s->flags & NTLMSSP_KEY_EXCH) &&
	    (sent.length != 0 || (s->flags & (NTLMSSP_SIGN | NTLMSSP_SEAL)))) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	memcpy(s->session_key, base_key, NTLMSSP_KEY_SIZE);
	return NT_STATUS_OK;
}

/* The flag lies among the AV pairs that the proof covers: who is in the middle
 * cannot take it off. */
static NTSTATUS check_mic(struct ntlmssp_server *s,
			  const struct auth_message *m)
{
	uint8_t mic[NTLMSSP_MIC_SIZE];

	s->had_mic = (m->av.flags & NTLMSSP_AV_FLAG_MIC) != 0;
	if (!s->had_mic) {
		return NT_STATUS_OK;
	}
	if (!m->msg.has_mic_field) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	ntlmssp_mic(s->session_key, s->negotiate_msg, s->challenge_msg, m->raw,
		    mic);
	if (!ntlmssp_equal(mic, m->msg.mic, sizeof(mic))) {
		return NT_STATUS(LOGON_FAILURE);
	}
	return NT_STATUS_OK;
}

static NTSTATUS authenticate(struct ntlmssp_server *s,
			     const struct auth_message *m)
{
	uint8_t base_key[NTLMSSP_KEY_SIZE];
	NTSTATUS status;

	status = check_proof(s, m, base_key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* The client's choice among what the server offered. */
	s->flags &= m->msg.flags;
	status = exchange_key(s, m, base_key);
	explicit_bzero(base_key, sizeof(base_key));
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = check_mic(s, m);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (s->flags & NTLMSSP_EXTENDED_SECURITY) {
		ntlmssp_security_init(&s->security, NTLMSSP_SERVER, s->flags,
				      s->session_key);
	}
	s->state = COMPLETE;
	return NT_STATUS_OK;
}

static NTSTATUS step_authenticate(struct ntlmssp_server *s, struct blob in,
				  struct blob *out)
{
	struct auth_message m = {0};
	TALLOC_CTX *frame = talloc_new(NULL);
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = examine(s, frame, in, &m);
	if (NT_STATUS_IS_OK(status)) {
		status = authenticate(s, &m);
	}
	talloc_free(frame);
	if (NT_STATUS_IS_OK(status)) {
		*out = (struct blob){NULL, 0};
	}
	return status;
}

static NTSTATUS server_step(TALLOC_CTX *mem_ctx, struct auth_mech *mech,
			    struct blob in, struct blob *out)
{
	struct ntlmssp_server *s = server_of(mech);
	enum server_state state = s->state;

	s->state = FAILED; /* until a step says better */
	switch (state) {
	case EXPECT_NEGOTIATE:
		return step_negotiate(mem_ctx, s, in, out);
	case EXPECT_AUTHENTICATE:
		return step_authenticate(s, in, out);
	default:
		return NT_STATUS(INVALID_PARAMETER);
	}
}

/* --- after it -------------------------------------------------------- */

static bool can_sign(const struct ntlmssp_server *s)
{
	ASSERT(s->state == COMPLETE);
	return (s->flags & NTLMSSP_EXTENDED_SECURITY) != 0 &&
	       (s->flags & (NTLMSSP_SIGN | NTLMSSP_SEAL)) != 0;
}

/* On a copy: the state of the streams stays what it is. */
static NTSTATUS server_sign_list(TALLOC_CTX *mem_ctx, struct auth_mech *mech,
				 struct blob list, struct blob *out)
{
	struct ntlmssp_server *s = server_of(mech);
	struct ntlmssp_security copy = s->security;
	uint8_t signature[NTLMSSP_SIGNATURE_SIZE];

	if (!can_sign(s)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	ntlmssp_sign(&copy, list, signature);
	return keep(mem_ctx, (struct blob){signature, sizeof(signature)}, out);
}

static NTSTATUS server_check_list(struct auth_mech *mech, struct blob list,
				  struct blob mic)
{
	struct ntlmssp_server *s = server_of(mech);
	struct ntlmssp_security copy = s->security;

	if (!can_sign(s)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return ntlmssp_check(&copy, list, mic);
}

static bool server_needs_list_mic(const struct auth_mech *mech)
{
	const struct ntlmssp_server *s = const_server_of(mech);

	return s->had_mic && can_sign(s);
}

/* The ExportedSessionKey. */
static struct blob server_key(const struct auth_mech *mech)
{
	const struct ntlmssp_server *s = const_server_of(mech);

	if (s->state != COMPLETE) {
		return (struct blob){NULL, 0};
	}
	return (struct blob){(uint8_t *)s->session_key, NTLMSSP_KEY_SIZE};
}

static const struct auth_mech_ops server_ops = {
	.step = server_step,
	.sign_list = server_sign_list,
	.check_list = server_check_list,
	.needs_list_mic = server_needs_list_mic,
	.key = server_key,
};

static int server_destructor(struct ntlmssp_server *s)
{
	explicit_bzero(s->session_key, sizeof(s->session_key));
	explicit_bzero(&s->security, sizeof(s->security));
	return 0;
}

NTSTATUS ntlmssp_server_create(TALLOC_CTX *mem_ctx,
			       const struct ntlmssp_server_config *config,
			       struct auth_mech **out)
{
	struct ntlmssp_server *s = talloc_zero(mem_ctx, struct ntlmssp_server);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->mech.ops = &server_ops;
	s->config = config;
	s->state = EXPECT_NEGOTIATE;
	talloc_set_destructor(s, server_destructor);
	*out = &s->mech;
	return NT_STATUS_OK;
}

bool ntlmssp_server_is_anonymous(const struct auth_mech *mech)
{
	return const_server_of(mech)->is_anonymous;
}
