/* vfs_modules/posix/dosattrib.c - user.DOSATTRIB to and from bytes. */
#include "vfs_modules/posix/dosattrib.h"

#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"
#include "lib/wire.h"

#define VALID_ATTRIB	  0x01u
#define VALID_CREATE_TIME 0x10u

#define MAX_HEX 16

#define CHANGE_MAGIC 0x65676e6168634648ull /* "HFchange" */

/* How long after the ctime that was foreseen the attribute may be written: a
 * tick of the kernel's clock is up to 10 ms. */
#define MOMENT (NTTIME_SECOND / 100)

static void align(struct wire_reader *r, size_t n)
{
	wire_skip(r, (n - r->pos % n) % n);
}

/* The string at the start: "0x20", or empty.  The oldest records end with it,
 * some without the NUL. */
static NTSTATUS read_hex(struct wire_reader *r, struct dosattrib *out)
{
	char text[MAX_HEX + 1] = {0};
	char *end = NULL;
	size_t n = 0;

	while (wire_left(r) > 0) {
		uint8_t c = wire_u8(r);

		if (c == 0) {
			break;
		}
		if (n == MAX_HEX) {
			return NT_STATUS(INTERNAL_DB_CORRUPTION);
		}
		text[n++] = (char)c;
	}
	if (n == 0) {
		return NT_STATUS_OK;
	}
	if (strncmp(text, "0x", 2) != 0) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	out->attributes = (uint32_t)strtoul(text + 2, &end, 16);
	out->has_attributes = *end == '\0' && end != text + 2;
	return out->has_attributes ? NT_STATUS_OK
				   : NT_STATUS(INTERNAL_DB_CORRUPTION);
}

static void read_version_1(struct wire_reader *r, struct dosattrib *out)
{
	out->attributes = wire_u32(r);
	out->has_attributes = true;
	wire_skip(r, 4 + 8 + 8); /* ea_size, size, alloc_size */
	out->creation = wire_u64(r);
	wire_skip(r, 8); /* change_time */
}

static void read_version_3_to_5(struct wire_reader *r, unsigned int version,
				struct dosattrib *out)
{
	uint32_t valid = wire_u32(r);
	uint32_t attributes = wire_u32(r);
	NTTIME creation;

	if (version == 3) {
		wire_skip(r, 4 + 8 + 8); /* ea_size, size, alloc_size */
	} else if (version == 4) {
		wire_skip(r, 8); /* itime */
	}
	creation = wire_u64(r);
	if (version == 3) {
		wire_skip(r, 8); /* change_time */
	}
	if ((valid & VALID_ATTRIB) != 0) {
		out->has_attributes = true;
		out->attributes = attributes;
	}
	if ((valid & VALID_CREATE_TIME) != 0) {
		out->creation = creation;
	}
}

/* What is ours behind Samba's record; anything else there is not. */
static void read_change(struct wire_reader *r, struct dosattrib *out)
{
	NTTIME change;
	NTTIME ctime;

	if (!wire_ok(r) ||
	    wire_left(r) != DOSATTRIB_MAX_SIZE - DOSATTRIB_SIZE ||
	    wire_u64(r) != CHANGE_MAGIC) {
		return;
	}
	change = wire_u64(r);
	ctime = wire_u64(r);
	if (change <= INT64_MAX) {
		out->change = change;
		out->ctime = ctime;
	}
}

bool dosattrib_change_holds(const struct dosattrib *in, NTTIME ctime)
{
	return in->change != 0 && ctime >= in->ctime &&
	       ctime - in->ctime < MOMENT;
}

NTSTATUS dosattrib_decode(const uint8_t *data, size_t length,
			  struct dosattrib *out)
{
	struct wire_reader r = wire_reader(data, length);
	struct dosattrib in = {0};
	unsigned int version;
	NTSTATUS status;

	status = read_hex(&r, &in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (wire_left(&r) == 0 && in.has_attributes) {
		*out = in;
		return NT_STATUS_OK;
	}
	align(&r, 2);
	version = wire_u16(&r);
	if (wire_u16(&r) != version) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	align(&r, 4);
	if (version == 1) {
		read_version_1(&r, &in);
	} else if (version >= 3 && version <= 5) {
		read_version_3_to_5(&r, version, &in);
		read_change(&r, &in);
	} else {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	*out = in;
	return NT_STATUS_OK;
}

size_t dosattrib_encode(const struct dosattrib *in,
			uint8_t out[DOSATTRIB_MAX_SIZE])
{
	struct wire_writer w = wire_writer_fixed(out, DOSATTRIB_MAX_SIZE);

	wire_put_u8(&w, 0); /* no hex string */
	wire_align(&w, 2);
	wire_put_u16(&w, 5);
	wire_put_u16(&w, 5);
	wire_align(&w, 4);
	wire_put_u32(&w, VALID_ATTRIB | VALID_CREATE_TIME);
	wire_put_u32(&w, in->attributes);
	wire_put_u64(&w, in->creation);
	ASSERT(wire_writer_ok(&w) && w.length == DOSATTRIB_SIZE);
	if (in->change != 0) {
		wire_put_u64(&w, CHANGE_MAGIC);
		wire_put_u64(&w, in->change);
		wire_put_u64(&w, in->ctime);
		ASSERT(wire_writer_ok(&w) && w.length == DOSATTRIB_MAX_SIZE);
	}
	return w.length;
}
