/* vfs_modules/memory/scan.c - listing directories, in the order of the names.
 * A scan knows the last name it gave: what comes and goes meanwhile does not
 * make it give another one twice, or leave it out. */
#include <string.h>

#include "vfs_modules/memory/memory.h"

struct fsa_scan {
	struct mem_node *node;
	struct fsa_stat stat; /* of the entry given last */
	bool begun;
	char name[256];
};

NTSTATUS memory_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			  struct fsa_scan **out)
{
	struct fsa_scan *s = talloc(mem_ctx, struct fsa_scan);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->node = mem_node(node);
	s->begun = false;
	*out = s;
	return NT_STATUS_OK;
}

NTSTATUS memory_scan_next(struct fsa_scan *s, const char **out_name)
{
	struct mem_node *n = s->node;
	const struct mem_entry *e;

	memory_begin(n->mount->state);
	e = tree_next(n->inode, s->begun ? s->name : NULL);
	if (e != NULL) {
		memcpy(s->name, e->name, strlen(e->name) + 1);
		memory_stat_inode(n->mount, e->inode, &s->stat);
	}
	arena_unlock(arena_of(n));
	if (e == NULL) {
		return NT_STATUS(NO_MORE_FILES);
	}
	s->begun = true;
	*out_name = s->name;
	return NT_STATUS_OK;
}

NTSTATUS memory_scan_stat(struct fsa_scan *s, uint32_t want,
			  struct fsa_stat *out)
{
	*out = s->stat;
	return NT_STATUS_OK;
}

static const struct mem_inode *find(const struct mem_node *n, const char *name,
				    const char **out_name)
{
	struct mem_inode *dir = n->inode;
	const struct mem_entry *e;

	*out_name = name;
	if (strcmp(name, ".") == 0) {
		return dir;
	}
	if (strcmp(name, "..") == 0) {
		return dir->entries == NULL ? dir : dir->entries->dir;
	}
	e = tree_lookup(dir, name);
	if (e == NULL) {
		return NULL;
	}
	*out_name = e->name;
	return e->inode;
}

NTSTATUS memory_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			    const char *name, uint32_t want,
			    const char **out_name, struct fsa_stat *out)
{
	struct mem_node *n = mem_node(node);
	const struct mem_inode *inode;
	const char *found;
	char *copy = NULL;

	memory_begin(n->mount->state);
	inode = find(n, name, &found);
	if (inode != NULL) {
		memory_stat_inode(n->mount, inode, out);
		copy = talloc_strdup(mem_ctx, found);
	}
	arena_unlock(arena_of(n));
	if (inode == NULL) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	*out_name = copy;
	return copy == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}
