/* tools/status_print.c - the JSON tree as tables. */
#include "tools/status_int.h"

#include <string.h>

const char *status_clean(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < size; text++) {
		unsigned char ch = (unsigned char)*text;

		out[n++] = ch < 0x20 || ch == 0x7f ? '?' : (char)ch;
	}
	out[n] = '\0';
	return out;
}

const char *status_text_of(const json_t *from, const char *name)
{
	const char *text = json_string_value(json_object_get(from, name));

	return text != NULL ? text : "-";
}

const char *status_pid_of(const json_t *from)
{
	return status_text_of(json_object_get(from, "server_id"), "pid");
}

static const char *cipher_of(const json_t *from, const char *what)
{
	return status_text_of(json_object_get(from, what), "cipher");
}

/* A line for each connection, if there are several. */
static void print_channels(const json_t *channels, FILE *f)
{
	char address[128];
	const json_t *c;
	size_t i;

	if (json_array_size(channels) < 2) {
		return;
	}
	json_array_foreach(channels, i, c)
	{
		fprintf(f, "%-8s %-16s %-16s channel from %s\n", "", "", "",
			status_clean(status_text_of(c, "remote_address"),
				     address, sizeof(address)));
	}
}

static void print_sessions(const json_t *sessions, FILE *f)
{
	const char *key;
	json_t *s;
	char user[64];
	char machine[128];
	char address[128];
	char where[260];

	fprintf(f, "%-8s %-16s %-16s %-32s %-9s %-12s %s\n", "PID", "Username",
		"Group", "Machine", "Protocol", "Encryption", "Signing");
	fprintf(f, STATUS_RULE);
	json_object_foreach((json_t *)sessions, key, s)
	{
		snprintf(where, sizeof(where), "%s (%s)",
			 status_clean(status_text_of(s, "remote_machine"),
				      machine, sizeof(machine)),
			 status_clean(status_text_of(s, "hostname"), address,
				      sizeof(address)));
		fprintf(f, "%-8s %-16s %-16s %-32s %-9s %-12s %s\n",
			status_pid_of(s),
			status_clean(status_text_of(s, "username"), user,
				     sizeof(user)),
			status_text_of(s, "groupname"), where,
			status_text_of(s, "session_dialect"),
			cipher_of(s, "encryption"), cipher_of(s, "signing"));
		print_channels(json_object_get(s, "channels"), f);
	}
}

static void print_trees(const json_t *tcons, FILE *f)
{
	const char *key;
	json_t *t;
	char machine[128];

	fprintf(f, "\n%-16s %-8s %-32s %s\n", "Service", "pid", "Machine",
		"Connected at");
	fprintf(f, STATUS_RULE);
	json_object_foreach((json_t *)tcons, key, t)
	{
		fprintf(f, "%-16s %-8s %-32s %s\n",
			status_text_of(t, "service"), status_pid_of(t),
			status_clean(status_text_of(t, "machine"), machine,
				     sizeof(machine)),
			status_text_of(t, "connected_at"));
	}
}

void status_print(const json_t *status, FILE *f)
{
	const json_t *sessions = json_object_get(status, "sessions");
	const json_t *tcons = json_object_get(status, "tcons");
	const json_t *files = json_object_get(status, "open_files");
	const json_t *locks = json_object_get(status, "byte_range_locks");
	const json_t *notifies = json_object_get(status, "notifies");
	const json_t *waiting = json_object_get(status, "waiting");

	fprintf(f, "\nHoldfast version %s\n",
		status_text_of(status, "version"));
	if (sessions != NULL) {
		print_sessions(sessions, f);
	}
	if (tcons != NULL) {
		print_trees(tcons, f);
	}
	if (files != NULL) {
		status_print_files(files, f);
		status_print_breaks(files, f);
	}
	if (locks != NULL) {
		status_print_locks(locks, f);
	}
	if (notifies != NULL) {
		status_print_notifies(notifies, f);
	}
	if (waiting != NULL) {
		status_print_waiting(waiting, f);
	}
	fputc('\n', f);
}
