/* vfs_modules/shadow_copy/snapshot_time.h - the time in a snapshot's name, and
 * @GMT tokens ([MS-SMB2] 2.2.32.2). */
#ifndef VFS_MODULES_SHADOW_COPY_SNAPSHOT_TIME_H
#define VFS_MODULES_SHADOW_COPY_SNAPSHOT_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* "@GMT-YYYY.MM.DD-HH.MM.SS" */
#define GMT_TOKEN_LENGTH 24

/* Whether the length bytes at s are a token, and of which time. */
bool gmt_token_parse(const char *s, size_t length, time_t *out);

/* False for a time that no token can say. */
bool gmt_token_print(time_t t, char out[GMT_TOKEN_LENGTH + 1]);

/* The time that a folder's name says: by format as strptime() has it when that
 * is not NULL, else wherever four digits of a year, month and day, and perhaps
 * hour, minute and second stand in it, with or without something between:
 * "@GMT-2024.01.31-12.00.00", "daily_2024-01-31", "home.20240131T1200".  In the
 * local time when local is set and the name does not say GMT, UTC or Z. */
bool snapshot_time_of_name(const char *name, const char *format, bool local,
			   time_t *out);

#endif
