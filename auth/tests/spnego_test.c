/* auth/tests/spnego_test.c - the tokens of RFC 4178 and [MS-SPNG], and the
 * negotiation of a client with a server. */
#include "auth/spnego_server.h"
#include "auth/spnego_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "auth/auth_client.h"
#include "auth/ntlmssp_client.h"
#include "auth/ntlmssp_crypto.h"
#include "auth/ntlmssp_server.h"
#include "auth/passdb.h"
#include "lib/wire.h"

#define OID_OTHER "1.2.840.113554.1.2.2"

/* [MS-SPNG] 4: a NegTokenInit2 with two mechanisms. */
static uint8_t example[] = {
	0x60, 0x82, 0x01, 0x5d, 0x06, 0x06, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x02,
	0xa0, 0x82, 0x01, 0x51, 0x30, 0x82, 0x01, 0x4d, 0xa0, 0x1a, 0x30, 0x18,
	0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x1e,
	0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a,
	0xa2, 0x82, 0x01, 0x01, 0x04, 0x81, 0xfe, 0x4e, 0x45, 0x47, 0x4f, 0x45,
	0x58, 0x54, 0x53, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x60,
	0x00, 0x00, 0x00, 0x70, 0x00, 0x00, 0x00, 0xcf, 0xfa, 0x11, 0x76, 0x5e,
	0x12, 0x59, 0x9a, 0x34, 0x7d, 0x76, 0x68, 0x52, 0xbf, 0xce, 0x70, 0x97,
	0x45, 0x87, 0x10, 0xbb, 0x82, 0x42, 0xb4, 0xc7, 0xdf, 0xba, 0xd2, 0xda,
	0x89, 0x7a, 0xa3, 0x11, 0xa7, 0xd8, 0x68, 0x46, 0x34, 0x30, 0x95, 0x25,
	0x62, 0xdc, 0x13, 0xc5, 0x54, 0xf2, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x60, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x5c, 0x33, 0x53, 0x0d, 0xea,
	0xf9, 0x0d, 0x4d, 0xb2, 0xec, 0x4a, 0xe3, 0x78, 0x6e, 0xc3, 0x08, 0x4e,
	0x45, 0x47, 0x4f, 0x45, 0x58, 0x54, 0x53, 0x03, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x8e, 0x00, 0x00, 0x00, 0xcf,
	0xfa, 0x11, 0x76, 0x5e, 0x12, 0x59, 0x9a, 0x34, 0x7d, 0x76, 0x68, 0x52,
	0xbf, 0xce, 0x70, 0x5c, 0x33, 0x53, 0x0d, 0xea, 0xf9, 0x0d, 0x4d, 0xb2,
	0xec, 0x4a, 0xe3, 0x78, 0x6e, 0xc3, 0x08, 0x40, 0x00, 0x00, 0x00, 0x4e,
	0x00, 0x00, 0x00, 0x30, 0x4c, 0xa0, 0x4a, 0x30, 0x48, 0x30, 0x2a, 0x80,
	0x28, 0x30, 0x26, 0x31, 0x24, 0x30, 0x22, 0x06, 0x03, 0x55, 0x04, 0x03,
	0x13, 0x1b, 0x58, 0x4d, 0x4c, 0x50, 0x72, 0x6f, 0x76, 0x69, 0x64, 0x65,
	0x72, 0x20, 0x49, 0x6e, 0x74, 0x65, 0x72, 0x6d, 0x65, 0x64, 0x69, 0x61,
	0x74, 0x65, 0x20, 0x43, 0x41, 0x30, 0x1a, 0x80, 0x18, 0x30, 0x16, 0x31,
	0x14, 0x30, 0x12, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x0b, 0x58, 0x4d,
	0x4c, 0x50, 0x72, 0x6f, 0x76, 0x69, 0x64, 0x65, 0x72, 0xa3, 0x2a, 0x30,
	0x28, 0xa0, 0x26, 0x1b, 0x24, 0x6e, 0x6f, 0x74, 0x5f, 0x64, 0x65, 0x66,
	0x69, 0x6e, 0x65, 0x64, 0x5f, 0x69, 0x6e, 0x5f, 0x52, 0x46, 0x43, 0x34,
	0x31, 0x37, 0x38, 0x40, 0x70, 0x6c, 0x65, 0x61, 0x73, 0x65, 0x5f, 0x69,
	0x67, 0x6e, 0x6f, 0x72, 0x65};

