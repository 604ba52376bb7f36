/* tools/smbacl.c - says what a user may do with a file, and why.
 *
 * Looks at the disk itself, through the driver, as the server would. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/passdb.h"
#include "auth/token.h"
#include "db/db.h"
#include "fsa/access_check.h"
#include "fsa/driver.h"
#include "lib/identity.h"
#include "tools/tool.h"

const char *const tool_name = "smbacl";

struct options {
	char *conf;
};

/* --- the user ------------------------------------------------------------ */

static struct security_token *token_of(TALLOC_CTX *ctx, const struct conf *conf,
				       const char *name)
{
	const char *dir = conf_global(conf)->private_dir;
	struct db_context *db = NULL;
	struct passdb *passdb = NULL;
	struct passdb_user *user = NULL;
	struct security_token *token = NULL;
	struct sid machine;
	NTSTATUS status = db_context_create(ctx, NULL, &db);

	if (NT_STATUS_IS_OK(status)) {
		status = passdb_open(ctx, db, dir, &passdb);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", dir, tool_status_text(status));
	}
	status = passdb_get_user(ctx, passdb, name, &user);
	if (NT_STATUS_IS_OK(status)) {
		machine = passdb_machine_sid(passdb);
		status = token_create(ctx, &machine, "", user, &token);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", name, tool_status_text(status));
	}
	return token;
}

/* --- the file ------------------------------------------------------------ */

/* The share that the path is in, for its options; NULL: none. */
static const struct conf_share *share_of(const struct conf *conf,
					 const char *path)
{
	for (size_t i = 0; i < conf_share_count(conf); i++) {
		const struct conf_share *s = conf_share_at(conf, i);
		size_t n = strlen(s->path);

		if (n > 0 && strncmp(s->path, path, n) == 0 &&
		    (path[n] == '\0' || path[n] == '/')) {
			return s;
		}
	}
	return NULL;
}

static void no_io(struct fsa_io *io, NTSTATUS status)
{
}

