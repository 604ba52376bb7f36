/* vfs_modules/inject/inject.h - faults made on purpose, for tests: at which
 * operation, how often, with what luck.  What error_inject and delay_inject
 * have in common.
 *
 * A place is an operation of the client's (`write`, `set_info`), one kind of it
 * (`rename`, `set_size`), or the driver's function of that name
 * (`driver_make`), which the core calls in its midst. */
#ifndef VFS_MODULES_INJECT_INJECT_H
#define VFS_MODULES_INJECT_INJECT_H

#include "fsa/filter.h"

enum inject_place {
	/* The operations, in the order of enum fsa_op. */
	INJECT_SET_SIZE = FSA_OPS,
	INJECT_SET_ALLOCATION,
	INJECT_SET_BASIC,
	INJECT_SET_EA,
	INJECT_RENAME,
	INJECT_LINK,
	INJECT_DISPOSITION,
	INJECT_DELETE, /* at the last close */
	INJECT_REPLACE,
	INJECT_OVERWRITE,
	INJECT_DRIVER, /* the first of the driver's; the rest is error_inject's
			*/
	INJECT_PLACES = INJECT_DRIVER + 20
};

struct inject_rule {
	bool set;
	bool up;		  /* on the way up: it has been done */
	NTSTATUS status;	  /* error_inject */
	unsigned int delay;	  /* delay_inject: milliseconds */
	unsigned int after;	  /* so many go well first */
	unsigned int count;	  /* then so many are hit; 0: all */
	unsigned int probability; /* in percent; 0: certain */
	unsigned int seen, hit;
	unsigned int random; /* where the luck has got to */
};

/* layer->config of both. */
struct inject {
	struct inject_rule rules[INJECT_PLACES];
};

/* For the tables of options. */
#define INJECT_OPTION(n, place, p)                                             \
	{                                                                      \
		.name = n, .type = FSA_OPTION_OWN, .parse = p,                 \
		.offset = offsetof(struct inject, rules[place]),               \
	}

/* The rows that both have, with Samba's names for some. */
#define INJECT_OPERATIONS(p)                                                   \
	INJECT_OPTION("create", FSA_CREATE, p),                                \
		INJECT_OPTION("openat", FSA_CREATE, p),                        \
		INJECT_OPTION("ntcreate", FSA_CREATE, p),                      \
		INJECT_OPTION("close", FSA_CLOSE, p),                          \
		INJECT_OPTION("read", FSA_READ, p),                            \
		INJECT_OPTION("pread", FSA_READ, p),                           \
		INJECT_OPTION("pread_send", FSA_READ, p),                      \
		INJECT_OPTION("write", FSA_WRITE, p),                          \
		INJECT_OPTION("pwrite", FSA_WRITE, p),                         \
		INJECT_OPTION("pwrite_send", FSA_WRITE, p),                    \
		INJECT_OPTION("flush", FSA_FLUSH, p),                          \
		INJECT_OPTION("query_directory", FSA_QUERY_DIRECTORY, p),      \
		INJECT_OPTION("query_info", FSA_QUERY_INFO, p),                \
		INJECT_OPTION("set_info", FSA_SET_INFO, p),                    \
		INJECT_OPTION("query_volume", FSA_QUERY_VOLUME, p),            \
		INJECT_OPTION("query_security", FSA_QUERY_SECURITY, p),        \
		INJECT_OPTION("set_security", FSA_SET_SECURITY, p),            \
		INJECT_OPTION("fsctl", FSA_FSCTL, p),                          \
		INJECT_OPTION("notify", FSA_NOTIFY, p),                        \
		INJECT_OPTION("copy", FSA_COPY, p),                            \
		INJECT_OPTION("lock", FSA_LOCK, p),                            \
		INJECT_OPTION("set_size", INJECT_SET_SIZE, p),                 \
		INJECT_OPTION("set_allocation", INJECT_SET_ALLOCATION, p),     \
		INJECT_OPTION("set_basic", INJECT_SET_BASIC, p),               \
		INJECT_OPTION("set_ea", INJECT_SET_EA, p),                     \
		INJECT_OPTION("rename", INJECT_RENAME, p),                     \
		INJECT_OPTION("link", INJECT_LINK, p),                         \
		INJECT_OPTION("disposition", INJECT_DISPOSITION, p)

/* Reads "WORD [after=N] [count=N] [probability=P] [on=up|down]" into the rule
 * that d is about; set_word() takes the first. */
bool inject_parse(const struct fsa_option_def *d, void *config,
		  const char *value,
		  bool (*set_word)(struct inject_rule *rule, const char *word),
		  const char **out_reason);

/* Whether it is the rule's turn now; counts. */
bool inject_hits(struct inject_rule *rule);

/* The rule whose turn it is for an io, on its way down or up; NULL: none. */
struct inject_rule *inject_find(struct inject *in, const struct fsa_io *io,
				bool up);

#endif
