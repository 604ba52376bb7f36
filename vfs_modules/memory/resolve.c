/* vfs_modules/memory/resolve.c - the name of an inode, by looking at all. */
#include "vfs_modules/memory/memory.h"

/* Names that are still to be looked at. */
struct names {
	struct mem_entry **list;
	size_t count;
};

static bool push(struct names *n, struct mem_entry *e)
{
	size_t room = talloc_array_length(n->list);

	if (e == NULL) {
		return true;
	}
	if (n->count == room) {
		struct mem_entry **more =
			talloc_realloc(NULL, n->list, struct mem_entry *,
				       room == 0 ? 64 : 2 * room);

		if (more == NULL) {
			return false;
		}
		n->list = more;
	}
	n->list[n->count++] = e;
	return true;
}

/* NOT_FOUND.  With the lock. */
static NTSTATUS find(struct names *names, const struct mem_inode *root,
		     uint64_t number, const struct mem_entry **out)
{
	if (!push(names, root->children)) {
		return NT_STATUS(NO_MEMORY);
	}
	while (names->count > 0) {
		const struct mem_entry *e = names->list[--names->count];

		if (e->inode->number == number) {
			*out = e;
			return NT_STATUS_OK;
		}
		if (!push(names, e->left) || !push(names, e->right) ||
		    !push(names, e->inode->children)) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	return NT_STATUS(NOT_FOUND);
}

NTSTATUS memory_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *mount,
			      uint64_t inode, const char **out)
{
	const struct mem_mount *m = mem_mount(mount);
	const struct mem_inode *root = m->share->root;
	const struct mem_entry *e = NULL;
	struct names names = {0};
	const char *path = NULL;
	NTSTATUS status = NT_STATUS_OK;

	memory_begin(m->state);
	if (inode != root->number) {
		status = find(&names, root, inode, &e);
	}
	if (NT_STATUS_IS_OK(status)) {
		path = memory_entry_path(mem_ctx, e);
		status = path == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
	}
	arena_unlock(m->state->arena);
	talloc_free(names.list);
	if (NT_STATUS_IS_OK(status)) {
		*out = path;
	}
	return status;
}
