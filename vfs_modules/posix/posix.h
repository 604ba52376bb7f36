/* vfs_modules/posix/posix.h - what the files of the posix driver share: a
 * folder of the local file system, served through openat2() from a descriptor
 * of that folder, so that no name, ".." or symlink leads out of it. */
#ifndef VFS_MODULES_POSIX_POSIX_H
#define VFS_MODULES_POSIX_POSIX_H

#include <fcntl.h>
#include <limits.h>

#include "fsa/driver.h"
#include "vfs_modules/posix/name_index.h"

struct dosattrib;
struct posix_async;
struct statx;
struct posix_work;

/* Of the process. */
struct hold_off;

struct posix_state {
	const struct fsa_driver_env *env;
	struct name_index *index;
	struct posix_async *async;
	struct posix_work *work;
	bool no_openat2; /* the kernel has none: stepwise.h */
	int home;	 /* where the working directory is outside of scans */
	const struct posix_node *working_dir; /* dir.c; NULL: home */
	uint8_t *value;		    /* xattr.c; NULL: not needed so far */
	struct hold_off *holds;	    /* hold_off.c */
	struct tevent_signal *told; /* the same; NULL: not needed so far */
};

struct posix_mount {
	struct fsa_mount base;
	struct posix_state *state;
	int root;	  /* O_PATH */
	uint64_t resolve; /* RESOLVE_* for openat2() */
	bool wide;	  /* symlinks are followed wherever they lead */
	mode_t create_mask;
	mode_t directory_mask;
	mode_t force_create;
	mode_t force_directory;
	bool inherit_permissions;
	bool inherit_acls;
	bool inherit_owner;
	bool hide_special_files;
	struct fsa_mode_map map;
	bool dos_filemode;
	bool dos_filetimes;
	bool dos_attributes; /* in user.DOSATTRIB */
	bool streams;
	bool eas;
	bool strict_sync;
	bool kernel_oplocks;
	bool ignore_system_acls;
	char *security_name; /* the attribute with descriptors */
	bool features_known; /* flags.c */
	uint32_t features;
	bool trims;
	enum {
		INODE_PATHS_UNKNOWN,
		INODE_PATHS_NONE,
		INODE_PATHS_KNOWN
	} inode_paths;	/* inode_path.c */
	bool in_memory; /* tmpfs: nothing waits, and RWF_NOWAIT is unknown */
};

struct posix_node {
	struct fsa_node base;
	struct hold_off *hold; /* hold_off.c; NULL: none */
	struct posix_mount *mount;
	int fd;
	int kept;    /* what it was before symlink.c changed it; -1 */
	int mode;    /* O_RDONLY, O_WRONLY, O_RDWR, or O_PATH */
	bool exact;  /* a POSIX open: names are as they are on disk */
	char *path;  /* on disk, from the root, with slashes; "" is the root */
	char *shown; /* the same for clients; NULL: not asked for yet */
	bool link_to_directory; /* a symlink, when it was opened */
	enum {
		CASEFOLD_UNKNOWN,
		CASEFOLD_OFF,
		CASEFOLD_ON
	} casefold;
};

static inline struct posix_mount *posix_mount(struct fsa_mount *m)
{
	return (struct posix_mount *)(void *)m;
}

static inline struct posix_node *posix_node(struct fsa_node *n)
{
	return (struct posix_node *)(void *)n;
}

/* A path on disk as clients see it, on mem_ctx; NULL: no memory. */
char *posix_shown_path(TALLOC_CTX *mem_ctx, const char *path);

/* --- walk.c: names to places --------------------------------------------- */

/* openat2() below the root; path "" is the root.  -1 and errno. */
int posix_openat(const struct posix_mount *m, const char *path, int flags,
		 mode_t mode);

/* The same with these RESOLVE_* instead of the mount's. */
int posix_openat_as(const struct posix_mount *m, const char *path, int flags,
		    mode_t mode, uint64_t resolve);

/* The NTSTATUS for posix_openat()'s errno: leaving the share by a symlink is
 * STOPPED_ON_SYMLINK, which is for symlink.h to explain, a file in place of a
 * directory OBJECT_PATH_NOT_FOUND. */
