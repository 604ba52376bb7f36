/* smb2/create.h - SMB2 CREATE ([MS-SMB2] 2.2.13, 2.2.14). */
#ifndef SMB2_CREATE_H
#define SMB2_CREATE_H

#include "lib/nttime.h"
#include "smb2/header.h"

struct smb2_create_request {
	uint8_t oplock_level; /* SMB2_OPLOCK_LEVEL_... */
	uint32_t impersonation_level;
	uint32_t desired_access;
	uint32_t file_attributes;
	uint32_t share_access;
	uint32_t create_disposition;
	uint32_t create_options;
	struct wire_reader name;     /* UTF-16LE */
	struct wire_reader contexts; /* see create_contexts.h */
};

MUST_CHECK NTSTATUS smb2_create_request_decode(struct wire_reader pdu,
					       struct smb2_create_request *out);
void smb2_create_request_encode(struct wire_writer *w,
				const struct smb2_create_request *in);

struct smb2_create_response {
	uint8_t oplock_level;
	uint8_t flags;		/* SMB2_CREATE_FLAG_REPARSEPOINT */
	uint32_t create_action; /* enum create_action */
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint32_t file_attributes;
	struct smb2_file_id id;
	struct wire_reader contexts;
};

MUST_CHECK NTSTATUS smb2_create_response_decode(
	struct wire_reader pdu, struct smb2_create_response *out);
void smb2_create_response_encode(struct wire_writer *w,
				 const struct smb2_create_response *in);

#endif
