/* lib/conf.h - smb.conf as an immutable snapshot.
 *
 * conf_load() reads the file once; a reload makes a new snapshot, and whoever
 * still looks at the old one may go on.  What is wrong with the file is
 * collected in a report, which smbd logs and testparm prints: a parameter that
 * is not known is a warning; a bad value, or a parameter that restricts access
 * and is not implemented, is an error and nothing is loaded.
 *
 * Names of parameters and sections are compared without regard to case and
 * spaces, as Samba's users know it.  A share parameter in [global] sets the
 * default of every share. */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include <stdio.h>
#include <sys/types.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct conf; /* the snapshot */

enum conf_signing {
	CONF_SIGNING_DEFAULT, /* done when the client asks for it */
	CONF_SIGNING_REQUIRED,
	CONF_SIGNING_DISABLED, /* as DEFAULT: SMB2 cannot go without */
};

enum conf_encrypt {
	CONF_ENCRYPT_OFF,
	CONF_ENCRYPT_IF_REQUIRED, /* when the client begins it: the default */
	CONF_ENCRYPT_DESIRED,	  /* with every client that can */
	CONF_ENCRYPT_REQUIRED,	  /* others are refused */
};

enum conf_logging {
	CONF_LOGGING_DEFAULT, /* "log file" if set, else stderr */
	CONF_LOGGING_FILE,
	CONF_LOGGING_JOURNAL,
	CONF_LOGGING_STDERR,
};

/* "fruit:...": what macOS is offered. */
struct conf_fruit {
	bool aapl;	   /* the create context AAPL is answered */
	bool nfs_aces;	   /* modes are shown and set by entries of DACLs */
	bool copyfile;	   /* one request copies a file with all it has */
	const char *model; /* Finder shows its picture */
};

/* [global].  Lists end with NULL, and an unset one is empty, never NULL. */
struct conf_global {
	const char *netbios_name; /* upper case; the host's name by default */
	const char *workgroup;
	const char *server_string;
	const char *private_dir;
	const char *state_dir;
	const char *cache_dir;
	const char *modules_dir;
	const char *lock_dir;
	const char *pid_dir;
	const int *smb_ports;	       /* ends with 0 */
	const char *const *interfaces; /* see lib/interfaces.h */
	bool bind_interfaces_only;
	int logging;		 /* enum conf_logging */
	const char *log_file;	 /* "" if unset; may hold %-words */
	const char *log_level;	 /* for log_set_levels() */
	int server_min_protocol; /* 0x0202 .. 0x0311 */
	int server_max_protocol;
	int server_signing; /* enum conf_signing */
	int smb_encrypt;    /* enum conf_encrypt: of the server as a whole */
	int smb2_max_read;  /* bytes, 64 KiB .. 8 MiB */
	int smb2_max_write;
	int smb2_max_trans;
	int smb2_max_credits;
	bool change_notify;
	bool private_ioctls; /* "smbd:FSCTL_SMBTORTURE" */
	bool smb2_leases;
	int directory_leases;  /* a bool; with smb2_leases */
	bool multi_channel;    /* "server multi channel support" */
	int oplock_break_wait; /* seconds */
	int deadtime;	       /* minutes, 0 never: a client without opens */
	int max_processes;     /* "max smbd processes", 0 no limit */
	struct conf_fruit fruit;
};

/* CONF_STREAMS_AUTO: as "vfs objects" says, where it is set, for shares that
 * Samba serves as well; on where it is not. */
enum conf_streams {
	CONF_STREAMS_AUTO,
	CONF_STREAMS_ON,
	CONF_STREAMS_OFF
};

enum conf_mangled_names {
	CONF_MANGLED_NO,
	CONF_MANGLED_YES,
	CONF_MANGLED_ILLEGAL
};

enum conf_map_readonly {
	CONF_MAP_READONLY_NO,
	CONF_MAP_READONLY_YES,
	CONF_MAP_READONLY_PERMISSIONS
};

