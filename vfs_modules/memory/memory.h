/* vfs_modules/memory/memory.h - what the files of the memory driver share: a
 * file system in memory that all processes of the server have in common
 * (arena.h), as long as the server runs.
 *
 * An operation takes the lock, changes what it changes, and ends in one commit
 * or in none: memory_begin(), memory_end().  Only what moves much data commits
 * in between, where all is consistent; each such place says so.
 *
 * The core is never called with the lock held, but for the take() of listings,
 * which calls nobody. */
#ifndef VFS_MODULES_MEMORY_MEMORY_H
#define VFS_MODULES_MEMORY_MEMORY_H

#include <pthread.h>

#include "fsa/driver.h"
#include "lib/identity.h"
#include "vfs_modules/memory/arena.h"

/* --- in the arena --------------------------------------------------------- */

struct mem_share;
struct mem_inode;

/* Bytes of some length that are read and written as a whole. */
struct mem_blob {
	struct mem_blob *next;
	uint32_t length; /* in this piece */
	uint8_t data[];
};

/* A name in a directory, as POSIX opens see it: any character but "/" and NUL
 * may be in it, and others may differ from it in case alone.  Those of a
 * directory are a treap: a search tree in tree_order(), and a heap by priority,
 * which is random. */
struct mem_entry {
	struct mem_entry *left, *right;
	uint64_t priority;
	struct mem_inode *dir;
	struct mem_inode *inode;
	struct mem_entry *next; /* of the inode's names */
	char *name;
};

struct mem_ea {
	struct mem_ea *next;
	char *name;
	uint64_t flags;
	uint64_t length;
	struct mem_blob *value;
};

/* A file's or stream's bytes: pages below a tree of tables of 512.  What lies
 * in the last page beyond the size is of any value. */
struct mem_content {
	uint64_t size;
	void *root;
	uint64_t height; /* tables between root and a page */
	uint64_t pages;
	uint64_t reserved; /* pages that are paid for, whether there or not */
	uint64_t trim;	   /* not 0: there may be pages beyond the size */
};

/* A file, a directory or a named stream. */
struct mem_inode {
	uint64_t number;
	struct mem_share *share;
	uint32_t directory;
	uint32_t names; /* 0: it goes with its last open */
	uint32_t opens;
	uint32_t attributes;
	uint32_t uid, gid, mode;
	uint32_t num_acl;
	struct fsa_times times;
	uint64_t version; /* a new one with each change */
	struct mem_content data;
	struct mem_entry *entries;  /* its names */
	struct mem_entry *children; /* in the directory */
	struct mem_inode *streams;
	struct mem_ea *eas;
	struct mem_blob *descriptor;
	struct mem_blob *acl; /* struct fsa_unix_entry */
	struct mem_blob *records[FSA_RECORDS];
	struct mem_open *open;	  /* those who have it open */
	struct mem_inode *doomed; /* the next of those without a name */
	struct mem_inode *of;	  /* a stream: its file, while it has a name */
	struct mem_inode *next;	  /* a stream: the file's next */
	char *stream_name;	  /* a stream: without type */
};

/* One open of one process. */
struct mem_open {
	struct mem_inode *inode;
	struct mem_entry *entry; /* the name it was opened by; NULL: gone */
	struct mem_process *process;
	struct mem_open *prev, *next;	    /* of the process */
	struct mem_open *prev_of, *next_of; /* of the inode */
};

/* A process, from its first mount to its end, which the system tells by the
 * mutex that it holds as long as it lives. */
struct mem_process {
	pthread_mutex_t alive;
	struct mem_open *opens;
	struct mem_process *next;
};

/* What one share holds. */
struct mem_share {
	struct mem_share *next;
	struct mem_inode *root;
	uint64_t limit; /* bytes */
	uint64_t used;
	char *name;
};

struct mem_fs {
	uint64_t device; /* of this master's file system, no other has it */
	uint64_t next_number;
	struct mem_share *shares;
	struct mem_process *processes;
	struct mem_inode *doomed;
};

/* --- in the process ------------------------------------------------------- */

struct mem_state {
	struct arena *arena;
	struct mem_fs *fs;
	struct mem_process *self;
};

struct mem_mount {
	struct fsa_mount base;
	struct mem_state *state;
	struct mem_share *share;
	mode_t create_mask;
	mode_t directory_mask;
	bool ignore_system_acls;
};

