/* smb2/tests/crypto_test.c - keys, the preauthentication hash, signatures and
 * encryption, against the examples that Microsoft published: "SMB 2 and SMB 3
 * security in Windows 10: the anatomy of signing and cryptographic keys" and
 * "Encryption in SMB 3.0: a protocol perspective". */
#include "smb2/tests/util.h"

#include "lib/crypto.h"
#include "smb2/keys.h"
#include "smb2/seal.h"
#include "smb2/sign.h"

#define KEY_300 "7CD451825D0450D235424E44BA6E78CC"
#define KEY_311 "270E1BA896585EEB7AF3472D3B4C75A7"
#define PREAUTH_311                                                            \
	"0DD13628CC3ED218EF9DF9772D436D0887AB9814BFAE63A80AA845F36909DB79"     \
	"28622DDDAD522D9751640A459762C5A9D6BB084CBB3CE6BDADEF5D5BCE3C6C01"

static struct smb2_session_keys derive(const char *key_hex,
				       const char *preauth_hex,
				       uint16_t dialect,
				       enum smb2_cipher cipher)
{
	struct smb2_session_keys keys;
	struct smb2_preauth preauth = {{0}};
	uint8_t key[64];
	size_t n = unhex(key_hex, key);

	if (preauth_hex != NULL) {
		unhex(preauth_hex, preauth.hash);
	}
	smb2_derive_keys(&keys, SMB2_CLIENT, dialect, cipher, key, n,
			 preauth_hex != NULL ? &preauth : NULL);
	return keys;
}

static void test_keys_3_0(void **state)
{
	struct smb2_session_keys k = derive(KEY_300, NULL, SMB2_DIALECT_300,
					    SMB2_ENCRYPTION_AES128_CCM);

	assert_hex(k.signing, 16, "0B7E9C5CAC36C0F6EA9AB275298CEDCE");
	assert_hex(k.encrypt, 16, "FAD27796665B313EBB578F388632B4F7");
	assert_hex(k.decrypt, 16, "B0F0427F7CEB416D1D9DCC0CD4F99447");
	assert_hex(k.application, 16, "BB23A4575AA26C721AF525AF15A87B4F");
}

static void test_keys_3_1_1(void **state)
{
	struct smb2_session_keys k =
		derive(KEY_311, PREAUTH_311, SMB2_DIALECT_311,
		       SMB2_ENCRYPTION_AES128_GCM);

	assert_hex(k.signing, 16, "73FE7A9A77BEF0BDE49C650D8CCB5F76");
	assert_hex(k.encrypt, 16, "629BCBC54422A0F572B97F45989B6073");
	assert_hex(k.decrypt, 16, "E2AF0DCEFAC68DA71A0DFBD0D1350D74");
	assert_hex(k.application, 16, "6D7AD7954E9EC61E907B4D473DC178FF");
}

/* A session bound to a second connection has its own signing key. */
static void test_channel_key(void **state)
{
	uint8_t key[16], out[16];

	unhex("4E01A2B313BCF660CC250BEF021AEDE6", key);
	smb2_derive_channel_signing_key(out, SMB2_DIALECT_300, key, 16, NULL);
	assert_hex(out, 16, "BA1A17DBBFEC349BCA105563D598952F");
}

/* The two sides mirror each other; the 256-bit ciphers leave signing alone
 * and take all of the session key. */
static void test_keys_sides_and_256(void **state)
{
	struct smb2_session_keys client, server, wide;
	struct smb2_preauth preauth = {{1}};
	uint8_t key[32] = {1, 2, 3};

	smb2_derive_keys(&client, SMB2_CLIENT, SMB2_DIALECT_311,
			 SMB2_ENCRYPTION_AES256_GCM, key, 32, &preauth);
	smb2_derive_keys(&server, SMB2_SERVER, SMB2_DIALECT_311,
			 SMB2_ENCRYPTION_AES256_GCM, key, 32, &preauth);
	assert_memory_equal(client.encrypt, server.decrypt, 32);
	assert_memory_equal(client.decrypt, server.encrypt, 32);
	smb2_derive_keys(&wide, SMB2_CLIENT, SMB2_DIALECT_311,
			 SMB2_ENCRYPTION_AES128_GCM, key, 32, &preauth);
	assert_memory_equal(client.signing, wide.signing, 16);
	assert_memory_not_equal(client.encrypt, wide.encrypt, 16);
	key[31] = 9;
	smb2_derive_keys(&wide, SMB2_CLIENT, SMB2_DIALECT_311,
			 SMB2_ENCRYPTION_AES256_GCM, key, 32, &preauth);
	assert_memory_equal(client.signing, wide.signing, 16);
	assert_memory_not_equal(client.encrypt, wide.encrypt, 32);
}

