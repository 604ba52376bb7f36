/* vfs_modules/memory/memory.c - the life of shares, inodes, opens and of the
 * processes that have them. */
#include "vfs_modules/memory/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "lib/utf16.h"

/* --- operations ------------------------------------------------------------
 */

void memory_begin(struct mem_state *s)
{
	if (arena_lock(s->arena)) {
		LOG_WARN(LOG_VFS,
			 "memory: somebody died amidst a change, which "
			 "is undone");
		memory_collect(s);
	}
}

NTSTATUS memory_end(struct mem_state *s, NTSTATUS status)
{
	if (NT_STATUS_IS_OK(status)) {
		arena_commit(s->arena);
	} else {
		arena_rollback(s->arena);
	}
	arena_unlock(s->arena);
	return status;
}

NTSTATUS memory_end_and_collect(struct mem_state *s, NTSTATUS status)
{
	if (NT_STATUS_IS_OK(status)) {
		arena_commit(s->arena);
		memory_collect(s);
	}
	return memory_end(s, status);
}

/* --- room ------------------------------------------------------------------
 */

void *memory_alloc(struct mem_state *s, struct mem_share *share, size_t n)
{
	size_t cost = arena_cost(n);
	void *p;

	if (share->used >= share->limit || cost > share->limit - share->used) {
		return NULL;
	}
	p = arena_alloc(s->arena, n);
	if (p != NULL) {
		ARENA_SET(s->arena, share->used, share->used + cost);
	}
	return p;
}

void memory_free(struct mem_state *s, struct mem_share *share, void *p)
{
	if (p != NULL) {
		ARENA_SET(s->arena, share->used,
			  share->used - arena_cost_of(p));
		arena_free(s->arena, p);
	}
}

char *memory_strdup(struct mem_state *s, struct mem_share *share,
		    const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = memory_alloc(s, share, n);

	if (copy != NULL) {
		memcpy(copy, text, n);
	}
	return copy;
}

/* --- blobs ------------------------------------------------------------------
 */

/* The largest object that is no page has room for this. */
#define PIECE 2000u

void memory_free_blob(struct mem_state *s, struct mem_share *share,
		      struct mem_blob *b)
{
	while (b != NULL) {
		struct mem_blob *next = b->next;

		memory_free(s, share, b);
		b = next;
	}
}

NTSTATUS memory_set_blob(struct mem_state *s, struct mem_share *share,
			 struct mem_blob **blob, const void *data, size_t n)
{
	const uint8_t *from = data;
	struct mem_blob *first = NULL;
	struct mem_blob **last = &first;

	while (n > 0) {
		size_t here = n < PIECE ? n : PIECE;
		struct mem_blob *b = memory_alloc(s, share, sizeof(*b) + here);

		if (b == NULL) {
			return NT_STATUS(DISK_FULL);
		}
		b->next = NULL;
		b->length = (uint32_t)here;
		memcpy(b->data, from, here);
		*last = b;
		last = &b->next;
		from += here;
		n -= here;
	}
	memory_free_blob(s, share, *blob);
	ARENA_SET(s->arena, *blob, first);
	return NT_STATUS_OK;
}

size_t memory_blob_size(const struct mem_blob *b)
{
	size_t n = 0;

	for (; b != NULL; b = b->next) {
		n += b->length;
	}
	return n;
}

void memory_get_blob(const struct mem_blob *b, void *out)
{
	uint8_t *to = out;

	for (; b != NULL; b = b->next) {
		memcpy(to, b->data, b->length);
		to += b->length;
	}
}

NTSTATUS memory_read_blob(TALLOC_CTX *mem_ctx, const struct mem_blob *b,
			  struct blob *out)
{
	size_t n = memory_blob_size(b);
	uint8_t *data = talloc_array(mem_ctx, uint8_t, n);

	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memory_get_blob(b, data);
	*out = (struct blob){.data = data, .length = n};
	return NT_STATUS_OK;
}

