/* vfs_modules/memory/arena.c - see arena.h.
 *
 * The mapping begins with struct arena; then come the notes, then pages.  A
 * page is in use as a whole, free, or a slab: a head, and objects of one size.
 * What is freed waits in a list until the commit, so that nothing is written to
 * it that a rollback would have to put back. */
#include "vfs_modules/memory/arena.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/assert.h"

#define MAX_NOTES 65536u
#define LEAST	  (64u * 1024 * 1024)

struct note {
	uint64_t *where;
	uint64_t was;
};

struct slab {
	struct slab *prev, *next; /* of its size, with room */
	void *free;		  /* objects, linked by their first word */
	uint32_t class;
	uint32_t used;	  /* objects */
	uint32_t touched; /* objects that were ever used */
	uint32_t spare[7];
};

/* As many in a page as go into it behind the slab's head. */
static const uint16_t sizes[] = {64,  128, 192, 256,  320, 448,
				 576, 800, 992, 1344, 2016};

#define NUM_CLASSES (sizeof(sizes) / sizeof(sizes[0]))

struct arena {
	size_t size;
	pthread_mutex_t lock;
	void *root;
	struct slab *partial[NUM_CLASSES];
	void *free_pages;
	void *freed; /* since the last commit; objects and pages */
	uint8_t *untouched;
	uint8_t *end;
	uint64_t num_notes;
	struct note notes[MAX_NOTES];
};

_Static_assert(sizeof(struct slab) == 64, "objects are aligned behind it");

/* The order in which this process writes is what a kill leaves. */
static void in_this_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

/* --- the mapping --------------------------------------------------------- */

static NTSTATUS init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;
	int err = pthread_mutexattr_init(&attr);

	if (err != 0) {
		return ntstatus_from_errno(err);
	}
	err = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (err == 0) {
		err = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	}
	if (err == 0) {
		err = pthread_mutex_init(lock, &attr);
	}
	pthread_mutexattr_destroy(&attr);
	return ntstatus_from_errno(err);
}

NTSTATUS arena_create(size_t size, struct arena **out)
{
	struct arena *a = MAP_FAILED;
	NTSTATUS status;

	for (size &= ~(size_t)(ARENA_PAGE - 1); size >= LEAST; size /= 2) {
		a = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (a != MAP_FAILED) {
			break;
		}
	}
	if (a == MAP_FAILED) {
		return NT_STATUS(NO_MEMORY);
	}
	/* Clients' files are nobody's business who looks for our mistakes. */
	madvise(a, size, MADV_DONTDUMP);
	status = init_lock(&a->lock);
	if (!NT_STATUS_IS_OK(status)) {
		munmap(a, size);
		return status;
	}
	a->size = size;
	a->end = (uint8_t *)a + size;
	a->untouched = (uint8_t *)a +
		       (sizeof(*a) + ARENA_PAGE - 1) / ARENA_PAGE * ARENA_PAGE;
	*out = a;
	return NT_STATUS_OK;
}

void arena_destroy(struct arena *a)
{
	munmap(a, a->size);
}

size_t arena_size(const struct arena *a)
{
	return a->size;
}

void *arena_root(const struct arena *a)
{
	return a->root;
}

void arena_set_root(struct arena *a, void *root)
{
	ARENA_SET(a, a->root, root);
}

/* --- notes --------------------------------------------------------------- */

void arena_note(struct arena *a, void *where, size_t n)
{
	uint64_t *word = (uint64_t *)((uintptr_t)where & ~(uintptr_t)7);
	const uint8_t *end = (uint8_t *)where + n;

	for (; (uint8_t *)word < end; word++) {
		ASSERT(a->num_notes < MAX_NOTES);
		a->notes[a->num_notes] =
			(struct note){.where = word, .was = *word};
		in_this_order();
		a->num_notes++;
	}
	in_this_order();
}

bool arena_is_long(const struct arena *a)
{
	return a->num_notes > MAX_NOTES / 2;
}

void arena_rollback(struct arena *a)
{
	in_this_order();
	for (uint64_t i = a->num_notes; i > 0; i--) {
		*a->notes[i - 1].where = a->notes[i - 1].was;
	}
	in_this_order();
	a->num_notes = 0;
}

/* --- pages --------------------------------------------------------------- */

static void *alloc_page(struct arena *a)
{
	void **page = a->free_pages;

	if (page != NULL) {
		arena_note(a, page, sizeof(*page));
		ARENA_SET(a, a->free_pages, *page);
		return page;
	}
	if (a->untouched == a->end) {
		return NULL;
	}
	page = (void **)a->untouched;
	ARENA_SET(a, a->untouched, a->untouched + ARENA_PAGE);
	return page;
}

