/* vfs_modules/inject/error_inject.c - the filter `error_inject`: operations
 * fail, as smb.conf says:
 *
 *   error_inject:write = ENOSPC after=3
 *   error_inject:driver_set_size = EIO count=1 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fsa/module.h"
#include "vfs_modules/inject/inject.h"

/* --- what fails how --------------------------------------------------------
 */

static const struct {
	const char *name;
	int value;
} errnos[] = {
	{"EACCES", EACCES},
	{"EAGAIN", EAGAIN},
	{"EBADF", EBADF},
	{"EBUSY", EBUSY},
	{"EDQUOT", EDQUOT},
	{"EEXIST", EEXIST},
	{"EFBIG", EFBIG},
	{"EINTR", EINTR},
	{"EINVAL", EINVAL},
	{"EIO", EIO},
	{"EISDIR", EISDIR},
	{"ELOOP", ELOOP},
	{"EMFILE", EMFILE},
	{"EMLINK", EMLINK},
	{"ENAMETOOLONG", ENAMETOOLONG},
	{"ENFILE", ENFILE},
	{"ENODEV", ENODEV},
	{"ENOENT", ENOENT},
	{"ENOMEM", ENOMEM},
	{"ENOSPC", ENOSPC},
	{"ENOTDIR", ENOTDIR},
	{"ENOTEMPTY", ENOTEMPTY},
	{"ENOTSUP", ENOTSUP},
	{"ENXIO", ENXIO},
	{"EPERM", EPERM},
	{"EROFS", EROFS},
	{"ESTALE", ESTALE},
	{"ETIMEDOUT", ETIMEDOUT},
	{"EXDEV", EXDEV},
};

static const struct {
	const char *name;
	uint32_t value;
} statuses[] = {
#define X(name, value) {#name, value},
#include "lib/ntstatus_list.h"
#undef X
};

/* ENOSPC, NT_STATUS_DISK_FULL or DISK_FULL */
static bool set_status(struct inject_rule *rule, const char *word)
{
	const char *name = word;

	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
		if (strcmp(errnos[i].name, word) == 0) {
			rule->status = ntstatus_from_errno(errnos[i].value);
			return true;
		}
	}
	if (strncmp(word, "NT_STATUS_", 10) == 0) {
		name += 10;
	}
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (strcmp(statuses[i].name, name) == 0) {
			rule->status = (NTSTATUS){statuses[i].value};
			return NT_STATUS_IS_ERR(rule->status);
		}
	}
	return false;
}

static bool parse(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		  void *config, const char *value, const char **out_reason)
{
	const struct inject *in = config;
	const struct inject_rule *rule =
		(const struct inject_rule *)(const void *)((char *)config +
							   d->offset);

	if (!inject_parse(d, config, value, set_status, out_reason)) {
		return false;
	}
	/* A file that was opened is not taken back, and what is below the core
	 * is not on the way up. */
	if (rule->up && (rule == &in->rules[FSA_CREATE] ||
			 rule >= &in->rules[INJECT_DELETE])) {
		*out_reason = "on=up is not for this operation";
		return false;
	}
	return true;
}

/* --- the driver's functions ------------------------------------------------
 */

enum driver_place {
	DRIVER_OPEN = INJECT_DRIVER,
	DRIVER_MAKE,
	DRIVER_UPGRADE,
	DRIVER_READ,
	DRIVER_WRITE,
	DRIVER_FLUSH,
	DRIVER_SET_SIZE,
	DRIVER_RESERVE,
	DRIVER_STAT,
	DRIVER_SET_BASIC,
	DRIVER_SET_DESCRIPTOR,
	DRIVER_SCAN_OPEN,
	DRIVER_RENAME,
	DRIVER_LINK,
	DRIVER_UNLINK,
	DRIVER_STREAM_OPEN,
	DRIVER_STREAM_MAKE,
	DRIVER_STRIP,
	DRIVER_SET_EA,
	DRIVER_PLACES
};
_Static_assert((int)DRIVER_PLACES <= (int)INJECT_PLACES, "room for all places");

/* The driver below; *out is what to fail with, or OK. */
static const struct fsa_driver *enter(const struct fsa_mount *m,
				      enum driver_place place, NTSTATUS *out)
{
	const struct fsa_driver *below;
	struct inject *in = fsa_mount_wrapped(m, &below)->config;
	struct inject_rule *rule = &in->rules[place];

