/* vfs_modules/fruit/apple_double.c - see apple_double.h. */
#include "vfs_modules/fruit/apple_double.h"

#include <endian.h>
#include <string.h>

#define MAGIC	     0x00051607u
#define VERSION	     0x00020000u
#define HEADER_SIZE  26
#define ENTRY_SIZE   12
#define COUNT_AT     24
#define DATES_LENGTH 16
#define BACKUP_AT    8 /* in the dates */

enum entry_id {
	ID_FORK = 2,
	ID_COMMENT = 4,
	ID_DATES = 8,
	ID_FINDER = 9,
	ID_AFP = 14,
	/* netatalk's own */
	ID_DEVICE = 0x80444556,
	ID_INODE = 0x80494E4F,
	ID_SYNC = 0x8053594E,
	ID_ID = 0x8053567E
};

static uint32_t get_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static uint16_t get_u16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return be16toh(v);
}

void apple_double_put_u32(uint8_t out[4], uint32_t v)
{
	v = htobe32(v);
	memcpy(out, &v, sizeof(v));
}

/* --- AppleDouble ---------------------------------------------------------- */

static bool is_within(struct apple_double_part p, uint64_t size)
{
	return p.offset <= size && p.length <= size - p.offset;
}

/* Who writes such a part would write over the header or the entries. */
static bool is_in_table(struct apple_double_part p, size_t table_end)
{
	return p.length > 0 && p.offset < table_end;
}

static bool take_entry(struct apple_double *ad, uint32_t id,
		       struct apple_double_part part, size_t at, uint64_t size)
{
	switch (id) {
	case ID_FORK:
		if (part.offset > size) {
			return false;
		}
		if (!is_within(part, size)) {
			part.length = (uint32_t)(size - part.offset);
		}
		ad->fork = part;
		ad->fork_entry = (uint32_t)at;
		return true;
	case ID_FINDER:
		ad->finder = part;
		return is_within(part, size) && part.length >= FINDER_INFO_SIZE;
	case ID_DATES:
		ad->dates = part;
		return is_within(part, size) && part.length >= DATES_LENGTH;
	default:
		return true;
	}
}

bool apple_double_parse(const uint8_t *bytes, size_t length, uint64_t file_size,
			struct apple_double *out)
{
	struct apple_double ad = {0};
	size_t count, table_end;

	if (length < HEADER_SIZE || get_u32(bytes) != MAGIC ||
	    get_u32(bytes + 4) != VERSION) {
		return false;
	}
	count = get_u16(bytes + COUNT_AT);
	table_end = HEADER_SIZE + count * ENTRY_SIZE;
	if (count > APPLE_DOUBLE_MAX_ENTRIES || length < table_end) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		size_t at = HEADER_SIZE + i * ENTRY_SIZE;
		struct apple_double_part part = {
			.offset = get_u32(bytes + at + 4),
			.length = get_u32(bytes + at + 8)};

		if (!take_entry(&ad, get_u32(bytes + at), part, at,
				file_size)) {
			return false;
		}
	}
	if (is_in_table(ad.finder, table_end) ||
	    is_in_table(ad.fork, table_end) ||
	    is_in_table(ad.dates, table_end)) {
		return false;
	}
	*out = ad;
	return true;
}

static void put_header(uint8_t *out, const char filler[16], uint16_t count)
{
	apple_double_put_u32(out, MAGIC);
	apple_double_put_u32(out + 4, VERSION);
	memcpy(out + 8, filler, 16);
	out[COUNT_AT] = 0;
	out[COUNT_AT + 1] = (uint8_t)count;
}

static void put_entry(uint8_t *out, unsigned int i, uint32_t id,
		      uint32_t offset, uint32_t length)
{
	uint8_t *p = out + HEADER_SIZE + i * ENTRY_SIZE;

	apple_double_put_u32(p, id);
	apple_double_put_u32(p + 4, offset);
	apple_double_put_u32(p + 8, length);
}

void fork_header_build(uint32_t fork_length, uint8_t out[FORK_HEADER_SIZE])
{
	uint32_t finder = HEADER_SIZE + 2 * ENTRY_SIZE;

	memset(out, 0, FORK_HEADER_SIZE);
	put_header(out, "Netatalk        ", 2);
	put_entry(out, 0, ID_FORK, FORK_HEADER_SIZE, fork_length);
	put_entry(out, 1, ID_FINDER, finder, FINDER_INFO_SIZE);
}

/* --- extended attributes in it ---------------------------------------------
 *
 *	"ATTR" 4, debug tag 4, total size 4, start of data 4, length of data 4,
 *	reserved 12, flags 2, number 2,
 *	then: offset 4 (from the beginning of the file), length 4, flags 2,
 *	length of the name 1, name with its zero byte, padding to 4 */

#define ATTR_MAGIC	 0x41545452u
#define ATTR_PADDING	 2
#define ATTR_HEADER_SIZE 36
#define ATTR_COUNT_AT	 34
#define ATTR_ENTRY_SIZE	 11

