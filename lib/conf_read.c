/* lib/conf_read.c - smb.conf as text: lines, sections, includes. */
#include "lib/conf_int.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FILE_MAX_SIZE	 (1 << 20)
#define FILES_MAX	 32
#define REPORT_MAX_COUNT 1000

struct conf_report *conf_report_create(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct conf_report);
}

static void __attribute__((format(printf, 3, 0)))
add_problem(struct conf_report *report, const struct conf_problem *like,
	    const char *fmt, va_list ap)
{
	struct conf_problem *p;

	report->errors += like->error;
	if (report->count >= REPORT_MAX_COUNT) {
		return;
	}
	p = talloc_realloc(report, report->problems, struct conf_problem,
			   report->count + 1);
	if (p == NULL) {
		return;
	}
	report->problems = p;
	p += report->count++;
	*p = *like;
	p->file = talloc_strdup(report, like->file);
	p->text = talloc_vasprintf(report, fmt, ap);
}

void conf_report_add(struct conf_report *report, bool error, const char *file,
		     unsigned int line, const char *fmt, ...)
{
	const struct conf_problem like = {
		.file = file, .line = line, .error = error};
	va_list ap;

	va_start(ap, fmt);
	add_problem(report, &like, fmt, ap);
	va_end(ap);
}

void conf_report_note(struct conf_report *report, const char *file,
		      unsigned int line, const char *fmt, ...)
{
	const struct conf_problem like = {
		.file = file, .line = line, .note = true};
	va_list ap;

	va_start(ap, fmt);
	add_problem(report, &like, fmt, ap);
	va_end(ap);
}

static void skip_blanks(const char **text)
{
	while (isspace((unsigned char)**text)) {
		(*text)++;
	}
}

bool conf_name_equal(const char *a, const char *b)
{
	for (;; a++, b++) {
		skip_blanks(&a);
		skip_blanks(&b);
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) {
			return false;
		}
		if (*a == '\0') {
			return true;
		}
	}
}

/* --- sections ---------------------------------------------------------- */

static NTSTATUS section_add(struct conf_raw *raw, const char *name,
			    const char *file, unsigned int line)
{
	struct conf_section *s = talloc_realloc(
		raw, raw->sections, struct conf_section, raw->count + 1);
	char *copy = talloc_strdup(raw, name);

	if (s == NULL || copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	raw->sections = s;
	s[raw->count++] =
		(struct conf_section){.name = copy, .file = file, .line = line};
	return NT_STATUS_OK;
}

struct conf_raw *conf_raw_create(TALLOC_CTX *mem_ctx,
				 struct conf_report *report)
{
	struct conf_raw *raw = talloc_zero(mem_ctx, struct conf_raw);

	if (raw == NULL) {
		return NULL;
	}
	raw->report = report;
	if (!NT_STATUS_IS_OK(section_add(raw, "global", "", 0))) {
		talloc_free(raw);
		return NULL;
	}
	return raw;
}

/* The index of a section, or count. */
static size_t section_index(const struct conf_raw *raw, const char *name)
{
	if (conf_name_equal(name, "globals")) {
		return 0;
	}
	for (size_t i = 0; i < raw->count; i++) {
		if (conf_name_equal(raw->sections[i].name, name)) {
			return i;
		}
	}
	return raw->count;
}

const struct conf_section *conf_raw_lookup(const struct conf_raw *raw,
					   const char *name)
{
	size_t i = section_index(raw, name);

	return i < raw->count ? &raw->sections[i] : NULL;
}

/* --- lines ------------------------------------------------------------- */

/* Where the reader is within one file. */
struct place {
	struct conf_raw *raw;
	const char *file;
	const char *text;
	size_t left;
	unsigned int line;    /* of the text that comes next */
	unsigned int started; /* line where the current logical line began */
	size_t section;	      /* settings go there */
};

static void problem(const struct place *at, const char *text)
{
	conf_report_add(at->raw->report, true, at->file, at->started, "%s",
			text);
}

/* Cuts blanks at both ends of a string that may be changed. */
static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1])) {
		end--;
	}
	*end = '\0';
	while (isspace((unsigned char)*s)) {
		s++;
	}
	return s;
}

/* The next line as it stands, without its end, on ctx. */
static char *physical_line(TALLOC_CTX *ctx, struct place *at)
{
	const char *end = memchr(at->text, '\n', at->left);
	size_t n = end == NULL ? at->left : (size_t)(end - at->text);
	char *line = talloc_strndup(ctx, at->text, n);

	n += end != NULL;
	at->text += n;
	at->left -= n;
	at->line++;
	return line == NULL ? NULL : trim(line);
}

static bool is_comment(const char *line)
{
	return *line == '#' || *line == ';';
}