	*out = inject_hits(rule) ? rule->status : NT_STATUS_OK;
	return below;
}

#define FAIL_OR(mount, place, call)                                            \
	NTSTATUS status;                                                       \
	const struct fsa_driver *below = enter(mount, place, &status);         \
	return NT_STATUS_IS_OK(status) ? below->call : status

static NTSTATUS fail_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			  const struct fsa_how *how, struct fsa_node **out,
			  struct fsa_stat *out_stat)
{
	FAIL_OR(m, DRIVER_OPEN, open(mem_ctx, m, how, out, out_stat));
}

static NTSTATUS fail_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			  const struct fsa_how *how, struct fsa_node **out,
			  struct fsa_stat *out_stat)
{
	FAIL_OR(m, DRIVER_MAKE, make(mem_ctx, m, how, out, out_stat));
}

static NTSTATUS fail_upgrade(struct fsa_node *n, uint32_t access)
{
	FAIL_OR(n->mount, DRIVER_UPGRADE, upgrade(n, access));
}

static NTSTATUS fail_read(struct fsa_node *n, struct fsa_io *io)
{
	FAIL_OR(n->mount, DRIVER_READ, read(n, io));
}

static NTSTATUS fail_write(struct fsa_node *n, struct fsa_io *io)
{
	FAIL_OR(n->mount, DRIVER_WRITE, write(n, io));
}

static NTSTATUS fail_flush(struct fsa_node *n, struct fsa_io *io)
{
	FAIL_OR(n->mount, DRIVER_FLUSH, flush(n, io));
}

static NTSTATUS fail_set_size(struct fsa_node *n, uint64_t size)
{
	FAIL_OR(n->mount, DRIVER_SET_SIZE, set_size(n, size));
}

static NTSTATUS fail_reserve(struct fsa_node *n, uint64_t size)
{
	FAIL_OR(n->mount, DRIVER_RESERVE, reserve(n, size));
}

static NTSTATUS fail_stat(struct fsa_node *n, struct fsa_stat *out)
{
	FAIL_OR(n->mount, DRIVER_STAT, stat(n, out));
}

static NTSTATUS fail_set_basic(struct fsa_node *n, const struct fsa_basic *b)
{
	FAIL_OR(n->mount, DRIVER_SET_BASIC, set_basic(n, b));
}

static NTSTATUS fail_set_descriptor(struct fsa_node *n,
				    const struct fsa_protection *p)
{
	FAIL_OR(n->mount, DRIVER_SET_DESCRIPTOR, set_descriptor(n, p));
}

static NTSTATUS fail_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *n,
			       struct fsa_scan **out)
{
	FAIL_OR(n->mount, DRIVER_SCAN_OPEN, scan_open(mem_ctx, n, out));
}

static NTSTATUS fail_rename(struct fsa_node *n, const char *path, bool replace)
{
	FAIL_OR(n->mount, DRIVER_RENAME, rename(n, path, replace));
}

static NTSTATUS fail_link(struct fsa_node *n, const char *path, bool replace)
{
	FAIL_OR(n->mount, DRIVER_LINK, link(n, path, replace));
}

static NTSTATUS fail_unlink(struct fsa_node *n)
{
	FAIL_OR(n->mount, DRIVER_UNLINK, unlink(n));
}

static NTSTATUS fail_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				 const char *name, struct fsa_node **out)
{
	FAIL_OR(file->mount, DRIVER_STREAM_OPEN,
		stream_open(mem_ctx, file, name, out));
}

static NTSTATUS fail_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				 const char *name, struct fsa_node **out)
{
	FAIL_OR(file->mount, DRIVER_STREAM_MAKE,
		stream_make(mem_ctx, file, name, out));
}

static NTSTATUS fail_strip(struct fsa_node *n)
{
	FAIL_OR(n->mount, DRIVER_STRIP, strip(n));
}

static NTSTATUS fail_set_ea(struct fsa_node *n, const struct fsa_ea *ea)
{
	FAIL_OR(n->mount, DRIVER_SET_EA, set_ea(n, ea));
}

