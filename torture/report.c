/* torture/report.c - checks: they say what is wrong and end the process. */
#include "torture/torture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture/run.h"

void torture_fail_at(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;

	printf("%s:%d: ", base != NULL ? base + 1 : file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	_Exit(TORTURE_EXIT_FAIL);
}

void torture_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	_Exit(TORTURE_EXIT_SKIP);
}

void torture_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void torture_status_at(const char *file, int line, NTSTATUS got, NTSTATUS want,
		       const char *what)
{
	char name[48];

	if (ntstatus_equal(got, want)) {
		return;
	}
	snprintf(name, sizeof(name), "%s", ntstatus_name(want));
	torture_fail_at(file, line, "%s gave %s, not %s", what,
			ntstatus_name(got), name);
}

void torture_one_of_at(const char *file, int line, NTSTATUS got,
		       const NTSTATUS *want, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++) {
		if (ntstatus_equal(got, want[i])) {
			return;
		}
	}
	torture_fail_at(file, line, "%s gave %s", what, ntstatus_name(got));
}

void torture_equal_at(const char *file, int line, uint64_t got, uint64_t want,
		      const char *what)
{
	if (got != want) {
		torture_fail_at(
			file, line, "%s is %llu (0x%llx), not %llu (0x%llx)",
			what, (unsigned long long)got, (unsigned long long)got,
			(unsigned long long)want, (unsigned long long)want);
	}
}
