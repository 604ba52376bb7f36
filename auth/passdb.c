/* auth/passdb.c - the accounts, one record each.  Owns passdb.tdb. */
#include "auth/passdb.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/ntlmssp_crypto.h"
#include "auth/passdb_int.h"
#include "auth/secrets.h"
#include "lib/utf16.h"

/* Leaves of the lock order: nothing is locked under them. */
#define PASSDB_DB_ORDER 14

/* --- opening --------------------------------------------------------- */

static NTSTATUS make_dir(const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		return ntstatus_from_errno(errno);
	}
	return NT_STATUS_OK;
}

/* Who can read the file has the hashes; better not to start than not to say
 * so. */
static NTSTATUS check_mode(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		return errno == ENOENT ? NT_STATUS_OK
				       : ntstatus_from_errno(errno);
	}
	return (st.st_mode & 077) != 0 ? NT_STATUS(ACCESS_DENIED)
				       : NT_STATUS_OK;
}

static NTSTATUS open_accounts(struct passdb *passdb, struct db_context *db,
			      const char *private_dir)
{
	const struct db_params params = {
		.kind = DB_PERSISTENT,
		.order = PASSDB_DB_ORDER,
	};
	char *path = talloc_asprintf(passdb, "%s/passdb.tdb", private_dir);
	NTSTATUS status;

	if (path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = check_mode(path);
	if (NT_STATUS_IS_OK(status)) {
		status = db_open(passdb, db, path, &params, &passdb->accounts);
	}
	talloc_free(path);
	return status;
}

NTSTATUS passdb_open(TALLOC_CTX *mem_ctx, struct db_context *db,
		     const char *private_dir, struct passdb **out)
{
	struct passdb *passdb = talloc_zero(mem_ctx, struct passdb);
	NTSTATUS status;

	if (passdb == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = make_dir(private_dir);
	if (NT_STATUS_IS_OK(status)) {
		status = secrets_get_machine_sid(db, private_dir,
						 &passdb->machine_sid);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_accounts(passdb, db, private_dir);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(passdb);
		return status;
	}
	*out = passdb;
	return NT_STATUS_OK;
}

struct sid passdb_machine_sid(const struct passdb *passdb)
{
	return passdb->machine_sid;
}

/* --- names and keys -------------------------------------------------- */

static const struct blob state_key = {(uint8_t *)"s", 1};

/* "u" and the name in upper case, on mem_ctx. */
static NTSTATUS account_key(TALLOC_CTX *mem_ctx, const char *name,
			    struct blob *out)
{
	char *upper;
	char *key;
	NTSTATUS status;

	status = utf8_upcase(mem_ctx, name, &upper);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	key = talloc_asprintf(mem_ctx, "u%s", upper);
	talloc_free(upper);
	if (key == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = (struct blob){(uint8_t *)key, strlen(key)};
	return NT_STATUS_OK;
}

/* [MS-SAMR] 3.1.1.6 has the characters; ':' would break smbpasswd files. */
static bool is_valid_name(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > PASSDB_MAX_NAME ||
	    strpbrk(name, "\"/\\[]:|<>+=;,?*")) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)name[i] < 0x20) {
			return false;
		}
	}
	return true;
}

/* --- reading --------------------------------------------------------- */

void passdb_wipe_account(struct passdb_account *account)
{
	explicit_bzero(account->nt_hash, sizeof(account->nt_hash));
}

struct parse_state {
	TALLOC_CTX *mem_ctx;
	struct passdb_account *account;
};

static NTSTATUS parse_account(struct blob value, void *private_data)
{
	struct parse_state *state = private_data;

	return passdb_account_pull(state->mem_ctx, value, state->account);
}

