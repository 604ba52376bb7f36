/* auth/tests/passdb_test.c - accounts: kept, found, checked, and never shown.
 */
#include "auth/passdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/ntlmssp_crypto.h"
#include "auth/smbpasswd_file.h"
#include "db/db.h"

struct fixture {
	char dir[64];
	char private_dir[80];
	struct db_context *db;
	struct passdb *passdb;
};

static void reopen(struct fixture *f)
{
	NTSTATUS status;

	talloc_free(f->db);
	status = db_context_create(NULL, NULL, &f->db);
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_open(f->db, f->db, f->private_dir, &f->passdb);
	assert_true(NT_STATUS_IS_OK(status));
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/passdb_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->private_dir, sizeof(f->private_dir), "%s/private", f->dir);
	reopen(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char path[128];

	talloc_free(f->db);
	snprintf(path, sizeof(path), "%s/passdb.tdb", f->private_dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/secrets.tdb", f->private_dir);
	unlink(path);
	rmdir(f->private_dir);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static void add(struct fixture *f, const char *name, const char *password)
{
	NTSTATUS status;

	status = passdb_add_user(f->passdb, name, "Full Name");
	assert_true(NT_STATUS_IS_OK(status));
	if (password != NULL) {
		status = passdb_set_password(f->passdb, name, password);
		assert_true(NT_STATUS_IS_OK(status));
	}
}

/* What a client that knows password would send, and what comes of it. */
static NTSTATUS log_on(struct fixture *f, const char *user, const char *domain,
		       const char *used_domain, const char *password)
{
	uint8_t response[NTLMSSP_PROOF_SIZE + 40] = {0};
	struct passdb_ntlmv2 proof = {
		.user = user,
		.domain = domain,
		.challenge = {1, 2, 3, 4, 5, 6, 7, 8},
		.response = {response, sizeof(response)},
	};
	struct blob challenge = {response + NTLMSSP_PROOF_SIZE, 40};
	struct passdb_user *found = NULL;
	uint8_t hash[16];
	uint8_t key[16];
	uint8_t want[16];
	uint8_t got[16];
	NTSTATUS status;

	status = ntlmssp_nt_hash(password, hash);
	assert_true(NT_STATUS_IS_OK(status));
	status = ntlmssp_response_key(hash, user, used_domain, key);
	assert_true(NT_STATUS_IS_OK(status));
	ntlmssp_proof(key, proof.challenge, challenge, response, want);
	status = passdb_check_ntlmv2(NULL, f->passdb, &proof, &found, got);
	if (NT_STATUS_IS_OK(status)) {
		assert_memory_equal(got, want, 16);
		assert_non_null(found);
		talloc_free(found);
	}
	return status;
}

static void the_files_are_for_the_owner_alone(void **state)
{
	struct fixture *f = *state;
	struct passdb *other;
	char path[128];
	struct stat st;
	NTSTATUS status;

	assert_int_equal(stat(f->private_dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/passdb.tdb", f->private_dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(chmod(path, 0640), 0);
	talloc_free(f->passdb);
	status = passdb_open(f->db, f->db, f->private_dir, &other);
	assert_true(NT_STATUS_IS(status, ACCESS_DENIED));
	assert_int_equal(chmod(path, 0600), 0);
}

static void the_machine_keeps_its_sid(void **state)
{
	struct fixture *f = *state;
	struct sid sid = passdb_machine_sid(f->passdb);
	struct sid again;

	assert_int_equal(sid.num_auths, 4);
	assert_int_equal(sid.sub_auths[0], 21);
	reopen(f);
	again = passdb_machine_sid(f->passdb);
	assert_true(sid_equal(&sid, &again));
}

static void a_user_is_found_in_any_case_and_after_a_restart(void **state)
{
	struct fixture *f = *state;
	struct passdb_user *user;
	NTSTATUS status;

	add(f, "J\xc3\xbcrgen", "secret");
	reopen(f);
	status = passdb_get_user(f->db, f->passdb, "j\xc3\x9cRGEN", &user);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(user->name, "J\xc3\xbcrgen");
	assert_string_equal(user->full_name, "Full Name");
	assert_int_equal(user->rid, PASSDB_RID_MIN);
	assert_int_equal(user->flags, 0);
	assert_true(user->password_set > NTTIME_UNIX_EPOCH);
	status = passdb_add_user(f->passdb, "j\xc3\xbcrgen", "");
	assert_true(NT_STATUS_IS(status, USER_EXISTS));
}

static void a_rid_is_never_given_twice(void **state)
{
	struct fixture *f = *state;
	struct passdb_user *user;
	NTSTATUS status;

	add(f, "one", NULL);
	add(f, "two", NULL);
	status = passdb_remove_user(f->passdb, "TWO");
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_remove_user(f->passdb, "two");
	assert_true(NT_STATUS_IS(status, NO_SUCH_USER));
	add(f, "two", NULL);
	status = passdb_get_user(f->db, f->passdb, "two", &user);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(user->rid, PASSDB_RID_MIN + 2);
}

static void bad_names_and_passwords_are_refused(void **state)
{
	static const char *const names[] = {"",	  "a/b",  "a:b",
					    "a*", "a\nb", "a\\b"};
	struct fixture *f = *state;
	char longer[PASSDB_MAX_PASSWORD + 2];
	NTSTATUS status;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		status = passdb_add_user(f->passdb, names[i], "");
		assert_true(NT_STATUS_IS(status, OBJECT_NAME_INVALID));
	}
	add(f, "user", "before");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	status = passdb_set_password(f->passdb, "user", longer);
	assert_true(NT_STATUS_IS(status, ILL_FORMED_PASSWORD));
	status = passdb_set_password(f->passdb, "user", "");
	assert_true(NT_STATUS_IS(status, ILL_FORMED_PASSWORD));
	status = passdb_set_password(f->passdb, "user", "\xff\xfe");
	assert_true(NT_STATUS_IS(status, ILL_FORMED_PASSWORD));
	status = passdb_set_password(f->passdb, "nobody", "x");
	assert_true(NT_STATUS_IS(status, NO_SUCH_USER));
	status = passdb_check_password(f->passdb, "user", "before");
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_check_password(f->passdb, "user", "Before");
	assert_true(NT_STATUS_IS(status, WRONG_PASSWORD));
}

static void a_proof_is_right_or_wrong(void **state)
{
	struct fixture *f = *state;
	NTSTATUS status;

	add(f, "user", "Secret-123");
	status = log_on(f, "USER", "ANY", "ANY", "Secret-123");
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "ANY", "", "Secret-123"); /* 3.2.5.1.2 */
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "ANY", "OTHER", "Secret-123");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = log_on(f, "user", "ANY", "ANY", "secret-123");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = log_on(f, "nobody", "ANY", "ANY", "Secret-123");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
}

static void only_the_right_password_tells_of_the_disabled(void **state)
{
	struct fixture *f = *state;
	NTSTATUS status;

	add(f, "user", "right");
	status = passdb_set_disabled(f->passdb, "user", true);
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "", "", "wrong");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = log_on(f, "user", "", "", "right");
	assert_true(NT_STATUS_IS(status, ACCOUNT_DISABLED));
	status = passdb_set_disabled(f->passdb, "user", false);
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "", "", "right");
	assert_true(NT_STATUS_IS_OK(status));
}

