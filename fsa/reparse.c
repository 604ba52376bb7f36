/* fsa/reparse.c - FSCTL_GET_REPARSE_POINT, FSCTL_SET_REPARSE_POINT and
 * FSCTL_DELETE_REPARSE_POINT ([MS-FSA] 2.1.5.10.14, 2.1.5.10.37, 2.1.5.10.3),
 * and opening what is a reparse point.
 *
 * The driver keeps the whole buffer.  It is of no meaning here, but that of a
 * symlink, which the driver makes a symlink of its file system if it has any;
 * Unix programs and the server's own look-ups follow that then. */
#include "fsa/reparse.h"

#include <string.h>
#include <strings.h>

#include "fsa/notify.h"
#include "lib/reparse.h"
#include "lib/utf16.h"
#include "lib/wire.h"

/* --- opening ------------------------------------------------------------- */

/* What of a name comes after so many components, or all there are. */
static const char *rest_of(const struct fsa_create *args,
			   unsigned int components)
{
	const char *ends = args->posix ? "\\" : "\\:";
	const char *rest = args->name;

	for (unsigned int i = 0; i < components; i++) {
		const char *next = rest + strspn(rest, "\\");
		size_t length = strcspn(next, ends);

		if (length == 0) {
			break;
		}
		rest = next + length;
	}
	return rest;
}

/* To a POSIX open the components of a target are separated as on Linux. */
static const char *target_for(TALLOC_CTX *mem_ctx, const char *target,
			      bool posix)
{
	char *copy = talloc_strdup(mem_ctx, target);

	for (char *p = copy; posix && p != NULL && *p != '\0'; p++) {
		*p = *p == '\\' ? '/' : *p;
	}
	return copy;
}

void reparse_answer_stop(struct fsa_create *args, const struct fsa_stop *stop)
{
	args->symlink_unparsed = utf16_size(rest_of(args, stop->components));
	args->symlink_relative = stop->relative;
	args->symlink_target =
		args->mem_ctx == NULL || stop->target == NULL
			? NULL
			: target_for(args->mem_ctx, stop->target, args->posix);
}

