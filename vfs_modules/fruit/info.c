/* vfs_modules/fruit/info.c - AFP_AfpInfo: 60 bytes, of which the Finder info
 * and the backup date are kept.  It is read and written as a whole. */
#include <string.h>

#include "lib/nttime.h"
#include "vfs_modules/fruit/fruit.h"

#define SIGNATURE_SIZE 3

/* --- as a record ------------------------------------------------------------
 */

static NTSTATUS record_get(const struct fruit *f, struct fsa_node *file,
			   uint8_t finder[FINDER_INFO_SIZE],
			   uint32_t *out_backup)
{
	struct blob value = {0};
	NTSTATUS status = below_of(f)->get_record(NULL, file,
						  FSA_RECORD_NETATALK, &value);

	if (NT_STATUS_IS_OK(status) &&
	    !meta_get(value.data, value.length, finder, out_backup)) {
		status = NT_STATUS(NOT_FOUND);
	}
	talloc_free(value.data);
	return status;
}

/* The date that new metadata begin with. */
static uint32_t created(const struct fruit *f, struct fsa_node *file)
{
	struct fsa_stat st;
	struct timespec ts = {0};

	if (!NT_STATUS_IS_OK(below_of(f)->stat(file, &st))) {
		return NO_DATE;
	}
	ts = nttime_to_timespec(st.times.creation);
	return apple_date(ts.tv_sec);
}

/* What netatalk has besides stays. */
static NTSTATUS record_set(const struct fruit *f, struct fsa_node *file,
			   const uint8_t finder[FINDER_INFO_SIZE],
			   uint32_t backup)
{
	uint8_t new_meta[META_SIZE];
	uint8_t ignored[FINDER_INFO_SIZE];
	uint32_t old_backup;
	struct blob old = {0}, value;
	NTSTATUS status =
		below_of(f)->get_record(NULL, file, FSA_RECORD_NETATALK, &old);

	if (NT_STATUS_IS_OK(status) &&
	    meta_get(old.data, old.length, ignored, &old_backup)) {
		value = old;
	} else {
		meta_build(created(f, file), new_meta);
		value = (struct blob){.data = new_meta, .length = META_SIZE};
	}
	meta_set(value.data, value.length, finder, backup);
	if (finder_info_is_empty(finder)) {
		value.length = 0;
	}
	status = below_of(f)->set_record(file, FSA_RECORD_NETATALK, value);
	talloc_free(old.data);
	return status;
}

/* --- as a stream -------------------------------------------------------------
 */

static NTSTATUS stream_get(const struct fruit *f, struct fsa_node *file,
			   uint8_t finder[FINDER_INFO_SIZE],
			   uint32_t *out_backup)
{
	uint8_t info[AFP_INFO_SIZE] = {0};
	struct fsa_io io = {.op = FSA_READ,
			    .u.read = {.data = info,
				       .length = sizeof(info),
				       .at_once = true}};
	struct fsa_node *s = NULL;
	NTSTATUS status = below_of(f)->stream_open(NULL, file, INFO_STREAM, &s);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS(NOT_FOUND);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = below_of(f)->read(s, &io);
		talloc_free(s);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (io.u.read.nread != sizeof(info) ||
	     !afp_info_get(info, finder, out_backup))) {
		status = NT_STATUS(NOT_FOUND);
	}
	return status;
}

static NTSTATUS stream_write(const struct fruit *f, struct fsa_node *s,
			     const uint8_t finder[FINDER_INFO_SIZE],
			     uint32_t backup)
{
	uint8_t info[AFP_INFO_SIZE];
	struct fsa_io io = {.op = FSA_WRITE,
			    .u.write = {.data = info, .length = sizeof(info)}};

	afp_info_build(finder, backup, info);
	return below_of(f)->write(s, &io);
}

