/* messaging/tests/messaging_test.c - messages between processes. */
#include "messaging/messaging.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/identity.h"
#include "lib/wire.h"

#define assert_ok(status)	assert_int_equal((status).v, 0)
#define assert_is(status, name) assert_int_equal((status).v, NT_STATUS(name).v)

/* Two servers in one process: a and b. */
struct fixture {
	char dir[32];
	struct tevent_context *ev;
	struct messaging_context *a, *b;
	int got; /* messages that a handler below has seen */
	bool ok;
};

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	strcpy(f->dir, "/tmp/hf-msg-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->ev = tevent_context_init(f);
	f->ok = true;
	assert_ok(messaging_create(f, f->ev, f->dir, &f->a));
	assert_ok(messaging_create(f, f->ev, f->dir, &f->b));
	*state = f;
	return 0;
}

/* The sockets are gone with their owners, so both folders are empty. */
static int teardown(void **state)
{
	struct fixture *f = *state;
	char dir[32], msg[40];

	strcpy(dir, f->dir);
	snprintf(msg, sizeof(msg), "%s/msg", dir);
	talloc_free(f);
	if (rmdir(msg) != 0 || rmdir(dir) != 0) {
		return -1;
	}
	return 0;
}

static struct blob text_blob(const char *text)
{
	return (struct blob){.data = (uint8_t *)text, .length = strlen(text)};
}

static void run_until(struct fixture *f, int got)
{
	time_t end = time(NULL) + 10;

	while (f->got < got && time(NULL) < end) {
		tevent_loop_once(f->ev);
	}
	assert_int_equal(f->got, got);
}

static void stop(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	bool *over = private_data;

	*over = true;
}

static void run_for(struct tevent_context *ev, int msec)
{
	bool over = false;
	struct tevent_timer *te = tevent_add_timer(
		ev, ev, tevent_timeval_current_ofs(0, (uint32_t)msec * 1000),
		stop, &over);

	assert_non_null(te);
	while (!over) {
		tevent_loop_once(ev);
	}
}

static struct messaging_handler *listen_to(struct fixture *f,
					   struct messaging_context *m,
					   messaging_handler_fn fn)
{
	struct messaging_handler *h = NULL;

	assert_ok(messaging_register(f, m, MSG_TEST, fn, f, &h));
	return h;
}

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d) != NULL) {
		n++;
	}
	closedir(d);
	return n;
}

/* Forks a server of its own that sleeps; its id comes through a pipe. */
static pid_t fork_server(struct fixture *f, struct server_id *id)
{
	int p[2];
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if (tevent_re_initialise(f->ev) != 0 ||
		    !NT_STATUS_IS_OK(messaging_reinit(f->b)) ||
		    !NT_STATUS_IS_OK(messaging_reinit(f->a)) ||
		    write(p[1], messaging_id(f->a), sizeof(*id)) == -1) {
			_exit(1);
		}
		sleep(30);
		_exit(0);
	}
	close(p[1]);
	assert_int_equal(read(p[0], id, sizeof(*id)), sizeof(*id));
	close(p[0]);
	return pid;
}

