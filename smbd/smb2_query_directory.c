/* smbd/smb2_query_directory.c - QUERY_DIRECTORY: [MS-SMB2] 3.3.5.18.  Entries
 * are written to where they lie in the response as they are found. */
#include "smb2/query_directory.h"

#include <string.h>

#include "fsa/fsa.h"
#include "lib/utf16.h"
#include "smb2/buffer_response.h"
#include "smb2/fscc_dir.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/posix.h"
#include "smbd/tree.h"

#define FIXED (SMB2_BUFFER_RESPONSE_DATA - SMB2_HEADER_SIZE)
/* With the SIDs of Unix ids, and the lengths before and behind. */
#define POSIX_ENTRY_MIN (8 + SMB2_POSIX_INFO_MIN + 2 * 16 + 4)

struct query_state {
	struct smb2_query_directory_request in;
	char *pattern;
	uint8_t *place;
	struct wire_writer w; /* over place */
	struct fscc_dir_writer dir;
	const struct smbd_request *req;
	bool apple;   /* entries are written as macOS wants them */
	bool no_room; /* for an entry */
};

/* --- decide -------------------------------------------------------------- */

/* Of an entry, without its name; 0: there is no such class. */
static size_t fixed_size(const struct smbd_request *req,
			 enum file_information_class cls)
{
	if (cls == FilePosixInformation && fsa_file_is_posix(req->open->file)) {
		return POSIX_ENTRY_MIN;
	}
	return fscc_dir_fixed_size(cls);
}

static NTSTATUS check_request(const struct smbd_request *req,
			      const struct smb2_query_directory_request *in)
{
	const struct fsa_file *file = req->open->file;
	size_t least =
		fixed_size(req, (enum file_information_class)in->info_class);

	if (!fsa_file_is_directory(file) ||
	    in->output_buffer_length > req->conn->negotiated.max_transact) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((fsa_file_granted_access(file) & FILE_LIST_DIRECTORY) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (least == 0) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	if (in->output_buffer_length < least) {
		return NT_STATUS(INFO_LENGTH_MISMATCH);
	}
	return NT_STATUS_OK;
}

static NTSTATUS decode(struct smbd_request *req, struct query_state *state)
{
	struct smb2_query_directory_request *in = &state->in;
	NTSTATUS status = smb2_query_directory_request_decode(req->pdu, in);

	if (NT_STATUS_IS_OK(status)) {
		status = check_request(req, in);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = utf16_to_utf8(state, in->pattern.data,
				       in->pattern.length, &state->pattern);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (strpbrk(state->pattern,
		    fsa_file_is_posix(req->open->file) ? "/" : "\\/") != NULL) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	return NT_STATUS_OK;
}

/* What an entry of the class is made of. */
static uint32_t wanted(enum file_information_class cls)
{
	switch (cls) {
	case FileNamesInformation:
		return 0;
	case FileDirectoryInformation:
	case FilePosixInformation:
		return FSA_WANT_STAT | FSA_WANT_ATTRIBUTES;
	default:
		return FSA_WANT_STAT | FSA_WANT_ATTRIBUTES | FSA_WANT_EA_SIZE;
	}
}

/* The same for macOS, which gets more. */
static uint32_t wanted_by_macos(const struct smbd_request *req)
{
	bool mode = smbd_aapl_has(&req->client->aapl, AAPL_UNIX_BASED);

	return req->tree->aapl.want | (mode ? FSA_WANT_UNIX_MODE : 0);
}

/* --- act ----------------------------------------------------------------- */

static void put_u64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++) {
		p[i] = (uint8_t)(v >> (8 * i));
	}
}

/* What an entry carries for macOS. */
static struct aapl_dir_info apple_info(const struct smbd_tree *tree,
				       const struct fsa_apple *a)
{
	struct aapl_dir_info out = {
		.max_access = a->max_access,
		.resource_fork_size = a->resource_fork_size,
		.unix_mode = (uint16_t)a->unix_mode,
	};

	if ((tree->aapl.want & FSA_WANT_MAX_ACCESS) == 0) {
		out.max_access = tree->maximal_access;
	}
	aapl_shorten_finder_info(a->finder_info, out.finder_info);
	return out;
}

