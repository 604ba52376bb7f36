/* lib/conf_params.c - the tables: what each parameter of smb.conf is. */
#include "lib/conf_int.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define G(n, m, t, i, ...)                                                     \
	{                                                                      \
		.name = n, .global = true, .type = t,                          \
		.offset = offsetof(struct conf_global, m), .initial = i,       \
		__VA_ARGS__                                                    \
	}
#define S(n, m, t, i, ...)                                                     \
	{                                                                      \
		.name = n, .type = t,                                          \
		.offset = offsetof(struct conf_share, m), .initial = i,        \
		__VA_ARGS__                                                    \
	}

/* Samba's names; below SMB 2.0.2 there is nothing, so a minimum there means
 * SMB 2.0.2. */
static const struct conf_word min_protocols[] = {
	{"SMB2_02", 0x0202},  {"SMB2_10", 0x0210}, {"SMB3_00", 0x0300},
	{"SMB3_02", 0x0302},  {"SMB3_11", 0x0311}, {"SMB2", 0x0202},
	{"SMB3", 0x0300},     {"SMB2_22", 0x0300}, {"SMB2_24", 0x0300},
	{"SMB3_10", 0x0311},  {"default", 0x0202}, {"CORE", 0x0202},
	{"COREPLUS", 0x0202}, {"LANMAN1", 0x0202}, {"LANMAN2", 0x0202},
	{"NT1", 0x0202},      {NULL, 0},
};

static const struct conf_word max_protocols[] = {
	{"SMB3_11", 0x0311}, {"SMB3_02", 0x0302}, {"SMB3_00", 0x0300},
	{"SMB2_10", 0x0210}, {"SMB2_02", 0x0202}, {"SMB3", 0x0311},
	{"SMB3_10", 0x0311}, {"SMB2", 0x0210},	  {"SMB2_22", 0x0210},
	{"SMB2_24", 0x0210}, {"default", 0x0311}, {NULL, 0},
};

static const struct conf_word signing[] = {
	{"default", CONF_SIGNING_DEFAULT},
	{"required", CONF_SIGNING_REQUIRED},
	{"disabled", CONF_SIGNING_DISABLED},
	{"mandatory", CONF_SIGNING_REQUIRED},
	{"force", CONF_SIGNING_REQUIRED},
	{"forced", CONF_SIGNING_REQUIRED},
	{"enforced", CONF_SIGNING_REQUIRED},
	{"auto", CONF_SIGNING_DEFAULT},
	{"desired", CONF_SIGNING_DEFAULT},
	{"if_required", CONF_SIGNING_DEFAULT},
	{"yes", CONF_SIGNING_DEFAULT},
	{"true", CONF_SIGNING_DEFAULT},
	{"no", CONF_SIGNING_DISABLED},
	{"off", CONF_SIGNING_DISABLED},
	{NULL, 0},
};

static const struct conf_word streams[] = {
	{"auto", CONF_STREAMS_AUTO}, {"yes", CONF_STREAMS_ON},
	{"true", CONF_STREAMS_ON},   {"on", CONF_STREAMS_ON},
	{"1", CONF_STREAMS_ON},	     {"no", CONF_STREAMS_OFF},
	{"false", CONF_STREAMS_OFF}, {"off", CONF_STREAMS_OFF},
	{"0", CONF_STREAMS_OFF},     {NULL, 0},
};

/* "auto" looks as "yes" does: to look costs next to nothing. */
static const struct conf_word strict_locking[] = {
	{"auto", true}, {"yes", true}, {"true", true},	 {"on", true},
	{"1", true},	{"no", false}, {"false", false}, {"off", false},
	{"0", false},	{NULL, 0},
};

/* Samba's "auto" is no on a cluster. */
static const struct conf_word directory_leases[] = {
	{"auto", true}, {"yes", true}, {"true", true},	 {"on", true},
	{"1", true},	{"no", false}, {"false", false}, {"off", false},
	{"0", false},	{NULL, 0},
};

static const struct conf_word mangled_names[] = {
	{"no", CONF_MANGLED_NO},
	{"yes", CONF_MANGLED_YES},
	{"illegal", CONF_MANGLED_ILLEGAL},
	{"false", CONF_MANGLED_NO},
	{"0", CONF_MANGLED_NO},
	{"off", CONF_MANGLED_NO},
	{"true", CONF_MANGLED_YES},
	{"1", CONF_MANGLED_YES},
	{"on", CONF_MANGLED_YES},
	{NULL, 0},
};

