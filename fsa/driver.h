/* fsa/driver.h - what a file-system driver implements: operations on mounts
 * (one folder served) and nodes (one file or directory, held open).  What a
 * driver includes of ours is this header and lib/.
 *
 * The core owns access masks, share modes, delete-on-close, positions and the
 * rules of [MS-FSA]; a driver finds, makes, reads and changes nodes, with the
 * rights of the identity in force.  Names come to it checked against
 * [MS-FSCC] 2.1.5, components separated by a backslash, no leading or trailing
 * one, "" for the root; it looks them up without regard to case and keeps the
 * case they were made with.
 *
 * All operations return their final status at once; only those that are given
 * an fsa_io may return STATUS_PENDING, and then call env->done(io, status)
 * exactly once, from the event loop.  What they were given stays until then. */
#ifndef FSA_DRIVER_H
#define FSA_DRIVER_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>
#include <tevent.h>

#include "fsa/fsa.h"
#include "fsa/option.h"
#include "lib/sd.h"

#define FSA_DRIVER_VERSION 1

struct fsa_cover;
struct fsa_driver;
struct fsa_scan; /* one enumeration; the driver's own */

/* What a driver gets from the process it runs in; outlives its mounts. */
struct fsa_driver_env {
	struct tevent_context *ev;
	/* Ends what returned STATUS_PENDING. */
	void (*done)(struct fsa_io *io, NTSTATUS status);
};

/* The head of a driver's own struct for a mount.  Freeing it unmounts. */
struct fsa_mount {
	const struct fsa_driver *driver;
	/* The folder, where local programs can change files past the server,
	 * as they name it; NULL: they cannot. */
	const char *local_path;
	struct fsa_cover *outermost; /* fsa/cover.h; NULL: none over it */
};

/* The head of a driver's own struct for a node.  Freeing it closes. */
struct fsa_node {
	struct fsa_mount *mount;
	uint64_t device; /* with inode: which file, in all processes */
	uint64_t inode;
	uint64_t parent_inode; /* set by make(): of the directory it is in */
	bool directory;
	/* A symlink, FIFO, socket or device of the file system itself: a
	 * reparse point that has no data and cannot be given any. */
	bool no_data;
	uint16_t claimed;    /* by fruit: what claim() has told others */
	struct fsa_node *of; /* a named stream: its file; else NULL */
	char *shown;	     /* by catia, its path(); on the node; or NULL */
	/* Rights (FILE_*, DELETE, ...) that opening has shown the user to have;
	 * for the others ask rights(). */
	uint32_t proven;
};

/* --- protection ------------------------------------------------------------
 *
 * Who may do what is said by a security descriptor, which the core understands
 * and a driver keeps.  A node that was never given one is protected by its
 * mode alone; one that was has a mode (and POSIX ACL) that comes near. */

