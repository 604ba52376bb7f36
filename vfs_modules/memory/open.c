/* vfs_modules/memory/open.c - opening and making. */
#include <string.h>
#include <sys/stat.h>

#include "lib/reparse.h"
#include "vfs_modules/memory/memory.h"

/* --- opening -----------------------------------------------------------------
 */

static NTSTATUS check_access(const struct mem_inode *inode, uint32_t access)
{
	unsigned int rwx = 0;

	rwx |= (access & FSA_ACCESS_READS) != 0 ? 4 : 0;
	if (!inode->directory) {
		rwx |= (access & FSA_ACCESS_WRITES) != 0 ? 2 : 0;
	}
	return memory_may(inode, rwx) ? NT_STATUS_OK : NT_STATUS(ACCESS_DENIED);
}

/* Tells the client which component is a symlink, and where to. */
static NTSTATUS explain(TALLOC_CTX *mem_ctx, const struct fsa_how *how,
			const struct mem_place *p)
{
	struct reparse_symlink link;
	struct reparse r;
	struct blob b;
	NTSTATUS status;

	if (how->stop == NULL) {
		return NT_STATUS(STOPPED_ON_SYMLINK);
	}
	status = memory_read_blob(mem_ctx, p->link->records[FSA_RECORD_REPARSE],
				  &b);
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_decode(b, &r);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = reparse_symlink_decode(mem_ctx, r.data, &link);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*how->stop = (struct fsa_stop){.components = p->stopped,
				       .target = link.substitute,
				       .relative = link.relative};
	return NT_STATUS(STOPPED_ON_SYMLINK);
}

static NTSTATUS find(TALLOC_CTX *mem_ctx, struct mem_mount *m,
		     const struct fsa_how *how, struct mem_place *out)
{
	NTSTATUS status = memory_find(m, how->path, how->posix, out);

	return NT_STATUS_IS(status, STOPPED_ON_SYMLINK)
		       ? explain(mem_ctx, how, out)
		       : status;
}

static NTSTATUS open_locked(TALLOC_CTX *mem_ctx, struct mem_mount *m,
			    const struct fsa_how *how, struct mem_node **out,
			    struct fsa_stat *out_stat)
{
	struct mem_place p;
	struct mem_inode *inode;
	NTSTATUS status = find(mem_ctx, m, how, &p);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (p.dir != NULL && p.entry == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	inode = p.entry == NULL ? m->share->root : p.entry->inode;
	status = check_access(inode, how->access);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	memory_stat_inode(m, inode, out_stat);
	status = memory_make_node(mem_ctx, m, inode, p.entry, out);
	if (NT_STATUS_IS_OK(status)) {
		(*out)->exact = how->posix;
	}
	return status;
}

NTSTATUS memory_open(TALLOC_CTX *mem_ctx, struct fsa_mount *mount,
		     const struct fsa_how *how, struct fsa_node **out,
		     struct fsa_stat *out_stat)
{
	struct mem_mount *m = mem_mount(mount);
	struct mem_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status;

	memory_begin(m->state);
	status = open_locked(mem_ctx, m, how, &n, &st);
	status = memory_end(m->state, status);
	if (NT_STATUS_IS_OK(status)) {
		*out = &n->base;
		*out_stat = st;
	}
	return status;
}

/* --- making ------------------------------------------------------------------
 */

/* What the core says to it, by what is known of the directory; asked without
 * the lock, so all of it may be otherwise by the time it has answered. */
struct making {
	struct mem_mount *m;
	const struct fsa_how *how;
	uint64_t parent;
	const struct security_descriptor *descriptor;
	const struct fsa_protection *protection;
	struct blob encoded;
};

static NTSTATUS look_at_parent(TALLOC_CTX *tmp, struct making *in,
			       struct mem_place *out)
{
	struct security_descriptor *sd;
	NTSTATUS status = find(talloc_parent(tmp), in->m, in->how, out);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (out->dir == NULL || out->entry != NULL) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	in->parent = out->dir->number;
	in->descriptor = NULL;
	if (out->dir->descriptor == NULL) {
		return NT_STATUS_OK;
	}
	sd = talloc(tmp, struct security_descriptor);
	if (sd == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = memory_read_descriptor(tmp, out->dir, sd);
	in->descriptor = sd;
	return status;
}

static NTSTATUS ask_core(TALLOC_CTX *tmp, struct making *in)
{
	const struct fsa_how *how = in->how;
	NTSTATUS status = NT_STATUS_OK;

	if (how->check_parent != NULL) {
		status =
			how->check_parent(how->private_data,
					  in->m->state->fs->device, in->parent);
	}
	if (NT_STATUS_IS_OK(status) && how->protect != NULL) {
		status = how->protect(tmp, how->private_data, in->descriptor,
				      &in->protection);
	}
	if (NT_STATUS_IS_OK(status) && in->protection != NULL) {
		status = sd_encode(tmp, &in->protection->sd, &in->encoded);
	}
	return status;
}

static mode_t new_mode(const struct mem_mount *m, const struct fsa_how *how)
{
	mode_t all = how->directory ? 0777 : 0666;

	return (how->has_mode ? how->mode & 07777 : all) &
	       (how->directory ? m->directory_mask : m->create_mask);
}

static struct mem_inode *make_inode(struct making *in, struct mem_inode *dir)
{
	struct mem_mount *m = in->m;
	struct mem_inode *inode = memory_make_inode(m->state, m->share);

