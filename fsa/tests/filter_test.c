/* fsa/tests/filter_test.c - the way of an fsa_io through filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fsa/file.h"
#include "fsa/filters.h"
#include "fsa/tests/fixture.h"

/* What the filters of a test do; they are "a", "b" and "c", a outermost. */
struct plan {
	enum fsa_op op;	  /* at which operation ... */
	NTSTATUS down[3]; /* ... each says this on the way down */
	NTSTATUS up[3];	  /* ... and this on the way up; OK: what it was told */
	bool answered[3]; /* with OK */
	bool waits[3];	  /* on the way down, until woken */
	bool waits_up[3]; /* on the way up */
	char seen[512];	  /* "a< b< b>0x0 a>0x0" */
	struct fsa_pass *waiting;
	NTSTATUS resume_with;
	unsigned int cancelled;
};

static struct plan *plan_of(const struct fsa_pass *p)
{
	return p->layer->state;
}

static void note(struct plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void note(struct plan *plan, const char *format, ...)
{
	size_t n = strlen(plan->seen);
	va_list ap;

	va_start(ap, format);
	vsnprintf(plan->seen + n, sizeof(plan->seen) - n, format, ap);
	va_end(ap);
}

static void cancel_wait(struct fsa_io *io)
{
	struct fsa_pass *p = io->state;

	plan_of(p)->cancelled++;
	fsa_pass_resume(p, NT_STATUS(CANCELLED));
}

static void wake(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	struct fsa_pass *p = private_data;

	fsa_pass_resume(p, plan_of(p)->resume_with);
}

static NTSTATUS wait_for(struct fsa_pass *p, struct tevent_context *ev)
{
	struct plan *plan = plan_of(p);

	plan->waiting = p;
	p->io->cancel = cancel_wait;
	p->io->state = p;
	if (ev != NULL) {
		tevent_add_timer(ev, ev, tevent_timeval_zero(), wake, p);
	}
	return NT_STATUS(PENDING);
}

/* The event loop by which a filter wakes itself; NULL: the test does. */
static struct tevent_context *clock_of(const struct fsa_pass *p)
{
	return *(struct tevent_context *const *)p->layer->config;
}

static NTSTATUS see_down(struct fsa_pass *p)
{
	struct plan *plan = plan_of(p);
	unsigned int i = p->layer->place;
	char *room = fsa_pass_room(p, char);

	assert_int_equal(*room, 0);
	*room = 'x';
	if (p->io->op != plan->op) {
		return NT_STATUS_OK;
	}
	note(plan, "%s< ", p->layer->filter->name);
	p->answered = plan->answered[i];
	return plan->waits[i] ? wait_for(p, clock_of(p)) : plan->down[i];
}

static NTSTATUS see_up(struct fsa_pass *p, NTSTATUS status)
{
	struct plan *plan = plan_of(p);
	unsigned int i = p->layer->place;

	assert_int_equal(*fsa_pass_room(p, char), 'x');
	if (p->io->op != plan->op) {
		return status;
	}
	note(plan, "%s>%s ", p->layer->filter->name,
	     ntstatus_name(status) + strlen("NT_STATUS_"));
	if (plan->waits_up[i]) {
		return wait_for(p, clock_of(p));
	}
	return NT_STATUS_IS_OK(plan->up[i]) ? status : plan->up[i];
}

static NTSTATUS see_loss(struct fsa_layer *l, const struct fsa_loss *loss,
			 bool *out_taken)
{
	struct plan *plan = l->state;

	note(plan, "%s:losing%d(%s) ", l->filter->name, loss->kind, loss->name);
	*out_taken = plan->answered[l->place];
	if (*out_taken) {
		const struct fsa_driver *d = fsa_volume_driver(l->volume);

		return d->rename(loss->node, "kept", false);
	}
	return plan->down[l->place];
}

static void see_lost(struct fsa_layer *l, const struct fsa_loss *loss,
		     NTSTATUS status)
{
	note(l->state, "%s:lost>%s ", l->filter->name,
	     ntstatus_name(status) + strlen("NT_STATUS_"));
}

#define SEES(n)                                                                \
	{                                                                      \
		.version = FSA_FILTER_VERSION, .name = n, .ops = FSA_ALL_OPS,  \
		.down = see_down, .up = see_up, .losing = see_loss,            \
		.lost = see_lost,                                              \
	}
static const struct fsa_filter filters[] = {SEES("a"), SEES("b"), SEES("c")};

static void add_filters(struct fixture *fx, struct plan *plan,
			struct tevent_context *clock)
{
	for (size_t i = 0; i < 3; i++) {
		struct fsa_layer *l;

		assert_ok(filters_add(fx->volume, &fx->params, &filters[i]));
		l = &fx->volume->layers[i];
		l->state = plan;
		l->config = talloc_memdup(fx->volume, &clock, sizeof(clock));
	}
}

static NTSTATUS open_x(struct fixture *fx, struct fsa_file **out)
{
	return fixture_open(
		fx,
		&(struct open_args){.name = "x",
				    .disposition = FILE_OPEN_IF,
				    .access = GENERIC_USE | DELETE_ACCESS,
				    .share = SHARE_ALL},
		out);
}

static void test_down_in_order_and_up_again(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_CREATE};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	assert_string_equal(plan.seen, "a< b< c< c>SUCCESS b>SUCCESS "
				       "a>SUCCESS ");
	plan.op = FSA_CLOSE;
	*plan.seen = '\0';
	assert_ok(fixture_close(fx, f));
	assert_string_equal(plan.seen, "a< b< c< c>SUCCESS b>SUCCESS "
				       "a>SUCCESS ");
}

