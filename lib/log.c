/* lib/log.c - the log.
 *
 * A line is put together in one buffer and leaves in one write(2) (or one
 * datagram to the journal), so that lines of several processes never mix.
 * Control characters are escaped: what a peer sent cannot forge a line. */
#include "lib/log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_SIZE  4096
#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define LEVEL_MAX      10

static const char *const class_names[LOG_CLASSES] = {
	[LOG_GENERAL] = "general", [LOG_AUTH] = "auth",
	[LOG_SMB2] = "smb2",	   [LOG_FSA] = "fsa",
	[LOG_VFS] = "vfs",	   [LOG_LOCKING] = "locking",
	[LOG_DB] = "db",	   [LOG_MSG] = "msg",
};

/* The process's log: one of the two pieces of global state in this program. */
static struct {
	char name[32];
	enum log_target target;
	int fd; /* of the file or the journal; stderr otherwise */
	char path[4096];
	int levels[LOG_CLASSES];
} state = {
	.name = "holdfast",
	.fd = STDERR_FILENO,
	.levels = {[0 ... LOG_CLASSES - 1] = 1},
};

void log_set_name(const char *name)
{
	snprintf(state.name, sizeof(state.name), "%s", name);
}

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
		    0640);
}

static int open_journal(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX,
				 .sun_path = JOURNAL_SOCKET};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) != 0) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static void switch_to(enum log_target target, int fd)
{
	if (state.fd != STDERR_FILENO) {
		close(state.fd);
	}
	state.target = target;
	state.fd = fd;
}

NTSTATUS log_set_target(enum log_target target, const char *path)
{
	int fd = STDERR_FILENO;

	if (target == LOG_TO_FILE) {
		if (strlen(path) >= sizeof(state.path)) {
			return NT_STATUS(OBJECT_NAME_INVALID);
		}
		fd = open_file(path);
	} else if (target == LOG_TO_JOURNAL) {
		fd = open_journal();
	}
	if (fd < 0) {
		return ntstatus_from_errno(errno);
	}
	switch_to(target, fd);
	if (target == LOG_TO_FILE) {
		snprintf(state.path, sizeof(state.path), "%s", path);
	}
	return NT_STATUS_OK;
}

void log_reopen(void)
{
	int fd;

	if (state.target != LOG_TO_FILE) {
		return;
	}
	fd = open_file(state.path);
	if (fd >= 0) {
		switch_to(LOG_TO_FILE, fd);
	}
}

static bool parse_level(const char *text, int *out)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end != '\0') {
		return false;
	}
	*out = v > LEVEL_MAX ? LEVEL_MAX : (int)v;
	return true;
}

static bool set_one(int *levels, char *word)
{
	char *colon = strchr(word, ':');
	int level;

	if (!parse_level(colon == NULL ? word : colon + 1, &level)) {
		return false;
	}
	if (colon != NULL) {
		*colon = '\0';
	}
	if (colon == NULL || strcasecmp(word, "all") == 0) {
		for (size_t i = 0; i < LOG_CLASSES; i++) {
			levels[i] = level;
		}
		return true;
	}
	for (size_t i = 0; i < LOG_CLASSES; i++) {
		if (strcasecmp(word, class_names[i]) == 0) {
			levels[i] = level;
			return true;
		}
	}
	return false;
}

/* levels with what spec says applied. */
static NTSTATUS parse_levels(const char *spec, int *levels)
{
	char copy[256];
	char *save = NULL;
	char *word;

	if (strlen(spec) >= sizeof(copy)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	memcpy(copy, spec, strlen(spec) + 1);
	word = strtok_r(copy, " \t,", &save);
	if (word == NULL) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	for (; word != NULL; word = strtok_r(NULL, " \t,", &save)) {
		if (!set_one(levels, word)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS log_levels_check(const char *spec)
{
	int levels[LOG_CLASSES];

	return parse_levels(spec, levels);
}

NTSTATUS log_set_levels(const char *spec)
{
	int levels[LOG_CLASSES];
	NTSTATUS status;

	memcpy(levels, state.levels, sizeof(levels));
	status = parse_levels(spec, levels);
	if (NT_STATUS_IS_OK(status)) {
		memcpy(state.levels, levels, sizeof(levels));
	}
	return status;
}

bool log_enabled(enum log_class cls, int level)
{
	return level <= state.levels[cls];
}

/* Copies text to out (room for size bytes), control characters as \xNN;
 * returns the bytes used.  A text that is too long ends in "...". */
static size_t escape(const char *text, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool control = c < 0x20 || c == 0x7f;

		if (size - used < 4 + 3) {
			memcpy(out + used, "...", 3);
			return used + 3;
		}
		if (!control) {
			out[used++] = (char)c;
			continue;
		}
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = hex[c >> 4];
		out[used++] = hex[c & 15];
	}
	return used;
}

static size_t line_prefix(char *out, size_t size, enum log_class cls, int level)
{
	struct timespec now;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	n = strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm);
	n += (size_t)snprintf(out + n, size - n, ".%06ld %s %ld %s:%d ",
			      now.tv_nsec / 1000, state.name, (long)getpid(),
			      class_names[cls], level);
	return n;
}

/* The journal's own protocol: one field a line. */
static size_t journal_prefix(char *out, size_t size, enum log_class cls,
			     int level)
{
	int priority = level == 0 ? 3 : level == 1 ? 4 : level == 2 ? 5 : 6;

	return (size_t)snprintf(
		out, size,
		"SYSLOG_IDENTIFIER=%s\nHOLDFAST_CLASS=%s\nHOLDFAST_LEVEL=%d\n"
		"PRIORITY=%d\nMESSAGE=%s:%d ",
		state.name, class_names[cls], level, level > 3 ? 7 : priority,
		class_names[cls], level);
}

void log_line(enum log_class cls, int level, const char *fmt, ...)
{
	char text[LINE_MAX_SIZE / 2];
	char line[LINE_MAX_SIZE];
	int err = errno;
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (state.target == LOG_TO_JOURNAL) {
		n = journal_prefix(line, sizeof(line), cls, level);
	} else {
		n = line_prefix(line, sizeof(line), cls, level);
	}
	n += escape(text, line + n, sizeof(line) - n - 1);
	line[n++] = '\n';
	/* A full disk must not end the service: nobody is left to tell. */
	(void)!write(state.fd, line, n);
	errno = err;
}