/* Whose a node is. */
struct fsa_unix {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

/* Beside owner, group and others. */
struct fsa_unix_entry {
	bool group;
	uint32_t id;
	unsigned int rwx; /* 0-7 */
};

struct fsa_unix_change {
	bool set_uid, set_gid, set_mode;
	uid_t uid;
	gid_t gid;
	mode_t mode; /* permission bits; with the entries */
	size_t num_entries;
	struct fsa_unix_entry *entries;
};

struct fsa_protection {
	struct security_descriptor sd;
	struct fsa_unix_change unix_change;
};

/* What a triple of permission bits (rwx, 0-7) is as an access mask. */
static inline uint32_t fsa_unix_rights(unsigned int rwx, bool directory)
{
	uint32_t rights = FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;

	if ((rwx & 4) != 0) {
		rights |= FILE_READ_DATA | FILE_READ_EA;
		rights |= directory ? 0 : FILE_EXECUTE;
	}
	if ((rwx & 2) != 0) {
		rights |= FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA |
			  FILE_WRITE_ATTRIBUTES | FILE_DELETE_CHILD;
	}
	if ((rwx & 1) != 0) {
		rights |= FILE_EXECUTE;
	}
	return rights;
}

/* A symlink that the file system does not follow ([MS-SMB2] 2.2.2.2.1). */
struct fsa_stop {
	/* It is the so many-th component of the path, counted from 1. */
	unsigned int components;
	const char *target; /* with backslashes; on the mem_ctx of the call */
	bool relative;	    /* to the directory it is in; else anything */
};

/* How open() is to open, and make() to make. */
struct fsa_how {
	const char *path;
	/* open: the last component is opened itself, if it is a symlink. */
	bool reparse_point;
	/* No symlink is followed for this client, which does that itself (but
	 * where the share is for all that they lead to). */
	bool no_follow;
	struct fsa_stop *stop; /* out, with STOPPED_ON_SYMLINK; or NULL */
	uint32_t access;     /* reads, writes: what the node will be used for */
	bool directory;	     /* make: a directory */
	uint32_t attributes; /* make: FILE_ATTRIBUTE_* to give it */
	/* A POSIX open: the path is looked up as it is written, case and all;
	 * any character but NUL may be in a component, where '/' stands for a
	 * backslash; the last one is not followed if it is a symlink.  What
	 * scans, renames and links of such a node give and take are such names,
	 * too.  Never set where set_unix is NULL. */
	bool posix;
	/* open: OPLOCK_BREAK_IN_PROGRESS, not SHARING_VIOLATION, when it must
	 * wait for another program that keeps others from opening the file
	 * (fcntl(2), F_SETLEASE) and has been told. */
	bool may_wait;
	bool has_mode; /* make: with these permission bits, not its own */
	mode_t mode;
	/* make: asked about the directory before anything is made in it; what
	 * is not OK is the result. */
	NTSTATUS(*check_parent)
	(void *private_data, uint64_t device, uint64_t inode);
	/* make: the same with the descriptor that is stored with the
	 * directory, or NULL.  *out points to the protection of what is made
	 * (on mem_ctx), or is NULL: the mode's alone. */
	NTSTATUS(*protect)
	(TALLOC_CTX *mem_ctx, void *private_data,
	 const struct security_descriptor *parent,
	 const struct fsa_protection **out);
	void *private_data;
};

#define FSA_VERSION_SIZE 40 /* of file_version() */

/* Rights as needed for data: what open() and upgrade() look at. */
#define FSA_ACCESS_READS  (FILE_READ_DATA | FILE_EXECUTE)
#define FSA_ACCESS_WRITES (FILE_WRITE_DATA | FILE_APPEND_DATA)

/* set_basic: times of 0 and attributes of 0 are left as they are. */
struct fsa_basic {
	struct fsa_times times;
	uint32_t attributes;
};

/* A user's quota; limits in bytes, or FSA_QUOTA_NONE. */
struct fsa_quota {
	uid_t uid;
	uint64_t used;
	uint64_t soft;
	uint64_t hard;
};

/* Small records that are kept with a file or directory, whatever its name. */
enum fsa_record {
	FSA_RECORD_OBJECT_ID,
	FSA_RECORD_REPARSE,   /* REPARSE_DATA_BUFFER, [MS-FSCC] 2.1.2 */
	FSA_RECORD_VOLUME_ID, /* of the root: the volume's */
	FSA_RECORD_NETATALK,  /* its metadata: vfs_modules/fruit/ */
	FSA_RECORDS
};

enum fsa_local_lock {
	FSA_LOCAL_NONE,
	FSA_LOCAL_SHARED,
	FSA_LOCAL_EXCLUSIVE
};

/* What is marked as NULL, or as what may be left out, a driver need not have:
 * what it must have are eighteen operations. */
struct fsa_driver {
	unsigned int version; /* FSA_DRIVER_VERSION */
	const char *name;
	/* It serves no folder: a share's path means nothing to it. */
	bool no_path;
	/* What smb.conf may say to it (the last has no name), and how large
	 * the struct is that they are members of: to look smb.conf over.
	 * mount() finds what was said in its params.  NULL: nothing. */
	const struct fsa_option_def *options;
	size_t config_size;