static void test_who_refuses_or_answers_is_the_last(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_CREATE};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	plan.down[1] = NT_STATUS(ACCESS_DENIED);
	assert_status(open_x(fx, &f), ACCESS_DENIED);
	assert_string_equal(plan.seen, "a< b< a>ACCESS_DENIED ");
	assert_false(fixture_exists(fx, "x"));
	plan = (struct plan){.op = FSA_FLUSH, .answered = {false, true}};
	assert_ok(open_x(fx, &f));
	{
		struct fsa_io io = fixture_io(fx, FSA_FLUSH, f);

		assert_ok(fixture_run(fx, &io));
	}
	assert_string_equal(plan.seen, "a< b< a>SUCCESS ");
	assert_ok(fixture_close(fx, f));
}

static void test_a_close_cannot_be_kept_from_the_core(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_CLOSE};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	plan.down[1] = NT_STATUS(IO_TIMEOUT);
	plan.down[2] = NT_STATUS(ACCESS_DENIED);
	*plan.seen = '\0';
	assert_status(fixture_close(fx, f), IO_TIMEOUT);
	assert_non_null(strstr(plan.seen, "c< "));
	assert_non_null(strstr(plan.seen, "a>IO_TIMEOUT"));
	/* Shared with nobody: it is open no more. */
	plan = (struct plan){.op = FSA_OPS};
	assert_ok(fixture_open(
		fx, &(struct open_args){.name = "x", .disposition = FILE_OPEN},
		NULL));
}

static void test_the_way_up_can_change_the_status(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_WRITE};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	plan.up[2] = NT_STATUS(DISK_FULL);
	plan.up[0] = NT_STATUS(IO_TIMEOUT);
	assert_status(fixture_write(fx, f, 0, "text"), IO_TIMEOUT);
	assert_string_equal(plan.seen, "a< b< c< c>SUCCESS b>DISK_FULL "
				       "a>DISK_FULL ");
	assert_ok(fixture_close(fx, f));
}

static void test_every_filter_can_wait_both_ways(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_FLUSH,
			    .waits = {true, true, true},
			    .waits_up = {true, true, true}};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, fx->ev);
	assert_ok(open_x(fx, &f));
	for (int i = 0; i < 2; i++) {
		struct fsa_io io = fixture_io(fx, FSA_FLUSH, f);

		*plan.seen = '\0';
		assert_ok(fixture_run(fx, &io));
		assert_string_equal(plan.seen, "a< b< c< c>SUCCESS b>SUCCESS "
					       "a>SUCCESS ");
	}
	plan.resume_with = NT_STATUS(ACCESS_DENIED);
	*plan.seen = '\0';
	{
		struct fsa_io io = fixture_io(fx, FSA_FLUSH, f);

		assert_status(fixture_run(fx, &io), ACCESS_DENIED);
	}
	assert_string_equal(plan.seen, "a< ");
	assert_ok(fixture_close(fx, f));
}

static void note_done(struct fsa_io *io)
{
	*(bool *)io->private_data = true;
}

/* Waits at the place, down or up, and is cancelled there. */
static void check_cancel(struct fixture *fx, struct plan *plan,
			 struct fsa_file *f, unsigned int place, bool up)
{
	struct fsa_io io = fixture_io(fx, FSA_FLUSH, f);
	bool done = false;

