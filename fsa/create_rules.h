/* fsa/create_rules.h - what a CREATE may ask for and what comes of it: the
 * decisions of [MS-FSA] 2.1.5.1 as functions of values. */
#ifndef FSA_CREATE_RULES_H
#define FSA_CREATE_RULES_H

#include "fsa/fsa.h"
#include "fsa/name.h"

/* Phase 1: whether the parameters go together. */
MUST_CHECK NTSTATUS create_check_parameters(const struct fsa_create *c);

/* Phases 5 and 7: whether they go with the name. */
MUST_CHECK NTSTATUS create_check_name(const struct fsa_create *c,
				      const struct fsa_name *name);

enum create_course {
	COURSE_OPEN,
	COURSE_MAKE,
	COURSE_OVERWRITE,
	COURSE_SUPERSEDE
};

/* What the disposition means for a name that is there or not:
 * OBJECT_NAME_COLLISION, OBJECT_NAME_NOT_FOUND. */
MUST_CHECK NTSTATUS create_get_course(enum create_disposition disposition,
				      bool exists, enum create_course *out);

/* Rights that the course needs beyond those asked for: 2.1.5.1.2. */
uint32_t create_extra_access(enum create_course course);

enum create_action create_get_action(enum create_course course);

/* Whether the file there is of the kind asked for (phases 7 and 8). */
MUST_CHECK NTSTATUS create_check_kind(const struct fsa_create *c,
				      const struct fsa_name *name,
				      enum create_course course,
				      bool is_directory);

/* Whether its attributes let it be opened so: 2.1.5.1.2, 2.1.5.1.2.1.  access
 * is all that is wanted, expanded; delete_readonly: `delete readonly`. */
MUST_CHECK NTSTATUS create_check_attributes(const struct fsa_create *c,
					    enum create_course course,
					    const struct fsa_stat *st,
					    uint32_t access,
					    bool delete_readonly);

/* Whether a new file may be made as asked: 2.1.5.1.1. */
MUST_CHECK NTSTATUS create_check_new(const struct fsa_create *c, bool directory,
				     bool delete_readonly);

/* The attributes of a new or overwritten file. */
uint32_t create_new_attributes(uint32_t asked, bool directory);

#endif
