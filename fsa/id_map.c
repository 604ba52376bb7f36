/* fsa/id_map.c - between SIDs and Unix ids, where nobody knows better. */
#include "fsa/id_map.h"

static struct sid sid_of_uid(void *private_data, uid_t uid)
{
	return sid_unix_user(uid);
}

static struct sid sid_of_gid(void *private_data, gid_t gid)
{
	return sid_unix_group(gid);
}

/* The last part of sid, where that makes it the SID that make gives. */
static bool last_part(const struct sid *sid, struct sid (*make)(uint32_t id),
		      uint32_t *out)
{
	struct sid again;
	uint32_t id;

	if (sid->num_auths == 0) {
		return false;
	}
	id = sid->sub_auths[sid->num_auths - 1];
	again = make(id);
	if (!sid_equal(sid, &again)) {
		return false;
	}
	*out = id;
	return true;
}

static bool uid_of_sid(void *private_data, const struct sid *sid, uid_t *out)
{
	return last_part(sid, sid_unix_user, out);
}

static bool gid_of_sid(void *private_data, const struct sid *sid, gid_t *out)
{
	return last_part(sid, sid_unix_group, out);
}

const struct fsa_id_map id_map_unix = {
	.sid_of_uid = sid_of_uid,
	.sid_of_gid = sid_of_gid,
	.uid_of_sid = uid_of_sid,
	.gid_of_sid = gid_of_sid,
};