/* 2.x signs with the session key itself, padded with zeros. */
static void test_keys_2_1(void **state)
{
	struct smb2_session_keys k =
		derive("0102", NULL, SMB2_DIALECT_210, SMB2_ENCRYPTION_NONE);

	assert_hex(k.signing, 16, "01020000000000000000000000000000");
}

static void test_preauth(void **state)
{
	struct smb2_preauth p = {{0}};
	struct iovec whole = {"hello", 5};
	uint8_t zeros[64] = {0}, want[64];
	struct iovec iov[2] = {{zeros, 64}, {"hello", 5}};

	smb2_preauth_update(&p, &whole, 1);
	crypto_sha512(iov, 2, want);
	assert_memory_equal(p.hash, want, 64);
}

/* The final SESSION_SETUP response of the 3.1.1 example */
static void test_signature_vector(void **state)
{
	uint8_t key[16], pdu[256];
	struct smb2_signer *signer;
	struct iovec iov;

	unhex("73FE7A9A77BEF0BDE49C650D8CCB5F76", key);
	iov.iov_base = pdu;
	iov.iov_len = unhex("FE534D42400001000000000001008000090000000000000003"
			    "00000000000000"
			    "FFFE0000000000001900000000100000EBE146DA120BA25FC3"
			    "376A49DFE31BC1"
			    "0900000048001D00A11B3019A0030A0100A312041001000000"
			    "3B453CDC352416"
			    "4200000000",
			    pdu);
	assert_ok(smb2_signer_new(NULL, SMB2_SIGNING_AES_CMAC, key, &signer));
	assert_ok(smb2_verify(signer, &iov, 1));
	pdu[70] ^= 1;
	assert_status(smb2_verify(signer, &iov, 1), ACCESS_DENIED);
	talloc_free(signer);
}

/* Signed in pieces, verified whole; every changed bit is seen. */
static void sign_and_verify(struct smb2_signer *signer, size_t first,
			    size_t second)
{
	uint8_t pdu[200] = {0xfe, 'S', 'M', 'B', 64};
	size_t both = first + second;
	struct iovec iov[3] = {{pdu, first},
			       {pdu + first, second},
			       {pdu + both, sizeof(pdu) - both}};
	struct wire_reader r = wire_reader(pdu, sizeof(pdu));

	assert_ok(smb2_sign(signer, iov, 3));
	assert_int_equal(pdu[16] & SMB2_FLAGS_SIGNED, SMB2_FLAGS_SIGNED);
	assert_ok(smb2_verify_pdu(signer, r));
	for (size_t i = 0; i < sizeof(pdu); i++) {
		pdu[i] ^= 0x10;
		assert_status(smb2_verify_pdu(signer, r), ACCESS_DENIED);
		pdu[i] ^= 0x10;
	}
}

static void test_sign_all(void **state)
{
	for (int a = SMB2_SIGNING_HMAC_SHA256; a <= SMB2_SIGNING_AES_GMAC;
	     a++) {
		uint8_t key[16] = {7};
		struct smb2_signer *signer;

		assert_ok(smb2_signer_new(NULL, (enum smb2_signing_algorithm)a,
					  key, &signer));
		sign_and_verify(signer, 80, 1);
		sign_and_verify(signer, SMB2_HEADER_SIZE, 0);
		sign_and_verify(signer, 72, 128);
		talloc_free(signer);
	}
}

/* 3.1.4.1: the nonce of GMAC is the MessageId, who sent it, and CANCEL. */
static void test_gmac_nonce(void **state)
{
	static const struct {
		uint8_t command, flags, bits;
	} rows[] = {
		{SMB2_READ, 0, 0},
		{SMB2_READ, SMB2_FLAGS_SERVER_TO_REDIR, 1},
		{SMB2_CANCEL, 0, 2},
	};
	uint8_t key[16] = {5};
	struct smb2_signer *signer;
	struct mac *mac;

	assert_ok(smb2_signer_new(NULL, SMB2_SIGNING_AES_GMAC, key, &signer));
	assert_ok(mac_new(NULL, MAC_AES128_GMAC, key, 16, &mac));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t pdu[72] = {0xfe, 'S', 'M', 'B', 64};
		uint8_t nonce[12] = {0x88, 0x77}, tag[16];
		struct iovec iov = {pdu, sizeof(pdu)};

		pdu[12] = rows[i].command;
		pdu[16] = rows[i].flags | SMB2_FLAGS_SIGNED;
		pdu[24] = 0x88;
		pdu[25] = 0x77;
		nonce[8] = rows[i].bits;
		assert_ok(mac_compute(mac, nonce, &iov, 1, tag));
		assert_ok(smb2_sign(signer, &iov, 1));
		assert_memory_equal(pdu + SMB2_SIGNATURE_OFFSET, tag, 16);
	}
	talloc_free(mac);
	talloc_free(signer);
}

