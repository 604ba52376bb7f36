/* fsa/access_check.c - what a descriptor gives to a user.
 *
 * [MS-DTYP] 2.5.3.2 has one walk for a set of rights and another one for
 * MAXIMUM_ALLOWED.  In both a right is decided by the first entry that names it
 * for the user; so one walk finds all rights, and what was asked for is
 * compared with those. */
#include "fsa/access_check.h"

#include "fsa/condition.h"
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
	bool has_attributes; /* the resource that he wants to use */
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

/* What an entry does to the rights that it names: nothing, or allows or denies
 * them.  When the condition of a callback entry is unknown one that allows does
 * not, and one that denies does ([MS-DTYP] 2.4.4.17.3). */
enum effect {
	NOTHING,
	ALLOWS,
	DENIES
};

static enum condition condition_of(const struct ace *a,
				   const struct subject *who)
{
	return condition_evaluate(a->data, who->token, who->has_attributes);
}

static enum effect effect_of(const struct ace *a, const struct subject *who)
{
	enum effect effect = NOTHING;

	switch (a->type) {
	case ACE_ALLOWED:
	case ACE_ALLOWED_OBJECT:
		effect = ALLOWS;
		break;
	case ACE_DENIED:
	case ACE_DENIED_OBJECT:
		effect = DENIES;
		break;
	case ACE_ALLOWED_CALLBACK:
	case ACE_ALLOWED_CALLBACK_OBJECT:
		if (condition_of(a, who) == CONDITION_TRUE) {
			effect = ALLOWS;
		}
		break;
	case ACE_DENIED_CALLBACK:
	case ACE_DENIED_CALLBACK_OBJECT:
		if (condition_of(a, who) != CONDITION_FALSE) {
			effect = DENIES;
		}
		break;
	default:
		return NOTHING;
	}
	return counts(a) && !names_object(a) && is_for(a, who) ? effect
							       : NOTHING;
}

static uint32_t walk(const struct acl *acl, const struct subject *who,
		     uint32_t given)
{
	uint32_t allowed = given;
	uint32_t denied = 0;

	for (uint32_t i = 0; i < acl->count; i++) {
		uint32_t mask = acl->aces[i].mask;

		switch (effect_of(&acl->aces[i], who)) {
		case ALLOWS:
			allowed |= mask & ~denied;
			break;
		case DENIES:
			denied |= mask & ~allowed;
			break;
		case NOTHING:
			break;
		}
	}
	return allowed;
}

static bool has_attributes(const struct security_descriptor *sd)
{
	for (uint32_t i = 0; sd->has_sacl && i < sd->sacl.count; i++) {
		if (sd->sacl.aces[i].type == ACE_RESOURCE_ATTRIBUTE) {
			return true;
		}
	}
	return false;
}

static struct subject subject(const struct security_descriptor *sd,
			      const struct security_token *token)
{
	return (struct subject){
		.token = token,
		.is_owner = sd->has_owner && token_has_sid(token, &sd->owner),
		.has_attributes = has_attributes(sd),
	};
}

static uint32_t by_privilege(const struct security_token *token)
{
	uint32_t rights = 0;

	if ((token->privileges & TOKEN_SECURITY) != 0) {
		rights |= ACCESS_SYSTEM_SECURITY;
	}
	if ((token->privileges & TOKEN_TAKE_OWNERSHIP) != 0) {
		rights |= WRITE_OWNER;
	}
	return rights;
}

static uint32_t by_ownership(const struct security_descriptor *sd,
			     const struct subject *who)
{
	return who->is_owner && !has_owner_rights(&sd->dacl)
		       ? READ_CONTROL | WRITE_DAC
		       : 0;
}

uint32_t access_rights(const struct security_descriptor *sd,
		       const struct security_token *token)
{
	const struct subject who = subject(sd, token);
	uint32_t rights = by_privilege(token);

	if (!sd->has_dacl) {
		return rights | FILE_ALL_ACCESS;
	}
	rights |= by_ownership(sd, &who);
	return walk(&sd->dacl, &who, rights) &
	       (FILE_ALL_ACCESS | (rights & ACCESS_SYSTEM_SECURITY));
}

struct access_reason access_explain(const struct security_descriptor *sd,
				    const struct security_token *token,
				    uint32_t right)
{
	const struct subject who = subject(sd, token);

	if ((by_privilege(token) & right) != 0) {
		return (struct access_reason){true, ACCESS_BY_PRIVILEGE, 0};
	}
	if ((right & FILE_ALL_ACCESS) == 0) {
		return (struct access_reason){false, ACCESS_BY_NOTHING, 0};
	}
	if (!sd->has_dacl) {
		return (struct access_reason){true, ACCESS_BY_NO_DACL, 0};
	}
	if ((by_ownership(sd, &who) & right) != 0) {
		return (struct access_reason){true, ACCESS_BY_OWNERSHIP, 0};
	}
	for (uint32_t i = 0; i < sd->dacl.count; i++) {
		enum effect effect = effect_of(&sd->dacl.aces[i], &who);

		if (effect != NOTHING && (sd->dacl.aces[i].mask & right) != 0) {
			return (struct access_reason){effect == ALLOWS,
						      ACCESS_BY_ENTRY, i};
		}
	}
	return (struct access_reason){false, ACCESS_BY_NOTHING, 0};
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
