/* auth/tests/ntlmssp_test.c - [MS-NLMP]: the values of 4.2.4, and both sides
 * talking to each other, undisturbed and not. */
#include "auth/ntlmssp_client.h"
#include "auth/ntlmssp_crypto.h"
#include "auth/ntlmssp_msg.h"
#include "auth/ntlmssp_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "auth/auth_client.h"
#include "auth/passdb.h"

/* --- 4.2.4: known values --------------------------------------------- */

static const uint8_t server_challenge[8] = {0x01, 0x23, 0x45, 0x67,
					    0x89, 0xab, 0xcd, 0xef};

/* 4.2.4.3, the CHALLENGE_MESSAGE. */
static uint8_t known_challenge[] = {
	0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00,
	0x0c, 0x00, 0x0c, 0x00, 0x38, 0x00, 0x00, 0x00, 0x33, 0x82, 0x8a, 0xe2,
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x24, 0x00, 0x44, 0x00, 0x00, 0x00,
	0x06, 0x00, 0x70, 0x17, 0x00, 0x00, 0x00, 0x0f, 0x53, 0x00, 0x65, 0x00,
	0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x02, 0x00, 0x0c, 0x00,
	0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00,
	0x01, 0x00, 0x0c, 0x00, 0x53, 0x00, 0x65, 0x00, 0x72, 0x00, 0x76, 0x00,
	0x65, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00};

/* 4.2.4.3, the AUTHENTICATE_MESSAGE: from before there were MICs. */
static uint8_t known_authenticate[] = {
	0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x03, 0x00, 0x00, 0x00,
	0x18, 0x00, 0x18, 0x00, 0x6c, 0x00, 0x00, 0x00, 0x54, 0x00, 0x54, 0x00,
	0x84, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x0c, 0x00, 0x48, 0x00, 0x00, 0x00,
	0x08, 0x00, 0x08, 0x00, 0x54, 0x00, 0x00, 0x00, 0x10, 0x00, 0x10, 0x00,
	0x5c, 0x00, 0x00, 0x00, 0x10, 0x00, 0x10, 0x00, 0xd8, 0x00, 0x00, 0x00,
	0x35, 0x82, 0x88, 0xe2, 0x05, 0x01, 0x28, 0x0a, 0x00, 0x00, 0x00, 0x0f,
	0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00,
	0x55, 0x00, 0x73, 0x00, 0x65, 0x00, 0x72, 0x00, 0x43, 0x00, 0x4f, 0x00,
	0x4d, 0x00, 0x50, 0x00, 0x55, 0x00, 0x54, 0x00, 0x45, 0x00, 0x52, 0x00,
	0x86, 0xc3, 0x50, 0x97, 0xac, 0x9c, 0xec, 0x10, 0x25, 0x54, 0x76, 0x4a,
	0x57, 0xcc, 0xcc, 0x19, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
	0x68, 0xcd, 0x0a, 0xb8, 0x51, 0xe5, 0x1c, 0x96, 0xaa, 0xbc, 0x92, 0x7b,
	0xeb, 0xef, 0x6a, 0x1c, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xaa, 0xaa, 0xaa, 0xaa,
	0xaa, 0xaa, 0xaa, 0xaa, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x0c, 0x00,
	0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00,
	0x01, 0x00, 0x0c, 0x00, 0x53, 0x00, 0x65, 0x00, 0x72, 0x00, 0x76, 0x00,
	0x65, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0xc5, 0xda, 0xd2, 0x54, 0x4f, 0xc9, 0x79, 0x90, 0x94, 0xce, 0x1c, 0xe9,
	0x0b, 0xc9, 0xd0, 0x3e};

static struct blob text(const char *s)
{
	return (struct blob){(uint8_t *)s, strlen(s)};
}

static void known_response_key(uint8_t out[16])
{
	uint8_t nt_hash[16];
	NTSTATUS status;

	status = ntlmssp_nt_hash("Password", nt_hash);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_response_key(nt_hash, "User", "Domain", out);
	assert_true(NT_STATUS_IS_OK(status));
}

static void response_key_is_that_of_4_2_4_1_1(void **state)
{
	static const uint8_t want[] = {0x0c, 0x86, 0x8a, 0x40, 0x3b, 0xfd,
				       0x7a, 0x93, 0xa3, 0x00, 0x1e, 0xf2,
				       0x2e, 0xf0, 0x2e, 0x3f};
	uint8_t got[16];

	known_response_key(got);
	assert_memory_equal(got, want, 16);
}

