/* fsa/object_id.c - object ids of files and volumes.
 *
 * A file's is a FILE_OBJECTID_BUFFER that is kept with it: its id, and the
 * volume's and its own when that was made, or 48 bytes of an application's.
 * Ids are random, so that no two are the same; one that an administrator sets
 * is taken as it is. */
#include "fsa/object_id.h"

#include <string.h>

#include "fsa/share.h"
#include "lib/guid.h"

/* --- of volumes: kept with the share's root ------------------------------- */

static NTSTATUS open_root(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			  struct fsa_node **out)
{
	const struct fsa_how how = {.path = "", .access = FILE_READ_ATTRIBUTES};
	struct fsa_stat st;

	if (v->driver->get_record == NULL) {
		return NT_STATUS(VOLUME_NOT_UPGRADED);
	}
	return v->driver->open(mem_ctx, v->mount, &how, out, &st);
}

NTSTATUS object_id_get_volume(struct fsa_volume *v,
			      const uint8_t default_id[16],
			      uint8_t out[OBJECT_ID_SIZE])
{
	TALLOC_CTX *tmp = talloc_new(v);
	struct fsa_node *root = NULL;
	struct blob record = {0};
	NTSTATUS status = open_root(tmp, v, &root);

	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->get_record(tmp, root, FSA_RECORD_VOLUME_ID,
					       &record);
	}
	if (NT_STATUS_IS_OK(status) && record.length == OBJECT_ID_SIZE) {
		memcpy(out, record.data, OBJECT_ID_SIZE);
	} else if (NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, NOT_FOUND)) {
		memcpy(out, default_id, 16);
		memset(out + 16, 0, OBJECT_ID_SIZE - 16);
		status = NT_STATUS_OK;
	}
	talloc_free(tmp);
	return status;
}

NTSTATUS object_id_set_volume(struct fsa_volume *v,
			      const uint8_t id[OBJECT_ID_SIZE])
{
	const struct blob record = {.data = (uint8_t *)(uintptr_t)id,
				    .length = OBJECT_ID_SIZE};
	struct fsa_node *root = NULL;
	NTSTATUS status = open_root(v, v, &root);

	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->set_record(root, FSA_RECORD_VOLUME_ID,
					       record);
	}
	talloc_free(root);
	return status;
}

/* --- of files ------------------------------------------------------------- */

struct change {
	struct fsa_file *f;
	uint8_t id[OBJECT_ID_SIZE];
	const uint8_t *extended; /* 48 bytes, or NULL */
	const uint8_t *all;	 /* OBJECT_ID_SIZE bytes, or NULL */
	uint8_t volume[OBJECT_ID_SIZE];
};

/* OBJECTID_NOT_FOUND */
static NTSTATUS read_id(struct fsa_file *f, uint8_t out[OBJECT_ID_SIZE])
{
	TALLOC_CTX *tmp = talloc_new(f);
	struct blob record = {0};
	NTSTATUS status = driver_of(f)->get_record(
		tmp, file_node(f), FSA_RECORD_OBJECT_ID, &record);

	if (NT_STATUS_IS(status, NOT_FOUND) ||
	    (NT_STATUS_IS_OK(status) && record.length != OBJECT_ID_SIZE)) {
		status = NT_STATUS(OBJECTID_NOT_FOUND);
	}
	if (NT_STATUS_IS_OK(status)) {
		memcpy(out, record.data, OBJECT_ID_SIZE);
	}
	talloc_free(tmp);
	return status;
}

static NTSTATUS write_id(struct fsa_file *f, const uint8_t *id, size_t length)
{
	const struct blob record = {.data = (uint8_t *)(uintptr_t)id,
				    .length = length};
	NTSTATUS status = driver_of(f)->set_record(
		file_node(f), FSA_RECORD_OBJECT_ID, record);

	return NT_STATUS_IS(status, NOT_SUPPORTED)
		       ? NT_STATUS(VOLUME_NOT_UPGRADED)
		       : status;
}

/* For all of them: whether there are object ids, and whether one is changed,
 * with which of these rights. */
static NTSTATUS check(const struct fsa_io *io, bool change, uint32_t any)
{
	const struct fsa_file *f = io->file;

	if (change && f->volume->read_only) {
		return NT_STATUS(MEDIA_WRITE_PROTECTED);
	}
	if (driver_of(f)->get_record == NULL) {
		return NT_STATUS(VOLUME_NOT_UPGRADED);
	}
	return any == 0 ? NT_STATUS_OK : file_check_access(f, any);
}

