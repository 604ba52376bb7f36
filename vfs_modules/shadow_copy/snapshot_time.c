/* vfs_modules/shadow_copy/snapshot_time.c - the time in a snapshot's name. */
#include "vfs_modules/shadow_copy/snapshot_time.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TOKEN_FORMAT "@GMT-%Y.%m.%d-%H.%M.%S"

/* A calendar's day and a clock's time, and nothing that timegm() would have to
 * put right. */
static bool is_date(const struct tm *tm)
{
	static const int days[] = {31, 29, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};

	return tm->tm_year >= 70 && tm->tm_year < 400 && tm->tm_mon >= 0 &&
	       tm->tm_mon < 12 && tm->tm_mday >= 1 &&
	       tm->tm_mday <= days[tm->tm_mon] && tm->tm_hour < 24 &&
	       tm->tm_min < 60 && tm->tm_sec < 61;
}

bool gmt_token_parse(const char *s, size_t length, time_t *out)
{
	char text[GMT_TOKEN_LENGTH + 1];
	struct tm tm = {0};
	const char *end;

	if (length != GMT_TOKEN_LENGTH) {
		return false;
	}
	memcpy(text, s, length);
	text[length] = '\0';
	end = strptime(text, TOKEN_FORMAT, &tm);
	if (end == NULL || *end != '\0' || !is_date(&tm)) {
		return false;
	}
	*out = timegm(&tm);
	return true;
}

bool gmt_token_print(time_t t, char out[GMT_TOKEN_LENGTH + 1])
{
	struct tm tm;

	return gmtime_r(&t, &tm) != NULL && tm.tm_year >= -900 &&
	       tm.tm_year < 8100 &&
	       strftime(out, GMT_TOKEN_LENGTH + 1, TOKEN_FORMAT, &tm) ==
		       GMT_TOKEN_LENGTH;
}

/* Exactly count digits at *s, which moves behind them. */
static bool take_digits(const char **s, int count, int *out)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (!isdigit((unsigned char)(*s)[i])) {
			return false;
		}
		value = value * 10 + ((*s)[i] - '0');
	}
	*s += count;
	*out = value;
	return true;
}

/* The same behind at most one separator. */
static bool take_next(const char **s, int *out)
{
	const char *p = *s;

	if (*p != '\0' && strchr("-._:T ", *p) != NULL) {
		p++;
	}
	if (!take_digits(&p, 2, out)) {
		return false;
	}
	*s = p;
	return true;
}

/* A date, and perhaps a time of day, that begins at s. */
static bool take_date(const char *s, struct tm *out)
{
	struct tm tm = {0};
	int year;

	if (!take_digits(&s, 4, &year) || !take_next(&s, &tm.tm_mon) ||
	    !take_next(&s, &tm.tm_mday)) {
		return false;
	}
	tm.tm_year = year - 1900;
	tm.tm_mon--;
	if (take_next(&s, &tm.tm_hour) && take_next(&s, &tm.tm_min)) {
		(void)take_next(&s, &tm.tm_sec);
	} else {
		tm.tm_hour = 0;
	}
	if (!is_date(&tm)) {
		return false;
	}
	*out = tm;
	return true;
}

static bool says_utc(const char *name)
{
	size_t length = strlen(name);

	return strcasestr(name, "GMT") != NULL ||
	       strcasestr(name, "UTC") != NULL ||
	       (length > 1 && name[length - 1] == 'Z' &&
		isdigit((unsigned char)name[length - 2]));
}

static bool find_date(const char *name, const char *format, struct tm *out)
{
	if (format != NULL) {
		const char *end = strptime(name, format, out);

		return end != NULL && *end == '\0' && is_date(out);
	}
	for (const char *s = name; *s != '\0'; s++) {
		bool begins = s == name || !isdigit((unsigned char)s[-1]);

		if (begins && take_date(s, out)) {
			return true;
		}
	}
	return false;
}

bool snapshot_time_of_name(const char *name, const char *format, bool local,
			   time_t *out)
{
	struct tm tm = {.tm_mday = 1};

	if (!find_date(name, format, &tm)) {
		return false;
	}
	tm.tm_isdst = -1;
	*out = local && !says_utc(name) ? mktime(&tm) : timegm(&tm);
	return *out != (time_t)-1;
}
