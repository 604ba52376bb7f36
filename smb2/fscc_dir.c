/* smb2/fscc_dir.c - directory entries ([MS-FSCC] 2.4).
 *
 * All classes but FileNamesInformation begin alike:
 *
 *	NextEntryOffset 4, FileIndex 4, CreationTime 8, LastAccessTime 8,
 *	LastWriteTime 8, ChangeTime 8, EndOfFile 8, AllocationSize 8,
 *	FileAttributes 4, FileNameLength 4
 *
 * and differ in what comes before the name; the table says where.  An entry is
 * written with stores into reserved room, because a listing of 100,000 entries
 * is nothing else. */
#include "smb2/fscc_dir.h"

#include <endian.h>
#include <string.h>

#include "lib/assert.h"
#include "lib/utf16.h"

#define SHORT_NAME_SIZE 24
#define ENTRY_ALIGN	8

/* Offsets in an entry; 0 for what a class has not. */
struct layout {
	uint8_t name_length;
	uint8_t ea_size;
	uint8_t reparse_tag;
	uint8_t file_id;
	uint8_t file_id_128;
	uint8_t short_name_length; /* 1 byte, 1 reserved, then 24 bytes */
	uint8_t name;
	bool short_only; /* FileNamesInformation */
	bool apple;	 /* can carry struct aapl_dir_info */
};

static const struct layout layouts[] = {
	[FileDirectoryInformation] = {.name_length = 60, .name = 64},
	[FileFullDirectoryInformation] = {.name_length = 60,
					  .ea_size = 64,
					  .name = 68},
	[FileBothDirectoryInformation] = {.name_length = 60,
					  .ea_size = 64,
					  .short_name_length = 68,
					  .name = 94},
	[FileNamesInformation] = {.name_length = 8,
				  .name = 12,
				  .short_only = true},
	[FileIdBothDirectoryInformation] = {.name_length = 60,
					    .ea_size = 64,
					    .short_name_length = 68,
					    .file_id = 96,
					    .name = 104,
					    .apple = true},
	[FileIdFullDirectoryInformation] = {.name_length = 60,
					    .ea_size = 64,
					    .file_id = 72,
					    .name = 80},
	[FileIdExtdDirectoryInformation] = {.name_length = 60,
					    .ea_size = 64,
					    .reparse_tag = 68,
					    .file_id_128 = 72,
					    .name = 88},
	[FileIdExtdBothDirectoryInformation] = {.name_length = 60,
						.ea_size = 64,
						.reparse_tag = 68,
						.file_id_128 = 72,
						.short_name_length = 88,
						.name = 114},
	[FileId64ExtdDirectoryInformation] = {.name_length = 60,
					      .ea_size = 64,
					      .reparse_tag = 68,
					      .file_id = 72,
					      .name = 80},
	[FileId64ExtdBothDirectoryInformation] = {.name_length = 60,
						  .ea_size = 64,
						  .reparse_tag = 68,
						  .file_id = 72,
						  .short_name_length = 80,
						  .name = 106},
	[FileIdAllExtdDirectoryInformation] = {.name_length = 60,
					       .ea_size = 64,
					       .reparse_tag = 68,
					       .file_id = 72,
					       .file_id_128 = 80,
					       .name = 96},
	[FileIdAllExtdBothDirectoryInformation] = {.name_length = 60,
						   .ea_size = 64,
						   .reparse_tag = 68,
						   .file_id = 72,
						   .file_id_128 = 80,
						   .short_name_length = 96,
						   .name = 122},
};

#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

size_t fscc_dir_fixed_size(enum file_information_class cls)
{
	return (unsigned int)cls < LAYOUTS ? layouts[cls].name : 0;
}

struct fscc_dir_writer fscc_dir_writer(struct wire_writer *w,
				       enum file_information_class cls,
				       size_t limit)
{
	ASSERT(fscc_dir_fixed_size(cls) != 0);
	return (struct fscc_dir_writer){
		.w = w, .cls = cls, .start = w->length, .limit = limit};
}