	if (inode == NULL) {
		return NULL;
	}
	inode->directory = in->how->directory;
	inode->attributes = in->how->attributes & ~FILE_ATTRIBUTE_NORMAL;
	inode->mode = new_mode(m, in->how);
	if ((dir->mode & S_ISGID) != 0) {
		inode->gid = dir->gid;
		inode->mode |= in->how->directory ? S_ISGID : 0;
	}
	return inode;
}

/* Random enough for a tree. */
static uint64_t priority_of(const struct mem_fs *fs)
{
	uint64_t x = fs->next_number ^ fs->device;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static struct mem_entry *make_entry(struct mem_state *s, struct mem_inode *dir,
				    struct mem_inode *inode, const char *name)
{
	struct mem_entry *e = memory_alloc(s, dir->share, sizeof(*e));

	if (e == NULL) {
		return NULL;
	}
	*e = (struct mem_entry){
		.priority = priority_of(s->fs),
		.dir = dir,
		.inode = inode,
		.next = inode->entries,
		.name = memory_strdup(s, dir->share, name),
	};
	if (e->name == NULL) {
		return NULL;
	}
	ARENA_SET(s->arena, s->fs->next_number, s->fs->next_number + 1);
	return e;
}

struct mem_entry *memory_add_entry(struct mem_state *s, struct mem_inode *dir,
				   struct mem_inode *inode, const char *name)
{
	struct mem_entry *e = make_entry(s, dir, inode, name);

	if (e != NULL) {
		ARENA_SET(s->arena, inode->entries, e);
		ARENA_SET(s->arena, inode->names, inode->names + 1);
		tree_insert(s->arena, dir, e);
		memory_touch(s, dir);
	}
	return e;
}

static NTSTATUS make_locked(TALLOC_CTX *mem_ctx, struct making *in,
			    const struct mem_place *p, struct mem_node **out,
			    struct fsa_stat *out_stat)
{
	struct mem_state *s = in->m->state;
	struct mem_inode *inode;
	struct mem_entry *e = NULL;
	NTSTATUS status = NT_STATUS_OK;

	if (!memory_may_change(p->dir, NULL)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	inode = make_inode(in, p->dir);
	if (inode != NULL) {
		e = memory_add_entry(s, p->dir, inode, p->name);
	}
	if (e == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	if (in->protection != NULL) {
		status = memory_put_protection(in->m, inode, in->protection,
					       in->encoded);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	memory_stat_inode(in->m, inode, out_stat);
	status = memory_make_node(mem_ctx, in->m, inode, e, out);
	if (NT_STATUS_IS_OK(status)) {
		(*out)->base.parent_inode = p->dir->number;
		(*out)->exact = in->how->posix;
	}
	return status;
}

static NTSTATUS make_in(TALLOC_CTX *mem_ctx, TALLOC_CTX *tmp, struct making *in,
			struct mem_node **out, struct fsa_stat *out_stat)
{
	struct mem_state *s = in->m->state;
	struct mem_place p;
	uint64_t parent;
	NTSTATUS status;

	do {
		memory_begin(s);
		status = memory_end(s, look_at_parent(tmp, in, &p));
		parent = in->parent;
		if (NT_STATUS_IS_OK(status)) {
			status = ask_core(tmp, in);
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		memory_begin(s);
		status = look_at_parent(tmp, in, &p);
		if (NT_STATUS_IS_OK(status) && in->parent == parent) {
			status = make_locked(mem_ctx, in, &p, out, out_stat);
		}
		status = memory_end(s, status);
	} while (NT_STATUS_IS_OK(status) && in->parent != parent);
	return status;
}

NTSTATUS memory_make(TALLOC_CTX *mem_ctx, struct fsa_mount *mount,
		     const struct fsa_how *how, struct fsa_node **out,
		     struct fsa_stat *out_stat)
{
	struct making in = {.m = mem_mount(mount), .how = how};
	TALLOC_CTX *tmp = talloc_new(mem_ctx);
	struct mem_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (tmp != NULL) {
		status = make_in(mem_ctx, tmp, &in, &n, &st);
	}
	talloc_free(tmp);
	if (NT_STATUS_IS_OK(status)) {
		*out = &n->base;
		*out_stat = st;
	}
	return status;
}

/* --- what is open ------------------------------------------------------------
 */

bool memory_is_linked(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	bool linked;

	memory_begin(n->mount->state);
	linked = n->inode->names > 0 &&
		 (node->of == NULL || mem_node(node->of)->inode->names > 0);
	arena_unlock(arena_of(n));
	return linked;
}