/* --- inodes -----------------------------------------------------------------
 */

struct mem_inode *memory_make_inode(struct mem_state *s,
				    struct mem_share *share)
{
	const struct identity *who = identity_current();
	struct mem_inode *inode = memory_alloc(s, share, sizeof(*inode));
	NTTIME now = nttime_now();

	if (inode == NULL) {
		return NULL;
	}
	*inode = (struct mem_inode){
		.number = s->fs->next_number,
		.share = share,
		.uid = who->uid,
		.gid = who->gid,
		.times = {now, now, now, now},
	};
	ARENA_SET(s->arena, s->fs->next_number, inode->number + 1);
	return inode;
}

void memory_changed(struct mem_state *s, struct mem_inode *inode)
{
	ARENA_SET(s->arena, inode->times.change, nttime_now());
	ARENA_SET(s->arena, inode->version, s->fs->next_number);
	ARENA_SET(s->arena, s->fs->next_number, s->fs->next_number + 1);
}

void memory_touch(struct mem_state *s, struct mem_inode *inode)
{
	memory_changed(s, inode);
	ARENA_SET(s->arena, inode->times.write, inode->times.change);
}

static void doom(struct mem_state *s, struct mem_inode *inode)
{
	ARENA_SET(s->arena, inode->doomed, s->fs->doomed);
	ARENA_SET(s->arena, s->fs->doomed, inode);
}

void memory_drop_name(struct mem_state *s, struct mem_inode *inode)
{
	ARENA_SET(s->arena, inode->names, inode->names - 1);
	if (inode->names == 0) {
		doom(s, inode);
	}
}

/* All but the inode itself, with commits in between. */
static void empty(struct mem_state *s, struct mem_inode *inode)
{
	content_drop(s, inode);
	arena_commit(s->arena);
	while (inode->streams != NULL) {
		struct mem_inode *stream = inode->streams;

		ARENA_SET(s->arena, inode->streams, stream->next);
		ARENA_SET(s->arena, stream->of, NULL);
		memory_drop_name(s, stream);
		arena_commit(s->arena);
	}
	memory_drop_eas(s, inode);
	arena_commit(s->arena);
}

static void free_inode(struct mem_state *s, struct mem_inode *inode)
{
	memory_free_blob(s, inode->share, inode->descriptor);
	memory_free_blob(s, inode->share, inode->acl);
	for (size_t i = 0; i < FSA_RECORDS; i++) {
		memory_free_blob(s, inode->share, inode->records[i]);
	}
	memory_free(s, inode->share, inode->stream_name);
	memory_free(s, inode->share, inode);
}

void memory_collect(struct mem_state *s)
{
	struct mem_inode **p = &s->fs->doomed;

	while (*p != NULL) {
		struct mem_inode *inode = *p;

		if (inode->opens > 0) {
			p = &inode->doomed;
			continue;
		}
		empty(s, inode); /* may put streams in front of the list */
		p = &s->fs->doomed;
		while (*p != inode) {
			p = &(*p)->doomed;
		}
		ARENA_SET(s->arena, *p, inode->doomed);
		free_inode(s, inode);
		arena_commit(s->arena);
		p = &s->fs->doomed;
	}
}

/* --- opens -------------------------------------------------------------------
 */

static struct mem_open *make_open(struct mem_state *s, struct mem_inode *inode,
				  struct mem_entry *entry)
{
	struct mem_open *o = arena_alloc(s->arena, sizeof(*o));

	if (o == NULL) {
		return NULL;
	}
	*o = (struct mem_open){.inode = inode,
			       .entry = entry,
			       .process = s->self,
			       .next = s->self->opens,
			       .next_of = inode->open};
	if (o->next != NULL) {
		ARENA_SET(s->arena, o->next->prev, o);
	}
	if (o->next_of != NULL) {
		ARENA_SET(s->arena, o->next_of->prev_of, o);
	}
	ARENA_SET(s->arena, s->self->opens, o);
	ARENA_SET(s->arena, inode->open, o);
	ARENA_SET(s->arena, inode->opens, inode->opens + 1);
	return o;
}