static void proof_and_base_key_are_those_of_4_2_4(void **state)
{
	static const uint8_t want_key[] = {0x8d, 0xe4, 0x0c, 0xca, 0xdb, 0xc1,
					   0x4a, 0x82, 0xf1, 0x5c, 0xb0, 0xad,
					   0x0d, 0xe9, 0x5c, 0xa3};
	struct blob in = {known_authenticate, sizeof(known_authenticate)};
	struct ntlmssp_authenticate msg;
	struct ntlmssp_v2_response v2;
	uint8_t response_key[16];
	uint8_t proof[16];
	uint8_t base_key[16];
	NTSTATUS status;

	status = ntlmssp_authenticate_decode(in, &msg);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_v2_response_decode(msg.nt_response, &v2);
	assert_true(NT_STATUS_IS_OK(status));
	known_response_key(response_key);
	ntlmssp_proof(response_key, server_challenge, v2.client_challenge,
		      proof, base_key);
	assert_memory_equal(proof, v2.proof, 16);
	assert_memory_equal(base_key, want_key, 16);
}

static void known_messages_are_decoded(void **state)
{
	struct blob in = {known_challenge, sizeof(known_challenge)};
	struct ntlmssp_challenge challenge;
	struct ntlmssp_authenticate auth;
	struct ntlmssp_av_summary av;
	NTSTATUS status;

	status = ntlmssp_challenge_decode(in, &challenge);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(challenge.flags, 0xe28a8233);
	assert_memory_equal(challenge.challenge, server_challenge, 8);
	assert_int_equal(challenge.target_name.length, 12);
	status = ntlmssp_av_summarize(challenge.target_info, &av);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(av.has_nb_computer && av.has_nb_domain);
	assert_false(av.has_timestamp);

	in = (struct blob){known_authenticate, sizeof(known_authenticate)};
	status = ntlmssp_authenticate_decode(in, &auth);
	assert_true(NT_STATUS_IS_OK(status));
	assert_memory_equal(auth.user.data, "U\0s\0e\0r\0", 8);
	assert_int_equal(auth.session_key.length, 16);
}

/* 4.2.4.4: the sealed "Plaintext" and its signature. */
static void sealing_gives_the_bytes_of_4_2_4_4(void **state)
{
	static const uint8_t want_data[] = {0x54, 0xe5, 0x01, 0x65, 0xbf, 0x19,
					    0x36, 0xdc, 0x99, 0x60, 0x20, 0xc1,
					    0x81, 0x1b, 0x0f, 0x06, 0xfb, 0x5f};
	static const uint8_t want_signature[] = {
		0x01, 0x00, 0x00, 0x00, 0x7f, 0xb3, 0x8e, 0xc5,
		0xc5, 0x5d, 0x49, 0x76, 0x00, 0x00, 0x00, 0x00};
	uint8_t data[] = "P\0l\0a\0i\0n\0t\0e\0x\0t";
	struct blob message = {data, 18};
	struct ntlmssp_security client;
	struct ntlmssp_security server;
	uint8_t key[16];
	uint8_t signature[16];
	NTSTATUS status;

	memset(key, 0x55, sizeof(key));
	ntlmssp_security_init(&client, NTLMSSP_CLIENT, 0xe28a8233, key);
	ntlmssp_security_init(&server, NTLMSSP_SERVER, 0xe28a8233, key);
	ntlmssp_seal(&client, message, signature);
	assert_memory_equal(data, want_data, 18);
	assert_memory_equal(signature, want_signature, 16);

	status = ntlmssp_unseal(&server, message, (struct blob){signature, 16});
	assert_true(NT_STATUS_IS_OK(status));
	assert_memory_equal(data, "P\0l\0a\0i\0n\0t\0e\0x\0t", 18);
}

static void signatures_count_and_do_not_pass_when_changed(void **state)
{
	struct ntlmssp_security client;
	struct ntlmssp_security server;
	uint8_t key[16] = {1, 2, 3};
	uint8_t first[16];
	uint8_t second[16];
	struct blob message = text("message");
	NTSTATUS status;

	ntlmssp_security_init(&client, NTLMSSP_CLIENT, 0xe28a8233, key);
	ntlmssp_security_init(&server, NTLMSSP_SERVER, 0xe28a8233, key);
	ntlmssp_sign(&client, message, first);
	ntlmssp_sign(&client, message, second);
	assert_memory_not_equal(first, second, 16);
	status = ntlmssp_check(&server, message, (struct blob){first, 16});
	assert_true(NT_STATUS_IS_OK(status));
	second[7] ^= 1;
	status = ntlmssp_check(&server, message, (struct blob){second, 16});
	assert_true(NT_STATUS_IS(status, ACCESS_DENIED));
	status = ntlmssp_check(&server, message, (struct blob){first, 15});
	assert_true(NT_STATUS_IS(status, ACCESS_DENIED));
}

