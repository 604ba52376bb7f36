/* smb2/create_contexts.h - create contexts ([MS-SMB2] 2.2.13.2, 2.2.14.2):
 * the chain, and a typed form of each that is known here. */
#ifndef SMB2_CREATE_CONTEXTS_H
#define SMB2_CREATE_CONTEXTS_H

#include "lib/guid.h"
#include "lib/nttime.h"
#include "smb2/header.h"

enum smb2_create_context_tag {
	SMB2_CREATE_EA_BUFFER,			 /* ExtA */
	SMB2_CREATE_SD_BUFFER,			 /* SecD */
	SMB2_CREATE_DURABLE_HANDLE_REQUEST,	 /* DHnQ */
	SMB2_CREATE_DURABLE_HANDLE_RECONNECT,	 /* DHnC */
	SMB2_CREATE_ALLOCATION_SIZE,		 /* AlSi */
	SMB2_CREATE_QUERY_MAXIMAL_ACCESS,	 /* MxAc */
	SMB2_CREATE_TIMEWARP_TOKEN,		 /* TWrp */
	SMB2_CREATE_QUERY_ON_DISK_ID,		 /* QFid */
	SMB2_CREATE_REQUEST_LEASE,		 /* RqLs, both versions */
	SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2,	 /* DH2Q */
	SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2, /* DH2C */
	SMB2_CREATE_APP_INSTANCE_ID,
	SMB2_CREATE_APP_INSTANCE_VERSION,
	SVHDX_OPEN_DEVICE_CONTEXT,
	SMB2_CREATE_POSIX, /* SMB2_CREATECONTEXT_RESERVED, and used so */
	SMB2_CREATE_AAPL,  /* what macOS sends */
	SMB2_CREATE_CONTEXT_TAGS,
	SMB2_CREATE_CONTEXT_UNKNOWN = SMB2_CREATE_CONTEXT_TAGS
};

/* --- the chain ----------------------------------------------------------- */

/* The next context of a chain: which it is, and its data, lent; list moves
 * past it.  NO_MORE_FILES at the end.  INVALID_PARAMETER when Next is not a
 * multiple of 8 or passes the end, when the name is shorter than 4 bytes, or
 * when name or data are not aligned, overlap the fixed part or pass the end
 * of the context ([MS-SMB2] 2.2.13.2). */
MUST_CHECK NTSTATUS smb2_create_context_next(
	struct wire_reader *list, enum smb2_create_context_tag *out_tag,
	struct wire_reader *out_data);

/* A chain under construction in w; set it up with smb2_create_chain. */
struct smb2_create_chain {
	struct wire_writer *w;
	size_t start; /* of the chain */
	size_t last;  /* of its last context; == start while it is empty */
	bool empty;
};

struct smb2_create_chain smb2_create_chain(struct wire_writer *w);
/* Appends a context (tag is not UNKNOWN) with these bytes. */
void smb2_create_chain_add(struct smb2_create_chain *c,
			   enum smb2_create_context_tag tag, const void *data,
			   size_t length);

/* --- requests ------------------------------------------------------------ */

struct smb2_lease {
	uint8_t version; /* 1 or 2: the size of the context, 32 or 52 bytes */
	struct guid key;
	uint32_t state;		/* SMB2_LEASE_... */
	uint32_t flags;		/* SMB2_LEASE_FLAG_... */
	struct guid parent_key; /* from here on: version 2 */
	uint16_t epoch;
};

struct smb2_durable_v2 {
	uint32_t timeout; /* ms; 0: the server's default */
	uint32_t flags;	  /* SMB2_DHANDLE_FLAG_PERSISTENT */
	struct guid create_guid;
};

struct smb2_reconnect_v2 {
	struct smb2_file_id id;
	struct guid create_guid;
	uint32_t flags;
};

/* Every known context of a request.  Bit 1 << tag of `present` tells which
 * members count. */
struct smb2_create_request_contexts {
	uint32_t present;
	struct wire_reader ea; /* a chain of FILE_FULL_EA_INFORMATION */
	struct wire_reader sd; /* a self-relative security descriptor */
	uint64_t allocation_size;
	/* MxAc: only when the file changed after; 0 when none was given */
	NTTIME max_access_timestamp;
	NTTIME timewarp;
	struct smb2_lease lease;
	struct smb2_file_id reconnect;
	struct smb2_durable_v2 durable_v2;
	struct smb2_reconnect_v2 reconnect_v2;
	struct guid app_instance_id;
	uint64_t app_version_high;
	uint64_t app_version_low;
	/* To be ignored where the POSIX extensions are not agreed on, so that
	 * what is wrong with it is said here. */
	uint32_t posix_mode;
	unsigned int num_posix;	  /* how often it came */
	bool posix_malformed;	  /* its size is wrong, or it came twice */
	struct wire_reader aapl;  /* raw */
	struct wire_reader svhdx; /* raw */
};

static inline bool smb2_create_has(const struct smb2_create_request_contexts *c,
				   enum smb2_create_context_tag tag)
{
	return (c->present & 1u << tag) != 0;
}

/* list: the contexts of a request, maybe empty.  INVALID_PARAMETER when the
 * chain or the size of a known context is wrong, or a known one comes twice
 * (but see posix_malformed); unknown ones are left out. */
MUST_CHECK NTSTATUS smb2_create_request_contexts_decode(
	struct wire_reader list, struct smb2_create_request_contexts *out);

/* Appends the chain of the present ones. */
void smb2_create_request_contexts_put(
	struct wire_writer *w, const struct smb2_create_request_contexts *in);

/* --- responses ----------------------------------------------------------- */

struct smb2_create_response_contexts {
	uint32_t present; /* bits as above */
	NTSTATUS max_access_status;
	uint32_t max_access;
	uint64_t disk_file_id; /* QFid */
	uint64_t volume_id;
	struct smb2_lease lease;
	uint32_t durable_v2_timeout;
	uint32_t durable_v2_flags;
	struct wire_reader posix; /* raw */
	struct wire_reader aapl;  /* raw */
};

MUST_CHECK NTSTATUS smb2_create_response_contexts_decode(
	struct wire_reader list, struct smb2_create_response_contexts *out);
void smb2_create_response_contexts_put(
	struct wire_writer *w, const struct smb2_create_response_contexts *in);

#endif
