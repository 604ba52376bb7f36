/* fsa/create_int.h - between the files of FSA_CREATE: create.c (finds, checks,
 * takes back), create_enter.c (the record of share modes), create_change.c
 * (what is changed and told when that allows it). */
#ifndef FSA_CREATE_INT_H
#define FSA_CREATE_INT_H

#include "fsa/create_rules.h"
#include "fsa/file.h"
#include "fsa/share.h"

struct creation {
	struct fsa_io *io;
	struct fsa_create *args;
	struct fsa_file *file;
	struct fsa_name name;
	uint32_t access;	   /* asked for, expanded */
	enum create_course course; /* of the file; then of its stream */
	bool file_made;
	bool again;		 /* after RETRY */
	bool named;		 /* under share_name_locked() */
	bool cut;		 /* the old data has gone when it entered */
	bool quota_list;	 /* quota_is_name() */
	struct fsa_node *stream; /* NULL: none, or not made so far */
	struct fsa_stat stat;
	struct fsa_stop stop; /* with STOPPED_ON_SYMLINK */
	struct share_entered entered;
};

static inline uint32_t create_limit(const struct creation *c)
{
	return fsa_volume_maximal_access(c->io->volume);
}

static inline bool create_is_backup(const struct creation *c)
{
	return (c->args->options & FILE_OPEN_FOR_BACKUP_INTENT) != 0;
}

/* Whether the file itself, not just a stream of it, has been made. */
static inline bool create_is_file_new(const struct creation *c)
{
	return c->name.stream == NULL ? c->course == COURSE_MAKE : c->file_made;
}

/* Rights that are needed besides those asked for: [MS-FSA] 2.1.5.1.2. */
uint32_t create_needed_access(const struct creation *c);

/* --- create_enter.c ------------------------------------------------------ */

/* Enters the open into the file's record; a missing stream is made when that
 * allows it.  What another open forbids is the status; RETRY: what was found
 * is there no longer; OPLOCK_BREAK_IN_PROGRESS with c->entered.watch and
 * .until: others must answer first. */
MUST_CHECK NTSTATUS create_enter(struct creation *c);

/* Asks the driver whether programs that are not ours forbid the open. */
MUST_CHECK NTSTATUS create_claim_from_others(const struct creation *c);

/* --- create_change.c ----------------------------------------------------- */

/* Cuts off what is to be overwritten, reserves room, writes the EAs; c->stat is
 * then what the file is. */
MUST_CHECK NTSTATUS create_change(struct creation *c);

/* Tells who watches, and the caller, what was done. */
void create_answer(struct creation *c);

#endif
