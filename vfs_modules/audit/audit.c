/* vfs_modules/audit/audit.c - see audit.h: the table, and when a line is
 * written. */
#include "vfs_modules/audit/audit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/conf.h"
#include "lib/identity.h"
#include "lib/log.h"

/* The pass's room. */
struct seen {
	uint64_t since; /* microseconds; 0: not recorded */
	struct open_note *closing;
	char *old_path; /* of what is renamed */
};

/* What is known of an open, for its close. */
struct open_note {
	char *path;
	uint64_t bytes_read, bytes_written;
};

static uint64_t now_usec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static bool is_recorded(const struct audit *a, enum audit_event e,
			NTSTATUS status)
{
	/* A listing ends, a read meets the end: nothing has failed. */
	bool ok =
		!NT_STATUS_IS_ERR(status) || NT_STATUS_IS(status, END_OF_FILE);

	return ((ok ? a->config->success : a->config->failure) & 1u << e) != 0;
}

/* --- a line ----------------------------------------------------------------
 */

static json_t *format_time(void)
{
	struct timespec t;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &t);
	gmtime_r(&t.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return json_sprintf("%s.%06ldZ", text, t.tv_nsec / 1000);
}

/* What every line has. */
static json_t *begin(const struct audit *a, enum audit_event e, NTSTATUS status,
		     uint64_t since)
{
	json_t *record = json_object();

	json_object_set_new(record, "version",
			    json_integer(AUDIT_SCHEMA_VERSION));
	json_object_set_new(record, "time", format_time());
	json_object_set_new(record, "pid", json_integer(getpid()));
	json_object_set_new(record, "event", json_string(audit_event_name(e)));
	json_object_set_new(record, "status",
			    json_string(ntstatus_name(status)));
	json_object_set_new(record, "duration_us",
			    json_integer((json_int_t)(now_usec() - since)));
	json_object_set_new(record, "user", audit_text(a->user));
	json_object_set_new(record, "client", audit_text(a->client));
	json_object_set_new(record, "share", audit_text(a->share));
	return record;
}

/* Without memory the record is NULL, or lacks something: no line is better
 * than a wrong one, and the writer does not know of it, so the log says it. */
static void end(const struct audit *a, json_t *record)
{
	char *line = json_dumps(record, JSON_COMPACT);

	if (line != NULL) {
		audit_writer_put(a->writer, line);
	} else {
		LOG_ERR(LOG_VFS, "audit: an event of share %s is lost",
			a->share);
	}
	free(line);
	json_decref(record);
}

static void set_path(json_t *record, const char *path, const char *stream)
{
	json_object_set_new(record, "path", audit_path(path));
	if (stream != NULL) {
		json_object_set_new(record, "stream", audit_text(stream));
	}
}

/* --- operations ------------------------------------------------------------
 */

static struct open_note *note_of(const struct fsa_pass *p)
{
	return p->io->file == NULL ? NULL
				   : fsa_layer_get_note(p->layer, p->io->file);
}

static NTSTATUS down(struct fsa_pass *p)
{
	const struct audit *a = p->layer->state;
	struct seen *seen = fsa_pass_room(p, struct seen);
	uint32_t bit = 1u << audit_event_of(p->io);

	if (((a->config->success | a->config->failure) & bit) != 0) {
		seen->since = now_usec();
		if (audit_event_of(p->io) == AUDIT_RENAME) {
			seen->old_path = talloc_strdup(
				p->layer->state, fsa_file_name(p->io->file));
		}
	}
	if (p->io->op == FSA_CLOSE) {
		/* The file is gone on the way up; its note is not. */
		seen->closing = talloc_steal(p->layer->state, note_of(p));
		if (seen->closing != NULL) {
			talloc_free(seen->closing->path);
			seen->closing->path = talloc_strdup(
				seen->closing, fsa_file_name(p->io->file));
		}
	}
	return NT_STATUS_OK;
}

