/* fsa/fsa.h - NT file-system semantics ([MS-FSA]): what smbd asks for.
 *
 * All work travels as one struct fsa_io.  The caller fills in op, file or
 * volume, token, the operation's arguments and complete, and calls
 * fsa_dispatch().  That returns the final status at once, or STATUS_PENDING and
 * later calls complete exactly once.  The caller owns the fsa_io (it is a
 * member of the request, nothing is allocated on the fast path) and keeps it,
 * its buffers and its file until then.  Identity: the caller has taken on the
 * token's identity (lib/identity.h); resumed steps are run by run_step, see
 * struct fsa_server_params.
 *
 * Names are UTF-8, relative to the share, components separated by a backslash,
 * no leading one, "" for the share's root; an optional ":stream[:$DATA]". */
#ifndef FSA_FSA_H
#define FSA_FSA_H

#include <sys/types.h>
#include <talloc.h>
#include <tevent.h>

#include "lib/blob.h"
#include "lib/guid.h"
#include "lib/nt.h"
#include "lib/ntstatus.h"
#include "lib/nttime.h"
#include "lib/sid.h"

struct conf_subst;
struct locking;
struct messaging_context;
struct security_token;
struct identity;
struct file_id;

struct fsa_server; /* what all shares of one process have in common */
struct fsa_volume; /* one share, as one tree connect sees it */
struct fsa_file;   /* one Open, [MS-FSA] 2.1.1.6 */
struct fsa_io;

/* --- set-up ------------------------------------------------------------ */

/* Between the SIDs in descriptors and Unix users and groups.  The functions
 * that answer bool say false for a SID that stands for none. */
struct fsa_id_map {
	struct sid (*sid_of_uid)(void *private_data, uid_t uid);
	struct sid (*sid_of_gid)(void *private_data, gid_t gid);
	bool (*uid_of_sid)(void *private_data, const struct sid *sid,
			   uid_t *out);
	bool (*gid_of_sid)(void *private_data, const struct sid *sid,
			   gid_t *out);
	void *private_data;
};

/* To the holder of an oplock or lease: tell your client. */
struct fsa_break {
	bool lease;
	bool v2;
	bool answer;	  /* fsa_oplock_answer(), fsa_lease_answer() is waited
			   * for */
	uint64_t open_id; /* of an oplock */
	struct guid client;
	struct guid key;
	uint8_t from, to; /* FSA_CACHE_* */
	uint16_t epoch;	  /* of version 2 */
};

struct fsa_server_params {
	struct tevent_context *ev;
	struct locking *locking;
	struct messaging_context *messaging;
	/* Runs step(io) with the identity of io's token in force; called from
	 * the event loop for whatever resumes a waiting operation. */
	void (*run_step)(struct fsa_io *io, void (*step)(struct fsa_io *io));
	/* Called from the event loop; NULL: nothing is asked for that could
	 * be broken. */
	void (*on_break)(void *private_data, const struct fsa_break *b);
	void *private_data;
	unsigned int break_wait; /* seconds that a holder has to answer */
	/* NULL: S-1-22-1-<uid>, S-1-22-2-<gid> and nothing else. */
	const struct fsa_id_map *id_map;
};

/* Belongs to mem_ctx.  In the master, before it forks: what a driver's
 * processes have in common is made here. */
MUST_CHECK NTSTATUS fsa_server_create(TALLOC_CTX *mem_ctx,
				      const struct fsa_server_params *params,
				      struct fsa_server **out);

/* How a file without a stored descriptor is shown where the mode is not to
 * decide (ignore_system_acls). */
enum fsa_acl_style {
	FSA_ACL_POSIX,	 /* by its mode, and the system has all rights */
	FSA_ACL_WINDOWS, /* owner and system have all rights */
	FSA_ACL_EVERYONE /* everyone has all rights */
};

/* A parametric option: "recycle:repository". */
struct fsa_option {
	const char *name;
	const char *value;
};

