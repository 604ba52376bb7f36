/* lib/sid.h - security identifiers ([MS-DTYP] 2.4.2). */
#ifndef LIB_SID_H
#define LIB_SID_H

#include "lib/ntstatus.h"
#include "lib/wire.h"

#define SID_MAX_SUB_AUTHS 15
#define SID_MAX_SIZE	  68
#define SID_STRING_SIZE	  190 /* "S-1-281474976710655" + 15 * "-4294967295" */

struct sid {
	uint8_t revision;
	uint8_t num_auths;  /* <= SID_MAX_SUB_AUTHS */
	uint8_t id_auth[6]; /* big-endian, as on the wire */
	uint32_t sub_auths[SID_MAX_SUB_AUTHS];
};

/* Bytes of the wire form. */
static inline size_t sid_size(const struct sid *s)
{
	return 8 + 4 * (size_t)s->num_auths;
}

/* Fails r when the revision is not 1 or there are over 15 sub-authorities. */
struct sid sid_read(struct wire_reader *r);
void sid_put(struct wire_writer *w, const struct sid *s);

bool sid_equal(const struct sid *a, const struct sid *b);

/* s + one more sub-authority; asserts that there is room. */
struct sid sid_append(const struct sid *s, uint32_t rid);

/* S-1-<authority>-<sub>..., up to two sub-authorities: for the well-known. */
struct sid sid_make(uint64_t authority, unsigned int count, ...);

/* out has SID_STRING_SIZE bytes. */
void sid_format(const struct sid *s, char *out);
MUST_CHECK NTSTATUS sid_parse(const char *text, struct sid *out);

/* Well-known SIDs ([MS-DTYP] 2.4.2.4) and Samba's for Unix ids:
 * S-1-22-1-<uid>, S-1-22-2-<gid>. */
struct sid sid_everyone(void);	    /* S-1-1-0 */
struct sid sid_network(void);	    /* S-1-5-2 */
struct sid sid_authenticated(void); /* S-1-5-11 */
struct sid sid_anonymous(void);	    /* S-1-5-7 */
struct sid sid_system(void);	    /* S-1-5-18 */
struct sid sid_unix_user(uint32_t uid);
struct sid sid_unix_group(uint32_t gid);

#endif
