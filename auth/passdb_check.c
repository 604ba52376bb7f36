/* auth/passdb_check.c - is it the password?  The only place where a stored hash
 * meets what a client says; it answers yes or no. */
#include <string.h>

#include "auth/ntlmssp_crypto.h"
#include "auth/passdb_int.h"

/* Has the account a password that can be right? */
static bool may_log_on(const struct passdb_account *account)
{
	return (account->flags & PASSDB_PASSWORD_UNSET) == 0;
}

NTSTATUS passdb_check_password(struct passdb *passdb, const char *name,
			       const char *password)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct passdb_account account;
	uint8_t hash[PASSDB_HASH_SIZE];
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = passdb_get_account(frame, passdb, name, &account);
	if (NT_STATUS_IS_OK(status)) {
		status = ntlmssp_nt_hash(password, hash);
		if (!NT_STATUS_IS_OK(status) || !may_log_on(&account) ||
		    !ntlmssp_equal(hash, account.nt_hash, sizeof(hash))) {
			status = NT_STATUS(WRONG_PASSWORD);
		}
		explicit_bzero(hash, sizeof(hash));
		passdb_wipe_account(&account);
	}
	talloc_free(frame);
	return status;
}

/* Does the hash make the client's proof, for this domain? */
static NTSTATUS compare(const struct passdb_ntlmv2 *proof, const char *domain,
			const uint8_t nt_hash[PASSDB_HASH_SIZE],
			uint8_t out_base_key[16])
{
	struct blob challenge = {
		proof->response.data + NTLMSSP_PROOF_SIZE,
		proof->response.length - NTLMSSP_PROOF_SIZE,
	};
	uint8_t response_key[NTLMSSP_KEY_SIZE];
	uint8_t want[NTLMSSP_PROOF_SIZE];
	uint8_t base_key[NTLMSSP_KEY_SIZE];
	bool equal;
	NTSTATUS status;

	status = ntlmssp_response_key(nt_hash, proof->user, domain,
				      response_key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	ntlmssp_proof(response_key, proof->challenge, challenge, want,
		      base_key);
	equal = ntlmssp_equal(want, proof->response.data, sizeof(want));
	if (equal) {
		memcpy(out_base_key, base_key, sizeof(base_key));
	}
	explicit_bzero(response_key, sizeof(response_key));
	explicit_bzero(base_key, sizeof(base_key));
	return equal ? NT_STATUS_OK : NT_STATUS(LOGON_FAILURE);
}

/* Whatever domain a client names, the accounts are those of this machine
 * ([MS-NLMP] note 78); some clients compute without it (3.2.5.1.2). */
static NTSTATUS compare_domains(const struct passdb_ntlmv2 *proof,
				const uint8_t nt_hash[PASSDB_HASH_SIZE],
				uint8_t out_base_key[16])
{
	NTSTATUS status;

	status = compare(proof, proof->domain, nt_hash, out_base_key);
	if (NT_STATUS_IS(status, LOGON_FAILURE)) {
		status = compare(proof, "", nt_hash, out_base_key);
	}
	return status;
}

/* An account that cannot be right: it takes as long as any other to be
 * wrong. */
static void make_impossible(struct passdb_account *account)
{
	*account = (struct passdb_account){
		.name = "",
		.full_name = "",
		.flags = PASSDB_PASSWORD_UNSET,
	};
	ntlmssp_nonce(account->nt_hash, sizeof(account->nt_hash));
}

NTSTATUS passdb_check_ntlmv2(TALLOC_CTX *mem_ctx, struct passdb *passdb,
			     const struct passdb_ntlmv2 *proof,
			     struct passdb_user **out_user,
			     uint8_t out_session_base_key[16])
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct passdb_account account = {0};
	uint8_t base_key[NTLMSSP_KEY_SIZE] = {0};
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = passdb_get_account(frame, passdb, proof->user, &account);
	if (NT_STATUS_IS(status, NO_SUCH_USER)) {
		make_impossible(&account);
		status = NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = compare_domains(proof, account.nt_hash, base_key);
		if (NT_STATUS_IS_OK(status) && !may_log_on(&account)) {
			status = NT_STATUS(LOGON_FAILURE);
		}
		/* Only who knows the password learns that it is disabled. */
		if (NT_STATUS_IS_OK(status) &&
		    (account.flags & PASSDB_DISABLED) != 0) {
			status = NT_STATUS(ACCOUNT_DISABLED);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_user_create(mem_ctx, &account, out_user);
	}
	if (NT_STATUS_IS_OK(status)) {
		memcpy(out_session_base_key, base_key, sizeof(base_key));
	}
	explicit_bzero(base_key, sizeof(base_key));
	passdb_wipe_account(&account);
	talloc_free(frame);
	return status;
}
