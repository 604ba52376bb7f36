/* smb2/posix.c - see posix.h.
 *
 *	create context: NumberOfLinks 4, ReparseTag 4, Mode 4, owner SID, group
 *	SID
 *	FilePosixInformation: four times 8, EndOfFile 8, AllocationSize 8,
 *	FileAttributes 4, Inode 8, DeviceId 8, then the same as above
 *	directory entry: NextEntryOffset 4, Ignored 4, FilePosixInformation,
 *	FileNameLength 4, FileName
 */
#include "smb2/posix.h"

#include <sys/stat.h>

#include "lib/utf16.h"
#include "smb2/body.h"

#define TYPE_SHIFT  12
#define ENTRY_ALIGN 8

uint32_t smb2_posix_mode(mode_t mode)
{
	uint32_t type = 0;

	switch (mode & S_IFMT) {
	case S_IFLNK:
		type = 2;
		break;
	case S_IFCHR:
		type = 3;
		break;
	case S_IFBLK:
		type = 4;
		break;
	case S_IFIFO:
		type = 5;
		break;
	case S_IFSOCK:
		type = 6;
		break;
	default:
		break;
	}
	return type << TYPE_SHIFT | (uint32_t)(mode & 07777);
}

void smb2_posix_file_put(struct wire_writer *w,
			 const struct smb2_posix_file *in)
{
	wire_put_u32(w, in->nlink);
	wire_put_u32(w, in->reparse_tag);
	wire_put_u32(w, in->mode);
	sid_put(w, &in->owner);
	sid_put(w, &in->group);
}

struct smb2_posix_file smb2_posix_file_read(struct wire_reader *r)
{
	struct smb2_posix_file f = {0};

	f.nlink = wire_u32(r);
	f.reparse_tag = wire_u32(r);
	f.mode = wire_u32(r);
	f.owner = sid_read(r);
	f.group = sid_read(r);
	return f;
}

void smb2_posix_info_put(struct wire_writer *w,
			 const struct smb2_posix_info *in)
{
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u64(w, in->end_of_file);
	wire_put_u64(w, in->allocation_size);
	wire_put_u32(w, in->file_attributes);
	wire_put_u64(w, in->inode);
	wire_put_u64(w, in->device);
	smb2_posix_file_put(w, &in->file);
}

static struct smb2_posix_info read_info(struct wire_reader *r)
{
	struct smb2_posix_info i = {0};

	i.creation_time = wire_u64(r);
	i.last_access_time = wire_u64(r);
	i.last_write_time = wire_u64(r);
	i.change_time = wire_u64(r);
	i.end_of_file = wire_u64(r);
	i.allocation_size = wire_u64(r);
	i.file_attributes = wire_u32(r);
	i.inode = wire_u64(r);
	i.device = wire_u64(r);
	i.file = smb2_posix_file_read(r);
	return i;
}

NTSTATUS smb2_posix_info_decode(struct wire_reader r,
				struct smb2_posix_info *out)
{
	struct smb2_posix_info in = read_info(&r);

	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

NTSTATUS smb2_posix_dir_put(struct fscc_dir_writer *d,
			    const struct smb2_posix_info *in, const char *name)
{
	struct wire_writer *w = d->w;
	size_t old_length = w->length;
	size_t begin, length_at;

	if (d->count > 0) {
		smb2_pad(w, d->start, ENTRY_ALIGN);
	}
	begin = w->length;
	wire_put_u32(w, 0); /* NextEntryOffset */
	wire_put_u32(w, 0); /* Ignored */
	smb2_posix_info_put(w, in);
	length_at = w->length;
	wire_put_u32(w, 0);
	(void)wire_put_utf16(w, name);
	if (!wire_writer_ok(w) || w->length - d->start > d->limit) {
		bool no_memory = w->no_memory;

		wire_truncate(w, old_length);
		return no_memory ? NT_STATUS(NO_MEMORY)
				 : NT_STATUS(BUFFER_OVERFLOW);
	}
	wire_patch_u32(w, length_at, (uint32_t)(w->length - length_at - 4));
	if (d->count > 0) {
		wire_patch_u32(w, d->last, (uint32_t)(begin - d->last));
	}
	d->last = begin;
	d->count++;
	return NT_STATUS_OK;
}

NTSTATUS smb2_posix_dir_next(struct wire_reader *list,
			     struct smb2_posix_info *out,
			     struct wire_reader *out_name)
{
	size_t left = wire_left(list);
	struct smb2_posix_info in;
	struct wire_reader r, name;
	uint32_t next;

	if (!wire_ok(list)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (left == 0) {
		return NT_STATUS(NO_MORE_FILES);
	}
	r = wire_reader(list->data + list->pos, left);
	next = wire_u32(&r);
	wire_skip(&r, 4); /* Ignored */
	if (next % ENTRY_ALIGN != 0 || next >= left) {
		r.failed = true;
	} else if (next > 0) {
		r.length = next < r.pos ? r.pos : next;
	}
	in = read_info(&r);
	left = wire_u32(&r);
	name = wire_field(&r, r.pos, left);
	if (!wire_ok(&r)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_skip(list, r.length);
	*out = in;
	*out_name = name;
	return NT_STATUS_OK;
}

void smb2_posix_fs_put(struct wire_writer *w, const struct smb2_posix_fs *in)
{
	wire_put_u32(w, in->transfer_size);
	wire_put_u32(w, in->block_size);
	wire_put_u64(w, in->blocks);
	wire_put_u64(w, in->free_blocks);
	wire_put_u64(w, in->caller_free_blocks);
	wire_put_u64(w, in->files);
	wire_put_u64(w, in->free_files);
	wire_put_u64(w, in->id);
}

NTSTATUS smb2_posix_fs_decode(struct wire_reader r, struct smb2_posix_fs *out)
{
	struct smb2_posix_fs in;

	in.transfer_size = wire_u32(&r);
	in.block_size = wire_u32(&r);
	in.blocks = wire_u64(&r);
	in.free_blocks = wire_u64(&r);
	in.caller_free_blocks = wire_u64(&r);
	in.files = wire_u64(&r);
	in.free_files = wire_u64(&r);
	in.id = wire_u64(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}