	/* Makes what all processes that serve have in common: once, in the
	 * master, before it forks any.  NULL: nothing. */
	NTSTATUS (*share)(TALLOC_CTX *mem_ctx, void **out_shared);
	/* Once per process, before the first mount, with what share() made;
	 * NULL: nothing to do. */
	NTSTATUS(*start)
	(TALLOC_CTX *mem_ctx, const struct fsa_driver_env *env, void *shared,
	 void **out_state);

	/* --- mounts ------------------------------------------------------ */

	/* What takes a mount is passed on by covers: fsa/cover.c has all that
	 * do. */

	/* Errors as fsa_volume_open(). */
	NTSTATUS(*mount)
	(TALLOC_CTX *mem_ctx, void *state,
	 const struct fsa_volume_params *params, struct fsa_mount **out);
	/* All but label. */
	NTSTATUS(*volume_info)
	(struct fsa_mount *m, struct fsa_volume_info *out);

	/* The device that it lies on; NULL, NOT_FOUND: nothing is known. */
	NTSTATUS (*sectors)(struct fsa_mount *m, struct fsa_sectors *out);

	/* The name, as path() gives it, of a file or directory by its inode
	 * (fsa_node, fsa_stat.file_id), on mem_ctx; one of them, if it has
	 * several.  With more than the user's rights: the core looks whether he
	 * may see it.  NOT_FOUND: there is none, or none that is known;
	 * NOT_SUPPORTED, whatever the inode: this mount cannot.  May be left
	 * out: no mount can. */
	NTSTATUS(*path_of_inode)
	(TALLOC_CTX *mem_ctx, struct fsa_mount *m, uint64_t inode,
	 const char **out);

	/* --- finding and making ------------------------------------------ */

	/* Opens what is there, for how->access; changes nothing, not even for
	 * FILE_WRITE_DATA.  OBJECT_NAME_NOT_FOUND: the last component is not
	 * there; OBJECT_PATH_NOT_FOUND: one before it; STOPPED_ON_SYMLINK (make
	 * too): the first symlink of the path, when not all can or may be
	 * followed. */
	NTSTATUS(*open)
	(TALLOC_CTX *mem_ctx, struct fsa_mount *m, const struct fsa_how *how,
	 struct fsa_node **out, struct fsa_stat *out_stat);
	/* Makes a new file or directory, or nothing at all.
	 * OBJECT_NAME_COLLISION when the name is there, in whatever case. */
	NTSTATUS(*make)
	(TALLOC_CTX *mem_ctx, struct fsa_mount *m, const struct fsa_how *how,
	 struct fsa_node **out, struct fsa_stat *out_stat);
	/* Makes the node usable for access too.  OPLOCK_BREAK_IN_PROGRESS: as
	 * for open with may_wait.  May be left out: it is. */
	NTSTATUS (*upgrade)(struct fsa_node *n, uint32_t access);
	/* Whether the file still has a name. */
	bool (*is_linked)(struct fsa_node *n);
	/* The share-relative name it has now, as it is written on disk; lent
	 * until the next rename or the end of the node. */
	const char *(*path)(struct fsa_node *n);
	/* The directory that its name is in now; NOT_FOUND when it has none, or
	 * is the root.  Not for streams.  NULL: what clients know of this file
	 * system's directories they may not keep (docs/caching.md). */
	NTSTATUS(*parent)
	(struct fsa_node *n, uint64_t *out_device, uint64_t *out_inode);
	/* All the rights that the identity in force has on the node.  May be
	 * left out: those proven. */
	uint32_t (*rights)(struct fsa_node *n);

	/* --- data -------------------------------------------------------- */