static void kill_server(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- one message -------------------------------------------------------- */

static void expect_hello(struct messaging_context *m, struct message *msg,
			 void *private_data)
{
	struct fixture *f = private_data;

	f->ok = f->ok && msg->type == MSG_TEST && msg->payload.length == 5 &&
		memcmp(msg->payload.data, "hello", 5) == 0 &&
		msg->num_fds == 0 && msg->request_id == 0 &&
		server_id_equal(&msg->src, messaging_id(f->a));
	f->got++;
}

static void test_send(void **state)
{
	struct fixture *f = *state;
	const struct server_id *b = messaging_id(f->b);

	listen_to(f, f->b, expect_hello);
	assert_ok(messaging_send(f->a, b, MSG_TEST, text_blob("hello")));
	run_until(f, 1);
	assert_true(f->ok);
	assert_int_equal(messaging_queued(f->a, NULL), 0);
}

static void free_the_other(struct messaging_context *m, struct message *msg,
			   void *private_data)
{
	struct messaging_handler **other = private_data;

	TALLOC_FREE(*other);
}

/* A handler frees the one after it: that one is not called. */
static void test_handlers_may_go(void **state)
{
	struct fixture *f = *state;
	struct messaging_handler *second;

	assert_ok(messaging_register(f, f->b, MSG_TEST, free_the_other, &second,
				     NULL));
	second = listen_to(f, f->b, expect_hello);
	assert_ok(messaging_send(f->a, messaging_id(f->b), MSG_TEST,
				 text_blob("hello")));
	run_for(f->ev, 10);
	assert_null(second);
	assert_int_equal(f->got, 0);
}

static void expect_pattern(struct messaging_context *m, struct message *msg,
			   void *private_data)
{
	struct fixture *f = private_data;
	size_t i;

	for (i = 0; i < msg->payload.length; i++) {
		f->ok = f->ok && msg->payload.data[i] == (uint8_t)(i * 7);
	}
	f->got = (int)msg->payload.length;
}

static void test_sizes(void **state)
{
	static const size_t sizes[] = {1, MESSAGING_INLINE_MAX,
				       MESSAGING_INLINE_MAX + 1, 5000000};
	struct fixture *f = *state;
	struct blob b = {.data = talloc_size(f, 5000000)};
	int before = count_fds();
	size_t i;

	for (i = 0; i < 5000000; i++) {
		b.data[i] = (uint8_t)(i * 7);
	}
	listen_to(f, f->b, expect_pattern);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		b.length = sizes[i];
		f->got = 0;
		assert_ok(
			messaging_send(f->a, messaging_id(f->b), MSG_TEST, b));
		run_until(f, (int)sizes[i]);
		assert_true(f->ok);
	}
	b.length = (size_t)MESSAGING_MAX_PAYLOAD + 1;
	assert_is(messaging_send(f->a, messaging_id(f->b), MSG_TEST, b),
		  INVALID_PARAMETER);
	assert_int_equal(count_fds(), before);
}

/* --- descriptors -------------------------------------------------------- */

static void expect_fds(struct messaging_context *m, struct message *msg,
		       void *private_data)
{
	struct fixture *f = private_data;
	size_t i;

	f->ok = f->ok && msg->num_fds == MESSAGING_MAX_FDS;
	for (i = 0; i < msg->num_fds; i++) {
		f->ok = f->ok && write(msg->fds[i], "x", 1) == 1 &&
			(fcntl(msg->fds[i], F_GETFD) & FD_CLOEXEC) != 0;
	}
	f->got = msg->fds[3]; /* kept */
	msg->fds[3] = -1;
}

static void pass_descriptors(struct fixture *f, size_t payload)
{
	int p[2], fds[MESSAGING_MAX_FDS + 1], before = count_fds();
	struct blob b = {.data = talloc_zero_size(f, payload),
			 .length = payload};
	char buf[MESSAGING_MAX_FDS + 10];
	size_t i;

	assert_int_equal(pipe(p), 0);
	for (i = 0; i <= MESSAGING_MAX_FDS; i++) {
		fds[i] = p[1];
	}
	f->got = 0;
	assert_is(messaging_send_fds(f->a, messaging_id(f->b), MSG_TEST, b, fds,
				     MESSAGING_MAX_FDS + 1),
		  INVALID_PARAMETER);
	assert_ok(messaging_send_fds(f->a, messaging_id(f->b), MSG_TEST, b, fds,
				     MESSAGING_MAX_FDS));
	close(p[1]);
	while (f->got == 0) {
		tevent_loop_once(f->ev);
	}
	assert_true(f->ok);
	assert_int_equal(read(p[0], buf, sizeof(buf)), MESSAGING_MAX_FDS);
	close(p[0]);
	close(f->got);
	assert_int_equal(count_fds(), before);
}

static void test_descriptors(void **state)
{
	struct fixture *f = *state;

	listen_to(f, f->b, expect_fds);
	pass_descriptors(f, 10);
	pass_descriptors(f, 100000);
}

