/* vfs_modules/fruit/convert.c - AppleDouble files that macOS has written to a
 * server without streams ("._NAME": Finder info, extended attributes, the
 * resource fork) become what this server keeps, when somebody looks for the
 * streams of NAME who may write to it:
 *
 *   extended attributes   streams of their names
 *   Finder info           AFP_AfpInfo
 *   the resource fork     AFP_Resource: a stream, or it stays in the file,
 * right behind the header that fork.c writes
 *
 * What the file has already is not touched. */
#include <string.h>

#include "vfs_modules/fruit/fruit.h"

/* Finder info with attributes: macOS writes 4 KiB, or somewhat more. */
#define MAX_HEAD 131072u
#define PIECE	 65536u

struct conversion {
	struct fruit *f;
	struct fsa_node *file;
	struct fsa_node *store; /* the ._ file */
	uint64_t size;		/* of it */
	uint8_t *head;		/* its beginning */
	uint32_t length;	/* of head */
	struct apple_double ad;
	NTSTATUS status;
};

static NTSTATUS read_at(const struct fsa_driver *d, struct fsa_node *n,
			uint64_t offset, uint8_t *data, uint32_t *length)
{
	struct fsa_io io = {.op = FSA_READ,
			    .u.read = {.offset = offset,
				       .data = data,
				       .length = *length,
				       .at_once = true}};
	NTSTATUS status = d->read(n, &io);

	*length = io.u.read.nread;
	return status;
}

static NTSTATUS write_at(const struct fsa_driver *d, struct fsa_node *n,
			 uint64_t offset, const uint8_t *data, uint32_t length)
{
	struct fsa_io io = {
		.op = FSA_WRITE,
		.u.write = {.offset = offset, .data = data, .length = length}};

	return d->write(n, &io);
}

/* --- attributes -------------------------------------------------------------
 */

/* Characters that no stream's name can have, as macOS has them on NTFS; unless
 * that is done where names are translated. */
static char *stream_name(TALLOC_CTX *mem_ctx, const struct fruit *f,
			 const char *attr)
{
	static const char illegal[] = "\"*:<>?\\|";
	char *out = talloc_strdup(mem_ctx, f->native ? attr : "");

	if (f->native) {
		return out;
	}

	for (; out != NULL && *attr != '\0'; attr++) {
		const char *found = strchr(illegal, *attr);
		unsigned int c = (uint8_t)*attr;

		if (found != NULL) {
			c = 0x20 + (unsigned int)(found - illegal);
		} else if (c >= 0x20) {
			out = talloc_strndup_append(out, attr, 1);
			continue;
		}
		/* U+F000 + c */
		out = talloc_asprintf_append(out, "\xEF\x80%c", 0x80 + c);
	}
	return out;
}

static NTSTATUS make_stream(const struct conversion *c, const char *name,
			    const uint8_t *data, size_t size)
{
	const struct fsa_driver *d = below_of(c->f);
	struct fsa_node *s = NULL;
	NTSTATUS status = d->stream_make(NULL, c->file, name, &s);

	if (NT_STATUS_IS(status, OBJECT_NAME_COLLISION)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = write_at(d, s, 0, data, (uint32_t)size);
		talloc_free(s);
	}
	return status;
}

static bool take_attr(void *private_data, const char *name, const uint8_t *data,
		      size_t size)
{
	struct conversion *c = private_data;
	char *stream = stream_name(NULL, c->f, name);

	c->status = stream == NULL ? NT_STATUS(NO_MEMORY)
				   : make_stream(c, stream, data, size);
	talloc_free(stream);
	return NT_STATUS_IS_OK(c->status);
}

/* --- Finder info
 * -------------------------------------------------------------- */