/* Lines joined where one ends in a backslash.  NULL without memory. */
static char *logical_line(TALLOC_CTX *ctx, struct place *at)
{
	char *whole = talloc_strdup(ctx, "");

	at->started = at->line;
	while (whole != NULL && at->left > 0) {
		char *line = physical_line(ctx, at);
		size_t n = line == NULL ? 0 : strlen(line);
		bool more = n > 0 && line[n - 1] == '\\' && !is_comment(line);

		if (line == NULL) {
			return NULL;
		}
		if (more) {
			line[n - 1] = '\0';
		}
		whole = talloc_strdup_append_buffer(whole, line);
		if (!more) {
			break;
		}
	}
	return whole;
}

static NTSTATUS begin_section(struct place *at, char *line)
{
	char *end = strchr(line, ']');
	const char *name;

	if (end == NULL || end[1] != '\0') {
		problem(at, "a section is [name]");
		return NT_STATUS_OK;
	}
	*end = '\0';
	name = trim(line + 1);
	if (*name == '\0') {
		problem(at, "a section has no name");
		return NT_STATUS_OK;
	}
	at->section = section_index(at->raw, name);
	if (at->section < at->raw->count) {
		return NT_STATUS_OK;
	}
	return section_add(at->raw, name, at->file, at->started);
}

static NTSTATUS include(struct place *at, const char *value)
{
	struct conf_raw *raw = at->raw;
	NTSTATUS status;

	/* What cannot be read might restrict access: it is never passed over.
	 */
	if (!raw->may_include || *value != '/' || strchr(value, '%') != NULL) {
		problem(at, "include: only an absolute path without %-words "
			    "is implemented");
		return NT_STATUS_OK;
	}
	if (raw->files >= FILES_MAX) {
		problem(at, "include: too many files");
		return NT_STATUS_OK;
	}
	status = conf_raw_read_file(raw, value);
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NO_MEMORY)) {
		conf_report_add(raw->report, true, at->file, at->started,
				"include = %s: %s", value,
				ntstatus_name(status));
		return NT_STATUS_OK;
	}
	return status;
}

static NTSTATUS add_setting(struct place *at, const char *name,
			    const char *value)
{
	struct conf_raw *raw = at->raw;
	struct conf_section *s = &raw->sections[at->section];
	struct conf_setting *list = talloc_realloc(
		raw, s->settings, struct conf_setting, s->count + 1);

	if (list == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->settings = list;
	list += s->count++;
	*list = (struct conf_setting){
		.name = talloc_strdup(raw, name),
		.value = talloc_strdup(raw, value),
		.file = at->file,
		.line = at->started,
	};
	return list->name == NULL || list->value == NULL ? NT_STATUS(NO_MEMORY)
							 : NT_STATUS_OK;
}

static NTSTATUS one_line(struct place *at, char *line)
{
	char *equals;
	char *value;

	line = trim(line);
	if (*line == '\0' || is_comment(line)) {
		return NT_STATUS_OK;
	}
	if (*line == '[') {
		return begin_section(at, line);
	}
	equals = strchr(line, '=');
	if (equals == NULL || equals == line) {
		problem(at, "neither [section] nor name = value");
		return NT_STATUS_OK;
	}
	*equals = '\0';
	line = trim(line);
	value = trim(equals + 1);
	if (conf_name_equal(line, "include")) {
		return include(at, value);
	}
	return add_setting(at, line, value);
}

NTSTATUS conf_raw_read_text(struct conf_raw *raw, const char *file,
			    const char *text, size_t length)
{
	struct place at = {.raw = raw,
			   .file = talloc_strdup(raw, file),
			   .text = text,
			   .left = length,
			   .line = 1,
			   .started = 1};

	if (at.file == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (length > 0 && memchr(text, '\0', length) != NULL) {
		problem(&at, "the file holds NUL bytes");
		return NT_STATUS_OK;
	}
	while (at.left > 0) {
		TALLOC_CTX *ctx = talloc_new(raw);
		char *line = logical_line(ctx, &at);
		NTSTATUS status = line == NULL ? NT_STATUS(NO_MEMORY)
					       : one_line(&at, line);

		talloc_free(ctx);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS conf_raw_read_file(struct conf_raw *raw, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t n;
	NTSTATUS status;

	if (f == NULL) {
		return ntstatus_from_errno(errno);
	}
	raw->files++;
	text = talloc_array(raw, char, FILE_MAX_SIZE + 1);
	if (text == NULL) {
		fclose(f);
		return NT_STATUS(NO_MEMORY);
	}
	errno = 0;
	n = fread(text, 1, FILE_MAX_SIZE + 1, f);
	if (ferror(f)) {
		status = ntstatus_from_errno(errno);
	} else if (n > FILE_MAX_SIZE) {
		status = NT_STATUS(BUFFER_OVERFLOW);
	} else {
		status = conf_raw_read_text(raw, path, text, n);
	}
	fclose(f);
	talloc_free(text);
	return status;
}
