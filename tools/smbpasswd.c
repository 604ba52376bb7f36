/* tools/smbpasswd.c - the accounts of passdb.tdb, from the command line. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auth/passdb.h"
#include "auth/smbpasswd_file.h"
#include "db/db.h"
#include "lib/log.h"
#include "lib/utf16.h"
#include "tools/password.h"
#include "tools/tool.h"

const char *const tool_name = "smbpasswd";

struct options {
	char *conf;
	char *debug_level;
	char *import;
	int from_stdin;
	int add;
	int remove;
	int disable;
	int enable;
	int no_password;
	int list;
};

/* --- the database ---------------------------------------------------- */

static struct passdb *open_passdb(TALLOC_CTX *ctx, const struct options *o)
{
	const struct conf *conf = tool_load_conf(ctx, o->conf);
	const char *dir = conf_global(conf)->private_dir;
	struct db_context *db = NULL;
	struct passdb *passdb = NULL;
	NTSTATUS status;

	status = db_context_create(ctx, NULL, &db);
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_open(ctx, db, dir, &passdb);
	}
	if (NT_STATUS_IS(status, ACCESS_DENIED)) {
		tool_die("%s: no access, or others have it too: passwords are "
			 "for the server's own user (root) alone",
			 dir);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: cannot open the user database: %s", dir,
			 ntstatus_name(status));
	}
	return passdb;
}

static void __attribute__((noreturn))
die_of(const char *name, const char *what, NTSTATUS status)
{
	if (NT_STATUS_IS(status, NO_SUCH_USER)) {
		tool_die("%s: no such user", name);
	}
	if (NT_STATUS_IS(status, ILL_FORMED_PASSWORD)) {
		tool_die("%s: the password is empty, too long, or not UTF-8",
			 name);
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_INVALID)) {
		tool_die("%s: not a valid name for a user", name);
	}
	tool_die("%s: cannot %s: %s", name, what, ntstatus_name(status));
}

/* --- adding ---------------------------------------------------------- */

/* As root the server takes on the user's Unix rights, so there must be some.
 * The full name on ctx, "" if there is none; NULL without such a user. */
static const char *unix_full_name(TALLOC_CTX *ctx, const char *name)
{
	struct passwd *pw = getpwnam(name);

	if (pw == NULL) {
		return geteuid() == 0 ? NULL : "";
	}
	return talloc_strndup(ctx, pw->pw_gecos, strcspn(pw->pw_gecos, ","));
}

/* Adds the account unless it is there; *out_added says which. */
static NTSTATUS add_account(TALLOC_CTX *ctx, struct passdb *passdb,
			    const char *name, const char *full_name,
			    bool *out_added)
{
	NTSTATUS status = passdb_add_user(passdb, name, full_name);

	*out_added = NT_STATUS_IS_OK(status);
	return NT_STATUS_IS(status, USER_EXISTS) ? NT_STATUS_OK : status;
}

static void set_password(struct passdb *passdb, const struct options *o,
			 const char *name)
{
	char *password = NULL;
	NTSTATUS status;

	if (o->no_password) {
		status = passdb_set_no_password(passdb, name);
	} else {
		password = password_read_twice(o->from_stdin);
		status = passdb_set_password(passdb, name, password);
		password_free(password);
	}
	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, "set the password", status);
	}
}

/* An account without a password is of no use to anybody. */
static void take_back(struct passdb *passdb, const char *name)
{
	NTSTATUS status = passdb_remove_user(passdb, name);

	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, "remove the user again", status);
	}
}

/* The password is asked for first: giving up leaves everything as it was. */
static int add_user(TALLOC_CTX *ctx, struct passdb *passdb,
		    const struct options *o, const char *name)
{
	const char *full_name = unix_full_name(ctx, name);
	char *password = NULL;
	bool added = false;
	NTSTATUS status;

	if (full_name == NULL) {
		tool_die("%s: there is no Unix user of this name; make one "
			 "first (useradd)",
			 name);
	}
	if (!o->no_password) {
		password = password_read_twice(o->from_stdin);
	}
	status = add_account(ctx, passdb, name, full_name, &added);
	if (NT_STATUS_IS_OK(status)) {
		status = o->no_password
				 ? passdb_set_no_password(passdb, name)
				 : passdb_set_password(passdb, name, password);
		if (!NT_STATUS_IS_OK(status) && added) {
			take_back(passdb, name);
		}
	}
	password_free(password);
	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, "add the user", status);
	}
	if (added) {
		printf("Added user %s.\n", name);
	}
	return 0;
}

/* --- the other actions ----------------------------------------------- */