static NTSTATUS stream_set(const struct fruit *f, struct fsa_node *file,
			   const uint8_t finder[FINDER_INFO_SIZE],
			   uint32_t backup)
{
	bool empty = finder_info_is_empty(finder);
	struct fsa_node *s = NULL;
	NTSTATUS status = below_of(f)->stream_open(NULL, file, INFO_STREAM, &s);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		if (empty) {
			return NT_STATUS_OK;
		}
		status = below_of(f)->stream_make(NULL, file, INFO_STREAM, &s);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = empty ? below_of(f)->unlink(s)
			       : stream_write(f, s, finder, backup);
		talloc_free(s);
	}
	return status;
}

/* --- either ------------------------------------------------------------------
 */

static bool is_record(const struct fruit *f)
{
	return f->config->metadata == FRUIT_NETATALK &&
	       below_of(f)->get_record != NULL;
}

NTSTATUS fruit_info_get(const struct fruit *f, struct fsa_node *file,
			uint8_t finder[FINDER_INFO_SIZE], uint32_t *out_backup)
{
	return is_record(f) ? record_get(f, file, finder, out_backup)
			    : stream_get(f, file, finder, out_backup);
}

NTSTATUS fruit_info_set(const struct fruit *f, struct fsa_node *file,
			const uint8_t finder[FINDER_INFO_SIZE], uint32_t backup)
{
	return is_record(f) ? record_set(f, file, finder, backup)
			    : stream_set(f, file, finder, backup);
}

/* --- the open ----------------------------------------------------------------
 */

bool fruit_info_is_there(struct fruit_node *n)
{
	uint8_t finder[FINDER_INFO_SIZE];
	uint32_t backup;

	return NT_STATUS_IS_OK(
		fruit_info_get(n->fruit, n->base.of, finder, &backup));
}

/* What was made and not written reads as one of zeros.  macOS means the whole
 * of it wherever it says it reads, and so does vfs_fruit; the end is one byte
 * late there, too. */
NTSTATUS fruit_info_read(struct fruit_node *n, struct fsa_read *r)
{
	uint8_t finder[FINDER_INFO_SIZE] = {0};
	uint8_t info[AFP_INFO_SIZE];
	uint32_t backup = NO_DATE;
	NTSTATUS status = fruit_info_get(n->fruit, n->base.of, finder, &backup);

	r->nread = 0;
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	afp_info_build(finder, backup, info);
	if (r->offset <= sizeof(info)) {
		r->nread = r->length < sizeof(info) ? r->length : sizeof(info);
		memcpy(r->data, info, r->nread);
	}
	return NT_STATUS_OK;
}

/* As a whole, wherever it is said to be; or the beginning of it, as long as the
 * signature is in it. */
static bool is_writable(const struct fsa_write *w)
{
	return (w->length >= AFP_INFO_SIZE ||
		(w->offset == 0 && w->length >= SIGNATURE_SIZE)) &&
	       memcmp(w->data, "AFP", SIGNATURE_SIZE) == 0;
}

NTSTATUS fruit_info_write(struct fruit_node *n, struct fsa_write *w)
{
	uint8_t finder[FINDER_INFO_SIZE] = {0};
	uint8_t info[AFP_INFO_SIZE];
	uint32_t backup = NO_DATE;
	uint32_t length = w->length < sizeof(info) ? w->length : sizeof(info);
	NTSTATUS status = fruit_info_get(n->fruit, n->base.of, finder, &backup);

	w->nwritten = 0;
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	if (!is_writable(w)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	afp_info_build(finder, backup, info);
	memcpy(info, w->data, length);
	if (!afp_info_get(info, finder, &backup)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = fruit_info_set(n->fruit, n->base.of, finder, backup);
	if (NT_STATUS_IS_OK(status)) {
		n->fresh = finder_info_is_empty(finder);
		w->nwritten = w->length;
	}
	return status;
}

/* It has one size, and keeps it. */
NTSTATUS fruit_info_set_size(uint64_t size)
{
	return size > AFP_INFO_SIZE ? NT_STATUS(ALLOTTED_SPACE_EXCEEDED)
				    : NT_STATUS_OK;
}

NTSTATUS fruit_info_remove(struct fruit_node *n)
{
	static const uint8_t none[FINDER_INFO_SIZE];

	return fruit_info_set(n->fruit, n->base.of, none, NO_DATE);
}
