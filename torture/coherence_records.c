/* torture/coherence_records.c - numbered records, and the board. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/assert.h"
#include "torture/coherence.h"
#include "torture/run.h"

/* number, version, bytes made of them, and a sum of all before it */
#define NUMBER_AT  0
#define VERSION_AT 8
#define BYTES_AT   16
#define SUM_SIZE   8

struct record_place record_place(unsigned int number)
{
	struct record_place p = {.size = 64};

	ASSERT(number < RECORDS);
	while (number >= RECORD_MAX / p.size) {
		number -= (unsigned int)(RECORD_MAX / p.size);
		p.offset += RECORD_MAX;
		p.size *= 2;
	}
	p.offset += number * p.size;
	return p;
}

static uint64_t sum_of(const uint8_t *bytes, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < n; i++) {
		h = (h ^ bytes[i]) * 0x100000001b3u;
	}
	return h;
}

void record_make(unsigned int number, uint64_t version, uint8_t *out)
{
	size_t size = record_place(number).size;
	uint64_t x = version * 0x9e3779b97f4a7c15u + number, sum, n = number;

	memcpy(out + NUMBER_AT, &n, sizeof(n));
	memcpy(out + VERSION_AT, &version, sizeof(version));
	for (size_t i = BYTES_AT; i < size; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		out[i] = (uint8_t)(x >> 56);
	}
	sum = sum_of(out, size - SUM_SIZE);
	memcpy(out + size - SUM_SIZE, &sum, SUM_SIZE);
}

uint64_t record_version(unsigned int number, const uint8_t *bytes)
{
	size_t size = record_place(number).size;
	uint64_t n, version, sum;

	memcpy(&n, bytes + NUMBER_AT, sizeof(n));
	memcpy(&version, bytes + VERSION_AT, sizeof(version));
	memcpy(&sum, bytes + size - SUM_SIZE, SUM_SIZE);
	return n == number && sum == sum_of(bytes, size - SUM_SIZE) ? version
								    : 0;
}

static void raise_to(_Atomic unsigned long *to, unsigned long value)
{
	unsigned long was = atomic_load(to);

	while (was < value && !atomic_compare_exchange_weak(to, &was, value)) {
	}
}

void board_late(struct board *board, unsigned long ms)
{
	raise_to(&board->longest_ms, ms);
}

void board_took(struct board *board, unsigned long ms)
{
	raise_to(&board->slowest_ms, ms);
}

void board_violation(struct board *board, const char *fmt, ...)
{
	bool first = !atomic_exchange(&board->violated, true);
	va_list ap;

	if (first) {
		va_start(ap, fmt);
		vsnprintf(board->what, sizeof(board->what), fmt, ap);
		va_end(ap);
	}
	atomic_store(&board->stop, true);
	_exit(TORTURE_EXIT_FAIL);
}