static int remove_user(struct passdb *passdb, const char *name)
{
	NTSTATUS status = passdb_remove_user(passdb, name);

	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, "remove the user", status);
	}
	printf("Deleted user %s.\n", name);
	return 0;
}

static int set_disabled(struct passdb *passdb, const char *name, bool disabled)
{
	NTSTATUS status = passdb_set_disabled(passdb, name, disabled);

	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, disabled ? "disable" : "enable", status);
	}
	printf("%s user %s.\n", disabled ? "Disabled" : "Enabled", name);
	return 0;
}

static int change_password(TALLOC_CTX *ctx, struct passdb *passdb,
			   const struct options *o, const char *name)
{
	struct passdb_user *user;
	NTSTATUS status = passdb_get_user(ctx, passdb, name, &user);

	if (!NT_STATUS_IS_OK(status)) {
		die_of(name, "look the user up", status);
	}
	set_password(passdb, o, name);
	return 0;
}

/* --- listing --------------------------------------------------------- */

struct listing {
	const struct passdb_user **users;
	size_t count;
};

static bool collect(const struct passdb_user *user, void *private_data)
{
	struct listing *l = private_data;
	struct passdb_user *copy;

	l->users = talloc_realloc(NULL, l->users, const struct passdb_user *,
				  l->count + 1);
	copy = talloc_memdup(l->users, user, sizeof(*user));
	if (copy == NULL) {
		tool_die("no memory");
	}
	copy->name = talloc_strdup(copy, user->name);
	copy->full_name = talloc_strdup(copy, user->full_name);
	if (copy->name == NULL || copy->full_name == NULL) {
		tool_die("no memory");
	}
	l->users[l->count++] = copy;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct passdb_user *const *x = a;
	const struct passdb_user *const *y = b;

	return utf8_casecmp((*x)->name, (*y)->name);
}

static const char *state_of(const struct passdb_user *user)
{
	if (user->flags & PASSDB_DISABLED) {
		return "disabled";
	}
	if (user->flags & PASSDB_PASSWORD_UNSET) {
		return "no-logon";
	}
	return user->flags & PASSDB_NO_PASSWORD ? "no-password" : "enabled";
}

static void print_user(const struct passdb_user *user)
{
	struct timespec ts = nttime_to_timespec(user->password_set);
	char when[32] = "never";
	struct tm tm;

	if (user->password_set != 0 && localtime_r(&ts.tv_sec, &tm) != NULL) {
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	}
	printf("%-20s %6u  %-11s  %-19s  %s\n", user->name, user->rid,
	       state_of(user), when, user->full_name);
}

static int list_users(struct passdb *passdb)
{
	struct listing l = {0};
	NTSTATUS status = passdb_for_each(passdb, collect, &l);

	if (!NT_STATUS_IS_OK(status)) {
		tool_die("cannot read the user database: %s",
			 ntstatus_name(status));
	}
	if (l.count > 0) {
		qsort(l.users, l.count, sizeof(l.users[0]), by_name);
	}
	for (size_t i = 0; i < l.count; i++) {
		print_user(l.users[i]);
	}
	talloc_free(l.users);
	return 0;
}

/* --- import ---------------------------------------------------------- */

static NTSTATUS import_entry(TALLOC_CTX *ctx, struct passdb *passdb,
			     const struct smbpasswd_entry *e)
{
	const char *full_name = unix_full_name(ctx, e->name);
	NTSTATUS status;
	bool added;

	if (full_name == NULL) {
		return NT_STATUS(NO_SUCH_USER);
	}
	status = add_account(ctx, passdb, e->name, full_name, &added);
	if (NT_STATUS_IS_OK(status) && e->no_password) {
		status = passdb_set_no_password(passdb, e->name);
	} else if (NT_STATUS_IS_OK(status) && e->has_hash) {
		status = passdb_set_hash(passdb, e->name, e->nt_hash,
					 e->password_set);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = passdb_set_disabled(passdb, e->name, e->is_disabled);
	}
	return status;
}

/* Imports one line; false when it could not be. */
static bool import_line(TALLOC_CTX *ctx, struct passdb *passdb,
			const char *file, const char *line, size_t number,
			size_t *imported)
{
	struct smbpasswd_entry e;
	NTSTATUS status = smbpasswd_line_parse(line, &e);

	if (NT_STATUS_IS(status, NO_SUCH_USER)) {
		return true; /* nothing on it */
	}
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s:%zu: not a line of an smbpasswd file\n",
			file, number);
		return false;
	}
	if (!e.is_user) {
		fprintf(stderr, "%s:%zu: %s: not a user: left out\n", file,
			number, e.name);
		return true;
	}
	status = import_entry(ctx, passdb, &e);
	explicit_bzero(e.nt_hash, sizeof(e.nt_hash));
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s:%zu: %s: %s\n", file, number, e.name,
			NT_STATUS_IS(status, NO_SUCH_USER)
				? "there is no Unix user of this name"
				: ntstatus_name(status));
		return false;
	}
	(*imported)++;
	return true;
}

