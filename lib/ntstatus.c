/* lib/ntstatus.c - names of status codes and their relation to errno. */
#include "lib/ntstatus.h"

#include <errno.h>
#include <stdio.h>

const char *ntstatus_name(NTSTATUS s)
{
	static _Thread_local char unknown[16];

	switch (s.v) {
#define X(name, value)                                                         \
	case (uint32_t)(value):                                                \
		return "NT_STATUS_" #name;
#include "lib/ntstatus_list.h"
#undef X
	default:
		snprintf(unknown, sizeof(unknown), "0x%08x", s.v);
		return unknown;
	}
}

static const struct {
	int err;
	NTSTATUS status;
} errno_map[] = {
	{0, {NT_STATUS_V_SUCCESS}},
	{EPERM, {(uint32_t)NT_STATUS_V_ACCESS_DENIED}},
	{EACCES, {(uint32_t)NT_STATUS_V_ACCESS_DENIED}},
	{ENOENT, {(uint32_t)NT_STATUS_V_OBJECT_NAME_NOT_FOUND}},
	{ENOTDIR, {(uint32_t)NT_STATUS_V_NOT_A_DIRECTORY}},
	{EISDIR, {(uint32_t)NT_STATUS_V_FILE_IS_A_DIRECTORY}},
	{EEXIST, {(uint32_t)NT_STATUS_V_OBJECT_NAME_COLLISION}},
	{ENOTEMPTY, {(uint32_t)NT_STATUS_V_DIRECTORY_NOT_EMPTY}},
	{ENOSPC, {(uint32_t)NT_STATUS_V_DISK_FULL}},
	{EFBIG, {(uint32_t)NT_STATUS_V_DISK_FULL}},
	{EDQUOT, {(uint32_t)NT_STATUS_V_DISK_QUOTA_EXCEEDED}},
	{EROFS, {(uint32_t)NT_STATUS_V_MEDIA_WRITE_PROTECTED}},
	{EXDEV, {(uint32_t)NT_STATUS_V_NOT_SAME_DEVICE}},
	{EMLINK, {(uint32_t)NT_STATUS_V_TOO_MANY_LINKS}},
	{ENAMETOOLONG, {(uint32_t)NT_STATUS_V_OBJECT_NAME_INVALID}},
	{EILSEQ, {(uint32_t)NT_STATUS_V_OBJECT_NAME_INVALID}},
	{ELOOP, {(uint32_t)NT_STATUS_V_OBJECT_PATH_NOT_FOUND}},
	{EMFILE, {(uint32_t)NT_STATUS_V_TOO_MANY_OPENED_FILES}},
	{ENFILE, {(uint32_t)NT_STATUS_V_TOO_MANY_OPENED_FILES}},
	{ENOMEM, {(uint32_t)NT_STATUS_V_NO_MEMORY}},
	{EIO, {(uint32_t)NT_STATUS_V_IO_DEVICE_ERROR}},
	{EINVAL, {(uint32_t)NT_STATUS_V_INVALID_PARAMETER}},
	{EBADF, {(uint32_t)NT_STATUS_V_INVALID_HANDLE}},
	{EBUSY, {(uint32_t)NT_STATUS_V_SHARING_VIOLATION}},
	{ETXTBSY, {(uint32_t)NT_STATUS_V_SHARING_VIOLATION}},
	{EAGAIN, {(uint32_t)NT_STATUS_V_FILE_LOCK_CONFLICT}},
	{ENODATA, {(uint32_t)NT_STATUS_V_NOT_FOUND}},
	{EOPNOTSUPP, {(uint32_t)NT_STATUS_V_NOT_SUPPORTED}},
	{ENOSYS, {(uint32_t)NT_STATUS_V_NOT_SUPPORTED}},
	{E2BIG, {(uint32_t)NT_STATUS_V_EA_TOO_LARGE}},
	{ECANCELED, {(uint32_t)NT_STATUS_V_CANCELLED}},
	{ETIMEDOUT, {(uint32_t)NT_STATUS_V_IO_TIMEOUT}},
	{EPIPE, {(uint32_t)NT_STATUS_V_CONNECTION_DISCONNECTED}},
	{ECONNRESET, {(uint32_t)NT_STATUS_V_CONNECTION_RESET}},
	{ECONNREFUSED, {(uint32_t)NT_STATUS_V_CONNECTION_REFUSED}},
};

NTSTATUS ntstatus_from_errno(int err)
{
	for (size_t i = 0; i < sizeof(errno_map) / sizeof(errno_map[0]); i++) {
		if (errno_map[i].err == err) {
			return errno_map[i].status;
		}
	}
	return NT_STATUS(UNSUCCESSFUL);
}
