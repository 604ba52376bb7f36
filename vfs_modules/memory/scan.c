/* vfs_modules/memory/scan.c - listing directories, in the order of the names.
 * A scan knows the last name it gave: what comes and goes meanwhile does not
 * make it give another one twice, or leave it out.  It takes some entries at a
 * time, which it gives as long as nothing has changed at all. */
#include <string.h>

#include "vfs_modules/memory/memory.h"
#include "vfs_modules/names/shown_name.h"

#define AT_ONCE 16

struct ahead {
	struct fsa_stat stat;
	char name[MEMORY_NAME_MAX + 1];
};

struct fsa_scan {
	struct mem_node *node;
	uint64_t as_of; /* the file system's next_number then */
	unsigned int given, count;
	bool begun;
	/* Given before ahead[] was filled. */
	char last[MEMORY_NAME_MAX + 1];
	char shown[SHOWN_NAME_SIZE];
	struct ahead ahead[AT_ONCE];
};

NTSTATUS memory_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			  struct fsa_scan **out)
{
	struct fsa_scan *s = talloc(mem_ctx, struct fsa_scan);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->node = mem_node(node);
	s->given = 0;
	s->count = 0;
	s->begun = false;
	*out = s;
	return NT_STATUS_OK;
}

/* Takes what is behind last (NULL: all) in the tree, as far as there is room.
 */
static void take_ahead(struct fsa_scan *s, const struct mem_entry *e,
		       const char *last)
{
	struct ahead *a;

	if (e == NULL || s->count == AT_ONCE) {
		return;
	}
	if (last != NULL && tree_order(last, e->name) >= 0) {
		take_ahead(s, e->right, last);
		return;
	}
	take_ahead(s, e->left, last);
	if (s->count < AT_ONCE) {
		a = &s->ahead[s->count++];
		memcpy(a->name, e->name, strlen(e->name) + 1);
		memory_stat_inode(s->node->mount, e->inode, &a->stat);
	}
	take_ahead(s, e->right, NULL);
}

static void fill(struct fsa_scan *s)
{
	struct mem_state *state = s->node->mount->state;

	if (s->given > 0) {
		memcpy(s->last, s->ahead[s->given - 1].name, sizeof(s->last));
		s->begun = true;
	}
	s->given = 0;
	s->count = 0;
	s->as_of = state->fs->next_number;
	take_ahead(s, s->node->inode->children, s->begun ? s->last : NULL);
}

/* The name of an entry, as the node's clients see it. */
static const char *name_for(const struct mem_node *n, const char *name,
			    char buffer[SHOWN_NAME_SIZE])
{
	return n->exact ? shown_name_exact(name, buffer)
			: shown_name(name, buffer);
}

NTSTATUS memory_scan_next(struct fsa_scan *s, const char **out_name)
{
	struct mem_state *state = s->node->mount->state;

	memory_begin(state);
	if (s->given == s->count || s->as_of != state->fs->next_number) {
		fill(s);
	}
	arena_unlock(state->arena);
	if (s->given == s->count) {
		return NT_STATUS(NO_MORE_FILES);
	}
	*out_name = name_for(s->node, s->ahead[s->given++].name, s->shown);
	return NT_STATUS_OK;
}

NTSTATUS memory_scan_stat(struct fsa_scan *s, uint32_t want,
			  struct fsa_stat *out)
{
	*out = s->ahead[s->given - 1].stat;
	return NT_STATUS_OK;
}

static const struct mem_inode *find(const struct mem_node *n, const char *name,
				    char buffer[SHOWN_NAME_SIZE],
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
	if (strlen(name) >= SHOWN_NAME_SIZE) {
		return NULL;
	}
	e = n->exact ? tree_lookup_exact(dir, name) : tree_lookup(dir, name);
	if (e == NULL) {
		return NULL;
	}
	*out_name = name_for(n, e->name, buffer);
	return e->inode;
}

NTSTATUS memory_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			    const char *name, uint32_t want,
			    const char **out_name, struct fsa_stat *out)
{
	struct mem_node *n = mem_node(node);
	const struct mem_inode *inode;
	char buffer[SHOWN_NAME_SIZE];
	const char *found;
	char *copy = NULL;

	memory_begin(n->mount->state);
	inode = find(n, name, buffer, &found);
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
