/* vfs_modules/memory/lookup.c - paths, rights, and what is known of an inode.
 *
 * Rights are those of a Unix file system: mode, and entries for more users and
 * groups, decide until a descriptor is set; then that decides alone, which is
 * the core's business, and directories are passed through without being asked,
 * as on Windows. */
#include <string.h>
#include <sys/stat.h>

#include "lib/identity.h"
#include "vfs_modules/memory/memory.h"
#include "vfs_modules/names/shown_name.h"

#define ALWAYS	 (FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)
#define OF_OWNER (WRITE_DAC | WRITE_OWNER | FILE_WRITE_ATTRIBUTES)

/* --- by mode ----------------------------------------------------------------
 */

bool memory_is_in_group(const struct identity *who, uint32_t gid)
{
	bool found = who->gid == gid;

	for (size_t i = 0; i < who->ngroups && !found; i++) {
		found = who->groups[i] == gid;
	}
	return found;
}

/* The entries say more than group and others do; 8: none is for who. */
static unsigned int rwx_by_acl(const struct mem_inode *inode,
			       const struct identity *who)
{
	unsigned int of_groups = 8;
	uint32_t at = 0;

	for (const struct mem_blob *b = inode->acl; b != NULL; b = b->next) {
		for (; at + sizeof(struct fsa_unix_entry) <= b->length;
		     at += sizeof(struct fsa_unix_entry)) {
			struct fsa_unix_entry e;

			memcpy(&e, b->data + at, sizeof(e));
			if (!e.group && e.id == who->uid) {
				return e.rwx;
			}
			if (e.group && memory_is_in_group(who, e.id)) {
				of_groups = (of_groups & 7) | e.rwx;
			}
		}
		at = 0;
	}
	return of_groups;
}

static unsigned int rwx_of(const struct mem_inode *inode)
{
	const struct identity *who = identity_current();
	unsigned int by_acl;

	if (who->uid == 0) {
		return 7;
	}
	if (who->uid == inode->uid) {
		return inode->mode >> 6 & 7;
	}
	by_acl = inode->acl == NULL ? 8 : rwx_by_acl(inode, who);
	if (memory_is_in_group(who, inode->gid)) {
		return (by_acl & 7) | (inode->mode >> 3 & 7);
	}
	return by_acl != 8 ? by_acl : inode->mode & 7;
}

bool memory_may(const struct mem_inode *inode, unsigned int rwx)
{
	return inode->descriptor != NULL || (rwx_of(inode) & rwx) == rwx;
}

bool memory_may_change(const struct mem_inode *dir,
		       const struct mem_inode *what)
{
	uid_t uid = identity_current()->uid;

	if (dir->descriptor != NULL ||
	    (what != NULL && what->descriptor != NULL)) {
		return true;
	}
	return (rwx_of(dir) & 3) == 3 &&
	       (what == NULL || (dir->mode & S_ISVTX) == 0 || uid == 0 ||
		uid == dir->uid || uid == what->uid);
}

/* --- as rights ---------------------------------------------------------------
 */

/* By the directory's mode, even if it has a descriptor: the core asks that. */
static bool may_unlink(const struct mem_inode *inode,
		       const struct mem_entry *entry)
{
	const struct mem_inode *dir = entry == NULL ? NULL : entry->dir;
	uid_t uid = identity_current()->uid;

	return dir != NULL && (rwx_of(dir) & 3) == 3 &&
	       ((dir->mode & S_ISVTX) == 0 || uid == 0 || uid == dir->uid ||
		uid == inode->uid);
}

uint32_t memory_rights_of(const struct mem_inode *inode,
			  const struct mem_entry *entry)
{
	uid_t uid = identity_current()->uid;
	uint32_t rights;

	if (inode->of != NULL) {
		return memory_rights_of(inode->of, entry);
	}
	if (inode->descriptor != NULL) {
		return FILE_ALL_ACCESS;
	}
	rights = fsa_unix_rights(rwx_of(inode), inode->directory != 0);
	if (uid == 0 || uid == inode->uid) {
		rights |= OF_OWNER;
	}
	return may_unlink(inode, entry) ? rights | DELETE_ACCESS : rights;
}

