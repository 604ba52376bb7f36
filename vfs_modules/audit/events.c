/* vfs_modules/audit/events.c - see audit.h: what each event is called, and what
 * is said of it. */
#include <string.h>
#include <strings.h>

#include "vfs_modules/audit/audit.h"

static const char *const names[AUDIT_EVENTS] = {
	[AUDIT_CONNECT] = "connect",
	[AUDIT_DISCONNECT] = "disconnect",
	[AUDIT_CREATE] = "create",
	[AUDIT_CLOSE] = "close",
	[AUDIT_READ] = "read",
	[AUDIT_WRITE] = "write",
	[AUDIT_FLUSH] = "flush",
	[AUDIT_LIST] = "list",
	[AUDIT_QUERY_INFO] = "query_info",
	[AUDIT_SET_INFO] = "set_info",
	[AUDIT_RENAME] = "rename",
	[AUDIT_LINK] = "link",
	[AUDIT_DISPOSITION] = "disposition",
	[AUDIT_QUERY_VOLUME] = "query_volume",
	[AUDIT_QUERY_SECURITY] = "query_security",
	[AUDIT_SET_SECURITY] = "set_security",
	[AUDIT_FSCTL] = "fsctl",
	[AUDIT_NOTIFY] = "notify",
	[AUDIT_COPY] = "copy",
	[AUDIT_LOCK] = "lock",
	[AUDIT_DELETE] = "delete",
	[AUDIT_REPLACE] = "replace",
	[AUDIT_OVERWRITE] = "overwrite",
};
_Static_assert(AUDIT_EVENTS <= 32, "a bit for each event");

#define ALL_EVENTS ((1u << AUDIT_EVENTS) - 1)

const char *audit_event_name(enum audit_event e)
{
	return names[e];
}

static enum audit_event kind_of_set_info(const struct fsa_set_info *s)
{
	switch (s->info_class) {
	case FileRenameInformation:
	case FileRenameInformationEx:
		return AUDIT_RENAME;
	case FileLinkInformation:
		return AUDIT_LINK;
	case FileDispositionInformation:
	case FileDispositionInformationEx:
		return AUDIT_DISPOSITION;
	default:
		return AUDIT_SET_INFO;
	}
}

enum audit_event audit_event_of(const struct fsa_io *io)
{
	static const enum audit_event events[FSA_OPS] = {
		[FSA_CREATE] = AUDIT_CREATE,
		[FSA_CLOSE] = AUDIT_CLOSE,
		[FSA_READ] = AUDIT_READ,
		[FSA_WRITE] = AUDIT_WRITE,
		[FSA_FLUSH] = AUDIT_FLUSH,
		[FSA_QUERY_DIRECTORY] = AUDIT_LIST,
		[FSA_QUERY_INFO] = AUDIT_QUERY_INFO,
		[FSA_SET_INFO] = AUDIT_SET_INFO,
		[FSA_QUERY_VOLUME] = AUDIT_QUERY_VOLUME,
		[FSA_QUERY_SECURITY] = AUDIT_QUERY_SECURITY,
		[FSA_SET_SECURITY] = AUDIT_SET_SECURITY,
		[FSA_FSCTL] = AUDIT_FSCTL,
		[FSA_NOTIFY] = AUDIT_NOTIFY,
		[FSA_COPY] = AUDIT_COPY,
		[FSA_LOCK] = AUDIT_LOCK,
	};

	return io->op == FSA_SET_INFO ? kind_of_set_info(&io->u.set_info)
				      : events[io->op];
}

static bool add_word(const char *word, uint32_t *bits)
{
	bool without = *word == '!';
	uint32_t found = 0;

	word += without;
	if (strcasecmp(word, "all") == 0) {
		found = ALL_EVENTS;
	} else if (strcasecmp(word, "none") == 0) {
		found = ALL_EVENTS;
		without = !without;
	}
	for (int i = 0; i < AUDIT_EVENTS && found == 0; i++) {
		found = strcasecmp(word, names[i]) == 0 ? 1u << i : 0;
	}
	*bits = without ? *bits & ~found : *bits | found;
	return found != 0;
}

bool audit_events_parse(const char *text, uint32_t *out)
{
	char *copy = talloc_strdup(NULL, text);
	char *rest = NULL;
	uint32_t bits = 0;
	bool ok = copy != NULL;

	for (char *word = ok ? strtok_r(copy, " \t,", &rest) : NULL;
	     word != NULL && ok; word = strtok_r(NULL, " \t,", &rest)) {
		ok = add_word(word, &bits);
	}
	talloc_free(copy);
	if (ok) {
		*out = bits;
	}
	return ok;
}