static void count(struct fsa_pass *p, NTSTATUS status)
{
	struct open_note *note = note_of(p);

	if (note == NULL || !NT_STATUS_IS_OK(status)) {
		return;
	}
	if (p->io->op == FSA_READ) {
		note->bytes_read += p->io->u.read.nread;
	} else if (p->io->op == FSA_WRITE) {
		note->bytes_written += p->io->u.write.nwritten;
	}
}

static void attach_note(struct fsa_pass *p)
{
	struct fsa_file *f = p->io->u.create.file;
	struct open_note *note = talloc_zero(f, struct open_note);

	if (note == NULL ||
	    !NT_STATUS_IS_OK(fsa_layer_set_note(p->layer, f, note))) {
		talloc_free(note); /* its close is recorded without numbers */
	}
}

static void describe_close(json_t *record, const struct open_note *note)
{
	if (note == NULL) {
		return;
	}
	if (note->path != NULL) {
		set_path(record, note->path, NULL);
	}
	json_object_set_new(record, "bytes_read",
			    json_integer((json_int_t)note->bytes_read));
	json_object_set_new(record, "bytes_written",
			    json_integer((json_int_t)note->bytes_written));
}

static void record_io(struct fsa_pass *p, enum audit_event e, NTSTATUS status)
{
	const struct audit *a = p->layer->state;
	const struct seen *seen = fsa_pass_room(p, struct seen);
	const struct fsa_io *io = p->io;
	json_t *record = begin(a, e, status, seen->since);

	if (io->op == FSA_CREATE && !NT_STATUS_IS_OK(status)) {
		set_path(record, io->u.create.name, NULL);
	} else if (io->op == FSA_CREATE) {
		set_path(record, fsa_file_name(io->u.create.file),
			 fsa_file_stream(io->u.create.file));
	} else if (io->op == FSA_CLOSE) {
		describe_close(record, seen->closing);
	} else if (io->file != NULL) {
		set_path(record,
			 seen->old_path != NULL ? seen->old_path
						: fsa_file_name(io->file),
			 fsa_file_stream(io->file));
	}
	audit_describe(record, io, status);
	end(a, record);
}

static NTSTATUS up(struct fsa_pass *p, NTSTATUS status)
{
	struct seen *seen = fsa_pass_room(p, struct seen);
	enum audit_event e = audit_event_of(p->io);

	count(p, status);
	if (p->io->op == FSA_CREATE && NT_STATUS_IS_OK(status)) {
		attach_note(p);
	}
	if (is_recorded(p->layer->state, e, status)) {
		record_io(p, e, status);
	}
	TALLOC_FREE(seen->closing);
	TALLOC_FREE(seen->old_path);
	return status;
}

/* --- what is lost ----------------------------------------------------------
 */

static NTSTATUS losing(struct fsa_layer *l, const struct fsa_loss *loss,
		       bool *out_taken)
{
	return NT_STATUS_OK;
}

static void lost(struct fsa_layer *l, const struct fsa_loss *loss,
		 NTSTATUS status)
{
	const struct audit *a = l->state;
	enum audit_event e = AUDIT_DELETE + loss->kind;
	json_t *record;

	if (!is_recorded(a, e, status)) {
		return;
	}
	record = begin(a, e, status, now_usec());
	set_path(record, loss->name, NULL);
	json_object_set_new(record, "directory",
			    json_boolean(loss->node->directory));
	json_object_set_new(record, "uid", json_integer(loss->who->uid));
	end(a, record);
}
_Static_assert(AUDIT_REPLACE - AUDIT_DELETE == FSA_LOSS_REPLACE &&
		       AUDIT_OVERWRITE - AUDIT_DELETE == FSA_LOSS_OVERWRITE,
	       "one order");

/* --- the table -------------------------------------------------------------
 */

static const char *const facility_words[] = {
	"USER",	  "AUTH",   "AUTHPRIV", "DAEMON", "LOCAL0", "LOCAL1", "LOCAL2",
	"LOCAL3", "LOCAL4", "LOCAL5",	"LOCAL6", "LOCAL7", NULL};
/* RFC 5424, 6.2.1, where they stand in the words. */
static const int facilities[] = {1, 4, 10, 3, 16, 17, 18, 19, 20, 21, 22, 23};
/* In the order of their numbers. */
static const char *const priority_words[] = {"EMERG", "ALERT",	 "CRIT",
					     "ERR",   "WARNING", "NOTICE",
					     "INFO",  "DEBUG",	 NULL};

