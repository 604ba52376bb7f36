/* vfs_modules/memory/scan.c - listing directories, in the order of the names.
 * A scan knows the last name it gave: what comes and goes meanwhile does not
 * make it give another one twice, or leave it out.  It takes some entries at a
 * time, which it gives as long as nothing has changed at all. */
#include <string.h>

#include "lib/utf16.h"
#include "vfs_modules/memory/memory.h"

#define AT_ONCE 16

struct ahead {
	struct fsa_stat stat;
	char name[256];
};

struct fsa_scan {
	struct mem_node *node;
	uint64_t as_of; /* the file system's next_number then */
	unsigned int given, count;
	bool begun;
	char last[256]; /* given before ahead[] was filled */
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
	if (last != NULL && utf8_casecmp(last, e->name) >= 0) {
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
	*out_name = s->ahead[s->given++].name;
	return NT_STATUS_OK;
}

NTSTATUS memory_scan_stat(struct fsa_scan *s, uint32_t want,
			  struct fsa_stat *out)
{
	*out = s->ahead[s->given - 1].stat;
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
