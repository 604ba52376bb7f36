/* vfs_modules/fruit/fruit.c - the filter `fruit`: which operations are for the
 * streams of macOS, and what else must know of them. */
#include "vfs_modules/fruit/fruit.h"

#include <string.h>
#include <strings.h>

#include "lib/log.h"

static struct fruit *find_fruit(const struct fsa_node *n)
{
	return (struct fruit *)(void *)fsa_cover_find(n, &fsa_fruit_filter);
}

/* An open of ours, or NULL. */
static struct fruit_node *own(struct fsa_node *n)
{
	return n->of != NULL && fsa_cover_owns(&find_fruit(n)->cover, n)
		       ? fruit_node(n)
		       : NULL;
}

static const struct fsa_driver *below(const struct fsa_node *n)
{
	return below_of(find_fruit(n));
}

static bool is_macos(const struct fruit *f)
{
	return f->macos != NULL && *f->macos;
}

/* --- finding and making -------------------------------------------------- */

enum kind {
	KIND_INFO,
	KIND_FORK,
	KIND_OTHER
};

static enum kind kind_of(const char *stream)
{
	if (strcasecmp(stream, INFO_STREAM) == 0) {
		return KIND_INFO;
	}
	return strcasecmp(stream, FORK_STREAM) == 0 ? KIND_FORK : KIND_OTHER;
}

static struct fruit_node *new_node(TALLOC_CTX *mem_ctx, struct fruit *f,
				   struct fsa_node *file, enum kind kind)
{
	struct fruit_node *n = talloc(mem_ctx, struct fruit_node);

	if (n != NULL) {
		*n = (struct fruit_node){
			.base = {.mount = &f->cover.mount,
				 .device = file->device,
				 .inode = file->inode,
				 .of = file,
				 .proven = file->proven},
			.fruit = f,
			.is_fork = kind == KIND_FORK,
		};
	}
	return n;
}

static NTSTATUS find_own(struct fruit_node *n)
{
	if (n->is_fork) {
		return fruit_fork_find(n);
	}
	return fruit_info_is_there(n) ? NT_STATUS_OK
				      : NT_STATUS(OBJECT_NAME_NOT_FOUND);
}

/* To macOS a stream that is empty is not there: so it deletes one. */
static NTSTATUS open_other(TALLOC_CTX *mem_ctx, struct fruit *f,
			   struct fsa_node *file, const char *name,
			   struct fsa_node **out)
{
	struct fsa_node *n = NULL;
	struct fsa_stat st = {0};
	NTSTATUS status = below_of(f)->stream_open(mem_ctx, file, name, &n);

