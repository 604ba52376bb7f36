/* fsa/query_volume.c - FSA_QUERY_VOLUME ([MS-FSA] 2.1.5.13). */
#include <string.h>

#include "fsa/file.h"
#include "fsa/object_id.h"
#include "fsa/quota.h"
#include "fsa/time_machine.h"

NTSTATUS fsa_query_volume_start(struct fsa_io *io)
{
	struct fsa_volume *v = io->volume;
	struct fsa_query_volume *q = &io->u.query_volume;
	NTSTATUS status;

	switch (q->info_class) {
	case FileFsVolumeInformation:
	case FileFsSizeInformation:
	case FileFsDeviceInformation:
	case FileFsAttributeInformation:
	case FileFsFullSizeInformation:
	case FileFsObjectIdInformation:
	case FileFsSectorSizeInformation:
	case FileFsPosixInformation:
		break;
	case FileFsControlInformation:
		return quota_get_control(v, &q->info.control);
	case FileFsDriverPathInformation:
	case FileFsLabelInformation:
	case FileFsVolumeFlagsInformation:
		return NT_STATUS(NOT_SUPPORTED);
	default:
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	status = v->driver->volume_info(v->mount, &q->info);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	q->info.label = v->label;
	if (!v->streams) {
		q->info.attributes &= ~FILE_NAMED_STREAMS;
	}
	if (!v->eas) {
		q->info.attributes &= ~FILE_SUPPORTS_EXTENDED_ATTRIBUTES;
	}
	if (q->info_class == FileFsSizeInformation ||
	    q->info_class == FileFsFullSizeInformation) {
		quota_limit_sizes(v, io->identity->uid, &q->info);
		time_machine_limit(v, &q->info);
	}
	if (v->read_only) {
		q->info.attributes |= FILE_READ_ONLY_VOLUME;
	}
	if (q->info_class == FileFsAttributeInformation && quota_is_kept(v)) {
		q->info.attributes |= FILE_VOLUME_QUOTAS;
	}
	q->info.sectors = (struct fsa_sectors){.offset = SSINFO_OFFSET_UNKNOWN};
	if (q->info_class == FileFsSectorSizeInformation &&
	    v->driver->sectors != NULL) {
		status = v->driver->sectors(v->mount, &q->info.sectors);
		return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
	}
	if (q->info_class == FileFsObjectIdInformation) {
		uint8_t own[16];

		memcpy(own, q->info.object_id, sizeof(own));
		return object_id_get_volume(v, own, q->info.object_id);
	}
	return NT_STATUS_OK;
}