/* What a server with NTLMSSP alone says first, worked out by hand. */
static const uint8_t expected_hello[] =
	"\x60\x48\x06\x06\x2b\x06\x01\x05\x05\x02\xa0\x3e\x30\x3c"
	"\xa0\x0e\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"
	"\xa3\x2a\x30\x28\xa0\x26\x1b\x24not_defined_in_RFC4178@please_ignore";

/* --- a server of one user -------------------------------------------- */

static NTSTATUS check_user(void *private_data,
			   const struct passdb_ntlmv2 *proof,
			   uint8_t out_key[16])
{
	struct blob challenge = {proof->response.data + NTLMSSP_PROOF_SIZE,
				 proof->response.length - NTLMSSP_PROOF_SIZE};
	uint8_t hash[16];
	uint8_t key[16];
	uint8_t want[16];
	NTSTATUS status;

	status = ntlmssp_nt_hash("Password", hash);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_response_key(hash, proof->user, proof->domain, key);
	assert_true(NT_STATUS_IS_OK(status));
	ntlmssp_proof(key, proof->challenge, challenge, want, out_key);
	return ntlmssp_equal(want, proof->response.data, 16)
		       ? NT_STATUS_OK
		       : NT_STATUS(LOGON_FAILURE);
}

static void ignore_names(void *private_data, const char *user,
			 const char *domain, const char *workstation)
{
}

static const struct ntlmssp_server_config server_config = {
	.netbios_name = "SERVER",
	.dns_name = "server",
	.check = check_user,
	.names = ignore_names,
};

static NTSTATUS create_ntlmssp(TALLOC_CTX *mem_ctx, void *private_data,
			       struct auth_mech **out)
{
	return ntlmssp_server_create(mem_ctx, &server_config, out);
}

static const struct spnego_server_mech server_mechs[] = {
	{SPNEGO_OID_NTLMSSP, ntlmssp_is_message, create_ntlmssp},
};

struct sides {
	TALLOC_CTX *mem;
	struct spnego_asn1 *asn1;
	struct auth_client *client;
	struct spnego_server *server;
	struct blob token; /* the last one said */
};

static void sides_open(struct sides *s, bool raw)
{
	struct auth_client_options options = {
		.user = "User",
		.domain = "WORKGROUP",
		.password = "Password",
		.raw_ntlmssp = raw,
	};
	NTSTATUS status;

	memset(s, 0, sizeof(*s));
	s->mem = talloc_new(NULL);
	status = spnego_asn1_create(s->mem, &s->asn1);
	assert_true(NT_STATUS_IS_OK(status));
	status = auth_client_create(s->mem, &options, &s->client);
	assert_true(NT_STATUS_IS_OK(status));
	status = spnego_server_create(s->mem, s->asn1, server_mechs, 1, NULL,
				      &s->server);
	assert_true(NT_STATUS_IS_OK(status));
	status = spnego_server_hello(s->mem, s->asn1, server_mechs, 1,
				     &s->token);
	assert_true(NT_STATUS_IS_OK(status));
}

static NTSTATUS client_says(struct sides *s)
{
	return auth_client_step(s->mem, s->client, s->token, &s->token);
}

static NTSTATUS server_says(struct sides *s)
{
	return spnego_server_step(s->mem, s->server, s->token, &s->token);
}

/* Up to where the client's last message lies on the table. */
static void sides_talk(struct sides *s)
{
	NTSTATUS status;

	for (int i = 0; i < 3; i++) {
		status = i == 1 ? server_says(s) : client_says(s);
		assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	}
}

static struct spnego_resp decode_resp(struct sides *s)
{
	struct spnego_resp resp;
	NTSTATUS status;

	status = spnego_resp_decode(s->mem, s->asn1, s->token, &resp);
	assert_true(NT_STATUS_IS_OK(status));
	return resp;
}

static void encode_resp(struct sides *s, const struct spnego_resp *resp)
{
	NTSTATUS status;

	status = spnego_resp_encode(s->mem, s->asn1, resp, &s->token);
	assert_true(NT_STATUS_IS_OK(status));
}

/* --- tokens ---------------------------------------------------------- */