static int import_users(TALLOC_CTX *ctx, struct passdb *passdb,
			const char *path)
{
	FILE *f = fopen(path, "re");
	size_t imported = 0;
	size_t number = 0;
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	if (f == NULL) {
		tool_die("%s: %s", path, strerror(errno));
	}
	while (getline(&line, &size, f) >= 0) {
		ok = import_line(ctx, passdb, path, line, ++number,
				 &imported) &&
		     ok;
	}
	if (ferror(f)) {
		tool_die("%s: %s", path, strerror(errno));
	}
	if (line != NULL) {
		explicit_bzero(line, size);
		free(line);
	}
	fclose(f);
	printf("Imported %zu users.\n", imported);
	return ok ? 0 : 1;
}

/* --- main ------------------------------------------------------------ */

/* Who is meant without a name: the one who calls. */
static const char *own_name(void)
{
	struct passwd *pw = getpwuid(getuid());

	if (pw == NULL) {
		tool_die("which user?");
	}
	return pw->pw_name;
}

static void check_options(const struct options *o, const char *name)
{
	int actions = o->add + o->remove + o->disable + o->enable +
		      (o->import != NULL);

	if (actions > 1) {
		tool_die("one of -a, -x, -d, -e and -i at a time");
	}
	if (name == NULL && (o->add || o->remove || o->disable || o->enable)) {
		tool_die("which user?");
	}
	if (name != NULL && o->import != NULL) {
		tool_die("-i imports all users of a file");
	}
}

static int act(TALLOC_CTX *ctx, const struct options *o, const char *name)
{
	struct passdb *passdb;

	check_options(o, name);
	passdb = open_passdb(ctx, o);
	if (o->import != NULL) {
		return import_users(ctx, passdb, o->import);
	}
	if (o->list && name == NULL) {
		return list_users(passdb);
	}
	if (o->add) {
		return add_user(ctx, passdb, o, name);
	}
	if (o->remove) {
		return remove_user(passdb, name);
	}
	if (o->disable || o->enable) {
		return set_disabled(passdb, name, o->disable);
	}
	return change_password(ctx, passdb, o,
			       name == NULL ? own_name() : name);
}

static int run(TALLOC_CTX *ctx, const void *options, const char *const *args)
{
	const struct options *o = options;
	const char *name = args[0];

	if (args[0] != NULL && args[1] != NULL) {
		tool_die("one user at a time (and no password on the command "
			 "line, where others see it)");
	}
	if (o->debug_level != NULL &&
	    !NT_STATUS_IS_OK(log_set_levels(o->debug_level))) {
		tool_die("%s: not a log level", o->debug_level);
	}
	return act(ctx, o, name);
}

int main(int argc, const char **argv)
{
	struct options options = {0};
	const struct poptOption table[] = {
		{"configfile", 'c', POPT_ARG_STRING, &options.conf, 0,
		 "Use this smb.conf", "FILE"},
		{"stdin", 's', POPT_ARG_NONE, &options.from_stdin, 0,
		 "Read the password, twice, from standard input", NULL},
		{"add", 'a', POPT_ARG_NONE, &options.add, 0,
		 "Add the user, or set the password of one that exists", NULL},
		{"delete", 'x', POPT_ARG_NONE, &options.remove, 0,
		 "Remove the user", NULL},
		{"disable", 'd', POPT_ARG_NONE, &options.disable, 0,
		 "Disable the user: no logon until enabled again", NULL},
		{"enable", 'e', POPT_ARG_NONE, &options.enable, 0,
		 "Enable the user", NULL},
		{"no-password", 'n', POPT_ARG_NONE, &options.no_password, 0,
		 "Let the user log on with an empty password", NULL},
		{"list", 'L', POPT_ARG_NONE, &options.list, 0,
		 "List the users (with another action it does nothing)", NULL},
		{"import", 'i', POPT_ARG_STRING, &options.import, 0,
		 "Add the users of a Samba smbpasswd file, with their "
		 "passwords",
		 "FILE"},
		{"debuglevel", 'D', POPT_ARG_STRING, &options.debug_level, 0,
		 "Log at this level", "LEVEL"},
		TOOL_COMMON_OPTIONS,
	};
	const struct tool tool = {
		.usage = "[OPTION...] [USER]",
		.table = table,
		.options = &options,
		.run = run,
	};

	return tool_run(argc, argv, &tool);
}
