/* smb2/fscc_list.h - lists of [MS-FSCC]: every entry begins with the offset of
 * the next one, 0 in the last.  Streams, extended attributes and change
 * notifications have this form; directory entries too (fscc_dir.h). */
#ifndef SMB2_FSCC_LIST_H
#define SMB2_FSCC_LIST_H

#include "lib/nt.h"
#include "lib/wire.h"

/* A list under construction, which begins where w stands when it is made. */
struct fscc_list {
	struct wire_writer *w;
	size_t start;
	size_t last; /* the last entry, unless empty */
	size_t align;
	bool empty;
};

struct fscc_list fscc_list(struct wire_writer *w, size_t align);

/* Pads, links the entry that begins here to the one before it, and writes its
 * own NextEntryOffset, 0; the caller puts the rest. */
void fscc_list_begin(struct fscc_list *l);

/* The next entry, lent, without its NextEntryOffset; list moves past it.
 * NO_MORE_FILES at the end; INVALID_PARAMETER when NextEntryOffset is not
 * aligned, points into its own four bytes or passes the end. */
MUST_CHECK NTSTATUS fscc_list_next(struct wire_reader *list, size_t align,
				   struct wire_reader *out_entry);

/* --- FILE_NOTIFY_INFORMATION (2.7.1) ------------------------------------- */

#define FSCC_NOTIFY_ALIGN 4

/* Appends a change (enum notify_action); name is UTF-8. */
void fscc_notify_put(struct fscc_list *l, uint32_t action, const char *name);

/* The next change; name is UTF-16LE, lent. */
MUST_CHECK NTSTATUS fscc_notify_next(struct wire_reader *list,
				     uint32_t *out_action,
				     struct wire_reader *out_name);

/* --- FileStreamInformation (2.4.49) -------------------------------------- */

#define FSCC_STREAM_ALIGN 8

struct fscc_stream {
	uint64_t size;
	uint64_t allocation_size;
};

/* Appends a stream; name is UTF-8 in the form ":name:$DATA". */
void fscc_stream_put(struct fscc_list *l, const struct fscc_stream *in,
		     const char *name);
/* name is UTF-16LE, lent. */
MUST_CHECK NTSTATUS fscc_stream_next(struct wire_reader *list,
				     struct fscc_stream *out,
				     struct wire_reader *out_name);

/* --- FileFullEaInformation (2.4.16) -------------------------------------- */

#define FSCC_EA_ALIGN 4

struct fscc_ea {
	uint8_t flags;
	const char *name; /* NUL-terminated, lent from the buffer */
	struct wire_reader value;
};

/* Appends an EA; the name has at most 255 bytes and the value 65535
 * (asserted). */
void fscc_ea_put(struct fscc_list *l, const struct fscc_ea *in);

/* The next of a FILE_FULL_EA_INFORMATION list.  NO_MORE_FILES at the end;
 * EA_LIST_INCONSISTENT when the list is malformed, INVALID_EA_NAME when a name
 * or its flags may not be. */
MUST_CHECK NTSTATUS fscc_ea_next(struct wire_reader *list, struct fscc_ea *out);

/* The next name of a FILE_GET_EA_INFORMATION list (2.4.16.1), likewise. */
MUST_CHECK NTSTATUS fscc_get_ea_next(struct wire_reader *list,
				     const char **out_name);
/* Appends a name to such a list. */
void fscc_get_ea_put(struct fscc_list *l, const char *name);

#endif
