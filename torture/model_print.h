/* torture/model_print.h - a round and what the model thinks, for readers. */
#ifndef TORTURE_MODEL_PRINT_H
#define TORTURE_MODEL_PRINT_H

#include <stdio.h>

#include "torture/model_check.h"

void model_print_op(FILE *out, const struct model_op *op);
void model_print_answer(FILE *out, const struct model_op *op,
			const struct model_answer *a);
void model_print_state(FILE *out, const struct model *m);

/* What was sent, answered and told. */
void model_print_history(FILE *out, const struct model_round *r);

/* A round without an order: the states before it, what was sent, answered and
 * told, how far the best order came, and what it stumbled over. */
void model_print_round(FILE *out, const struct model_round *r,
		       const struct model_states *before,
		       const struct model_search *search);

#endif