static NTSTATUS convert_finder_info(const struct conversion *c)
{
	const uint8_t *finder = c->head + c->ad.finder.offset;
	uint8_t old[FINDER_INFO_SIZE];
	uint32_t backup;

	if (c->ad.finder.length == 0 || finder_info_is_empty(finder) ||
	    !NT_STATUS_IS(fruit_info_get(c->f, c->file, old, &backup),
			  NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	return fruit_info_set(c->f, c->file, finder, NO_DATE);
}

/* --- the resource fork
 * ----------------------------------------------------------
 */

static bool is_blank(const struct conversion *c)
{
	uint8_t bytes[BLANK_FORK_SIZE];
	uint32_t n = sizeof(bytes);

	return c->ad.fork.length == BLANK_FORK_SIZE &&
	       NT_STATUS_IS_OK(read_at(below_of(c->f), c->store,
				       c->ad.fork.offset, bytes, &n)) &&
	       fork_is_blank(bytes, n);
}

/* length bytes of the fork to where they are to be; piece by piece, and from
 * the beginning, so that they may move downwards in one file. */
static NTSTATUS move_fork(const struct conversion *c, struct fsa_node *to,
			  uint64_t offset, uint32_t length)
{
	const struct fsa_driver *d = below_of(c->f);
	uint8_t *buffer = talloc_size(NULL, PIECE);
	uint32_t done = 0;
	NTSTATUS status = buffer == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;

	while (NT_STATUS_IS_OK(status) && done < length) {
		uint32_t n = length - done < PIECE ? length - done : PIECE;

		status = read_at(d, c->store, c->ad.fork.offset + done, buffer,
				 &n);
		if (NT_STATUS_IS_OK(status) && n == 0) {
			status = NT_STATUS(END_OF_FILE);
		}
		if (NT_STATUS_IS_OK(status)) {
			status = write_at(d, to, offset + done, buffer, n);
			done += n;
		}
	}
	talloc_free(buffer);
	return status;
}

static NTSTATUS fork_to_stream(const struct conversion *c, uint32_t length)
{
	const struct fsa_driver *d = below_of(c->f);
	struct fsa_node *s = NULL;
	NTSTATUS status = NT_STATUS_OK;

	if (length > 0) {
		status = d->stream_make(NULL, c->file, FORK_STREAM, &s);
		if (NT_STATUS_IS_OK(status)) {
			status = move_fork(c, s, 0, length);
			talloc_free(s);
		}
	}
	return NT_STATUS_IS_OK(status) ||
			       NT_STATUS_IS(status, OBJECT_NAME_COLLISION)
		       ? d->unlink(c->store)
		       : status;
}

/* The file as fork.c writes it. */
static NTSTATUS fork_stays(const struct conversion *c, uint32_t length)
{
	const struct fsa_driver *d = below_of(c->f);
	uint8_t header[FORK_HEADER_SIZE];
	NTSTATUS status;

	if (length == 0 && c->f->config->delete_empty) {
		return d->unlink(c->store);
	}
	if (length > 0 && c->ad.fork.offset < FORK_HEADER_SIZE) {
		return NT_STATUS_OK; /* nothing that macOS writes */
	}
	status = move_fork(c, c->store, FORK_HEADER_SIZE, length);
	fork_header_build(length, header);
	if (NT_STATUS_IS_OK(status)) {
		status = write_at(d, c->store, 0, header, sizeof(header));
	}
	return NT_STATUS_IS_OK(status)
		       ? d->set_size(c->store, FORK_HEADER_SIZE + length)
		       : status;
}

/* --- when and what
 * -------------------------------------------------------------- */

/* There is something that is kept elsewhere here. */
static bool is_needed(const struct conversion *c)
{
	const struct apple_double_part *finder = &c->ad.finder;

	if (finder->offset + (uint64_t)finder->length > c->length) {
		return false;
	}
	return c->f->config->resource == FRUIT_STREAM ||
	       finder->length > FINDER_INFO_SIZE ||
	       (finder->length > 0 &&
		!finder_info_is_empty(c->head + finder->offset)) ||
	       (c->ad.fork.length == 0 && c->f->config->delete_empty) ||
	       (c->f->config->wipe_blank_fork && is_blank(c));
}

static bool may_convert(const struct conversion *c)
{
	const struct fsa_driver *d = below_of(c->f);
	uint32_t needs = FILE_WRITE_DATA | FILE_WRITE_EA;

	return !c->f->read_only && (d->rights(c->file) & needs) == needs;
}

static void convert(struct conversion *c)
{
	const struct fsa_driver *d = below_of(c->f);
	uint32_t length = c->ad.fork.length;

	c->status = d->upgrade(c->store, FILE_READ_DATA | FILE_WRITE_DATA);
	if (NT_STATUS_IS_OK(c->status) &&
	    c->ad.finder.length > FINDER_INFO_SIZE) {
		apple_double_each_attr(c->head, c->length, &c->ad, take_attr,
				       c);
	}
	if (NT_STATUS_IS_OK(c->status)) {
		c->status = convert_finder_info(c);
	}
	if (!NT_STATUS_IS_OK(c->status)) {
		return;
	}
	if (c->f->config->wipe_blank_fork && is_blank(c)) {
		length = 0;
	}
	c->status = c->f->config->resource == FRUIT_STREAM
			    ? fork_to_stream(c, length)
			    : fork_stays(c, length);
}

static void look_at_double(TALLOC_CTX *tmp, struct conversion *c,
			   const char *path)
{
	const struct fsa_driver *d = below_of(c->f);
	const struct fsa_how how = {.path = path, .access = FILE_READ_DATA};
	struct fsa_stat st;

	if (!NT_STATUS_IS_OK(d->open(tmp, c->f->cover.mount_below, &how,
				     &c->store, &st)) ||
	    st.directory) {
		return;
	}
	c->size = st.end_of_file;
	c->length = c->size < MAX_HEAD ? (uint32_t)c->size : MAX_HEAD;
	c->head = talloc_size(tmp, c->length + 1);
	if (c->head != NULL &&
	    NT_STATUS_IS_OK(read_at(d, c->store, 0, c->head, &c->length)) &&
	    apple_double_parse(c->head, c->length, c->size, &c->ad) &&
	    is_needed(c) && may_convert(c)) {
		convert(c);
	}
}

void fruit_convert(struct fruit *f, struct fsa_node *file)
{
	struct conversion c = {.f = f, .file = file};
	TALLOC_CTX *tmp;
	char *path;

	if (!f->config->convert) {
		return;
	}
	tmp = talloc_new(NULL);
	path = tmp == NULL ? NULL : fruit_double_path(tmp, f, file);
	if (path != NULL) {
		look_at_double(tmp, &c, path);
	}
	talloc_free(tmp);
}
