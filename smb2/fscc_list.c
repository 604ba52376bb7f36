/* smb2/fscc_list.c - lists of [MS-FSCC]. */
#include "smb2/fscc_list.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/utf16.h"

struct fscc_list fscc_list(struct wire_writer *w, size_t align)
{
	ASSERT((align & (align - 1)) == 0);
	return (struct fscc_list){.w = w,
				  .start = w->length,
				  .last = w->length,
				  .align = align,
				  .empty = true};
}

void fscc_list_begin(struct fscc_list *l)
{
	size_t size = l->w->length - l->start;

	if (!l->empty) {
		wire_put_zero(l->w, (l->align - (size & (l->align - 1))) &
					    (l->align - 1));
		wire_patch_u32(l->w, l->last,
			       (uint32_t)(l->w->length - l->last));
	}
	l->last = l->w->length;
	l->empty = false;
	wire_put_u32(l->w, 0);
}

NTSTATUS fscc_list_next(struct wire_reader *list, size_t align,
			struct wire_reader *out_entry)
{
	size_t left = wire_left(list);
	struct wire_reader entry;
	uint32_t next;

	if (!wire_ok(list)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (left == 0) {
		return NT_STATUS(NO_MORE_FILES);
	}
	entry = wire_reader(list->data + list->pos, left);
	next = wire_u32(&entry);
	if (!wire_ok(&entry) || next % align != 0 || next >= left ||
	    (next > 0 && next <= sizeof(next))) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (next > 0) {
		entry.length = next;
	}
	wire_skip(list, entry.length);
	*out_entry = wire_reader(entry.data + sizeof(next),
				 entry.length - sizeof(next));
	return NT_STATUS_OK;
}

/* --- FILE_NOTIFY_INFORMATION (2.7.1) ------------------------------------- */

void fscc_notify_put(struct fscc_list *l, uint32_t action, const char *name)
{
	size_t length_at;
	size_t length;

	fscc_list_begin(l);
	wire_put_u32(l->w, action);
	length_at = l->w->length;
	wire_put_u32(l->w, 0);
	length = wire_put_utf16(l->w, name);
	wire_patch_u32(l->w, length_at, (uint32_t)length);
}

NTSTATUS fscc_notify_next(struct wire_reader *list, uint32_t *out_action,
			  struct wire_reader *out_name)
{
	struct wire_reader entry, name;
	uint32_t action, length;
	NTSTATUS status = fscc_list_next(list, FSCC_NOTIFY_ALIGN, &entry);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	action = wire_u32(&entry);
	length = wire_u32(&entry);
	name = wire_field(&entry, entry.pos, length);
	if (!wire_ok(&entry)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out_action = action;
	*out_name = name;
	return NT_STATUS_OK;
}

/* --- FileStreamInformation (2.4.49) -------------------------------------- */

void fscc_stream_put(struct fscc_list *l, const struct fscc_stream *in,
		     const char *name)
{
	size_t length_at;
	size_t length;

	fscc_list_begin(l);
	length_at = l->w->length;
	wire_put_u32(l->w, 0);
	wire_put_u64(l->w, in->size);
	wire_put_u64(l->w, in->allocation_size);
	length = wire_put_utf16(l->w, name);
	wire_patch_u32(l->w, length_at, (uint32_t)length);
}

NTSTATUS fscc_stream_next(struct wire_reader *list, struct fscc_stream *out,
			  struct wire_reader *out_name)
{
	struct fscc_stream in;
	struct wire_reader entry, name;
	uint32_t length;
	NTSTATUS status = fscc_list_next(list, FSCC_STREAM_ALIGN, &entry);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	length = wire_u32(&entry);
	in.size = wire_u64(&entry);
	in.allocation_size = wire_u64(&entry);
	name = wire_field(&entry, entry.pos, length);
	if (!wire_ok(&entry)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	*out_name = name;
	return NT_STATUS_OK;
}

/* --- FileFullEaInformation (2.4.16) -------------------------------------- */

/* The characters that may not be in the name of an EA. */
static bool ea_name_is_valid(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)name[i] < 0x20 ||
		    strchr("\\/:*?\"<>|,+=[];", name[i]) != NULL) {
			return false;
		}
	}
	return length > 0;
}

void fscc_ea_put(struct fscc_list *l, const struct fscc_ea *in)
{
	size_t name_length = strlen(in->name);

	ASSERT(name_length <= UINT8_MAX && in->value.length <= UINT16_MAX);
	fscc_list_begin(l);
	wire_put_u8(l->w, in->flags);
	wire_put_u8(l->w, (uint8_t)name_length);
	wire_put_u16(l->w, (uint16_t)in->value.length);
	wire_put_bytes(l->w, in->name, name_length + 1);
	wire_put_bytes(l->w, in->value.data, in->value.length);
}

/* length bytes and a NUL from r on; NULL (and r failed) unless that is it. */
static const char *read_ea_name(struct wire_reader *r, uint8_t length)
{
	const uint8_t *name = wire_view(r, (size_t)length + 1);

	if (name != NULL && name[length] != 0) {
		r->failed = true;
		return NULL;
	}
	return (const char *)name;
}

NTSTATUS fscc_ea_next(struct wire_reader *list, struct fscc_ea *out)
{
	struct fscc_ea in = {0};
	struct wire_reader entry;
	uint8_t name_length;
	uint16_t value_length;
	NTSTATUS status = fscc_list_next(list, FSCC_EA_ALIGN, &entry);

	if (NT_STATUS_IS(status, NO_MORE_FILES)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(EA_LIST_INCONSISTENT);
	}
	in.flags = wire_u8(&entry);
	name_length = wire_u8(&entry);
	value_length = wire_u16(&entry);
	in.name = read_ea_name(&entry, name_length);
	in.value = wire_field(&entry, entry.pos, value_length);
	if (!wire_ok(&entry)) {
		return NT_STATUS(EA_LIST_INCONSISTENT);
	}
	if (!ea_name_is_valid(in.name, name_length) ||
	    (in.flags & ~FILE_NEED_EA) != 0) {
		return NT_STATUS(INVALID_EA_NAME);
	}
	*out = in;
	return NT_STATUS_OK;
}

NTSTATUS fscc_get_ea_next(struct wire_reader *list, const char **out_name)
{
	struct wire_reader entry;
	const char *name;
	uint8_t length;
	NTSTATUS status = fscc_list_next(list, FSCC_EA_ALIGN, &entry);

	if (NT_STATUS_IS(status, NO_MORE_FILES)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(EA_LIST_INCONSISTENT);
	}
	length = wire_u8(&entry);
	name = read_ea_name(&entry, length);
	if (!wire_ok(&entry)) {
		return NT_STATUS(EA_LIST_INCONSISTENT);
	}
	if (!ea_name_is_valid(name, length)) {
		return NT_STATUS(INVALID_EA_NAME);
	}
	*out_name = name;
	return NT_STATUS_OK;
}

void fscc_get_ea_put(struct fscc_list *l, const char *name)
{
	size_t length = strlen(name);

	ASSERT(length <= UINT8_MAX);
	fscc_list_begin(l);
	wire_put_u8(l->w, (uint8_t)length);
	wire_put_bytes(l->w, name, length + 1);
}
