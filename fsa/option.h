/* fsa/option.h - the options of modules, `NAME:option` in smb.conf. */
#ifndef FSA_OPTION_H
#define FSA_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

enum fsa_option_type {
	FSA_OPTION_BOOL,   /* bool */
	FSA_OPTION_INT,	   /* int, min .. max */
	FSA_OPTION_BYTES,  /* uint64_t; K, M, G and T behind it */
	FSA_OPTION_OCTAL,  /* int, min .. max */
	FSA_OPTION_STRING, /* const char *, never NULL */
	FSA_OPTION_LIST,   /* const char *const *, ends with NULL */
	FSA_OPTION_WORD,   /* int: the place in words */
	FSA_OPTION_OWN	   /* parse() takes it */
};

/* `NAME:option` in smb.conf. */
struct fsa_option_def {
	const char *name; /* without the module's; compared without case */
	enum fsa_option_type type;
	size_t offset;	     /* of the member in the module's config */
	const char *initial; /* as text; NULL: all zero bits */
	int min, max;
	const char *const *words; /* ends with NULL */
	/* Sets the member of config; false with a reason (constant text) when
	 * value is none. */
	bool (*parse)(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		      void *config, const char *value, const char **out_reason);
};

#endif
