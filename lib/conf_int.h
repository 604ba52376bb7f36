/* lib/conf_int.h - what the conf_*.c files share.
 *
 * A file becomes raw sections of settings (conf_read.c); the table of
 * parameters (conf_params.c) says what a setting means; conf_value.c moves
 * values between text and the members of the structs; conf.c puts the snapshot
 * together. */
#ifndef LIB_CONF_INT_H
#define LIB_CONF_INT_H

#include "lib/conf.h"

/* --- as read ----------------------------------------------------------- */

struct conf_setting {
	const char *name; /* as written, spaces made single */
	const char *value;
	const char *file;
	unsigned int line;
};

struct conf_section {
	const char *name;
	struct conf_setting *settings;
	size_t count;
	const char *file; /* where it begins */
	unsigned int line;
};

struct conf_raw {
	struct conf_section *sections; /* the first is [global] */
	size_t count;
	size_t files; /* read so far, includes too */
	bool may_include;
	bool anyway; /* errors do not stop it */
	struct conf_report *report;
};

/* An empty raw configuration with its [global]; NULL without memory. */
struct conf_raw *conf_raw_create(TALLOC_CTX *mem_ctx,
				 struct conf_report *report);
MUST_CHECK NTSTATUS conf_raw_read_text(struct conf_raw *raw, const char *file,
				       const char *text, size_t length);
MUST_CHECK NTSTATUS conf_raw_read_file(struct conf_raw *raw, const char *path);
const struct conf_section *conf_raw_lookup(const struct conf_raw *raw,
					   const char *name);

/* Without regard to case and spaces. */
bool conf_name_equal(const char *a, const char *b);

/* --- what it means ----------------------------------------------------- */

enum conf_type {
	CONF_BOOL,
	CONF_INT,   /* min .. max */
	CONF_BYTES, /* the same with K, M, G */
	CONF_SIZE,  /* uint64_t: bytes with K, M, G, T, P */
	CONF_OCTAL,
	CONF_STRING,
	CONF_DIR, /* an absolute path */
	CONF_LIST,
	CONF_HOSTS, /* a list for lib/hosts.h */
	CONF_USERS, /* a list for conf_user_in_list() */
	CONF_PORTS,
	CONF_LEVELS, /* "log level" */
	CONF_WORD,   /* one of words */
};

struct conf_word {
	const char *text; /* the first with a value is how it is printed */
	int value;
};

struct conf_param {
	const char *name;
	bool global; /* offset into struct conf_global, else conf_share */
	enum conf_type type;
	size_t offset;
	const char *initial;	       /* the default, as text */
	const struct conf_word *words; /* CONF_WORD; ends with NULL */
	int min;
	int max;
};

/* The table; ends with a NULL name. */
extern const struct conf_param conf_params[];

/* By name or synonym; *inverted says that yes means no. */
const struct conf_param *conf_param_lookup(const char *name, bool *inverted);

/* Whether what the parameter is for (telling others what this server and its
 * shares are called) is not there yet. */
bool conf_param_waits(const char *name);

/* What to do with a parameter that is not in the table. */
enum conf_other {
	CONF_OTHER_FINE,      /* the value asks for what is so anyway */
	CONF_OTHER_IGNORED,   /* known, not implemented */
	CONF_OTHER_RESTRICTS, /* known, restricts access, not implemented */
	CONF_OTHER_UNKNOWN,
};
enum conf_other conf_other_check(const char *name, const char *value);

/* --- modules (conf_modules.c) -------------------------------------------- */

enum conf_module {
	CONF_MODULE_FILTER,    /* one of ours, linked in or in a file */
	CONF_MODULE_BUILT_IN,  /* its work is done without it */
	CONF_MODULE_MISSING,   /* Samba's, not implemented */
	CONF_MODULE_RESTRICTS, /* the same, and restricts access */
};
enum conf_module conf_module_kind(const char *name);

/* Reports what is to be said of the modules in s, a `vfs objects`. */
void conf_modules_report(struct conf_report *report,
			 const struct conf_setting *s,
			 const char *const *modules);
/* Sets share->filters; false without memory, as the next two. */
bool conf_filters_choose(TALLOC_CTX *mem_ctx, struct conf_share *share);

/* Is it the name of a module's option? */
bool conf_option_is(const char *name);
/* Sets one on a share. */
bool conf_option_set(TALLOC_CTX *mem_ctx, struct conf_share *share,
		     const struct conf_setting *s, bool quiet);
/* Makes the share's options, so far those of the defaults, its own. */
bool conf_options_inherit(TALLOC_CTX *mem_ctx, struct conf_share *share);
/* Reports those that no module is there for. */
void conf_options_report(const struct conf *conf, struct conf_report *report);

/* --- values ------------------------------------------------------------ */

/* Parses text into the member of base (allocating on mem_ctx); false with a
 * reason (constant text) when it cannot be. */
bool conf_value_set(TALLOC_CTX *mem_ctx, const struct conf_param *p, void *base,
		    const char *text, bool inverted, const char **reason);

/* The member of base as text on mem_ctx; NULL without memory. */
char *conf_value_format(TALLOC_CTX *mem_ctx, const struct conf_param *p,
			const void *base);

bool conf_parse_bool(const char *text, bool *out);

/* Words of a list: separated by blanks and commas, "quoted" ones whole.  Ends
 * with NULL; NULL without memory. */
char **conf_split_list(TALLOC_CTX *mem_ctx, const char *text);

/* What is as it should be, and worth a word. */
void conf_report_note(struct conf_report *report, const char *file,
		      unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The snapshot itself, for conf.c and conf_print.c. */
struct conf {
	const char *path;
	struct conf_global global;
	struct conf_share defaults;
	struct conf_share *shares;
	size_t count;
};

#endif