/* Not "unix only": an owner and a descriptor that names another one. */
static const struct conf_word inherit_owner[] = {
	{"no", 0},    {"yes", 1},  {"windows and unix", 1},
	{"false", 0}, {"true", 1}, {"0", 0},
	{"1", 1},     {"off", 0},  {"on", 1},
	{NULL, 0},
};

static const struct conf_word map_readonly[] = {
	{"no", CONF_MAP_READONLY_NO},
	{"yes", CONF_MAP_READONLY_YES},
	{"permissions", CONF_MAP_READONLY_PERMISSIONS},
	{"perm", CONF_MAP_READONLY_PERMISSIONS},
	{"false", CONF_MAP_READONLY_NO},
	{"0", CONF_MAP_READONLY_NO},
	{"off", CONF_MAP_READONLY_NO},
	{"true", CONF_MAP_READONLY_YES},
	{"1", CONF_MAP_READONLY_YES},
	{"on", CONF_MAP_READONLY_YES},
	{NULL, 0},
};

static const struct conf_word acl_styles[] = {
	{"posix", CONF_ACL_POSIX},
	{"windows", CONF_ACL_WINDOWS},
	{"everyone", CONF_ACL_EVERYONE},
	{NULL, 0},
};

static const struct conf_word encrypt[] = {
	{"default", CONF_ENCRYPT_IF_REQUIRED},
	{"off", CONF_ENCRYPT_OFF},
	{"desired", CONF_ENCRYPT_DESIRED},
	{"required", CONF_ENCRYPT_REQUIRED},
	{"if_required", CONF_ENCRYPT_IF_REQUIRED},
	{"auto", CONF_ENCRYPT_IF_REQUIRED},
	{"enabled", CONF_ENCRYPT_IF_REQUIRED},
	{"mandatory", CONF_ENCRYPT_REQUIRED},
	{"force", CONF_ENCRYPT_REQUIRED},
	{"forced", CONF_ENCRYPT_REQUIRED},
	{"yes", CONF_ENCRYPT_IF_REQUIRED},
	{"true", CONF_ENCRYPT_IF_REQUIRED},
	{"no", CONF_ENCRYPT_OFF},
	{"false", CONF_ENCRYPT_OFF},
	{"disabled", CONF_ENCRYPT_OFF},
	{NULL, 0},
};

static const struct conf_word logging[] = {
	{"", CONF_LOGGING_DEFAULT},
	{"file", CONF_LOGGING_FILE},
	{"systemd", CONF_LOGGING_JOURNAL},
	{"journal", CONF_LOGGING_JOURNAL},
	{"syslog", CONF_LOGGING_JOURNAL},
	{"stderr", CONF_LOGGING_STDERR},
	{NULL, 0},
};

#define IO_MAX "8388608"

/* Who uses them: the master (directories, ports, interfaces, protocols, log),
 * the child (deadtime, sizes, credits, signing, encryption), tree connect (a
 * share's users, hosts, path), fsa (masks, symlinks, attributes). */
