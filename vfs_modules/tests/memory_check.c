/* vfs_modules/tests/memory_check.c - see memory_check.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "vfs_modules/tests/memory_check.h"

#include <string.h>

/* --- checking
 * ------------------------------------------------------------------ */

static uint64_t cost_of(const void *p)
{
	return p == NULL ? 0 : arena_cost_of(p);
}

static uint64_t blob_cost(const struct mem_blob *b)
{
	uint64_t cost = 0;

	for (; b != NULL; b = b->next) {
		assert_true(b->length > 0);
		cost += cost_of(b);
	}
	return cost;
}

static void count_pages(void *p, uint64_t level, uint64_t *pages,
			uint64_t *tables)
{
	if (p == NULL) {
		return;
	}
	assert_int_equal((uintptr_t)p % ARENA_PAGE, 0);
	if (level == 0) {
		(*pages)++;
		return;
	}
	(*tables)++;
	for (size_t i = 0; i < 512; i++) {
		count_pages(((void **)p)[i], level - 1, pages, tables);
	}
}

static uint64_t content_cost(const struct mem_content *c)
{
	uint64_t pages = 0, tables = 0, last = 0;

	count_pages(c->root, c->height, &pages, &tables);
	assert_int_equal(pages, c->pages);
	assert_true(c->root != NULL || c->height == 0 || c->size > 0);
	if (c->trim == 0) {
		last = (c->size + ARENA_PAGE - 1) / ARENA_PAGE;
		assert_false(content_next_page(c, &last));
	}
	return (tables + (c->reserved > pages ? c->reserved : pages)) *
	       ARENA_PAGE;
}

static void check_opens(const struct mem_inode *inode)
{
	uint32_t opens = 0;

	for (const struct mem_open *o = inode->open; o != NULL;
	     o = o->next_of) {
		assert_ptr_equal(o->inode, inode);
		assert_true(o->next_of == NULL || o->next_of->prev_of == o);
		opens++;
	}
	assert_int_equal(opens, inode->opens);
}

static uint64_t check_inode(const struct mem_inode *inode);

static void check_names(const struct mem_inode *inode)
{
	uint32_t names = 0;

	for (const struct mem_entry *e = inode->entries; e != NULL;
	     e = e->next) {
		assert_ptr_equal(e->inode, inode);
		assert_ptr_equal(tree_lookup(e->dir, e->name), e);
		names++;
	}
	assert_int_equal(names, inode->names);
}

/* A file of several names is paid for with its first. */
static uint64_t check_tree(const struct mem_inode *dir,
			   const struct mem_entry *e,
			   const struct mem_entry **last)
{
	uint64_t cost;

	if (e == NULL) {
		return 0;
	}
	assert_ptr_equal(e->dir, dir);
	assert_true(e->left == NULL || e->left->priority <= e->priority);
	assert_true(e->right == NULL || e->right->priority <= e->priority);
	cost = check_tree(dir, e->left, last);
	assert_true(*last == NULL || tree_order((*last)->name, e->name) < 0);
	*last = e;
	cost += cost_of(e) + cost_of(e->name);
	check_names(e->inode);
	if (e->inode->entries == e) {
		cost += check_inode(e->inode);
	}
	return cost + check_tree(dir, e->right, last);
}

static uint64_t check_streams(const struct mem_inode *file)
{
	uint64_t cost = 0;

	for (const struct mem_inode *i = file->streams; i != NULL;
	     i = i->next) {
		assert_ptr_equal(i->of, file);
		assert_int_equal(i->names, 1);
		cost += check_inode(i);
	}
	return cost;
}

static uint64_t check_inode(const struct mem_inode *inode)
{
	const struct mem_entry *last = NULL;
	uint64_t cost = cost_of(inode) + content_cost(&inode->data) +
			blob_cost(inode->descriptor) + blob_cost(inode->acl) +
			cost_of(inode->stream_name);

	check_opens(inode);
	assert_true(inode->directory || inode->children == NULL);
	for (size_t i = 0; i < FSA_RECORDS; i++) {
		cost += blob_cost(inode->records[i]);
	}
	for (const struct mem_ea *ea = inode->eas; ea != NULL; ea = ea->next) {
		assert_int_equal(memory_blob_size(ea->value), ea->length);
		cost += cost_of(ea) + cost_of(ea->name) + blob_cost(ea->value);
	}
	return cost + check_streams(inode) +
	       check_tree(inode, inode->children, &last);
}

static uint64_t check_doomed(const struct mem_fs *fs,
			     const struct mem_share *share)
{
	uint64_t cost = 0;

	for (const struct mem_inode *i = fs->doomed; i != NULL; i = i->doomed) {
		assert_int_equal(i->names, 0);
		assert_true(i->opens > 0);
		cost += i->share == share ? check_inode(i) : 0;
	}
	return cost;
}

void memory_check(struct mem_state *s)
{
	memory_begin(s);
	for (const struct mem_share *share = s->fs->shares; share != NULL;
	     share = share->next) {
		uint64_t cost = cost_of(share->name) +
				check_inode(share->root) +
				check_doomed(s->fs, share);

		assert_int_equal(cost, share->used);
		assert_true(share->used <= share->limit);
	}
	arena_unlock(s->arena);
}

/* --- writing it down
 * ------------------------------------------------------------ */

static void add(char **text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(char **text, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*text = talloc_vasprintf_append_buffer(*text, format, ap);
	va_end(ap);
	assert_non_null(*text);
}

static uint64_t hash_of(const struct mem_content *c)
{
	uint64_t hash = 0xcbf29ce484222325u;
	uint8_t byte = 0;

	for (uint64_t i = 0; i < c->size; i++) {
		content_read(c, i, &byte, 1);
		hash = (hash ^ byte) * 0x100000001b3u;
	}
	return hash;
}

static void dump_inode(char **text, const struct mem_inode *inode)
{
	add(text, " %s names %u attributes %x size %llu %llx",
	    inode->directory ? "directory" : "file", inode->names,
	    inode->attributes, (unsigned long long)inode->data.size,
	    (unsigned long long)hash_of(&inode->data));
	for (const struct mem_inode *i = inode->streams; i != NULL;
	     i = i->next) {
		add(text, " :%s %llu %llx", i->stream_name,
		    (unsigned long long)i->data.size,
		    (unsigned long long)hash_of(&i->data));
	}
	for (const struct mem_ea *ea = inode->eas; ea != NULL; ea = ea->next) {
		add(text, " ea %s %llu", ea->name,
		    (unsigned long long)ea->length);
	}
	add(text, "\n");
}

static void dump_tree(char **text, const char *path, const struct mem_entry *e)
{
	char *below;

	if (e == NULL) {
		return;
	}
	dump_tree(text, path, e->left);
	below = talloc_asprintf(NULL, "%s\\%s", path, e->name);
	add(text, "%s", below);
	dump_inode(text, e->inode);
	dump_tree(text, below, e->inode->children);
	talloc_free(below);
	dump_tree(text, path, e->right);
}

char *memory_dump(TALLOC_CTX *mem_ctx, struct mem_state *s, const char *name)
{
	char *text = talloc_strdup(mem_ctx, "");

	memory_begin(s);
	for (const struct mem_share *share = s->fs->shares; share != NULL;
	     share = share->next) {
		if (strcmp(share->name, name) == 0) {
			dump_inode(&text, share->root);
			dump_tree(&text, "", share->root->children);
		}
	}
	arena_unlock(s->arena);
	return text;
}