/* --- the dead ----------------------------------------------------------- */

static void test_dead_receiver_is_reported(void **state)
{
	struct fixture *f = *state;
	struct server_id id, other, found;
	pid_t pid = fork_server(f, &id);

	assert_int_equal(id.pid, pid);
	assert_true(server_id_exists(f->a, &id));
	other = id;
	other.unique_id++; /* the pid of a living one, used again */
	assert_false(server_id_exists(f->a, &other));
	assert_ok(messaging_find_pid(f->a, id.pid, &found));
	assert_int_equal(found.pid, id.pid);
	assert_ok(messaging_send(f->a, &id, MSG_TEST, text_blob("hello")));
	kill_server(pid);
	assert_false(server_id_exists(f->a, &id));
	assert_is(messaging_send(f->a, &id, MSG_TEST, text_blob("hello")),
		  OBJECT_NAME_NOT_FOUND);
	assert_is(messaging_find_pid(f->a, id.pid, &found),
		  OBJECT_NAME_NOT_FOUND);
	messaging_sweep(f->a);
}

static size_t count_sockets(struct fixture *f)
{
	struct dirent *e;
	char msg[40];
	size_t n = 0;
	DIR *d;

	snprintf(msg, sizeof(msg), "%s/msg", f->dir);
	d = opendir(msg);
	while ((e = readdir(d)) != NULL) {
		n += e->d_name[0] != '.';
	}
	closedir(d);
	return n;
}

static void test_stale_sockets_are_swept(void **state)
{
	struct fixture *f = *state;
	struct messaging_context *c;
	struct server_id id, *ids;
	size_t n;

	kill_server(fork_server(f, &id));
	assert_int_equal(count_sockets(f), 4);
	assert_ok(messaging_create(f, f->ev, f->dir, &c));
	assert_int_equal(count_sockets(f), 3);
	assert_ok(messaging_list(f, c, &ids, &n));
	assert_int_equal(n, 3);
}

static void test_bury(void **state)
{
	struct fixture *f = *state;
	struct server_id id, found, other;
	pid_t pid = fork_server(f, &id);
	uint32_t unsigned_pid = (uint32_t)pid;

	assert_is(messaging_bury(f->a, unsigned_pid, &found),
		  OBJECT_NAME_NOT_FOUND); /* it lives */
	kill_server(pid);
	/* the fixture's two servers are both that child's */
	assert_ok(messaging_bury(f->a, unsigned_pid, &found));
	assert_ok(messaging_bury(f->a, unsigned_pid, &other));
	assert_true(server_id_equal(&found, &id) ||
		    server_id_equal(&other, &id));
	assert_is(messaging_bury(f->a, unsigned_pid, &found),
		  OBJECT_NAME_NOT_FOUND);
	assert_int_equal(count_sockets(f), 2);
}