struct mem_node {
	struct fsa_node base;
	struct mem_mount *mount;
	struct mem_inode *inode;
	struct mem_open *open;
	char *path; /* as last asked for, or as it was last */
	bool exact; /* a POSIX open's */
	bool keep_access_time;
};

static inline struct mem_mount *mem_mount(struct fsa_mount *m)
{
	return (struct mem_mount *)(void *)m;
}

static inline struct mem_node *mem_node(struct fsa_node *n)
{
	return (struct mem_node *)(void *)n;
}

static inline struct arena *arena_of(const struct mem_node *n)
{
	return n->mount->state->arena;
}

/* --- memory.c: the life of what is in the arena --------------------------- */

/* Takes the lock; what a process that died has left is seen to. */
void memory_begin(struct mem_state *s);
/* Commits when status is OK, else takes all back since the last commit; gives
 * the lock back, and status. */
MUST_CHECK NTSTATUS memory_end(struct mem_state *s, NTSTATUS status);

/* Arena memory that counts against the share's limit; NULL: the limit is
 * reached, or there is no more. */
void *memory_alloc(struct mem_state *s, struct mem_share *share, size_t n);
void memory_free(struct mem_state *s, struct mem_share *share, void *p);
char *memory_strdup(struct mem_state *s, struct mem_share *share,
		    const char *text);

/* Replaces *blob by the bytes, or by NULL when there are none: DISK_FULL. */
MUST_CHECK NTSTATUS memory_set_blob(struct mem_state *s,
				    struct mem_share *share,
				    struct mem_blob **blob, const void *data,
				    size_t n);
void memory_free_blob(struct mem_state *s, struct mem_share *share,
		      struct mem_blob *b);
size_t memory_blob_size(const struct mem_blob *b);
/* Copies them out, all memory_blob_size(). */
void memory_get_blob(const struct mem_blob *b, void *out);
/* The same to mem_ctx. */
MUST_CHECK NTSTATUS memory_read_blob(TALLOC_CTX *mem_ctx,
				     const struct mem_blob *b,
				     struct blob *out);

/* A new inode without a name; owned by the identity in force.  NULL: no room.
 */
struct mem_inode *memory_make_inode(struct mem_state *s,
				    struct mem_share *share);
/* One name less; the last one dooms it. */
void memory_drop_name(struct mem_state *s, struct mem_inode *inode);
/* Frees those doomed that nobody has open, with commits in between; all must be
 * consistent. */
void memory_collect(struct mem_state *s);

/* A node on mem_ctx that has the inode open by entry (NULL: a stream, or the
 * root).  With the lock. */
MUST_CHECK NTSTATUS memory_make_node(TALLOC_CTX *mem_ctx, struct mem_mount *m,
				     struct mem_inode *inode,
				     struct mem_entry *entry,
				     struct mem_node **out);

/* The share called name, made if need be, with this limit. */
MUST_CHECK NTSTATUS memory_get_share(struct mem_state *s, const char *name,
				     uint64_t limit, struct mem_share **out);

NTSTATUS memory_share(TALLOC_CTX *mem_ctx, void **out_shared);
NTSTATUS memory_start(TALLOC_CTX *mem_ctx, const struct fsa_driver_env *env,
		      void *shared, void **out_state);

/* --- tree.c: directories -------------------------------------------------- */

/* Names of a directory in their order: that of their shown forms
 * (vfs_modules/names/shown_name.h) without regard to case; those that are alike
 * then are ordered by their bytes. */
int tree_order(const char *a, const char *b);
/* The name as it is written; else one that is shown so, in whatever case. */
struct mem_entry *tree_lookup(struct mem_inode *dir, const char *name);
/* For a POSIX open: as it is written; else what it may be the shown form of. */
struct mem_entry *tree_lookup_exact(struct mem_inode *dir, const char *name);
void tree_insert(struct arena *a, struct mem_inode *dir, struct mem_entry *e);
void tree_remove(struct arena *a, struct mem_entry *e);

/* --- content.c: bytes ------------------------------------------------------
 */

/* Without the lock's commit: what a reader gets is nobody's half change. */
void content_read(const struct mem_content *c, uint64_t offset, uint8_t *out,
		  size_t n);