/* --- the two sides --------------------------------------------------- */

/* A user database of one user. */
struct users {
	char user[64];
	char workstation[64];
	unsigned int checks;
};

static NTSTATUS users_check(void *private_data,
			    const struct passdb_ntlmv2 *proof,
			    uint8_t out_key[16])
{
	struct users *users = private_data;
	struct blob challenge = {proof->response.data + NTLMSSP_PROOF_SIZE,
				 proof->response.length - NTLMSSP_PROOF_SIZE};
	uint8_t nt_hash[16];
	uint8_t response_key[16];
	uint8_t want[16];
	NTSTATUS status;

	users->checks++;
	status = ntlmssp_nt_hash("Password", nt_hash);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_response_key(nt_hash, proof->user, proof->domain,
				      response_key);
	assert_true(NT_STATUS_IS_OK(status));
	ntlmssp_proof(response_key, proof->challenge, challenge, want, out_key);
	return ntlmssp_equal(want, proof->response.data, 16)
		       ? NT_STATUS_OK
		       : NT_STATUS(LOGON_FAILURE);
}

static void users_names(void *private_data, const char *user,
			const char *domain, const char *workstation)
{
	struct users *users = private_data;

	snprintf(users->user, sizeof(users->user), "%s", user);
	snprintf(users->workstation, sizeof(users->workstation), "%s",
		 workstation);
}

struct sides {
	TALLOC_CTX *mem;
	struct users users;
	struct ntlmssp_server_config config;
	struct auth_mech *client;
	struct auth_mech *server;
	struct blob negotiate;
	struct blob challenge;
	struct blob authenticate;
};

static void sides_open(struct sides *s, const char *user, const char *password)
{
	struct auth_client_options options = {
		.user = user,
		.domain = "Domain",
		.password = password,
		.workstation = "COMPUTER",
		.target_name = "cifs/server",
	};
	NTSTATUS status;

	memset(s, 0, sizeof(*s));
	s->mem = talloc_new(NULL);
	s->config = (struct ntlmssp_server_config){
		.netbios_name = "SERVER",
		.dns_name = "server.example",
		.check = users_check,
		.names = users_names,
		.private_data = &s->users,
	};
	status = ntlmssp_client_create(s->mem, &options, &s->client);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_server_create(s->mem, &s->config, &s->server);
	assert_true(NT_STATUS_IS_OK(status));
}

/* The exchange up to, and without, the server's look at the last message. */
static void sides_talk(struct sides *s)
{
	struct blob none = {NULL, 0};
	NTSTATUS status;

	status = s->client->ops->step(s->mem, s->client, none, &s->negotiate);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s->server->ops->step(s->mem, s->server, s->negotiate,
				      &s->challenge);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s->client->ops->step(s->mem, s->client, s->challenge,
				      &s->authenticate);
	assert_true(NT_STATUS_IS_OK(status));
}

static NTSTATUS sides_finish(struct sides *s)
{
	struct blob last;

	return s->server->ops->step(s->mem, s->server, s->authenticate, &last);
}

static void both_sides_come_to_the_same_key(void **state)
{
	struct sides s;
	struct blob a;
	struct blob b;
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	status = sides_finish(&s);
	assert_true(NT_STATUS_IS_OK(status));
	a = s.client->ops->key(s.client);
	b = s.server->ops->key(s.server);
	assert_int_equal(a.length, 16);
	assert_memory_equal(a.data, b.data, 16);
	assert_string_equal(s.users.user, "User");
	assert_string_equal(s.users.workstation, "COMPUTER");
	talloc_free(s.mem);
}