/* True: nobody has the doomed inode open now. */
static bool drop_open(struct mem_state *s, struct mem_open *o)
{
	struct mem_inode *inode = o->inode;

	if (o->prev != NULL) {
		ARENA_SET(s->arena, o->prev->next, o->next);
	} else {
		ARENA_SET(s->arena, o->process->opens, o->next);
	}
	if (o->next != NULL) {
		ARENA_SET(s->arena, o->next->prev, o->prev);
	}
	if (o->prev_of != NULL) {
		ARENA_SET(s->arena, o->prev_of->next_of, o->next_of);
	} else {
		ARENA_SET(s->arena, inode->open, o->next_of);
	}
	if (o->next_of != NULL) {
		ARENA_SET(s->arena, o->next_of->prev_of, o->prev_of);
	}
	ARENA_SET(s->arena, inode->opens, inode->opens - 1);
	arena_free(s->arena, o);
	return inode->opens == 0 && inode->names == 0;
}

static int node_destructor(struct mem_node *n)
{
	struct mem_state *s = n->mount->state;

	memory_begin(s);
	if (drop_open(s, n->open)) {
		arena_commit(s->arena);
		memory_collect(s);
	}
	arena_commit(s->arena);
	arena_unlock(s->arena);
	return 0;
}

NTSTATUS memory_make_node(TALLOC_CTX *mem_ctx, struct mem_mount *m,
			  struct mem_inode *inode, struct mem_entry *entry,
			  struct mem_node **out)
{
	struct mem_node *n = talloc(mem_ctx, struct mem_node);
	uint32_t rights;