	*plan = (struct plan){.op = FSA_FLUSH};
	plan->waits[place] = !up;
	plan->waits_up[place] = up;
	io.complete = note_done;
	io.private_data = &done;
	assert_status(fsa_dispatch(&io), PENDING);
	while (plan->waiting == NULL) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	assert_false(done);
	fsa_io_cancel(&io);
	assert_true(done);
	assert_int_equal(plan->cancelled, 1);
	assert_status(io.status, CANCELLED);
	fsa_io_cancel(&io); /* does nothing now */
	assert_int_equal(plan->cancelled, 1);
}

static void test_a_cancel_reaches_who_waits(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_FLUSH};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	for (unsigned int place = 0; place < 3; place++) {
		check_cancel(fx, &plan, f, place, false);
		check_cancel(fx, &plan, f, place, true);
	}
	assert_ok(fixture_close(fx, f));
}

static void test_a_cancel_reaches_the_core(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_NOTIFY};
	struct fsa_file *f = NULL;
	struct fsa_io io;
	bool done = false;

	add_filters(fx, &plan, NULL);
	assert_ok(
		fixture_open(fx,
			     &(struct open_args){.name = "",
						 .disposition = FILE_OPEN,
						 .access = FILE_LIST_DIRECTORY,
						 .share = SHARE_ALL},
			     &f));
	io = fixture_io(fx, FSA_NOTIFY, f);
	io.u.notify = (struct fsa_notify){.filter = 1, .room = 100};
	io.complete = note_done;
	io.private_data = &done;
	assert_status(fsa_dispatch(&io), PENDING);
	assert_string_equal(plan.seen, "a< b< c< ");
	fsa_io_cancel(&io);
	assert_true(done);
	assert_status(io.status, CANCELLED);
	assert_string_equal(plan.seen, "a< b< c< c>CANCELLED b>CANCELLED "
				       "a>CANCELLED ");
	assert_ok(fixture_close(fx, f));
}

static void test_many_wait_at_once(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_FLUSH, .waits = {false, true, false}};
	struct fsa_io io[5];
	struct fsa_pass *passes[5];
	bool done[5] = {false};
	struct fsa_file *f = NULL;

	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	for (int i = 0; i < 5; i++) {
		io[i] = fixture_io(fx, FSA_FLUSH, f);
		io[i].complete = note_done;
		io[i].private_data = &done[i];
		assert_status(fsa_dispatch(&io[i]), PENDING);
		passes[i] = plan.waiting;
	}
	for (int i = 4; i >= 0; i--) {
		fsa_pass_resume(passes[i], NT_STATUS(IO_TIMEOUT));
		assert_true(done[i]);
		assert_status(io[i].status, IO_TIMEOUT);
	}
	assert_ok(fixture_close(fx, f));
}

static void test_only_what_a_filter_wants_to_see(void **state)
{
	static const struct fsa_filter reads = {
		.version = FSA_FILTER_VERSION,
		.name = "reads",
		.ops = FSA_OP_BIT(FSA_READ),
		.down = see_down,
		.up = see_up,
	};
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_READ};
	struct fsa_file *f = NULL;
	char text[8];
	uint32_t n;

	assert_ok(filters_add(fx->volume, &fx->params, &reads));
	fx->volume->layers[0].state = &plan;
	assert_ok(open_x(fx, &f));
	plan.op = FSA_WRITE;
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_string_equal(plan.seen, "");
	plan.op = FSA_READ;
	assert_ok(fixture_read(fx, f, 0, text, sizeof(text), &n));
	assert_string_equal(plan.seen, "reads< reads>SUCCESS ");
	assert_ok(fixture_close(fx, f));
}

static void test_ios_of_a_filters_own_go_below_it(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_QUERY_VOLUME};
	struct fsa_io io = fixture_io(fx, FSA_QUERY_VOLUME, NULL);

	io.u.query_volume.info_class = FileFsSizeInformation;

	add_filters(fx, &plan, NULL);
	assert_ok(fsa_layer_dispatch(&fx->volume->layers[1], &io));
	assert_string_equal(plan.seen, "c< c>SUCCESS ");
	*plan.seen = '\0';
	assert_ok(fsa_layer_dispatch(&fx->volume->layers[2], &io));
	assert_string_equal(plan.seen, "");
}

