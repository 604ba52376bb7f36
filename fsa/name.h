/* fsa/name.h - names as clients send them ([MS-FSCC] 2.1.5). */
#ifndef FSA_NAME_H
#define FSA_NAME_H

#include <stdbool.h>
#include <talloc.h>

#include "lib/ntstatus.h"

#define FSA_NAME_MAX 255 /* bytes of a component; so UTF-16 units too */

enum fsa_stream_type {
	FSA_STREAM_UNSAID, /* no stream type in the name */
	FSA_STREAM_DATA,   /* "::$DATA", ":x:$DATA" */
	FSA_STREAM_INDEX   /* "::$INDEX_ALLOCATION" */
};

struct fsa_name {
	const char *path;   /* without stream and redundant backslashes */
	const char *stream; /* its name; NULL: not a named one */
	enum fsa_stream_type type;
	bool trailing_backslash;
};

/* Checks a path and takes it apart; a slash counts as a backslash.  path of out
 * is text itself, or on mem_ctx when something had to be left out.
 * INVALID_PARAMETER for a leading backslash ([MS-SMB2] 3.3.5.9), else
 * OBJECT_NAME_INVALID: for reserved and control characters, dot names and too
 * long ones. */
MUST_CHECK NTSTATUS fsa_name_parse(TALLOC_CTX *mem_ctx, const char *text,
				   struct fsa_name *out);

/* The part of a name from its colon on: the stream's name goes to *out, on
 * mem_ctx, NULL for an unnamed one.  OBJECT_NAME_INVALID. */
MUST_CHECK NTSTATUS fsa_stream_parse(TALLOC_CTX *mem_ctx, const char *text,
				     const char **out,
				     enum fsa_stream_type *out_type);

/* Whether text is one component, in which the wildcards " * < > ? may be and
 * which may be "." or "..": a pattern for a query of a directory. */
bool fsa_name_is_pattern(const char *text);

#endif
