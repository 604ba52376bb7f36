/* vfs_modules/fruit/fruit.h - the streams of macOS, AFP_AfpInfo and
 * AFP_Resource, kept where Samba's vfs_fruit and netatalk keep them.
 *
 * AFP_AfpInfo (Finder info) is the record FSA_RECORD_NETATALK, or a stream;
 * AFP_Resource (the resource fork) is in the AppleDouble file "._NAME" beside
 * the file, or a stream.  Both are there only while they say something: what
 * was made and not written, or was emptied, is not there for others. */
#ifndef FRUIT_FRUIT_H
#define FRUIT_FRUIT_H

#include "fsa/cover.h"
#include "fsa/filter.h"
#include "vfs_modules/fruit/apple_double.h"

#define INFO_STREAM "AFP_AfpInfo"
#define FORK_STREAM "AFP_Resource"

enum fruit_place {
	FRUIT_NETATALK, /* metadata: the record; resource: the ._ file */
	FRUIT_STREAM
};

enum fruit_locking {
	FRUIT_LOCKING_NONE,
	FRUIT_LOCKING_NETATALK
};

/* `fruit:...`, for options.c. */
struct fruit_config {
	int metadata; /* enum fruit_place */
	int resource; /* the same */
	int encoding; /* what catia is to do, see there */
	int locking;  /* enum fruit_locking */
	bool veto_apple_double;
	bool wipe_blank_fork;
	bool delete_empty;
	bool convert;
};

struct fruit {
	struct fsa_cover cover; /* the first member */
	const struct fruit_config *config;
	bool native;	   /* catia maps what is illegal on NTFS */
	bool read_only;	   /* for this user */
	const bool *macos; /* whether the client is; or NULL */
};

static inline struct fruit *fruit_of(struct fsa_mount *m)
{
	return (struct fruit *)(void *)m;
}

/* An open of one of the two streams. */
struct fruit_node {
	struct fsa_node base; /* of: the file */
	struct fruit *fruit;
	bool is_fork;
	bool fresh; /* made, and nothing written so far */
	/* of a fork: the stream, or the ._ file; NULL: not there (yet) */
	struct fsa_node *store;
	uint32_t fork_offset; /* in the ._ file; and where its entry is */
	uint32_t fork_entry;
	char *path;
};

static inline struct fruit_node *fruit_node(struct fsa_node *n)
{
	return (struct fruit_node *)(void *)n;
}

/* The driver below. */
static inline const struct fsa_driver *below_of(const struct fruit *f)
{
	return f->cover.below;
}

/* "DIR\._NAME" for the file or directory; NULL without memory, and for the
 * root. */
char *fruit_double_path(TALLOC_CTX *mem_ctx, const struct fruit *f,
			struct fsa_node *file);

/* --- info.c: AFP_AfpInfo ---------------------------------------------------
 */

/* NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS fruit_info_get(const struct fruit *f, struct fsa_node *file,
				   uint8_t finder[FINDER_INFO_SIZE],
				   uint32_t *out_backup);
/* Finder info of zeros removes it. */
MUST_CHECK NTSTATUS fruit_info_set(const struct fruit *f, struct fsa_node *file,
				   const uint8_t finder[FINDER_INFO_SIZE],
				   uint32_t backup);

NTSTATUS fruit_info_read(struct fruit_node *n, struct fsa_read *r);
NTSTATUS fruit_info_write(struct fruit_node *n, struct fsa_write *w);
NTSTATUS fruit_info_set_size(uint64_t size);
NTSTATUS fruit_info_remove(struct fruit_node *n);
bool fruit_info_is_there(struct fruit_node *n);

/* --- fork.c: AFP_Resource ---------------------------------------------------
 */

/* Finds where the fork is, for n->base.of: n->store.  OBJECT_NAME_NOT_FOUND
 * when there is none, or it is empty. */
MUST_CHECK NTSTATUS fruit_fork_find(struct fruit_node *n);

NTSTATUS fruit_fork_read(struct fruit_node *n, struct fsa_io *io);
NTSTATUS fruit_fork_write(struct fruit_node *n, struct fsa_io *io);
NTSTATUS fruit_fork_set_size(struct fruit_node *n, uint64_t size);
NTSTATUS fruit_fork_remove(struct fruit_node *n);
NTSTATUS fruit_fork_get_size(struct fruit_node *n, uint64_t *out,
			     uint64_t *out_allocated);

/* Removes the ._ file of path (as fruit_double_path() says), if there is one;
 * the file itself is gone, or its streams are. */
void fruit_double_remove(const struct fruit *f, const char *path);
/* It follows its file to the new place. */
void fruit_double_move(const struct fruit *f, const char *from, const char *to);

/* --- locking.c: share modes that netatalk sees -------------------------------
 */

/* Tells netatalk that one of the file's forks is open with this access and
 * FILE_SHARE_*, until the file's node ends; as far as the node can have locks.
 * SHARING_VIOLATION: netatalk has it open otherwise. */
MUST_CHECK NTSTATUS fruit_locking_claim(const struct fruit *f,
					struct fsa_node *file, bool fork,
					uint32_t access, uint32_t share);

/* A client's lock.  An exclusive one that reaches from the file's data into the
 * bytes with share modes keeps all other opens away where nobody else has said
 * anything of himself; a shared one says nothing of share modes.  What
 * fruit_locking_claim() has told stays. */
MUST_CHECK NTSTATUS fruit_locking_lock(const struct fruit *f,
				       struct fsa_node *file, uint64_t offset,
				       uint64_t length,
				       enum fsa_local_lock kind);

/* --- convert.c --------------------------------------------------------------
 */

/* What a ._ file beside the file holds, as macOS writes it to servers without
 * streams, becomes streams; the resource fork stays if forks are kept there. */
void fruit_convert(struct fruit *f, struct fsa_node *file);

#endif
