/* smbd/copychunk.c - see copychunk.h. */
#include "smbd/copychunk.h"

#include "fsa/fsa.h"
#include "smb2/copychunk.h"
#include "smbd/client.h"
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

struct smbd_copy {
	bool refused; /* the answer is what the limits are */
	bool whole;   /* no chunks: as macOS asks for all of a file */
	struct fsa_range *ranges;
};

/* --- decide -------------------------------------------------------------- */

static NTSTATUS take_chunks(const struct smb2_copychunk_copy *in,
			    struct fsa_range *ranges)
{
	struct wire_reader chunks = in->chunks;
	uint64_t total = 0;

	for (uint32_t i = 0; i < in->chunk_count; i++) {
		struct smb2_copychunk c;
		NTSTATUS status = smb2_copychunk_next(&chunks, &c);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		total += c.length;
		if (c.length == 0 || c.length > MAX_CHUNK_SIZE ||
		    total > MAX_DATA_SIZE ||
		    (c.target_offset > INT64_MAX &&
		     c.target_offset != UINT64_MAX)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		ranges[i] = (struct fsa_range){.from = c.source_offset,
					       .to = c.target_offset,
					       .length = c.length};
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

/* The ranges of the request; INVALID_PARAMETER for what is to be answered with
 * the limits. */
static NTSTATUS take_ranges(struct smbd_copy *copy,
			    const struct smb2_copychunk_copy *in)
{
	if (in->chunk_count > MAX_CHUNKS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	copy->ranges = talloc_array(copy, struct fsa_range, in->chunk_count);
	return copy->ranges == NULL ? NT_STATUS(NO_MEMORY)
				    : take_chunks(in, copy->ranges);
}

/* --- act ----------------------------------------------------------------- */

static NTSTATUS run(struct smbd_request *req,
		    const struct smb2_ioctl_request *in,
		    const struct smb2_copychunk_copy *chunks,
		    struct smbd_copy *copy)
{
	NTSTATUS status = take_ranges(copy, chunks);

	copy->whole =
		chunks->chunk_count == 0 &&
		smbd_aapl_has(&req->client->aapl, AAPL_SUPPORTS_OSX_COPYFILE);

	copy->refused = NT_STATUS_IS(status, INVALID_PARAMETER);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.op = FSA_COPY;
	req->io.u.copy = (struct fsa_copy){
		.source = req->source->file,
		.ranges = copy->ranges,
		.num_ranges = chunks->chunk_count,
		.whole = copy->whole,
	};
	return smbd_request_io(req);
}

NTSTATUS smbd_copychunk(struct smbd_request *req,
			const struct smb2_ioctl_request *in,
			struct smbd_copy **out)
{
	struct smb2_copychunk_copy chunks;
	struct smbd_copy *copy;
	NTSTATUS status;

	*out = NULL;
	if (in->max_output_response < SMB2_COPYCHUNK_RESPONSE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	copy = talloc_zero(req, struct smbd_copy);
	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = smb2_copychunk_copy_decode(in->input, &chunks);
	if (!NT_STATUS_IS_OK(status)) {
		copy->refused = true;
		*out = copy;
		return status;
	}
	req->source = find_source(req, &chunks);
	if (req->source == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = check_access(req, in, req->source);
	if (NT_STATUS_IS_OK(status)) {
		*out = copy;
		status = run(req, in, &chunks, copy);
	}
	return status;
}

NTSTATUS smbd_copychunk_done(struct smbd_request *req,
			     const struct smbd_copy *copy, NTSTATUS status,
			     struct blob *out)
{
	struct smb2_copychunk_response r = {
		.chunks_written = MAX_CHUNKS,
		.chunk_bytes_written = MAX_CHUNK_SIZE,
		.total_bytes_written = MAX_DATA_SIZE,
	};
	const struct fsa_copy *done = &req->io.u.copy;
	struct wire_writer w = wire_writer(req, SMB2_COPYCHUNK_RESPONSE_SIZE);
	NTSTATUS put;

	if (!copy->refused) {
		uint64_t whole = 0;

		for (size_t i = 0; i < done->done; i++) {
			whole += done->ranges[i].length;
		}
		r.chunks_written = copy->whole ? 0 : (uint32_t)done->done;
		r.chunk_bytes_written = (uint32_t)(done->copied - whole);
		r.total_bytes_written = (uint32_t)done->copied;
	}
	smb2_copychunk_response_put(&w, &r);
	put = wire_finish(&w, out);
	if (!NT_STATUS_IS_OK(put)) {
		return put;
	}
	req->error_in_full = !NT_STATUS_IS_OK(status);
	return status;
}
