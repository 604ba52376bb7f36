/* smbd/id_map.c - see id_map.h.
 *
 * Without root all accounts are the one Unix user the server runs as
 * (auth/token.h). */
#include "smbd/id_map.h"

#include <pwd.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auth/passdb.h"
#include "fsa/id_map.h"
#include "lib/identity.h"

#define REMEMBERED 32
#define BELIEVED   60 /* seconds */

/* An account and its Unix user, or that one of them has none. */
struct pair {
	time_t since; /* 0: unused */
	bool known;   /* else only the side that was asked for is set */
	bool by_sid;
	struct sid sid;
	uid_t uid;
};

struct id_map {
	struct fsa_id_map base;
	struct passdb *passdb;
	struct sid machine;
	struct pair pairs[REMEMBERED];
	size_t next;
};

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec + 1;
}

static bool answers(const struct pair *p, bool by_sid, const struct sid *sid,
		    uid_t uid)
{
	if (p->since == 0 || now() - p->since > BELIEVED ||
	    (!p->known && p->by_sid != by_sid)) {
		return false;
	}
	return by_sid ? sid_equal(&p->sid, sid) : p->uid == uid;
}

static const struct pair *remembered(const struct id_map *m, bool by_sid,
				     const struct sid *sid, uid_t uid)
{
	for (size_t i = 0; i < REMEMBERED; i++) {
		if (answers(&m->pairs[i], by_sid, sid, uid)) {
			return &m->pairs[i];
		}
	}
	return NULL;
}

static const struct pair *remember(struct id_map *m, struct pair p)
{
	struct pair *to = &m->pairs[m->next];

	m->next = (m->next + 1) % REMEMBERED;
	p.since = now();
	*to = p;
	return to;
}

/* --- Unix user to account ------------------------------------------------ */

static bool account_of(struct id_map *m, uid_t uid, struct sid *out)
{
	const struct passwd *pw = getpwuid(uid);
	struct passdb_user *user;
	NTSTATUS status;

	if (pw == NULL) {
		return false;
	}
	status = passdb_get_user(NULL, m->passdb, pw->pw_name, &user);
	if (!NT_STATUS_IS_OK(status)) {
		return false;
	}
	*out = sid_append(&m->machine, user->rid);
	talloc_free(user);
	return true;
}

static struct sid sid_of_uid(void *private_data, uid_t uid)
{
	struct id_map *m = private_data;
	const struct pair *p = remembered(m, false, NULL, uid);

	if (p == NULL) {
		struct pair found = {.uid = uid};

		identity_save();
		found.known = account_of(m, uid, &found.sid);
		identity_restore();
		p = remember(m, found);
	}
	return p->known ? p->sid : sid_unix_user(uid);
}

/* --- account to Unix user ------------------------------------------------ */

struct search {
	uint32_t rid;
	char name[PASSDB_MAX_NAME + 1];
	bool found;
};

static bool is_it(const struct passdb_user *user, void *private_data)
{
	struct search *s = private_data;

	s->found = user->rid == s->rid && strlen(user->name) < sizeof(s->name);
	if (s->found) {
		memcpy(s->name, user->name, strlen(user->name) + 1);
	}
	return !s->found;
}

static bool user_of(struct id_map *m, uint32_t rid, uid_t *out)
{
	struct search s = {.rid = rid};
	const struct passwd *pw;

	if (!NT_STATUS_IS_OK(passdb_for_each(m->passdb, is_it, &s)) ||
	    !s.found) {
		return false;
	}
	if (geteuid() != 0) {
		*out = geteuid();
		return true;
	}
	pw = getpwnam(s.name);
	if (pw == NULL) {
		return false;
	}
	*out = pw->pw_uid;
	return true;
}

static bool is_of_machine(const struct id_map *m, const struct sid *sid)
{
	struct sid domain = *sid;

	if (domain.num_auths == 0) {
		return false;
	}
	domain.num_auths--;
	return sid_equal(&domain, &m->machine);
}

static bool uid_of_sid(void *private_data, const struct sid *sid, uid_t *out)
{
	struct id_map *m = private_data;
	const struct pair *p;

	if (!is_of_machine(m, sid)) {
		return id_map_unix.uid_of_sid(NULL, sid, out);
	}
	p = remembered(m, true, sid, 0);
	if (p == NULL) {
		struct pair found = {.by_sid = true, .sid = *sid};

		identity_save();
		found.known = user_of(m, sid->sub_auths[sid->num_auths - 1],
				      &found.uid);
		identity_restore();
		p = remember(m, found);
	}
	if (p->known) {
		*out = p->uid;
	}
	return p->known;
}

NTSTATUS id_map_create(TALLOC_CTX *mem_ctx, struct passdb *passdb,
		       const struct fsa_id_map **out)
{
	struct id_map *m = talloc_zero(mem_ctx, struct id_map);

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	m->passdb = passdb;
	m->machine = passdb_machine_sid(passdb);
	m->base = (struct fsa_id_map){
		.sid_of_uid = sid_of_uid,
		.sid_of_gid = id_map_unix.sid_of_gid,
		.uid_of_sid = uid_of_sid,
		.gid_of_sid = id_map_unix.gid_of_sid,
		.private_data = m,
	};
	*out = &m->base;
	return NT_STATUS_OK;
}
