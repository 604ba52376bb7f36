/* smb2/aapl.h - what macOS agrees on with a server: the data of the create
 * context "AAPL", and what it changes in directory entries.  The format is
 * Apple's, as its client's source (netsmb/smb_2.h) describes it. */
#ifndef SMB2_AAPL_H
#define SMB2_AAPL_H

#include "lib/ntstatus.h"
#include "lib/wire.h"

enum aapl_command {
	AAPL_SERVER_QUERY = 1,
	AAPL_RESOLVE_ID = 2
};

/* Which parts of a server query's answer: bitmap. */
#define AAPL_SERVER_CAPS 0x1u
#define AAPL_VOLUME_CAPS 0x2u
#define AAPL_MODEL_INFO	 0x4u

/* Of client and server. */
#define AAPL_SUPPORTS_READ_DIR_ATTR 0x1u
#define AAPL_SUPPORTS_OSX_COPYFILE  0x2u
#define AAPL_UNIX_BASED		    0x4u
#define AAPL_SUPPORTS_NFS_ACE	    0x8u

/* Of the volume. */
#define AAPL_SUPPORT_RESOLVE_ID 0x1u
#define AAPL_CASE_SENSITIVE	0x2u
#define AAPL_SUPPORTS_FULL_SYNC 0x4u

struct aapl_request {
	enum aapl_command command;
	uint64_t bitmap;      /* AAPL_SERVER_QUERY: what is asked for */
	uint64_t client_caps; /* the same */
	uint64_t file_id;     /* AAPL_RESOLVE_ID */
};

/* INVALID_PARAMETER when the command is not known or the size not its own. */
MUST_CHECK NTSTATUS aapl_request_decode(struct wire_reader data,
					struct aapl_request *out);
void aapl_request_put(struct wire_writer *w, const struct aapl_request *in);

#define AAPL_MAX_MODEL 255 /* bytes of UTF-8 that are sent */

struct aapl_response {
	enum aapl_command command;
	/* AAPL_SERVER_QUERY: what of the rest is there */
	uint64_t bitmap;
	uint64_t server_caps;
	uint64_t volume_caps;
	const char *model; /* UTF-8, to write */
	/* AAPL_RESOLVE_ID */
	NTSTATUS status;
	const char *path; /* UTF-8, to write; "" unless status is OK */
	/* model or path, UTF-16LE, lent; as read */
	struct wire_reader text;
};

/* Ends on 8 bytes. */
void aapl_response_put(struct wire_writer *w, const struct aapl_response *in);
MUST_CHECK NTSTATUS aapl_response_decode(struct wire_reader data,
					 struct aapl_response *out);

/* --- directory entries ---------------------------------------------------- */

#define AAPL_FINDER_INFO_SIZE	    32 /* in full */
#define AAPL_SHORT_FINDER_INFO_SIZE 16 /* what listings carry of it */

/* What a FileIdBothDirectoryInformation carries in the places of EaSize, the
 * short name and Reserved2 once client and server can READ_DIR_ATTR. */
struct aapl_dir_info {
	uint32_t max_access;
	uint64_t resource_fork_size;
	uint8_t finder_info[AAPL_SHORT_FINDER_INFO_SIZE];
	uint16_t unix_mode;
};

/* The parts of a file's Finder info that are still in use: type and creator,
 * flags, extended flags, the date on which it was added. */
void aapl_shorten_finder_info(const uint8_t full[AAPL_FINDER_INFO_SIZE],
			      uint8_t out[AAPL_SHORT_FINDER_INFO_SIZE]);

/* Bytes of the entry, from ShortNameLength to Reserved2. */
#define AAPL_DIR_INFO_SIZE 28

/* Everything but max_access, which is where EaSize is. */
void aapl_dir_info_store(uint8_t out[AAPL_DIR_INFO_SIZE],
			 const struct aapl_dir_info *in);
void aapl_dir_info_load(const uint8_t in[AAPL_DIR_INFO_SIZE],
			struct aapl_dir_info *out);

#endif