static bool take_entry(void *private_data, const struct fsa_dir_entry *e)
{
	struct query_state *state = private_data;
	const struct fsa_stat *st = &e->stat;
	struct aapl_dir_info apple;
	struct fscc_dir_entry out = {
		.creation_time = st->times.creation,
		.last_access_time = st->times.access,
		.last_write_time = st->times.write,
		.change_time = st->times.change,
		.end_of_file = st->end_of_file,
		.allocation_size = st->allocation_size,
		.file_attributes = st->attributes,
		.ea_size = st->ea_size,
		.reparse_tag = st->reparse_tag,
		.file_id = smbd_aapl_file_id(state->req, st->file_id),
		.name = e->name,
		.short_name = e->short_name,
	};

	put_u64(out.file_id_128, out.file_id);
	if (state->apple) {
		apple = apple_info(state->req->tree, &e->apple);
		out.apple = &apple;
	}
	if (!NT_STATUS_IS_OK(fscc_dir_put(&state->dir, &out))) {
		state->no_room = true;
		return false;
	}
	return true;
}

static bool take_posix_entry(void *private_data, const struct fsa_dir_entry *e)
{
	struct query_state *state = private_data;
	struct smb2_posix_info info = smbd_posix_info(&e->stat);

	if (!NT_STATUS_IS_OK(smb2_posix_dir_put(&state->dir, &info, e->name))) {
		state->no_room = true;
		return false;
	}
	return true;
}

static NTSTATUS find_place(struct smbd_request *req, struct query_state *state)
{
	uint32_t length = state->in.output_buffer_length;
	NTSTATUS status = smbd_reply_room(req, FIXED + length);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	state->place = smbd_reply_place(req, FIXED);
	if (state->place == NULL) {
		state->place = talloc_size(state, length);
	}
	if (state->place == NULL) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	state->w = wire_writer_fixed(state->place, length);
	state->dir = (struct fscc_dir_writer){
		.w = &state->w,
		.cls = (enum file_information_class)state->in.info_class,
		.limit = length,
	};
	return NT_STATUS_OK;
}

NTSTATUS smb2_query_directory_start(struct smbd_request *req)
{
	struct fsa_query_directory *args = &req->io.u.query_directory;
	struct query_state *state = talloc_zero(req, struct query_state);
	NTSTATUS status;

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = decode(req, state);
	if (NT_STATUS_IS_OK(status)) {
		status = find_place(req, state);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->state = state;
	state->req = req;
	state->apple =
		state->in.info_class == FileIdBothDirectoryInformation &&
		smbd_aapl_has(&req->client->aapl, AAPL_SUPPORTS_READ_DIR_ATTR);
	args->pattern = state->pattern;
	args->restart = (state->in.flags & SMB2_RESTART_SCANS) != 0;
	args->reopen = (state->in.flags & SMB2_REOPEN) != 0;
	args->single = (state->in.flags & SMB2_RETURN_SINGLE_ENTRY) != 0;
	args->want = wanted((enum file_information_class)state->in.info_class);
	if (state->apple) {
		args->want |= wanted_by_macos(req);
	}
	args->take = state->in.info_class == FilePosixInformation
			     ? take_posix_entry
			     : take_entry;
	args->private_data = state;
	req->io.op = FSA_QUERY_DIRECTORY;
	return smbd_request_io(req);
}

/* --- encode -------------------------------------------------------------- */

NTSTATUS smb2_query_directory_reply(struct smbd_request *req,
				    struct wire_writer *w, NTSTATUS status)
{
	const struct query_state *state = req->state;
	size_t length = fscc_dir_size(&state->dir);
	NTSTATUS room = smbd_reply_room(req, FIXED + length);
	uint8_t *place;

	if (length == 0 && state->no_room) {
		return NT_STATUS(INFO_LENGTH_MISMATCH);
	}
	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_buffer_response_encode(w, (uint32_t)length);
	place = wire_reserve(w, length);
	if (place != NULL && place != state->place) {
		memcpy(place, state->place, length);
	}
	return status;
}
