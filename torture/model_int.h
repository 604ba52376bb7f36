/* torture/model_int.h - between the files of the model. */
#ifndef TORTURE_MODEL_INT_H
#define TORTURE_MODEL_INT_H

#include "torture/model.h"

/* What an operation is to those who cache the file: docs/caching.md. */
enum model_breaks {
	MODEL_BREAK_OPEN,
	MODEL_BREAK_CONTROL,
	MODEL_BREAK_OVERWRITE,
	MODEL_BREAK_SHARE,
	MODEL_BREAK_READ,
	MODEL_BREAK_WRITE,
	MODEL_BREAK_RENAME,
	MODEL_BREAK_DELETE,
	MODEL_BREAK_NOTHING
};

struct model_call {
	struct model *m;
	const struct model_op *op;
	const struct model_moment *at;
	struct model_effect *out;
};

/* What op does to the grants of a file's others: true when it has to wait.
 * own: 1 + the place of the grant that is spared. */
bool model_break(struct model_call *c, uint8_t file, enum model_breaks op,
		 uint8_t own);

void model_grant_ack(struct model_call *c);
/* The open does not use it any more. */
void model_grant_leave(struct model *m, struct model_open *o);

/* --- locks ---------------------------------------------------------------- */

bool model_is_locked(const struct model *m, uint8_t file);
/* Whether reading, writing or locking the range meets a lock. */
bool model_lock_forbids(const struct model *m, uint8_t open, uint8_t offset,
			uint8_t length, bool exclusive, bool lock);
void model_lock_add(struct model *m, const struct model_op *op);
bool model_lock_remove(struct model *m, uint8_t open, uint8_t offset,
		       uint8_t length);
void model_lock_remove_all(struct model *m, uint8_t open);

#endif