const struct conf_param conf_params[] = {
	/* global */
	G("netbios name", netbios_name, CONF_STRING, ""),
	G("workgroup", workgroup, CONF_STRING, "WORKGROUP"),
	G("server string", server_string, CONF_STRING, "Holdfast %v"),
	G("private dir", private_dir, CONF_DIR, STATEDIR "/private"),
	G("state directory", state_dir, CONF_DIR, STATEDIR),
	G("cache directory", cache_dir, CONF_DIR, CACHEDIR),
	G("modules directory", modules_dir, CONF_DIR, MODULESDIR),
	G("lock directory", lock_dir, CONF_DIR, LOCKDIR),
	G("pid directory", pid_dir, CONF_DIR, LOCKDIR),
	G("smb ports", smb_ports, CONF_PORTS, "445"),
	G("interfaces", interfaces, CONF_LIST, ""),
	G("bind interfaces only", bind_interfaces_only, CONF_BOOL, "no"),
	G("logging", logging, CONF_WORD, "", .words = logging),
	G("log file", log_file, CONF_STRING, ""),
	G("log level", log_level, CONF_LEVELS, "1"),
	G("server min protocol", server_min_protocol, CONF_WORD, "SMB2_02",
	  .words = min_protocols),
	G("server max protocol", server_max_protocol, CONF_WORD, "SMB3_11",
	  .words = max_protocols),
	G("server signing", server_signing, CONF_WORD, "default",
	  .words = signing),
	G("smb2 max read", smb2_max_read, CONF_BYTES, IO_MAX, .min = 65536,
	  .max = 8388608),
	G("smb2 max write", smb2_max_write, CONF_BYTES, IO_MAX, .min = 65536,
	  .max = 8388608),
	G("smb2 max trans", smb2_max_trans, CONF_BYTES, IO_MAX, .min = 65536,
	  .max = 8388608),
	G("smb2 max credits", smb2_max_credits, CONF_INT, "8192", .min = 128,
	  .max = 65535),
	G("change notify", change_notify, CONF_BOOL, "yes"),
	G("smb2 leases", smb2_leases, CONF_BOOL, "yes"),
	G("smb3 directory leases", directory_leases, CONF_WORD, "auto",
	  .words = directory_leases),
	G("server multi channel support", multi_channel, CONF_BOOL, "yes"),
	G("oplock break wait time", oplock_break_wait, CONF_INT, "35", .min = 1,
	  .max = 3600),
	G("deadtime", deadtime, CONF_INT, "0", .max = INT_MAX / 60),
	G("max smbd processes", max_processes, CONF_INT, "0", .max = INT_MAX),
	G("smbd:FSCTL_SMBTORTURE", private_ioctls, CONF_BOOL, "no"),
	G("fruit:aapl", fruit.aapl, CONF_BOOL, "yes"),
	G("fruit:nfs_aces", fruit.nfs_aces, CONF_BOOL, "yes"),
	G("fruit:copyfile", fruit.copyfile, CONF_BOOL, "no"),
	G("fruit:model", fruit.model, CONF_STRING, "MacSamba"),
	/* share */
	S("comment", comment, CONF_STRING, ""),
	S("path", path, CONF_DIR, ""),
	S("volume", volume, CONF_STRING, ""),
	S("available", available, CONF_BOOL, "yes"),
	S("browseable", browseable, CONF_BOOL, "yes"),
	S("read only", read_only, CONF_BOOL, "yes"),
	S("guest ok", guest_ok, CONF_BOOL, "no"),
	S("smb encrypt", smb_encrypt, CONF_WORD, "default", .words = encrypt),
	S("valid users", valid_users, CONF_USERS, ""),
	S("invalid users", invalid_users, CONF_USERS, ""),
	S("read list", read_list, CONF_USERS, ""),
	S("write list", write_list, CONF_USERS, ""),
	S("admin users", admin_users, CONF_USERS, ""),
	S("hosts allow", hosts_allow, CONF_HOSTS, ""),
	S("hosts deny", hosts_deny, CONF_HOSTS, ""),
	S("force user", force_user, CONF_STRING, ""),
	S("force group", force_group, CONF_STRING, ""),
	S("follow symlinks", follow_symlinks, CONF_BOOL, "yes"),
	S("wide links", wide_links, CONF_BOOL, "no"),
	S("create mask", create_mask, CONF_OCTAL, "0744", .max = 07777),
	S("force create mode", force_create_mode, CONF_OCTAL, "0000",
	  .max = 0777),
	S("force directory mode", force_directory_mode, CONF_OCTAL, "0000",
	  .max = 0777),
	S("inherit permissions", inherit_permissions, CONF_BOOL, "no"),
	S("inherit acls", inherit_acls, CONF_BOOL, "no"),
	S("inherit owner", inherit_owner, CONF_WORD, "no",
	  .words = inherit_owner),
	S("directory mask", directory_mask, CONF_OCTAL, "0755", .max = 07777),
	S("hide dot files", hide_dot_files, CONF_BOOL, "yes"),
	S("hide unreadable", hide_unreadable, CONF_BOOL, "no"),
	S("hide special files", hide_special_files, CONF_BOOL, "no"),
	S("hide files", hide_files, CONF_STRING, ""),
	S("veto files", veto_files, CONF_STRING, ""),
	S("delete veto files", delete_veto_files, CONF_BOOL, "no"),
	S("delete readonly", delete_readonly, CONF_BOOL, "no"),
	S("dos filemode", dos_filemode, CONF_BOOL, "no"),
	S("dos filetimes", dos_filetimes, CONF_BOOL, "yes"),
	S("mangled names", mangled_names, CONF_WORD, "no",
	  .words = mangled_names),
	S("map archive", map_archive, CONF_BOOL, "yes"),
	S("map hidden", map_hidden, CONF_BOOL, "no"),
	S("map system", map_system, CONF_BOOL, "no"),
	S("map readonly", map_readonly, CONF_WORD, "no", .words = map_readonly),
	S("store dos attributes", store_dos_attributes, CONF_BOOL, "yes"),
	S("ea support", ea_support, CONF_BOOL, "yes"),
	S("named streams", named_streams, CONF_WORD, "auto", .words = streams),
	S("smb3 unix extensions", unix_extensions, CONF_BOOL, "yes"),
	S("strict sync", strict_sync, CONF_BOOL, "yes"),
	S("oplocks", oplocks, CONF_BOOL, "yes"),
	S("kernel oplocks", kernel_oplocks, CONF_BOOL, "no"),
	S("posix locking", posix_locking, CONF_BOOL, "yes"),
	S("kernel change notify", kernel_change_notify, CONF_BOOL, "yes"),
	S("strict locking", strict_locking, CONF_WORD, "auto",
	  .words = strict_locking),
	S("acl flag inherited canonicalization", canonical_inherited_flag,
	  CONF_BOOL, "yes"),
	S("acl_xattr:ignore system acls", ignore_system_acls, CONF_BOOL, "no"),
	S("acl_xattr:security_acl_name", security_acl_name, CONF_STRING, ""),
	S("acl_xattr:default acl style", default_acl_style, CONF_WORD, "posix",
	  .words = acl_styles),
	S("smbd:writetimeupdatedelay", write_time_delay, CONF_INT, "0",
	  .max = INT_MAX),
	S("fruit:zero_file_id", fruit.zero_file_id, CONF_BOOL, "yes"),
	S("fruit:posix_rename", fruit.posix_rename, CONF_BOOL, "yes"),
	S("fruit:time machine max size", fruit.time_machine_max_size, CONF_SIZE,
	  "0"),
	S("fruit:time machine", fruit.time_machine, CONF_BOOL, "no"),
	S("readdir_attr:aapl_rsize", fruit.dir_resource_size, CONF_BOOL, "yes"),
	S("readdir_attr:aapl_finder_info", fruit.dir_finder_info, CONF_BOOL,
	  "yes"),
	S("readdir_attr:aapl_max_access", fruit.dir_max_access, CONF_BOOL,
	  "yes"),
	S("preexec", commands.preexec, CONF_STRING, ""),
	S("preexec close", commands.preexec_close, CONF_BOOL, "no"),
	S("postexec", commands.postexec, CONF_STRING, ""),
	S("root preexec", commands.root_preexec, CONF_STRING, ""),
	S("root preexec close", commands.root_preexec_close, CONF_BOOL, "no"),
	S("root postexec", commands.root_postexec, CONF_STRING, ""),
	S("driver", driver, CONF_STRING, "posix"),
	S("vfs objects", vfs_objects, CONF_LIST, ""),
	{.name = NULL},
};