/* [MS-SPNG] 3.2.5.1: the list is signed beside the sequence. */
static void each_side_accepts_the_others_mark_on_the_list(void **state)
{
	struct sides s;
	struct blob list = text("list of mechanisms");
	struct blob mic;
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	status = sides_finish(&s);
	assert_true(NT_STATUS_IS_OK(status));
	for (int i = 0; i < 2; i++) {
		status = s.client->ops->sign_list(s.mem, s.client, list, &mic);
		assert_true(NT_STATUS_IS_OK(status));
		status = s.server->ops->check_list(s.server, list, mic);
		assert_true(NT_STATUS_IS_OK(status));
		status = s.server->ops->sign_list(s.mem, s.server, list, &mic);
		assert_true(NT_STATUS_IS_OK(status));
		status = s.client->ops->check_list(s.client, list, mic);
		assert_true(NT_STATUS_IS_OK(status));
	}
	assert_true(s.server->ops->needs_list_mic(s.server));
	assert_true(s.client->ops->needs_list_mic(s.client));
	status = s.client->ops->check_list(s.client, text("another"), mic);
	assert_true(NT_STATUS_IS(status, ACCESS_DENIED));
	talloc_free(s.mem);
}

static void a_wrong_password_fails(void **state)
{
	struct sides s;

	sides_open(&s, "User", "password");
	sides_talk(&s);
	assert_true(NT_STATUS_IS(sides_finish(&s), LOGON_FAILURE));
	assert_int_equal(s.users.checks, 1);
	talloc_free(s.mem);
}

/* 3.2.5.1.2: the MIC covers all three messages. */
static void a_change_of_any_message_fails(void **state)
{
	struct sides s;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	s.authenticate.data[NTLMSSP_MIC_OFFSET + 3] ^= 1;
	assert_true(NT_STATUS_IS(sides_finish(&s), LOGON_FAILURE));
	talloc_free(s.mem);

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	s.authenticate.data[64] ^= 1; /* the Version, which nobody needs */
	assert_true(NT_STATUS_IS(sides_finish(&s), LOGON_FAILURE));
	talloc_free(s.mem);
}

static void a_negotiate_changed_on_the_way_fails(void **state)
{
	struct sides s;
	struct blob none = {NULL, 0};
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	status = s.client->ops->step(s.mem, s.client, none, &s.negotiate);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	s.negotiate.data[15] &= 0x7f; /* NTLMSSP_56 */
	status =
		s.server->ops->step(s.mem, s.server, s.negotiate, &s.challenge);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s.client->ops->step(s.mem, s.client, s.challenge,
				     &s.authenticate);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(NT_STATUS_IS(sides_finish(&s), LOGON_FAILURE));
	talloc_free(s.mem);
}

static void anonymous_is_seen_and_refused(void **state)
{
	struct sides s;

	sides_open(&s, "", "");
	sides_talk(&s);
	assert_true(NT_STATUS_IS(sides_finish(&s), ACCESS_DENIED));
	assert_true(ntlmssp_server_is_anonymous(s.server));
	assert_int_equal(s.client->ops->key(s.client).length, 0);
	assert_int_equal(s.users.checks, 0);
	talloc_free(s.mem);
}

/* An AUTHENTICATE_MESSAGE with an NT response of that many bytes. */
static NTSTATUS try_old_response(size_t size)
{
	uint8_t response[32] = {0};
	struct ntlmssp_authenticate msg = {
		.flags = 0xe28a8233,
		.lm_response = {response, 24},
		.nt_response = {response, size},
		.user = {(uint8_t *)"U\0", 2},
	};
	struct sides s;
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	status = ntlmssp_authenticate_encode(s.mem, &msg, &s.authenticate);
	assert_true(NT_STATUS_IS_OK(status));
	status = sides_finish(&s);
	assert_int_equal(s.users.checks, 0);
	talloc_free(s.mem);
	return status;
}

static void lm_and_ntlmv1_are_refused(void **state)
{
	assert_true(NT_STATUS_IS(try_old_response(0), LOGON_FAILURE));
	assert_true(NT_STATUS_IS(try_old_response(24), LOGON_FAILURE));
	assert_true(NT_STATUS_IS(try_old_response(30), INVALID_PARAMETER));
}

static void the_known_client_is_accepted_without_mic(void **state)
{
	uint8_t negotiate[16] = "NTLMSSP\0\1\0\0\0\x33\x82\x8a\xe2";
	static const uint8_t want[] = {0x55, 0x55, 0x55, 0x55};
	struct sides s;
	struct blob key;
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	s.config.fixed_challenge = server_challenge;
	s.negotiate = (struct blob){negotiate, sizeof(negotiate)};
	status =
		s.server->ops->step(s.mem, s.server, s.negotiate, &s.challenge);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	s.authenticate =
		(struct blob){known_authenticate, sizeof(known_authenticate)};
	status = sides_finish(&s);
	assert_true(NT_STATUS_IS_OK(status));
	key = s.server->ops->key(s.server);
	assert_memory_equal(key.data, want, 4);
	assert_false(s.server->ops->needs_list_mic(s.server));
	talloc_free(s.mem);
}