static bool is_reparse_point(const struct fsa_stat *st)
{
	return (st->attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

/* A file that is a symlink by its record alone, as Samba makes them. */
static void answer_record(struct fsa_file *f, struct fsa_create *args)
{
	struct fsa_stop stop = {.components = UINT32_MAX};
	TALLOC_CTX *tmp = talloc_new(f);
	struct reparse_symlink link;
	struct reparse r;
	struct blob buffer;

	if (tmp != NULL &&
	    NT_STATUS_IS_OK(driver_of(f)->get_record(
		    tmp, file_node(f), FSA_RECORD_REPARSE, &buffer)) &&
	    NT_STATUS_IS_OK(reparse_decode(buffer, &r)) &&
	    NT_STATUS_IS_OK(reparse_symlink_decode(tmp, r.data, &link))) {
		stop.target = link.substitute;
		stop.relative = link.relative;
	}
	reparse_answer_stop(args, &stop);
	talloc_free(tmp);
}

NTSTATUS reparse_check_open(struct fsa_file *f, const struct fsa_stat *st,
			    struct fsa_create *args)
{
	if (!is_reparse_point(st) ||
	    (args->options & FILE_OPEN_REPARSE_POINT) != 0) {
		return NT_STATUS_OK;
	}
	if (st->reparse_tag != IO_REPARSE_TAG_SYMLINK) {
		return NT_STATUS(IO_REPARSE_TAG_NOT_HANDLED);
	}
	answer_record(f, args);
	return NT_STATUS(STOPPED_ON_SYMLINK);
}

/* --- what has no data ---------------------------------------------------- */

static NTSTATUS check_fsctl(uint32_t code)
{
	switch (code) {
	case FSCTL_GET_REPARSE_POINT:
	case FSCTL_SET_REPARSE_POINT:
	case FSCTL_DELETE_REPARSE_POINT:
	case FSCTL_IS_PATHNAME_VALID:
		return NT_STATUS_OK;
	default:
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
}

NTSTATUS reparse_check_no_data(const struct fsa_io *io)
{
	switch (io->op) {
	case FSA_READ:
		return NT_STATUS(END_OF_FILE);
	case FSA_WRITE:
	case FSA_COPY:
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	case FSA_SET_INFO:
		return io->u.set_info.info_class == FileEndOfFileInformation ||
				       io->u.set_info.info_class ==
					       FileAllocationInformation
			       ? NT_STATUS(INVALID_DEVICE_REQUEST)
			       : NT_STATUS_OK;
	case FSA_FSCTL:
		return check_fsctl(io->u.fsctl.code);
	default:
		return NT_STATUS_OK;
	}
}

/* --- extended attributes ------------------------------------------------- */

static bool is_lx_ea(const char *name)
{
	return strncasecmp(name, "$LX", 3) == 0;
}

NTSTATUS reparse_check_eas(const struct fsa_file *f, const struct fsa_ea *eas,
			   size_t count)
{
	struct fsa_stat st;
	NTSTATUS status = driver_of(f)->stat(file_node(f), &st);

	if (!NT_STATUS_IS_OK(status) || !is_reparse_point(&st)) {
		return status;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_lx_ea(eas[i].name)) {
			return NT_STATUS(EAS_NOT_SUPPORTED);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_has_no_eas(struct fsa_file *f)
{
	const struct fsa_driver *d = driver_of(f);
	struct fsa_ea *eas = NULL;
	size_t count = 0;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	if (!f->volume->eas || d->ea_size(f->node) == 0) {
		return NT_STATUS_OK;
	}
	tmp = talloc_new(f);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = d->get_eas(tmp, f->node, &eas, &count);
	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < count; i++) {
		if (!is_lx_ea(eas[i].name)) {
			status = NT_STATUS(EAS_NOT_SUPPORTED);
		}
	}
	talloc_free(tmp);
	return status;
}

/* --- what all three look at ---------------------------------------------- */

static NTSTATUS check_supported(const struct fsa_file *f)
{
	return driver_of(f)->get_record == NULL ||
			       driver_of(f)->set_record == NULL
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : NT_STATUS_OK;
}

/* [MS-FSCC] 2.3.5, 2.3.81: a file or directory, not a stream. */
static NTSTATUS check_handle(const struct fsa_file *f)
{
	return f->stream != NULL ? NT_STATUS(INVALID_PARAMETER) : NT_STATUS_OK;
}

static NTSTATUS check_change(const struct fsa_file *f)
{
	NTSTATUS status =
		file_check_access(f, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES);

	if (NT_STATUS_IS_OK(status) && f->volume->read_only) {
		status = NT_STATUS(MEDIA_WRITE_PROTECTED);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_supported(f);
	}
	return status;
}

/* Whether there is one with that tag; other makers' have a GUID as well. */
static NTSTATUS check_same(struct fsa_file *f, const struct fsa_stat *st,
			   const struct reparse *r)
{
	struct reparse now = {0};
	TALLOC_CTX *tmp;
	struct blob buffer = {0};
	NTSTATUS status;

	if (st->reparse_tag != r->tag) {
		return NT_STATUS(IO_REPARSE_TAG_MISMATCH);
	}
	if (reparse_is_microsoft(r->tag)) {
		return NT_STATUS_OK;
	}
	tmp = talloc_new(f);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = driver_of(f)->get_record(tmp, f->node, FSA_RECORD_REPARSE,
					  &buffer);
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_decode(buffer, &now);
	}
	if (NT_STATUS_IS_OK(status) && !guid_equal(&now.guid, &r->guid)) {
		status = NT_STATUS(REPARSE_ATTRIBUTE_CONFLICT);
	}
	talloc_free(tmp);
	return status;
}

static NTSTATUS done(struct fsa_file *f, NTSTATUS status)
{
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return NT_STATUS(VOLUME_NOT_UPGRADED);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!f->node->no_data) {
		file_mark_archive(f);
	}
	fsa_notify_modified(f, FILE_NOTIFY_CHANGE_ATTRIBUTES);
	return status;
}

/* --- getting ------------------------------------------------------------- */

static NTSTATUS buffer_for_posix(TALLOC_CTX *mem_ctx, struct blob *inout)
{
	struct reparse_symlink link;
	struct reparse r;
	NTSTATUS status = reparse_decode(*inout, &r);

	if (NT_STATUS_IS_OK(status)) {
		status = reparse_symlink_decode(mem_ctx, r.data, &link);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	link.substitute = target_for(mem_ctx, link.substitute, true);
	link.print = link.substitute;
	return link.substitute == NULL
		       ? NT_STATUS(NO_MEMORY)
		       : reparse_symlink_encode(mem_ctx, &link, inout);
}

NTSTATUS fsa_get_reparse_point(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	struct blob buffer = {0};
	struct fsa_stat st;
	NTSTATUS status = check_supported(f);

	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(file_node(f), &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!is_reparse_point(&st)) {
		return NT_STATUS(NOT_A_REPARSE_POINT);
	}
	if (c->max_out < (reparse_is_microsoft(st.reparse_tag)
				  ? REPARSE_HEADER
				  : REPARSE_GUID_HEADER)) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	status = driver_of(f)->get_record(c->mem_ctx, file_node(f),
					  FSA_RECORD_REPARSE, &buffer);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS_IS(status, NOT_FOUND)
			       ? NT_STATUS(NOT_A_REPARSE_POINT)
			       : status;
	}
	if (f->posix && st.reparse_tag == IO_REPARSE_TAG_SYMLINK) {
		status = buffer_for_posix(c->mem_ctx, &buffer);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	c->out = buffer;
	if (buffer.length > c->max_out) {
		c->out.length = c->max_out;
		return NT_STATUS(BUFFER_OVERFLOW);
	}
	return NT_STATUS_OK;
}

/* --- setting ------------------------------------------------------------- */

/* What can be said of the buffer alone. */
static NTSTATUS check_buffer(TALLOC_CTX *mem_ctx, const struct reparse *r,
			     struct reparse_symlink *out_link)
{
	switch (r->tag) {
	case 0: /* reserved: [MS-FSCC] 2.3.82 */
	case 1:
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	case IO_REPARSE_TAG_MOUNT_POINT:
		return reparse_mount_point_check(r->data);
	case IO_REPARSE_TAG_SYMLINK:
		return reparse_symlink_decode(mem_ctx, r->data, out_link);
	default:
		return NT_STATUS_OK;
	}
}

static NTSTATUS check_file(struct fsa_file *f, const struct fsa_stat *st,
			   const struct reparse *r)
{
	NTSTATUS status = NT_STATUS_OK;

	if (r->tag == IO_REPARSE_TAG_MOUNT_POINT && !st->directory) {
		return NT_STATUS(NOT_A_DIRECTORY);
	}
	if (*f->name == '\0') { /* the share itself */
		return NT_STATUS(ACCESS_DENIED);
	}
	if (f->node->directory) {
		status = driver_of(f)->check_empty(f->node);
	} else if (r->tag == IO_REPARSE_TAG_SYMLINK && st->end_of_file != 0) {
		status = NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = is_reparse_point(st) ? check_same(f, st, r)
					      : check_has_no_eas(f);
	}
	return status;
}

/* One that is a symlink by its record stays that. */
static NTSTATUS set_symlink(struct fsa_file *f, const struct fsa_stat *st,
			    const struct reparse_symlink *link,
			    struct blob buffer)
{
	const struct fsa_driver *d = driver_of(f);
	NTSTATUS status = NT_STATUS(NOT_SUPPORTED);

	if (d->make_symlink != NULL &&
	    (!is_reparse_point(st) || f->node->no_data)) {
		status = d->make_symlink(f->node, link->substitute,
					 link->relative);
	}
	return NT_STATUS_IS(status, NOT_SUPPORTED)
		       ? d->set_record(f->node, FSA_RECORD_REPARSE, buffer)
		       : status;
}

static NTSTATUS set_checked(struct fsa_io *io, TALLOC_CTX *tmp)
{
	struct fsa_file *f = io->file;
	struct blob buffer = io->u.fsctl.in;
	struct reparse_symlink link = {0};
	struct reparse r;
	struct fsa_stat st;
	NTSTATUS status = reparse_decode(buffer, &r);

	if (NT_STATUS_IS_OK(status)) {
		status = check_buffer(tmp, &r, &link);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_handle(f);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_file(f, &st, &r);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_encode(tmp, &r, &buffer);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return r.tag == IO_REPARSE_TAG_SYMLINK
		       ? set_symlink(f, &st, &link, buffer)
		       : driver_of(f)->set_record(f->node, FSA_RECORD_REPARSE,
						  buffer);
}

NTSTATUS fsa_set_reparse_point(struct fsa_io *io)
{
	TALLOC_CTX *tmp = talloc_new(io->file);
	NTSTATUS status =
		tmp == NULL ? NT_STATUS(NO_MEMORY) : check_change(io->file);

	if (NT_STATUS_IS_OK(status)) {
		status = done(io->file, set_checked(io, tmp));
	}
	talloc_free(tmp);
	return status;
}

/* --- deleting ------------------------------------------------------------ */

/* [MS-FSCC] 2.3.6: a header without data, with the GUID that the tag needs. */
static NTSTATUS decode_header(struct blob in, struct reparse *out)
{
	struct wire_reader r = wire_reader(in.data, in.length);
	uint32_t tag = wire_u32(&r);

	if (wire_ok(&r) && (tag == 0 || tag == 1)) {
		return NT_STATUS(IO_REPARSE_TAG_INVALID);
	}
	/* Microsoft's may come with a GUID, which is of no use. */
	if (reparse_is_microsoft(tag) && in.length == REPARSE_GUID_HEADER) {
		in.length = REPARSE_HEADER;
	}
	if (in.length > REPARSE_GUID_HEADER) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	return reparse_decode(in, out);
}

NTSTATUS fsa_delete_reparse_point(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct reparse r;
	struct fsa_stat st;
	NTSTATUS status = check_change(f);

	if (NT_STATUS_IS_OK(status)) {
		status = decode_header(io->u.fsctl.in, &r);
	}
	if (NT_STATUS_IS_OK(status) && r.data.length != 0) {
		status = NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_handle(f);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = is_reparse_point(&st) ? check_same(f, &st, &r)
					       : NT_STATUS(NOT_A_REPARSE_POINT);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = done(f, driver_of(f)->set_record(f->node,
							  FSA_RECORD_REPARSE,
							  (struct blob){0}));
	}
	return status;
}