static const struct {
	const char *name;
	const char *of;
	bool inverted;
} synonyms[] = {
	{"writeable", "read only", true},
	{"writable", "read only", true},
	{"write ok", "read only", true},
	{"browsable", "browseable", false},
	{"exec", "preexec", false},
	{"public", "guest ok", false},
	{"directory", "path", false},
	{"allow hosts", "hosts allow", false},
	{"deny hosts", "hosts deny", false},
	{"create mode", "create mask", false},
	{"directory mode", "directory mask", false},
	{"group", "force group", false},
	{"vfs object", "vfs objects", false},
	{"server smb encrypt", "smb encrypt", false},
	{"debug level", "log level", false},
	{"lock dir", "lock directory", false},
	{"private directory", "private dir", false},
	{"min protocol", "server min protocol", false},
	{"max protocol", "server max protocol", false},
	{"protocol", "server max protocol", false},
};

static const struct conf_param *lookup_exact(const char *name)
{
	for (const struct conf_param *p = conf_params; p->name != NULL; p++) {
		if (conf_name_equal(p->name, name)) {
			return p;
		}
	}
	return NULL;
}

const struct conf_param *conf_param_lookup(const char *name, bool *inverted)
{
	*inverted = false;
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
		if (conf_name_equal(synonyms[i].name, name)) {
			*inverted = synonyms[i].inverted;
			return lookup_exact(synonyms[i].of);
		}
	}
	return lookup_exact(name);
}

/* --- what Samba has and we have not ------------------------------------ */

#define ANY "*"

/* fine: the values (separated by '|') that ask for what is so anyway. */
struct other {
	const char *name;
	const char *fine;
	bool restricts;
};

