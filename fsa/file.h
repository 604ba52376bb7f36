/* fsa/file.h - what the operations of the core share: servers, volumes, opens.
 * For fsa/ alone. */
#ifndef FSA_FILE_H
#define FSA_FILE_H

#include "fsa/driver.h"
#include "fsa/fsa.h"
#include "idl/locking_gen.h"
#include "idl/token_gen.h"
#include "lib/identity.h"
#include "locking/file_board.h"

struct fsa_layer; /* filter.h */
struct name_list; /* name_list.h */
struct mangle_tunnel;
struct fsa_listing; /* query_directory.c */
struct fsa_walk;    /* filter.c */
struct fsa_watch;   /* watch.c */

#define FSA_MAX_DRIVERS 8

/* What a holder of an oplock or lease is to be told (oplock.c). */
struct fsa_tell {
	struct server_id owner;
	struct grant_break_message message;
};

struct fsa_server {
	struct fsa_server_params params;
	struct fsa_driver_env env;
	uint8_t offload_key[32]; /* OFFLOAD_KEY_SIZE; of the whole server */
	struct fsa_tell *tells;	 /* until the record's lock is let go */
	size_t num_tells;
	size_t changes_kept; /* bytes: by all watches together (watch.c) */
	size_t num_drivers;
	struct {
		const struct fsa_driver *driver;
		struct fsa_driver table; /* driver's, complete */
		NTSTATUS status;	 /* OK, or why not to be used */
		void *shared;		 /* by all processes */
		bool started;		 /* in this one; gives state */
		void *state;
	} drivers[FSA_MAX_DRIVERS];
};

struct fsa_volume {
	struct fsa_server *server;
	const struct fsa_driver *driver;
	struct fsa_mount *mount;
	const char *path;	 /* the folder, or what stands for it */
	const char *notify_root; /* the same without links, "" for the root */
	const char *label;
	bool read_only;	       /* now */
	bool read_only_always; /* says smb.conf */
	bool streams;
	bool eas;
	bool hide_unreadable;
	bool keep_inherited_flag;
	bool ignore_system_acls;
	bool hide_dot;
	struct name_list *hide; /* NULL: nothing; hidden.h */
	struct name_list *veto;
	const bool *macos; /* whether the client is, by now; never NULL */
	uint64_t time_machine_max_size;	  /* bytes; 0: all there is */
	const char *const *loose_streams; /* filter.h; NULL: none */
	bool posix_rename; /* of its directories with open files in them */
	struct name_list *veto_more; /* what a filter adds */
	bool delete_veto;
	bool delete_readonly;
	bool inherit_owner;
	enum fsa_mangle mangle;
	struct mangle_tunnel *tunnel; /* NULL: nothing in it; mangle.c */
	NTTIME write_time_delay;      /* 0: write times move at once */
	uint64_t directory_device;    /* of its directories; 0: not known yet */
	bool posix_locking;
	bool kernel_oplocks;
	bool local_changes; /* of this machine's programs are told */
	bool strict_locking;
	enum fsa_acl_style default_acl_style;
	struct fsa_layer *layers; /* the filters, the outermost first */
	unsigned int num_layers;
	bool minds_losses; /* one of them does */
	bool wrapped;	   /* one stands between core and driver */
	struct fsa_walk *spare_walks;
};

/* How far an open has come in the list of quotas. */
struct quota_position {
	bool is_list; /* it was opened by the list's name */
	uid_t next_uid;
	bool end;
};

struct fsa_file {
	struct fsa_volume *volume;
	struct fsa_node *node; /* NULL while it is being opened */
	const char *name;      /* as asked for, without the stream */
	const char *stream;    /* NULL: not a named one */
	struct file_id id;     /* with id.stream, for a named stream */
	uint64_t open_id;
	uint32_t granted;
	uint32_t mode; /* [MS-FSCC] 2.4.31 */
	uint64_t position;
	uint32_t num_locks;		     /* byte-range locks it has */
	struct guid lease_client, lease_key; /* zero: has no lease */
	struct guid parent_key; /* that the lease has; zero: none */
	bool leaves;		/* its name is about to go: dir_lease.h */
	struct file_id left;	/* from there; inode 0: not known */
	struct {
		file_board_counter *counter; /* of id; NULL: not looked up */
		uint64_t seen;		     /* it was this when that was so: */
		uint8_t known;		     /* QUIET_* */
	} quiet;			     /* quiet.h */
	struct kernel_oplock *kernel_oplock; /* NULL: none */
	bool delete_on_close;
	bool posix;	    /* a POSIX open: fsa/posix.h */
	bool by_short_name; /* opened so; mangle.h */
	bool undone;	    /* the open has failed: what it made is no loss */
	/* When this open is closed and deletion is pending, the name goes,
	 * whoever else has the file open ([MS-FSCC] 2.4.12). */
	bool posix_delete;
	/* Times that operations on this open leave alone ([MS-FSA] 2.1.1.6,
	 * UserSetModificationTime and so on); 0: they are moved as usual. */
	struct fsa_times fixed;
	struct {
		bool on; /* the write time is not shown yet as it is on disk */
		bool again;	     /* written after it was shown once */
		NTTIME shown;	     /* what is shown instead */
		NTTIME until;	     /* when that ends, close at the latest */
		NTTIME since;	     /* the write */
	} deferred;		     /* keep_times.c */
	struct fsa_listing *listing; /* NULL: not listed so far */
	struct fsa_watch *watch;     /* NULL: not watched so far */
	struct notify_watch *lease_watch; /* dir_watch.c; NULL: none */
	struct quota_position quota;
	uint32_t untold; /* changes (FILE_NOTIFY_CHANGE_*) told at the end */
	void **notes;	 /* one for each filter; NULL: none so far */
};