enum conf_acl_style {
	CONF_ACL_POSIX,
	CONF_ACL_WINDOWS,
	CONF_ACL_EVERYONE
};

/* The same of a share. */
struct conf_fruit_share {
	bool zero_file_id;
	bool time_machine;
	bool posix_rename;
	uint64_t time_machine_max_size; /* bytes; 0: all there is */
	/* "readdir_attr:...": what listings carry for macOS */
	bool dir_resource_size;
	bool dir_finder_info;
	bool dir_max_access;
};

/* What is said to a module: "recycle:repository = .bin". */
struct conf_option {
	const char *name;
	const char *value;
	const char *file; /* where that stands */
	unsigned int line;
	bool quiet; /* said already, at the original */
};

/* A share.  Settings of the files are for fsa_volume_params. */
struct conf_share {
	const char *name;
	const char *path; /* may hold %-words: conf_substitute() */
	const char *comment;
	const char *volume; /* label; the share's name if "" */
	bool available;
	bool browseable;
	bool read_only;
	bool guest_ok;			/* no guests yet: reported */
	int smb_encrypt;		/* enum conf_encrypt */
	const char *const *valid_users; /* empty: everybody */
	const char *const *invalid_users;
	const char *const *read_list;
	const char *const *write_list;
	const char *const *admin_users; /* work as root */
	const char *const *hosts_allow; /* lib/hosts.h */
	const char *const *hosts_deny;
	const char *force_user;	 /* "" if unset: rights of this user instead */
	const char *force_group; /* "" if unset; a leading + as in Samba */
	bool follow_symlinks;
	bool wide_links;
	int create_mask;
	int directory_mask;
	int force_create_mode;
	int force_directory_mode;
	bool inherit_permissions;
	bool inherit_acls;
	int inherit_owner; /* 0 or 1 */
	bool hide_dot_files;
	bool hide_unreadable;
	bool hide_special_files;
	const char *hide_files; /* "" if unset */
	const char *veto_files;
	bool delete_veto_files;
	bool delete_readonly;
	bool dos_filemode;
	bool dos_filetimes;
	int mangled_names; /* enum conf_mangled_names */
	bool map_archive; /* bits of the mode, where no attributes are stored */
	bool map_hidden;
	bool map_system;
	int map_readonly; /* enum conf_map_readonly */
	bool store_dos_attributes;
	bool ea_support;
	bool unix_extensions; /* of SMB 3.1.1: fsa/posix.h */
	int write_time_delay; /* microseconds, 0: none */
	int named_streams;    /* enum conf_streams: conf_share_has_streams() */
	bool strict_sync;
	bool oplocks;
	bool kernel_oplocks; /* local programs break them */
	bool posix_locking;
	bool kernel_change_notify;
	struct {
		const char *preexec, *postexec, *root_preexec, *root_postexec;
		bool preexec_close, root_preexec_close;
	} commands;	    /* smbd/share_command.h; may hold %-words */
	int strict_locking; /* 0 or 1 */
	bool canonical_inherited_flag; /* "acl flag inherited ..." */
	bool ignore_system_acls;       /* "acl_xattr:ignore system acls" */
	const char *security_acl_name; /* "" if unset */
	int default_acl_style;	       /* enum conf_acl_style */
	struct conf_fruit_share fruit;
	const char *driver; /* which one the files are from */
	const char *const *vfs_objects;
	const char *const *filters;  /* those of vfs_objects that are modules */
	struct conf_option *options; /* what is said to modules */
	size_t num_options;
};

/* The value of a module's option; NULL: it is not set. */
const char *conf_option_lookup(const struct conf_share *share,
			       const char *name);

/* Whether files of the share have named streams. */
bool conf_share_has_streams(const struct conf_share *share);

/* --- what was found wrong ---------------------------------------------- */