static const struct other others[] = {
	/* A value that is not fine here would let somebody in, or at
	 * something, whom Samba would keep out: it stops the start. */
	{"config file", "", true},
	{"dont descend", "", true},
	{"guest only", "no", true},
	{"max connections", "0", true},
	{"ntlm auth",
	 "no|yes|ntlmv2-only|mschapv2-and-ntlmv2-only|ntlmv1-permitted", true},
	{"obey pam restrictions", "no", true},
	{"only guest", "no", true},
	{"only user", "no", true},
	{"preexec close", "no", true},
	{"printable", "no", true},
	{"print ok", "no", true},
	{"root directory", "", true},
	{"root dir", "", true},
	{"root", "", true},
	{"root preexec close", "no", true},
	{"server smb3 encryption algorithms", "", true},
	{"server smb3 signing algorithms", "", true},
	{"user", "", true},
	{"username", "", true},
	{"users", "", true},
	/* What a file server that is nothing else has anyway. */
	{"case sensitive", "auto|no", false},
	{"client max protocol", ANY, false},
	{"client min protocol", ANY, false},
	{"client signing", ANY, false},
	{"disable netbios", "yes", false},
	{"disable spoolss", "yes", false},
	{"dns proxy", ANY, false},
	{"domain master", "no|auto", false},
	{"dos charset", ANY, false},
	{"enable core files", ANY, false},
	{"encrypt passwords", "yes", false},
	{"getwd cache", ANY, false},
	{"guest account", ANY, false},
	{"keepalive", ANY, false},
	{"kernel share modes", "no", false},
	{"lanman auth", "no", false},
	{"load printers", "no", false},
	{"local master", "no", false},
	{"map to guest", "never", false},
	{"ncalrpc dir", ANY, false},
	{"null passwords", "no", false},
	{"os level", ANY, false},
	{"pam password change", ANY, false},
	{"panic action", ANY, false},
	{"passdb backend", "tdbsam", false},
	{"passwd chat", ANY, false},
	{"passwd program", ANY, false},
	{"preferred master", "no|auto", false},
	{"preserve case", "yes", false},
	{"printcap name", ANY, false},
	{"printing", ANY, false},
	{"security", "user|auto", false},
	{"server role", "auto|standalone|standalone server", false},
	{"short preserve case", "yes", false},
	{"socket options", ANY, false},
	{"unix charset", "UTF-8|UTF8", false},
	{"unix extensions", "no", false},
	{"unix password sync", "no", false},
	{"use sendfile", ANY, false},
	{"usershare allow guests", ANY, false},
	{"wins support", "no", false},
	/* Not there yet. */
	{"access based share enum", "no", false},
	{"durable handles", "no", false},
	{"hide unwriteable files", "no", false},
	{"level2 oplocks", "yes", false},
	{"max log size", "0", false},
	{"usershare path", "", false},
};

/* Is value one of the words in list?  Booleans in any spelling. */
static bool is_fine(const char *list, const char *value)
{
	char word[64];
	bool a;
	bool b;

	if (strcmp(list, ANY) == 0) {
		return true;
	}
	for (;;) {
		size_t n = strcspn(list, "|");

		snprintf(word, sizeof(word), "%.*s", (int)n, list);
		if (conf_name_equal(word, value)) {
			return true;
		}
		if (conf_parse_bool(word, &a) && conf_parse_bool(value, &b) &&
		    a == b) {
			return true;
		}
		if (list[n] == '\0') {
			return false;
		}
		list += n + 1;
	}
}

enum conf_other conf_other_check(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!conf_name_equal(others[i].name, name)) {
			continue;
		}
		if (is_fine(others[i].fine, value)) {
			return CONF_OTHER_FINE;
		}
		return others[i].restricts ? CONF_OTHER_RESTRICTS
					   : CONF_OTHER_IGNORED;
	}
	return CONF_OTHER_UNKNOWN;
}

/* Samba has acl_xattr without streams where it is told so; of a list that says
 * nothing of either nobody expects that it takes the streams away. */
bool conf_share_has_streams(const struct conf_share *share)
{
	static const char *const names[] = {"streams_xattr", "streams_depot",
					    "fruit"};
	const char *const *modules = share->vfs_objects;
	bool without = false;

	if (share->named_streams != CONF_STREAMS_AUTO) {
		return share->named_streams != CONF_STREAMS_OFF;
	}
	for (; *modules != NULL; modules++) {
		without = without || strcasecmp(*modules, "acl_xattr") == 0;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (strcasecmp(names[i], *modules) == 0) {
				return true;
			}
		}
	}
	return !without;
}

bool conf_param_waits(const char *name)
{
	static const char *const names[] = {"browseable", "comment",
					    "server string", "workgroup"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}