NTSTATUS posix_walk_status(int err);
/* The same of an open: OPLOCK_BREAK_IN_PROGRESS when a lease of another program
 * is in the way. */
NTSTATUS posix_open_status(int err);

/* Client's path to a disk path as it stands ("/" is a backslash), no look at
 * the disk. OBJECT_NAME_INVALID when it is too long for the kernel. */
MUST_CHECK NTSTATUS posix_disk_path(const char *path, char out[PATH_MAX]);

/* Where the last component of a path is, or would be. */
struct posix_place {
	int parent; /* O_PATH; the mount's root, or closed by posix_place_end */
	bool own_parent;
	bool found;	     /* the last component is there */
	char path[PATH_MAX]; /* as on disk; not found: as asked for */
	const char *name;    /* its last component, within path */
};

/* Finds path, as openat2() does for STOPPED_ON_SYMLINK, and without regard to
 * case where the exact name is not there.  A
 * path of no component has the parent "." and the name "".  Success needs a
 * posix_place_end(). */
MUST_CHECK NTSTATUS posix_find(const struct posix_mount *m, const char *path,
			       struct posix_place *out);
void posix_place_end(struct posix_place *p);

/* The same for a POSIX open: its name, or what that is shown as (see
 * shown_name_undo()), and nothing else. */
MUST_CHECK NTSTATUS posix_find_exact(const struct posix_mount *m,
				     const char *path, struct posix_place *out);

/* Where a node's name is now.  When the name it was opened by is gone or
 * names another file, its new place is asked from the kernel.
 * OBJECT_NAME_NOT_FOUND when the file has no name in the share any more. */
MUST_CHECK NTSTATUS posix_find_node(struct posix_node *n,
				    struct posix_place *out);

/* Tells the node that it is called path now. */
MUST_CHECK NTSTATUS posix_set_path(struct posix_node *n, const char *path);

/* --- open.c --------------------------------------------------------------- */

NTSTATUS posix_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		    const struct fsa_how *how, struct fsa_node **out,
		    struct fsa_stat *out_stat);
NTSTATUS posix_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		    const struct fsa_how *how, struct fsa_node **out,
		    struct fsa_stat *out_stat);
NTSTATUS posix_upgrade(struct fsa_node *n, uint32_t access);
bool posix_is_linked(struct fsa_node *n);
const char *posix_path(struct fsa_node *n);
NTSTATUS posix_parent(struct fsa_node *n, uint64_t *out_device,
		      uint64_t *out_inode);

/* --- exact.c: what differs for POSIX opens ------------------------------- */

/* Opens path (of PATH_MAX, which becomes the name on disk), whatever kind of
 * file it is: a symlink and a special file by its path alone. */
MUST_CHECK NTSTATUS posix_open_exact(const struct posix_mount *m,
				     const struct fsa_how *how, char *path,
				     int *out_fd, int *out_mode);
/* Of a file that is neither file nor directory: it is a reparse point. */
void posix_stat_special(const struct statx *sx, struct fsa_stat *st);
NTSTATUS posix_set_unix(struct fsa_node *n,
			const struct fsa_unix_change *change);

/* --- attr.c --------------------------------------------------------------- */

NTSTATUS posix_stat(struct fsa_node *n, struct fsa_stat *out);
NTSTATUS posix_set_sparse(struct fsa_node *n, bool sparse);
NTSTATUS posix_set_basic(struct fsa_node *n, const struct fsa_basic *in);
NTSTATUS posix_keep_access_time(struct fsa_node *n, bool keep);

/* What to ask for to know all of a node; beside FSA_WANT_*. */
#define POSIX_WANT_SPECIAL 0x80000000u /* as a POSIX open sees those */

static inline uint32_t posix_wanted(const struct posix_node *n)
{
	return FSA_WANT_STAT | FSA_WANT_ATTRIBUTES |
	       (n->exact ? POSIX_WANT_SPECIAL : 0);
}

/* What is known of an open file (want: FSA_WANT_*).  A symlink is taken for a
 * file's. */
MUST_CHECK NTSTATUS posix_stat_fd(const struct posix_mount *m, int fd,
				  uint32_t want, struct fsa_stat *out);