static void hello_is_as_windows_sends_it(void **state)
{
	struct sides s;

	sides_open(&s, false);
	assert_int_equal(s.token.length, sizeof(expected_hello) - 1);
	assert_memory_equal(s.token.data, expected_hello, s.token.length);
	talloc_free(s.mem);
}

static void the_example_of_the_specification_is_decoded(void **state)
{
	struct blob in = {example, sizeof(example)};
	struct spnego_init init;
	struct sides s;
	NTSTATUS status;

	sides_open(&s, false);
	status = spnego_init_decode(s.mem, s.asn1, in, &init);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(init.num_mechs, 2);
	assert_string_equal(init.mechs[0], "1.3.6.1.4.1.311.2.2.30");
	assert_string_equal(init.mechs[1], SPNEGO_OID_NTLMSSP);
	assert_int_equal(init.mech_list.length, 0x1a);
	assert_memory_equal(init.mech_list.data, example + 0x16, 0x1a);
	assert_int_equal(init.mech_token.length, 0xfe);
	assert_memory_equal(init.mech_token.data, "NEGOEXTS", 8);
	talloc_free(s.mem);
}

static void every_truncation_and_a_byte_too_many_are_refused(void **state)
{
	uint8_t longer[sizeof(example) + 1] = {0};
	struct spnego_init init;
	struct spnego_resp resp;
	struct sides s;
	size_t n;

	memcpy(longer, example, sizeof(example));
	sides_open(&s, false);
	for (n = 0; n <= sizeof(longer); n++) {
		struct blob in = {longer, n};
		bool ok = NT_STATUS_IS_OK(
			spnego_init_decode(s.mem, s.asn1, in, &init));

		assert_int_equal(ok, n == sizeof(example));
	}
	sides_talk(&s);
	for (n = 0; n < s.token.length; n++) {
		struct blob in = {s.token.data, n};

		assert_false(NT_STATUS_IS_OK(
			spnego_resp_decode(s.mem, s.asn1, in, &resp)));
	}
	talloc_free(s.mem);
}

/* A NegTokenInit that names one mechanism count times, by hand. */
static struct blob many_mechs(TALLOC_CTX *mem, size_t count)
{
	static const uint8_t oid[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
				      0xf7, 0x12, 0x01, 0x02, 0x02};
	static const uint8_t spnego[] = {0x06, 0x06, 0x2b, 0x06,
					 0x01, 0x05, 0x05, 0x02};
	static const uint8_t tags[] = {0x60, 0xa0, 0x30, 0xa0, 0x30};
	size_t left = count * sizeof(oid) + 4 * 4 + sizeof(spnego);
	struct wire_writer w = wire_writer(mem, 4096);
	struct blob out;
	NTSTATUS status;

	for (size_t i = 0; i < sizeof(tags); i++) {
		wire_put_u8(&w, tags[i]);
		wire_put_u8(&w, 0x82);
		wire_put_u8(&w, (uint8_t)(left >> 8));
		wire_put_u8(&w, (uint8_t)left);
		left -= 4;
		if (i == 0) {
			wire_put_bytes(&w, spnego, sizeof(spnego));
			left -= sizeof(spnego);
		}
	}
	for (size_t i = 0; i < count; i++) {
		wire_put_bytes(&w, oid, sizeof(oid));
	}
	status = wire_finish(&w, &out);
	assert_true(NT_STATUS_IS_OK(status));
	return out;
}

static void more_mechanisms_than_allowed_are_refused(void **state)
{
	struct spnego_init init;
	struct sides s;
	NTSTATUS status;

	sides_open(&s, false);
	status = spnego_init_decode(s.mem, s.asn1,
				    many_mechs(s.mem, SPNEGO_MAX_MECHS), &init);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(init.num_mechs, SPNEGO_MAX_MECHS);
	assert_string_equal(init.mechs[SPNEGO_MAX_MECHS - 1], OID_OTHER);
	assert_null(init.mech_token.data);
	status = spnego_init_decode(
		s.mem, s.asn1, many_mechs(s.mem, SPNEGO_MAX_MECHS + 1), &init);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	talloc_free(s.mem);
}

/* --- negotiation ----------------------------------------------------- */