/* DISK_FULL.  Commits in between: a prefix of *written bytes is there. */
MUST_CHECK NTSTATUS content_write(struct mem_state *s, struct mem_inode *inode,
				  uint64_t offset, const uint8_t *data,
				  uint32_t n, uint32_t *written);
/* Commits in between: the new size first, then what is beyond goes. */
void content_set_size(struct mem_state *s, struct mem_inode *inode,
		      uint64_t size);
/* Gives up all of it, and what is reserved. */
void content_drop(struct mem_state *s, struct mem_inode *inode);
MUST_CHECK NTSTATUS content_reserve(struct mem_state *s,
				    struct mem_inode *inode, uint64_t size);
/* Commits in between: some of it is zero already. */
void content_zero(struct mem_state *s, struct mem_inode *inode, uint64_t offset,
		  uint64_t length, bool give_up_room);
/* Makes all pages that are not there. */
MUST_CHECK NTSTATUS content_fill(struct mem_state *s, struct mem_inode *inode);
/* The next page that is there, from index on; false: none. */
bool content_next_page(const struct mem_content *c, uint64_t *index);
uint64_t content_allocated(const struct mem_content *c);

/* --- lookup.c, open.c ------------------------------------------------------
 */

#define MEMORY_NAME_MAX 255

/* Where a path leads.  With the lock.  STOPPED_ON_SYMLINK: a component before
 * the last is one; clients follow them. */
struct mem_place {
	struct mem_inode *dir;	 /* NULL: path is the root */
	struct mem_entry *entry; /* NULL: not there, or the root */
	/* The last component, as it is to be written. */
	char name[MEMORY_NAME_MAX + 1];
	/* With STOPPED_ON_SYMLINK: which component (from 1) is one. */
	unsigned int stopped;
	struct mem_inode *link;
};

/* exact: for a POSIX open. */
MUST_CHECK NTSTATUS memory_find(struct mem_mount *m, const char *path,
				bool exact, struct mem_place *out);
/* The tag of its reparse point; 0: it is none. */
uint32_t memory_reparse_tag(const struct mem_inode *inode);
/* Its mode and type. */
mode_t memory_mode_of(const struct mem_inode *inode);
/* The entry's share-relative name, as ordinary clients see it, on mem_ctx. */
char *memory_entry_path(TALLOC_CTX *mem_ctx, const struct mem_entry *e);
bool memory_is_in_group(const struct identity *who, uint32_t gid);
/* Whether the identity in force may (rwx: 0-7) by mode and ACL. */
bool memory_may(const struct mem_inode *inode, unsigned int rwx);
/* The same for changing names in a directory; what: the file that one is of,
 * or NULL for a new name. */
bool memory_may_change(const struct mem_inode *dir,
		       const struct mem_inode *what);
uint32_t memory_rights_of(const struct mem_inode *inode,
			  const struct mem_entry *entry);
void memory_stat_inode(const struct mem_mount *m, const struct mem_inode *inode,
		       struct fsa_stat *out);
/* Stores a protection, encoded, with an inode; with the lock. */
MUST_CHECK NTSTATUS memory_put_protection(struct mem_mount *m,
					  struct mem_inode *inode,
					  const struct fsa_protection *p,
					  struct blob encoded);
/* What is stored; with the lock.  NOT_FOUND. */
MUST_CHECK NTSTATUS memory_read_descriptor(TALLOC_CTX *mem_ctx,
					   const struct mem_inode *inode,
					   struct security_descriptor *out);
/* A new name for inode in dir; NULL: no room. */
struct mem_entry *memory_add_entry(struct mem_state *s, struct mem_inode *dir,
				   struct mem_inode *inode, const char *name);
/* Something of it has changed: its change time and version. */
void memory_changed(struct mem_state *s, struct mem_inode *inode);
/* Its content, or names in it: its write time too. */
void memory_touch(struct mem_state *s, struct mem_inode *inode);

/* EaSize, [MS-FSCC] 2.4.12; with the lock, and the next. */
uint32_t memory_ea_size_of(const struct mem_inode *inode);
void memory_drop_eas(struct mem_state *s, struct mem_inode *inode);
/* Ends an operation that may have removed a last name. */
MUST_CHECK NTSTATUS memory_end_and_collect(struct mem_state *s,
					   NTSTATUS status);

/* --- the table's ------------------------------------------------------- */

NTSTATUS memory_mount(TALLOC_CTX *mem_ctx, void *state,
		      const struct fsa_volume_params *params,
		      struct fsa_mount **out);