struct conf_problem {
	const char *file;
	unsigned int line;
	bool error;	  /* else a warning */
	bool note;	  /* not even that */
	const char *text; /* "read onyl: unknown parameter" */
};

struct conf_report {
	size_t count;
	size_t errors;		       /* how many of them */
	struct conf_problem *problems; /* in the order of the files' lines */
};

/* An empty report on mem_ctx, which conf_load() fills. */
struct conf_report *conf_report_create(TALLOC_CTX *mem_ctx);

/* Adds what others than conf_load() found; line 0: not a certain one. */
void conf_report_add(struct conf_report *report, bool error, const char *file,
		     unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* --- the snapshot ------------------------------------------------------ */

/* Reads path and what it includes.  The errno's status when path cannot be
 * read; INVALID_PARAMETER when the report holds errors. */
MUST_CHECK NTSTATUS conf_load(TALLOC_CTX *mem_ctx, const char *path,
			      struct conf_report *report, struct conf **out);

/* The same for programs that look at a running server: a setting with an error
 * keeps its default, and only a file that cannot be read is a failure. */
MUST_CHECK NTSTATUS conf_load_anyway(TALLOC_CTX *mem_ctx, const char *path,
				     struct conf_report *report,
				     struct conf **out);

/* The same from memory; name stands for the file in problems.  "include" is an
 * error. */
MUST_CHECK NTSTATUS conf_parse(TALLOC_CTX *mem_ctx, const char *name,
			       const char *text, size_t length,
			       struct conf_report *report, struct conf **out);

/* Lent by conf, as is all that follows. */
const struct conf_global *conf_global(const struct conf *conf);
const char *conf_path(const struct conf *conf); /* of the file read */

/* NULL if there is none.  Compared without regard to case (UTF-8). */
const struct conf_share *conf_share_lookup(const struct conf *conf,
					   const char *name);
size_t conf_share_count(const struct conf *conf);
const struct conf_share *conf_share_at(const struct conf *conf, size_t i);

/* --- words in values --------------------------------------------------- */

/* Who asks; NULL members become "".  Peer-supplied text: what is not a letter,
 * digit, or one of "-_.$@" becomes '_' where it is put in, so that it never
 * makes another path. */
struct conf_subst {
	const char *session_user;   /* %U: the name as given at log on */
	const char *unix_user;	    /* %u */
	const char *client_name;    /* %m, %M: address if not known */
	const char *client_address; /* %I */
	const char *server_address; /* %i */
	const char *share;	    /* %S */
	const char *server_name;    /* %L; %h is the host's */
	const char *domain;	    /* %D */
	const char *path;	    /* %P: of the share; NULL: no such word */
	bool shell; /* for sh(1): no value of a word means anything to it */
};

/* text with its %-words replaced, on mem_ctx.  %% is a percent sign; %d the
 * process id, %v the version, %t the time.  INVALID_PARAMETER for any other
 * word: no path is guessed at. */
MUST_CHECK NTSTATUS conf_substitute(TALLOC_CTX *mem_ctx, const char *text,
				    const struct conf_subst *subst, char **out);

/* Is the user, or a group of his ("@group", "+group", "&group"), in the list?
 * Names are compared without regard to case; asks NSS for groups, so call it
 * with the process's own identity. */
bool conf_user_in_list(const char *const *list, const char *user,
		       const gid_t *gids, size_t ngids);

/* --- for testparm ------------------------------------------------------ */

/* Writes the effective settings as an smb.conf; without with_defaults only
 * what is not the default. */
void conf_print(const struct conf *conf, FILE *f, bool with_defaults);

/* The effective value as text on mem_ctx; section "global" or a share's name.
 * NOT_FOUND for an unknown section, INVALID_PARAMETER for an unknown name. */
MUST_CHECK NTSTATUS conf_get_text(TALLOC_CTX *mem_ctx, const struct conf *conf,
				  const char *section, const char *parameter,
				  char **out);

#endif