static void a_logon_with_both_sides_signing_the_list(void **state)
{
	struct sides s;
	struct spnego_resp resp;
	struct blob a;
	struct blob b;
	NTSTATUS status;

	sides_open(&s, false);
	sides_talk(&s);
	assert_int_equal(decode_resp(&s).mic.length, 16);
	status = server_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	resp = decode_resp(&s);
	assert_int_equal(resp.state, SPNEGO_ACCEPT_COMPLETED);
	assert_int_equal(resp.mic.length, 16);
	status = client_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(s.token.length, 0);
	a = auth_client_key(s.client);
	b = spnego_server_key(s.server);
	assert_int_equal(a.length, 16);
	assert_memory_equal(a.data, b.data, 16);
	talloc_free(s.mem);
}

static void the_first_answer_names_the_mechanism(void **state)
{
	struct sides s;
	struct spnego_resp resp;
	NTSTATUS status;

	sides_open(&s, false);
	status = client_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = server_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	resp = decode_resp(&s);
	assert_int_equal(resp.state, SPNEGO_ACCEPT_INCOMPLETE);
	assert_string_equal(resp.mech, SPNEGO_OID_NTLMSSP);
	assert_true(ntlmssp_is_message(resp.token));
	talloc_free(s.mem);
}

/* [MS-SPNG] 3.1.5.1, note 8: NTLM's own MIC makes the list's mandatory. */
static void a_list_not_signed_or_signed_wrong_fails(void **state)
{
	struct spnego_resp resp;
	struct sides s;

	sides_open(&s, false);
	sides_talk(&s);
	resp = decode_resp(&s);
	resp.mic = (struct blob){NULL, 0};
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS(server_says(&s), LOGON_FAILURE));
	talloc_free(s.mem);

	sides_open(&s, false);
	sides_talk(&s);
	resp = decode_resp(&s);
	resp.mic.data[9] ^= 1;
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS(server_says(&s), LOGON_FAILURE));
	assert_int_equal(spnego_server_key(s.server).length, 0);
	talloc_free(s.mem);
}

static void the_client_insists_on_the_servers_signature(void **state)
{
	struct spnego_resp resp;
	struct sides s;
	NTSTATUS status;

	sides_open(&s, false);
	sides_talk(&s);
	status = server_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	resp = decode_resp(&s);
	resp.mic = (struct blob){NULL, 0};
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS(client_says(&s), ACCESS_DENIED));
	talloc_free(s.mem);

	sides_open(&s, false);
	sides_talk(&s);
	status = server_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	resp = decode_resp(&s);
	resp.mic.data[15] ^= 1;
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS(client_says(&s), ACCESS_DENIED));
	talloc_free(s.mem);
}

/* RFC 4178 4.2.1, 4.2.2: the token is for the first mechanism only; when
 * another one is chosen the server asks for the list to be signed. */
static void another_choice_than_the_first_asks_for_signatures(void **state)
{
	uint8_t foreign[] = "for the other mechanism";
	struct spnego_init init = {
		.num_mechs = 2,
		.mechs = {OID_OTHER, SPNEGO_OID_NTLMSSP},
		.mech_token = {foreign, sizeof(foreign)},
	};
	struct spnego_resp resp;
	struct sides s;
	NTSTATUS status;

	sides_open(&s, false);
	status = spnego_init_encode(s.mem, s.asn1, &init, &s.token);
	assert_true(NT_STATUS_IS_OK(status));
	status = server_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	resp = decode_resp(&s);
	assert_int_equal(resp.state, SPNEGO_REQUEST_MIC);
	assert_string_equal(resp.mech, SPNEGO_OID_NTLMSSP);
	assert_null(resp.token.data);
	talloc_free(s.mem);
}

/* The client goes on with the other mechanism and signs the list that it sent:
 * without that, somebody may have taken its first choice away. */
