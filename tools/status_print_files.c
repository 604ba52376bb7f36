/* tools/status_print_files.c - tables of opens, breaks and locks. */
#include "tools/status_int.h"

#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 1024

static bool is_set(const json_t *from, const char *name)
{
	return json_is_true(json_object_get(from, name));
}

/* --- opens ---------------------------------------------------------------- */

/* Samba's words for what an open denies to others. */
static const char *deny_text(const json_t *open)
{
	const json_t *mode = json_object_get(open, "sharemode");
	bool reads = is_set(mode, "READ");
	bool writes = is_set(mode, "WRITE");

	if (reads && writes) {
		return "DENY_NONE";
	}
	return reads ? "DENY_WRITE" : writes ? "DENY_READ" : "DENY_ALL";
}

/* "BATCH", "LEASE(RWH)"; "NONE" without one. */
static const char *oplock_text(const json_t *open, char *out, size_t size)
{
	const json_t *oplock = json_object_get(open, "oplock");
	const json_t *lease = json_object_get(open, "lease");

	if (json_object_size(oplock) == 0) {
		return "NONE";
	}
	if (!is_set(oplock, "LEASE")) {
		return status_text_of(oplock, "text");
	}
	snprintf(out, size, "LEASE(%s)", status_text_of(lease, "text"));
	return out;
}

static void print_file(const json_t *file, FILE *f)
{
	const char *key;
	json_t *o;
	char path[NAME_SIZE], name[NAME_SIZE], oplock[32];

	json_object_foreach(json_object_get(file, "opens"), key, o)
	{
		const json_t *access = json_object_get(o, "access_mask");

		fprintf(f, "%-8s %-12s %-10s %-10s %-4s %-12s %s   %s   %s\n",
			status_pid_of(o), status_text_of(o, "username"),
			deny_text(o), status_text_of(access, "hex"),
			status_text_of(access, "text"),
			oplock_text(o, oplock, sizeof(oplock)),
			status_clean(status_text_of(file, "service_path"), path,
				     sizeof(path)),
			status_clean(status_text_of(file, "filename"), name,
				     sizeof(name)),
			status_text_of(o, "opened_at"));
	}
}

void status_print_files(const json_t *files, FILE *f)
{
	const char *key;
	json_t *file;

	if (json_object_size(files) == 0) {
		fprintf(f, "\nNo locked files\n");
		return;
	}
	fprintf(f, "\nLocked files:\n%-8s %-12s %-10s %-10s %-4s %-12s %s\n",
		"Pid", "User", "DenyMode", "Access", "R/W", "Oplock",
		"SharePath   Name   Time");
	fprintf(f, STATUS_RULE);
	json_object_foreach((json_t *)files, key, file)
	{
		print_file(file, f);
	}
}

/* --- breaks --------------------------------------------------------------- */

static const char *state_of(const json_t *from, const char *name)
{
	const char *text = status_text_of(json_object_get(from, name), "text");

	return *text != '\0' ? text : "none";
}

static void print_break(const json_t *file, const json_t *o, FILE *f)
{
	const json_t *b = json_object_get(o, "break");
	const json_t *lease = json_object_get(o, "lease");
	char path[NAME_SIZE], name[NAME_SIZE];

	fprintf(f, "%-8s %-36s %-5s %-5s %-7s %8.1f   %s   %s\n",
		status_pid_of(o),
		json_object_size(lease) != 0
			? status_text_of(lease, "lease_key")
			: status_text_of(o, "share_file_id"),
		state_of(o, "caching"), state_of(b, "to"),
		state_of(b, "required"),
		json_real_value(json_object_get(b, "seconds_left")),
		status_clean(status_text_of(file, "service_path"), path,
			     sizeof(path)),
		status_clean(status_text_of(file, "filename"), name,
			     sizeof(name)));
}

void status_print_breaks(const json_t *files, FILE *f)
{
	const char *key, *open_key;
	json_t *file, *o;
	bool any = false;

	json_object_foreach((json_t *)files, key, file)
	{
		json_object_foreach(json_object_get(file, "opens"), open_key, o)
		{
			if (!json_is_object(json_object_get(o, "break"))) {
				continue;
			}
			if (!any) {
				fprintf(f,
					"\nBreaks not answered:\n%-8s %-36s "
					"%-5s %-5s %-7s %8s   %s\n",
					"Pid", "Lease key or open", "Has", "To",
					"In the end", "Seconds",
					"SharePath   Name");
				fprintf(f, STATUS_RULE);
			}
			any = true;
			print_break(file, o, f);
		}
	}
}

/* --- locks ---------------------------------------------------------------- */

static void print_lock(const json_t *file, const json_t *lock, bool waits,
		       FILE *f)
{
	char path[NAME_SIZE], name[NAME_SIZE];

	fprintf(f, "%-8s %-20s %-4s %-20s %-20s %-7s %s   %s\n",
		status_pid_of(lock), status_text_of(lock, "share_file_id"),
		status_text_of(lock, "type"), status_text_of(lock, "start"),
		status_text_of(lock, "size"), waits ? "waits" : "has",
		status_clean(status_text_of(file, "share_path"), path,
			     sizeof(path)),
		status_clean(status_text_of(file, "file_name"), name,
			     sizeof(name)));
}

void status_print_locks(const json_t *locks, FILE *f)
{
	const char *key;
	json_t *file, *lock;
	size_t i;

	if (json_object_size(locks) == 0) {
		fprintf(f, "\nNo byte range locks\n");
		return;
	}
	fprintf(f, "\nByte range locks:\n%-8s %-20s %-4s %-20s %-20s %-7s %s\n",
		"Pid", "Open", "R/W", "Start", "Size", "State",
		"SharePath   Name");
	fprintf(f, STATUS_RULE);
	json_object_foreach((json_t *)locks, key, file)
	{
		json_array_foreach(json_object_get(file, "locks"), i, lock)
		{
			print_lock(file, lock, false, f);
		}
		json_array_foreach(json_object_get(file, "waiting"), i, lock)
		{
			print_lock(file, lock, true, f);
		}
	}
}
