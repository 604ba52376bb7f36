/* vfs_modules/posix/ea.c - extended attributes: user.NAME of the file, as Samba
 * has them with `ea support`.
 *
 * What user.* keeps besides is not shown and cannot be set: DOS attributes,
 * streams, descriptors, and what Samba marks files with.  Which attributes have
 * FILE_NEED_EA is in one more, NEED_LIST: names in upper case, each with a zero
 * behind it. */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/xattr.h>

#include "lib/utf16.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/xattr.h"

#define PREFIX	      "user."
#define PREFIX_LEN    (sizeof(PREFIX) - 1)
#define EA_NAME_MAX   254
#define EA_VALUE_MAX  65535
#define NEED_LIST     "user.holdfast.need_ea"
#define NEED_LIST_MAX 4096

/* The list of all EAs begins with its length, each has flags and lengths. */
#define EA_LIST_HEADER	4
#define EA_ENTRY_HEADER 4

static const char *const reserved[] = {
	"DOSATTRIB",	 "DosStream.", "NTACL",	    "SAMBA_PAI",
	"SAMBA_STREAMS", "SmbReparse", "holdfast.", "org.netatalk.Metadata",
};

/* --- names --------------------------------------------------------------- */

/* Names that end with a period are the beginnings of many. */
static bool is_reserved(const struct posix_mount *m, const char *name)
{
	if (strncmp(m->security_name, PREFIX, PREFIX_LEN) == 0 &&
	    strcasecmp(m->security_name + PREFIX_LEN, name) == 0) {
		return true;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		size_t n = strlen(reserved[i]);

		if (strncasecmp(name, reserved[i], n) == 0 &&
		    (reserved[i][n - 1] == '.' || name[n] == '\0')) {
			return true;
		}
	}
	return false;
}

/* The EA's name in that of an attribute; NULL: it is not for clients. */
static const char *ea_name(const struct posix_mount *m, const char *attr)
{
	const char *name = attr + PREFIX_LEN;

	if (strncmp(attr, PREFIX, PREFIX_LEN) != 0 || *name == '\0' ||
	    strlen(name) > EA_NAME_MAX || is_reserved(m, name)) {
		return NULL;
	}
	return name;
}

bool posix_is_ea(const struct posix_mount *m, const char *attr)
{
	return ea_name(m, attr) != NULL || strcmp(attr, NEED_LIST) == 0;
}

struct search {
	const struct posix_mount *m;
	const char *name;
	char attr[XATTR_NAME_MAX + 1];
};

static bool compare(const char *attr, void *private_data)
{
	struct search *s = private_data;
	const char *name = ea_name(s->m, attr);

	if (name == NULL || utf8_casecmp(name, s->name) != 0) {
		return true;
	}
	memcpy(s->attr, attr, strlen(attr) + 1);
	return false;
}