/* Which files have 8.3 names. */
enum fsa_mangle {
	FSA_MANGLE_NO,
	FSA_MANGLE_YES,	    /* all */
	FSA_MANGLE_ILLEGAL, /* those whose name Windows cannot have */
};

/* Which bits of the mode stand for DOS attributes. */
enum fsa_map_readonly {
	FSA_READONLY_NO,
	FSA_READONLY_YES,	 /* the owner may not write */
	FSA_READONLY_PERMISSIONS /* the user may not write */
};
struct fsa_mode_map {
	enum fsa_map_readonly readonly;
	bool archive; /* x of the owner */
	bool system;  /* x of the group */
	bool hidden;  /* x of others */
};

/* A share's settings; the strings are copied. */
struct fsa_volume_params {
	const char *share_name;
	const char *path;	 /* absolute, of the folder served; "": none */
	const char *driver;	 /* "posix", "memory" */
	const char *modules_dir; /* where modules are loaded from; NULL: none */
	const char *label;	 /* volume label the client sees */
	bool read_only;
	bool follow_symlinks;
	bool wide_links;
	bool hide_dot_files;
	bool hide_unreadable;	 /* listings leave out what may not be read */
	bool hide_special_files; /* ... and devices, sockets and pipes */
	const char *hide_files;	 /* name_list.h; NULL: none */
	const char *veto_files;
	bool delete_veto_files; /* with the directory that they are in */
	enum fsa_mangle mangled_names;
	bool delete_readonly;	 /* read-only files may be deleted */
	bool dos_filemode;	 /* who may write may change rights */
	bool dos_filetimes;	 /* who may write may set times */
	struct fsa_mode_map map; /* of files without stored attributes */
	bool store_dos_attributes;
	bool strict_sync;    /* FLUSH reaches the disk */
	bool posix_locking;  /* local programs see byte-range locks, and have
			      * theirs seen */
	bool kernel_oplocks; /* local programs break oplocks */
	bool local_changes;  /* what local programs change is told to who
			      * watches (kernel change notify) */
	bool strict_locking; /* reads and writes look at byte-range locks */
	bool named_streams;
	bool ea_support; /* extended attributes */
	/* Mode and POSIX ACL neither follow descriptors nor are they looked at
	 * when one is stored: `acl_xattr:ignore system acls`. */
	bool ignore_system_acls;
	enum fsa_acl_style default_acl_style;
	/* AUTO_INHERITED is kept as a client sets it: without `acl flag
	 * inherited canonicalization`. */
	bool keep_inherited_flag;
	const char *security_acl_name; /* NULL: "security.NTACL" */
	mode_t create_mask;
	mode_t directory_mask;
	mode_t force_create_mode; /* what is made has these bits in any case */
	mode_t force_directory_mode;
	bool inherit_permissions; /* the mode is the directory's instead */
	bool inherit_acls;	  /* masks do not limit its default ACL */
	bool inherit_owner;	  /* new files are their directory's owner's */
	/* Those of `vfs objects` that are filters, the outermost first; ends
	 * with NULL.  NULL: none. */
	const char *const *filters;
	const struct fsa_option *options; /* what is said to modules */
	size_t num_options;
	const char *client_address; /* who is connected; NULL: nobody */
	/* For %-words in options, while the volume is opened; NULL: nobody. */
	const struct conf_subst *words;
	/* Whether the client has said by now that it is macOS; outlives the
	 * volume.  NULL: it never does. */
	const bool *macos;
	/* It may rename directories in which files are open. */
	bool macos_posix_rename;
	/* What Time Machine's disk images may take up; 0: all there is. */
	uint64_t time_machine_max_size;
	/* How long an open that writes shows the write time from before; 0:
	 * not at all ([MS-FSA] note 43). */
	NTTIME write_time_delay;
};

/* The value of a parametric option as it is in smb.conf; NULL: not set. */
const char *fsa_params_option(const struct fsa_volume_params *params,
			      const char *name);