NTSTATUS passdb_get_account(TALLOC_CTX *mem_ctx, struct passdb *passdb,
			    const char *name, struct passdb_account *out)
{
	struct parse_state state = {mem_ctx, out};
	struct blob key;
	NTSTATUS status;

	status = account_key(mem_ctx, name, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_parse(passdb->accounts, key, parse_account, &state);
	talloc_free(key.data);
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS(NO_SUCH_USER)
					       : status;
}

NTSTATUS passdb_user_create(TALLOC_CTX *mem_ctx,
			    const struct passdb_account *account,
			    struct passdb_user **out)
{
	struct passdb_user *user = talloc_zero(mem_ctx, struct passdb_user);

	if (user == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	user->name = talloc_strdup(user, account->name);
	user->full_name = talloc_strdup(user, account->full_name);
	if (user->name == NULL || user->full_name == NULL) {
		talloc_free(user);
		return NT_STATUS(NO_MEMORY);
	}
	user->rid = account->rid;
	user->flags = account->flags;
	user->password_set = account->password_set;
	*out = user;
	return NT_STATUS_OK;
}

NTSTATUS passdb_get_user(TALLOC_CTX *mem_ctx, struct passdb *passdb,
			 const char *name, struct passdb_user **out)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct passdb_account account;
	NTSTATUS status;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = passdb_get_account(frame, passdb, name, &account);
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_user_create(mem_ctx, &account, out);
		passdb_wipe_account(&account);
	}
	talloc_free(frame);
	return status;
}

struct each_state {
	bool (*fn)(const struct passdb_user *user, void *private_data);
	void *private_data;
	NTSTATUS status;
};

static bool each_record(struct blob key, struct blob value, void *private_data)
{
	struct each_state *state = private_data;
	TALLOC_CTX *frame;
	struct passdb_account account;
	struct passdb_user *user;
	bool go_on = false;

	if (key.length == 0 || key.data[0] != 'u') {
		return true;
	}
	frame = talloc_new(NULL);
	state->status = frame == NULL
				? NT_STATUS(NO_MEMORY)
				: passdb_account_pull(frame, value, &account);
	if (NT_STATUS_IS_OK(state->status)) {
		state->status = passdb_user_create(frame, &account, &user);
		passdb_wipe_account(&account);
	}
	if (NT_STATUS_IS_OK(state->status)) {
		go_on = state->fn(user, state->private_data);
	}
	talloc_free(frame);
	return go_on;
}

NTSTATUS passdb_for_each(struct passdb *passdb,
			 bool (*fn)(const struct passdb_user *user,
				    void *private_data),
			 void *private_data)
{
	struct each_state state = {fn, private_data, NT_STATUS_OK};
	NTSTATUS status;

	status = db_traverse(passdb->accounts, each_record, &state);
	return NT_STATUS_IS_OK(status) ? state.status : status;
}

/* --- changing -------------------------------------------------------- */

struct change {
	void (*fn)(struct passdb_account *account, const void *argument);
	const void *argument;
};

static NTSTATUS store_account(struct db_record *rec,
			      const struct passdb_account *account)
{
	struct blob value;
	NTSTATUS status;

	status = passdb_account_push(NULL, account, &value);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_record_store(rec, value);
	explicit_bzero(value.data, value.length);
	talloc_free(value.data);
	return status;
}

static NTSTATUS change_locked(struct db_record *rec, struct blob value,
			      void *private_data)
{
	const struct change *change = private_data;
	struct passdb_account account;
	TALLOC_CTX *frame;
	NTSTATUS status;

	if (value.data == NULL) {
		return NT_STATUS(NO_SUCH_USER);
	}
	frame = talloc_new(NULL);
	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = passdb_account_pull(frame, value, &account);
	if (NT_STATUS_IS_OK(status)) {
		change->fn(&account, change->argument);
		status = store_account(rec, &account);
		passdb_wipe_account(&account);
	}
	talloc_free(frame);
	return status;
}