NTSTATUS memory_volume_info(struct fsa_mount *mount,
			    struct fsa_volume_info *out);
NTSTATUS memory_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *mount,
			      uint64_t inode, const char **out);
NTSTATUS memory_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		     const struct fsa_how *how, struct fsa_node **out,
		     struct fsa_stat *out_stat);
NTSTATUS memory_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		     const struct fsa_how *how, struct fsa_node **out,
		     struct fsa_stat *out_stat);
bool memory_is_linked(struct fsa_node *n);
const char *memory_path(struct fsa_node *n);
NTSTATUS memory_parent(struct fsa_node *n, uint64_t *out_device,
		       uint64_t *out_inode);
uint32_t memory_rights(struct fsa_node *n);
NTSTATUS memory_read(struct fsa_node *n, struct fsa_io *io);
NTSTATUS memory_write(struct fsa_node *n, struct fsa_io *io);
NTSTATUS memory_set_size(struct fsa_node *n, uint64_t size);
NTSTATUS memory_reserve(struct fsa_node *n, uint64_t size);
NTSTATUS memory_zero(struct fsa_node *n, const struct fsa_range *r, bool sparse,
		     struct fsa_io *io, uint64_t *done);
NTSTATUS memory_discard(struct fsa_node *n, const struct fsa_range *r);
NTSTATUS memory_ranges(struct fsa_node *n, uint64_t offset, uint64_t length,
		       bool (*take)(uint64_t offset, uint64_t length,
				    void *private_data),
		       void *private_data);
NTSTATUS memory_set_sparse(struct fsa_node *n, bool sparse);
NTSTATUS memory_copy(struct fsa_node *from, struct fsa_node *to,
		     const struct fsa_range *r, struct fsa_io *io,
		     uint64_t *done);
NTSTATUS memory_version(struct fsa_node *n, uint8_t out[FSA_VERSION_SIZE]);
NTSTATUS memory_keep_access_time(struct fsa_node *n, bool keep);
NTSTATUS memory_stat(struct fsa_node *n, struct fsa_stat *out);
NTSTATUS memory_set_basic(struct fsa_node *n, const struct fsa_basic *in);
NTSTATUS memory_get_unix(struct fsa_node *n, struct fsa_unix *out);
NTSTATUS memory_get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			       struct security_descriptor *out);
NTSTATUS memory_get_parent_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				      struct security_descriptor *out,
				      uint32_t *out_rights);
NTSTATUS memory_set_descriptor(struct fsa_node *n,
			       const struct fsa_protection *p);
NTSTATUS memory_set_unix(struct fsa_node *n, const struct fsa_unix_change *c);
NTSTATUS memory_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			  struct fsa_scan **out);
NTSTATUS memory_scan_next(struct fsa_scan *s, const char **out_name);
NTSTATUS memory_scan_stat(struct fsa_scan *s, uint32_t want,
			  struct fsa_stat *out);
NTSTATUS memory_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			    const char *name, uint32_t want,
			    const char **out_name, struct fsa_stat *out);
NTSTATUS memory_check_empty(struct fsa_node *n);
NTSTATUS memory_rename(struct fsa_node *n, const char *path, bool replace);
NTSTATUS memory_link(struct fsa_node *n, const char *path, bool replace);
NTSTATUS memory_unlink(struct fsa_node *n);
NTSTATUS memory_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			    const char *name, struct fsa_node **out);
NTSTATUS memory_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			    const char *name, struct fsa_node **out);
NTSTATUS memory_stream_each(struct fsa_node *file,
			    void (*take)(void *private_data,
					 const struct fsa_stream_entry *e),
			    void *private_data);
NTSTATUS memory_stream_rename(struct fsa_node *n, const char *name,
			      bool replace);
NTSTATUS memory_stream_unlink(struct fsa_node *n);
NTSTATUS memory_strip(struct fsa_node *n);
NTSTATUS memory_get_eas(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			struct fsa_ea **out, size_t *out_count);
uint32_t memory_ea_size(struct fsa_node *n);
NTSTATUS memory_set_ea(struct fsa_node *n, const struct fsa_ea *ea);
NTSTATUS memory_get_record(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			   enum fsa_record which, struct blob *out);
NTSTATUS memory_set_record(struct fsa_node *n, enum fsa_record which,
			   struct blob value);

#endif
