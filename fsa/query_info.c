/* fsa/query_info.c - FSA_QUERY_INFO ([MS-FSA] 2.1.5.12). */
#include "fsa/ea.h"
#include "fsa/file.h"
#include "fsa/protect.h"
#include "fsa/hidden.h"
#include "fsa/quota.h"
#include "fsa/mangle.h"
#include "fsa/share.h"

/* What a class needs; those not named need nothing. */
static uint32_t access_for(enum file_information_class info_class)
{
	switch (info_class) {
	case FileBasicInformation:
	case FileAllInformation:
	case FileNetworkOpenInformation:
	case FileAttributeTagInformation:
	case FilePipeInformation:
	case FilePipeLocalInformation:
	case FilePipeRemoteInformation:
	case FileStatInformation:
	case FileStatLxInformation:
	case FileCaseSensitiveInformation:
	case FilePosixInformation:
		return FILE_READ_ATTRIBUTES;
	case FileFullEaInformation:
		return FILE_READ_EA;
	default:
		return 0;
	}
}

static NTSTATUS check_class(enum file_information_class info_class,
			    bool directory)
{
	switch (info_class) {
	case FileBasicInformation:
	case FileStandardInformation:
	case FileInternalInformation:
	case FileEaInformation:
	case FileFullEaInformation:
	case FileAccessInformation:
	case FileNameInformation:
	case FilePositionInformation:
	case FileModeInformation:
	case FileAlignmentInformation:
	case FileAlternateNameInformation:
	case FileAllInformation:
	case FileStreamInformation:
	case FileCompressionInformation:
	case FileNetworkOpenInformation:
	case FileAttributeTagInformation:
	case FileNormalizedNameInformation:
	case FileIdInformation:
	case FileStatInformation:
	case FileStatLxInformation:
	case FilePosixInformation:
		return NT_STATUS_OK;
	case FileCaseSensitiveInformation: /* a directory's, and never set */
		return directory ? NT_STATUS_OK : NT_STATUS(INVALID_PARAMETER);
	case FileHardLinkInformation:
	case FileObjectIdInformation:
	case FileQuotaInformation:
	case FileReparsePointInformation:
	case FileSfioReserveInformation:
	case FileStandardLinkInformation: /* and on what is no pipe: */
	case FilePipeInformation:
	case FilePipeLocalInformation:
	case FilePipeRemoteInformation:
		return NT_STATUS(NOT_SUPPORTED);
	default:
		return NT_STATUS(INVALID_INFO_CLASS);
	}
}

/* [MS-FSA] 2.1.5.12.27: a link that is to be deleted does not count, and a file
 * without a link is deleted. */
static void add_deletion(const struct fsa_file *f, struct fsa_stat *st)
{
	st->delete_pending = share_is_delete_pending(f);
	if (st->delete_pending && st->nlink > 0) {
		st->nlink--;
	}
	st->delete_pending |= st->nlink == 0;
}

/* What the user may, whatever this open was granted; with Lx, whose it is. */
static NTSTATUS add_access(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_query_info *q = &io->u.query_info;
	struct fsa_unix u = {0};
	uint32_t rights = 0;
	NTSTATUS status = protect_get_rights(io, file_node(f), MAXIMUM_ALLOWED,
					     false, &rights);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	q->info.effective_access =
		rights & fsa_volume_maximal_access(f->volume);
	if (q->info_class == FileStatLxInformation) {
		status = driver_of(f)->get_unix(file_node(f), &u);
		q->info.uid = u.uid;
		q->info.gid = u.gid;
		q->info.unix_mode = u.mode;
	}
	return status;
}

NTSTATUS fsa_query_info_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_query_info *q = &io->u.query_info;
	uint32_t needs = access_for(q->info_class);
	NTSTATUS status = NT_STATUS_OK;

	if (needs != 0) {
		status = file_check_access(f, needs);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_class(q->info_class, f->node->directory);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	q->info = (struct fsa_file_info){
		.granted_access = f->granted,
		.mode = f->mode,
		.position = f->position,
		.alignment = 0, /* FILE_BYTE_ALIGNMENT */
		.name = f->name,
	};
	status = driver_of(f)->stat(f->node, &q->info.stat);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	file_show_times(f, &q->info.stat);
	hidden_mark(f->volume, f->name, &q->info.stat);
	quota_set_stat(f, &q->info.stat);
	if (q->info_class == FileStandardInformation ||
	    q->info_class == FileAllInformation ||
	    q->info_class == FileStatInformation ||
	    q->info_class == FileStatLxInformation) {
		add_deletion(f, &q->info.stat);
	}
	if (q->info_class == FileNormalizedNameInformation) {
		q->info.name = driver_of(f)->path(f->node);
	}
	switch (q->info_class) {
	case FileAlternateNameInformation:
		return mangle_query(f, q->info.short_name);
	case FileStreamInformation:
		return fsa_list_streams(io);
	case FileFullEaInformation:
		return fsa_query_eas(io);
	case FileStatInformation:
	case FileStatLxInformation:
		return add_access(io);
	case FileEaInformation:
	case FileAllInformation:
		if (f->volume->eas) {
			q->info.stat.ea_size =
				driver_of(f)->ea_size(file_node(f));
		}
		return NT_STATUS_OK;
	default:
		return NT_STATUS_OK;
	}
}