uint32_t memory_rights(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node->of != NULL ? node->of : node);
	uint32_t rights;

	memory_begin(n->mount->state);
	rights = memory_rights_of(n->inode, n->open->entry);
	arena_unlock(arena_of(n));
	return rights;
}

/* --- paths -------------------------------------------------------------------
 */

/* One component of path, as it would be written, goes to buffer; what is behind
 * it. */
static const char *split_path(const char *path, char *buffer, size_t size)
{
	size_t n = strcspn(path, "\\");

	if (n >= size) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		buffer[i] = path[i] == '/' ? '\\' : path[i];
	}
	buffer[n] = '\0';
	return path[n] == '\0' ? path + n : path + n + 1;
}

uint32_t memory_reparse_tag(const struct mem_inode *inode)
{
	const struct mem_blob *b = inode->records[FSA_RECORD_REPARSE];
	uint32_t tag = 0;

	for (unsigned int i = 0; b != NULL && i < 4 && i < b->length; i++) {
		tag |= (uint32_t)b->data[i] << (8 * i);
	}
	return tag;
}

static bool is_symlink(const struct mem_inode *inode)
{
	return memory_reparse_tag(inode) == IO_REPARSE_TAG_SYMLINK;
}

/* One step more: to name in the directory at.  A shown form may be longer than
 * any name is. */
static NTSTATUS step(struct mem_inode *at, const char *name, bool exact,
		     struct mem_place *p)
{
	if (at == NULL || !at->directory) {
		return NT_STATUS(OBJECT_PATH_NOT_FOUND);
	}
	if (!memory_may(at, 1)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	p->dir = at;
	p->entry = exact ? tree_lookup_exact(at, name) : tree_lookup(at, name);
	p->stopped++;
	return p->entry == NULL && strlen(name) > MEMORY_NAME_MAX
		       ? NT_STATUS(OBJECT_NAME_INVALID)
		       : NT_STATUS_OK;
}

/* What is there keeps its name for a POSIX open, which may have asked for the
 * shown form. */
static void put_name(struct mem_place *p, const char *asked, bool exact)
{
	bool own =
		p->entry != NULL && (exact || strlen(asked) > MEMORY_NAME_MAX);
	const char *name = own ? p->entry->name : asked;

	memcpy(p->name, name, strlen(name) + 1);
}

NTSTATUS memory_find(struct mem_mount *m, const char *path, bool exact,
		     struct mem_place *out)
{
	struct mem_inode *at = m->share->root;
	char name[SHOWN_NAME_SIZE] = "";

