/* fsa/access_check.c - what a descriptor gives to a user.
 *
 * [MS-DTYP] 2.5.3.2 has one walk for a set of rights and another one for
 * MAXIMUM_ALLOWED.  In both a right is decided by the first entry that names it
 * for the user; so one walk finds all rights, and what was asked for is
 * compared with those. */
#include "fsa/access_check.h"

#include "lib/nt.h"

bool token_has_sid(const struct security_token *token, const struct sid *sid)
{
	for (uint32_t i = 0; i < token->num_sids; i++) {
		if (sid_equal(&token->sids[i], sid)) {
			return true;
		}
	}
	return false;
}

static bool is_owner_rights(const struct sid *sid)
{
	struct sid owner_rights = sid_make(3, 1, (uint32_t)4);

	return sid_equal(sid, &owner_rights);
}

static bool counts(const struct ace *a)
{
	return (a->flags & ACE_INHERIT_ONLY) == 0;
}

/* Whether entries for OWNER RIGHTS (S-1-3-4) replace what owners always get. */
static bool has_owner_rights(const struct acl *acl)
{
	for (uint32_t i = 0; i < acl->count; i++) {
		if (counts(&acl->aces[i]) && ace_has_sid(acl->aces[i].type) &&
		    is_owner_rights(&acl->aces[i].sid)) {
			return true;
		}
	}
	return false;
}

/* The user, as entries see it. */
struct subject {
	const struct security_token *token;
	bool is_owner;
};

static bool is_for(const struct ace *a, const struct subject *who)
{
	return token_has_sid(who->token, &a->sid) ||
	       (who->is_owner && is_owner_rights(&a->sid));
}

/* Entries for one kind of object are of no use to files: there are no kinds. */
static bool names_object(const struct ace *a)
{
	return a->object.length > 4;
}

/* Conditions of callback entries are not evaluated: one that allows does not,
 * one that denies does. */
static uint32_t walk(const struct acl *acl, const struct subject *who,
		     uint32_t given)
{
	uint32_t allowed = given;
	uint32_t denied = 0;

	for (uint32_t i = 0; i < acl->count; i++) {
		const struct ace *a = &acl->aces[i];

		if (!counts(a)) {
			continue;
		}
		switch (a->type) {
		case ACE_ALLOWED:
		case ACE_ALLOWED_OBJECT:
			if (!names_object(a) && is_for(a, who)) {
				allowed |= a->mask & ~denied;
			}
			break;
		case ACE_DENIED:
		case ACE_DENIED_OBJECT:
		case ACE_DENIED_CALLBACK:
			if (!names_object(a) && is_for(a, who)) {
				denied |= a->mask & ~allowed;
			}
			break;
		default:
			break;
		}
	}
	return allowed;
}

uint32_t access_rights(const struct security_descriptor *sd,
		       const struct security_token *token)
{
	const struct subject who = {
		.token = token,
		.is_owner = sd->has_owner && token_has_sid(token, &sd->owner),
	};
	uint32_t rights = 0;

	if ((token->privileges & TOKEN_SECURITY) != 0) {
		rights |= ACCESS_SYSTEM_SECURITY;
	}
	if ((token->privileges & TOKEN_TAKE_OWNERSHIP) != 0) {
		rights |= WRITE_OWNER;
	}
	if (!sd->has_dacl) {
		return rights | FILE_ALL_ACCESS;
	}
	if (who.is_owner && !has_owner_rights(&sd->dacl)) {
		rights |= READ_CONTROL | WRITE_DAC;
	}
	return walk(&sd->dacl, &who, rights) &
	       (FILE_ALL_ACCESS | (rights & ACCESS_SYSTEM_SECURITY));
}

uint32_t access_backup_rights(const struct security_token *token)
{
	uint32_t rights = 0;

	if ((token->privileges & TOKEN_BACKUP) != 0) {
		rights |= FILE_GENERIC_READ | FILE_TRAVERSE;
	}
	if ((token->privileges & TOKEN_RESTORE) != 0) {
		rights |= FILE_GENERIC_WRITE | FILE_ADD_FILE |
			  FILE_ADD_SUBDIRECTORY | WRITE_DAC | WRITE_OWNER |
			  DELETE_ACCESS;
	}
	return rights;
}
