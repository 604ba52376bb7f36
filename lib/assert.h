/* lib/assert.h - ASSERT: for this program's own mistakes, never a peer's.
 * It is never compiled out. */
#ifndef LIB_ASSERT_H
#define LIB_ASSERT_H

/* Prints where and what to the log and aborts. */
void assert_failed(const char *file, int line, const char *what)
	__attribute__((noreturn));

#define ASSERT(cond)                                                           \
	do {                                                                   \
		if (!(cond)) {                                                 \
			assert_failed(__FILE__, __LINE__, #cond);              \
		}                                                              \
	} while (0)

#endif
