/* vfs_modules/shadow_copy/shadow_copy.c - previous versions: the filter that
 * opens files as they were when a snapshot was taken, and says which snapshots
 * there are ([MS-SMB2] 3.3.5.9.4, 3.3.5.15.1).
 *
 * A CREATE that asks for a time, by a time warp token or by an @GMT token as a
 * part of its name, is carried out on another volume: the snapshot's folder,
 * read only, with the share's other settings. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsa/filter.h"
#include "lib/wire.h"
#include "vfs_modules/shadow_copy/snapshot_time.h"
#include "vfs_modules/shadow_copy/snapshots.h"

/* Who asks for a time that is not there makes us look again this often. */
#define LOOK_AGAIN (NTTIME_SECOND)

#define OPEN_MAX_SNAPSHOTS 1024

struct shadow_options {
	const char *snapdir;
	const char *format;
	bool local;
};

/* A snapshot that was opened; until the share is left. */
struct opened {
	struct opened *next;
	time_t when;
	struct fsa_volume *volume;
};

struct shadow {
	struct fsa_server *server;
	struct fsa_volume_params params; /* of the snapshots' volumes */
	struct snapshot_options options;
	struct snapshot *list;
	size_t count;
	NTTIME looked; /* when the list was made */
	struct opened *opened;
	size_t num_opened;
};

/* --- which there are ------------------------------------------------------ */

static NTSTATUS look(struct shadow *s)
{
	struct snapshot *list = NULL;
	size_t count = 0;
	NTSTATUS status =
		snapshots_find(s, s->params.path, &s->options, &list, &count);

	if (NT_STATUS_IS_OK(status)) {
		talloc_free(s->list);
		s->list = list;
		s->count = count;
		s->looked = nttime_now();
	}
	return status;
}

static const struct snapshot *find_in_list(const struct shadow *s, time_t when)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->list[i].when == when) {
			return &s->list[i];
		}
	}
	return NULL;
}