	out->dir = NULL;
	out->entry = NULL;
	out->stopped = 0;
	out->link = NULL;
	while (*path != '\0') {
		NTSTATUS status;

		path = split_path(path, name, sizeof(name));
		if (path == NULL) {
			return NT_STATUS(OBJECT_NAME_INVALID);
		}
		if (at != NULL && is_symlink(at)) {
			out->link = at;
			return NT_STATUS(STOPPED_ON_SYMLINK);
		}
		status = step(at, name, exact, out);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		at = out->entry == NULL ? NULL : out->entry->inode;
	}
	put_name(out, name, exact);
	return NT_STATUS_OK;
}

char *memory_entry_path(TALLOC_CTX *mem_ctx, const struct mem_entry *e)
{
	char buffer[SHOWN_NAME_SIZE];
	char *path;
	size_t length = 0;

	for (const struct mem_entry *i = e; i != NULL; i = i->dir->entries) {
		length += strlen(shown_name(i->name, buffer)) + 1;
	}
	path = talloc_array(mem_ctx, char, length == 0 ? 1 : length);
	if (path == NULL) {
		return NULL;
	}
	path[length == 0 ? 0 : length - 1] = '\0';
	for (const struct mem_entry *i = e; i != NULL; i = i->dir->entries) {
		const char *name = shown_name(i->name, buffer);
		size_t n = strlen(name);

		length -= n + 1;
		memcpy(path + length, name, n);
		if (length > 0) {
			path[length - 1] = '\\';
		}
	}
	return path;
}

/* A name that is gone stays the last one told. */
NTSTATUS memory_parent(struct fsa_node *node, uint64_t *out_device,
		       uint64_t *out_inode)
{
	struct mem_node *n = mem_node(node);
	NTSTATUS status = NT_STATUS(NOT_FOUND);
	const struct mem_entry *e;

	memory_begin(n->mount->state);
	e = n->open->entry;
	if (e != NULL) {
		*out_device = node->device;
		*out_inode = e->dir->number;
		status = NT_STATUS_OK;
	}
	return memory_end(n->mount->state, status);
}

const char *memory_path(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	struct mem_node *file = mem_node(node->of != NULL ? node->of : node);
	const struct mem_inode *inode = n->inode;
	char *path = NULL;

	memory_begin(n->mount->state);
	if (file->open->entry != NULL || file->inode == n->mount->share->root) {
		path = memory_entry_path(n, file->open->entry);
	}
	if (path != NULL && node->of != NULL && inode->stream_name != NULL) {
		path = talloc_asprintf_append(path, ":%s", inode->stream_name);
	}
	arena_unlock(arena_of(n));
	if (path != NULL) {
		talloc_free(n->path);
		n->path = path;
	}
	return n->path != NULL ? n->path : "";
}

/* --- what is known
 * ------------------------------------------------------------ */

mode_t memory_mode_of(const struct mem_inode *inode)
{
	return inode->mode | (inode->directory	  ? S_IFDIR
			      : is_symlink(inode) ? S_IFLNK
						  : S_IFREG);
}

void memory_stat_inode(const struct mem_mount *m, const struct mem_inode *inode,
		       struct fsa_stat *out)
{
	struct fsa_stat st = {
		.times = inode->times,
		.allocation_size = content_allocated(&inode->data),
		.end_of_file = inode->data.size,
		.file_id = inode->number,
		.volume_serial = m->state->fs->device,
		.attributes = inode->attributes,
		.nlink = inode->names,
		.ea_size = memory_ea_size_of(inode),
		.reparse_tag = memory_reparse_tag(inode),
		.directory = inode->directory != 0,
		.uid = inode->uid,
		.gid = inode->gid,
		.mode = memory_mode_of(inode),
		.links = inode->names, /* subdirectories are not counted */
	};

	if (inode->directory) {
		st.attributes |= FILE_ATTRIBUTE_DIRECTORY;
	}
	if (st.reparse_tag != 0) {
		st.attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
	}
	if (st.attributes == 0) {
		st.attributes = FILE_ATTRIBUTE_NORMAL;
	}
	*out = st;
}

/* A stream's sizes are its own, the rest is its file's. */
static void stat_stream(const struct mem_content *c, struct fsa_stat *st)
{
	st->end_of_file = c->size;
	st->allocation_size = content_allocated(c);
	st->directory = false;
	st->attributes &= ~(FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_NORMAL);
	if (st->attributes == 0) {
		st->attributes = FILE_ATTRIBUTE_NORMAL;
	}
}

NTSTATUS memory_stat(struct fsa_node *node, struct fsa_stat *out)
{
	struct mem_node *n = mem_node(node);
	struct mem_node *file = mem_node(node->of != NULL ? node->of : node);

	memory_begin(n->mount->state);
	memory_stat_inode(n->mount, file->inode, out);
	if (node->of != NULL) {
		stat_stream(&n->inode->data, out);
	}
	arena_unlock(arena_of(n));
	return NT_STATUS_OK;
}

NTSTATUS memory_version(struct fsa_node *node, uint8_t out[FSA_VERSION_SIZE])
{
	struct mem_node *n = mem_node(node);

	memset(out, 0, FSA_VERSION_SIZE);
	memory_begin(n->mount->state);
	memcpy(out, &n->inode->version, sizeof(n->inode->version));
	arena_unlock(arena_of(n));
	return NT_STATUS_OK;
}