/* The attribute that has the name already, in any case, or would have it. */
static NTSTATUS find_attr(const struct posix_node *n, const char *name,
			  char out[XATTR_NAME_MAX + 1])
{
	struct search s = {.m = n->mount, .name = name};
	NTSTATUS status;

	if (PREFIX_LEN + strlen(name) > XATTR_NAME_MAX) {
		return NT_STATUS(INVALID_EA_NAME);
	}
	if (is_reserved(n->mount, name)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	status = xattr_each(n, compare, &s);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (s.attr[0] == '\0') {
		memcpy(s.attr, PREFIX, PREFIX_LEN);
		memcpy(s.attr + PREFIX_LEN, name, strlen(name) + 1);
	}
	memcpy(out, s.attr, sizeof(s.attr));
	return NT_STATUS_OK;
}

/* --- FILE_NEED_EA -------------------------------------------------------- */

struct need_list {
	char names[NEED_LIST_MAX];
	size_t size;
};

static void get_need_list(const struct posix_node *n, struct need_list *out)
{
	ssize_t size = xattr_get(n, NEED_LIST, out->names, NEED_LIST_MAX);

	out->size =
		size <= 0 || out->names[size - 1] != '\0' ? 0 : (size_t)size;
}

/* Where name is in the list; its size: it is not. */
static size_t find_need(const struct need_list *l, const char *name)
{
	size_t i = 0;

	while (i < l->size && utf8_casecmp(l->names + i, name) != 0) {
		i += strlen(l->names + i) + 1;
	}
	return i;
}

static NTSTATUS put_need_list(const struct posix_node *n,
			      const struct need_list *l)
{
	int err = l->size == 0 ? xattr_remove(n, NEED_LIST)
			       : xattr_set(n, NEED_LIST, l->names, l->size, 0);

	return err == 0 || errno == ENODATA ? NT_STATUS_OK
					    : xattr_status(errno);
}

static NTSTATUS set_need(const struct posix_node *n, const char *name,
			 bool need)
{
	struct need_list l;
	size_t length = strlen(name) + 1;
	size_t at;

	get_need_list(n, &l);
	at = find_need(&l, name);
	if (need == (at < l.size)) {
		return NT_STATUS_OK;
	}
	if (need) {
		if (length > NEED_LIST_MAX - l.size) {
			return NT_STATUS(EA_TOO_LARGE);
		}
		memcpy(l.names + l.size, name, length);
		l.size += length;
	} else {
		l.size -= length;
		memmove(l.names + at, l.names + at + length, l.size - at);
	}
	return put_need_list(n, &l);
}

/* --- reading ------------------------------------------------------------- */

struct collection {
	TALLOC_CTX *mem_ctx;
	const struct posix_node *n;
	struct need_list need;
	struct fsa_ea *eas;
	size_t count;
	NTSTATUS status;
};

/* An attribute that has gone, or may not be read, is not there; nor is one
 * without a value, which no EA is. */
static NTSTATUS read_value(const struct collection *c, const char *attr,
			   struct blob *out)
{
	uint8_t *value = xattr_value_buffer(c->n);
	ssize_t size;

	if (value == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	size = xattr_get(c->n, attr, value, XATTR_VALUE_MAX);
	*out = (struct blob){0};
	if (size <= 0 || size > EA_VALUE_MAX) {
		return NT_STATUS_OK;
	}
	out->data = talloc_memdup(c->mem_ctx, value, (size_t)size);
	out->length = (size_t)size;
	return out->data == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static NTSTATUS add_ea(struct collection *c, const char *attr, const char *name)
{
	struct fsa_ea ea = {0};
	struct fsa_ea *more;
	NTSTATUS status = read_value(c, attr, &ea.value);

	if (!NT_STATUS_IS_OK(status) || ea.value.length == 0) {
		return status;
	}
	if (find_need(&c->need, name) < c->need.size) {
		ea.flags = FILE_NEED_EA;
	}
	ea.name = talloc_strdup(c->mem_ctx, name);
	more = talloc_realloc(c->mem_ctx, c->eas, struct fsa_ea, c->count + 1);
	if (ea.name == NULL || more == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->eas = more;
	c->eas[c->count++] = ea;
	return NT_STATUS_OK;
}

static bool collect(const char *attr, void *private_data)
{
	struct collection *c = private_data;
	const char *name = ea_name(c->n->mount, attr);

	if (name != NULL) {
		c->status = add_ea(c, attr, name);
	}
	return NT_STATUS_IS_OK(c->status);
}

NTSTATUS posix_get_eas(TALLOC_CTX *mem_ctx, struct fsa_node *node,
		       struct fsa_ea **out, size_t *out_count)
{
	struct collection c = {.mem_ctx = mem_ctx,
			       .n = posix_node(node),
			       .status = NT_STATUS_OK};
	NTSTATUS status;

	get_need_list(c.n, &c.need);
	status = xattr_each(c.n, collect, &c);
	if (NT_STATUS_IS_OK(status)) {
		status = c.status;
	}
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		status = NT_STATUS(EAS_NOT_SUPPORTED);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = c.eas;
		*out_count = c.count;
	}
	return status;
}

/* --- the size of all ----------------------------------------------------- */

static uint32_t size_with(uint32_t so_far, const char *name, ssize_t size)
{
	if (size <= 0 || size > EA_VALUE_MAX) {
		return so_far;
	}
	if (so_far == 0) {
		so_far = EA_LIST_HEADER;
	}
	return so_far + EA_ENTRY_HEADER + (uint32_t)strlen(name) + 1 +
	       (uint32_t)size;
}

struct sum {
	const struct posix_node *n;
	uint32_t size;
};

static bool add_size(const char *attr, void *private_data)
{
	struct sum *s = private_data;
	const char *name = ea_name(s->n->mount, attr);

	if (name != NULL) {
		s->size = size_with(s->size, name,
				    xattr_get(s->n, attr, NULL, 0));
	}
	return true;
}

uint32_t posix_ea_size(struct fsa_node *node)
{
	struct sum s = {.n = posix_node(node)};

	return NT_STATUS_IS_OK(xattr_each(s.n, add_size, &s)) ? s.size : 0;
}

static uint32_t size_of_names(const struct posix_mount *m, const char *entry,
			      const char *names, ssize_t n, bool *out_dosattrib)
{
	uint32_t size = 0;

	*out_dosattrib = false;
	for (ssize_t i = 0; i < n; i += (ssize_t)strlen(names + i) + 1) {
		const char *name = ea_name(m, names + i);

		if (name != NULL) {
			size = size_with(size, name,
					 lgetxattr(entry, names + i, NULL, 0));
		} else if (strcmp(names + i, DOSATTRIB_NAME) == 0) {
			*out_dosattrib = true;
		}
	}
	return size;
}

/* More names than there mostly are. */
static uint32_t size_of_many(const struct posix_mount *m, const char *entry,
			     bool *out_dosattrib)
{
	char *names = talloc_array(m, char, XATTR_LIST_MAX);
	ssize_t n =
		names == NULL ? -1 : llistxattr(entry, names, XATTR_LIST_MAX);
	uint32_t size = size_of_names(m, entry, names, n, out_dosattrib);

	*out_dosattrib |= n < 0;
	talloc_free(names);
	return size;
}

uint32_t posix_entry_ea_size(const struct posix_mount *m, const char *entry,
			     bool *out_dosattrib)
{
	char names[4096];
	ssize_t n = llistxattr(entry, names, sizeof(names));

	if (n >= 0) {
		return size_of_names(m, entry, names, n, out_dosattrib);
	}
	*out_dosattrib = true;
	return errno == ERANGE ? size_of_many(m, entry, out_dosattrib) : 0;
}

/* --- writing ------------------------------------------------------------- */

static NTSTATUS set_value(const struct posix_node *n, const char *attr,
			  struct blob value)
{
	int err = value.length == 0
			  ? xattr_remove(n, attr)
			  : xattr_set(n, attr, value.data, value.length, 0);

	if (err == 0 || (value.length == 0 && errno == ENODATA)) {
		return NT_STATUS_OK;
	}
	return errno == E2BIG || errno == ERANGE ? NT_STATUS(EA_TOO_LARGE)
						 : xattr_status(errno);
}

NTSTATUS posix_set_ea(struct fsa_node *node, const struct fsa_ea *ea)
{
	const struct posix_node *n = posix_node(node);
	bool need = (ea->flags & FILE_NEED_EA) != 0 && ea->value.length > 0;
	char attr[XATTR_NAME_MAX + 1];
	NTSTATUS status = find_attr(n, ea->name, attr);

	if (NT_STATUS_IS_OK(status)) {
		status = set_value(n, attr, ea->value);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = set_need(n, ea->name, need);
	}
	return NT_STATUS_IS(status, NOT_SUPPORTED)
		       ? NT_STATUS(EAS_NOT_SUPPORTED)
		       : status;
}
