/* vfs_modules/memory/names.c - moving, linking and removing names. */
#include <string.h>

#include "vfs_modules/memory/memory.h"

/* Whoever has the file open by this name has no name of it any more. */
static void drop_from_opens(struct mem_state *s, const struct mem_entry *e)
{
	for (struct mem_open *o = e->inode->open; o != NULL; o = o->next_of) {
		if (o->entry == e) {
			ARENA_SET(s->arena, o->entry, NULL);
		}
	}
}

static void remove_entry(struct mem_state *s, struct mem_entry *e)
{
	struct mem_inode *inode = e->inode;
	struct mem_inode *dir = e->dir;
	struct mem_entry **p = &inode->entries;

	drop_from_opens(s, e);
	tree_remove(s->arena, e);
	while (*p != e) {
		p = &(*p)->next;
	}
	ARENA_SET(s->arena, *p, e->next);
	memory_free(s, inode->share, e->name);
	memory_free(s, inode->share, e);
	memory_changed(s, inode);
	memory_touch(s, dir);
	memory_drop_name(s, inode);
}

/* What has the new name goes for what, if it may: as with rename(2). */
static NTSTATUS make_way(struct mem_state *s, const struct mem_inode *what,
			 struct mem_entry *target, bool replace)
{
	if (!replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (!memory_may_change(target->dir, target->inode)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (what->directory != target->inode->directory) {
		return what->directory ? NT_STATUS(NOT_A_DIRECTORY)
				       : NT_STATUS(FILE_IS_A_DIRECTORY);
	}
	if (target->inode->children != NULL) {
		return NT_STATUS(DIRECTORY_NOT_EMPTY);
	}
	remove_entry(s, target);
	return NT_STATUS_OK;
}

static bool is_at_or_below(const struct mem_inode *dir,
			   const struct mem_inode *top)
{
	while (dir != top && dir->entries != NULL) {
		dir = dir->entries->dir;
	}
	return dir == top;
}

/* --- renaming
 * ----------------------------------------------------------------- */

/* The entry stays the same, so that opens know where it went. */
static NTSTATUS move_entry(struct mem_state *s, struct mem_entry *e,
			   struct mem_inode *dir, const char *name)
{
	struct mem_inode *from = e->dir;
	char *copy = memory_strdup(s, dir->share, name);

	if (copy == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	tree_remove(s->arena, e);
	memory_free(s, dir->share, e->name);
	ARENA_SET(s->arena, e->name, copy);
	ARENA_SET(s->arena, e->dir, dir);
	tree_insert(s->arena, dir, e);
	memory_touch(s, from);
	memory_touch(s, dir);
	memory_changed(s, e->inode);
	return NT_STATUS_OK;
}

/* rename(2) from one name of a file to another one does nothing. */
static bool leaves_both(const struct mem_node *n, const struct mem_place *to)
{
	return n->exact && to->entry != NULL && to->entry->inode == n->inode;
}

static NTSTATUS rename_locked(struct mem_node *n, const char *path,
			      bool replace)
{
	struct mem_state *s = n->mount->state;
	struct mem_entry *e = n->open->entry;
	struct mem_place to;
	NTSTATUS status;

	if (e == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = memory_find(n->mount, path, n->exact, &to);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (leaves_both(n, &to)) {
		return NT_STATUS_OK;
	}
	if (to.dir == NULL || (to.entry != NULL && to.entry != e && !replace)) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (n->inode->directory && is_at_or_below(to.dir, n->inode)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!memory_may_change(e->dir, n->inode) ||
	    !memory_may_change(to.dir, NULL)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (to.entry == e && strcmp(e->name, to.name) == 0) {
		return NT_STATUS_OK;
	}
	if (to.entry != NULL && to.entry != e) {
		status = is_at_or_below(e->dir, to.entry->inode)
				 ? NT_STATUS(DIRECTORY_NOT_EMPTY)
				 : make_way(s, n->inode, to.entry, replace);
	}
	return NT_STATUS_IS_OK(status) ? move_entry(s, e, to.dir, to.name)
				       : status;
}

NTSTATUS memory_rename(struct fsa_node *node, const char *path, bool replace)
{
	struct mem_node *n = mem_node(node);

	if (node->of != NULL) {
		return memory_stream_rename(node, path, replace);
	}
	memory_begin(n->mount->state);
	return memory_end_and_collect(n->mount->state,
				      rename_locked(n, path, replace));
}

/* --- linking
 * ------------------------------------------------------------------ */

static NTSTATUS link_locked(struct mem_node *n, const char *path, bool replace)
{
	struct mem_state *s = n->mount->state;
	struct mem_place to;
	NTSTATUS status;

	if (n->open->entry == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (n->inode->directory) {
		return NT_STATUS(FILE_IS_A_DIRECTORY);
	}
	status = memory_find(n->mount, path, n->exact, &to);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (to.dir == NULL) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (!memory_may_change(to.dir, NULL)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (to.entry != NULL && replace && to.entry->inode == n->inode) {
		return NT_STATUS_OK;
	}
	if (to.entry != NULL) {
		status = make_way(s, n->inode, to.entry, replace);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	memory_changed(s, n->inode);
	return memory_add_entry(s, to.dir, n->inode, to.name) != NULL
		       ? NT_STATUS_OK
		       : NT_STATUS(DISK_FULL);
}

NTSTATUS memory_link(struct fsa_node *node, const char *path, bool replace)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	return memory_end_and_collect(n->mount->state,
				      link_locked(n, path, replace));
}

/* --- removing
 * ----------------------------------------------------------------- */

static NTSTATUS unlink_locked(struct mem_node *n)
{
	struct mem_entry *e = n->open->entry;

	if (e == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (n->inode->children != NULL) {
		return NT_STATUS(DIRECTORY_NOT_EMPTY);
	}
	if (!memory_may_change(e->dir, n->inode)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	remove_entry(n->mount->state, e);
	return NT_STATUS_OK;
}

NTSTATUS memory_unlink(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);

	if (node->of != NULL) {
		return memory_stream_unlink(node);
	}
	(void)memory_path(node); /* the last that it had */
	memory_begin(n->mount->state);
	return memory_end_and_collect(n->mount->state, unlink_locked(n));
}

NTSTATUS memory_check_empty(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	bool empty;

	memory_begin(n->mount->state);
	empty = n->inode->children == NULL;
	arena_unlock(arena_of(n));
	return empty ? NT_STATUS_OK : NT_STATUS(DIRECTORY_NOT_EMPTY);
}
