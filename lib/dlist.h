/* lib/dlist.h - doubly linked lists threaded through their elements, which
 * have members prev and next.  A list is a pointer to its first element, NULL
 * when empty.  The first element's prev is the last element, so that both ends
 * are at hand; the last one's next is NULL.  Walk with next. */
#ifndef LIB_DLIST_H
#define LIB_DLIST_H

#include <stddef.h>

/* e becomes the first. */
#define DLIST_ADD(list, e)                                                     \
	do {                                                                   \
		(e)->next = (list);                                            \
		if ((list) == NULL) {                                          \
			(e)->prev = (e);                                       \
		} else {                                                       \
			(e)->prev = (list)->prev;                              \
			(list)->prev = (e);                                    \
		}                                                              \
		(list) = (e);                                                  \
	} while (0)

/* e becomes the last. */
#define DLIST_ADD_END(list, e)                                                 \
	do {                                                                   \
		if ((list) == NULL) {                                          \
			DLIST_ADD(list, e);                                    \
		} else {                                                       \
			(e)->prev = (list)->prev;                              \
			(e)->next = NULL;                                      \
			(list)->prev->next = (e);                              \
			(list)->prev = (e);                                    \
		}                                                              \
	} while (0)

/* e, which is in the list, leaves it. */
#define DLIST_REMOVE(list, e)                                                  \
	do {                                                                   \
		if ((e)->next != NULL) {                                       \
			(e)->next->prev = (e)->prev;                           \
		} else {                                                       \
			(list)->prev = (e)->prev;                              \
		}                                                              \
		if ((list) == (e)) {                                           \
			(list) = (e)->next;                                    \
		} else {                                                       \
			(e)->prev->next = (e)->next;                           \
		}                                                              \
		(e)->prev = (e)->next = NULL;                                  \
	} while (0)

#endif
