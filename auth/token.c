/* auth/token.c - tokens. */
#include "auth/token.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "auth/passdb.h"
#include "lib/log.h"

#define RID_USERS	  513 /* "None"/"Domain Users": everybody's group */
#define RID_ALIAS_ADMINS  544
#define RID_ALIAS_USERS	  545
#define PASSWD_BUFFER_MAX (1024 * 1024)
#define FIXED_SIDS	  9 /* besides one for each group */

/* --- Unix ids -------------------------------------------------------- */

/* uid and gid of a Unix user. */
static NTSTATUS lookup_unix_user(const char *name, struct security_token *t)
{
	struct passwd pw;
	struct passwd *found = NULL;
	size_t size = 4096;
	char *buffer;
	int err;

	do {
		buffer = talloc_size(NULL, size);
		if (buffer == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		err = getpwnam_r(name, &pw, buffer, size, &found);
		if (err == 0 && found != NULL) {
			t->uid = pw.pw_uid;
			t->gid = pw.pw_gid;
		}
		talloc_free(buffer);
		size *= 4;
	} while (err == ERANGE && size <= PASSWD_BUFFER_MAX);
	if (found == NULL) {
		return NT_STATUS(NO_SUCH_USER);
	}
	return NT_STATUS_OK;
}

/* All groups of a Unix user; gid among them. */
static NTSTATUS lookup_unix_groups(const char *name, struct security_token *t)
{
	int count = 64;
	int room;

	do {
		room = count;
		talloc_free(t->gids);
		t->gids = talloc_array(t, uint32_t, (size_t)room);
		if (t->gids == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		_Static_assert(sizeof(gid_t) == sizeof(t->gids[0]), "gid_t");
		/* Too few: count becomes what it takes. */
	} while (getgrouplist(name, t->gid, t->gids, &count) < 0 &&
		 count > room);
	t->num_gids = (uint32_t)(count < room ? count : room);
	return NT_STATUS_OK;
}

/* Without root everybody is who runs the server. */
static NTSTATUS take_own_ids(struct security_token *t)
{
	int count = getgroups(0, NULL);

	t->uid = geteuid();
	t->gid = getegid();
	if (count < 0) {
		return ntstatus_from_errno(errno);
	}
	t->gids = talloc_array(t, uint32_t, (size_t)count + 1);
	if (t->gids == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	count = getgroups(count, t->gids);
	if (count < 0) {
		return ntstatus_from_errno(errno);
	}
	t->num_gids = (uint32_t)count;
	return NT_STATUS_OK;
}

static NTSTATUS fill_ids(struct security_token *t, const char *name)
{
	NTSTATUS status;

	if (geteuid() != 0) {
		return take_own_ids(t);
	}
	status = lookup_unix_user(name, t);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return lookup_unix_groups(name, t);
}

/* --- SIDs ------------------------------------------------------------ */

static void add_sid(struct security_token *t, struct sid sid)
{
	t->sids[t->num_sids++] = sid;
}

/* The ids must be there already. */
static NTSTATUS fill_sids(struct security_token *t, struct sid user,
			  const struct sid *machine_sid)
{
	t->sids = talloc_array(t, struct sid, FIXED_SIDS + t->num_gids);
	if (t->sids == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	add_sid(t, user);
	add_sid(t, sid_append(machine_sid, RID_USERS));
	add_sid(t, sid_unix_user(t->uid));
	add_sid(t, sid_unix_group(t->gid));
	for (uint32_t i = 0; i < t->num_gids; i++) {
		if (t->gids[i] != t->gid) {
			add_sid(t, sid_unix_group(t->gids[i]));
		}
	}
	add_sid(t, sid_everyone());
	add_sid(t, sid_network());
	add_sid(t, sid_authenticated());
	add_sid(t, sid_make(5, 2, 32, RID_ALIAS_USERS));
	if (t->uid == 0) {
		add_sid(t, sid_make(5, 2, 32, RID_ALIAS_ADMINS));
		t->privileges = TOKEN_SECURITY | TOKEN_TAKE_OWNERSHIP |
				TOKEN_BACKUP | TOKEN_RESTORE |
				TOKEN_MANAGE_VOLUME;
	}
	return NT_STATUS_OK;
}

NTSTATUS token_create(TALLOC_CTX *mem_ctx, const struct sid *machine_sid,
		      const char *machine_name, const struct passdb_user *user,
		      struct security_token **out)
{
	struct security_token *t = talloc_zero(mem_ctx, struct security_token);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (t == NULL) {
		return status;
	}
	t->account_name = talloc_strdup(t, user->name);
	t->domain_name = talloc_strdup(t, machine_name);
	if (t->account_name != NULL && t->domain_name != NULL) {
		status = fill_ids(t, user->name);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = fill_sids(t, sid_append(machine_sid, user->rid),
				   machine_sid);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(t);
		return status;
	}
	*out = t;
	return NT_STATUS_OK;
}

/* The SID of the account, or the Unix user's. */
static struct sid sid_of(struct passdb *passdb, const char *name, uint32_t uid)
{
	struct sid machine = passdb_machine_sid(passdb);
	struct sid sid = sid_unix_user(uid);
	struct passdb_user *user;

	if (NT_STATUS_IS_OK(passdb_get_user(NULL, passdb, name, &user))) {
		sid = sid_append(&machine, user->rid);
		talloc_free(user);
	}
	return sid;
}

NTSTATUS token_create_forced(TALLOC_CTX *mem_ctx, struct passdb *passdb,
			     const char *machine_name, const char *name,
			     gid_t gid, struct security_token **out)
{
	struct security_token *t = talloc_zero(mem_ctx, struct security_token);
	struct sid machine = passdb_machine_sid(passdb);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (t == NULL) {
		return status;
	}
	t->account_name = talloc_strdup(t, name);
	t->domain_name = talloc_strdup(t, machine_name);
	if (t->account_name != NULL && t->domain_name != NULL) {
		status = fill_ids(t, name);
	}
	if (NT_STATUS_IS_OK(status)) {
		t->gid = gid;
		status = fill_sids(t, sid_of(passdb, name, t->uid), &machine);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(t);
		return status;
	}
	*out = t;
	return NT_STATUS_OK;
}

void token_warm_up(void)
{
	struct security_token *t = talloc_zero(NULL, struct security_token);

	if (t != NULL && geteuid() == 0 &&
	    NT_STATUS_IS_OK(lookup_unix_user("nobody", t)) &&
	    !NT_STATUS_IS_OK(lookup_unix_groups("nobody", t))) {
		LOG_INFO(LOG_AUTH, "no memory for the groups of nobody");
	}
	talloc_free(t);
}
