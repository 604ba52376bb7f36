/* auth/ntlmssp_msg.h - the three messages of NTLM and their AV pairs on the
 * wire ([MS-NLMP] 2.2).  Strings are Unicode only: no client that speaks SMB2
 * needs the OEM character sets. */
#ifndef AUTH_NTLMSSP_MSG_H
#define AUTH_NTLMSSP_MSG_H

#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "lib/nttime.h"
#include "lib/wire.h"

/* NegotiateFlags, [MS-NLMP] 2.2.2.5. */
#define NTLMSSP_UNICODE		   0x00000001u
#define NTLMSSP_REQUEST_TARGET	   0x00000004u
#define NTLMSSP_SIGN		   0x00000010u
#define NTLMSSP_SEAL		   0x00000020u
#define NTLMSSP_NTLM		   0x00000200u
#define NTLMSSP_ANONYMOUS	   0x00000800u
#define NTLMSSP_ALWAYS_SIGN	   0x00008000u
#define NTLMSSP_TARGET_TYPE_SERVER 0x00020000u
#define NTLMSSP_EXTENDED_SECURITY  0x00080000u
#define NTLMSSP_TARGET_INFO	   0x00800000u
#define NTLMSSP_VERSION		   0x02000000u
#define NTLMSSP_128		   0x20000000u
#define NTLMSSP_KEY_EXCH	   0x40000000u
#define NTLMSSP_56		   0x80000000u

#define NTLMSSP_CHALLENGE_SIZE 8
#define NTLMSSP_MIC_SIZE       16

/* The MIC's place in an AUTHENTICATE_MESSAGE. */
#define NTLMSSP_MIC_OFFSET 72

/* A message has at most this size, either way. */
#define NTLMSSP_MAX_SIZE 65536

/* Does a token begin as every NTLM message does? */
bool ntlmssp_is_message(struct blob token);

/* --- NEGOTIATE_MESSAGE, 2.2.1.1 -------------------------------------- */

/* The names in it are not looked at: they say nothing that counts. */
MUST_CHECK NTSTATUS ntlmssp_negotiate_decode(struct blob in,
					     uint32_t *out_flags);
MUST_CHECK NTSTATUS ntlmssp_negotiate_encode(TALLOC_CTX *mem_ctx,
					     uint32_t flags, struct blob *out);

/* --- CHALLENGE_MESSAGE, 2.2.1.2 -------------------------------------- */

struct ntlmssp_challenge {
	uint32_t flags;
	uint8_t challenge[NTLMSSP_CHALLENGE_SIZE];
	struct blob target_name; /* UTF-16 */
	struct blob target_info; /* AV pairs */
};

/* What out points to lies in in. */
MUST_CHECK NTSTATUS ntlmssp_challenge_decode(struct blob in,
					     struct ntlmssp_challenge *out);
MUST_CHECK NTSTATUS ntlmssp_challenge_encode(TALLOC_CTX *mem_ctx,
					     const struct ntlmssp_challenge *in,
					     struct blob *out);

/* --- AUTHENTICATE_MESSAGE, 2.2.1.3 ----------------------------------- */

struct ntlmssp_authenticate {
	uint32_t flags;
	struct blob lm_response;
	struct blob nt_response;
	struct blob domain; /* UTF-16, as the next two */
	struct blob user;
	struct blob workstation;
	struct blob session_key; /* encrypted */
	bool has_mic_field;	 /* long enough for one */
	uint8_t mic[NTLMSSP_MIC_SIZE];
};

/* What out points to lies in in. */
MUST_CHECK NTSTATUS
ntlmssp_authenticate_decode(struct blob in, struct ntlmssp_authenticate *out);

/* The message with a MIC field, as it is in in. */
MUST_CHECK NTSTATUS ntlmssp_authenticate_encode(
	TALLOC_CTX *mem_ctx, const struct ntlmssp_authenticate *in,
	struct blob *out);

/* --- NTLMv2_RESPONSE, 2.2.2.8 ---------------------------------------- */

#define NTLMSSP_PROOF_SIZE 16

struct ntlmssp_v2_response {
	uint8_t proof[NTLMSSP_PROOF_SIZE];
	struct blob client_challenge; /* all that the proof is about */
	NTTIME time;
	struct blob av_pairs;
};

/* INVALID_PARAMETER for what is not NTLMv2. */
MUST_CHECK NTSTATUS ntlmssp_v2_response_decode(struct blob in,
					       struct ntlmssp_v2_response *out);

/* --- AV_PAIR, 2.2.2.1 ------------------------------------------------ */

enum ntlmssp_av_id {
	NTLMSSP_AV_EOL = 0,
	NTLMSSP_AV_NB_COMPUTER = 1,
	NTLMSSP_AV_NB_DOMAIN = 2,
	NTLMSSP_AV_DNS_COMPUTER = 3,
	NTLMSSP_AV_DNS_DOMAIN = 4,
	NTLMSSP_AV_DNS_TREE = 5,
	NTLMSSP_AV_FLAGS = 6,
	NTLMSSP_AV_TIMESTAMP = 7,
	NTLMSSP_AV_SINGLE_HOST = 8,
	NTLMSSP_AV_TARGET_NAME = 9,
	NTLMSSP_AV_CHANNEL_BINDINGS = 10
};

#define NTLMSSP_AV_FLAG_MIC 0x00000002u

/* Reads the next pair; false at the end of the list, or (and av failed) when
 * it is cut off. */
bool ntlmssp_av_read(struct wire_reader *av, uint16_t *out_id,
		     struct blob *out_value);

/* What both sides want to know of a list. */
struct ntlmssp_av_summary {
	uint32_t flags;
	bool has_timestamp;
	NTTIME timestamp;
	bool has_nb_computer;
	bool has_nb_domain;
};

/* INVALID_PARAMETER when the list is cut off or a value has a wrong size. */
MUST_CHECK NTSTATUS ntlmssp_av_summarize(struct blob list,
					 struct ntlmssp_av_summary *out);

void ntlmssp_av_put(struct wire_writer *w, enum ntlmssp_av_id id,
		    struct blob value);
void ntlmssp_av_put_text(struct wire_writer *w, enum ntlmssp_av_id id,
			 const char *text);
void ntlmssp_av_put_u32(struct wire_writer *w, enum ntlmssp_av_id id,
			uint32_t value);
void ntlmssp_av_put_time(struct wire_writer *w, NTTIME value);
void ntlmssp_av_put_end(struct wire_writer *w);

#endif