/* A child that ends leaves its parent's socket alone. */
static void test_fork_keeps_the_parents_socket(void **state)
{
	struct fixture *f = *state;
	int wstatus;
	pid_t pid = fork();

	if (pid == 0) {
		struct server_id parent = *messaging_id(f->a);

		if (tevent_re_initialise(f->ev) != 0 ||
		    !NT_STATUS_IS_OK(messaging_reinit(f->a)) ||
		    server_id_equal(&parent, messaging_id(f->a)) ||
		    !server_id_exists(f->a, &parent)) {
			_exit(1);
		}
		talloc_free(f);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_int_equal(wstatus, 0);
	assert_int_equal(count_sockets(f), 2);
	test_send(state);
}

/* --- request and reply -------------------------------------------------- */

static void answer(struct messaging_context *m, struct message *msg,
		   void *private_data)
{
	struct fixture *f = private_data;
	int fds[1] = {1};
	NTSTATUS status;

	f->got++;
	status = messaging_reply(m, msg,
				 msg->payload.length == 0
					 ? NT_STATUS(ACCESS_DENIED)
					 : NT_STATUS_OK,
				 msg->payload, fds, 1);
	f->ok = f->ok && NT_STATUS_IS_OK(status);
}

static void stay_silent(struct messaging_context *m, struct message *msg,
			void *private_data)
{
	struct fixture *f = private_data;

	f->got++;
}

static NTSTATUS request(struct fixture *f, const struct server_id *dst,
			const char *text, struct blob *out)
{
	struct tevent_req *req =
		messaging_request_send(f, f->a, dst, MSG_TEST, text_blob(text),
				       (struct timeval){.tv_usec = 50000});
	NTSTATUS status;

	assert_non_null(req);
	assert_true(tevent_req_poll(req, f->ev));
	status = messaging_request_recv(req, f, out);
	talloc_free(req);
	return status;
}

static void test_request_and_reply(void **state)
{
	struct fixture *f = *state;
	int before = count_fds();
	struct blob out;

	listen_to(f, f->b, answer);
	assert_ok(request(f, messaging_id(f->b), "echo", &out));
	assert_int_equal(out.length, 4);
	assert_memory_equal(out.data, "echo", 4);
	assert_is(request(f, messaging_id(f->b), "", &out), ACCESS_DENIED);
	assert_int_equal(count_fds(), before);
	assert_true(f->ok);
}

static void test_reply_descriptors(void **state)
{
	struct fixture *f = *state;
	struct tevent_req *req;
	int fds[3], before = count_fds();
	struct blob out;
	size_t n;

	listen_to(f, f->b, answer);
	req = messaging_request_send(f, f->a, messaging_id(f->b), MSG_TEST,
				     text_blob("x"), (struct timeval){0});
	assert_true(tevent_req_poll(req, f->ev));
	assert_ok(messaging_request_recv_fds(req, f, &out, fds, 3, &n));
	assert_int_equal(n, 1);
	assert_int_equal(count_fds(), before + 1);
	close(fds[0]);
	talloc_free(req);
}

static void test_request_without_answer(void **state)
{
	struct fixture *f = *state;

	assert_is(request(f, messaging_id(f->b), "x", NULL), NOT_SUPPORTED);
	listen_to(f, f->b, stay_silent);
	assert_is(request(f, messaging_id(f->b), "x", NULL), IO_TIMEOUT);
	assert_int_equal(f->got, 1);
}

/* The death of who should answer ends the waiting. */
static void test_request_to_one_who_dies(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fork_server(f, &id);
	struct tevent_req *req;
	struct blob payload;

	req = messaging_request_send(f, f->a, &id, MSG_TEST, text_blob("x"),
				     (struct timeval){0});
	assert_non_null(req);
	kill_server(pid);
	assert_is(request(f, &id, "x", NULL), OBJECT_NAME_NOT_FOUND);
	assert_ok(server_id_push(f, &id, &payload));
	assert_true(messaging_broadcast(f->b, MSG_PROCESS_DIED, payload) >= 1);
	assert_true(tevent_req_poll(req, f->ev));
	assert_is(messaging_request_recv(req, f, NULL), OBJECT_NAME_NOT_FOUND);
	messaging_sweep(f->a);
}

static void test_broadcast(void **state)
{
	struct fixture *f = *state;
	struct messaging_context *c;

	assert_ok(messaging_create(f, f->ev, f->dir, &c));
	listen_to(f, f->a, stay_silent);
	listen_to(f, f->b, stay_silent);
	listen_to(f, c, stay_silent);
	assert_int_equal(messaging_broadcast(f->a, MSG_TEST, text_blob("")), 2);
	run_until(f, 2);
	run_for(f->ev, 10);
	assert_int_equal(f->got, 2);
}

/* --- full receivers ----------------------------------------------------- */

struct sequence {
	uint32_t next;
	bool ok;
};

static void expect_next(struct messaging_context *m, struct message *msg,
			void *private_data)
{
	struct wire_reader r =
		wire_reader(msg->payload.data, msg->payload.length);
	struct sequence *s = private_data;

	s->ok = s->ok && wire_u32(&r) == s->next;
	s->next++;
}

/* A number, then so many bytes. */
static NTSTATUS send_number(struct messaging_context *m,
			    const struct server_id *dst, uint32_t number,
			    size_t size)
{
	static uint8_t buf[MESSAGING_INLINE_MAX];
	struct wire_writer w = wire_writer_fixed(buf, sizeof(buf));

	wire_put_u32(&w, number);
	return messaging_send(m, dst, MSG_TEST,
			      (struct blob){.data = buf, .length = 4 + size});
}

/* As many as are taken. */
static uint32_t send_until_full(struct messaging_context *m,
				const struct server_id *dst, size_t size)
{
	uint32_t sent;
	NTSTATUS status;

	for (sent = 0; sent < 100000; sent++) {
		status = send_number(m, dst, sent, size);
		if (!NT_STATUS_IS_OK(status)) {
			break;
		}
	}
	assert_is(status, INSUFFICIENT_RESOURCES);
	return sent;
}

/* One receiver's loop is not run.  a sends on, up to a bound, and to c freely;
 * when the one comes back it gets all that was taken, in order. */
static void test_stalled_receiver(void **state)
{
	struct fixture *f = *state;
	struct tevent_context *ev = tevent_context_init(f);
	struct sequence slow = {.ok = true}, fast = {.ok = true};
	struct messaging_context *stalled, *c;
	uint32_t sent, i;

	assert_ok(messaging_create(f, ev, f->dir, &stalled));
	assert_ok(messaging_create(f, f->ev, f->dir, &c));
	assert_ok(messaging_register(f, stalled, MSG_TEST, expect_next, &slow,
				     NULL));
	assert_ok(messaging_register(f, c, MSG_TEST, expect_next, &fast, NULL));
	sent = send_until_full(f->a, messaging_id(stalled), 20000);
	assert_true(messaging_queued(f->a, messaging_id(stalled)) > 0);
	assert_true(messaging_queued(f->a, NULL) <= MESSAGING_QUEUE_MAX);
	for (i = 0; i < 1000; i++) {
		assert_ok(send_number(f->a, messaging_id(c), i, 20000));
		while (fast.next <= i) {
			tevent_loop_once(f->ev);
		}
	}
	while (slow.next < sent) {
		tevent_loop_once(ev);
		if (messaging_queued(f->a, NULL) > 0) {
			tevent_loop_once(f->ev);
		}
	}
	assert_true(slow.ok && fast.ok);
	assert_int_equal(messaging_queued(f->a, NULL), 0);
	talloc_free(stalled);
}

/* A stalled receiver dies: the queue for it goes. */
static void test_stalled_receiver_dies(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fork_server(f, &id);
	uint32_t i;

	for (i = 0; i < 100; i++) {
		assert_ok(send_number(f->a, &id, i, 100));
	}
	assert_true(messaging_queued(f->a, &id) > 0);
	kill_server(pid);
	while (messaging_queued(f->a, &id) > 0) {
		tevent_loop_once(f->ev);
	}
	assert_is(send_number(f->a, &id, 0, 0), OBJECT_NAME_NOT_FOUND);
	messaging_sweep(f->a);
}

/* One that takes what comes, from half a second on. */
static pid_t fork_reader(struct tevent_context *ev)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		usleep(500000);
		for (;;) {
			tevent_loop_once(ev);
		}
	}
	return pid;
}