static void no_password_is_not_the_same_as_none_set(void **state)
{
	struct fixture *f = *state;
	NTSTATUS status;

	add(f, "user", NULL);
	status = log_on(f, "user", "", "", "");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = passdb_set_no_password(f->passdb, "user");
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "", "", "");
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_set_password(f->passdb, "user", "x");
	assert_true(NT_STATUS_IS_OK(status));
	status = log_on(f, "user", "", "", "");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
}

/* The linker sends passdb_check.c's calls here: what a check costs. */
static unsigned int proofs;

void __real_ntlmssp_proof(const uint8_t *response_key,
			  const uint8_t *server_challenge,
			  struct blob client_challenge, uint8_t *out_proof,
			  uint8_t *out_base_key);
void __wrap_ntlmssp_proof(const uint8_t *response_key,
			  const uint8_t *server_challenge,
			  struct blob client_challenge, uint8_t *out_proof,
			  uint8_t *out_base_key);

void __wrap_ntlmssp_proof(const uint8_t *response_key,
			  const uint8_t *server_challenge,
			  struct blob client_challenge, uint8_t *out_proof,
			  uint8_t *out_base_key)
{
	proofs++;
	__real_ntlmssp_proof(response_key, server_challenge, client_challenge,
			     out_proof, out_base_key);
}

static unsigned int cost_of_failure(struct fixture *f, const char *user)
{
	NTSTATUS status;

	proofs = 0;
	status = log_on(f, user, "DOMAIN", "DOMAIN", "wrong");
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	return proofs;
}

