/* vfs_modules/memory/tree.c - the names of a directory: a treap.  It is taken
 * apart and put together by single words, so a change costs few notes. */
#include <string.h>

#include "lib/utf16.h"
#include "vfs_modules/memory/memory.h"
#include "vfs_modules/names/shown_name.h"

/* The same as tree_order(), when the shown form of a is known. */
static int order(const char *shown, const char *a, const char *b)
{
	char buffer[SHOWN_NAME_SIZE];
	int folded = utf8_casecmp(shown, shown_name(b, buffer));

	return folded != 0 ? folded : strcmp(a, b);
}

int tree_order(const char *a, const char *b)
{
	char buffer[SHOWN_NAME_SIZE];

	return order(shown_name(a, buffer), a, b);
}

static struct mem_entry *lookup_written(struct mem_inode *dir,
					const char *shown, const char *name)
{
	struct mem_entry *e = dir->children;

	while (e != NULL) {
		int o = order(shown, name, e->name);

		if (o == 0) {
			return e;
		}
		e = o < 0 ? e->left : e->right;
	}
	return NULL;
}

/* All that are shown as name, in whatever case, are neighbours. */
static struct mem_entry *lookup_shown(struct mem_inode *dir, const char *name)
{
	struct mem_entry *e = dir->children;
	struct mem_entry *before = NULL;
	struct mem_entry *behind = NULL;
	char buffer[SHOWN_NAME_SIZE];

	while (e != NULL) {
		int o = utf8_casecmp(name, shown_name(e->name, buffer));
		bool same = o == 0;

		if (same) {
			o = strcmp(name, e->name);
		}
		if (o == 0) {
			return e;
		}
		if (same && o < 0) {
			behind = e;
		} else if (same) {
			before = e;
		}
		e = o < 0 ? e->left : e->right;
	}
	return behind != NULL ? behind : before;
}

struct mem_entry *tree_lookup(struct mem_inode *dir, const char *name)
{
	char buffer[SHOWN_NAME_SIZE];
	const char *shown = shown_name(name, buffer);
	struct mem_entry *e = NULL;

	if (shown != name) {
		e = lookup_written(dir, shown, name);
	}
	return e != NULL ? e : lookup_shown(dir, name);
}

struct mem_entry *tree_lookup_exact(struct mem_inode *dir, const char *name)
{
	char buffer[SHOWN_NAME_SIZE];
	char undone[SHOWN_NAME_SIZE];
	struct mem_entry *e =
		lookup_written(dir, shown_name(name, buffer), name);

	if (e == NULL && shown_name_undo(name, undone)) {
		e = lookup_written(dir, shown_name(undone, buffer), undone);
	}
	return e;
}

/* What comes before name, and what comes behind it. */
static void split(struct arena *a, struct mem_entry *t, const char *name,
		  struct mem_entry **before, struct mem_entry **behind)
{
	while (t != NULL) {
		if (tree_order(t->name, name) < 0) {
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
		p = tree_order(e->name, (*p)->name) < 0 ? &(*p)->left
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
		p = tree_order(e->name, (*p)->name) < 0 ? &(*p)->left
							: &(*p)->right;
	}
	join(a, p, e->left, e->right);
}
