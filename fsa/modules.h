/* fsa/modules.h - drivers and filters by their names: those that are linked in,
 * and those in files (fsa/module.h). */
#ifndef FSA_MODULES_H
#define FSA_MODULES_H

#include "fsa/filter.h"
#include "lib/conf.h"

/* The driver, or filter, called name; dir is the `modules directory`, or NULL.
 * Loads with the process's own identity.  NOT_FOUND: there is none;
 * REVISION_MISMATCH: made for another version; INVALID_IMAGE_FORMAT: not a
 * module; *out_why is a text on mem_ctx that says what and where. */
MUST_CHECK NTSTATUS modules_find_driver(TALLOC_CTX *mem_ctx, const char *dir,
					const char *name,
					const struct fsa_driver **out,
					char **out_why);
MUST_CHECK NTSTATUS modules_find_filter(TALLOC_CTX *mem_ctx, const char *dir,
					const char *name,
					const struct fsa_filter **out,
					char **out_why);

/* Adds to report what is wrong with the modules of the shares and with what is
 * said to them, before anybody connects.  Errors: that share is refused. */
void modules_report(const struct conf *conf, struct conf_report *report);

#endif
