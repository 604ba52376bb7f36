/* vfs_modules/memory/ea.c - extended attributes, and the small records that the
 * core keeps with a file. */
#include <string.h>

#include "lib/utf16.h"
#include "vfs_modules/memory/memory.h"

/* The list of all begins with its length, each has flags and lengths. */
#define LIST_HEADER  4
#define ENTRY_HEADER 4

/* --- reading
 * ------------------------------------------------------------------ */

static NTSTATUS get_all(TALLOC_CTX *mem_ctx, const struct mem_inode *inode,
			struct fsa_ea **out, size_t *out_count)
{
	struct fsa_ea *eas = NULL;
	size_t count = 0;

	for (const struct mem_ea *e = inode->eas; e != NULL; e = e->next) {
		NTSTATUS status;

		eas = talloc_realloc(mem_ctx, eas, struct fsa_ea, count + 1);
		if (eas == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		eas[count] =
			(struct fsa_ea){.name = talloc_strdup(mem_ctx, e->name),
					.flags = (uint8_t)e->flags};
		status = memory_read_blob(mem_ctx, e->value, &eas[count].value);
		if (!NT_STATUS_IS_OK(status) || eas[count].name == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		count++;
	}
	*out = eas;
	*out_count = count;
	return NT_STATUS_OK;
}

NTSTATUS memory_get_eas(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			struct fsa_ea **out, size_t *out_count)
{
	struct mem_node *n = mem_node(node);

	memory_begin(n->mount->state);
	return memory_end(n->mount->state,
			  get_all(mem_ctx, n->inode, out, out_count));
}

uint32_t memory_ea_size_of(const struct mem_inode *inode)
{
	uint32_t size = inode->eas == NULL ? 0 : LIST_HEADER;

	for (const struct mem_ea *e = inode->eas; e != NULL; e = e->next) {
		size += ENTRY_HEADER + (uint32_t)strlen(e->name) + 1 +
			(uint32_t)e->length;
	}
	return size;
}

uint32_t memory_ea_size(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	uint32_t size;

	memory_begin(n->mount->state);
	size = memory_ea_size_of(n->inode);
	arena_unlock(arena_of(n));
	return size;
}

/* --- writing
 * ------------------------------------------------------------------ */

static void drop(struct mem_state *s, struct mem_inode *inode,
		 struct mem_ea **p)
{
	struct mem_ea *ea = *p;

	ARENA_SET(s->arena, *p, ea->next);
	memory_free_blob(s, inode->share, ea->value);
	memory_free(s, inode->share, ea->name);
	memory_free(s, inode->share, ea);
}

void memory_drop_eas(struct mem_state *s, struct mem_inode *inode)
{
	while (inode->eas != NULL) {
		drop(s, inode, &inode->eas);
	}
}

/* One without a value, at the end of the list. */
static struct mem_ea *add(struct mem_state *s, struct mem_inode *inode,
			  struct mem_ea **p, const char *name)
{
	struct mem_ea *ea = memory_alloc(s, inode->share, sizeof(*ea));

	if (ea == NULL) {
		return NULL;
	}
	*ea = (struct mem_ea){.name = memory_strdup(s, inode->share, name)};
	if (ea->name == NULL) {
		return NULL;
	}
	ARENA_SET(s->arena, *p, ea);
	return ea;
}

static NTSTATUS set_locked(struct mem_state *s, struct mem_inode *inode,
			   const struct fsa_ea *in)
{
	struct mem_ea **p = &inode->eas;
	struct mem_ea *ea;

	while (*p != NULL && utf8_casecmp((*p)->name, in->name) != 0) {
		p = &(*p)->next;
	}
	memory_changed(s, inode);
	if (in->value.length == 0) {
		if (*p != NULL) {
			drop(s, inode, p);
		}
		return NT_STATUS_OK;
	}
	ea = *p != NULL ? *p : add(s, inode, p, in->name);
	if (ea == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	ARENA_SET(s->arena, ea->flags, (uint64_t)(in->flags & FILE_NEED_EA));
	ARENA_SET(s->arena, ea->length, (uint64_t)in->value.length);
	return memory_set_blob(s, inode->share, &ea->value, in->value.data,
			       in->value.length);
}

NTSTATUS memory_set_ea(struct fsa_node *node, const struct fsa_ea *ea)
{
	struct mem_node *n = mem_node(node);

	if (ea->value.length > 65535 || strlen(ea->name) > 255) {
		return NT_STATUS(EA_TOO_LARGE);
	}
	memory_begin(n->mount->state);
	return memory_end(n->mount->state,
			  set_locked(n->mount->state, n->inode, ea));
}

/* --- records
 * ------------------------------------------------------------------ */

NTSTATUS memory_get_record(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			   enum fsa_record which, struct blob *out)
{
	struct mem_node *n = mem_node(node);
	const struct mem_blob *b;
	NTSTATUS status = NT_STATUS(NOT_FOUND);

	memory_begin(n->mount->state);
	b = n->inode->records[which];
	if (b != NULL) {
		status = memory_read_blob(mem_ctx, b, out);
	}
	return memory_end(n->mount->state, status);
}

NTSTATUS memory_set_record(struct fsa_node *node, enum fsa_record which,
			   struct blob value)
{
	struct mem_node *n = mem_node(node);
	struct mem_state *s = n->mount->state;

	memory_begin(s);
	memory_changed(s, n->inode);
	return memory_end(s, memory_set_blob(s, n->inode->share,
					     &n->inode->records[which],
					     value.data, value.length));
}
