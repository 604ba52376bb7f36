/* fsa/notify.h - change notification ([MS-FSA] 2.1.4.1, 2.1.5.11): what the
 * operations tell of what they have changed.  Whether anybody watches is known
 * without a system call; nothing else happens when nobody does.  What changes
 * where it is breaks the leases on its directory, too (dir_lease.h): added,
 * modified, and streams.  For fsa/. */
#ifndef FSA_NOTIFY_H
#define FSA_NOTIFY_H

#include "fsa/file.h"
#include "idl/notify_gen.h"

/* A file, or directory, of the share has come or gone, or changed in what
 * filter names (FILE_NOTIFY_CHANGE_*). */
void fsa_notify_added(struct fsa_file *f);
void fsa_notify_removed(struct fsa_file *f);
void fsa_notify_modified(struct fsa_file *f, uint32_t filter);

/* The same for the named stream that f is open to. */
void fsa_notify_stream(struct fsa_file *f, enum notify_what what,
		       uint32_t filter);

/* The data of f, file or stream, was changed and told so at once. */
void fsa_notify_resized(struct fsa_file *f);

/* f was changed in what filter names (of a stream: SIZE, LAST_WRITE): told when
 * it is closed, or flushed ([MS-FSA]: PendingNotifications). */
static inline void fsa_notify_later(struct fsa_file *f, uint32_t filter)
{
	f->untold |= filter;
}
void fsa_notify_tell_untold(struct fsa_file *f);

/* f, which could write, is about to be closed: what fsa_notify_closed() then
 * takes, on f's volume; NULL when nobody asks for it. */
char *fsa_notify_closing(struct fsa_file *f);
/* It is: what the kernel has said of it was our own.  Frees path. */
void fsa_notify_closed(struct fsa_volume *v, char *path);

/* The path that f has now, on mem_ctx; NULL without memory. */
char *fsa_notify_dir_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f);

/* The same for fsa_notify_renamed(): NULL also when nobody watches. */
char *fsa_notify_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f);

/* The path of another node of f's volume, which is about to be replaced; NULL
 * without a node, or when nobody watches. */
char *fsa_notify_node_path(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
			   struct fsa_node *n);

/* f was called old_path (NULL: nobody cares); replaced is the path of another
 * file that went for it, which may be its new one, or NULL. */
void fsa_notify_renamed(struct fsa_file *f, const char *old_path,
			const char *replaced);

/* f has one more name. */
void fsa_notify_linked(struct fsa_file *f, const char *name,
		       const char *replaced);

/* The directory f is to be deleted: who watches it, does so no longer. */
void fsa_notify_delete_pending(struct fsa_file *f);

#endif