/* The node of a path, in a mount of the folder it is in. */
static struct fsa_node *open_node(TALLOC_CTX *ctx, const char *path,
				  const struct conf_share *share)
{
	static const struct fsa_driver_env env = {.done = no_io};
	const struct fsa_driver *d = &fsa_posix_driver;
	const char *slash = strrchr(path, '/');
	const char *acl_name = share == NULL ? "" : share->security_acl_name;
	struct fsa_volume_params params = {
		.share_name = "",
		.path = slash == path ? "/"
				      : talloc_strndup(ctx, path,
						       (size_t)(slash - path)),
		.driver = d->name,
		.ignore_system_acls =
			share != NULL && share->ignore_system_acls,
		.security_acl_name = *acl_name == '\0' ? NULL : acl_name,
	};
	const struct fsa_how how = {.path = slash + 1,
				    .access = FILE_READ_ATTRIBUTES};
	struct fsa_driver_env *own = talloc_memdup(ctx, &env, sizeof(env));
	struct fsa_mount *mount = NULL;
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	void *state = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (own != NULL && params.path != NULL) {
		own->ev = tevent_context_init(ctx);
		status = d->start(ctx, own, NULL, &state);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = d->mount(ctx, state, &params, &mount);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = d->open(ctx, mount, &how, &node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", path, tool_status_text(status));
	}
	return node;
}

/* --- the answer ---------------------------------------------------------- */

static const struct {
	uint32_t right;
	const char *name;
	const char *of_directory; /* NULL: the same */
} rights[] = {
	{FILE_READ_DATA, "READ_DATA", "LIST_DIRECTORY"},
	{FILE_WRITE_DATA, "WRITE_DATA", "ADD_FILE"},
	{FILE_APPEND_DATA, "APPEND_DATA", "ADD_SUBDIRECTORY"},
	{FILE_READ_EA, "READ_EA", NULL},
	{FILE_WRITE_EA, "WRITE_EA", NULL},
	{FILE_EXECUTE, "EXECUTE", "TRAVERSE"},
	{FILE_DELETE_CHILD, "DELETE_CHILD", NULL},
	{FILE_READ_ATTRIBUTES, "READ_ATTRIBUTES", NULL},
	{FILE_WRITE_ATTRIBUTES, "WRITE_ATTRIBUTES", NULL},
	{DELETE_ACCESS, "DELETE", NULL},
	{READ_CONTROL, "READ_CONTROL", NULL},
	{WRITE_DAC, "WRITE_DAC", NULL},
	{WRITE_OWNER, "WRITE_OWNER", NULL},
	{SYNCHRONIZE, "SYNCHRONIZE", NULL},
	{ACCESS_SYSTEM_SECURITY, "ACCESS_SYSTEM_SECURITY", NULL},
};

/* Looked at in the core as well as below: fsa/protect.c. */
#define CHECKED_BELOW                                                          \
	(FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE_ACCESS)

static void print_entry(const struct acl *acl, uint32_t i)
{
	const struct ace *a = &acl->aces[i];
	char sid[SID_STRING_SIZE];

	sid_format(&a->sid, sid);
	printf("entry %u: %s %s 0x%08x", i + 1,
	       a->type == ACE_DENIED ? "denied" : "allowed", sid, a->mask);
}

static void print_reason(const struct security_descriptor *sd,
			 struct access_reason why)
{
	switch (why.by) {
	case ACCESS_BY_ENTRY:
		print_entry(&sd->dacl, why.entry);
		return;
	case ACCESS_BY_OWNERSHIP:
		printf("he owns it");
		return;
	case ACCESS_BY_PRIVILEGE:
		printf("by privilege");
		return;
	case ACCESS_BY_NO_DACL:
		printf("there is no list");
		return;
	case ACCESS_BY_NOTHING:
		printf("no entry names it");
		return;
	}
}

struct view {
	struct security_descriptor sd;
	struct security_descriptor parent;
	bool has_sd, has_parent;
	uint32_t on_parent; /* by its mode */
	uint32_t below;
};

/* Whether the directory gives the right: [MS-FSA] 2.1.5.1.2.1. */
static bool by_parent(const struct view *v, const struct security_token *t,
		      uint32_t right)
{
	uint32_t on_parent =
		v->has_parent ? access_rights(&v->parent, t) : v->on_parent;

	return (right == DELETE_ACCESS &&
		(on_parent & FILE_DELETE_CHILD) != 0) ||
	       (right == FILE_READ_ATTRIBUTES &&
		(on_parent & FILE_LIST_DIRECTORY) != 0);
}

static void explain_right(const struct view *v, const struct security_token *t,
			  uint32_t right, const char *name)
{
	struct access_reason why;

	printf("%-24s", name);
	if (!v->has_sd) {
		printf("%s  by owner and mode\n",
		       (v->below & right) != 0 ? "granted" : "refused");
		return;
	}
	why = access_explain(&v->sd, t, right);
	if (!why.granted && by_parent(v, t, right)) {
		printf("granted  by the folder");
	} else {
		printf("%s  ", why.granted ? "granted" : "refused");
		print_reason(&v->sd, why);
	}
	if ((right & CHECKED_BELOW & ~v->below) != 0) {
		printf("; refused by owner and mode");
	}
	putchar('\n');
}

static struct view look(TALLOC_CTX *ctx, struct fsa_node *n)
{
	const struct fsa_driver *d = n->mount->driver;
	struct view v = {0};

	v.has_sd = NT_STATUS_IS_OK(d->get_descriptor(ctx, n, &v.sd));
	v.has_parent = NT_STATUS_IS_OK(
		d->get_parent_descriptor(ctx, n, &v.parent, &v.on_parent));
	v.below = d->rights(n);
	return v;
}

static int explain(TALLOC_CTX *ctx, const struct options *o, const char *name,
		   const char *given)
{
	const struct conf *conf = tool_load_conf(ctx, o->conf);
	struct security_token *token = token_of(ctx, conf, name);
	const struct identity who = {.uid = token->uid,
				     .gid = token->gid,
				     .ngroups = token->num_gids,
				     .groups = (const gid_t *)token->gids};
	char *path = realpath(given, NULL);
	struct fsa_node *n;
	struct view v;

	if (path == NULL) {
		tool_die("%s: %s", given, strerror(errno));
	}
	identity_assume(&who);
	n = open_node(ctx, path, share_of(conf, path));
	v = look(ctx, n);
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		bool other = n->directory && rights[i].of_directory != NULL;

		explain_right(&v, token, rights[i].right,
			      other ? rights[i].of_directory : rights[i].name);
	}
	identity_drop();
	free(path);
	return 0;
}

static int run(TALLOC_CTX *ctx, const void *options, const char *const *args)
{
	if (args[0] == NULL || strcmp(args[0], "explain") != 0 ||
	    args[1] == NULL || args[2] == NULL || args[3] != NULL) {
		tool_die("explain USER PATH: see --help");
	}
	return explain(ctx, options, args[1], args[2]);
}

int main(int argc, const char **argv)
{
	struct options options = {0};
	const struct poptOption table[] = {
		{"configfile", 's', POPT_ARG_STRING, &options.conf, 0,
		 "Use this configuration file", "FILE"},
		TOOL_COMMON_OPTIONS,
	};
	const struct tool tool = {
		.usage = "[OPTION...] explain USER PATH",
		.table = table,
		.options = &options,
		.run = run,
	};

	return tool_run(argc, argv, &tool);
}
