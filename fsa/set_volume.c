/* fsa/set_volume.c - FSA_SET_VOLUME ([MS-FSA] 2.1.5.16). */
#include <string.h>

#include "fsa/file.h"
#include "fsa/object_id.h"
#include "fsa/quota.h"

/* [MS-SMB2] 3.3.5.21.2 wants FILE_WRITE_DATA; what concerns all who use the
 * volume is an administrator's besides ([MS-FSCC] 2.5.2). */
static NTSTATUS check_access(const struct fsa_io *io)
{
	NTSTATUS status = file_check_access(io->file, FILE_WRITE_DATA);

	if (NT_STATUS_IS_OK(status) &&
	    (io->token->privileges & TOKEN_MANAGE_VOLUME) == 0) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	return status;
}

NTSTATUS fsa_set_volume_start(struct fsa_io *io)
{
	const struct fsa_set_volume *s = &io->u.set_volume;
	NTSTATUS status = check_access(io);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	switch (s->info_class) {
	case FileFsObjectIdInformation:
		return object_id_set_volume(io->volume, s->u.object_id);
	case FileFsControlInformation:
		return quota_set_control(io->volume, &s->u.control);
	default:
		return NT_STATUS(INVALID_INFO_CLASS);
	}
}
