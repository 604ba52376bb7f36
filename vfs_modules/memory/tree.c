/* vfs_modules/memory/tree.c - the names of a directory: a treap.  It is taken
 * apart and put together by single words, so a change costs few notes. */
#include "lib/utf16.h"
#include "vfs_modules/memory/memory.h"

struct mem_entry *tree_lookup(struct mem_inode *dir, const char *name)
{
	struct mem_entry *e = dir->children;

	while (e != NULL) {
		int order = utf8_casecmp(name, e->name);

		if (order == 0) {
			return e;
		}
		e = order < 0 ? e->left : e->right;
	}
	return NULL;
}

/* What comes before name, and what comes behind it. */
static void split(struct arena *a, struct mem_entry *t, const char *name,
		  struct mem_entry **before, struct mem_entry **behind)
{
	while (t != NULL) {
		if (utf8_casecmp(t->name, name) < 0) {
			ARENA_SET(a, *before, t);
			before = &t->right;
			t = t->right;
		} else {
			ARENA_SET(a, *behind, t);
			behind = &t->left;
			t = t->left;
		}
	}
	ARENA_SET(a, *before, NULL);
	ARENA_SET(a, *behind, NULL);
}

void tree_insert(struct arena *a, struct mem_inode *dir, struct mem_entry *e)
{
	struct mem_entry **p = &dir->children;

	while (*p != NULL && (*p)->priority >= e->priority) {
		p = utf8_casecmp(e->name, (*p)->name) < 0 ? &(*p)->left
							  : &(*p)->right;
	}
	split(a, *p, e->name, &e->left, &e->right);
	ARENA_SET(a, *p, e);
}

static void join(struct arena *a, struct mem_entry **p, struct mem_entry *left,
		 struct mem_entry *right)
{
	while (left != NULL && right != NULL) {
		if (left->priority >= right->priority) {
			ARENA_SET(a, *p, left);
			p = &left->right;
			left = left->right;
		} else {
			ARENA_SET(a, *p, right);
			p = &right->left;
			right = right->left;
		}
	}
	ARENA_SET(a, *p, left != NULL ? left : right);
}

void tree_remove(struct arena *a, struct mem_entry *e)
{
	struct mem_entry **p = &e->dir->children;

	while (*p != e) {
		p = utf8_casecmp(e->name, (*p)->name) < 0 ? &(*p)->left
							  : &(*p)->right;
	}
	join(a, p, e->left, e->right);
}