static void test_algorithm_of_dialect(void **state)
{
	assert_int_equal(
		smb2_signing_for_dialect(0x0210, SMB2_SIGNING_AES_GMAC),
		SMB2_SIGNING_HMAC_SHA256);
	assert_int_equal(
		smb2_signing_for_dialect(0x0302, SMB2_SIGNING_AES_GMAC),
		SMB2_SIGNING_AES_CMAC);
	assert_int_equal(
		smb2_signing_for_dialect(0x0311, SMB2_SIGNING_AES_GMAC),
		SMB2_SIGNING_AES_GMAC);
}

/* --- encryption ---------------------------------------------------------- */

struct sealed_vector {
	uint16_t dialect;
	enum smb2_cipher cipher;
	const char *session_key;
	const char *preauth;
	const char *request; /* what the client sent */
	const char *request_plain;
	const char *response; /* what the server answered */
	const char *response_plain;
};

static const struct sealed_vector vectors[] = {
	{SMB2_DIALECT_300, SMB2_ENCRYPTION_AES128_CCM,
	 "B4546771B515F766A86735532DD6C4F0", NULL,
	 "FD534D4281A286535415445DAE393921E44FA42E66E69A111892584FB5ED524A"
	 "744DA3EE87000000000001001100001400E4080025C8FEE16605A437832D1CD5"
	 "2DA9F4645333482A175FE5384563F45FCDAFAEF38BC62BA4D5C62897996625A4"
	 "4C29BE5658DE2E6117585779E7B59FFD971278D08580D7FA899E410E910EABF5"
	 "AA1DB43050B33B49182637759AC15D84BFCDF5B6B238993C0F4CF4D6012023F6"
	 "C627297075D84B7803912D0A9639634453595EF3E33FFE4E7AC2AB",
	 "FE534D4240000100000000000900400008000000000000000400000000000000"
	 "FFFE0000010000001100001400E4080000000000000000000000000000000000"
	 "3100700017000000000000000000000015010000390000020100000039020000"
	 "00000000000000007000000000000000536D623320656E6372797074696F6E20"
	 "74657374696E67",
	 "FD534D42A6015530A18F6D9AFFE22AFAE8E66484860000000000000011000014"
	 "00E4080050000000000001001100001400E40800DBF46435C5F14169293CE079"
	 "E344479BF670227E49873F458672C3098DAC467DD5809F369D67409166515787"
	 "1483E01F7BECD02064EAC3E235F913668BBC2F097980D4B378F1993EFF6E60D1"
	 "77309E5B",
	 "FE534D4240000100000000000900210009000000000000000400000000000000"
	 "FFFE0000010000001100001400E4080000000000000000000000000000000000"
	 "11000000170000000000000000000000"},
	{SMB2_DIALECT_311, SMB2_ENCRYPTION_AES128_GCM,
	 "419FDDF34C1E001909D362AE7FB6AF79",
	 "B23F3CBFD69487D9832B79B1594A367CDD950909B774C3A4C412B4FCEA9EDDDB"
	 "A7DB256BA2EA30E977F11F9B113247578E0E915C6D2A513B8F2FCA5707DC8770",
	 "FD534D42BD73D97D2BC9001BCAFAC0FDFF5FEEBCC7D6822D269CAF48904C664C"
	 "00000000870000000000010025000000001000006ECDD2A7AFC7B47763057A04"
	 "1B8FD4DAFFE990B70C9E09D36C084E02D14EF247F8BDE38ACF6256F8B1D3B56F"
	 "77FBDEB312FEA5E92CBCC1ED8FB2EBBFAA75E49A4A394BB44576545567C24D4C"
	 "014D47C9FBDFDAFD2C4F9B72F8D256452620A299F48E29E53D6B61D1C13A19E9"
	 "1AF013F00D17E3ABC2FC3D36C8C1B6B93973253852DBD442E46EE8",
	 "FE534D4240000100000000000900010008000000000000000500000000000000"
	 "FFFE000001000000250000000010000000000000000000000000000000000000"
	 "3100700017000000000000000000000006000000040000000100000004000000"
	 "00000000000000007000000000000000536D623320656E6372797074696F6E20"
	 "74657374696E67",
	 "FD534D42ACBE1CB7ED343ADF1725EF144D90D4B0E06831DD2E8EB7B400000000"
	 "0000000050000000000001002500000000100000"
	 "26BBBF949983A6C1C796559D0F2C510CB651D1F7B6AC8DED32A2A0B8F2D793A8"
	 "15C6F6B848D69767A215841A42D400AE6DDB5F0B44173A014973321FDD7950DA"
	 "6179159B82E03C9E18A050FF0EA1C967",
	 "FE534D4240000100000000000900010001000000000000000500000000000000"
	 "FFFE000001000000250000000010000000000000000000000000000000000000"
	 "11000000170000000000000000000000"},
};

