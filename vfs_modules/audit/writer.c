/* vfs_modules/audit/writer.c - see audit.h.
 *
 * Lines are put into a buffer, which the thread takes as a whole and writes.
 * Several processes append to one file, each whole lines at a time.  A file
 * that was moved away (logrotate) is opened again within a second. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "vfs_modules/audit/audit.h"

#define MAX_BUFFER   (1 << 20)
#define FREE_SECONDS 5

struct audit_writer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* Under the lock: */
	char *buffer;
	size_t length, size;
	unsigned long lost; /* lines */
	bool stop;
	bool abandoned; /* nobody waits for the thread */
	/* The thread's own: */
	int fd;
	time_t looked;
	char *path; /* NULL: socket */
	char *socket;
	int pri;
};

/* --- where to --------------------------------------------------------------
 */

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
		    0600);
}

static int open_socket(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void open_again(struct audit_writer *w)
{
	if (w->fd >= 0) {
		close(w->fd);
	}
	w->fd = w->path != NULL ? open_file(w->path) : open_socket(w->socket);
}

static void look(struct audit_writer *w)
{
	struct stat there, ours;
	time_t now = time(NULL);

	if (w->fd >= 0 && (w->path == NULL || now == w->looked)) {
		return;
	}
	w->looked = now;
	if (w->fd < 0 || stat(w->path, &there) != 0 ||
	    fstat(w->fd, &ours) != 0 || there.st_ino != ours.st_ino ||
	    there.st_dev != ours.st_dev) {
		open_again(w);
	}
}

static bool write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno != EINTR) {
			return false;
		}
		if (n > 0) {
			data += n;
			length -= (size_t)n;
		}
	}
	return true;
}

/* One line as the system's log has it (RFC 3164, without time and host). */
static bool send_line(const struct audit_writer *w, const char *line,
		      size_t length)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "<%d>holdfast-audit[%d]: ", w->pri,
			 (int)getpid());
	struct iovec parts[] = {
		{.iov_base = head, .iov_len = (size_t)n},
		{.iov_base = (void *)(uintptr_t)line, .iov_len = length}};
	const struct msghdr msg = {.msg_iov = parts, .msg_iovlen = 2};

	return sendmsg(w->fd, &msg, MSG_NOSIGNAL) >= 0;
}

/* How many lines could not be written. */
static unsigned long send_lines(struct audit_writer *w, const char *data,
				size_t length)
{
	unsigned long failed = 0;

	while (length > 0) {
		const char *end = memchr(data, '\n', length);
		size_t n = (size_t)(end - data);

		if (!send_line(w, data, n)) {
			open_again(w); /* syslogd was started again */
			failed += w->fd < 0 || !send_line(w, data, n);
		}
		length -= n + 1;
		data = end + 1;
	}
	return failed;
}

static unsigned long count_lines(const char *data, size_t length)
{
	unsigned long n = 0;

	for (size_t i = 0; i < length; i++) {
		n += data[i] == '\n';
	}
	return n;
}

static unsigned long write_out(struct audit_writer *w, const char *data,
			       size_t length)
{
	look(w);
	if (w->fd < 0) {
		return count_lines(data, length);
	}
	if (w->path == NULL) {
		return send_lines(w, data, length);
	}
	return write_all(w->fd, data, length) ? 0 : count_lines(data, length);
}

/* --- the thread ------------------------------------------------------------
 */

static void discard(struct audit_writer *w)
{
	if (w->fd >= 0) {
		close(w->fd);
	}
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	free(w->buffer);
	free(w->path);
	free(w->socket);
	free(w);
}

/* A gap in the record is part of the record. */
static unsigned long tell_lost(struct audit_writer *w, unsigned long lost)
{
	struct timespec now;
	struct tm tm;
	char when[32], line[160];
	int n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	n = snprintf(line, sizeof(line),
		     "{\"version\":%d,\"time\":\"%s.%06ldZ\",\"pid\":%d,"
		     "\"event\":\"lost\",\"count\":%lu}\n",
		     AUDIT_SCHEMA_VERSION, when, now.tv_nsec / 1000,
		     (int)getpid(), lost);
	return write_out(w, line, (size_t)n) == 0 ? 0 : lost;
}

static void *run(void *private_data)
{
	struct audit_writer *w = private_data;
	bool over = false;

	pthread_mutex_lock(&w->lock);
	while (!over) {
		unsigned long lost = w->lost;
		char *data = w->buffer;
		size_t length = w->length;

		if (length == 0 && !w->stop) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		over = length == 0;
		w->buffer = NULL;
		w->length = w->size = 0;
		w->lost = 0;
		pthread_mutex_unlock(&w->lock);
		if (lost > 0) {
			lost = tell_lost(w, lost);
		}
		lost += length == 0 ? 0 : write_out(w, data, length);
		free(data);
		pthread_mutex_lock(&w->lock);
		w->lost += lost;
	}
	over = w->abandoned;
	pthread_mutex_unlock(&w->lock);
	if (over) {
		discard(w);
	}
	return NULL;
}

static int start_thread(struct audit_writer *w)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
}

/* --- for audit.c -----------------------------------------------------------
 */

int audit_writer_create(const char *path, const char *socket, int pri,
			struct audit_writer **out)
{
	struct audit_writer *w = calloc(1, sizeof(*w));
	int err = ENOMEM;

	if (w == NULL) {
		return err;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	w->fd = -1;
	w->pri = pri;
	w->path = path == NULL ? NULL : strdup(path);
	w->socket = strdup(socket);
	if (w->socket != NULL && (path == NULL || w->path != NULL)) {
		w->fd = path == NULL ? -1 : open_file(path);
		err = path != NULL && w->fd < 0 ? errno : start_thread(w);
	}
	if (err != 0) {
		discard(w);
		return err;
	}
	*out = w;
	return 0;
}

static bool make_room(struct audit_writer *w, size_t length)
{
	size_t size = w->size == 0 ? 4096 : w->size;
	char *grown;

	if (w->length + length > MAX_BUFFER) {
		return false;
	}
	while (size < w->length + length) {
		size *= 2;
	}
	if (size == w->size) {
		return true;
	}
	grown = realloc(w->buffer, size);
	if (grown != NULL) {
		w->buffer = grown;
		w->size = size;
	}
	return grown != NULL;
}

void audit_writer_put(struct audit_writer *w, const char *line)
{
	size_t length = strlen(line);

	pthread_mutex_lock(&w->lock);
	if (make_room(w, length + 1)) {
		memcpy(w->buffer + w->length, line, length);
		w->buffer[w->length + length] = '\n';
		w->length += length + 1;
	} else {
		w->lost++;
	}
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void audit_writer_free(struct audit_writer *w)
{
	struct timespec until;

	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FREE_SECONDS;
	if (pthread_timedjoin_np(w->thread, NULL, &until) == 0) {
		discard(w);
		return;
	}
	/* The disk hangs; it frees itself, if ever it comes back. */
	pthread_detach(w->thread);
	pthread_mutex_lock(&w->lock);
	w->abandoned = true;
	pthread_mutex_unlock(&w->lock);
}
