/* fsa/compression.c - FSCTL_GET_COMPRESSION, FSCTL_SET_COMPRESSION ([MS-FSA]
 * 2.1.5.10.9, 2.1.5.10.30): whether the file system compresses a file; how is
 * its own business ([MS-FSCC] 2.3.67). */
#include "fsa/fsctl.h"
#include "fsa/notify.h"
#include "lib/wire.h"

#define COMPRESSION_FORMAT_NONE	   0
#define COMPRESSION_FORMAT_DEFAULT 1
#define COMPRESSION_FORMAT_LZNT1   2

/* INVALID_DEVICE_REQUEST where nothing is ever compressed. */
static NTSTATUS get_state(const struct fsa_file *f, bool *out)
{
	const struct fsa_driver *d = driver_of(f);

	return f->stream != NULL || d->get_compressed == NULL
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : d->get_compressed(f->node, out);
}

/* Windows: where nothing can be compressed nothing is: smb2.ioctl.
 * compress_notsup_get, and ReFS. */
NTSTATUS fsa_get_compression(struct fsa_io *io)
{
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_writer w = wire_writer(c->mem_ctx, 2);
	bool compressed = false;
	NTSTATUS status;

	if (c->max_out < 2) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = get_state(io->file, &compressed);
	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		return status;
	}
	wire_put_u16(&w, compressed ? COMPRESSION_FORMAT_LZNT1
				    : COMPRESSION_FORMAT_NONE);
	return wire_finish(&w, &c->out);
}

/* Windows: NOT_SUPPORTED where nothing can be compressed
 * (smb2.ioctl.compress_notsup_set, and ReFS: note <130>). */
NTSTATUS fsa_set_compression(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	uint16_t state = wire_u16(&in);
	bool wanted = state != COMPRESSION_FORMAT_NONE;
	bool compressed;
	NTSTATUS status = file_check_access(f, FILE_WRITE_DATA);

	if (!wire_ok(&in) || state > COMPRESSION_FORMAT_LZNT1) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = get_state(f, &compressed);
	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		return wanted ? NT_STATUS(NOT_SUPPORTED) : NT_STATUS_OK;
	}
	if (!NT_STATUS_IS_OK(status) || compressed == wanted) {
		return status;
	}
	status = driver_of(f)->set_compressed(f->node, wanted);
	if (NT_STATUS_IS_OK(status)) {
		fsa_notify_modified(f, FILE_NOTIFY_CHANGE_ATTRIBUTES);
	}
	return status;
}

NTSTATUS fsa_keep_uncompressed(struct fsa_node *n, struct fsa_stat *st)
{
	const struct fsa_driver *d = n->mount->driver;
	bool compressed = false;
	NTSTATUS status;

	if (d->get_compressed == NULL || n->of != NULL ||
	    !NT_STATUS_IS_OK(d->get_compressed(n, &compressed)) ||
	    !compressed) {
		return NT_STATUS_OK;
	}
	status = d->set_compressed(n, false);
	return NT_STATUS_IS_OK(status) ? d->stat(n, st) : status;
}
