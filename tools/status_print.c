/* tools/status_print.c - the JSON tree as tables. */
#include "tools/status.h"

#include <string.h>

#define RULE                                                                   \
	"--------------------------------------------------------------------" \
	"--"                                                                   \
	"-----------------------------------\n"

/* Text from a peer must not move the cursor. */
static const char *clean(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < size; text++) {
		unsigned char ch = (unsigned char)*text;

		out[n++] = ch < 0x20 || ch == 0x7f ? '?' : (char)ch;
	}
	out[n] = '\0';
	return out;
}

static const char *text_of(const json_t *from, const char *name)
{
	const char *text = json_string_value(json_object_get(from, name));

	return text != NULL ? text : "-";
}

static const char *pid_of(const json_t *from)
{
	return text_of(json_object_get(from, "server_id"), "pid");
}

static const char *cipher_of(const json_t *from, const char *what)
{
	return text_of(json_object_get(from, what), "cipher");
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
	fprintf(f, RULE);
	json_object_foreach((json_t *)sessions, key, s)
	{
		snprintf(where, sizeof(where), "%s (%s)",
			 clean(text_of(s, "remote_machine"), machine,
			       sizeof(machine)),
			 clean(text_of(s, "hostname"), address,
			       sizeof(address)));
		fprintf(f, "%-8s %-16s %-16s %-32s %-9s %-12s %s\n", pid_of(s),
			clean(text_of(s, "username"), user, sizeof(user)),
			text_of(s, "groupname"), where,
			text_of(s, "session_dialect"),
			cipher_of(s, "encryption"), cipher_of(s, "signing"));
	}
}

static void print_trees(const json_t *tcons, FILE *f)
{
	const char *key;
	json_t *t;
	char machine[128];

	fprintf(f, "\n%-16s %-8s %-32s %s\n", "Service", "pid", "Machine",
		"Connected at");
	fprintf(f, RULE);
	json_object_foreach((json_t *)tcons, key, t)
	{
		fprintf(f, "%-16s %-8s %-32s %s\n", text_of(t, "service"),
			pid_of(t),
			clean(text_of(t, "machine"), machine, sizeof(machine)),
			text_of(t, "connected_at"));
	}
}

/* Samba's words for what an open denies to others. */
static const char *deny_text(const json_t *open)
{
	const json_t *mode = json_object_get(open, "sharemode");
	bool reads = json_is_true(json_object_get(mode, "READ"));
	bool writes = json_is_true(json_object_get(mode, "WRITE"));

	if (reads && writes) {
		return "DENY_NONE";
	}
	return reads ? "DENY_WRITE" : writes ? "DENY_READ" : "DENY_ALL";
}

static void print_file(const json_t *file, FILE *f)
{
	const char *key;
	json_t *o;
	char path[1024];
	char name[1024];

	json_object_foreach(json_object_get(file, "opens"), key, o)
	{
		const json_t *access = json_object_get(o, "access_mask");

		fprintf(f, "%-8s %-12s %-10s %-10s %-4s %s   %s   %s\n",
			pid_of(o), text_of(o, "username"), deny_text(o),
			text_of(access, "hex"), text_of(access, "text"),
			clean(text_of(file, "service_path"), path,
			      sizeof(path)),
			clean(text_of(file, "filename"), name, sizeof(name)),
			text_of(o, "opened_at"));
	}
}

static void print_files(const json_t *files, FILE *f)
{
	const char *key;
	json_t *file;

	if (json_object_size(files) == 0) {
		fprintf(f, "\nNo locked files\n");
		return;
	}
	fprintf(f, "\nLocked files:\n%-8s %-12s %-10s %-10s %-4s %s\n", "Pid",
		"User", "DenyMode", "Access", "R/W", "SharePath   Name   Time");
	fprintf(f, RULE);
	json_object_foreach((json_t *)files, key, file)
	{
		print_file(file, f);
	}
}

void status_print(const json_t *status, FILE *f)
{
	const json_t *sessions = json_object_get(status, "sessions");
	const json_t *tcons = json_object_get(status, "tcons");
	const json_t *files = json_object_get(status, "open_files");

	fprintf(f, "\nHoldfast version %s\n", text_of(status, "version"));
	if (sessions != NULL) {
		print_sessions(sessions, f);
	}
	if (tcons != NULL) {
		print_trees(tcons, f);
	}
	if (files != NULL) {
		print_files(files, f);
	}
	fputc('\n', f);
}
