/* smb2/error.h - SMB2 ERROR Response ([MS-SMB2] 2.2.2). */
#ifndef SMB2_ERROR_H
#define SMB2_ERROR_H

#include "smb2/header.h"

struct smb2_error {
	/* 3.1.1: how many error contexts data holds; 0 for plain ErrorData */
	uint8_t context_count;
	struct wire_reader data;
};

#define SMB2_ERROR_SIZE 9 /* with no data */

void smb2_error_encode(struct wire_writer *w, const struct smb2_error *in);
MUST_CHECK NTSTATUS smb2_error_decode(struct wire_reader pdu,
				      struct smb2_error *out);

/* An SMB2 ERROR Context (2.2.2.1); data is padded to 8 bytes. */
void smb2_error_context_put(struct wire_writer *w, uint32_t error_id,
			    struct wire_reader data);

/* Finds the context with error_id among those of in and lends its data;
 * NOT_FOUND, or INVALID_PARAMETER when the list is malformed.  With
 * context_count 0 the plain ErrorData is that of SMB2_ERROR_ID_DEFAULT. */
MUST_CHECK NTSTATUS smb2_error_context_find(const struct smb2_error *in,
					    uint32_t error_id,
					    struct wire_reader *out_data);

/* Symbolic Link Error Response (2.2.2.2.1); names are UTF-16LE. */
struct smb2_symlink_error {
	uint16_t unparsed_path_length; /* bytes at the end of the path */
	uint32_t flags;		       /* SYMLINK_FLAG_RELATIVE */
	struct wire_reader substitute_name;
	struct wire_reader print_name;
};

/* Appends the structure; it goes where data of an error goes. */
void smb2_symlink_error_put(struct wire_writer *w,
			    const struct smb2_symlink_error *in);
MUST_CHECK NTSTATUS smb2_symlink_error_decode(struct wire_reader data,
					      struct smb2_symlink_error *out);

#endif
