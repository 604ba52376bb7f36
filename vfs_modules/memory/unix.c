/* vfs_modules/memory/unix.c - owner and mode, as chown(2) and chmod(2) change
 * them. */
#include <sys/stat.h>

#include "vfs_modules/memory/memory.h"

static bool may_chown(const struct mem_inode *inode, const struct identity *who,
		      const struct fsa_unix_change *c)
{
	if (who->uid == 0) {
		return true;
	}
	if (who->uid != inode->uid || (c->set_uid && c->uid != inode->uid)) {
		return false;
	}
	return !c->set_gid || c->gid == inode->gid ||
	       memory_is_in_group(who, c->gid);
}

static NTSTATUS change_owner(struct mem_state *s, struct mem_inode *inode,
			     const struct identity *who,
			     const struct fsa_unix_change *c)
{
	uint32_t lost = S_ISUID;

	if (!may_chown(inode, who, c)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (c->set_uid) {
		ARENA_SET(s->arena, inode->uid, c->uid);
	}
	if (c->set_gid) {
		ARENA_SET(s->arena, inode->gid, c->gid);
	}
	/* Nobody may have left them to a new owner or group. */
	lost |= (inode->mode & S_IXGRP) != 0 ? S_ISGID : 0;
	if (!inode->directory) {
		ARENA_SET(s->arena, inode->mode, inode->mode & ~lost);
	}
	return NT_STATUS_OK;
}

/* The mode alone says who may, then. */
static NTSTATUS change_mode(struct mem_state *s, struct mem_inode *inode,
			    const struct identity *who,
			    const struct fsa_unix_change *c)
{
	uint32_t mode = c->mode & 07777;

	if (who->uid != 0 && who->uid != inode->uid) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (who->uid != 0 && !memory_is_in_group(who, inode->gid)) {
		mode &= ~(uint32_t)S_ISGID;
	}
	ARENA_SET(s->arena, inode->mode, mode);
	return memory_set_blob(s, inode->share, &inode->acl, NULL, 0);
}

static NTSTATUS change(struct mem_state *s, struct mem_inode *inode,
		       const struct fsa_unix_change *c)
{
	const struct identity *who = identity_current();
	NTSTATUS status = NT_STATUS_OK;

	if (c->set_uid || c->set_gid) {
		status = change_owner(s, inode, who, c);
	}
	if (NT_STATUS_IS_OK(status) && c->set_mode) {
		status = change_mode(s, inode, who, c);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	memory_changed(s, inode);
	return memory_set_blob(s, inode->share, &inode->descriptor, NULL, 0);
}

NTSTATUS memory_set_unix(struct fsa_node *node, const struct fsa_unix_change *c)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	return memory_end(n->mount->state,
			  change(n->mount->state, n->inode, c));
}