static void decrypts_to(enum smb2_cipher cipher, const uint8_t *key,
			const char *frame_hex, const char *plain_hex)
{
	uint8_t frame[512];
	size_t n = unhex(frame_hex, frame);
	struct smb2_sealer *sealer;
	struct wire_reader plain;

	assert_ok(smb2_sealer_new(NULL, cipher, key, &sealer));
	assert_ok(smb2_decrypt(sealer, frame, n, &plain));
	assert_hex(plain.data, plain.length, plain_hex);
	n = unhex(frame_hex, frame);
	frame[n - 1] ^= 1;
	assert_status(smb2_decrypt(sealer, frame, n, &plain), ACCESS_DENIED);
	talloc_free(sealer);
}

static void test_decrypt_vectors(void **state)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct sealed_vector *v = &vectors[i];
		struct smb2_session_keys k = derive(v->session_key, v->preauth,
						    v->dialect, v->cipher);

		decrypts_to(v->cipher, k.encrypt, v->request, v->request_plain);
		decrypts_to(v->cipher, k.decrypt, v->response,
			    v->response_plain);
	}
}

/* What is sealed in pieces opens whole; no nonce comes twice. */
static void test_seal_all(void **state)
{
	for (int c = SMB2_ENCRYPTION_AES128_CCM;
	     c <= SMB2_ENCRYPTION_AES256_GCM; c++) {
		uint8_t key[32] = {3}, frame[52 + 300], nonce[16] = {0};
		struct smb2_sealer *a, *b;
		struct smb2_transform_header h;
		struct wire_reader plain;

		assert_ok(smb2_sealer_new(NULL, (enum smb2_cipher)c, key, &a));
		assert_ok(smb2_sealer_new(NULL, (enum smb2_cipher)c, key, &b));
		for (int round = 0; round < 3; round++) {
			struct iovec iov[2] = {{frame + 52, 81},
					       {frame + 52 + 81, 219}};

			memset(frame, 'p', sizeof(frame));
			assert_ok(smb2_encrypt(a, 0x1122334455667788, iov, 2,
					       frame));
			assert_ok(smb2_transform_decode(
				wire_reader(frame, sizeof(frame)), &h));
			assert_true(h.session_id == 0x1122334455667788);
			assert_int_equal(h.original_message_size, 300);
			assert_memory_not_equal(h.nonce, nonce, 16);
			memcpy(nonce, h.nonce, 16);
			assert_ok(
				smb2_decrypt(b, frame, sizeof(frame), &plain));
			assert_int_equal(plain.length, 300);
			for (size_t i = 0; i < 300; i++) {
				assert_int_equal(plain.data[i], 'p');
			}
		}
		talloc_free(a);
		talloc_free(b);
	}
}

/* 3.3.5.2.1.1: what is not even looked at with the key */
static void test_transform_malformed(void **state)
{
	uint8_t frame[512], key[16] = {0};
	size_t n = unhex(vectors[0].request, frame);
	struct smb2_transform_header h;
	struct smb2_sealer *sealer;
	struct wire_reader plain;

	assert_ok(smb2_sealer_new(NULL, SMB2_ENCRYPTION_AES128_CCM, key,
				  &sealer));
	for (size_t cut = 0; cut <= SMB2_TRANSFORM_HEADER_SIZE; cut++) {
		uint8_t *copy = exact_copy(frame, cut);

		assert_status(smb2_transform_decode(wire_reader(copy, cut), &h),
			      INVALID_PARAMETER);
		free(copy);
	}
	assert_status(smb2_decrypt(sealer, frame, n - 1, &plain),
		      INVALID_PARAMETER); /* OriginalMessageSize */
	frame[42] = 2;			  /* Flags */
	assert_status(smb2_decrypt(sealer, frame, n, &plain),
		      INVALID_PARAMETER);
	talloc_free(sealer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_3_0),
		cmocka_unit_test(test_keys_3_1_1),
		cmocka_unit_test(test_channel_key),
		cmocka_unit_test(test_keys_sides_and_256),
		cmocka_unit_test(test_keys_2_1),
		cmocka_unit_test(test_preauth),
		cmocka_unit_test(test_signature_vector),
		cmocka_unit_test(test_sign_all),
		cmocka_unit_test(test_gmac_nonce),
		cmocka_unit_test(test_algorithm_of_dialect),
		cmocka_unit_test(test_decrypt_vectors),
		cmocka_unit_test(test_seal_all),
		cmocka_unit_test(test_transform_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