/* Opens the share's root with the identity in force.  BAD_NETWORK_NAME when
 * the folder is not there, ACCESS_DENIED when the user may not even get to it.
 */
MUST_CHECK NTSTATUS fsa_volume_open(TALLOC_CTX *mem_ctx,
				    struct fsa_server *server,
				    const struct fsa_volume_params *params,
				    struct fsa_volume **out);

/* Whether there can be POSIX opens. */
bool fsa_volume_has_posix(const struct fsa_volume *v);

/* What the share allows at most: the TREE_CONNECT reply's MaximalAccess. */
uint32_t fsa_volume_maximal_access(const struct fsa_volume *v);

/* --- values ------------------------------------------------------------ */

struct fsa_times {
	NTTIME creation, access, write, change;
};

/* What is known of a file or stream. */
struct fsa_stat {
	struct fsa_times times;
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint64_t file_id;	/* FileInternalInformation: 64 bits */
	uint64_t volume_serial; /* of the file system it lies on */
	uint32_t attributes;	/* FILE_ATTRIBUTE_*; never 0 */
	uint32_t nlink;
	uint32_t ea_size;
	uint32_t reparse_tag;
	bool directory;
	bool delete_pending;
	/* In Unix terms; all 0 where the driver has none. */
	uid_t uid;
	gid_t gid;
	mode_t mode;	/* st_mode */
	uint32_t links; /* st_nlink */
};

/* Everything the query classes are made of: FileAllInformation and on. */
struct fsa_file_info {
	struct fsa_stat stat;
	uint32_t granted_access;
	uint32_t mode; /* [MS-FSCC] 2.4.31 */
	uint64_t position;
	uint32_t alignment;
	/* FileStatInformation, FileStatLxInformation: what the user may */
	uint32_t effective_access;
	/* FileStatLxInformation */
	uint32_t uid, gid, unix_mode;
	const char
		*name; /* as opened, lent by the file, no leading backslash */
	char short_name[13]; /* FileAlternateNameInformation */
};

struct fsa_stream_entry {
	const char *name; /* "::$DATA", ":x:$DATA" */
	uint64_t end_of_file;
	uint64_t allocation_size;
};

/* An extended attribute ([MS-FSCC] 2.4.16), by its name in any case. */
struct fsa_ea {
	const char *name;
	uint8_t flags; /* FILE_NEED_EA */
	struct blob value;
};

/* What macOS wants to know of a directory's entries; 0 for what is not there,
 * or not asked for. */
struct fsa_apple {
	uint32_t max_access;
	uint64_t resource_fork_size; /* of the stream AFP_Resource */
	uint8_t finder_info[32];     /* from the stream AFP_AfpInfo */
	mode_t unix_mode;
};

struct fsa_dir_entry {
	const char *name;
	const char *short_name; /* NULL: none */
	struct fsa_stat stat; /* only what fsa_query_directory.want asks for */
	struct fsa_apple apple; /* the same */
};

/* FileFsControlInformation; limits in bytes, or FSA_QUOTA_NONE */
struct fsa_quota_control {
	uint64_t default_threshold;
	uint64_t default_limit;
	uint32_t flags; /* FILE_VC_* */
};
#define FSA_QUOTA_NONE UINT64_MAX

/* FileFsSectorSizeInformation: the device below. */
struct fsa_sectors {
	uint32_t physical;  /* bytes of a sector; 0: not known */
	uint32_t offset;    /* of the first aligned one, or SSINFO_... */
	uint64_t partition; /* bytes from the start of the device */
	bool no_seek_penalty;
};

