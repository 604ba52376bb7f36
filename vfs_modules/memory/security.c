/* vfs_modules/memory/security.c - owners, modes, descriptors, attributes. */
#include <string.h>
#include <sys/stat.h>

#include "vfs_modules/memory/memory.h"

/* What [MS-FSA] 2.1.5.15.2 lets applications set. */
#define SETTABLE                                                               \
	(FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN |                     \
	 FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE |                      \
	 FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE |                   \
	 FILE_ATTRIBUTE_NOT_CONTENT_INDEXED)

/* --- attributes and times
 * ------------------------------------------------------ */

static NTTIME or_keep(NTTIME wanted, NTTIME is)
{
	return wanted != 0 ? wanted : is;
}

static bool is_nothing(const struct fsa_basic *in)
{
	const struct fsa_times *t = &in->times;

	return in->attributes == 0 &&
	       (t->creation | t->access | t->write | t->change) == 0;
}

NTSTATUS memory_set_basic(struct fsa_node *node, const struct fsa_basic *in)
{
	struct mem_node *n = mem_node(node);
	struct mem_inode *inode = n->inode;
	struct fsa_times *t = &inode->times;

	if (is_nothing(in)) {
		return NT_STATUS_OK;
	}
	memory_begin(n->mount->state);
	memory_changed(n->mount->state, inode);
	arena_note(arena_of(n), t, sizeof(*t));
	t->creation = or_keep(in->times.creation, t->creation);
	t->access = or_keep(in->times.access, t->access);
	t->write = or_keep(in->times.write, t->write);
	t->change = or_keep(in->times.change, t->change);
	if (in->attributes != 0) {
		ARENA_SET(arena_of(n), inode->attributes,
			  (inode->attributes & ~SETTABLE) |
				  (in->attributes & SETTABLE));
	}
	return memory_end(n->mount->state, NT_STATUS_OK);
}

/* --- descriptors
 * --------------------------------------------------------------- */

NTSTATUS memory_get_unix(struct fsa_node *node, struct fsa_unix *out)
{
	struct mem_node *n = mem_node(node);
	const struct mem_inode *inode = n->inode;

	memory_begin(n->mount->state);
	*out = (struct fsa_unix){
		.uid = inode->uid,
		.gid = inode->gid,
		.mode = memory_mode_of(inode),
	};
	arena_unlock(arena_of(n));
	return NT_STATUS_OK;
}

NTSTATUS memory_read_descriptor(TALLOC_CTX *mem_ctx,
				const struct mem_inode *inode,
				struct security_descriptor *out)
{
	struct blob b;
	uint8_t *data;

	if (inode->descriptor == NULL) {
		return NT_STATUS(NOT_FOUND);
	}
	b.length = memory_blob_size(inode->descriptor);
	b.data = data = talloc_array(mem_ctx, uint8_t, b.length);
	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memory_get_blob(inode->descriptor, data);
	return sd_decode(mem_ctx, b, out);
}

NTSTATUS memory_get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			       struct security_descriptor *out)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	return memory_end(n->mount->state,
			  memory_read_descriptor(mem_ctx, n->inode, out));
}

NTSTATUS memory_get_parent_descriptor(TALLOC_CTX *mem_ctx,
				      struct fsa_node *node,
				      struct security_descriptor *out,
				      uint32_t *out_rights)
{
	struct mem_node *n = mem_node(node);
	const struct mem_entry *e;
	NTSTATUS status = NT_STATUS(NOT_FOUND);

	*out_rights = 0;
	memory_begin(n->mount->state);
	e = n->open->entry;
	if (e != NULL) {
		*out_rights |= memory_may(e->dir, 4) ? FILE_LIST_DIRECTORY : 0;
		*out_rights |= memory_may(e->dir, 3) ? FILE_DELETE_CHILD : 0;
		status = memory_read_descriptor(mem_ctx, e->dir, out);
	}
	return memory_end(n->mount->state, status);
}

/* --- storing
 * ------------------------------------------------------------------- */

static NTSTATUS put_mode(struct mem_state *s, struct mem_inode *inode,
			 const struct fsa_unix_change *c)
{
	/* Set-user-id and the like are not a descriptor's; but nobody may have
	 * left them to a new owner or group. */
	uint32_t kept = inode->directory || !(c->set_uid || c->set_gid)
				? inode->mode & 07000
				: 0;

	ARENA_SET(s->arena, inode->mode, (c->mode & 0777) | kept);
	return memory_set_blob(s, inode->share, &inode->acl, c->entries,
			       c->num_entries * sizeof(c->entries[0]));
}

NTSTATUS memory_put_protection(struct mem_mount *m, struct mem_inode *inode,
			       const struct fsa_protection *p,
			       struct blob encoded)
{
	struct mem_state *s = m->state;
	const struct fsa_unix_change *c = &p->unix_change;
	NTSTATUS status = NT_STATUS_OK;

	if (c->set_uid) {
		ARENA_SET(s->arena, inode->uid, c->uid);
	}
	if (c->set_gid) {
		ARENA_SET(s->arena, inode->gid, c->gid);
	}
	if (c->set_mode && !m->ignore_system_acls) {
		status = put_mode(s, inode, c);
	}
	memory_changed(s, inode);
	return NT_STATUS_IS_OK(status)
		       ? memory_set_blob(s, inode->share, &inode->descriptor,
					 encoded.data, encoded.length)
		       : status;
}

NTSTATUS memory_set_descriptor(struct fsa_node *node,
			       const struct fsa_protection *p)
{
	struct mem_node *n = mem_node(node);
	TALLOC_CTX *tmp = talloc_new(n);
	struct blob encoded;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (tmp != NULL) {
		status = sd_encode(tmp, &p->sd, &encoded);
	}
	if (NT_STATUS_IS_OK(status)) {
		memory_begin(n->mount->state);
		status = memory_end(
			n->mount->state,
			memory_put_protection(n->mount, n->inode, p, encoded));
	}
	talloc_free(tmp);
	return status;
}
