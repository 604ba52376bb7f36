/* lib/sd.h - security descriptors ([MS-DTYP] 2.4.4 to 2.4.6): who owns an
 * object and who may do what with it, and their self-relative form.
 *
 * Order is kept as it was given, and so is what is not understood: the GUIDs of
 * object entries, the conditions of callback entries, whole entries of types
 * that are not known. */
#ifndef LIB_SD_H
#define LIB_SD_H

#include "lib/blob.h"
#include "lib/sid.h"

/* No descriptor is longer. */
#define SD_MAX_SIZE 0x10000u

/* AceType, 2.4.4.1 */
enum ace_type {
	ACE_ALLOWED = 0x00,
	ACE_DENIED = 0x01,
	ACE_AUDIT = 0x02,
	ACE_ALARM = 0x03,
	ACE_ALLOWED_OBJECT = 0x05,
	ACE_DENIED_OBJECT = 0x06,
	ACE_AUDIT_OBJECT = 0x07,
	ACE_ALARM_OBJECT = 0x08,
	ACE_ALLOWED_CALLBACK = 0x09,
	ACE_DENIED_CALLBACK = 0x0A,
	ACE_ALLOWED_CALLBACK_OBJECT = 0x0B,
	ACE_DENIED_CALLBACK_OBJECT = 0x0C,
	ACE_AUDIT_CALLBACK = 0x0D,
	ACE_ALARM_CALLBACK = 0x0E,
	ACE_AUDIT_CALLBACK_OBJECT = 0x0F,
	ACE_ALARM_CALLBACK_OBJECT = 0x10,
	ACE_MANDATORY_LABEL = 0x11,
	ACE_RESOURCE_ATTRIBUTE = 0x12,
	ACE_SCOPED_POLICY_ID = 0x13
};

/* AceFlags, 2.4.4.1 */
#define ACE_OBJECT_INHERIT	 0x01u
#define ACE_CONTAINER_INHERIT	 0x02u
#define ACE_NO_PROPAGATE_INHERIT 0x04u
#define ACE_INHERIT_ONLY	 0x08u
#define ACE_INHERITED		 0x10u

#define ACL_REVISION	2
#define ACL_REVISION_DS 4

/* Control, 2.4.6 */
#define SE_OWNER_DEFAULTED	 0x0001u
#define SE_GROUP_DEFAULTED	 0x0002u
#define SE_DACL_PRESENT		 0x0004u
#define SE_DACL_DEFAULTED	 0x0008u
#define SE_SACL_PRESENT		 0x0010u
#define SE_SACL_DEFAULTED	 0x0020u
#define SE_DACL_AUTO_INHERIT_REQ 0x0100u
#define SE_SACL_AUTO_INHERIT_REQ 0x0200u
#define SE_DACL_AUTO_INHERITED	 0x0400u
#define SE_SACL_AUTO_INHERITED	 0x0800u
#define SE_DACL_PROTECTED	 0x1000u
#define SE_SACL_PROTECTED	 0x2000u
#define SE_SELF_RELATIVE	 0x8000u

struct ace {
	uint8_t type; /* enum ace_type, or one that is not known */
	uint8_t flags;
	uint32_t mask;
	struct blob object; /* object types: Flags and GUIDs, as they are */
	struct sid sid;
	struct blob data; /* what follows the SID; of a type that is not
			     known all that follows the header */
};

struct acl {
	uint8_t revision;
	uint32_t count;
	struct ace *aces;
};

/* An ACL of which control says that it is present, and which is not there, is
 * a null ACL; has_* tells. */
struct security_descriptor {
	uint16_t control;
	bool has_owner, has_group, has_sacl, has_dacl;
	struct sid owner;
	struct sid group;
	struct acl sacl;
	struct acl dacl;
};

/* Whether mask and SID mean something in entries of this type. */
bool ace_has_sid(uint8_t type);

/* Decodes the descriptor at start of in; its offsets count from the beginning
 * of in.  The entries go to mem_ctx, their blobs are lent by in.
 * INVALID_SECURITY_DESCR, INVALID_ACL, INVALID_SID, UNKNOWN_REVISION. */
MUST_CHECK NTSTATUS sd_decode_at(TALLOC_CTX *mem_ctx, struct blob in,
				 size_t start, struct security_descriptor *out);

/* The same for a descriptor that stands alone. */
MUST_CHECK NTSTATUS sd_decode(TALLOC_CTX *mem_ctx, struct blob in,
			      struct security_descriptor *out);

/* Writes it at the end of w; its offsets count from the beginning of w. */
void sd_put(struct wire_writer *w, const struct security_descriptor *sd);

/* Alone; INVALID_SECURITY_DESCR when it is longer than SD_MAX_SIZE. */
MUST_CHECK NTSTATUS sd_encode(TALLOC_CTX *mem_ctx,
			      const struct security_descriptor *sd,
			      struct blob *out);

#endif