static void every_truncation_is_refused(void **state)
{
	struct ntlmssp_challenge challenge;
	struct blob whole;
	struct sides s;
	size_t n;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	whole = s.authenticate;
	for (n = 0; n < whole.length; n++) {
		struct auth_mech *server;
		struct blob out;
		NTSTATUS status;

		status = ntlmssp_server_create(s.mem, &s.config, &server);
		assert_true(NT_STATUS_IS_OK(status));
		status = server->ops->step(s.mem, server, s.negotiate, &out);
		assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
		status = server->ops->step(s.mem, server,
					   (struct blob){whole.data, n}, &out);
		assert_true(NT_STATUS_IS_ERR(status));
		talloc_free(server);
	}
	for (n = 0; n < s.challenge.length; n++) {
		assert_false(NT_STATUS_IS_OK(ntlmssp_challenge_decode(
			(struct blob){s.challenge.data, n}, &challenge)));
	}
	talloc_free(s.mem);
}

static void a_message_out_of_turn_is_refused(void **state)
{
	struct sides s;
	struct blob out;
	NTSTATUS status;

	sides_open(&s, "User", "Password");
	sides_talk(&s);
	status = s.server->ops->step(s.mem, s.server, s.negotiate, &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	assert_true(NT_STATUS_IS(sides_finish(&s), INVALID_PARAMETER));
	talloc_free(s.mem);
}

/* 3.1.5.1.2: features too weak for the client's policy. */
static void the_client_insists_on_128_bits_and_names(void **state)
{
	struct sides s;
	struct blob none = {NULL, 0};
	struct blob in = {known_challenge, sizeof(known_challenge)};
	uint8_t weak[sizeof(known_challenge)];
	struct blob out;
	NTSTATUS status;

	memcpy(weak, known_challenge, sizeof(weak));
	weak[23] &= 0xdf; /* NTLMSSP_128 */
	sides_open(&s, "User", "Password");
	status = s.client->ops->step(s.mem, s.client, none, &out);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s.client->ops->step(s.mem, s.client,
				     (struct blob){weak, sizeof(weak)}, &out);
	assert_true(NT_STATUS_IS(status, NOT_SUPPORTED));
	talloc_free(s.mem);

	sides_open(&s, "User", "Password");
	memcpy(weak, known_challenge, sizeof(weak));
	weak[0x44] = NTLMSSP_AV_DNS_TREE; /* no NbDomainName any more */
	status = s.client->ops->step(s.mem, s.client, none, &out);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s.client->ops->step(s.mem, s.client,
				     (struct blob){weak, sizeof(weak)}, &out);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	talloc_free(s.mem);

	/* A server without a timestamp gets an answer without a MIC. */
	sides_open(&s, "User", "Password");
	status = s.client->ops->step(s.mem, s.client, none, &out);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = s.client->ops->step(s.mem, s.client, in, &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_false(s.client->ops->needs_list_mic(s.client));
	talloc_free(s.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(response_key_is_that_of_4_2_4_1_1),
		cmocka_unit_test(proof_and_base_key_are_those_of_4_2_4),
		cmocka_unit_test(known_messages_are_decoded),
		cmocka_unit_test(sealing_gives_the_bytes_of_4_2_4_4),
		cmocka_unit_test(signatures_count_and_do_not_pass_when_changed),
		cmocka_unit_test(both_sides_come_to_the_same_key),
		cmocka_unit_test(each_side_accepts_the_others_mark_on_the_list),
		cmocka_unit_test(a_wrong_password_fails),
		cmocka_unit_test(a_change_of_any_message_fails),
		cmocka_unit_test(a_negotiate_changed_on_the_way_fails),
		cmocka_unit_test(anonymous_is_seen_and_refused),
		cmocka_unit_test(lm_and_ntlmv1_are_refused),
		cmocka_unit_test(the_known_client_is_accepted_without_mic),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_message_out_of_turn_is_refused),
		cmocka_unit_test(the_client_insists_on_128_bits_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
