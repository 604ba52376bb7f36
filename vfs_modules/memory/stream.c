/* vfs_modules/memory/stream.c - named streams, and what goes when a file is
 * overwritten. */
#include <stdio.h>
#include <string.h>

#include "lib/utf16.h"
#include "vfs_modules/memory/memory.h"

static struct mem_inode *find(struct mem_inode *file, const char *name)
{
	struct mem_inode *stream = file->streams;

	while (stream != NULL && utf8_casecmp(stream->stream_name, name) != 0) {
		stream = stream->next;
	}
	return stream;
}

static NTSTATUS make_node(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			  struct mem_inode *stream, struct mem_node **out)
{
	NTSTATUS status = memory_make_node(mem_ctx, mem_node(file)->mount,
					   stream, NULL, out);

	if (NT_STATUS_IS_OK(status)) {
		(*out)->base.of = file;
		(*out)->base.inode = file->inode;
		(*out)->base.proven = file->proven;
	}
	return status;
}

NTSTATUS memory_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			    const char *name, struct fsa_node **out)
{
	struct mem_state *s = mem_node(file)->mount->state;
	struct mem_inode *stream;
	struct mem_node *n = NULL;
	NTSTATUS status = NT_STATUS(OBJECT_NAME_NOT_FOUND);

	memory_begin(s);
	stream = find(mem_node(file)->inode, name);
	if (stream != NULL) {
		status = make_node(mem_ctx, file, stream, &n);
	}
	status = memory_end(s, status);
	if (NT_STATUS_IS_OK(status)) {
		*out = &n->base;
	}
	return status;
}

static NTSTATUS make_locked(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			    const char *name, struct mem_node **out)
{
	struct mem_inode *file = mem_node(node)->inode;
	struct mem_state *s = mem_node(node)->mount->state;
	struct mem_inode *stream;

	if (find(file, name) != NULL) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	stream = memory_make_inode(s, file->share);
	if (stream == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	stream->stream_name = memory_strdup(s, file->share, name);
	if (stream->stream_name == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	stream->names = 1;
	stream->of = file;
	stream->next = file->streams;
	ARENA_SET(s->arena, file->streams, stream);
	memory_changed(s, file);
	return make_node(mem_ctx, node, stream, out);
}

NTSTATUS memory_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			    const char *name, struct fsa_node **out)
{
	struct mem_state *s = mem_node(file)->mount->state;
	struct mem_node *n = NULL;
	NTSTATUS status;

	if (strlen(name) > 255) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	memory_begin(s);
	status = memory_end(s, make_locked(mem_ctx, file, name, &n));
	if (NT_STATUS_IS_OK(status)) {
		*out = &n->base;
	}
	return status;
}

NTSTATUS memory_stream_each(struct fsa_node *file,
			    void (*take)(void *private_data,
					 const struct fsa_stream_entry *e),
			    void *private_data)
{
	struct mem_node *n = mem_node(file);
	char name[sizeof("::$DATA") + 255];

	memory_begin(n->mount->state);
	for (const struct mem_inode *i = n->inode->streams; i != NULL;
	     i = i->next) {
		struct fsa_stream_entry e = {
			.name = name,
			.end_of_file = i->data.size,
			.allocation_size = content_allocated(&i->data)};

		snprintf(name, sizeof(name), ":%s:$DATA", i->stream_name);
		take(private_data, &e);
	}
	arena_unlock(arena_of(n));
	return NT_STATUS_OK;
}

/* --- names, changed
 * ------------------------------------------------------------ */

static void remove_stream(struct mem_state *s, struct mem_inode *stream)
{
	struct mem_inode *file = stream->of;
	struct mem_inode **p = &file->streams;

	while (*p != stream) {
		p = &(*p)->next;
	}
	ARENA_SET(s->arena, *p, stream->next);
	ARENA_SET(s->arena, stream->of, NULL);
	memory_changed(s, file);
	memory_drop_name(s, stream);
}

static NTSTATUS rename_locked(struct mem_node *n, const char *name,
			      bool replace)
{
	struct mem_state *s = n->mount->state;
	struct mem_inode *stream = n->inode;
	struct mem_inode *target;
	char *copy;

	if (stream->of == NULL) {
		return NT_STATUS(FILE_DELETED);
	}
	target = find(stream->of, name);
	if (target != NULL && !replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (target == stream) {
		return NT_STATUS_OK;
	}
	copy = memory_strdup(s, stream->share, name);
	if (copy == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	if (target != NULL) {
		remove_stream(s, target);
	}
	memory_free(s, stream->share, stream->stream_name);
	ARENA_SET(s->arena, stream->stream_name, copy);
	return NT_STATUS_OK;
}

NTSTATUS memory_stream_rename(struct fsa_node *node, const char *name,
			      bool replace)
{
	struct mem_node *n = mem_node(node);

	if (strlen(name) > 255) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	memory_begin(n->mount->state);
	return memory_end_and_collect(n->mount->state,
				      rename_locked(n, name, replace));
}

NTSTATUS memory_stream_unlink(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	NTSTATUS status = NT_STATUS_OK;

	(void)memory_path(node); /* the last that it had */
	memory_begin(n->mount->state);
	if (n->inode->of == NULL) {
		status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	} else {
		remove_stream(n->mount->state, n->inode);
	}
	return memory_end_and_collect(n->mount->state, status);
}

NTSTATUS memory_strip(struct fsa_node *node)
{
	struct mem_node *n = mem_node(node);
	struct mem_state *s = n->mount->state;

	memory_begin(s);
	while (n->inode->streams != NULL) {
		remove_stream(s, n->inode->streams);
	}
	memory_drop_eas(s, n->inode);
	memory_changed(s, n->inode);
	return memory_end_and_collect(s, NT_STATUS_OK);
}
