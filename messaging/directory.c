/* messaging/directory.c - the folder of sockets.
 *
 * A socket is named PID.UNIQUE, so the name is the server id, and no name is
 * ever used twice.  A datagram socket can be connected to as long as the
 * process that bound it lives, and no longer: that is the test of life.  A name
 * without a living socket may therefore be removed by anybody at any time. */
#include "messaging/messaging_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/identity.h"
#include "lib/log.h"

#define NAME_SIZE sizeof("4294967295.0123456789abcdef")

static void name_format(const struct server_id *id, char *out)
{
	snprintf(out, NAME_SIZE, "%" PRIu32 ".%016" PRIx64, id->pid,
		 id->unique_id);
}

static bool name_parse(const char *name, struct server_id *out)
{
	struct server_id id = {0};
	char again[NAME_SIZE];

	if (sscanf(name, "%10" SCNu32 ".%16" SCNx64, &id.pid, &id.unique_id) !=
	    2) {
		return false;
	}
	name_format(&id, again);
	if (strcmp(name, again) != 0) {
		return false;
	}
	*out = id;
	return true;
}

void msg_address(const struct messaging_context *m, const struct server_id *id,
		 struct msg_address *out)
{
	char name[NAME_SIZE];
	size_t room = sizeof(out->un.sun_path);
	int n;

	name_format(id, name);
	out->un.sun_family = AF_UNIX;
	n = snprintf(out->un.sun_path, room, "%s/%s", m->dir, name);
	if ((size_t)n >= room) {
		n = snprintf(out->un.sun_path, room, "/proc/self/fd/%d/%s",
			     m->dir_fd, name);
	}
	ASSERT((size_t)n < room);
	out->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				  (size_t)n + 1);
}

NTSTATUS msg_dir_open(struct messaging_context *m, const char *lock_dir)
{
	char *dir = talloc_asprintf(m, "%s/msg", lock_dir);
	int fd;

	if (dir == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		return ntstatus_from_errno(errno);
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1) {
		return ntstatus_from_errno(errno);
	}
	m->dir = dir;
	m->dir_fd = fd;
	return NT_STATUS_OK;
}

void msg_dir_unlink(struct messaging_context *m, const struct server_id *id)
{
	char name[NAME_SIZE];

	name_format(id, name);
	identity_save();
	if (unlinkat(m->dir_fd, name, 0) != 0 && errno != ENOENT) {
		LOG_WARN(LOG_MSG, "cannot remove the socket %s/%s: %s", m->dir,
			 name, strerror(errno));
	}
	identity_restore();
}

int msg_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int msg_connect(struct messaging_context *m, int fd, const struct server_id *id)
{
	struct msg_address a;
	int ret;

	msg_address(m, id, &a);
	identity_save();
	ret = connect(fd, (struct sockaddr *)&a.un, a.length);
	ret = ret == 0 ? 0 : errno;
	identity_restore();
	return ret;
}

static bool means_dead(int err)
{
	return err == ECONNREFUSED || err == ENOENT;
}

bool server_id_exists(struct messaging_context *m, const struct server_id *id)
{
	int err, fd;

	if (server_id_equal(id, &m->id)) {
		return true;
	}
	if (id->pid == 0 || id->node != m->id.node) {
		return false;
	}
	fd = msg_socket();
	if (fd == -1) {
		/* Better to wait for a dead one than to rob a living one. */
		return true;
	}
	err = msg_connect(m, fd, id);
	close(fd);
	return !means_dead(err);
}