struct fsa_volume_info {
	NTTIME creation_time;
	uint32_t serial;
	const char *label;
	const char *fs_name; /* "NTFS" */
	uint32_t attributes; /* FILE_CASE_PRESERVED_NAMES, ... */
	uint32_t max_name;   /* longest component, in characters */
	uint64_t total_units;
	uint64_t caller_free_units;
	uint64_t actual_free_units;
	uint64_t total_files; /* there can be; 0: no limit */
	uint64_t free_files;
	uint32_t sectors_per_unit;
	uint32_t bytes_per_sector;
	/* FileFsObjectIdInformation; a driver gives the first 16 bytes */
	uint8_t object_id[64];
	bool trims;			  /* FSCTL_FILE_LEVEL_TRIM frees room */
	struct fsa_quota_control control; /* FileFsControlInformation */
	struct fsa_sectors sectors;	  /* FileFsSectorSizeInformation */
};

/* --- operations: arguments in, then results ---------------------------- */

/* What may be cached: as SMB2_LEASE_* ([MS-SMB2] 2.2.13.2.8).  Of an oplock:
 * level II is READ, exclusive READ and WRITE, batch all. */
#define FSA_CACHE_READ	 0x1u
#define FSA_CACHE_HANDLE 0x2u
#define FSA_CACHE_WRITE	 0x4u

/* Of an oplock when lease is not set; state 0: none. */
struct fsa_caching_request {
	bool lease;
	bool v2;
	bool directories; /* they may be leased too */
	uint8_t state;
	struct guid client;
	struct guid key;
	struct guid parent_key; /* of the lease on the directory; zero: none */
	uint16_t epoch;
};

struct fsa_caching {
	bool granted;  /* a lease, with whatever state; or an oplock */
	bool v2;       /* the lease is one of version 2 */
	bool breaking; /* the lease is being broken just now */
	uint8_t state;
	uint16_t epoch;
	struct guid parent_key; /* the lease's */
};

/* [MS-FSA] 2.1.5.1 */
struct fsa_create {
	const char *name;
	uint64_t open_id; /* smbd's global id of the open, for share modes */
	uint32_t desired_access;
	uint32_t file_attributes;
	uint32_t share_access;
	enum create_disposition disposition;
	uint32_t options;
	bool has_allocation_size;
	uint64_t allocation_size; /* AlSi */
	bool want_maximal_access; /* MxAc */
	bool no_follow;		  /* the client follows symlinks itself */
	struct blob security;	  /* SecD: self-relative, or empty */
	NTTIME timewarp; /* TWrp: as it was at that time; 0: as it is.  Only
			  * where a filter knows of snapshots */
	const struct fsa_ea *eas; /* ExtA: of a new or overwritten file */
	size_t num_eas;
	/* A POSIX open ([POSIX-SMB2]): the name means what it would mean to
	 * Linux, "/" in it a backslash.  See fsa/posix.h. */
	bool posix;
	bool has_mode;
	mode_t mode;	     /* permission bits of a new file */
	TALLOC_CTX *mem_ctx; /* takes symlink_target; NULL: not wanted */
	struct fsa_caching_request caching_wanted;
	/* results */
	struct fsa_caching caching;
	struct fsa_file *file; /* until FSA_CLOSE; talloc child of volume */
	enum create_action action;
	struct fsa_stat stat;
	uint32_t maximal_access;
	/* With STOPPED_ON_SYMLINK ([MS-SMB2] 2.2.2.2.1): how many bytes of the
	 * name, as UTF-16, come after the symlink; where it leads, on mem_ctx,
	 * or NULL when it cannot be told. */
	size_t symlink_unparsed;
	const char *symlink_target;
	bool symlink_relative;
};

/* [MS-FSA] 2.1.5.5.  The file is gone afterwards, whatever the status. */
struct fsa_close {
	bool want_stat;
	struct fsa_stat stat;
};

/* [MS-FSA] 2.1.5.3.  END_OF_FILE when nothing was read (length > 0). */
struct fsa_read {
	uint64_t offset;
	uint8_t *data;
	uint32_t length;
	uint32_t min_count;
	bool at_once; /* the driver waits itself: never STATUS_PENDING */
	uint32_t nread;
};

/* [MS-FSA] 2.1.5.4 */
struct fsa_write {
	uint64_t offset; /* UINT64_MAX: append */
	const uint8_t *data;
	uint32_t length;
	bool write_through;
	uint32_t nwritten;
};