static void test_a_note_belongs_to_filter_and_open(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_OPS};
	const struct fsa_layer *l;
	struct fsa_file *f = NULL;
	struct fsa_file *g = NULL;

	add_filters(fx, &plan, NULL);
	l = fx->volume->layers;
	assert_ok(open_x(fx, &f));
	assert_ok(open_x(fx, &g));
	assert_null(fsa_layer_get_note(&l[0], f));
	assert_ok(fsa_layer_set_note(&l[0], f, &plan));
	assert_ptr_equal(fsa_layer_get_note(&l[0], f), &plan);
	assert_null(fsa_layer_get_note(&l[1], f));
	assert_null(fsa_layer_get_note(&l[0], g));
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, g));
}

/* --- what is lost ----------------------------------------------------------
 */

static void delete_x(struct fixture *fx)
{
	struct fsa_file *f = NULL;

	assert_ok(open_x(fx, &f));
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
}

static void test_a_deletion_is_announced(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_OPS};

	add_filters(fx, &plan, NULL);
	delete_x(fx);
	assert_string_equal(plan.seen, "a:losing0(x) b:losing0(x) c:losing0(x) "
				       "c:lost>SUCCESS b:lost>SUCCESS "
				       "a:lost>SUCCESS ");
	assert_false(fixture_exists(fx, "x"));
}

static void test_a_filter_can_take_what_is_deleted(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_OPS, .answered = {false, true}};

	add_filters(fx, &plan, NULL);
	delete_x(fx);
	assert_string_equal(plan.seen, "a:losing0(x) b:losing0(x) "
				       "b:lost>SUCCESS a:lost>SUCCESS ");
	assert_false(fixture_exists(fx, "x"));
	assert_true(fixture_exists(fx, "kept"));
}

static void test_a_filter_can_forbid_a_deletion(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_OPS};

	add_filters(fx, &plan, NULL);
	plan.down[1] = NT_STATUS(ACCESS_DENIED);
	delete_x(fx);
	assert_string_equal(plan.seen, "a:losing0(x) b:losing0(x) "
				       "b:lost>ACCESS_DENIED "
				       "a:lost>ACCESS_DENIED ");
	assert_true(fixture_exists(fx, "x"));
}

static void test_replacing_and_overwriting_are_announced(void **state)
{
	struct fixture *fx = *state;
	struct plan plan = {.op = FSA_OPS};
	struct fsa_file *f = NULL;

	fixture_make_file(fx, "y", "old");
	fixture_make_file(fx, "z", "old");
	add_filters(fx, &plan, NULL);
	assert_ok(open_x(fx, &f));
	assert_string_equal(plan.seen, "");
	assert_ok(fixture_rename(fx, f, "y", true));
	assert_ok(fixture_close(fx, f));
	assert_string_equal(plan.seen, "a:losing1(y) b:losing1(y) c:losing1(y) "
				       "c:lost>SUCCESS b:lost>SUCCESS "
				       "a:lost>SUCCESS ");
	*plan.seen = '\0';
	assert_ok(fixture_open(
		fx,
		&(struct open_args){.name = "z", .disposition = FILE_OVERWRITE},
		NULL));
	assert_string_equal(plan.seen, "a:losing2(z) b:losing2(z) c:losing2(z) "
				       "c:lost>SUCCESS b:lost>SUCCESS "
				       "a:lost>SUCCESS ");
	plan.down[0] = NT_STATUS(MEDIA_WRITE_PROTECTED);
	assert_status(
		fixture_open(fx,
			     &(struct open_args){.name = "z",
						 .disposition = FILE_OVERWRITE},
			     NULL),
		MEDIA_WRITE_PROTECTED);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_down_in_order_and_up_again),
		TEST(test_who_refuses_or_answers_is_the_last),
		TEST(test_a_close_cannot_be_kept_from_the_core),
		TEST(test_the_way_up_can_change_the_status),
		TEST(test_every_filter_can_wait_both_ways),
		TEST(test_a_cancel_reaches_who_waits),
		TEST(test_a_cancel_reaches_the_core),
		TEST(test_many_wait_at_once),
		TEST(test_only_what_a_filter_wants_to_see),
		TEST(test_ios_of_a_filters_own_go_below_it),
		TEST(test_a_note_belongs_to_filter_and_open),
		TEST(test_a_deletion_is_announced),
		TEST(test_a_filter_can_take_what_is_deleted),
		TEST(test_a_filter_can_forbid_a_deletion),
		TEST(test_replacing_and_overwriting_are_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