/* All names in the folder, dead or alive. */
static NTSTATUS list_names(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			   struct server_id **out, size_t *out_count)
{
	struct server_id *ids = talloc_array(mem_ctx, struct server_id, 0);
	struct server_id id;
	size_t count = 0;
	struct dirent *e;
	DIR *dir;

	identity_save();
	dir = opendir(m->dir);
	identity_restore();
	if (dir == NULL || ids == NULL) {
		goto fail;
	}
	while ((e = readdir(dir)) != NULL) {
		if (!name_parse(e->d_name, &id)) {
			continue;
		}
		if (count == talloc_array_length(ids)) {
			ids = talloc_realloc(mem_ctx, ids, struct server_id,
					     count * 2 + 8);
		}
		if (ids == NULL) {
			goto fail;
		}
		ids[count++] = id;
	}
	closedir(dir);
	*out = ids;
	*out_count = count;
	return NT_STATUS_OK;
fail:
	if (dir != NULL) {
		closedir(dir);
	}
	talloc_free(ids);
	return NT_STATUS(INSUFFICIENT_RESOURCES);
}

NTSTATUS messaging_list(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			struct server_id **out, size_t *out_count)
{
	size_t i, count, alive = 0;
	struct server_id *ids;
	NTSTATUS status;

	status = list_names(mem_ctx, m, &ids, &count);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	for (i = 0; i < count; i++) {
		if (server_id_exists(m, &ids[i])) {
			ids[alive++] = ids[i];
		}
	}
	*out = ids;
	*out_count = alive;
	return NT_STATUS_OK;
}

void messaging_sweep(struct messaging_context *m)
{
	struct server_id *ids;
	size_t i, count;
	NTSTATUS status;

	status = list_names(m, m, &ids, &count);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_MSG, "cannot read %s", m->dir);
		return;
	}
	for (i = 0; i < count; i++) {
		if (!server_id_exists(m, &ids[i])) {
			msg_dir_unlink(m, &ids[i]);
		}
	}
	talloc_free(ids);
}

NTSTATUS messaging_find_pid(struct messaging_context *m, uint32_t pid,
			    struct server_id *out)
{
	struct server_id *ids;
	size_t i, count;
	NTSTATUS status;

	status = list_names(m, m, &ids, &count);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
	for (i = 0; i < count; i++) {
		if (ids[i].pid == pid && server_id_exists(m, &ids[i])) {
			*out = ids[i];
			status = NT_STATUS_OK;
			break;
		}
	}
	talloc_free(ids);
	return status;
}

/* The first name of a dead process with this pid. */
static bool find_dead(struct messaging_context *m, DIR *dir, uint32_t pid,
		      struct server_id *out)
{
	char prefix[NAME_SIZE];
	struct dirent *e;
	size_t n;

	n = (size_t)snprintf(prefix, sizeof(prefix), "%" PRIu32 ".", pid);
	while ((e = readdir(dir)) != NULL) {
		if (strncmp(e->d_name, prefix, n) == 0 &&
		    name_parse(e->d_name, out) && !server_id_exists(m, out)) {
			return true;
		}
	}
	return false;
}

NTSTATUS messaging_bury(struct messaging_context *m, uint32_t pid,
			struct server_id *out)
{
	struct server_id id;
	bool found;
	DIR *dir;

	identity_save();
	dir = opendir(m->dir);
	identity_restore();
	if (dir == NULL) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	found = find_dead(m, dir, pid, &id);
	closedir(dir);
	if (!found) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	msg_dir_unlink(m, &id);
	*out = id;
	return NT_STATUS_OK;
}

size_t messaging_broadcast(struct messaging_context *m, uint32_t type,
			   struct blob payload)
{
	size_t i, count, sent = 0;
	struct server_id *ids;
	NTSTATUS status;

	status = list_names(m, m, &ids, &count);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_MSG, "cannot read %s: message %u is not sent",
			m->dir, (unsigned int)type);
		return 0;
	}
	for (i = 0; i < count; i++) {
		if (server_id_equal(&ids[i], &m->id)) {
			continue;
		}
		status = messaging_send(m, &ids[i], type, payload);
		if (NT_STATUS_IS_OK(status)) {
			sent++;
		} else if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
			LOG_WARN(LOG_MSG, "message %u to pid %u: %s",
				 (unsigned int)type, ids[i].pid,
				 ntstatus_name(status));
		}
	}
	talloc_free(ids);
	return sent;
}