/* Gives a new file its attributes and creation time; what was stored goes to
 * out, if it could be. */
MUST_CHECK NTSTATUS posix_set_new(const struct posix_mount *m, int fd,
				  uint32_t attributes, struct dosattrib *out);

/* What is known of a file that was given that. */
MUST_CHECK NTSTATUS posix_stat_new(const struct posix_mount *m, int fd,
				   const struct dosattrib *set,
				   struct fsa_stat *out);

/* --- lock.c --------------------------------------------------------------- */

NTSTATUS posix_lock(struct fsa_node *n, uint64_t offset, uint64_t length,
		    enum fsa_local_lock kind);
NTSTATUS posix_lock_test(struct fsa_node *node, uint64_t offset,
			 uint64_t length);

/* hold_off.c; the state is to be freed before its event context. */
NTSTATUS posix_hold_off(struct fsa_node *node, void (*fn)(void *private_data),
			void *private_data);

/* --- rights.c ------------------------------------------------------------ */

uint32_t posix_rights(struct fsa_node *n);

/* --- security.c ---------------------------------------------------------- */

NTSTATUS posix_get_unix(struct fsa_node *n, struct fsa_unix *out);
NTSTATUS posix_get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			      struct security_descriptor *out);
NTSTATUS posix_get_parent_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				     struct security_descriptor *out,
				     uint32_t *out_rights);
NTSTATUS posix_set_descriptor(struct fsa_node *n,
			      const struct fsa_protection *p);

/* Changes the mode, as the user; a descriptor that held still does. */
MUST_CHECK NTSTATUS posix_set_mode(struct fsa_node *n, mode_t mode);

/* What is stored with an open file, as posix_get_descriptor(). */
MUST_CHECK NTSTATUS posix_read_descriptor(TALLOC_CTX *mem_ctx,
					  const struct posix_mount *m, int fd,
					  struct security_descriptor *out);

/* --- data.c, async.c ----------------------------------------------------- */

NTSTATUS posix_read(struct fsa_node *n, struct fsa_io *io);
NTSTATUS posix_write(struct fsa_node *n, struct fsa_io *io);
NTSTATUS posix_flush(struct fsa_node *n, struct fsa_io *io);
NTSTATUS posix_set_size(struct fsa_node *n, uint64_t size);
NTSTATUS posix_reserve(struct fsa_node *n, uint64_t size);

/* The same, at once: io is not there to wait with. */
NTSTATUS posix_read_now(struct fsa_node *n, struct fsa_read *r);
NTSTATUS posix_write_now(struct fsa_node *n, struct fsa_write *w);

NTSTATUS posix_ranges(struct fsa_node *n, uint64_t offset, uint64_t length,
		      bool (*take)(uint64_t offset, uint64_t length,
				   void *private_data),
		      void *private_data);

/* --- copy.c --------------------------------------------------------------- */

NTSTATUS posix_zero(struct fsa_node *n, const struct fsa_range *r, bool sparse,
		    struct fsa_io *io, uint64_t *done);
NTSTATUS posix_discard(struct fsa_node *n, const struct fsa_range *r);
NTSTATUS posix_copy(struct fsa_node *from, struct fsa_node *to,
		    const struct fsa_range *r, struct fsa_io *io,
		    uint64_t *done);
NTSTATUS posix_clone(struct fsa_node *from, struct fsa_node *to,
		     const struct fsa_range *r, bool atomic, struct fsa_io *io,
		     uint64_t *done);

/* --- flags.c -------------------------------------------------------------- */

NTSTATUS posix_get_compressed(struct fsa_node *n, bool *out);
NTSTATUS posix_set_compressed(struct fsa_node *n, bool on);
NTSTATUS posix_version(struct fsa_node *n, uint8_t out[FSA_VERSION_SIZE]);
/* FILE_SUPPORTS_BLOCK_REFCOUNTING, FILE_FILE_COMPRESSION: what the mount's file
 * system is found to do; m->trims is set with it. */
uint32_t posix_data_features(struct posix_mount *m);

/* --- dir.c --------------------------------------------------------------- */