/* Who is about to end waits for those who take what was queued, and not for
 * ever for one who does not. */
static void test_flush(void **state)
{
	struct fixture *f = *state;
	struct tevent_context *ev = tevent_context_init(f);
	struct messaging_context *stalled;
	pid_t pid;

	assert_true(messaging_flush(f->a, 0));
	assert_ok(messaging_create(f, ev, f->dir, &stalled));
	send_until_full(f->a, messaging_id(stalled), 20000);
	assert_false(messaging_flush(f->a, 100));
	assert_true(messaging_queued(f->a, NULL) > 0);
	pid = fork_reader(ev); /* of the same socket */
	assert_true(messaging_flush(f->a, 10000));
	assert_int_equal(messaging_queued(f->a, NULL), 0);
	kill_server(pid);
	talloc_free(stalled);
}

/* --- the flood ---------------------------------------------------------- */

#define FLOOD_PROCESSES 4
#define FLOOD_EACH	8334 /* to each of the others: 100,008 in all */

struct flood {
	struct messaging_context *m;
	struct server_id ids[FLOOD_PROCESSES];
	struct sequence from[FLOOD_PROCESSES];
	uint32_t sent[FLOOD_PROCESSES];
	int me;
};

static void flood_received(struct messaging_context *m, struct message *msg,
			   void *private_data)
{
	struct flood *fl = private_data;
	int i;

	for (i = 0; i < FLOOD_PROCESSES; i++) {
		if (server_id_equal(&fl->ids[i], &msg->src)) {
			expect_next(m, msg, &fl->from[i]);
		}
	}
}