bool apple_double_each_attr(const uint8_t *bytes, size_t length,
			    const struct apple_double *ad,
			    bool (*take)(void *private_data, const char *name,
					 const uint8_t *data, size_t size),
			    void *private_data)
{
	uint64_t end = (uint64_t)ad->finder.offset + ad->finder.length;
	uint64_t at =
		(uint64_t)ad->finder.offset + FINDER_INFO_SIZE + ATTR_PADDING;
	unsigned int count;

	if (end > length || at + ATTR_HEADER_SIZE > end ||
	    get_u32(bytes + at) != ATTR_MAGIC) {
		return false;
	}
	count = get_u16(bytes + at + ATTR_COUNT_AT);
	at += ATTR_HEADER_SIZE;
	for (unsigned int i = 0; i < count; i++) {
		struct apple_double_part data;
		size_t n;

		if (at + ATTR_ENTRY_SIZE > end) {
			return false;
		}
		data.offset = get_u32(bytes + at);
		data.length = get_u32(bytes + at + 4);
		n = bytes[at + 10];
		at += ATTR_ENTRY_SIZE;
		if (n < 2 || at + n > end || bytes[at + n - 1] != '\0' ||
		    !is_within(data, end)) {
			return false;
		}
		if (!take(private_data, (const char *)bytes + at,
			  bytes + data.offset, data.length)) {
			return true;
		}
		at = (at + n + 3) & ~(uint64_t)3;
	}
	return true;
}

/* The bytes say in English that the fork was left blank, from 16 on. */
bool fork_is_blank(const uint8_t *bytes, size_t length)
{
	static const char text[] = "This resource fork intentionally left "
				   "blank";

	return length == BLANK_FORK_SIZE &&
	       memmem(bytes, 128, text, sizeof(text) - 1) != NULL;
}

/* --- netatalk's metadata ---------------------------------------------------
 */

#define YEAR_2000 946684800

#define META_ENTRIES 8
#define META_FINDER  (HEADER_SIZE + META_ENTRIES * ENTRY_SIZE)
#define META_COMMENT (META_FINDER + FINDER_INFO_SIZE)
#define META_DATES   (META_COMMENT + 200)
#define META_AFP     (META_DATES + DATES_LENGTH)
#define META_DEVICE  (META_AFP + 4)
#define META_INODE   (META_DEVICE + 8)
#define META_SYNC    (META_INODE + 8)
#define META_ID	     (META_SYNC + 8)

uint32_t apple_date(int64_t unix_seconds)
{
	return (uint32_t)(unix_seconds - YEAR_2000);
}

void meta_build(uint32_t created, uint8_t out[META_SIZE])
{
	static const char filler[16] = {0};

	memset(out, 0, META_SIZE);
	put_header(out, filler, META_ENTRIES);
	put_entry(out, 0, ID_COMMENT, META_COMMENT, 0);
	put_entry(out, 1, ID_DATES, META_DATES, DATES_LENGTH);
	put_entry(out, 2, ID_FINDER, META_FINDER, FINDER_INFO_SIZE);
	put_entry(out, 3, ID_AFP, META_AFP, 4);
	put_entry(out, 4, ID_DEVICE, META_DEVICE, 0);
	put_entry(out, 5, ID_INODE, META_INODE, 0);
	put_entry(out, 6, ID_SYNC, META_SYNC, 0);
	put_entry(out, 7, ID_ID, META_ID, 0);
	apple_double_put_u32(out + META_DATES, created);
	apple_double_put_u32(out + META_DATES + 4, created);
	apple_double_put_u32(out + META_DATES + BACKUP_AT, NO_DATE);
	apple_double_put_u32(out + META_DATES + 12, created);
}

bool meta_get(const uint8_t *bytes, size_t length,
	      uint8_t finder[FINDER_INFO_SIZE], uint32_t *out_backup)
{
	struct apple_double ad;

	if (!apple_double_parse(bytes, length, length, &ad) ||
	    ad.finder.length == 0) {
		return false;
	}
	memcpy(finder, bytes + ad.finder.offset, FINDER_INFO_SIZE);
	*out_backup = ad.dates.length == 0
			      ? NO_DATE
			      : get_u32(bytes + ad.dates.offset + BACKUP_AT);
	return true;
}

void meta_set(uint8_t *bytes, size_t length,
	      const uint8_t finder[FINDER_INFO_SIZE], uint32_t backup)
{
	struct apple_double ad;

	if (!apple_double_parse(bytes, length, length, &ad) ||
	    ad.finder.length == 0) {
		return;
	}
	memcpy(bytes + ad.finder.offset, finder, FINDER_INFO_SIZE);
	if (ad.dates.length > 0) {
		apple_double_put_u32(bytes + ad.dates.offset + BACKUP_AT,
				     backup);
	}
}

/* --- AFP_AfpInfo -----------------------------------------------------------
 */

#define AFP_SIGNATURE 0x41465000u /* "AFP\0" */
#define AFP_VERSION   0x00000100u
#define AFP_BACKUP    12
#define AFP_FINDER    16

void afp_info_build(const uint8_t finder[FINDER_INFO_SIZE], uint32_t backup,
		    uint8_t out[AFP_INFO_SIZE])
{
	memset(out, 0, AFP_INFO_SIZE);
	apple_double_put_u32(out, AFP_SIGNATURE);
	apple_double_put_u32(out + 4, AFP_VERSION);
	apple_double_put_u32(out + AFP_BACKUP, backup);
	memcpy(out + AFP_FINDER, finder, FINDER_INFO_SIZE);
}

bool afp_info_get(const uint8_t in[AFP_INFO_SIZE],
		  uint8_t finder[FINDER_INFO_SIZE], uint32_t *out_backup)
{
	if (get_u32(in) != AFP_SIGNATURE) {
		return false;
	}
	*out_backup = get_u32(in + AFP_BACKUP);
	memcpy(finder, in + AFP_FINDER, FINDER_INFO_SIZE);
	return true;
}

bool finder_info_is_empty(const uint8_t finder[FINDER_INFO_SIZE])
{
	for (size_t i = 0; i < FINDER_INFO_SIZE; i++) {
		if (finder[i] != 0) {
			return false;
		}
	}
	return true;
}
