/* smbd/posix.c - see posix.h. */
#include "smbd/posix.h"

#include "smbd/client.h"
#include "smbd/request.h"
#include "smbd/tree.h"

#define ANSWER_MAX (12 + 2 * SID_MAX_SIZE)

NTSTATUS smbd_posix_check(const struct smbd_request *req,
			  const struct smb2_create_request_contexts *c,
			  bool *out)
{
	if (!smb2_create_has(c, SMB2_CREATE_POSIX) || !req->tree->posix ||
	    !req->conn->negotiated.posix) {
		*out = false;
		return NT_STATUS_OK;
	}
	if (c->posix_malformed) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = true;
	return NT_STATUS_OK;
}

void smbd_posix_swap(char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '/') {
			*name = '\\';
		} else if (*name == '\\') {
			*name = '/';
		}
	}
}

void smbd_posix_set_create(struct fsa_create *args, uint32_t mode)
{
	args->posix = true;
	args->has_mode = (mode & SMB2_POSIX_NO_MODE) != SMB2_POSIX_NO_MODE;
	args->mode = (mode_t)(mode & 07777);
}

/* By Unix ids, which a Linux client knows without asking: not by the SIDs of
 * accounts. */
static struct smb2_posix_file file_of(const struct fsa_stat *st)
{
	return (struct smb2_posix_file){
		.nlink = st->links,
		.reparse_tag = st->reparse_tag,
		.mode = smb2_posix_mode(st->mode),
		.owner = sid_unix_user((uint32_t)st->uid),
		.group = sid_unix_group((uint32_t)st->gid),
	};
}

NTSTATUS smbd_posix_answer(TALLOC_CTX *mem_ctx, const struct fsa_stat *st,
			   struct wire_reader *out)
{
	struct smb2_posix_file f = file_of(st);
	struct wire_writer w = wire_writer(mem_ctx, ANSWER_MAX);
	struct blob bytes;
	NTSTATUS status;

	smb2_posix_file_put(&w, &f);
	status = wire_finish(&w, &bytes);
	if (NT_STATUS_IS_OK(status)) {
		*out = wire_reader(bytes.data, bytes.length);
	}
	return status;
}

struct smb2_posix_info smbd_posix_info(const struct fsa_stat *st)
{
	return (struct smb2_posix_info){
		.creation_time = st->times.creation,
		.last_access_time = st->times.access,
		.last_write_time = st->times.write,
		.change_time = st->times.change,
		.end_of_file = st->end_of_file,
		.allocation_size = st->allocation_size,
		.file_attributes = st->attributes,
		.inode = st->file_id,
		.device = st->volume_serial,
		.file = file_of(st),
	};
}

struct smb2_posix_fs smbd_posix_fs(const struct fsa_volume_info *v)
{
	uint32_t unit = v->sectors_per_unit * v->bytes_per_sector;

	return (struct smb2_posix_fs){
		.transfer_size = unit,
		.block_size = unit,
		.blocks = v->total_units,
		.free_blocks = v->actual_free_units,
		.caller_free_blocks = v->caller_free_units,
		.files = v->total_files,
		.free_files = v->free_files,
		.id = v->serial,
	};
}