static inline const struct fsa_driver *driver_of(const struct fsa_file *f)
{
	return f->volume->driver;
}

/* The file, of a named stream too. */
static inline struct fsa_node *file_node(const struct fsa_file *f)
{
	return f->node->of != NULL ? f->node->of : f->node;
}

/* Its id, in whose record the opens of all its streams are. */
static inline struct file_id file_whole_id(const struct fsa_file *f)
{
	return (struct file_id){.device = f->id.device, .inode = f->id.inode};
}

/* ACCESS_DENIED unless one of the rights in any was granted. */
static inline NTSTATUS file_check_access(const struct fsa_file *f, uint32_t any)
{
	return (f->granted & any) != 0 ? NT_STATUS_OK
				       : NT_STATUS(ACCESS_DENIED);
}

/* Each operation has a start, and a resumed for what its driver left pending:
 * status is the driver's, the result the operation's, which may be to wait for
 * the driver once more. */
NTSTATUS fsa_create_start(struct fsa_io *io);
NTSTATUS fsa_create_resumed(struct fsa_io *io, NTSTATUS status);
NTSTATUS fsa_close_start(struct fsa_io *io);
NTSTATUS fsa_read_start(struct fsa_io *io);
NTSTATUS fsa_read_resumed(struct fsa_io *io, NTSTATUS status);
NTSTATUS fsa_write_start(struct fsa_io *io);
NTSTATUS fsa_write_resumed(struct fsa_io *io, NTSTATUS status);
NTSTATUS fsa_flush_start(struct fsa_io *io);
NTSTATUS fsa_flush_resumed(struct fsa_io *io, NTSTATUS status);
NTSTATUS fsa_query_directory_start(struct fsa_io *io);
NTSTATUS fsa_query_info_start(struct fsa_io *io);
NTSTATUS fsa_set_info_start(struct fsa_io *io);
NTSTATUS fsa_query_volume_start(struct fsa_io *io);
NTSTATUS fsa_set_volume_start(struct fsa_io *io);
NTSTATUS fsa_query_quota_start(struct fsa_io *io);
NTSTATUS fsa_set_quota_start(struct fsa_io *io);
NTSTATUS fsa_query_security_start(struct fsa_io *io);
NTSTATUS fsa_set_security_start(struct fsa_io *io);
NTSTATUS fsa_fsctl_start(struct fsa_io *io);
NTSTATUS fsa_fsctl_resumed(struct fsa_io *io, NTSTATUS status);
NTSTATUS fsa_copy_start(struct fsa_io *io);
NTSTATUS fsa_copy_resumed(struct fsa_io *io, NTSTATUS status);

/* Parts of FSA_SET_INFO with files of their own. */
MUST_CHECK NTSTATUS fsa_set_disposition(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_rename(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_link(struct fsa_io *io);

/* Sets the archive bit: a backup has work to do.  That it could not be set
 * undoes nothing. */
void file_mark_archive(struct fsa_file *f);

/* Which stream of its file, for struct file_id: never 0. */
uint64_t fsa_stream_id(const char *name);
/* Whether its opens mind the deletion of their file (filter.h). */
bool fsa_stream_is_loose(const struct fsa_volume *v, const char *name);
/* FileRenameInformation to ":name" ([MS-FSA] 2.1.5.15.12.1). */
MUST_CHECK NTSTATUS fsa_rename_stream(struct fsa_io *io);
/* FileStreamInformation ([MS-FSA] 2.1.5.12.29). */
MUST_CHECK NTSTATUS fsa_list_streams(struct fsa_io *io);

/* --- keep_times.c: times that an open has fixed, or that move late ---------
 */

/* Puts times back that the open has fixed, if it has. */
MUST_CHECK NTSTATUS file_keep_times(struct fsa_file *f);

/* FileBasicInformation's -1 and -2, and what is set ([MS-FSA] 2.1.5.15.2): what
 * the driver is to set, and what is fixed when it has. */
MUST_CHECK NTSTATUS file_plan_times(struct fsa_file *f,
				    const struct fsa_times *asked,
				    struct fsa_times *to_fix,
				    struct fsa_times *to_set);
MUST_CHECK NTSTATUS file_fix_times(struct fsa_file *f,
				   const struct fsa_times *to_fix);

/* With a write_time_delay: data is about to be written. */
MUST_CHECK NTSTATUS file_defer_write_time(struct fsa_file *f);
/* What is known of the file, as this open is to see it. */
void file_show_times(const struct fsa_file *f, struct fsa_stat *st);
/* The write time is as on disk from now on. */
void file_settle_times(struct fsa_file *f);
/* The open is closed: what it wrote late is written now. */
MUST_CHECK NTSTATUS file_close_times(struct fsa_file *f);

#endif
