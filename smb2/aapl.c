/* smb2/aapl.c - see aapl.h.
 *
 *	query:    CommandCode 4, Reserved 4, RequestBitmap 8, ClientCaps 8
 *	answer:   CommandCode 4, Reserved 4, ReplyBitmap 8, then as the bitmap
 *	          says ServerCaps 8, VolumeCaps 8, (Pad 4, length 4, model)
 *	resolve:  CommandCode 4, Reserved 4, FileId 8
 *	answer:   CommandCode 4, Reserved 4, status 4, length 4, path */
#include "smb2/aapl.h"

#include <endian.h>
#include <string.h>

#include "lib/utf16.h"
#include "smb2/body.h"

#define SHORT_NAME_SIZE 24

/* In the full Finder info. */
#define FINDER_FLAGS	 8
#define FINDER_DATE	 20
#define FINDER_EXT_FLAGS 24

/* --- requests ------------------------------------------------------------- */

NTSTATUS aapl_request_decode(struct wire_reader data, struct aapl_request *out)
{
	uint32_t command = wire_u32(&data);
	struct aapl_request in = {0};

	wire_skip(&data, 4); /* Reserved */
	if (command == AAPL_SERVER_QUERY) {
		in.command = AAPL_SERVER_QUERY;
		in.bitmap = wire_u64(&data);
		in.client_caps = wire_u64(&data);
	} else if (command == AAPL_RESOLVE_ID) {
		in.command = AAPL_RESOLVE_ID;
		in.file_id = wire_u64(&data);
	} else {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!wire_ok(&data) || wire_left(&data) > 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void aapl_request_put(struct wire_writer *w, const struct aapl_request *in)
{
	wire_put_u32(w, in->command);
	wire_put_u32(w, 0); /* Reserved */
	if (in->command == AAPL_RESOLVE_ID) {
		wire_put_u64(w, in->file_id);
		return;
	}
	wire_put_u64(w, in->bitmap);
	wire_put_u64(w, in->client_caps);
}

/* --- responses ------------------------------------------------------------ */

/* Its length, and the text. */
static void put_text(struct wire_writer *w, const char *text)
{
	size_t at = w->length;

	wire_put_u32(w, 0);
	wire_patch_u32(w, at, (uint32_t)wire_put_utf16(w, text));
}

void aapl_response_put(struct wire_writer *w, const struct aapl_response *in)
{
	size_t start = w->length;

	wire_put_u32(w, in->command);
	wire_put_u32(w, 0); /* Reserved */
	if (in->command == AAPL_RESOLVE_ID) {
		wire_put_u32(w, in->status.v);
		put_text(w, in->path);
		smb2_pad(w, start, 8);
		return;
	}
	wire_put_u64(w, in->bitmap);
	if ((in->bitmap & AAPL_SERVER_CAPS) != 0) {
		wire_put_u64(w, in->server_caps);
	}
	if ((in->bitmap & AAPL_VOLUME_CAPS) != 0) {
		wire_put_u64(w, in->volume_caps);
	}
	if ((in->bitmap & AAPL_MODEL_INFO) != 0) {
		wire_put_u32(w, 0); /* Pad */
		put_text(w, in->model);
	}
	smb2_pad(w, start, 8);
}

/* The text that r stands before, as put_text() writes it. */
static struct wire_reader read_text(struct wire_reader *r)
{
	uint32_t length = wire_u32(r);

	if (length % 2 != 0) {
		r->failed = true;
	}
	return wire_field(r, r->pos, length);
}

static void read_query_response(struct wire_reader *r,
				struct aapl_response *out)
{
	out->bitmap = wire_u64(r);
	if ((out->bitmap & AAPL_SERVER_CAPS) != 0) {
		out->server_caps = wire_u64(r);
	}
	if ((out->bitmap & AAPL_VOLUME_CAPS) != 0) {
		out->volume_caps = wire_u64(r);
	}
	if ((out->bitmap & AAPL_MODEL_INFO) != 0) {
		wire_skip(r, 4); /* Pad */
		out->text = read_text(r);
	}
}

NTSTATUS aapl_response_decode(struct wire_reader data,
			      struct aapl_response *out)
{
	uint32_t command = wire_u32(&data);
	struct aapl_response in = {.command = (enum aapl_command)command};

	wire_skip(&data, 4); /* Reserved */
	if (command == AAPL_SERVER_QUERY) {
		read_query_response(&data, &in);
	} else if (command == AAPL_RESOLVE_ID) {
		in.status.v = wire_u32(&data);
		in.text = read_text(&data);
	} else {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!wire_ok(&data)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

/* --- directory entries ---------------------------------------------------- */

void aapl_shorten_finder_info(const uint8_t full[AAPL_FINDER_INFO_SIZE],
			      uint8_t out[AAPL_SHORT_FINDER_INFO_SIZE])
{
	memcpy(out, full, FINDER_FLAGS + 2);
	memcpy(out + 10, full + FINDER_EXT_FLAGS, 2);
	memcpy(out + 12, full + FINDER_DATE, 4);
}

/* ShortNameLength is that of a full short name, as Apple's servers have it. */
void aapl_dir_info_store(uint8_t out[AAPL_DIR_INFO_SIZE],
			 const struct aapl_dir_info *in)
{
	uint64_t size = htole64(in->resource_fork_size);
	uint16_t mode = htole16(in->unix_mode);

	out[0] = SHORT_NAME_SIZE;
	out[1] = 0;
	memcpy(out + 2, &size, sizeof(size));
	memcpy(out + 10, in->finder_info, sizeof(in->finder_info));
	memcpy(out + 26, &mode, sizeof(mode));
}

void aapl_dir_info_load(const uint8_t in[AAPL_DIR_INFO_SIZE],
			struct aapl_dir_info *out)
{
	uint64_t size;
	uint16_t mode;

	memcpy(&size, in + 2, sizeof(size));
	memcpy(&mode, in + 26, sizeof(mode));
	out->resource_fork_size = le64toh(size);
	out->unix_mode = le16toh(mode);
	memcpy(out->finder_info, in + 10, sizeof(out->finder_info));
}
