/* locking/tests/share_table_test.c - many opens of one file: pages come and go,
 * nothing is lost, and what is asked is answered as a plain list answers it. */
#include "locking/share_mode.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/nt.h"
#include "locking/share_grant.h"
#include "locking/tests/fixture.h"

static const struct file_id a_file = {.device = 7, .inode = 42};
static const struct guid a_client = {{1}};

/* --- the model: a plain list ---------------------------------------------- */

#define MODEL_MAX 400

struct model_open {
	uint64_t id;
	uint32_t access, share, flags;
	uint8_t lease; /* the key; 0: none */
};

struct model {
	struct fixture *f;
	struct model_open opens[MODEL_MAX];
	size_t count;
	struct model_open now; /* what is added or removed */
};

static uint8_t does(const struct model_open *o)
{
	uint8_t bits = (o->access & FILE_READ_DATA) != 0 ? FILE_SHARE_READ : 0;

	bits |= (o->access & FILE_WRITE_DATA) != 0 ? FILE_SHARE_WRITE : 0;
	return bits;
}

static bool conflict(const struct model_open *a, const struct model_open *b)
{
	return does(a) != 0 && does(b) != 0 &&
	       ((does(a) & ~b->share) != 0 || (does(b) & ~a->share) != 0);
}

static bool model_refuses(const struct model *m, const struct model_open *o)
{
	for (size_t i = 0; i < m->count; i++) {
		if (conflict(&m->opens[i], o)) {
			return true;
		}
	}
	return false;
}

/* --- the real thing ------------------------------------------------------- */

static NTSTATUS ask(struct share_mode_lock *l, const struct model *m)
{
	const struct model_open *o = &m->now;
	const struct grant_request want = {.lease = true,
					   .wanted = GRANT_READ,
					   .client = a_client,
					   .key = {{o->lease}}};
	struct grant_answer got;
	NTSTATUS status = share_grant_ask(l, o->id, &want, &got);

	assert_ok(status);
	assert_int_equal(got.state, GRANT_READ);
	return status;
}

static NTSTATUS add_locked(struct share_mode_lock *l, void *private_data)
{
	const struct model *m = private_data;
	const struct model_open *o = &m->now;
	const struct share_mode_entry e = {.owner = *messaging_id(m->f->m),
					   .open_id = o->id,
					   .access = o->access,
					   .share = o->share};
	NTSTATUS status = share_mode_check(l, o->access, o->share, 0);

	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_add(l, &e, "/srv", "file");
	}
	return NT_STATUS_IS_OK(status) && o->lease != 0 ? ask(l, m) : status;
}

static NTSTATUS remove_locked(struct share_mode_lock *l, void *private_data)
{
	const struct model *m = private_data;

	return share_mode_remove(l, m->now.id);
}

static NTSTATUS run(struct model *m, share_mode_fn fn)
{
	return share_mode_do_locked(m->f->l->share_modes, &a_file, fn, m);
}

/* --- compared ------------------------------------------------------------- */

static bool same(const struct share_mode_info *info, void *private_data)
{
	const struct model *m = private_data;
	bool leases[256] = {0};
	uint32_t num_leases = 0;

	assert_int_equal(info->summary.num_entries, m->count);
	for (size_t i = 0; i < m->count; i++) {
		uint32_t k = 0;

		while (k < m->count &&
		       info->entries[k].open_id != m->opens[i].id) {
			k++;
		}
		assert_int_not_equal(k, m->count);
		assert_int_equal(info->entries[k].access, m->opens[i].access);
		assert_int_equal(info->entries[k].grant != 0,
				 m->opens[i].lease != 0);
		num_leases +=
			m->opens[i].lease != 0 && !leases[m->opens[i].lease];
		leases[m->opens[i].lease] = true;
	}
	assert_int_equal(info->summary.num_grants, num_leases);
	return true;
}

static NTSTATUS count_locked(struct share_mode_lock *l, void *private_data)
{
	const struct model *m = private_data;
	struct share_mode_entry e;

	assert_int_equal(share_mode_count(l, true), m->count);
	for (size_t i = 0; i < m->count; i++) {
		assert_ok(share_mode_get_entry(l, m->opens[i].id, &e));
		assert_int_equal(e.open_id, m->opens[i].id);
	}
	return NT_STATUS_OK;
}

