/* locking/tests/share_mode_fuzz.c - any bytes as a record of share modes and as
 * its pages: what is there is read, and an open comes, asks for a lease, breaks
 * others' and goes.  The first two bytes are the length of the record. */
#include <stdlib.h>

#include "lib/nt.h"
#include "lib/wire.h"
#include "locking/share_grant.h"
#include "locking/share_mode_int.h"
#include "locking/tests/fixture.h"

#define OPEN_ID	  0x4711
#define PAGES_MAX 300

static const struct file_id a_file = {.device = 7, .inode = 42};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

/* Made once, and taken away at the end. */
static void *fixture;

static void take_away(void)
{
	must(fixture_teardown(&fixture) == 0);
}

static struct fixture *the_fixture(void)
{
	if (fixture == NULL) {
		must(fixture_setup(&fixture) == 0 && atexit(take_away) == 0);
	}
	return fixture;
}

static void tell(const struct server_id *owner,
		 const struct grant_break_message *m, void *private_data)
{
}

/* Store the bytes: the same page as one of entries and one of grants. */
static void put(struct fixture *f, struct blob value, struct blob page)
{
	struct share_modes *s = f->l->share_modes;
	uint8_t bytes[SHARE_PAGE_KEY_SIZE];
	struct blob key;

	must(NT_STATUS_IS_OK(share_mode_key(&a_file, bytes, &key)) &&
	     NT_STATUS_IS_OK(db_store(s->db, key, value)));
	for (unsigned int i = 0; i < 4; i++) {
		struct wire_writer w =
			wire_writer_fixed(bytes + FILE_ID_SIZE, 4);

		wire_put_u32(&w, (i & 1) | (i < 2 ? 0 : SHARE_PAGE_GRANTS));
		key.length = sizeof(bytes);
		must(NT_STATUS_IS_OK(db_store(s->pages, key, page)));
	}
}

static NTSTATUS come(struct share_mode_lock *l, void *private_data)
{
	struct fixture *f = private_data;
	const struct share_mode_entry e = {.owner = *messaging_id(f->m),
					   .open_id = OPEN_ID,
					   .access = FILE_READ_DATA,
					   .share = FILE_SHARE_ALL};
	const struct grant_request want = {.lease = true,
					   .wanted = GRANT_ALL,
					   .client = {{1}},
					   .key = {{2}}};
	const struct grant_actor somebody = {0};
	const struct grant_breaker b = {.tell = tell, .now = 1, .patience = 1};
	struct share_mode_entry found;
	struct grant_answer got;
	NTTIME until;
	NTSTATUS status = share_mode_check(l, e.access, e.share, 0);

	(void)share_mode_count(l, false);
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_add(l, &e, "/srv", "file");
	}
	if (NT_STATUS_IS_OK(status)) {
		must(NT_STATUS_IS_OK(share_mode_get_entry(l, OPEN_ID, &found)));
		status = share_grant_ask(l, OPEN_ID, &want, &got);
	}
	return NT_STATUS_IS_OK(status)
		       ? share_grant_break(l, GRANT_OP_WRITE, &somebody, &b,
					   &until)
		       : status;
}

static NTSTATUS go(struct share_mode_lock *l, void *private_data)
{
	NTSTATUS status = share_mode_remove(l, OPEN_ID);

	share_mode_remove_dead(l);
	share_mode_count_anew(l);
	return status;
}

static bool look(const struct share_mode_info *info, void *private_data)
{
	uint32_t *entries = private_data;

	*entries += info->summary.num_entries;
	return true;
}

/* To look at very many pages, most of which are not there, takes its time. */
static bool is_too_long(struct blob value)
{
	struct share_mode_summary sum;

	return NT_STATUS_IS_OK(share_mode_summary_of(value, &sum)) &&
	       (sum.entry_pages > PAGES_MAX || sum.grant_pages > PAGES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fixture *f = the_fixture();
	struct share_modes *s = f->l->share_modes;
	struct wire_reader r = wire_reader(data, size);
	size_t length = wire_u16(&r);
	struct blob all = {.data = (uint8_t *)(uintptr_t)data + 2};
	struct blob page;
	uint32_t entries = 0;
	NTSTATUS status;

	if (!wire_ok(&r) || length > size - 2) {
		return 0;
	}
	all.length = length;
	if (is_too_long(all)) {
		return 0;
	}
	page = (struct blob){.data = all.data + length,
			     .length = size - 2 - length};
	put(f, all, page);
	must(NT_STATUS_IS_OK(share_mode_traverse(s, look, &entries)));
	status = share_mode_do_locked(s, &a_file, come, f);
	must(NT_STATUS_IS_OK(share_mode_traverse(s, look, &entries)));
	if (NT_STATUS_IS_OK(status)) {
		must(NT_STATUS_IS_OK(share_mode_do_locked(s, &a_file, go, f)));
	}
	return 0;
}
