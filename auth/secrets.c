/* auth/secrets.c - the machine's SID.  Owns secrets.tdb, which it opens for the
 * moment only. */
#include "auth/secrets.h"

#include "auth/ntlmssp_crypto.h"
#include "db/db.h"
#include "idl/auth_gen.h"

#define SECRETS_DB_ORDER 15

static const struct blob machine_key = {(uint8_t *)"machine", 7};

static struct sid random_machine_sid(void)
{
	struct sid sid = sid_make(5, 1, 21);
	uint8_t bytes[12];
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));

	ntlmssp_nonce(bytes, sizeof(bytes));
	for (int i = 0; i < 3; i++) {
		sid = sid_append(&sid, wire_u32(&r));
	}
	return sid;
}

/* The SID in value, or a new one that is stored. */
static NTSTATUS machine_sid_locked(struct db_record *rec, struct blob value,
				   void *private_data)
{
	struct machine_secrets secrets = {.version = 1};
	struct sid *out = private_data;
	struct blob stored;
	NTSTATUS status;

	if (value.data != NULL) {
		status = machine_secrets_pull(NULL, value, &secrets);
		if (NT_STATUS_IS_OK(status)) {
			*out = secrets.machine_sid;
		}
		return status;
	}
	secrets.machine_sid = random_machine_sid();
	status = machine_secrets_push(NULL, &secrets, &stored);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_record_store(rec, stored);
	talloc_free(stored.data);
	if (NT_STATUS_IS_OK(status)) {
		*out = secrets.machine_sid;
	}
	return status;
}

NTSTATUS secrets_get_machine_sid(struct db_context *db, const char *private_dir,
				 struct sid *out)
{
	const struct db_params params = {
		.kind = DB_PERSISTENT,
		.order = SECRETS_DB_ORDER,
	};
	TALLOC_CTX *frame = talloc_new(NULL);
	struct db *secrets = NULL;
	char *path = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (frame != NULL) {
		path = talloc_asprintf(frame, "%s/secrets.tdb", private_dir);
	}
	if (path != NULL) {
		status = db_open(frame, db, path, &params, &secrets);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = db_do_locked(secrets, machine_key, machine_sid_locked,
				      out);
	}
	talloc_free(frame);
	return status;
}