static void compare(struct model *m)
{
	assert_ok(share_mode_traverse(m->f->l->share_modes, same, m));
	assert_ok(run(m, count_locked));
}

static struct model_open random_open(struct model *m, unsigned int *seed)
{
	static const uint32_t accesses[] = {FILE_READ_DATA, FILE_READ_DATA,
					    FILE_READ_DATA, FILE_WRITE_DATA,
					    FILE_READ_ATTRIBUTES};
	static uint64_t next;

	return (struct model_open){
		.id = ++next,
		.access = accesses[rand_r(seed) % 5],
		.share = rand_r(seed) % 60 == 0 ? FILE_SHARE_READ
						: FILE_SHARE_ALL,
		.lease = rand_r(seed) % 2 == 0 ? 0 : (uint8_t)rand_r(seed) | 1,
	};
}

static void step_open(struct model *m, unsigned int *seed)
{
	NTSTATUS status;

	m->now = random_open(m, seed);
	status = run(m, add_locked);
	if (model_refuses(m, &m->now)) {
		assert_is(status, SHARING_VIOLATION);
		return;
	}
	assert_ok(status);
	m->opens[m->count++] = m->now;
}

static void step_close(struct model *m, unsigned int *seed)
{
	size_t i = (size_t)rand_r(seed) % m->count;

	m->now = m->opens[i];
	assert_ok(run(m, remove_locked));
	assert_is(run(m, remove_locked), NOT_FOUND);
	m->opens[i] = m->opens[--m->count];
}

/* Up and down several times, each time with other numbers. */
static void test_model(void **state)
{
	struct model m = {.f = *state};
	unsigned int seed = (unsigned int)time(NULL);
	int steps = 0;

	printf("seed %u\n", seed);
	for (int wave = 0; wave < 6; wave++) {
		size_t top = (size_t)rand_r(&seed) % MODEL_MAX;

		for (int i = 0; i < 2000 && m.count < top; i++) {
			if (m.count == 0 || rand_r(&seed) % 4 != 0) {
				step_open(&m, &seed);
			} else {
				step_close(&m, &seed);
			}
			if (steps++ % 61 == 0) {
				compare(&m);
			}
		}
		while (m.count > 0) {
			step_close(&m, &seed);
			if (steps++ % 61 == 0) {
				compare(&m);
			}
		}
	}
	compare(&m);
}

/* --- very many ------------------------------------------------------------ */

#define VERY_MANY 10000

static bool has_pages(const struct share_mode_info *info, void *private_data)
{
	assert_int_equal(info->summary.num_entries, VERY_MANY);
	assert_int_equal(info->summary.entry_places, 0);
	assert_in_range(info->summary.entry_pages, VERY_MANY / 16,
			VERY_MANY / 4);
	return true;
}

static bool no_record(const struct share_mode_info *info, void *private_data)
{
	fail_msg("a record is left");
	return false;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static NTSTATUS check_delete(struct share_mode_lock *l, void *private_data)
{
	return share_mode_check(l, DELETE_ACCESS, FILE_SHARE_ALL, 0);
}

static void test_very_many(void **state)
{
	struct model m = {.f = *state, .now = {.access = FILE_READ_DATA}};
	double start = now();

	m.now.share = FILE_SHARE_READ | FILE_SHARE_WRITE;
	for (m.now.id = 1; m.now.id <= VERY_MANY; m.now.id++) {
		m.now.lease = (uint8_t)(m.now.id % 3);
		assert_ok(run(&m, add_locked));
	}
	printf("%.1f us an open", (now() - start) * 1e6 / VERY_MANY);
	assert_ok(share_mode_traverse(m.f->l->share_modes, has_pages, NULL));
	assert_is(run(&m, check_delete), SHARING_VIOLATION);
	start = now();
	for (uint64_t i = 0; i < VERY_MANY; i++) {
		m.now.id = i * 7 % VERY_MANY + 1;
		assert_ok(run(&m, remove_locked));
	}
	printf(", %.1f us a close\n", (now() - start) * 1e6 / VERY_MANY);
	assert_ok(share_mode_traverse(m.f->l->share_modes, no_record, NULL));
	assert_ok(run(&m, check_delete));
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_model),
		TEST(test_very_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