/* --- what is said ----------------------------------------------------------
 */

/* Bytes that are not UTF-8, which a name on disk may have, as U+FFFD. */
static json_t *repaired(const char *text)
{
	size_t length = strlen(text);
	char *out = talloc_array(NULL, char, 3 * length + 1);
	json_t *value = NULL;
	char *o = out;

	for (const char *c = text; o != NULL && *c != '\0'; c++) {
		if ((unsigned char)*c < 0x80) {
			*o++ = *c;
		} else {
			o = stpcpy(o, "\xef\xbf\xbd");
		}
	}
	if (o != NULL) {
		*o = '\0';
		value = json_string(out);
	}
	talloc_free(out);
	return value;
}

json_t *audit_text(const char *text)
{
	json_t *value = json_string(text);

	return value != NULL ? value : repaired(text);
}

json_t *audit_path(const char *name)
{
	char *copy = talloc_strdup(NULL, name);
	json_t *value;

	for (char *c = copy; c != NULL && *c != '\0'; c++) {
		*c = *c == '\\' ? '/' : *c;
	}
	value = copy == NULL ? NULL : audit_text(copy);
	talloc_free(copy);
	return value;
}

static json_t *hex(uint32_t value)
{
	return json_sprintf("0x%08x", value);
}

static const char *action_name(enum create_action action)
{
	static const char *const actions[] = {
		[FILE_SUPERSEDED] = "superseded",
		[FILE_OPENED] = "opened",
		[FILE_CREATED] = "created",
		[FILE_OVERWRITTEN] = "overwritten",
	};

	return actions[action];
}

static void describe_create(json_t *record, const struct fsa_create *c, bool ok)
{
	json_object_set_new(record, "access", hex(c->desired_access));
	json_object_set_new(record, "share_access", hex(c->share_access));
	json_object_set_new(record, "disposition",
			    json_integer(c->disposition));
	json_object_set_new(record, "options", hex(c->options));
	if (ok) {
		json_object_set_new(record, "action",
				    json_string(action_name(c->action)));
		json_object_set_new(record, "directory",
				    json_boolean(c->stat.directory));
		json_object_set_new(record, "granted",
				    hex(fsa_file_granted_access(c->file)));
	}
}

static void describe_range(json_t *record, uint64_t offset, uint64_t length,
			   uint64_t done)
{
	if (offset <= INT64_MAX) { /* else: the end of the file */
		json_object_set_new(record, "offset",
				    json_integer((json_int_t)offset));
	}
	json_object_set_new(record, "length", json_integer((json_int_t)length));
	json_object_set_new(record, "bytes", json_integer((json_int_t)done));
}

static void describe_set_info(json_t *record, const struct fsa_set_info *s)
{
	json_object_set_new(record, "info_class", json_integer(s->info_class));
	switch (kind_of_set_info(s)) {
	case AUDIT_RENAME:
	case AUDIT_LINK:
		if (s->u.rename.name != NULL) {
			json_object_set_new(record, "new_path",
					    audit_path(s->u.rename.name));
		}
		break;
	case AUDIT_DISPOSITION:
		json_object_set_new(record, "delete",
				    json_boolean(s->u.disposition &
						 FILE_DISPOSITION_DELETE));
		break;
	default:
		break;
	}
	if (s->info_class == FileEndOfFileInformation) {
		json_object_set_new(record, "size",
				    json_integer((json_int_t)s->u.end_of_file));
	}
}

void audit_describe(json_t *record, const struct fsa_io *io, NTSTATUS status)
{
	bool ok = NT_STATUS_IS_OK(status);

	switch (io->op) {
	case FSA_CREATE:
		describe_create(record, &io->u.create, ok);
		break;
	case FSA_READ:
		describe_range(record, io->u.read.offset, io->u.read.length,
			       ok ? io->u.read.nread : 0);
		break;
	case FSA_WRITE:
		describe_range(record, io->u.write.offset, io->u.write.length,
			       ok ? io->u.write.nwritten : 0);
		break;
	case FSA_SET_INFO:
		describe_set_info(record, &io->u.set_info);
		break;
	case FSA_QUERY_INFO:
		json_object_set_new(record, "info_class",
				    json_integer(io->u.query_info.info_class));
		break;
	case FSA_QUERY_SECURITY:
	case FSA_SET_SECURITY:
		json_object_set_new(record, "which", hex(io->u.security.which));
		break;
	case FSA_FSCTL:
		json_object_set_new(record, "code", hex(io->u.fsctl.code));
		break;
	case FSA_COPY:
		json_object_set_new(
			record, "bytes",
			json_integer((json_int_t)io->u.copy.copied));
		break;
	default:
		break;
	}
}