/* Applies fn to the account: the one way in which an account changes. */
static NTSTATUS change_account(struct passdb *passdb, const char *name,
			       void (*fn)(struct passdb_account *account,
					  const void *argument),
			       const void *argument)
{
	struct change change = {fn, argument};
	struct blob key;
	NTSTATUS status;

	status = account_key(NULL, name, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_do_locked(passdb->accounts, key, change_locked, &change);
	talloc_free(key.data);
	return status;
}

struct password {
	uint8_t hash[PASSDB_HASH_SIZE];
	uint32_t flags; /* in place of the old ones about the password */
	NTTIME when;
};

static void apply_password(struct passdb_account *account, const void *argument)
{
	const struct password *p = argument;

	memcpy(account->nt_hash, p->hash, sizeof(account->nt_hash));
	account->flags &=
		~(uint32_t)(PASSDB_NO_PASSWORD | PASSDB_PASSWORD_UNSET);
	account->flags |= p->flags;
	account->password_set = p->when;
}

static NTSTATUS change_password(struct passdb *passdb, const char *name,
				const char *password, uint32_t flags)
{
	struct password p = {.flags = flags, .when = nttime_now()};
	NTSTATUS status;

	status = ntlmssp_nt_hash(password, p.hash);
	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID)) {
		return NT_STATUS(ILL_FORMED_PASSWORD);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = change_account(passdb, name, apply_password, &p);
		explicit_bzero(&p, sizeof(p));
	}
	return status;
}

NTSTATUS passdb_set_password(struct passdb *passdb, const char *name,
			     const char *password)
{
	size_t n = strlen(password);

	if (n == 0 || n > PASSDB_MAX_PASSWORD) {
		return NT_STATUS(ILL_FORMED_PASSWORD);
	}
	return change_password(passdb, name, password, 0);
}

NTSTATUS passdb_set_no_password(struct passdb *passdb, const char *name)
{
	return change_password(passdb, name, "", PASSDB_NO_PASSWORD);
}

NTSTATUS passdb_set_hash(struct passdb *passdb, const char *name,
			 const uint8_t hash[PASSDB_HASH_SIZE],
			 NTTIME password_set)
{
	struct password p = {.when = password_set};
	NTSTATUS status;

	memcpy(p.hash, hash, sizeof(p.hash));
	status = change_account(passdb, name, apply_password, &p);
	explicit_bzero(&p, sizeof(p));
	return status;
}

static void apply_disabled(struct passdb_account *account, const void *argument)
{
	const bool *disabled = argument;

	account->flags &= ~(uint32_t)PASSDB_DISABLED;
	account->flags |= *disabled ? PASSDB_DISABLED : 0;
}

NTSTATUS passdb_set_disabled(struct passdb *passdb, const char *name,
			     bool disabled)
{
	return change_account(passdb, name, apply_disabled, &disabled);
}

/* --- coming and going ------------------------------------------------ */

struct addition {
	struct blob key;
	struct passdb_account account;
};

/* Takes the next RID, which is never given twice. */
static NTSTATUS take_rid(struct db *db, uint32_t *out)
{
	struct passdb_state state = {1, PASSDB_RID_MIN};
	struct blob value;
	NTSTATUS status;

	status = db_get(NULL, db, state_key, &value);
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_state_pull(value.data, value, &state);
		talloc_free(value.data);
	} else if (NT_STATUS_IS(status, NOT_FOUND)) {
		status = NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out = state.next_rid++;
	status = passdb_state_push(NULL, &state, &value);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_store(db, state_key, value);
	talloc_free(value.data);
	return status;
}

static NTSTATUS add_in_transaction(struct db *db, void *private_data)
{
	struct addition *add = private_data;
	struct blob value;
	NTSTATUS status;

	status = take_rid(db, &add->account.rid);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = passdb_account_push(NULL, &add->account, &value);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_insert(db, add->key, value);
	talloc_free(value.data);
	return NT_STATUS_IS(status, OBJECT_NAME_COLLISION)
		       ? NT_STATUS(USER_EXISTS)
		       : status;
}

NTSTATUS passdb_add_user(struct passdb *passdb, const char *name,
			 const char *full_name)
{
	struct addition add = {.account = {
				       .version = 1,
				       .name = name,
				       .full_name = full_name,
				       .flags = PASSDB_PASSWORD_UNSET,
			       }};
	NTSTATUS status;

	if (!is_valid_name(name)) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	status = account_key(NULL, name, &add.key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_transaction(passdb->accounts, add_in_transaction, &add);
	talloc_free(add.key.data);
	return status;
}

NTSTATUS passdb_remove_user(struct passdb *passdb, const char *name)
{
	struct blob key;
	NTSTATUS status;

	status = account_key(NULL, name, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_delete(passdb->accounts, key);
	talloc_free(key.data);
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS(NO_SUCH_USER)
					       : status;
}
