/* torture/bench_idle.c - what a client that does nothing costs. */
#include <stdio.h>
#include <stdlib.h>

#include "torture/bench.h"
#include "torture/server.h"

static void summary(struct bench *b, const struct server_memory *m, size_t n,
		    bool json)
{
	unsigned long uss = 0, pss = 0, max_uss = 0;

	for (size_t i = 0; i < n; i++) {
		uss += m[i].uss;
		pss += m[i].pss;
		max_uss = m[i].uss > max_uss ? m[i].uss : max_uss;
	}
	if (json) {
		printf("{\"bench\": \"idle\", \"connections\": %u, "
		       "\"processes\": %zu, \"uss_kib\": %.1f, "
		       "\"pss_kib\": %.1f, \"uss_kib_max\": %lu}\n",
		       b->count, n, n ? (double)uss / (double)n : 0,
		       n ? (double)pss / (double)n : 0, max_uss);
		return;
	}
	printf("idle: %u connections, all served\n", b->count);
	if (n > 0) {
		printf("%zu processes: USS %.1f KiB (at most %lu), PSS %.1f "
		       "KiB each; per connection USS %.1f, PSS %.1f KiB\n",
		       n, (double)uss / (double)n, max_uss,
		       (double)pss / (double)n, (double)uss / b->count,
		       (double)pss / b->count);
	}
}

void bench_idle(struct bench *b, bool json)
{
	struct cli_tree **trees =
		talloc_array(b->t->mem, struct cli_tree *, b->count);
	struct server_memory *m =
		talloc_array(b->t->mem, struct server_memory, b->count + 100);
	size_t n = 0;

	CHECK(trees != NULL && m != NULL);
	bench_needs_descriptors(b->count);
	for (unsigned int i = 0; i < b->count; i++) {
		trees[i] = torture_tree(b->t);
	}
	for (unsigned int i = 0; i < b->count; i++) {
		OK(torture_try_open(b->t, trees[i], "", FILE_READ_ATTRIBUTES,
				    FILE_OPEN, 0));
	}
	cli_wait_ms(b->t->ev, 500);
	if (b->server_pid != 0) {
		n = server_memory_of_children(b->server_pid, m, b->count + 100);
	}
	summary(b, m, n, json);
	for (unsigned int i = 0; i < b->count; i++) {
		talloc_free(cli_tree_conn(trees[i]));
	}
}
