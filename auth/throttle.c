/* auth/throttle.c - failures by address.
 *
 * A record's key is a hash of the address with 65536 values, so a peer with
 * many addresses cannot fill the database; who finds another address in his
 * place takes it. */
#include "auth/throttle.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "db/db.h"
#include "idl/auth_gen.h"
#include "lib/crypto_ntlm.h"
#include "lib/log.h"

#define THROTTLE_DB_ORDER 13

struct throttle {
	struct db *db;
};

struct note {
	const char *address;
	bool failed;
	NTTIME now;
	uint32_t delay_ms; /* the result */
};

NTSTATUS throttle_open(TALLOC_CTX *mem_ctx, struct db_context *db,
		       const char *lock_dir, struct throttle **out)
{
	const struct db_params params = {
		.kind = DB_VOLATILE,
		.order = THROTTLE_DB_ORDER,
	};
	struct throttle *t = talloc_zero(mem_ctx, struct throttle);
	char *path = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (t != NULL) {
		path = talloc_asprintf(t, "%s/auth_failures.tdb", lock_dir);
	}
	if (path != NULL) {
		status = mkdir(lock_dir, 0755) != 0 && errno != EEXIST
				 ? ntstatus_from_errno(errno)
				 : db_open(t, db, path, &params, &t->db);
	}
	talloc_free(path);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(t);
		return status;
	}
	*out = t;
	return NT_STATUS_OK;
}

uint32_t throttle_delay(uint32_t failures)
{
	uint32_t over;

	if (failures <= THROTTLE_FREE) {
		return 0;
	}
	over = failures - THROTTLE_FREE - 1;
	if (over >= 8 || THROTTLE_FIRST_MS << over > THROTTLE_MAX_MS) {
		return THROTTLE_MAX_MS;
	}
	return THROTTLE_FIRST_MS << over;
}

uint32_t throttle_forgive(uint32_t count, NTTIME last, NTTIME now)
{
	NTTIME passed = now > last ? (now - last) / NTTIME_SECOND : 0;

	passed /= THROTTLE_FORGIVE_SECS;
	return passed >= count ? 0 : count - (uint32_t)passed;
}

/* Who counts together: an IPv4 address, an IPv6 network of 64 bits. */
static void normalize(const char *address, char out[INET6_ADDRSTRLEN])
{
	struct in6_addr v6;

	snprintf(out, INET6_ADDRSTRLEN, "%s", address);
	if (inet_pton(AF_INET6, address, &v6) != 1) {
		return;
	}
	if (IN6_IS_ADDR_V4MAPPED(&v6)) {
		inet_ntop(AF_INET, v6.s6_addr + 12, out, INET6_ADDRSTRLEN);
		return;
	}
	memset(v6.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &v6, out, INET6_ADDRSTRLEN);
}

static NTSTATUS store_failures(struct db_record *rec, const char *address,
			       uint32_t count, NTTIME now)
{
	struct auth_failures failures = {
		.version = 1,
		.address = address,
		.count = count,
		.last = now,
	};
	uint8_t buffer[128];
	size_t length;
	NTSTATUS status;

	status = auth_failures_push_buf(&failures, buffer, sizeof(buffer),
					&length);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return db_record_store(rec, (struct blob){buffer, length});
}

/* The failures that value still holds against the address. */
static NTSTATUS count_failures(struct blob value, const struct note *note,
			       uint32_t *out)
{
	TALLOC_CTX *frame;
	struct auth_failures failures;
	NTSTATUS status;

	*out = 0;
	if (value.data == NULL) {
		return NT_STATUS_OK;
	}
	frame = talloc_new(NULL);
	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = auth_failures_pull(frame, value, &failures);
	if (NT_STATUS_IS_OK(status) &&
	    strcmp(failures.address, note->address) == 0) {
		*out = throttle_forgive(failures.count, failures.last,
					note->now);
	}
	talloc_free(frame);
	return status;
}

static NTSTATUS note_locked(struct db_record *rec, struct blob value,
			    void *private_data)
{
	struct note *note = private_data;
	uint32_t count;
	NTSTATUS status;

	status = count_failures(value, note, &count);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!note->failed) {
		note->delay_ms = throttle_delay(count);
		return db_record_delete(rec);
	}
	if (count < THROTTLE_MAX_COUNT) {
		count++;
	}
	note->delay_ms = throttle_delay(count);
	return store_failures(rec, note->address, count, note->now);
}

static NTSTATUS look(struct blob value, void *private_data)
{
	return NT_STATUS_OK;
}

uint32_t throttle_note(struct throttle *t, const char *address, bool failed,
		       NTTIME now)
{
	char normal[INET6_ADDRSTRLEN];
	struct note note = {normal, failed, now, 0};
	uint8_t digest[CRYPTO_NTLM_SIZE];
	struct blob key = {digest, 2};
	NTSTATUS status;

	normalize(address, normal);
	crypto_ntlm_md4((struct blob){(uint8_t *)normal, strlen(normal)},
			digest);
	/* The usual case takes no lock: a success without failures before. */
	status = failed ? NT_STATUS_OK : db_parse(t->db, key, look, NULL);
	if (NT_STATUS_IS_OK(status)) {
		status = db_do_locked(t->db, key, note_locked, &note);
	} else if (NT_STATUS_IS(status, NOT_FOUND)) {
		status = NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status)) {
		/* Not to count must not mean to let guess. */
		LOG_ERR(LOG_AUTH, "auth_failures.tdb: %s",
			ntstatus_name(status));
		return failed ? THROTTLE_MAX_MS : 0;
	}
	return note.delay_ms;
}