/* [MS-FSA] 2.1.5.7 */
struct fsa_flush {
	bool full;    /* reaches the disk whatever the share's settings are */
	bool at_once; /* as for reads */
};

/* [MS-FSA] 2.1.5.6.3.  Entries go to take(), in order; when it says false (no
 * room) the entry is the first of the next query.  NO_MORE_FILES at the end,
 * NO_SUCH_FILE when the first query of a scan matches nothing. */
struct fsa_query_directory {
	const char *pattern; /* "" or NULL: the scan's pattern so far, or "*" */
	bool restart;	     /* RESTART_SCANS */
	bool reopen;	     /* REOPEN: also takes the new pattern */
	bool single;	     /* RETURN_SINGLE_ENTRY */
	uint32_t want;	     /* FSA_WANT_* */
	bool (*take)(void *private_data, const struct fsa_dir_entry *e);
	void *private_data;
	/* results */
	uint32_t count; /* entries taken */
};
#define FSA_WANT_STAT	    0x1 /* times, sizes, type, id */
#define FSA_WANT_ATTRIBUTES 0x2 /* DOS attributes and birth time too */
#define FSA_WANT_EA_SIZE    0x4
/* Of struct fsa_apple; the core's, drivers pass them over. */
#define FSA_WANT_MAX_ACCESS  0x100
#define FSA_WANT_FORK_SIZE   0x200
#define FSA_WANT_FINDER_INFO 0x400
#define FSA_WANT_UNIX_MODE   0x800
#define FSA_WANT_APPLE	     0xf00

/* [MS-FSA] 2.1.5.12; info_class for its access rules */
struct fsa_query_info {
	enum file_information_class info_class;
	struct fsa_file_info info;
	/* FileStreamInformation: called per stream */
	void (*take_stream)(void *private_data,
			    const struct fsa_stream_entry *e);
	void *private_data;
	/* FileFullEaInformation: all there are, on mem_ctx */
	TALLOC_CTX *mem_ctx;
	struct fsa_ea *eas;
	size_t num_eas;
};

/* [MS-FSA] 2.1.5.15: the member that goes with info_class is read */
struct fsa_set_info {
	enum file_information_class info_class;
	union {
		/* FileBasicInformation: 0 = leave, -1 and -2 as 2.1.5.15.2 */
		struct {
			struct fsa_times times;
			uint32_t attributes; /* 0 = leave */
		} basic;
		uint64_t end_of_file;
		uint64_t allocation_size;
		uint64_t position;
		uint32_t mode;
		/* Rename, RenameEx, Link: name as for create */
		struct {
			const char *name;
			bool replace;
			/* RenameEx: of what is replaced, the opens live
			 * on, and its READONLY does not count. */
			bool posix;
			bool ignore_readonly;
		} rename;
		/* ShortName, ValidDataLength, CaseSensitive */
		const char *short_name;
		uint64_t valid_data_length;
		uint32_t case_flags;  /* FILE_CS_FLAG_* */
		uint32_t disposition; /* FILE_DISPOSITION_* flags */
		/* FileFullEaInformation; an empty value removes */
		struct {
			const struct fsa_ea *list;
			size_t count;
		} eas;
	} u;
};

/* [MS-FSA] 2.1.5.13 */
struct fsa_query_volume {
	enum fs_information_class info_class;
	struct fsa_volume_info info;
};

/* A user's quota: bytes, or FSA_QUOTA_NONE */
struct fsa_quota_entry {
	struct sid sid;
	uint64_t used;
	uint64_t threshold;
	uint64_t limit; /* set: UINT64_MAX - 1 deletes */
};

/* [MS-FSA] 2.1.5.21: of these SIDs; or of all after start; or from where this
 * open has come to.  take() says false when there is no room. BUFFER_TOO_SMALL:
 * not for one; OK with count 0: there are no more. */