static void free_page(struct arena *a, void *page)
{
	ARENA_SET(a, *(void **)page, a->free_pages);
	ARENA_SET(a, a->free_pages, page);
}

/* --- slabs --------------------------------------------------------------- */

static size_t class_of(size_t n)
{
	size_t class = 0;

	while (class < NUM_CLASSES && sizes[class] < n) {
		class ++;
	}
	return class;
}

static uint32_t objects_in(const struct slab *s)
{
	return (ARENA_PAGE - (uint32_t)sizeof(*s)) / sizes[s->class];
}

static void put_in(struct arena *a, struct slab *s)
{
	struct slab *first = a->partial[s->class];

	arena_note(a, s, sizeof(*s));
	s->prev = NULL;
	s->next = first;
	if (first != NULL) {
		ARENA_SET(a, first->prev, s);
	}
	ARENA_SET(a, a->partial[s->class], s);
}

static void take_out(struct arena *a, struct slab *s)
{
	if (s->prev != NULL) {
		ARENA_SET(a, s->prev->next, s->next);
	} else {
		ARENA_SET(a, a->partial[s->class], s->next);
	}
	if (s->next != NULL) {
		ARENA_SET(a, s->next->prev, s->prev);
	}
}

static struct slab *slab_of(const void *p)
{
	return (struct slab *)((uintptr_t)p & ~(uintptr_t)(ARENA_PAGE - 1));
}

static bool is_page(const void *p)
{
	return ((uintptr_t)p & (ARENA_PAGE - 1)) == 0;
}

static struct slab *make_slab(struct arena *a, size_t class)
{
	struct slab *s = alloc_page(a);

	if (s != NULL) {
		*s = (struct slab){.class = (uint32_t) class};
		put_in(a, s);
	}
	return s;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t class = class_of(n);
	struct slab *s;
	void **p;

	ASSERT(n <= ARENA_PAGE);
	if (class == NUM_CLASSES) {
		return alloc_page(a);
	}
	s = a->partial[class];
	if (s == NULL) {
		s = make_slab(a, class);
	}
	if (s == NULL) {
		return NULL;
	}
	arena_note(a, s, sizeof(*s));
	p = s->free;
	if (p != NULL) {
		arena_note(a, p, sizeof(*p));
		s->free = *p;
	} else {
		p = (void **)((uint8_t *)(s + 1) +
			      (size_t)s->touched++ * sizes[class]);
	}
	s->used++;
	if (s->free == NULL && s->touched == objects_in(s)) {
		take_out(a, s);
	}
	return p;
}

static void free_object(struct arena *a, void *p)
{
	struct slab *s = slab_of(p);
	bool was_full = s->free == NULL && s->touched == objects_in(s);

	arena_note(a, s, sizeof(*s));
	ARENA_SET(a, *(void **)p, s->free);
	s->free = p;
	s->used--;
	if (s->used == 0) {
		if (!was_full) {
			take_out(a, s);
		}
		free_page(a, s);
	} else if (was_full) {
		put_in(a, s);
	}
}

void arena_free(struct arena *a, void *p)
{
	ARENA_SET(a, *(void **)p, a->freed);
	ARENA_SET(a, a->freed, p);
}

size_t arena_cost(size_t n)
{
	size_t class = class_of(n);

	return class == NUM_CLASSES ? ARENA_PAGE : sizes[class];
}

size_t arena_cost_of(const void *p)
{
	return is_page(p) ? ARENA_PAGE : sizes[slab_of(p)->class];
}

/* --- the lock ------------------------------------------------------------ */

static void forget_notes(struct arena *a)
{
	in_this_order();
	a->num_notes = 0;
	in_this_order();
}

void arena_commit(struct arena *a)
{
	forget_notes(a);
	while (a->freed != NULL) {
		void *p = a->freed;

		ARENA_SET(a, a->freed, *(void **)p);
		if (is_page(p)) {
			free_page(a, p);
		} else {
			free_object(a, p);
		}
		if (arena_is_long(a)) {
			forget_notes(a);
		}
	}
	forget_notes(a);
}

bool arena_lock(struct arena *a)
{
	int err = pthread_mutex_lock(&a->lock);

	if (err == EOWNERDEAD) {
		arena_rollback(a);
		arena_commit(a); /* what a commit has left */
		err = pthread_mutex_consistent(&a->lock);
		ASSERT(err == 0);
		return true;
	}
	ASSERT(err == 0);
	return false;
}

void arena_unlock(struct arena *a)
{
	ASSERT(a->num_notes == 0);
	ASSERT(pthread_mutex_unlock(&a->lock) == 0);
}