static int audit_destructor(struct audit *a)
{
	if (is_recorded(a, AUDIT_DISCONNECT, NT_STATUS_OK)) {
		end(a, begin(a, AUDIT_DISCONNECT, NT_STATUS_OK, a->since));
	}
	audit_writer_free(a->writer);
	return 0;
}

static const char *text_of(TALLOC_CTX *mem_ctx, const char *text)
{
	return talloc_strdup(mem_ctx, text != NULL ? text : "");
}

/* With the process's own rights, which the thread keeps. */
static int open_writer(struct audit *a, const char *path)
{
	const struct audit_config *c = a->config;
	int err;

	identity_save();
	err = audit_writer_create(*path == '\0' ? NULL : path, c->socket,
				  facilities[c->facility] << 3 | c->priority,
				  &a->writer);
	identity_restore();
	return err;
}

static NTSTATUS connect(struct fsa_layer *l, const struct fsa_connect *c)
{
	const struct conf_subst nobody = {.share = c->params->share_name};
	const struct conf_subst *words =
		c->params->words != NULL ? c->params->words : &nobody;
	struct audit *a = talloc_zero(l->volume, struct audit);
	char *path = NULL;
	NTSTATUS status;
	int err;

	if (a == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	a->config = l->config;
	a->since = now_usec();
	a->user = text_of(a, words->session_user);
	a->client = text_of(a, c->params->client_address);
	a->share = text_of(a, c->params->share_name);
	status = conf_substitute(a, a->config->file, words, &path);
	if (!NT_STATUS_IS_OK(status) || a->user == NULL || a->client == NULL ||
	    a->share == NULL) {
		LOG_ERR(LOG_VFS, "share %s: audit:file = %s: %s",
			c->params->share_name, a->config->file,
			ntstatus_name(status));
		talloc_free(a);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	err = open_writer(a, path);
	if (err != 0) {
		/* Nothing is done that is not recorded. */
		LOG_ERR(LOG_VFS, "share %s: audit:file = %s: %s", a->share,
			path, strerror(err));
		talloc_free(a);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	talloc_set_destructor(a, audit_destructor);
	l->state = a;
	if (is_recorded(a, AUDIT_CONNECT, NT_STATUS_OK)) {
		end(a, begin(a, AUDIT_CONNECT, NT_STATUS_OK, a->since));
	}
	return NT_STATUS_OK;
}

static bool parse_events(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
			 void *config, const char *value,
			 const char **out_reason)
{
	*out_reason = "not a list of events";
	return audit_events_parse(
		value, (uint32_t *)(void *)((char *)config + d->offset));
}

#define EVENTS_OPTION(n, m)                                                    \
	{                                                                      \
		.name = n, .type = FSA_OPTION_OWN, .parse = parse_events,      \
		.offset = offsetof(struct audit_config, m),                    \
		.initial = "connect disconnect create close rename link "      \
			   "delete replace overwrite set_security",            \
	}
#define OPTION(n, t, m, i, ...)                                                \
	{                                                                      \
		.name = n, .type = FSA_OPTION_##t,                             \
		.offset = offsetof(struct audit_config, m), .initial = i,      \
		__VA_ARGS__                                                    \
	}

static const struct fsa_option_def options[] = {
	EVENTS_OPTION("success", success),
	EVENTS_OPTION("failure", failure),
	OPTION("file", STRING, file, ""),
	OPTION("socket", STRING, socket, "/dev/log"),
	OPTION("facility", WORD, facility, "USER", .words = facility_words),
	OPTION("priority", WORD, priority, "NOTICE", .words = priority_words),
	{.name = NULL},
};

const struct fsa_filter fsa_audit_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "audit",
	.ops = FSA_ALL_OPS,
	.options = options,
	.config_size = sizeof(struct audit_config),
	.connect = connect,
	.down = down,
	.up = up,
	.losing = losing,
	.lost = lost,
};
