/* tools/status_json.c - values as Samba's smbstatus writes them. */
#include "tools/status_int.h"

#include <grp.h>
#include <inttypes.h>
#include <pwd.h>

json_t *status_time_json(NTTIME t)
{
	time_t seconds = nttime_to_timespec(t).tv_sec;
	char text[64];
	struct tm tm;

	if (t == 0) {
		return json_null();
	}
	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
	return json_string(text);
}

json_t *status_server_id_json(const struct server_id *id)
{
	char unique[24];
	char node[12];
	char pid[12];

	/* Strings, as Samba has them. */
	snprintf(unique, sizeof(unique), "%" PRIu64, (uint64_t)id->unique_id);
	snprintf(node, sizeof(node), "%" PRIu32, id->node);
	snprintf(pid, sizeof(pid), "%" PRIu32, id->pid);
	return json_pack("{s:s, s:s, s:s}", "node", node, "pid", pid,
			 "unique_id", unique);
}

json_t *status_hex_json(uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%08" PRIx64, v);
	return json_string(text);
}

json_t *status_decimal_json(uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, v);
	return json_string(text);
}

json_t *status_text_json(const char *text)
{
	json_t *j = json_string(text == NULL ? "" : text);

	return j != NULL ? j : json_string("?");
}

json_t *status_user_json(uid_t uid)
{
	struct passwd *pw = getpwuid(uid);

	return pw != NULL ? status_text_json(pw->pw_name)
			  : status_decimal_json(uid);
}

json_t *status_group_json(gid_t gid)
{
	struct group *gr = getgrgid(gid);

	return gr != NULL ? status_text_json(gr->gr_name)
			  : status_decimal_json(gid);
}

void status_file_key(const struct file_id *id, char *out)
{
	snprintf(out, STATUS_FILE_KEY_SIZE, "%" PRIx64 ":%" PRIx64 ":%" PRIx64,
		 (uint64_t)id->device, (uint64_t)id->inode,
		 (uint64_t)id->stream);
}

json_t *status_file_id_json(const struct file_id *id)
{
	return json_pack("{s:I, s:I, s:I}", "devid", (json_int_t)id->device,
			 "inode", (json_int_t)id->inode, "extid",
			 (json_int_t)id->stream);
}