struct fsa_query_quota {
	bool single;
	bool restart;
	const struct sid *sids;
	size_t num_sids;
	const struct sid *start; /* NULL: none */
	bool (*take)(void *private_data, const struct fsa_quota_entry *e);
	void *private_data;
	/* results */
	uint32_t count;
	bool full;
};

/* [MS-FSA] 2.1.5.22 */
struct fsa_set_quota {
	const struct fsa_quota_entry *entries;
	size_t count;
};

/* [MS-FSA] 2.1.5.16 */
struct fsa_set_volume {
	enum fs_information_class info_class;
	union {
		uint8_t object_id[64]; /* FileFsObjectIdInformation */
		struct fsa_quota_control control; /* ...Control... */
	} u;
};

/* [MS-FSA] 2.1.5.14, 2.1.5.17; descriptor self-relative ([MS-DTYP] 2.4.6) */
struct fsa_security {
	uint32_t which;		/* OWNER_SECURITY_INFORMATION, ... */
	bool nfs_aces;		/* the mode is shown and set: nfs_aces.h */
	TALLOC_CTX *mem_ctx;	/* query: takes the descriptor */
	struct blob descriptor; /* set: in; query: out */
};

/* A stretch of one file that goes to another place, or file. */
struct fsa_range {
	uint64_t from;
	uint64_t to; /* FSA_COPY: UINT64_MAX for the end of the file */
	uint64_t length;
};

/* Ranges of source to the file, one after the other.  Both opens and the array
 * are the caller's until the end.  INVALID_VIEW_SIZE: the source does not have
 * a range; those before it are copied. */
struct fsa_copy {
	struct fsa_file *source;
	const struct fsa_range *ranges;
	size_t num_ranges;
	/* The whole file, cut to the source's size, with its named streams and
	 * EAs; there are no ranges. */
	bool whole;
	/* results, when it failed too */
	size_t done;	 /* ranges, whole */
	uint64_t copied; /* bytes, in all */
	/* the operation's own */
	size_t begun;
	size_t limit;
	struct fsa_range all;
};

/* [MS-FSA] 2.1.5.10 */
struct fsa_fsctl {
	uint32_t code;
	struct blob in;
	/* DUPLICATE_EXTENTS_TO_FILE: the open that its SourceFileID names; the
	 * caller's until the end. */
	struct fsa_file *source;
	uint32_t max_out;
	TALLOC_CTX *mem_ctx; /* takes out */
	struct blob out;
	/* the waiting code's own */
	void *state;   /* on mem_ctx */
	uint64_t done; /* bytes, by the driver */
};

/* [MS-FSA] 2.1.5.11: waits for changes in a directory.  Each goes to take(), in
 * order; when it says false (no room) all are given up: NOTIFY_ENUM_DIR.  The
 * first request of an open says what is watched. */
struct fsa_notify {
	uint32_t filter; /* FILE_NOTIFY_CHANGE_* */
	bool tree;	 /* also what is below, at any depth */
	uint32_t room;	 /* bytes, as FILE_NOTIFY_INFORMATION */
	bool (*take)(void *private_data, uint32_t action, const char *name);
	void *private_data;
};

/* [MS-FSA] 2.1.5.8, 2.1.5.9 */
struct fsa_lock_range {
	uint64_t offset, length;
	bool exclusive; /* to lock: else shared */
};

/* Locks all ranges or none, or unlocks one after the other up to the first that
 * is not locked.  LOCK_NOT_GRANTED, unless wait is set, with which there is one
 * range: then STATUS_PENDING until it is locked.  ranges are the caller's, and
 * kept until then. */
struct fsa_lock {
	const struct fsa_lock_range *ranges;
	size_t count;
	bool unlock;
	bool wait;
};

