/* smbd/copychunk.c - see copychunk.h. */
#include "smbd/copychunk.h"

#include "fsa/fsa.h"
#include "smb2/copychunk.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/session.h"

/* 3.3.3: ServerSideCopyMaxNumberofChunks, MaxChunkSize, MaxDataSize */
#define MAX_CHUNKS     256u
#define MAX_CHUNK_SIZE 0x00100000u
#define MAX_DATA_SIZE  0x01000000u

/* --- keys: the open's own id --------------------------------------------- */

NTSTATUS smbd_resume_key(struct smbd_request *req,
			 const struct smb2_ioctl_request *in, struct blob *out)
{
	uint8_t key[SMB2_RESUME_KEY_SIZE] = {0};
	struct wire_writer k = wire_writer_fixed(key, sizeof(key));
	struct wire_writer w = wire_writer(req, SMB2_RESUME_KEY_RESPONSE_SIZE);

	if (in->max_output_response < SMB2_RESUME_KEY_RESPONSE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_put_u64(&k, req->open->id.persistent_id);
	wire_put_u64(&k, req->open->id.volatile_id);
	smb2_resume_key_put(&w, key);
	return wire_finish(&w, out);
}

static struct smbd_open *find_source(const struct smbd_request *req,
				     const struct smb2_copychunk_copy *copy)
{
	struct wire_reader r =
		wire_reader(copy->source_key, sizeof(copy->source_key));
	struct smb2_file_id id;

	id.persistent_id = wire_u64(&r);
	id.volatile_id = wire_u64(&r);
	return wire_u64(&r) == 0 ? smbd_open_lookup(req->session, &id) : NULL;
}

/* --- decide -------------------------------------------------------------- */

static NTSTATUS check_chunks(const struct smb2_copychunk_copy *copy)
{
	struct wire_reader chunks = copy->chunks;
	uint64_t total = 0;

	if (copy->chunk_count > MAX_CHUNKS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	for (uint32_t i = 0; i < copy->chunk_count; i++) {
		struct smb2_copychunk c;
		NTSTATUS status = smb2_copychunk_next(&chunks, &c);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		total += c.length;
		if (c.length == 0 || c.length > MAX_CHUNK_SIZE ||
		    total > MAX_DATA_SIZE || c.target_offset > INT64_MAX) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_access(const struct smbd_request *req,
			     const struct smb2_ioctl_request *in,
			     const struct smbd_open *source)
{
	uint32_t from = fsa_file_granted_access(source->file);
	uint32_t to = fsa_file_granted_access(req->open->file);

	/* Windows: executing is reading (smb2.ioctl.copy_chunk_bad_access). */
	if ((from & (FILE_READ_DATA | FILE_EXECUTE)) == 0 ||
	    (to & (FILE_WRITE_DATA | FILE_APPEND_DATA)) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return in->ctl_code == FSCTL_SRV_COPYCHUNK && (to & FILE_READ_DATA) == 0
		       ? NT_STATUS(ACCESS_DENIED)
		       : NT_STATUS_OK;
}

/* --- act ----------------------------------------------------------------- */

static NTSTATUS copy_chunk(struct smbd_request *req,
			   const struct smbd_open *source,
			   const struct smb2_copychunk *c,
			   struct smb2_copychunk_response *done)
{
	struct fsa_copy *args = &req->io.u.copy;
	NTSTATUS status;

	*args = (struct fsa_copy){
		.source = source->file,
		.source_offset = c->source_offset,
		.offset = c->target_offset,
		.length = c->length,
	};
	req->io.op = FSA_COPY;
	status = smbd_request_io(req);
	done->total_bytes_written += args->copied;
	if (NT_STATUS_IS_OK(status)) {
		done->chunks_written++;
	} else {
		done->chunk_bytes_written = args->copied;
	}
	return status;
}

static NTSTATUS copy_all(struct smbd_request *req,
			 const struct smbd_open *source,
			 const struct smb2_copychunk_copy *copy,
			 struct smb2_copychunk_response *done)
{
	struct wire_reader chunks = copy->chunks;
	NTSTATUS status = NT_STATUS_OK;

	for (uint32_t i = 0; NT_STATUS_IS_OK(status) && i < copy->chunk_count;
	     i++) {
		struct smb2_copychunk c;

		status = smb2_copychunk_next(&chunks, &c);
		if (NT_STATUS_IS_OK(status)) {
			status = copy_chunk(req, source, &c, done);
		}
	}
	return status;
}

/* The response that goes with status. */
static NTSTATUS answer(struct smbd_request *req,
		       const struct smb2_copychunk_response *r, NTSTATUS status,
		       struct blob *out)
{
	struct wire_writer w = wire_writer(req, SMB2_COPYCHUNK_RESPONSE_SIZE);
	NTSTATUS put;

	smb2_copychunk_response_put(&w, r);
	put = wire_finish(&w, out);
	if (!NT_STATUS_IS_OK(put)) {
		return put;
	}
	req->error_in_full = !NT_STATUS_IS_OK(status);
	return status;
}

NTSTATUS smbd_copychunk(struct smbd_request *req,
			const struct smb2_ioctl_request *in, struct blob *out)
{
	static const struct smb2_copychunk_response limits = {
		.chunks_written = MAX_CHUNKS,
		.chunk_bytes_written = MAX_CHUNK_SIZE,
		.total_bytes_written = MAX_DATA_SIZE,
	};
	struct smb2_copychunk_response done = {0};
	struct smb2_copychunk_copy copy;
	struct smbd_open *source;
	NTSTATUS status;

	if (in->max_output_response < SMB2_COPYCHUNK_RESPONSE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = smb2_copychunk_copy_decode(in->input, &copy);
	if (!NT_STATUS_IS_OK(status)) {
		return answer(req, &limits, status, out);
	}
	source = find_source(req, &copy);
	if (source == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = check_chunks(&copy);
	if (!NT_STATUS_IS_OK(status)) {
		return answer(req, &limits, status, out);
	}
	status = check_access(req, in, source);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = copy_all(req, source, &copy, &done);
	return answer(req, &done, status, out);
}