static void store32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
}

static void store64(uint8_t *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
}

static void store_short_name(uint8_t *p, const char *name)
{
	struct wire_writer w = wire_writer_fixed(p + 2, SHORT_NAME_SIZE);

	p[0] = (uint8_t)wire_put_utf16(&w, name);
	ASSERT(wire_writer_ok(&w));
}

static void store_apple(uint8_t *p, const struct layout *l,
			const struct fscc_dir_entry *e)
{
	if ((e->file_attributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0) {
		store32(p + l->ea_size, e->apple->max_access);
	}
	aapl_dir_info_store(p + l->short_name_length, e->apple);
}

/* The part before the name; room for it is zeroed. */
static void store_fixed(uint8_t *p, const struct layout *l,
			const struct fscc_dir_entry *e)
{
	bool reparse = (e->file_attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;

	store32(p + 4, e->file_index);
	if (l->short_only) {
		return;
	}
	store64(p + 8, e->creation_time);
	store64(p + 16, e->last_access_time);
	store64(p + 24, e->last_write_time);
	store64(p + 32, e->change_time);
	store64(p + 40, e->end_of_file);
	store64(p + 48, e->allocation_size);
	store32(p + 56, e->file_attributes);
	if (l->reparse_tag != 0) {
		store32(p + l->ea_size, e->ea_size);
		store32(p + l->reparse_tag, reparse ? e->reparse_tag : 0);
	} else if (l->ea_size != 0) {
		store32(p + l->ea_size, reparse ? e->reparse_tag : e->ea_size);
	}
	if (l->file_id != 0) {
		store64(p + l->file_id, e->file_id);
	}
	if (l->file_id_128 != 0) {
		memcpy(p + l->file_id_128, e->file_id_128,
		       sizeof(e->file_id_128));
	}
	if (l->apple && e->apple != NULL) {
		store_apple(p, l, e);
	} else if (l->short_name_length != 0 && e->short_name != NULL) {
		store_short_name(p + l->short_name_length, e->short_name);
	}
}

/* name as UTF-16LE into room bytes, which are enough; gives its length. */
static size_t store_name(uint8_t *p, size_t room, const char *name)
{
	struct wire_writer w;
	size_t n = 0;

	while (name[n] != '\0' && (uint8_t)name[n] < 0x80) {
		p[2 * n] = (uint8_t)name[n];
		p[2 * n + 1] = 0;
		n++;
	}
	if (name[n] == '\0') {
		return 2 * n;
	}
	w = wire_writer_fixed(p + 2 * n, room - 2 * n);
	return 2 * n + wire_put_utf16(&w, name + n);
}

NTSTATUS fscc_dir_put(struct fscc_dir_writer *d, const struct fscc_dir_entry *e)
{
	const struct layout *l = &layouts[d->cls];
	struct wire_writer *w = d->w;
	size_t old_length = w->length;
	size_t size = old_length - d->start;
	size_t padding =
		d->count > 0 ? (ENTRY_ALIGN - size) & (ENTRY_ALIGN - 1) : 0;
	size_t room = d->limit - size;
	size_t name_room = 2 * strlen(e->name); /* no UTF-16 is longer */
	uint8_t *p;

	if (w->ceiling - old_length < room) {
		room = w->ceiling - old_length;
	}
	if (padding + l->name + name_room > room) {
		name_room = utf16_size(e->name);
		if (padding + l->name + name_room > room) {
			return NT_STATUS(BUFFER_OVERFLOW);
		}
	}
	p = wire_reserve(w, padding + l->name + name_room);
	if (p == NULL) {
		wire_truncate(w, old_length);
		return NT_STATUS(NO_MEMORY);
	}
	memset(p, 0, padding + l->name);
	p += padding;
	store_fixed(p, l, e);
	name_room = store_name(p + l->name, name_room, e->name);
	store32(p + l->name_length, (uint32_t)name_room);
	wire_truncate(w, old_length + padding + l->name + name_room);
	if (d->count > 0) {
		wire_patch_u32(w, d->last,
			       (uint32_t)(old_length + padding - d->last));
	}
	d->last = old_length + padding;
	d->count++;
	return NT_STATUS_OK;
}

/* --- reading --------------------------------------------------------- */

static uint32_t u32_at(struct wire_reader r, size_t offset)
{
	wire_seek(&r, offset);
	return wire_u32(&r);
}

static uint64_t u64_at(struct wire_reader r, size_t offset)
{
	wire_seek(&r, offset);
	return wire_u64(&r);
}

static void read_common(struct wire_reader r, struct fscc_dir_entry *e)
{
	wire_seek(&r, 8);
	e->creation_time = wire_u64(&r);
	e->last_access_time = wire_u64(&r);
	e->last_write_time = wire_u64(&r);
	e->change_time = wire_u64(&r);
	e->end_of_file = wire_u64(&r);
	e->allocation_size = wire_u64(&r);
	e->file_attributes = wire_u32(&r);
}

/* r: one entry, of which the part before the name is there. */
static void read_fixed(struct wire_reader r, const struct layout *l,
		       struct fscc_dir_entry *e)
{
	bool reparse;

	e->file_index = u32_at(r, 4);
	if (l->short_only) {
		return;
	}
	read_common(r, e);
	reparse = (e->file_attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
	if (l->reparse_tag != 0) {
		e->ea_size = u32_at(r, l->ea_size);
		e->reparse_tag = u32_at(r, l->reparse_tag);
	} else if (l->ea_size != 0 && reparse) {
		e->reparse_tag = u32_at(r, l->ea_size);
	} else if (l->ea_size != 0) {
		e->ea_size = u32_at(r, l->ea_size);
	}
	if (l->file_id != 0) {
		e->file_id = u64_at(r, l->file_id);
	}
	if (l->file_id_128 != 0) {
		wire_seek(&r, l->file_id_128);
		wire_bytes(&r, e->file_id_128, sizeof(e->file_id_128));
	}
}

static struct wire_reader read_short_name(struct wire_reader *r,
					  const struct layout *l)
{
	uint8_t length;

	if (l->short_name_length == 0) {
		return wire_reader(NULL, 0);
	}
	wire_seek(r, l->short_name_length);
	length = wire_u8(r);
	if (length > SHORT_NAME_SIZE) {
		r->failed = true;
	}
	return wire_field(r, l->short_name_length + 2u, length);
}

NTSTATUS fscc_dir_next(struct wire_reader *list,
		       enum file_information_class cls,
		       struct fscc_dir_entry_read *out)
{
	const struct layout *l;
	struct fscc_dir_entry_read in = {0};
	struct wire_reader r;
	size_t left = wire_left(list);
	uint32_t next;

	ASSERT(fscc_dir_fixed_size(cls) != 0);
	l = &layouts[cls];
	if (!wire_ok(list)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (left == 0) {
		return NT_STATUS(NO_MORE_FILES);
	}
	r = wire_reader(list->data + list->pos, left);
	next = wire_u32(&r);
	if (!wire_ok(&r) || next % ENTRY_ALIGN != 0 || next >= left) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (next > 0) {
		r.length = next;
	}
	in.name = wire_field(&r, l->name, u32_at(r, l->name_length));
	in.short_name = read_short_name(&r, l);
	if (l->apple) {
		in.apple = wire_field(&r, l->short_name_length,
				      AAPL_DIR_INFO_SIZE);
	}
	if (!wire_ok(&r) || r.length < l->name) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	read_fixed(r, l, &in.e);
	wire_skip(list, r.length);
	*out = in;
	return NT_STATUS_OK;
}