/* What the driver cannot do it still cannot. */
#define WRAP(t, f) ((t)->f = (t)->f == NULL ? NULL : fail_##f)

static void wrap(struct fsa_layer *l, struct fsa_driver *t)
{
	WRAP(t, open);
	WRAP(t, make);
	WRAP(t, upgrade);
	WRAP(t, read);
	WRAP(t, write);
	WRAP(t, flush);
	WRAP(t, set_size);
	WRAP(t, reserve);
	WRAP(t, stat);
	WRAP(t, set_basic);
	WRAP(t, set_descriptor);
	WRAP(t, scan_open);
	WRAP(t, rename);
	WRAP(t, link);
	WRAP(t, unlink);
	WRAP(t, stream_open);
	WRAP(t, stream_make);
	WRAP(t, strip);
	WRAP(t, set_ea);
}

/* --- the operations --------------------------------------------------------
 */

static NTSTATUS down(struct fsa_pass *p)
{
	const struct inject_rule *rule =
		inject_find(p->layer->config, p->io, false);

	return rule == NULL ? NT_STATUS_OK : rule->status;
}

/* A CREATE that went well is not failed: its file would be nobody's. */
static NTSTATUS up(struct fsa_pass *p, NTSTATUS status)
{
	const struct inject_rule *rule;

	if (p->io->op == FSA_CREATE) {
		return status;
	}
	rule = inject_find(p->layer->config, p->io, true);
	return rule == NULL ? status : rule->status;
}

static NTSTATUS losing(struct fsa_layer *l, const struct fsa_loss *loss,
		       bool *out_taken)
{
	struct inject *in = l->config;
	struct inject_rule *rule = &in->rules[INJECT_DELETE + loss->kind];

	return inject_hits(rule) ? rule->status : NT_STATUS_OK;
}

static const struct fsa_option_def options[] = {
	INJECT_OPERATIONS(parse),
	INJECT_OPTION("delete", INJECT_DELETE, parse),
	INJECT_OPTION("unlinkat", INJECT_DELETE, parse),
	INJECT_OPTION("replace", INJECT_REPLACE, parse),
	INJECT_OPTION("overwrite", INJECT_OVERWRITE, parse),
	INJECT_OPTION("driver_open", DRIVER_OPEN, parse),
	INJECT_OPTION("driver_make", DRIVER_MAKE, parse),
	INJECT_OPTION("driver_upgrade", DRIVER_UPGRADE, parse),
	INJECT_OPTION("driver_read", DRIVER_READ, parse),
	INJECT_OPTION("driver_write", DRIVER_WRITE, parse),
	INJECT_OPTION("driver_flush", DRIVER_FLUSH, parse),
	INJECT_OPTION("driver_set_size", DRIVER_SET_SIZE, parse),
	INJECT_OPTION("driver_reserve", DRIVER_RESERVE, parse),
	INJECT_OPTION("driver_stat", DRIVER_STAT, parse),
	INJECT_OPTION("driver_set_basic", DRIVER_SET_BASIC, parse),
	INJECT_OPTION("driver_set_descriptor", DRIVER_SET_DESCRIPTOR, parse),
	INJECT_OPTION("driver_scan_open", DRIVER_SCAN_OPEN, parse),
	INJECT_OPTION("driver_rename", DRIVER_RENAME, parse),
	INJECT_OPTION("driver_link", DRIVER_LINK, parse),
	INJECT_OPTION("driver_unlink", DRIVER_UNLINK, parse),
	INJECT_OPTION("driver_stream_open", DRIVER_STREAM_OPEN, parse),
	INJECT_OPTION("driver_stream_make", DRIVER_STREAM_MAKE, parse),
	INJECT_OPTION("driver_strip", DRIVER_STRIP, parse),
	INJECT_OPTION("driver_set_ea", DRIVER_SET_EA, parse),
	{.name = NULL},
};

static const struct fsa_filter error_inject = {
	.version = FSA_FILTER_VERSION,
	.name = "error_inject",
	.ops = FSA_ALL_OPS,
	.options = options,
	.config_size = sizeof(struct inject),
	.wrap = wrap,
	.down = down,
	.up = up,
	.losing = losing,
};

FSA_MODULE(.filter = &error_inject)