enum fsa_op {
	FSA_CREATE,
	FSA_CLOSE,
	FSA_READ,
	FSA_WRITE,
	FSA_FLUSH,
	FSA_QUERY_DIRECTORY,
	FSA_QUERY_INFO,
	FSA_SET_INFO,
	FSA_QUERY_VOLUME,
	FSA_SET_VOLUME,
	FSA_QUERY_QUOTA,
	FSA_SET_QUOTA,
	FSA_QUERY_SECURITY,
	FSA_SET_SECURITY,
	FSA_FSCTL,
	FSA_NOTIFY,
	FSA_COPY,
	FSA_LOCK,
	FSA_OPS
};

struct fsa_io {
	enum fsa_op op;
	struct fsa_volume *volume;
	struct fsa_file *file; /* all but FSA_CREATE */
	const struct security_token *token;
	const struct identity *identity;
	NTSTATUS status; /* valid in complete */
	bool pending;
	bool cancelled; /* it was asked to give up */
	bool at_gate;	/* waits for an oplock before it begins */
	void (*complete)(struct fsa_io *io);
	void *private_data; /* the caller's */
	/* Set by who returned STATUS_PENDING: gives up waiting; the operation
	 * then completes with CANCELLED, or as it would have.  NULL: cannot. */
	void (*cancel)(struct fsa_io *io);
	void *state;	       /* the waiting operation's, in its own file */
	struct fsa_walk *walk; /* on its way through filters (filter.c) */
	union {
		struct fsa_create create;
		struct fsa_close close;
		struct fsa_read read;
		struct fsa_write write;
		struct fsa_flush flush;
		struct fsa_query_directory query_directory;
		struct fsa_query_info query_info;
		struct fsa_set_info set_info;
		struct fsa_query_volume query_volume;
		struct fsa_set_volume set_volume;
		struct fsa_query_quota query_quota;
		struct fsa_set_quota set_quota;
		struct fsa_security security;
		struct fsa_fsctl fsctl;
		struct fsa_notify notify;
		struct fsa_copy copy;
		struct fsa_lock lock;
	} u;
};

/* A final status, or STATUS_PENDING (see above). */
MUST_CHECK NTSTATUS fsa_dispatch(struct fsa_io *io);

/* Asks a pending io to give up. */
void fsa_io_cancel(struct fsa_io *io);

/* The holder of an oplock or a lease answers ([MS-FSA] 2.1.5.19): what he goes
 * on caching.  INVALID_OPLOCK_PROTOCOL, for a lease UNSUCCESSFUL: nothing was
 * asked of him; REQUEST_NOT_ACCEPTED: too much; NOT_FOUND: he has none. */
MUST_CHECK NTSTATUS fsa_oplock_answer(struct fsa_file *f, uint8_t state);
MUST_CHECK NTSTATUS fsa_lease_answer(struct fsa_server *s,
				     const struct guid *client,
				     const struct guid *key, uint8_t state);

/* The open's oplock or lease is broken down to state (FSA_CACHE_*), for no
 * operation's sake; as share_grant_break_to(). */
MUST_CHECK NTSTATUS fsa_caching_break(struct fsa_file *f, uint8_t state);

/* --- names of ids ------------------------------------------------------- */

/* Whether fsa_resolve_id() can find anything in this share. */
bool fsa_volume_resolves_ids(const struct fsa_volume *v);

/* The share-relative name of the file or directory with this file id (that of
 * fsa_stat), on mem_ctx; "" is the root.  io: whose user asks, and in which
 * share; his identity is in force.  NOT_FOUND: there is none, or none that he
 * could have found by listing directories from the root on; NOT_SUPPORTED. */
MUST_CHECK NTSTATUS fsa_resolve_id(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
				   uint64_t id, const char **out);

/* --- looking at an open ------------------------------------------------- */

uint32_t fsa_file_granted_access(const struct fsa_file *f);
bool fsa_file_is_directory(const struct fsa_file *f);
bool fsa_file_is_posix(const struct fsa_file *f);
const char *fsa_file_name(const struct fsa_file *f);
const struct file_id *fsa_file_id(const struct fsa_file *f);

#endif