static bool flood_over(const struct flood *fl)
{
	int i;

	for (i = 0; i < FLOOD_PROCESSES; i++) {
		if (i != fl->me && (fl->sent[i] < FLOOD_EACH ||
				    fl->from[i].next < FLOOD_EACH)) {
			return false;
		}
	}
	return messaging_queued(fl->m, NULL) == 0;
}

/* Some to each, as long as they are taken. */
static void flood_send(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct flood *fl = private_data;
	bool more = false;
	int i, n;

	talloc_free(te);
	for (i = 0; i < FLOOD_PROCESSES; i++) {
		for (n = 0; n < 100 && i != fl->me; n++) {
			if (fl->sent[i] == FLOOD_EACH ||
			    !NT_STATUS_IS_OK(send_number(fl->m, &fl->ids[i],
							 fl->sent[i], 100))) {
				break;
			}
			fl->sent[i]++;
		}
		more = more || (i != fl->me && fl->sent[i] < FLOOD_EACH);
	}
	if (more) {
		tevent_add_timer(ev, fl->m, tevent_timeval_zero(), flood_send,
				 fl);
	}
}

static bool flood_run(struct fixture *f, struct flood *fl)
{
	int i;

	for (i = 0; i < FLOOD_PROCESSES; i++) {
		fl->from[i].ok = true;
	}
	if (!NT_STATUS_IS_OK(messaging_register(f, fl->m, MSG_TEST,
						flood_received, fl, NULL))) {
		return false;
	}
	tevent_add_timer(f->ev, fl->m, tevent_timeval_zero(), flood_send, fl);
	while (!flood_over(fl)) {
		tevent_loop_once(f->ev);
	}
	for (i = 0; i < FLOOD_PROCESSES; i++) {
		if (!fl->from[i].ok ||
		    (i != fl->me && fl->from[i].next != FLOOD_EACH)) {
			return false;
		}
	}
	return true;
}

static void flood_child(struct fixture *f, int me, int to_parent,
			int from_parent)
{
	struct flood fl = {.me = me, .m = f->a};
	char go;
	bool ok;

	TALLOC_FREE(f->b);
	alarm(30);
	if (tevent_re_initialise(f->ev) != 0 ||
	    !NT_STATUS_IS_OK(messaging_reinit(f->a)) ||
	    write(to_parent, messaging_id(f->a), sizeof(fl.ids[0])) == -1 ||
	    read(from_parent, fl.ids, sizeof(fl.ids)) != sizeof(fl.ids)) {
		_exit(1);
	}
	ok = flood_run(f, &fl);
	/* The others may still ask for this process's room. */
	ok = write(to_parent, ok ? "1" : "0", 1) == 1 &&
	     read(from_parent, &go, 1) == 1 && ok;
	talloc_free(f);
	_exit(ok ? 0 : 1);
}