	NTSTATUS (*read)(struct fsa_node *n, struct fsa_io *io);
	NTSTATUS (*write)(struct fsa_node *n, struct fsa_io *io);
	/* May be left out: there is nothing to flush to. */
	NTSTATUS (*flush)(struct fsa_node *n, struct fsa_io *io);
	NTSTATUS (*set_size)(struct fsa_node *n, uint64_t size);
	/* Reserves room for size bytes without changing the end of file.  May
	 * be left out: room is never reserved. */
	NTSTATUS (*reserve)(struct fsa_node *n, uint64_t size);

	/* Zeroes r->length bytes at r->to within the file; of a sparse one
	 * gives up the room.  NULL, this and all up to file_version: the file
	 * system cannot.  What zero, copy and clone have done is added to
	 * *done, on failure too. */
	NTSTATUS(*zero)
	(struct fsa_node *n, const struct fsa_range *r, bool sparse,
	 struct fsa_io *io, uint64_t *done);
	/* Gives up the room of such a range, whose data nobody wants any more.
	 * INVALID_DEVICE_REQUEST: this file system cannot.  Not for streams. */
	NTSTATUS (*discard)(struct fsa_node *n, const struct fsa_range *r);
	/* Calls take for each range with data within this one, in order, until
	 * it says false.  Not for streams. */
	NTSTATUS(*ranges)
	(struct fsa_node *n, uint64_t offset, uint64_t length,
	 bool (*take)(uint64_t offset, uint64_t length, void *private_data),
	 void *private_data);
	/* Sets or takes FILE_ATTRIBUTE_SPARSE_FILE; a file that is not sparse
	 * has no holes.  Not for streams. */
	NTSTATUS (*set_sparse)(struct fsa_node *n, bool sparse);
	/* Copies a range that from has; if it overlaps, as memmove() would. */
	NTSTATUS(*copy)
	(struct fsa_node *from, struct fsa_node *to, const struct fsa_range *r,
	 struct fsa_io *io, uint64_t *done);
	/* The same without copying: the two share what is on disk.  All is
	 * aligned to fsa_volume_info's unit, and not overlapping; atomic: no
	 * change of from falls in between.  INVALID_DEVICE_REQUEST: this file
	 * system cannot.  Not for streams. */
	NTSTATUS(*clone)
	(struct fsa_node *from, struct fsa_node *to, const struct fsa_range *r,
	 bool atomic, struct fsa_io *io, uint64_t *done);
	/* Whether the file system compresses the file (what a directory gets
	 * is so from then on).  INVALID_DEVICE_REQUEST: this one cannot.  Not
	 * for streams. */
	NTSTATUS (*get_compressed)(struct fsa_node *n, bool *out);
	NTSTATUS (*set_compressed)(struct fsa_node *n, bool on);
	/* A value that is another one after every change of the file's data,
	 * name or protection, by whomever.  Not for streams. */
	NTSTATUS(*file_version)
	(struct fsa_node *n, uint8_t out[FSA_VERSION_SIZE]);

	/* Replaces what the open holds of these bytes of locks that other
	 * programs on this machine see; within INT64_MAX - 1.
	 * LOCK_NOT_GRANTED: one of theirs is in the way.  They end with the
	 * node.  Not for streams.  NULL: there are no other programs. */
	NTSTATUS(*lock)
	(struct fsa_node *n, uint64_t offset, uint64_t length,
	 enum fsa_local_lock kind);
	/* LOCK_NOT_GRANTED: another open, or another program, has a lock of any
	 * kind on one of these bytes.  Where lock is NULL, NULL. */
	NTSTATUS(*lock_test)
	(struct fsa_node *n, uint64_t offset, uint64_t length);
	/* Nobody else opens the file to read or write it until this is called
	 * again, with fn NULL, or the node ends: who wants to, waits, and then
	 * fn is called from the event loop, once or more often.
	 * SHARING_VIOLATION: somebody has it open already; NOT_SUPPORTED: here
	 * it cannot be so.  Not for streams.  NULL: there are no other
	 * programs. */
	NTSTATUS(*hold_off)
	(struct fsa_node *n, void (*fn)(void *private_data),
	 void *private_data);
	/* An open of this node, a stream's too but never a directory's, was
	 * found to fit among our own: tells other programs its access and
	 * FILE_SHARE_* until the node ends.  SHARING_VIOLATION: it does not
	 * fit among theirs.  NULL: none of them has share modes. */
	NTSTATUS (*claim)(struct fsa_node *n, uint32_t access, uint32_t share);