/* Who measures how long a refusal takes learns nothing of the accounts. */
static void all_failures_compute_the_same(void **state)
{
	struct fixture *f = *state;
	unsigned int cost;
	NTSTATUS status;

	add(f, "user", "right");
	add(f, "unset", NULL);
	add(f, "disabled", "right");
	status = passdb_set_disabled(f->passdb, "disabled", true);
	assert_true(NT_STATUS_IS_OK(status));
	cost = cost_of_failure(f, "user");
	assert_true(cost > 0);
	assert_int_equal(cost_of_failure(f, "nobody"), cost);
	assert_int_equal(cost_of_failure(f, "unset"), cost);
	assert_int_equal(cost_of_failure(f, "disabled"), cost);
}

static bool count_user(const struct passdb_user *user, void *private_data)
{
	unsigned int *count = private_data;

	(*count)++;
	return *count < 2;
}

static void for_each_sees_all_until_told_to_stop(void **state)
{
	struct fixture *f = *state;
	unsigned int count = 0;
	NTSTATUS status;

	add(f, "one", NULL);
	status = passdb_for_each(f->passdb, count_user, &count);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(count, 1);
	add(f, "two", NULL);
	add(f, "three", NULL);
	count = 0;
	status = passdb_for_each(f->passdb, count_user, &count);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(count, 2);
}

/* --- smbpasswd files ------------------------------------------------- */

#define LM_X	"XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
#define NT_HASH "8846F7EAEE8FB117AD06BDD830B7586C" /* "password" */

static void a_line_of_samba_is_read(void **state)
{
	uint8_t hash[16];
	struct smbpasswd_entry e;
	NTSTATUS status;

	status = ntlmssp_nt_hash("password", hash);
	assert_true(NT_STATUS_IS_OK(status));
	status = smbpasswd_line_parse("joe:1001:" LM_X ":" NT_HASH
				      ":[DU         ]:LCT-4F2A6B3C:\n",
				      &e);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(e.name, "joe");
	assert_true(e.has_hash && e.is_user && e.is_disabled);
	assert_false(e.no_password);
	assert_memory_equal(e.nt_hash, hash, 16);
	assert_int_equal(e.password_set,
			 NTTIME_UNIX_EPOCH + 0x4F2A6B3CULL * NTTIME_SECOND);

	status = smbpasswd_line_parse("pc$:1:" LM_X ":" NT_HASH ":[W ]:", &e);
	assert_true(NT_STATUS_IS_OK(status));
	assert_false(e.is_user);
	status =
		smbpasswd_line_parse("joe:1:" LM_X ":" LM_X ":[UX]:LCT-0:", &e);
	assert_true(NT_STATUS_IS_OK(status));
	assert_false(e.has_hash);
	status = smbpasswd_line_parse(
		"joe:1:" LM_X ":NO PASSWORDXXXXXXXXXXXXXXXXXXXXX:[NU]", &e);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(e.no_password);
}

static void other_lines_are_not(void **state)
{
	static const char *const wrong[] = {
		"joe",
		"joe:1001:" LM_X,
		":1001:" LM_X ":" NT_HASH ":[U]:LCT-0:",
		"joe:1001:" LM_X ":8846F7EA:[U]:LCT-0:",
		"joe:1001:" LM_X ":8846F7EAEE8FB117AD06BDD830B7586G:[U]:LCT-0:",
		"joe:1001:" LM_X ":" NT_HASH ":U:LCT-0:",
		"joe:1001:" LM_X ":" NT_HASH ":[U]:LCT-xyz:",
		"joe:1001:" LM_X ":" NT_HASH ":[U]:4F2A6B3C:",
	};
	struct smbpasswd_entry e;
	NTSTATUS status;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		status = smbpasswd_line_parse(wrong[i], &e);
		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	}
	status = smbpasswd_line_parse("# comment\n", &e);
	assert_true(NT_STATUS_IS(status, NO_SUCH_USER));
	status = smbpasswd_line_parse("  \n", &e);
	assert_true(NT_STATUS_IS(status, NO_SUCH_USER));
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DB(the_files_are_for_the_owner_alone),
		WITH_DB(the_machine_keeps_its_sid),
		WITH_DB(a_user_is_found_in_any_case_and_after_a_restart),
		WITH_DB(a_rid_is_never_given_twice),
		WITH_DB(bad_names_and_passwords_are_refused),
		WITH_DB(a_proof_is_right_or_wrong),
		WITH_DB(only_the_right_password_tells_of_the_disabled),
		WITH_DB(no_password_is_not_the_same_as_none_set),
		WITH_DB(all_failures_compute_the_same),
		WITH_DB(for_each_sees_all_until_told_to_stop),
		cmocka_unit_test(a_line_of_samba_is_read),
		cmocka_unit_test(other_lines_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