static void test_flood(void **state)
{
	struct fixture *f = *state;
	struct server_id ids[FLOOD_PROCESSES];
	int up[FLOOD_PROCESSES][2], down[FLOOD_PROCESSES][2], i, wstatus;
	pid_t pids[FLOOD_PROCESSES];
	char ok;

	for (i = 0; i < FLOOD_PROCESSES; i++) {
		assert_int_equal(pipe(up[i]), 0);
		assert_int_equal(pipe(down[i]), 0);
		pids[i] = fork();
		if (pids[i] == 0) {
			flood_child(f, i, up[i][1], down[i][0]);
		}
		close(up[i][1]);
		close(down[i][0]);
		assert_int_equal(read(up[i][0], &ids[i], sizeof(ids[i])),
				 sizeof(ids[i]));
	}
	for (i = 0; i < FLOOD_PROCESSES; i++) {
		assert_int_equal(write(down[i][1], ids, sizeof(ids)),
				 sizeof(ids));
	}
	for (i = 0; i < FLOOD_PROCESSES; i++) {
		assert_int_equal(read(up[i][0], &ok, 1), 1);
		assert_int_equal(ok, '1');
	}
	for (i = 0; i < FLOOD_PROCESSES; i++) {
		assert_int_equal(write(down[i][1], "g", 1), 1);
		assert_int_equal(waitpid(pids[i], &wstatus, 0), pids[i]);
		assert_int_equal(wstatus, 0);
		close(up[i][0]);
		close(down[i][1]);
	}
}

/* --- who is listened to ------------------------------------------------- */

/* As another user, but right in all else. */
static void send_as_nobody(struct fixture *f)
{
	struct server_id b = *messaging_id(f->b);
	struct messaging_context *m;

	if (setgid(65534) != 0 || setuid(65534) != 0 ||
	    !NT_STATUS_IS_OK(messaging_create(f, f->ev, f->dir, &m)) ||
	    !NT_STATUS_IS_OK(
		    messaging_send(m, &b, MSG_TEST, text_blob("hello")))) {
		_exit(1);
	}
	talloc_free(m);
	_exit(0);
}

static void test_other_users_are_not_heard(void **state)
{
	struct fixture *f = *state;
	char path[100];
	int wstatus;
	pid_t pid;

	if (geteuid() != 0) {
		skip();
	}
	listen_to(f, f->b, stay_silent);
	snprintf(path, sizeof(path), "%s/msg", f->dir);
	assert_int_equal(chmod(f->dir, 0755), 0);
	assert_int_equal(chmod(path, 0777), 0);
	snprintf(path, sizeof(path), "%s/msg/%u.%016llx", f->dir,
		 messaging_id(f->b)->pid,
		 (unsigned long long)messaging_id(f->b)->unique_id);
	assert_int_equal(chmod(path, 0777), 0);
	pid = fork();
	if (pid == 0) {
		send_as_nobody(f);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_int_equal(wstatus, 0);
	run_for(f->ev, 20);
	assert_int_equal(f->got, 0);
}

/* Sending while a user's identity is in force. */
static void test_sending_as_a_user(void **state)
{
	const struct identity user = {.uid = 65534, .gid = 65534};
	struct fixture *f = *state;
	bool alive;
	NTSTATUS status;
	uint32_t i;

	listen_to(f, f->b, stay_silent);
	identity_assume(&user);
	status = messaging_send(f->a, messaging_id(f->b), MSG_TEST,
				text_blob("hello"));
	alive = server_id_exists(f->a, messaging_id(f->b));
	for (i = 0; i < 50; i++) {
		assert_ok(send_number(f->a, messaging_id(f->b), i, 100));
	}
	identity_drop();
	assert_ok(status);
	assert_true(alive);
	run_until(f, 51);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_send),
		TEST(test_handlers_may_go),
		TEST(test_sizes),
		TEST(test_descriptors),
		TEST(test_dead_receiver_is_reported),
		TEST(test_stale_sockets_are_swept),
		TEST(test_bury),
		TEST(test_fork_keeps_the_parents_socket),
		TEST(test_request_and_reply),
		TEST(test_reply_descriptors),
		TEST(test_request_without_answer),
		TEST(test_request_to_one_who_dies),
		TEST(test_broadcast),
		TEST(test_stalled_receiver),
		TEST(test_stalled_receiver_dies),
		TEST(test_flush),
		TEST(test_flood),
		TEST(test_other_users_are_not_heard),
		TEST(test_sending_as_a_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