static void the_second_choice_needs_the_list_signed(void **state)
{
	struct auth_client_options options = {.user = "User",
					      .password = "Password"};
	struct spnego_init init = {
		.num_mechs = 2,
		.mechs = {OID_OTHER, SPNEGO_OID_NTLMSSP},
	};
	const struct blob none = {NULL, 0};
	struct spnego_resp resp = {.state = SPNEGO_ACCEPT_INCOMPLETE};
	struct auth_mech *client;
	struct sides s;
	struct blob list;
	NTSTATUS status;

	sides_open(&s, false);
	status = ntlmssp_client_create(s.mem, &options, &client);
	assert_true(NT_STATUS_IS_OK(status));
	status = spnego_mech_list_encode(s.mem, s.asn1, &init, &list);
	assert_true(NT_STATUS_IS_OK(status));
	status = spnego_init_encode(s.mem, s.asn1, &init, &s.token);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(NT_STATUS_IS(server_says(&s), MORE_PROCESSING_REQUIRED));
	status = client->ops->step(s.mem, client, none, &resp.token);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS(server_says(&s), MORE_PROCESSING_REQUIRED));
	resp.token = decode_resp(&s).token;
	status = client->ops->step(s.mem, client, resp.token, &resp.token);
	assert_true(NT_STATUS_IS_OK(status));
	status = client->ops->sign_list(s.mem, client, list, &resp.mic);
	assert_true(NT_STATUS_IS_OK(status));
	encode_resp(&s, &resp);
	assert_true(NT_STATUS_IS_OK(server_says(&s)));
	status = client->ops->check_list(client, list, decode_resp(&s).mic);
	assert_true(NT_STATUS_IS_OK(status));
	talloc_free(s.mem);
}

static void no_common_mechanism_is_refused(void **state)
{
	struct spnego_init init = {.num_mechs = 1, .mechs = {OID_OTHER}};
	struct sides s;
	NTSTATUS status;

	sides_open(&s, false);
	status = spnego_init_encode(s.mem, s.asn1, &init, &s.token);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(NT_STATUS_IS(server_says(&s), INVALID_PARAMETER));
	talloc_free(s.mem);

	sides_open(&s, false);
	status = spnego_init_encode(s.mem, s.asn1, &init, &s.token);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(NT_STATUS_IS(client_says(&s), NOT_SUPPORTED));
	talloc_free(s.mem);
}

static void messages_without_spnego_are_taken(void **state)
{
	struct sides s;
	NTSTATUS status;

	sides_open(&s, true);
	status = client_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	assert_true(ntlmssp_is_message(s.token));
	status = server_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	assert_true(ntlmssp_is_message(s.token));
	status = client_says(&s);
	assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	status = server_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(s.token.length, 0);
	status = client_says(&s);
	assert_true(NT_STATUS_IS_OK(status));
	assert_memory_equal(auth_client_key(s.client).data,
			    spnego_server_key(s.server).data, 16);
	talloc_free(s.mem);
}

static void an_empty_token_gets_the_hello_once(void **state)
{
	struct sides s;

	sides_open(&s, false);
	s.token = (struct blob){NULL, 0};
	assert_true(NT_STATUS_IS(server_says(&s), MORE_PROCESSING_REQUIRED));
	assert_int_equal(s.token.length, sizeof(expected_hello) - 1);
	s.token = (struct blob){NULL, 0};
	assert_true(NT_STATUS_IS(server_says(&s), INVALID_PARAMETER));
	talloc_free(s.mem);
}

static void nothing_goes_on_after_the_end(void **state)
{
	struct spnego_resp reject = {.state = SPNEGO_REJECT};
	struct blob last;
	struct sides s;

	sides_open(&s, false);
	sides_talk(&s);
	last = s.token;
	encode_resp(&s, &reject);
	assert_true(NT_STATUS_IS(server_says(&s), INVALID_PARAMETER));
	s.token = last;
	assert_true(NT_STATUS_IS(server_says(&s), INVALID_PARAMETER));
	encode_resp(&s, &reject);
	assert_true(NT_STATUS_IS(client_says(&s), LOGON_FAILURE));
	talloc_free(s.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_is_as_windows_sends_it),
		cmocka_unit_test(the_example_of_the_specification_is_decoded),
		cmocka_unit_test(
			every_truncation_and_a_byte_too_many_are_refused),
		cmocka_unit_test(more_mechanisms_than_allowed_are_refused),
		cmocka_unit_test(a_logon_with_both_sides_signing_the_list),
		cmocka_unit_test(the_first_answer_names_the_mechanism),
		cmocka_unit_test(a_list_not_signed_or_signed_wrong_fails),
		cmocka_unit_test(the_client_insists_on_the_servers_signature),
		cmocka_unit_test(
			another_choice_than_the_first_asks_for_signatures),
		cmocka_unit_test(the_second_choice_needs_the_list_signed),
		cmocka_unit_test(no_common_mechanism_is_refused),
		cmocka_unit_test(messages_without_spnego_are_taken),
		cmocka_unit_test(an_empty_token_gets_the_hello_once),
		cmocka_unit_test(nothing_goes_on_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