	/* --- what is known of it ----------------------------------------- */

	NTSTATUS (*stat)(struct fsa_node *n, struct fsa_stat *out);
	/* A time that cannot be stored is INVALID_PARAMETER, but a change time
	 * that cannot be set at all is left as it is. */
	NTSTATUS (*set_basic)(struct fsa_node *n, const struct fsa_basic *in);
	/* Reading this node moves its access time, or not.  NULL: it never
	 * does. */
	NTSTATUS (*keep_access_time)(struct fsa_node *n, bool keep);

	/* --- protection; may be left out: there is none, files are
	 * everybody's ----------------------------------------------------- */

	NTSTATUS (*get_unix)(struct fsa_node *n, struct fsa_unix *out);
	/* The descriptor stored with the node; what it refers to is on
	 * mem_ctx.  NOT_FOUND when there is none, or mode or owner have been
	 * changed since by others. */
	NTSTATUS(*get_descriptor)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n,
	 struct security_descriptor *out);
	/* The same of the directory that the node's name is in; out_rights
	 * (FILE_LIST_DIRECTORY, FILE_DELETE_CHILD) is what the identity in
	 * force has on that by its mode, NOT_FOUND or not. */
	NTSTATUS(*get_parent_descriptor)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n,
	 struct security_descriptor *out, uint32_t *out_rights);
	/* Stores a descriptor and changes owner and mode with it.  With more
	 * than the user's rights: the core has looked whether he may. */
	NTSTATUS(*set_descriptor)
	(struct fsa_node *n, const struct fsa_protection *p);

	/* Changes owner and mode, as the identity in force may; the special
	 * bits with the others.  A stored descriptor is void then.  NULL: the
	 * file system cannot have POSIX opens. */
	NTSTATUS(*set_unix)
	(struct fsa_node *n, const struct fsa_unix_change *change);

	/* --- directories ------------------------------------------------- */

	/* A scan over all entries but "." and "..", from the start. */
	NTSTATUS(*scan_open)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n, struct fsa_scan **out);
	/* The next name, lent until the next call; NO_MORE_FILES. */
	NTSTATUS (*scan_next)(struct fsa_scan *s, const char **out_name);
	/* About the entry that scan_next() gave last, as far as want
	 * (FSA_WANT_*) asks.  OBJECT_NAME_NOT_FOUND: it is gone, or leads out
	 * of the share: not to be shown. */
	NTSTATUS(*scan_stat)
	(struct fsa_scan *s, uint32_t want, struct fsa_stat *out);
	/* One entry by its name in any case, which may be ".." or ".": the
	 * name as it is on disk goes to mem_ctx. */
	NTSTATUS(*scan_lookup)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n, const char *name,
	 uint32_t want, const char **out_name, struct fsa_stat *out);
	/* DIRECTORY_NOT_EMPTY, or OK. */
	NTSTATUS (*check_empty)(struct fsa_node *n);

	/* --- names ------------------------------------------------------- */

	/* Moves the node's name to path.  What is there is replaced when
	 * replace is set (the core has asked whether it may), else
	 * OBJECT_NAME_COLLISION; another case of the node's own name is free.
	 */
	NTSTATUS (*rename)(struct fsa_node *n, const char *path, bool replace);
	/* One more name.  May be left out: NOT_SUPPORTED. */
	NTSTATUS (*link)(struct fsa_node *n, const char *path, bool replace);
	/* Removes the name it has now; never another file that has taken the
	 * name in between. */
	NTSTATUS (*unlink)(struct fsa_node *n);

	/* --- named streams; NULL where there are none ---------------------
	 *
	 * A stream is a node of its own, which keeps to its file's: that must
	 * outlive it.  The operations on data, stat (the sizes are the
	 * stream's, the rest the file's), is_linked, path (with ":stream"
	 * behind it), unlink and rename (path is the stream's new name) take
	 * streams; all others take files. */

	/* The stream called name, without its type, in any case, of a file or
	 * directory.  OBJECT_NAME_NOT_FOUND; OBJECT_NAME_INVALID for one that
	 * cannot be stored. */
	NTSTATUS(*stream_open)
	(TALLOC_CTX *mem_ctx, struct fsa_node *file, const char *name,
	 struct fsa_node **out);
	/* Makes an empty one; OBJECT_NAME_COLLISION. */
	NTSTATUS(*stream_make)
	(TALLOC_CTX *mem_ctx, struct fsa_node *file, const char *name,
	 struct fsa_node **out);
	/* Calls take for each named stream, as ":x:$DATA". */
	NTSTATUS(*stream_each)
	(struct fsa_node *file,
	 void (*take)(void *private_data, const struct fsa_stream_entry *e),
	 void *private_data);

	/* The file is overwritten: its named streams and extended attributes
	 * go.  NULL where there are neither. */
	NTSTATUS (*strip)(struct fsa_node *n);

	/* --- extended attributes; NULL where there are none -------------- */

	/* All of them, on mem_ctx. */
	NTSTATUS(*get_eas)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n, struct fsa_ea **out,
	 size_t *out_count);
	/* EaSize ([MS-FSCC] 2.4.12); 0: there are none. */
	uint32_t (*ea_size)(struct fsa_node *n);
	/* Sets one, by its name in any case; an empty value removes it. */
	NTSTATUS (*set_ea)(struct fsa_node *n, const struct fsa_ea *ea);

	/* --- quotas of users; NULL: none -----------------------------------
	 *
	 * With more than the user's rights: the core has looked whether he
	 * may. */

	/* Whether they are kept: OK, NOT_SUPPORTED; and enforced. */
	NTSTATUS (*quota_state)(struct fsa_mount *m, bool *out_enforced);
	/* That of uid, or (next) of the first from uid on who has one.
	 * NOT_FOUND. */
	NTSTATUS(*get_quota)
	(struct fsa_mount *m, uid_t uid, bool next, struct fsa_quota *out);
	/* Sets the limits. */
	NTSTATUS(*set_quota)
	(struct fsa_mount *m, const struct fsa_quota *in);

	/* --- records; NULL: the file system cannot keep any ----------------
	 *
	 * With more than the user's rights: the core has looked whether he
	 * may.  No client sees or names them as an extended attribute or
	 * stream.  Not for streams: file_node(). */

	/* The value, on mem_ctx; never empty.  NOT_FOUND. */
	NTSTATUS(*get_record)
	(TALLOC_CTX *mem_ctx, struct fsa_node *n, enum fsa_record which,
	 struct blob *out);
	/* Replaces what is there; empty removes it, OK when there is none.
	 * NOT_SUPPORTED: this file cannot have one; DISK_FULL: no room.
	 * With FSA_RECORD_REPARSE go FILE_ATTRIBUTE_REPARSE_POINT and
	 * reparse_tag, in stat and in scans. */
	NTSTATUS(*set_record)
	(struct fsa_node *n, enum fsa_record which, struct blob value);

	/* Puts a symlink in the place of the empty file or directory, with the
	 * user's rights, all at once; the node is the symlink's then.  NULL:
	 * there are none, a record is kept like any other.  ACCESS_DENIED where
	 * clients may make none; DIRECTORY_NOT_EMPTY; IO_REPARSE_DATA_INVALID
	 * for a target that cannot be one. */
	NTSTATUS(*make_symlink)
	(struct fsa_node *n, const char *target, bool relative);
};

/* Those that need not be loaded; the last is NULL. */
const struct fsa_driver *const *fsa_drivers_linked_in(void);

/* vfs_modules/ */
extern const struct fsa_driver fsa_posix_driver;
extern const struct fsa_driver fsa_memory_driver;

#endif