NTSTATUS posix_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			 struct fsa_scan **out);
NTSTATUS posix_scan_next(struct fsa_scan *s, const char **out_name);
NTSTATUS posix_scan_stat(struct fsa_scan *s, uint32_t want,
			 struct fsa_stat *out);
NTSTATUS posix_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			   const char *name, uint32_t want,
			   const char **out_name, struct fsa_stat *out);
NTSTATUS posix_check_empty(struct fsa_node *n);

/* --- record.c ------------------------------------------------------------ */

NTSTATUS posix_get_record(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			  enum fsa_record which, struct blob *out);
NTSTATUS posix_make_symlink(struct fsa_node *n, const char *target,
			    bool relative);
NTSTATUS posix_set_record(struct fsa_node *n, enum fsa_record which,
			  struct blob value);

/* --- stream.c, ea.c ------------------------------------------------------ */

NTSTATUS posix_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			   const char *name, struct fsa_node **out);
NTSTATUS posix_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			   const char *name, struct fsa_node **out);
NTSTATUS posix_stream_each(struct fsa_node *file,
			   void (*take)(void *private_data,
					const struct fsa_stream_entry *e),
			   void *private_data);

NTSTATUS posix_strip(struct fsa_node *n);
/* Whether an attribute is an EA to clients. */
bool posix_is_ea(const struct posix_mount *m, const char *attr);

NTSTATUS posix_get_eas(TALLOC_CTX *mem_ctx, struct fsa_node *n,
		       struct fsa_ea **out, size_t *out_count);
NTSTATUS posix_set_ea(struct fsa_node *n, const struct fsa_ea *ea);

/* What [MS-FSCC] 2.4.12 has as EaSize, of an open file and of an entry of the
 * working directory; 0: there are none.  *out_dosattrib: whether the entry has
 * that, too, which need not be asked then; true when that cannot be said. */
uint32_t posix_ea_size(struct fsa_node *n);
uint32_t posix_entry_ea_size(const struct posix_mount *m, const char *entry,
			     bool *out_dosattrib);

/* What posix_read() and so on do for a stream's node. */
NTSTATUS posix_stream_read(struct fsa_node *n, struct fsa_read *r);
NTSTATUS posix_stream_write(struct fsa_node *n, struct fsa_write *w);
NTSTATUS posix_stream_set_size(struct fsa_node *n, uint64_t size);
NTSTATUS posix_stream_reserve(struct fsa_node *n, uint64_t size);
NTSTATUS posix_stream_flush(struct fsa_node *n, bool full);
NTSTATUS posix_stream_stat(struct fsa_node *n, struct fsa_stat *out);
const char *posix_stream_path(struct fsa_node *n);
bool posix_stream_is_linked(struct fsa_node *n);
NTSTATUS posix_stream_rename(struct fsa_node *n, const char *name,
			     bool replace);
NTSTATUS posix_stream_unlink(struct fsa_node *n);

/* --- rename.c, volume.c -------------------------------------------------- */

NTSTATUS posix_rename(struct fsa_node *n, const char *path, bool replace);
NTSTATUS posix_link(struct fsa_node *n, const char *path, bool replace);
NTSTATUS posix_unlink(struct fsa_node *n);
NTSTATUS posix_start(TALLOC_CTX *mem_ctx, const struct fsa_driver_env *env,
		     void *shared, void **out_state);
NTSTATUS posix_mount_open(TALLOC_CTX *mem_ctx, void *state,
			  const struct fsa_volume_params *params,
			  struct fsa_mount **out);
NTSTATUS posix_volume_info(struct fsa_mount *m, struct fsa_volume_info *out);
NTSTATUS posix_sectors(struct fsa_mount *m, struct fsa_sectors *out);

/* --- inode_path.c --------------------------------------------------------- */

NTSTATUS posix_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			     uint64_t inode, const char **out);

/* --- quota.c -------------------------------------------------------------- */

NTSTATUS posix_quota_state(struct fsa_mount *m, bool *out_enforced);
NTSTATUS posix_get_quota(struct fsa_mount *m, uid_t uid, bool next,
			 struct fsa_quota *out);
NTSTATUS posix_set_quota(struct fsa_mount *m, const struct fsa_quota *in);

#endif