/* OBJECT_NAME_NOT_FOUND: no snapshot of that time. */
static NTSTATUS find_snapshot(struct shadow *s, time_t when,
			      const struct snapshot **out)
{
	NTSTATUS status = NT_STATUS_OK;

	*out = find_in_list(s, when);
	if (*out == NULL && nttime_now() - s->looked > LOOK_AGAIN) {
		status = look(s);
		*out = find_in_list(s, when);
	}
	if (NT_STATUS_IS_OK(status) && *out == NULL) {
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	return status;
}

/* --- opening one ---------------------------------------------------------- */

/* Whether the volume is the folder fd: somebody may have put another in its
 * place after it was looked at. */
static bool is_folder(struct fsa_volume *v, int fd)
{
	const struct fsa_how how = {.path = ""};
	struct fsa_node *node;
	struct fsa_stat info;
	struct stat st;
	bool is;

	if (fstat(fd, &st) != 0 ||
	    !NT_STATUS_IS_OK(fsa_volume_driver(v)->open(v, fsa_volume_mount(v),
							&how, &node, &info))) {
		return false;
	}
	is = node->device == st.st_dev && node->inode == st.st_ino;
	talloc_free(node);
	return is;
}

static NTSTATUS open_volume(struct shadow *s, const struct snapshot *snapshot,
			    struct fsa_volume **out)
{
	int fd = snapshot_open(snapshot);
	struct fsa_volume *v;
	NTSTATUS status;

	if (fd == -1) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	s->params.path = snapshot->path;
	status = fsa_volume_open(s, s->server, &s->params, &v);
	if (NT_STATUS_IS_OK(status) && !is_folder(v, fd)) {
		talloc_free(v);
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	close(fd);
	if (NT_STATUS_IS_OK(status)) {
		*out = v;
	}
	return status;
}

static NTSTATUS volume_of(struct shadow *s, time_t when,
			  struct fsa_volume **out)
{
	const char *path = s->params.path;
	const struct snapshot *snapshot;
	struct opened *o = s->opened;
	NTSTATUS status;

	while (o != NULL && o->when != when) {
		o = o->next;
	}
	if (o != NULL) {
		*out = o->volume;
		return NT_STATUS_OK;
	}
	status = find_snapshot(s, when, &snapshot);
	if (NT_STATUS_IS_OK(status) && s->num_opened >= OPEN_MAX_SNAPSHOTS) {
		status = NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	o = talloc(s, struct opened);
	if (o == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = open_volume(s, snapshot, &o->volume);
	s->params.path = path;
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(o);
		return status;
	}
	o->when = when;
	o->next = s->opened;
	s->opened = o;
	s->num_opened++;
	*out = o->volume;
	return NT_STATUS_OK;
}

/* --- CREATE --------------------------------------------------------------- */

/* What up() puts back. */
struct was {
	struct fsa_volume *volume; /* NULL: nothing was changed */
	const char *name;
	NTTIME timewarp;
	char *without_token; /* NULL: there was none */
};

/* The first component of name that is a token; *out_rest is what follows. */
static const char *find_token(const char *name, time_t *out_when,
			      const char **out_rest)
{
	const char *s = name;

	for (;;) {
		size_t n = strcspn(s, "\\:");

		if (gmt_token_parse(s, n, out_when)) {
			*out_rest = s[n] == '\\' ? s + n + 1 : s + n;
			return s;
		}
		if (s[n] != '\\') {
			return NULL;
		}
		s += n + 1;
	}
}

/* "a\@GMT-...\b" is "a\b"; behind the last component no backslash is left. */
static char *without_token(TALLOC_CTX *mem_ctx, const char *name,
			   const char *token, const char *rest)
{
	size_t before = (size_t)(token - name);

	if ((*rest == '\0' || *rest == ':') && before > 0) {
		before--;
	}
	return talloc_asprintf(mem_ctx, "%.*s%s", (int)before, name, rest);
}

static NTSTATUS take_token(struct fsa_pass *p, struct was *was, time_t *when)
{
	struct fsa_create *c = &p->io->u.create;
	const char *rest;
	const char *token = find_token(c->name, when, &rest);

	if (token != NULL) {
		was->without_token =
			without_token(p->layer->state, c->name, token, rest);
		if (was->without_token == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS create_down(struct fsa_pass *p)
{
	struct fsa_create *c = &p->io->u.create;
	struct was *was = fsa_pass_room(p, struct was);
	struct fsa_volume *volume;
	time_t when =
		(time_t)(((int64_t)c->timewarp - (int64_t)NTTIME_UNIX_EPOCH) /
			 (int64_t)NTTIME_SECOND);
	NTSTATUS status = take_token(p, was, &when);

	if (!NT_STATUS_IS_OK(status) ||
	    (was->without_token == NULL && c->timewarp == 0)) {
		return status;
	}
	status = volume_of(p->layer->state, when, &volume);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(was->without_token);
		return status;
	}
	was->volume = p->io->volume;
	was->name = c->name;
	was->timewarp = c->timewarp;
	p->io->volume = volume;
	c->name = was->without_token != NULL ? was->without_token : c->name;
	c->timewarp = 0;
	return NT_STATUS_OK;
}

static NTSTATUS create_up(struct fsa_pass *p, NTSTATUS status)
{
	struct was *was = fsa_pass_room(p, struct was);

	if (was->volume != NULL) {
		p->io->volume = was->volume;
		p->io->u.create.name = was->name;
		p->io->u.create.timewarp = was->timewarp;
		talloc_free(was->without_token);
	}
	return status;
}

/* --- FSCTL_SRV_ENUMERATE_SNAPSHOTS ---------------------------------------- */

#define MIN_OUTPUT 16
#define TOKEN_SIZE ((GMT_TOKEN_LENGTH + 1) * 2)

static void put_token(struct wire_writer *w, time_t when)
{
	char token[GMT_TOKEN_LENGTH + 1] = "";

	(void)gmt_token_print(when, token);
	for (size_t i = 0; i <= GMT_TOKEN_LENGTH; i++) {
		wire_put_u16(w, (uint8_t)token[i]);
	}
}

static NTSTATUS put_snapshots(const struct shadow *s, struct fsa_fsctl *c)
{
	struct wire_writer w = wire_writer(c->mem_ctx, c->max_out);
	size_t size = s->count * TOKEN_SIZE + 2;
	bool fits = s->count > 0 && 12 + size <= c->max_out;

	wire_put_u32(&w, (uint32_t)s->count);
	wire_put_u32(&w, fits ? (uint32_t)s->count : 0);
	wire_put_u32(&w, (uint32_t)size);
	for (size_t i = 0; i < s->count && fits; i++) {
		put_token(&w, s->list[i].when);
	}
	/* Without any, too, what was asked for is 16 bytes. */
	wire_put_u16(&w, 0);
	if (!fits) {
		wire_put_u16(&w, 0);
	}
	return wire_finish(&w, &c->out);
}

static NTSTATUS fsctl_down(struct fsa_pass *p)
{
	struct shadow *s = p->layer->state;
	struct fsa_fsctl *c = &p->io->u.fsctl;
	NTSTATUS status;

	if (c->code != FSCTL_SRV_ENUMERATE_SNAPSHOTS) {
		return NT_STATUS_OK;
	}
	if (c->max_out < MIN_OUTPUT) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = look(s);
	if (NT_STATUS_IS_OK(status)) {
		status = put_snapshots(s, c);
	}
	p->answered = true;
	return status;
}

/* --- the filter ----------------------------------------------------------- */

static NTSTATUS down(struct fsa_pass *p)
{
	return p->io->op == FSA_CREATE ? create_down(p) : fsctl_down(p);
}

static NTSTATUS up(struct fsa_pass *p, NTSTATUS status)
{
	return p->io->op == FSA_CREATE ? create_up(p, status) : status;
}

static const char *or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

static NTSTATUS connect_shadow(struct fsa_layer *l, const struct fsa_connect *c)
{
	const struct shadow_options *o = l->config;
	struct shadow *s = talloc_zero(l->volume, struct shadow);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = fsa_volume_params_copy(s, c->params, &s->params);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s->server = fsa_volume_server(l->volume);
	s->params.filters = NULL;
	s->params.read_only = true;
	s->options = (struct snapshot_options){.snapdir = or_null(o->snapdir),
					       .format = or_null(o->format),
					       .local = o->local};
	l->state = s;
	return NT_STATUS_OK;
}

static const struct fsa_option_def options[] = {
	{.name = "snapdir",
	 .type = FSA_OPTION_STRING,
	 .offset = offsetof(struct shadow_options, snapdir),
	 .initial = ""},
	{.name = "format",
	 .type = FSA_OPTION_STRING,
	 .offset = offsetof(struct shadow_options, format),
	 .initial = ""},
	{.name = "localtime",
	 .type = FSA_OPTION_BOOL,
	 .offset = offsetof(struct shadow_options, local)},
	{.name = NULL},
};

const struct fsa_filter fsa_shadow_copy_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "shadow_copy",
	.option_prefix = "shadow",
	.ops = FSA_OP_BIT(FSA_CREATE) | FSA_OP_BIT(FSA_FSCTL),
	.options = options,
	.config_size = sizeof(struct shadow_options),
	.connect = connect_shadow,
	.down = down,
	.up = up,
};