	if (NT_STATUS_IS_OK(status) && is_macos(f)) {
		status = below_of(f)->stat(n, &st);
		if (NT_STATUS_IS_OK(status) && st.end_of_file == 0) {
			status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	*out = n;
	return status;
}

static NTSTATUS make_other(TALLOC_CTX *mem_ctx, struct fruit *f,
			   struct fsa_node *file, const char *name,
			   struct fsa_node **out)
{
	struct fsa_node *there = NULL;
	NTSTATUS status;

	status = below_of(f)->stream_make(mem_ctx, file, name, out);
	if (!NT_STATUS_IS(status, OBJECT_NAME_COLLISION) || !is_macos(f)) {
		return status;
	}
	if (NT_STATUS_IS_OK(open_other(mem_ctx, f, file, name, &there))) {
		talloc_free(there);
		return status;
	}
	return below_of(f)->stream_open(mem_ctx, file, name, out);
}

static NTSTATUS fruit_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				  const char *name, struct fsa_node **out)
{
	struct fruit *f = find_fruit(file);
	enum kind kind = kind_of(name);
	struct fruit_node *n;
	NTSTATUS status;

	fruit_convert(f, file);
	if (kind == KIND_OTHER) {
		return open_other(mem_ctx, f, file, name, out);
	}
	n = new_node(mem_ctx, f, file, kind);
	if (n == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = find_own(n);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	*out = &n->base;
	return status;
}

static NTSTATUS fruit_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				  const char *name, struct fsa_node **out)
{
	struct fruit *f = find_fruit(file);
	enum kind kind = kind_of(name);
	struct fruit_node *n;
	NTSTATUS status;

	if (kind == KIND_OTHER) {
		return make_other(mem_ctx, f, file, name, out);
	}
	if (kind == KIND_FORK && file->directory) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	n = new_node(mem_ctx, f, file, kind);
	if (n == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = find_own(n);
	if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		talloc_free(n);
		return NT_STATUS_IS_OK(status)
			       ? NT_STATUS(OBJECT_NAME_COLLISION)
			       : status;
	}
	n->fresh = true;
	*out = &n->base;
	return NT_STATUS_OK;
}

/* --- listing -----------------------------------------------------------------
 */

struct listing {
	bool hides_empty;
	void (*take)(void *private_data, const struct fsa_stream_entry *e);
	void *private_data;
};

static void take_other(void *private_data, const struct fsa_stream_entry *e)
{
	const struct listing *l = private_data;

	if (l->hides_empty && e->end_of_file == 0) {
		return;
	}
	if (strcasecmp(e->name, ":" INFO_STREAM ":$DATA") != 0 &&
	    strcasecmp(e->name, ":" FORK_STREAM ":$DATA") != 0) {
		l->take(l->private_data, e);
	}
}

static void list_own(struct fruit *f, struct fsa_node *file,
		     const struct listing *l)
{
	struct fruit_node *n = new_node(NULL, f, file, KIND_INFO);
	struct fsa_stream_entry e = {.name = ":" INFO_STREAM ":$DATA",
				     .end_of_file = AFP_INFO_SIZE,
				     .allocation_size = 64};

	if (n != NULL && fruit_info_is_there(n)) {
		l->take(l->private_data, &e);
	}
	talloc_free(n);
	n = file->directory ? NULL : new_node(NULL, f, file, KIND_FORK);
	if (n != NULL &&
	    NT_STATUS_IS_OK(fruit_fork_get_size(n, &e.end_of_file,
						&e.allocation_size)) &&
	    e.end_of_file > 0) {
		e.name = ":" FORK_STREAM ":$DATA";
		l->take(l->private_data, &e);
	}
	talloc_free(n);
}

static NTSTATUS fruit_stream_each(
	struct fsa_node *file,
	void (*take)(void *private_data, const struct fsa_stream_entry *e),
	void *private_data)
{
	struct fruit *f = find_fruit(file);
	struct listing l = {.hides_empty = is_macos(f),
			    .take = take,
			    .private_data = private_data};
	NTSTATUS status;

	fruit_convert(f, file);
	status = below_of(f)->stream_each(file, take_other, &l);
	if (NT_STATUS_IS_OK(status)) {
		list_own(f, file, &l);
	}
	return status;
}

/* --- data --------------------------------------------------------------------
 */

static NTSTATUS fruit_read(struct fsa_node *n, struct fsa_io *io)
{
	struct fruit_node *s = own(n);

	if (s == NULL) {
		return below(n)->read(n, io);
	}
	return s->is_fork ? fruit_fork_read(s, io)
			  : fruit_info_read(s, &io->u.read);
}

static NTSTATUS fruit_write(struct fsa_node *n, struct fsa_io *io)
{
	struct fruit_node *s = own(n);

	if (s == NULL) {
		return below(n)->write(n, io);
	}
	return s->is_fork ? fruit_fork_write(s, io)
			  : fruit_info_write(s, &io->u.write);
}

static NTSTATUS fruit_flush(struct fsa_node *n, struct fsa_io *io)
{
	struct fruit_node *s = own(n);

	if (s == NULL) {
		return below(n)->flush(n, io);
	}
	if (!s->is_fork || s->store == NULL) {
		return NT_STATUS_OK;
	}
	return below(n)->flush(s->store, io);
}

static NTSTATUS fruit_set_size(struct fsa_node *n, uint64_t size)
{
	struct fruit_node *s = own(n);

	if (s == NULL) {
		return below(n)->set_size(n, size);
	}
	return s->is_fork ? fruit_fork_set_size(s, size)
			  : fruit_info_set_size(size);
}

static NTSTATUS fruit_reserve(struct fsa_node *n, uint64_t size)
{
	return own(n) != NULL ? NT_STATUS_OK : below(n)->reserve(n, size);
}

static NTSTATUS fruit_zero(struct fsa_node *n, const struct fsa_range *r,
			   bool sparse, struct fsa_io *io, uint64_t *done)
{
	return own(n) != NULL ? NT_STATUS(INVALID_DEVICE_REQUEST)
			      : below(n)->zero(n, r, sparse, io, done);
}

/* --- copies ------------------------------------------------------------------
 */

#define PIECE 65536u

/* One piece of ours, by any operations. */
static NTSTATUS copy_piece(struct fsa_node *from, struct fsa_node *to,
			   const struct fsa_range *r, uint64_t at,
			   uint8_t *buffer, uint64_t *done)
{
	uint64_t left = r->length - at;
	struct fsa_io io = {
		.op = FSA_READ,
		.u.read = {.offset = r->from + at,
			   .data = buffer,
			   .length = left < PIECE ? (uint32_t)left : PIECE,
			   .at_once = true}};
	NTSTATUS status = fruit_read(from, &io);
	uint32_t n = io.u.read.nread;

	if (!NT_STATUS_IS_OK(status) || n == 0) {
		return NT_STATUS_IS_OK(status) ? NT_STATUS(END_OF_FILE)
					       : status;
	}
	io.op = FSA_WRITE;
	io.u.write = (struct fsa_write){
		.offset = r->to + at, .data = buffer, .length = n};
	status = fruit_write(to, &io);
	if (NT_STATUS_IS_OK(status)) {
		*done += n;
	}
	return status;
}

static NTSTATUS fruit_copy(struct fsa_node *from, struct fsa_node *to,
			   const struct fsa_range *r, struct fsa_io *io,
			   uint64_t *done)
{
	uint64_t before = *done;
	uint8_t *buffer;
	NTSTATUS status = NT_STATUS_OK;

	if (own(from) == NULL && own(to) == NULL) {
		return below(from)->copy(from, to, r, io, done);
	}
	buffer = talloc_size(NULL, PIECE);
	if (buffer == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && *done - before < r->length) {
		status = copy_piece(from, to, r, *done - before, buffer, done);
	}
	talloc_free(buffer);
	return NT_STATUS_IS(status, END_OF_FILE) ? NT_STATUS_OK : status;
}

/* --- what is known of it
 * ------------------------------------------------------ */

static NTSTATUS fruit_stat(struct fsa_node *n, struct fsa_stat *out)
{
	struct fruit_node *s = own(n);
	struct fsa_stat st;
	NTSTATUS status;

	if (s == NULL) {
		return below(n)->stat(n, out);
	}
	status = below(n)->stat(n->of, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	st.end_of_file = AFP_INFO_SIZE;
	st.allocation_size = st.end_of_file;
	if (s->is_fork) {
		status = fruit_fork_get_size(s, &st.end_of_file,
					     &st.allocation_size);
	}
	st.directory = false;
	st.attributes &= ~(FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_NORMAL);
	if (st.attributes == 0) {
		st.attributes = FILE_ATTRIBUTE_NORMAL;
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = st;
	}
	return status;
}

static NTSTATUS fruit_set_basic(struct fsa_node *n, const struct fsa_basic *in)
{
	return below(n)->set_basic(own(n) != NULL ? n->of : n, in);
}

static uint32_t fruit_rights(struct fsa_node *n)
{
	return below(n)->rights(own(n) != NULL ? n->of : n);
}

static NTSTATUS fruit_keep_access_time(struct fsa_node *n, bool keep)
{
	return own(n) != NULL ? NT_STATUS_OK
			      : below(n)->keep_access_time(n, keep);
}

static bool fruit_is_linked(struct fsa_node *n)
{
	struct fruit_node *s = own(n);

	if (s == NULL) {
		return below(n)->is_linked(n);
	}
	return below(n)->is_linked(n->of) &&
	       (s->fresh || NT_STATUS_IS_OK(find_own(s)));
}

static const char *fruit_path(struct fsa_node *n)
{
	struct fruit_node *s = own(n);
	const char *file;

	if (s == NULL) {
		return below(n)->path(n);
	}
	file = below(n)->path(n->of);
	talloc_free(s->path);
	s->path = talloc_asprintf(s, "%s:%s", file,
				  s->is_fork ? FORK_STREAM : INFO_STREAM);
	return s->path != NULL ? s->path : file;
}

/* --- names
 * -------------------------------------------------------------------- */

static bool has_double(const struct fruit *f, const struct fsa_node *n)
{
	return n->of == NULL && f->config->resource == FRUIT_NETATALK;
}

/* --- ._ files that are left in a directory that goes ---------------------- */

static bool is_double(const struct fruit *f, const char *name)
{
	return f->config->veto_apple_double &&
	       f->config->resource == FRUIT_NETATALK &&
	       strncmp(name, "._", 2) == 0;
}

/* Calls each() for all entries, until one is not OK. */
static NTSTATUS for_entries(const struct fruit *f, struct fsa_node *dir,
			    NTSTATUS (*each)(const struct fruit *f,
					     struct fsa_node *dir,
					     const char *name))
{
	const struct fsa_driver *d = below_of(f);
	struct fsa_scan *scan = NULL;
	const char *name = NULL;
	NTSTATUS status = d->scan_open(NULL, dir, &scan);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	do {
		status = d->scan_next(scan, &name);
		if (NT_STATUS_IS_OK(status)) {
			status = each(f, dir, name);
		}
	} while (NT_STATUS_IS_OK(status));
	talloc_free(scan);
	return NT_STATUS_IS(status, NO_MORE_FILES) ? NT_STATUS_OK : status;
}

static NTSTATUS counts(const struct fruit *f, struct fsa_node *dir,
		       const char *name)
{
	return is_double(f, name) ? NT_STATUS_OK
				  : NT_STATUS(DIRECTORY_NOT_EMPTY);
}

static NTSTATUS remove_double(const struct fruit *f, struct fsa_node *dir,
			      const char *name)
{
	char *path =
		talloc_asprintf(NULL, "%s\\%s", below_of(f)->path(dir), name);

	if (path != NULL && is_double(f, name)) {
		fruit_double_remove(f, path);
	}
	talloc_free(path);
	return NT_STATUS_OK;
}

static NTSTATUS fruit_check_empty(struct fsa_node *n)
{
	struct fruit *f = find_fruit(n);
	NTSTATUS status = below_of(f)->check_empty(n);

	return NT_STATUS_IS(status, DIRECTORY_NOT_EMPTY)
		       ? for_entries(f, n, counts)
		       : status;
}

static NTSTATUS unlink_directory(struct fruit *f, struct fsa_node *n)
{
	NTSTATUS status = below_of(f)->unlink(n);

	if (!NT_STATUS_IS(status, DIRECTORY_NOT_EMPTY)) {
		return status;
	}
	status = for_entries(f, n, counts);
	if (NT_STATUS_IS_OK(status)) {
		status = for_entries(f, n, remove_double);
	}
	return NT_STATUS_IS_OK(status) ? below_of(f)->unlink(n) : status;
}

static NTSTATUS fruit_unlink(struct fsa_node *n)
{
	struct fruit_node *s = own(n);
	struct fruit *f = find_fruit(n);
	char *path;
	NTSTATUS status;

	if (s != NULL) {
		/* macOS empties a fork; to delete one means nothing to it. */
		return s->is_fork ? NT_STATUS_OK : fruit_info_remove(s);
	}
	path = has_double(f, n) ? fruit_double_path(NULL, f, n) : NULL;
	status = n->directory ? unlink_directory(f, n) : below_of(f)->unlink(n);
	if (NT_STATUS_IS_OK(status) && path != NULL) {
		fruit_double_remove(f, path);
	}
	talloc_free(path);
	return status;
}

static NTSTATUS fruit_rename(struct fsa_node *n, const char *path, bool replace)
{
	struct fruit *f = find_fruit(n);
	char *from, *to;
	NTSTATUS status;

	if (n->of != NULL) {
		return own(n) != NULL || kind_of(path) != KIND_OTHER
			       ? NT_STATUS(ACCESS_DENIED)
			       : below_of(f)->rename(n, path, replace);
	}
	from = has_double(f, n) ? fruit_double_path(NULL, f, n) : NULL;
	status = below_of(f)->rename(n, path, replace);
	if (NT_STATUS_IS_OK(status) && from != NULL) {
		to = fruit_double_path(from, f, n);
		if (to != NULL && strcmp(from, to) != 0) {
			fruit_double_move(f, from, to);
		}
	}
	talloc_free(from);
	return status;
}

/* A file that is overwritten loses its streams. */
static NTSTATUS fruit_strip(struct fsa_node *n)
{
	static const uint8_t none[FINDER_INFO_SIZE];
	struct fruit *f = find_fruit(n);
	char *path = has_double(f, n) ? fruit_double_path(NULL, f, n) : NULL;
	NTSTATUS status = below_of(f)->strip(n);

	if (NT_STATUS_IS_OK(status)) {
		status = fruit_info_set(f, n, none, NO_DATE);
	}
	if (NT_STATUS_IS_OK(status) && path != NULL) {
		fruit_double_remove(f, path);
	}
	talloc_free(path);
	return status;
}

/* --- what netatalk sees ----------------------------------------------------
 */

/* Of streams only the resource fork is something to netatalk that is opened. */
static NTSTATUS fruit_claim(struct fsa_node *n, uint32_t access, uint32_t share)
{
	struct fruit_node *s = own(n);

	if (n->of != NULL && (s == NULL || !s->is_fork)) {
		return NT_STATUS_OK;
	}
	return fruit_locking_claim(find_fruit(n), s == NULL ? n : n->of,
				   s != NULL, access, share);
}

static NTSTATUS fruit_lock(struct fsa_node *n, uint64_t offset, uint64_t length,
			   enum fsa_local_lock kind)
{
	return fruit_locking_lock(find_fruit(n), n, offset, length, kind);
}

static void put_locking(struct fruit *f, const char *share_name)
{
	struct fsa_driver *t = &f->cover.table;

	if (f->config->locking != FRUIT_LOCKING_NETATALK) {
		return;
	}
	if (f->config->metadata != FRUIT_NETATALK || t->lock == NULL ||
	    t->lock_test == NULL) {
		LOG_WARN(LOG_VFS,
			 "share %s: fruit:locking = netatalk has no effect "
			 "without fruit:metadata = netatalk and locks that "
			 "local programs see",
			 share_name);
		return;
	}
	t->claim = fruit_claim;
	t->lock = fruit_lock;
}

/* --- the filter
 * ---------------------------------------------------------------- */

/* What the driver below has not, is not there above either. */
static void put_operations(struct fsa_driver *t)
{
	t->stream_open = fruit_stream_open;
	t->stream_make = fruit_stream_make;
	t->stream_each = fruit_stream_each;
	t->read = fruit_read;
	t->write = fruit_write;
	t->flush = fruit_flush;
	t->set_size = fruit_set_size;
	t->reserve = fruit_reserve;
	t->zero = t->zero == NULL ? NULL : fruit_zero;
	t->copy = t->copy == NULL ? NULL : fruit_copy;
	t->stat = fruit_stat;
	t->set_basic = fruit_set_basic;
	t->rights = fruit_rights;
	t->keep_access_time =
		t->keep_access_time == NULL ? NULL : fruit_keep_access_time;
	t->is_linked = fruit_is_linked;
	t->path = fruit_path;
	t->check_empty = fruit_check_empty;
	t->unlink = fruit_unlink;
	t->rename = fruit_rename;
	t->strip = fruit_strip;
}

static const char *const own_streams[] = {INFO_STREAM, FORK_STREAM, NULL};

static bool has_catia(const struct fsa_volume_params *params)
{
	const char *const *name = params->filters;

	while (*name != NULL && strcasecmp(*name, "catia") != 0) {
		name++;
	}
	return *name != NULL;
}

static NTSTATUS fruit_cover(struct fsa_layer *l, const struct fsa_connect *c,
			    struct fsa_below *b)
{
	struct fruit *f;
	NTSTATUS status;

	if (b->driver->stream_open == NULL || b->driver->strip == NULL ||
	    !c->params->named_streams) {
		LOG_ERR(LOG_VFS, "share %s: fruit needs named streams",
			c->params->share_name);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	f = talloc_zero(l->volume, struct fruit);
	if (f == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	f->config = l->config;
	f->native = f->config->encoding == 1 && has_catia(c->params);
	if (f->config->encoding == 1 && !f->native) {
		LOG_WARN(LOG_VFS,
			 "share %s: fruit:encoding = native has no effect "
			 "without catia in vfs objects",
			 c->params->share_name);
	}
	f->macos = c->params->macos;
	f->read_only = c->params->read_only;
	fsa_volume_set_loose_streams(l->volume, own_streams);
	if (f->config->resource == FRUIT_NETATALK &&
	    f->config->veto_apple_double) {
		status = fsa_volume_veto(l->volume, "/._*/");
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	fsa_cover_init(&f->cover, &fsa_fruit_filter, b);
	put_operations(&f->cover.table);
	put_locking(f, c->params->share_name);
	return NT_STATUS_OK;
}

static const char *const metadata_words[] = {"netatalk", "stream", NULL};
static const char *const encoding_words[] = {"private", "native", NULL};
static const char *const locking_words[] = {"none", "netatalk", NULL};
static const char *const resource_words[] = {"file", "stream", NULL};

#define OPTION(n, t, m, i, ...)                                                \
	{                                                                      \
		.name = (n), .type = FSA_OPTION_##t,                           \
		.offset = offsetof(struct fruit_config, m), .initial = (i),    \
		__VA_ARGS__                                                    \
	}

static const struct fsa_option_def options[] = {
	OPTION("metadata", WORD, metadata, "netatalk", .words = metadata_words),
	OPTION("resource", WORD, resource, "file", .words = resource_words),
	OPTION("encoding", WORD, encoding, "private", .words = encoding_words),
	OPTION("locking", WORD, locking, "none", .words = locking_words),
	OPTION("veto_appledouble", BOOL, veto_apple_double, "yes"),
	OPTION("convert_adouble", BOOL, convert, "yes"),
	OPTION("wipe_intentionally_left_blank_rfork", BOOL, wipe_blank_fork,
	       "no"),
	OPTION("delete_empty_adfiles", BOOL, delete_empty, "no"),
	{.name = NULL},
};

const struct fsa_filter fsa_fruit_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "fruit",
	.options = options,
	.config_size = sizeof(struct fruit_config),
	.cover = fruit_cover,
};
