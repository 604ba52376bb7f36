/* vfs_modules/readonly.c - the filter `readonly`: in a period of time the share
 * is read only, for files that are open already too.
 *
 *   readonly:period = today 8:00, today 18:00
 *
 * The period is that of the local day it is looked at; without one it is
 * always. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "fsa/filter.h"

/* One end of the period. */
struct moment {
	bool relative; /* the day is so many days from today */
	int days;
	struct tm date; /* else: year, month, day */
	int hour, minute, second;
};

struct readonly_config {
	bool limited; /* else always */
	struct moment begin, end;
};

/* --- the period ------------------------------------------------------------
 */

static bool parse_day(const char *word, struct moment *out)
{
	static const char *const names[] = {"yesterday", "today", "tomorrow"};
	int y, m, d, n = 0;

	for (int i = 0; i < 3; i++) {
		if (strcasecmp(word, names[i]) == 0) {
			out->relative = true;
			out->days = i - 1;
			return true;
		}
	}
	if ((sscanf(word, "%4d-%2d-%2d%n", &y, &m, &d, &n) != 3 &&
	     sscanf(word, "%4d/%2d/%2d%n", &y, &m, &d, &n) != 3) ||
	    word[n] != '\0' || m < 1 || m > 12 || d < 1 || d > 31) {
		return false;
	}
	out->relative = false;
	out->date =
		(struct tm){.tm_year = y - 1900, .tm_mon = m - 1, .tm_mday = d};
	return true;
}

static bool parse_clock(const char *word, struct moment *out)
{
	int n = 0;

	out->second = 0;
	if (sscanf(word, "%2d:%2d%n", &out->hour, &out->minute, &n) != 2) {
		return false;
	}
	if (word[n] == ':') {
		word += n;
		n = 0;
		if (sscanf(word, ":%2d%n", &out->second, &n) != 1) {
			return false;
		}
	}
	return word[n] == '\0' && out->hour >= 0 && out->hour <= 24 &&
	       out->minute >= 0 && out->minute < 60 && out->second >= 0 &&
	       out->second < 60;
}

/* "[DAY] [CLOCK]" */
static bool parse_moment(char *text, struct moment *out)
{
	char *rest = NULL;
	bool any = false;

	*out = (struct moment){.relative = true};
	for (char *word = strtok_r(text, " \t\"", &rest); word != NULL;
	     word = strtok_r(NULL, " \t\"", &rest)) {
		if (!parse_day(word, out) && !parse_clock(word, out)) {
			return false;
		}
		any = true;
	}
	return any;
}

static bool parse_period(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
			 void *config, const char *value,
			 const char **out_reason)
{
	struct readonly_config *c = config;
	char *copy = talloc_strdup(NULL, value);
	char *comma = copy == NULL ? NULL : strchr(copy, ',');
	bool ok = false;

	*out_reason = "not \"BEGIN, END\", each [today|tomorrow|yesterday|"
		      "YYYY-MM-DD] [HH:MM[:SS]]";
	if (comma != NULL) {
		*comma = '\0';
		ok = parse_moment(copy, &c->begin) &&
		     parse_moment(comma + 1, &c->end);
		c->limited = ok;
	}
	talloc_free(copy);
	return ok;
}

static time_t time_of(const struct moment *m, const struct tm *today)
{
	struct tm t = m->relative ? *today : m->date;

	t.tm_mday += m->relative ? m->days : 0;
	t.tm_hour = m->hour;
	t.tm_min = m->minute;
	t.tm_sec = m->second;
	t.tm_isdst = -1;
	return mktime(&t);
}

static bool is_now(const struct readonly_config *c)
{
	time_t now = time(NULL);
	struct tm today;

	if (!c->limited) {
		return true;
	}
	return localtime_r(&now, &today) != NULL &&
	       now >= time_of(&c->begin, &today) &&
	       now < time_of(&c->end, &today);
}

/* --- operations ------------------------------------------------------------
 */

static bool fsctl_changes(uint32_t code)
{
	switch (code) {
	case FSCTL_CREATE_OR_GET_OBJECT_ID:
	case FSCTL_DELETE_OBJECT_ID:
	case FSCTL_DELETE_REPARSE_POINT:
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE:
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX:
	case FSCTL_FILE_LEVEL_TRIM:
	case FSCTL_OFFLOAD_WRITE:
	case FSCTL_SET_COMPRESSION:
	case FSCTL_SET_ENCRYPTION:
	case FSCTL_SET_INTEGRITY_INFORMATION:
	case FSCTL_SET_INTEGRITY_INFORMATION_EX:
	case FSCTL_SET_OBJECT_ID:
	case FSCTL_SET_OBJECT_ID_EXTENDED:
	case FSCTL_SET_REPARSE_POINT:
	case FSCTL_SET_SPARSE:
	case FSCTL_SET_ZERO_DATA:
		return true;
	default:
		return false;
	}
}

static bool changes(const struct fsa_io *io)
{
	switch (io->op) {
	case FSA_WRITE:
	case FSA_SET_SECURITY:
	case FSA_COPY:
		return true;
	case FSA_SET_INFO: /* these two are the open's own */
		return io->u.set_info.info_class != FilePositionInformation &&
		       io->u.set_info.info_class != FileModeInformation;
	case FSA_FSCTL:
		return fsctl_changes(io->u.fsctl.code);
	default:
		return false;
	}
}

/* What is opened now is opened as on a share that is read only. */
static NTSTATUS down(struct fsa_pass *p)
{
	bool now = is_now(p->layer->config);

	fsa_layer_hold_read_only(p->layer, now);
	return now && changes(p->io) ? NT_STATUS(MEDIA_WRITE_PROTECTED)
				     : NT_STATUS_OK;
}

static NTSTATUS losing(struct fsa_layer *l, const struct fsa_loss *loss,
		       bool *out_taken)
{
	return is_now(l->config) ? NT_STATUS(MEDIA_WRITE_PROTECTED)
				 : NT_STATUS_OK;
}

static NTSTATUS connect(struct fsa_layer *l, const struct fsa_connect *c)
{
	fsa_layer_hold_read_only(l, is_now(l->config));
	return NT_STATUS_OK;
}

static const struct fsa_option_def options[] = {
	{.name = "period", .type = FSA_OPTION_OWN, .parse = parse_period},
	{.name = NULL},
};

const struct fsa_filter fsa_readonly_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "readonly",
	.ops = FSA_OP_BIT(FSA_CREATE) | FSA_OP_BIT(FSA_WRITE) |
	       FSA_OP_BIT(FSA_SET_INFO) | FSA_OP_BIT(FSA_SET_SECURITY) |
	       FSA_OP_BIT(FSA_FSCTL) | FSA_OP_BIT(FSA_COPY) |
	       FSA_OP_BIT(FSA_QUERY_VOLUME),
	.options = options,
	.config_size = sizeof(struct readonly_config),
	.connect = connect,
	.down = down,
	.losing = losing,
};
