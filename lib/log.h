/* lib/log.h - the log: one line per event, never a password or key.
 *
 * A level per class; the levels are Samba's: 0 errors, 1 warnings and what an
 * administrator must see, 2 notices (connects, logons), 3 requests, 5 details,
 * 10 everything.  lib/, smb2/ and idl/ do not log (assertions apart). */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include "lib/ntstatus.h"

enum log_class {
	LOG_GENERAL,
	LOG_AUTH,
	LOG_SMB2,
	LOG_FSA,
	LOG_VFS,
	LOG_LOCKING,
	LOG_DB,
	LOG_MSG,
	LOG_CLASSES
};

enum log_target {
	LOG_TO_STDERR,
	LOG_TO_FILE,
	LOG_TO_JOURNAL
};

/* Names the process in every line: "smbd", "smbd[child]", ... */
void log_set_name(const char *name);

/* Where lines go; path for LOG_TO_FILE, opened for append (errno mapped on
 * failure, then the target stays as it was). */
MUST_CHECK NTSTATUS log_set_target(enum log_target target, const char *path);

/* Opens the file again after it was rotated. */
void log_reopen(void);

/* "3", or "1 auth:5 smb2:3" as smb.conf's "log level"; INVALID_PARAMETER for
 * an unknown class or a level that is no number, then nothing changes. */
MUST_CHECK NTSTATUS log_set_levels(const char *spec);

/* The same check without the change. */
MUST_CHECK NTSTATUS log_levels_check(const char *spec);

bool log_enabled(enum log_class cls, int level);
void log_line(enum log_class cls, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define LOG_AT(cls, level, ...)                                                \
	do {                                                                   \
		if (log_enabled(cls, level)) {                                 \
			log_line(cls, level, __VA_ARGS__);                     \
		}                                                              \
	} while (0)
#define LOG_ERR(cls, ...)    LOG_AT(cls, 0, __VA_ARGS__)
#define LOG_WARN(cls, ...)   LOG_AT(cls, 1, __VA_ARGS__)
#define LOG_NOTICE(cls, ...) LOG_AT(cls, 2, __VA_ARGS__)
#define LOG_INFO(cls, ...)   LOG_AT(cls, 3, __VA_ARGS__)
#define LOG_DEBUG(cls, ...)  LOG_AT(cls, 5, __VA_ARGS__)
#define LOG_TRACE(cls, ...)  LOG_AT(cls, 10, __VA_ARGS__)

#endif