static NTSTATUS answer(struct fsa_io *io, const uint8_t id[OBJECT_ID_SIZE])
{
	struct fsa_fsctl *c = &io->u.fsctl;

	c->out.data = talloc_memdup(c->mem_ctx, id, OBJECT_ID_SIZE);
	if (c->out.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->out.length = OBJECT_ID_SIZE;
	return NT_STATUS_OK;
}

NTSTATUS object_id_get(struct fsa_io *io)
{
	uint8_t id[OBJECT_ID_SIZE];
	NTSTATUS status = check(io, false, 0);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (io->u.fsctl.max_out < OBJECT_ID_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = read_id(io->file, id);
	return NT_STATUS_IS_OK(status) ? answer(io, id) : status;
}

/* ObjectId, BirthVolumeId, BirthObjectId, DomainId */
static NTSTATUS create_locked(void *private_data)
{
	struct change *c = private_data;
	struct guid fresh = guid_random();
	NTSTATUS status = read_id(c->f, c->id);

	if (!NT_STATUS_IS(status, OBJECTID_NOT_FOUND)) {
		return status;
	}
	memcpy(c->id, fresh.bytes, 16);
	memcpy(c->id + 16, c->volume, 16);
	memcpy(c->id + 32, fresh.bytes, 16);
	memset(c->id + 48, 0, 16);
	return write_id(c->f, c->id, sizeof(c->id));
}

static NTSTATUS find_volume_id(struct fsa_volume *v,
			       uint8_t out[OBJECT_ID_SIZE])
{
	struct fsa_volume_info info;
	NTSTATUS status = v->driver->volume_info(v->mount, &info);

	return NT_STATUS_IS_OK(status)
		       ? object_id_get_volume(v, info.object_id, out)
		       : status;
}

NTSTATUS object_id_create_or_get(struct fsa_io *io)
{
	struct change c = {.f = io->file};
	NTSTATUS status = check(io, false, 0);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (io->u.fsctl.max_out < OBJECT_ID_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = read_id(c.f, c.id);
	if (NT_STATUS_IS(status, OBJECTID_NOT_FOUND)) {
		status = check(io, true, 0);
		if (NT_STATUS_IS_OK(status)) {
			status = find_volume_id(io->volume, c.volume);
		}
		if (NT_STATUS_IS_OK(status)) {
			status = share_locked(c.f, create_locked, &c);
		}
	}
	return NT_STATUS_IS_OK(status) ? answer(io, c.id) : status;
}

/* 2.1.5.10.35 names no right but the privilege, [MS-FSCC] 2.3.78 both. */
static NTSTATUS set_locked(void *private_data)
{
	struct change *c = private_data;
	NTSTATUS status = read_id(c->f, c->id);

	if (NT_STATUS_IS_OK(status)) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return NT_STATUS_IS(status, OBJECTID_NOT_FOUND)
		       ? write_id(c->f, c->all, OBJECT_ID_SIZE)
		       : status;
}

NTSTATUS object_id_set(struct fsa_io *io)
{
	struct change c = {.f = io->file, .all = io->u.fsctl.in.data};
	NTSTATUS status;

	if (io->u.fsctl.in.length != OBJECT_ID_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = check(io, true, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES);
	if (NT_STATUS_IS_OK(status) &&
	    (io->token->privileges & TOKEN_RESTORE) == 0) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_IS_OK(status) ? share_locked(c.f, set_locked, &c)
				       : status;
}

static NTSTATUS extend_locked(void *private_data)
{
	struct change *c = private_data;
	NTSTATUS status = read_id(c->f, c->id);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	memcpy(c->id + 16, c->extended, OBJECT_ID_SIZE - 16);
	return write_id(c->f, c->id, sizeof(c->id));
}

NTSTATUS object_id_set_extended(struct fsa_io *io)
{
	struct change c = {.f = io->file, .extended = io->u.fsctl.in.data};
	NTSTATUS status;

	if (io->u.fsctl.in.length != OBJECT_ID_SIZE - 16) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = check(io, true, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES);
	return NT_STATUS_IS_OK(status) ? share_locked(c.f, extend_locked, &c)
				       : status;
}

NTSTATUS object_id_delete(struct fsa_io *io)
{
	NTSTATUS status =
		check(io, true, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES);

	return NT_STATUS_IS_OK(status) ? write_id(io->file, NULL, 0) : status;
}