	if (n == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	rights = memory_rights_of(inode, entry);
	*n = (struct mem_node){
		.base = {.mount = &m->base,
			 .device = m->state->fs->device,
			 .inode = inode->number,
			 .directory = inode->directory != 0,
			 .proven = rights},
		.mount = m,
		.inode = inode,
		.open = make_open(m->state, inode, entry),
	};
	if (n->open == NULL) {
		talloc_free(n);
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	/* From now on: the caller commits, whatever happens. */
	talloc_set_destructor(n, node_destructor);
	*out = n;
	return NT_STATUS_OK;
}

/* --- processes ---------------------------------------------------------------
 */

static void end_process(struct mem_state *s, struct mem_process *p)
{
	while (p->opens != NULL) {
		(void)drop_open(s, p->opens);
		arena_commit(s->arena);
	}
	memory_collect(s);
}

/* A record of one that is gone, whose opens are closed, is used again.  The
 * mutex is this process's then, until it ends. */
static struct mem_process *reuse_process(struct mem_state *s)
{
	struct mem_process *mine = NULL;

	for (struct mem_process *p = s->fs->processes; p != NULL; p = p->next) {
		int err = pthread_mutex_trylock(&p->alive);

		if (err == EBUSY) {
			continue;
		}
		ASSERT(err == 0 || err == EOWNERDEAD);
		end_process(s, p);
		if (err == EOWNERDEAD) {
			err = pthread_mutex_consistent(&p->alive);
			ASSERT(err == 0);
		}
		if (mine == NULL) {
			mine = p;
		} else {
			pthread_mutex_unlock(&p->alive);
		}
	}
	return mine;
}

static NTSTATUS make_process(struct mem_state *s, struct mem_process **out)
{
	struct mem_process *p = arena_alloc(s->arena, sizeof(*p));
	pthread_mutexattr_t attr;
	int err;

	if (p == NULL) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	*p = (struct mem_process){.next = s->fs->processes};
	err = pthread_mutexattr_init(&attr);
	if (err != 0) {
		return ntstatus_from_errno(err);
	}
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	err = pthread_mutex_init(&p->alive, &attr);
	pthread_mutexattr_destroy(&attr);
	if (err == 0) {
		ARENA_SET(s->arena, s->fs->processes, p);
		arena_commit(s->arena);
		err = pthread_mutex_lock(&p->alive);
	}
	*out = p;
	return ntstatus_from_errno(err);
}

static int state_destructor(struct mem_state *s)
{
	memory_begin(s);
	end_process(s, s->self);
	pthread_mutex_unlock(&s->self->alive);
	arena_unlock(s->arena);
	return 0;
}

NTSTATUS memory_start(TALLOC_CTX *mem_ctx, const struct fsa_driver_env *env,
		      void *shared, void **out_state)
{
	struct mem_state *s = talloc(mem_ctx, struct mem_state);
	NTSTATUS status = NT_STATUS_OK;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*s = (struct mem_state){.arena = *(struct arena **)shared};
	s->fs = arena_root(s->arena);
	memory_begin(s);
	s->self = reuse_process(s);
	if (s->self == NULL) {
		status = make_process(s, &s->self);
	}
	status = memory_end(s, status);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	talloc_set_destructor(s, state_destructor);
	*out_state = s;
	return status;
}

/* --- what all processes share ------------------------------------------------
 */

static int arena_destructor(struct arena **a)
{
	arena_destroy(*a);
	return 0;
}

static size_t machine_memory(void)
{
	return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
}

NTSTATUS memory_share(TALLOC_CTX *mem_ctx, void **out_shared)
{
	struct arena **a = talloc(mem_ctx, struct arena *);
	struct mem_fs *fs;
	NTSTATUS status;

	if (a == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = arena_create(machine_memory(), a);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(a);
		return status;
	}
	talloc_set_destructor(a, arena_destructor);
	arena_lock(*a);
	fs = arena_alloc(*a, sizeof(*fs));
	*fs = (struct mem_fs){.next_number = 2};
	if (getrandom(&fs->device, sizeof(fs->device), 0) !=
	    sizeof(fs->device)) {
		fs->device = nttime_now() * 0x9e3779b97f4a7c15u;
	}
	arena_set_root(*a, fs);
	arena_commit(*a);
	arena_unlock(*a);
	*out_shared = a;
	return NT_STATUS_OK;
}

static NTSTATUS make_share(struct mem_state *s, const char *name,
			   uint64_t limit, struct mem_share **out)
{
	struct mem_share *share = arena_alloc(s->arena, sizeof(*share));

	if (share == NULL) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	*share = (struct mem_share){.next = s->fs->shares, .limit = limit};
	share->name = memory_strdup(s, share, name);
	share->root = memory_make_inode(s, share);
	if (share->name == NULL || share->root == NULL) {
		return NT_STATUS(DISK_FULL);
	}
	/* Shares say whom they are for; so everybody may. */
	share->root->directory = 1;
	share->root->names = 1;
	share->root->attributes = FILE_ATTRIBUTE_DIRECTORY;
	share->root->uid = geteuid();
	share->root->gid = getegid();
	share->root->mode = 0777;
	ARENA_SET(s->arena, s->fs->shares, share);
	*out = share;
	return NT_STATUS_OK;
}

NTSTATUS memory_get_share(struct mem_state *s, const char *name, uint64_t limit,
			  struct mem_share **out)
{
	struct mem_share *share = s->fs->shares;

	if (limit == 0 || limit > arena_size(s->arena)) {
		limit = arena_size(s->arena) / (limit == 0 ? 2 : 1);
	}
	while (share != NULL && utf8_casecmp(share->name, name) != 0) {
		share = share->next;
	}
	if (share == NULL) {
		return make_share(s, name, limit, out);
	}
	ARENA_SET(s->arena, share->limit, limit);
	*out = share;
	return NT_STATUS_OK;
}
