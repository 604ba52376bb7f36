/* torture/info_classes.c - every number of an information class, of every kind
 * of file, with buffers of every interesting length ([MS-FSCC] 2.4, 2.5;
 * [MS-SMB2] 3.3.5.20, 3.3.5.21; [MS-FSA] 2.1.5.12 to 2.1.5.16).  The tables are
 * written from the specification, not from a server. */
#include <string.h>

#include "smb2/fscc_fs.h"
#include "smb2/fscc_list.h"
#include "torture/features.h"
#include "torture/util.h"

#define MOST	   65536
#define NUM_CLASS  100 /* 100 is for the POSIX extensions */
#define EXISTS_NOT NT_STATUS(INVALID_INFO_CLASS)

enum kind {
	A_FILE,
	A_DIRECTORY,
	A_STREAM,
	THE_ROOT,
	KINDS
};

static const char *const kind_names[] = {"file", "directory", "stream", "root"};

struct row {
	uint8_t cls;
	uint32_t least; /* 0: refused whatever the length */
	uint32_t exact; /* length of the answer; 0: it varies */
	/* With a buffer that is large enough; SUCCESS of what varies may be
	 * BUFFER_OVERFLOW. */
	uint32_t by_kind[KINDS];
};

#define V(name) NT_STATUS_V_##name
#define ALL(name)                                                              \
	{                                                                      \
		V(name), V(name), V(name), V(name)                             \
	}
#define REFUSED(number)                                                        \
	{                                                                      \
		number, 0, 0, ALL(NOT_SUPPORTED)                               \
	}
#define FIXED(number, n)                                                       \
	{                                                                      \
		number, n, n, ALL(SUCCESS)                                     \
	}
#define OF_DIRECTORY                                                           \
	{                                                                      \
		V(INVALID_PARAMETER), V(SUCCESS), V(INVALID_PARAMETER),        \
			V(SUCCESS)                                             \
	}
#define OF_DATA                                                                \
	{                                                                      \
		V(SUCCESS), V(INVALID_PARAMETER), V(SUCCESS),                  \
			V(INVALID_PARAMETER)                                   \
	}

/* --- queries ---------------------------------------------------------------
 */

/* All that are not here are INVALID_INFO_CLASS. */
/* clang-format off */
static const struct row queries[] = {
	FIXED(FileBasicInformation, 40),
	FIXED(FileStandardInformation, 24),
	FIXED(FileInternalInformation, 8),
	FIXED(FileEaInformation, 4),
	FIXED(FileAccessInformation, 4),
	REFUSED(FileNameInformation),
	FIXED(FilePositionInformation, 8),
	{FileFullEaInformation, 8, 0, ALL(NO_EAS_ON_FILE)},
	FIXED(FileModeInformation, 4),
	FIXED(FileAlignmentInformation, 4),
	{FileAllInformation, 104, 0, ALL(SUCCESS)},
	{FileAlternateNameInformation, 8, 0, ALL(NOT_SUPPORTED)},
	{FileStreamInformation, 32, 0, ALL(SUCCESS)},
	{FilePipeInformation, 8, 0, ALL(NOT_SUPPORTED)},
	{FilePipeLocalInformation, 40, 0, ALL(NOT_SUPPORTED)},
	{FilePipeRemoteInformation, 12, 0, ALL(NOT_SUPPORTED)},
	REFUSED(FileMailslotQueryInformation),
	FIXED(FileCompressionInformation, 16),
	REFUSED(FileObjectIdInformation),
	REFUSED(FileQuotaInformation),
	REFUSED(FileReparsePointInformation),
	FIXED(FileNetworkOpenInformation, 56),
	FIXED(FileAttributeTagInformation, 8),
	REFUSED(FileSfioReserveInformation),
	REFUSED(FileSfioVolumeInformation),
	REFUSED(FileHardLinkInformation),
	{FileNormalizedNameInformation, 8, 0, ALL(SUCCESS)},
	REFUSED(FileStandardLinkInformation),
	FIXED(FileIdInformation, 24),
	REFUSED(FileIdExtdDirectoryInformation),
	REFUSED(FileIdExtdBothDirectoryInformation),
	REFUSED(FileDispositionInformationEx),
	REFUSED(FileRenameInformationEx),
	FIXED(FileStatInformation, 72),
	FIXED(FileStatLxInformation, 96),
	{FileCaseSensitiveInformation, 4, 4, OF_DIRECTORY},
	REFUSED(FileId64ExtdDirectoryInformation),
	REFUSED(FileId64ExtdBothDirectoryInformation),
	REFUSED(FileIdAllExtdDirectoryInformation),
	REFUSED(FileIdAllExtdBothDirectoryInformation),
};

static const struct row fs_queries[] = {
	{FileFsVolumeInformation, 24, 0, ALL(SUCCESS)},
	REFUSED(FileFsLabelInformation),
	FIXED(FileFsSizeInformation, 24),
	FIXED(FileFsDeviceInformation, 8),
	{FileFsAttributeInformation, 16, 0, ALL(SUCCESS)},
	FIXED(FileFsControlInformation, 48),
	FIXED(FileFsFullSizeInformation, 32),
	FIXED(FileFsObjectIdInformation, 64),
	REFUSED(FileFsDriverPathInformation),
	REFUSED(FileFsVolumeFlagsInformation),
	FIXED(FileFsSectorSizeInformation, 28),
};

/* --- sets ------------------------------------------------------------------
 *
 * Of zeros: no name, no flag, size 0; the root without DELETE. */

#define OF_NO_NAME                                                             \
	{V(INVALID_PARAMETER), V(INVALID_PARAMETER), V(INVALID_PARAMETER),     \
	 V(ACCESS_DENIED)}
#define WITH_DELETE {V(SUCCESS), V(SUCCESS), V(SUCCESS), V(ACCESS_DENIED)}

static const struct row sets[] = {
	{FileBasicInformation, 40, 0, ALL(SUCCESS)},
	REFUSED(FileNameInformation),
	{FileRenameInformation, 24, 0, OF_NO_NAME},
	{FileLinkInformation, 24, 0,
	 {V(INVALID_PARAMETER), V(FILE_IS_A_DIRECTORY), V(INVALID_PARAMETER),
	  V(FILE_IS_A_DIRECTORY)}},
	{FileDispositionInformation, 1, 0, WITH_DELETE},
	{FilePositionInformation, 8, 0, ALL(SUCCESS)},
	{FileFullEaInformation, 1, 0, ALL(EA_LIST_INCONSISTENT)},
	{FileModeInformation, 4, 0, ALL(SUCCESS)},
	{FileAllocationInformation, 8, 0, OF_DATA},
	{FileEndOfFileInformation, 8, 0, OF_DATA},
	{FilePipeInformation, 8, 0, ALL(NOT_SUPPORTED)},
	REFUSED(FileMailslotQueryInformation),
	REFUSED(FileMailslotSetInformation),
	REFUSED(FileObjectIdInformation),
	REFUSED(FileMoveClusterInformation),
	REFUSED(FileQuotaInformation),
	REFUSED(FileReparsePointInformation),
	REFUSED(FileTrackingInformation),
	{FileValidDataLengthInformation, 8, 0, ALL(PRIVILEGE_NOT_HELD)},
	{FileShortNameInformation, 4, 0,
	 {V(PRIVILEGE_NOT_HELD), V(PRIVILEGE_NOT_HELD), V(INVALID_PARAMETER),
	  V(ACCESS_DENIED)}},
	REFUSED(FileSfioReserveInformation),
	REFUSED(FileSfioVolumeInformation),
	REFUSED(FileHardLinkInformation),
	REFUSED(FileIdGlobalTxDirectoryInformation),
	REFUSED(FileStandardLinkInformation),
	{FileDispositionInformationEx, 4, 0, WITH_DELETE},
	{FileRenameInformationEx, 24, 0, OF_NO_NAME},
	{FileCaseSensitiveInformation, 4, 0, OF_DIRECTORY},
};
/* clang-format on */

/* --- what is asked ---------------------------------------------------------
 */

struct opens {
	struct cli_tree *tree;
	struct smb2_file_id id[KINDS];
};

static struct opens open_all(struct torture *t)
{
	const uint32_t root_access =
		FILE_GENERIC_READ | FILE_GENERIC_WRITE | FILE_EXECUTE;
	struct opens o = {.tree = torture_tree(t)};
	const char *file = torture_file(t, o.tree, "file", "0123456789");
	const char *dir = torture_mkdir(t, o.tree, "dir");

	o.id[A_FILE] = torture_open(t, o.tree, file, TORTURE_ALL, FILE_OPEN, 0);
	o.id[A_DIRECTORY] = torture_open(t, o.tree, dir, TORTURE_ALL, FILE_OPEN,
					 FILE_DIRECTORY_FILE);
	o.id[A_STREAM] =
		torture_open(t, o.tree, talloc_asprintf(t->mem, "%s:x", file),
			     TORTURE_ALL, FILE_CREATE, 0);
	o.id[THE_ROOT] = torture_open(t, o.tree, "", root_access, FILE_OPEN,
				      FILE_DIRECTORY_FILE);
	return o;
}

static const struct row *find(const struct row *rows, size_t count,
			      unsigned cls)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].cls == cls) {
			return &rows[i];
		}
	}
	return NULL;
}

/* What the specification lets a server choose. */
static bool is_choice(NTSTATUS got, NTSTATUS want)
{
	if (NT_STATUS_IS(want, NO_EAS_ON_FILE)) {
		return NT_STATUS_IS(got, EAS_NOT_SUPPORTED);
	}
	if (NT_STATUS_IS(want, EA_LIST_INCONSISTENT)) {
		return NT_STATUS_IS(got, INVALID_EA_NAME);
	}
	/* Who is an administrator gets further. */
	if (NT_STATUS_IS(want, PRIVILEGE_NOT_HELD)) {
		return NT_STATUS_IS_OK(got) ||
		       NT_STATUS_IS(got, INVALID_PARAMETER) ||
		       NT_STATUS_IS(got, SHORT_NAMES_NOT_ENABLED_ON_VOLUME);
	}
	return false;
}

/* FileAlternateNameInformation where there are short names: not the root has
 * one, nor a name that is short itself need have. */
static bool is_short_name(const struct row *row, uint32_t length, NTSTATUS got)
{
	if (row == NULL || row->cls != FileAlternateNameInformation ||
	    length < row->least) {
		return false;
	}
	return NT_STATUS_IS_OK(got) ||
	       NT_STATUS_IS(got, OBJECT_NAME_NOT_FOUND) ||
	       (NT_STATUS_IS(got, BUFFER_OVERFLOW) && length < MOST);
}

static void expect(const struct row *row, unsigned cls, enum kind kind,
		   uint32_t length, NTSTATUS got)
{
	NTSTATUS want =
		row == NULL ? EXISTS_NOT : (NTSTATUS){row->by_kind[kind]};

	if (row != NULL && row->least != 0 && length < row->least) {
		want = NT_STATUS(INFO_LENGTH_MISMATCH);
	}
	if (row != NULL && row->exact == 0 && NT_STATUS_IS_OK(want) &&
	    NT_STATUS_IS(got, BUFFER_OVERFLOW)) {
		CHECK(length < MOST);
		return;
	}
	if (!ntstatus_equal(got, want) && !is_choice(got, want) &&
	    !is_short_name(row, length, got)) {
		torture_note("class %u, %u bytes", cls, length);
		torture_status_at(__FILE__, __LINE__, got, want,
				  kind_names[kind]);
	}
}

/* 0, 1, around the least there may be, and much. */
static void each_length(const struct row *row, uint32_t out[6])
{
	uint32_t least = row != NULL && row->least > 0 ? row->least : 1;
	const uint32_t lengths[6] = {0, 1, least - 1, least, least + 1, MOST};

	memcpy(out, lengths, sizeof(lengths));
}

typedef NTSTATUS query_fn(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, uint8_t cls, uint32_t max,
			  struct wire_reader *out);

static void query_one(struct torture *t, const struct opens *o, query_fn *query,
		      const struct row *row, unsigned cls)
{
	uint32_t lengths[6];

	each_length(row, lengths);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < COUNT_OF(lengths); i++) {
			struct wire_reader out = {0};
			NTSTATUS got = query(t, o->tree, o->id[kind],
					     (uint8_t)cls, lengths[i], &out);

			expect(row, cls, (enum kind)kind, lengths[i], got);
			if (NT_STATUS_IS_OK(got) && row->exact != 0) {
				EQUAL(out.length, row->exact);
			}
			CHECK(out.length <= lengths[i]);
		}
	}
}

static void query_classes(struct torture *t)
{
	const struct opens o = open_all(t);
	struct row normalized = {FileNormalizedNameInformation, 8, 0,
				 ALL(NOT_SUPPORTED)};
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(o.tree));

	for (unsigned cls = 0; cls < 256; cls++) {
		const struct row *row = find(queries, COUNT_OF(queries), cls);

		if (cls == NUM_CLASS) {
			continue;
		}
		/* 3.3.5.20.1 */
		if (cls == FileNormalizedNameInformation &&
		    n->dialect != SMB2_DIALECT_311) {
			row = &normalized;
		}
		query_one(t, &o, torture_query, row, cls);
	}
}

/* Without quotas FileFsControlInformation is VOLUME_NOT_UPGRADED. */
static void query_fs_classes(struct torture *t)
{
	const struct opens o = open_all(t);
	static const struct row no_quotas = {FileFsControlInformation, 48, 0,
					     ALL(VOLUME_NOT_UPGRADED)};
	struct wire_reader out;
	NTSTATUS control = torture_query_fs(t, o.tree, o.id[A_FILE],
					    FileFsControlInformation, 48, &out);

	for (unsigned cls = 0; cls < 256; cls++) {
		const struct row *row =
			find(fs_queries, COUNT_OF(fs_queries), cls);

		if (cls == FileFsControlInformation &&
		    !NT_STATUS_IS_OK(control)) {
			row = &no_quotas;
		}
		if (cls != NUM_CLASS) {
			query_one(t, &o, torture_query_fs, row, cls);
		}
	}
}

static void set_one(const struct opens *o, const struct row *row, unsigned cls)
{
	static const uint8_t zeros[MOST];
	uint32_t lengths[6];

	each_length(row, lengths);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < COUNT_OF(lengths); i++) {
			NTSTATUS got =
				torture_set(o->tree, o->id[kind], (uint8_t)cls,
					    zeros, lengths[i]);

			if (lengths[i] == 0) { /* 3.3.5.21 */
				STATUS(got, INVALID_PARAMETER);
			} else {
				expect(row, cls, (enum kind)kind, lengths[i],
				       got);
			}
		}
	}
}

static void set_classes(struct torture *t)
{
	const struct opens o = open_all(t);

	for (unsigned cls = 0; cls < 256; cls++) {
		if (cls != NUM_CLASS) {
			set_one(&o, find(sets, COUNT_OF(sets), cls), cls);
		}
	}
	torture_is_alive(cli_tree_conn(o.tree));
}

static NTSTATUS set_fs(struct cli_tree *tree, struct smb2_file_id id,
		       uint8_t cls, const void *data, size_t length)
{
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILESYSTEM,
		.info_class = cls,
		.id = id,
		.buffer = wire_reader(data, length),
	};

	return cli_set_info(tree, &in);
}

/* To what it is, for an administrator may. */
static NTSTATUS set_fs_to_itself(struct torture *t, const struct opens *o,
				 uint8_t cls)
{
	static const uint8_t zeros[64];
	struct wire_reader now = wire_reader(zeros, sizeof(zeros));

	if (cls == FileFsControlInformation ||
	    cls == FileFsObjectIdInformation) {
		(void)!NT_STATUS_IS_OK(torture_query_fs(
			t, o->tree, o->id[THE_ROOT], cls, 64, &now));
	}
	return set_fs(o->tree, o->id[THE_ROOT], cls, now.data, now.length);
}

/* What a user may not, and what there is not. */
static void set_fs_classes(struct torture *t)
{
	const struct opens o = open_all(t);
	static const uint8_t zeros[64];

	for (unsigned cls = 0; cls < 256; cls++) {
		NTSTATUS got = set_fs_to_itself(t, &o, (uint8_t)cls);

		torture_note("class %u", cls);
		switch (cls) {
		case FileFsLabelInformation:
		case FileFsDriverPathInformation:
		case FileFsVolumeFlagsInformation:
			STATUS(got, NOT_SUPPORTED);
			break;
		case FileFsControlInformation:
		case FileFsObjectIdInformation:
			STATUS_IN(got, NT_STATUS_OK, NT_STATUS(ACCESS_DENIED),
				  NT_STATUS(VOLUME_NOT_UPGRADED));
			break;
		default:
			STATUS(got, INVALID_INFO_CLASS);
		}
	}
	STATUS(set_fs(o.tree, o.id[THE_ROOT], FileFsControlInformation, zeros,
		      47),
	       INFO_LENGTH_MISMATCH);
	STATUS(set_fs(o.tree, o.id[THE_ROOT], FileFsObjectIdInformation, zeros,
		      63),
	       INVALID_INFO_CLASS);
}

/* --- directories ------------------------------------------------------------
 */

static const struct {
	uint8_t cls;
	uint32_t least;
	bool id, id_128;
} listings[] = {
	{FileDirectoryInformation, 64, false, false},
	{FileFullDirectoryInformation, 68, false, false},
	{FileBothDirectoryInformation, 94, false, false},
	{FileNamesInformation, 12, false, false},
	{FileIdBothDirectoryInformation, 104, true, false},
	{FileIdFullDirectoryInformation, 80, true, false},
	{FileIdExtdDirectoryInformation, 88, false, true},
	{FileIdExtdBothDirectoryInformation, 114, false, true},
	{FileId64ExtdDirectoryInformation, 80, true, false},
	{FileId64ExtdBothDirectoryInformation, 106, true, false},
	{FileIdAllExtdDirectoryInformation, 96, true, true},
	{FileIdAllExtdBothDirectoryInformation, 122, true, true},
};

static NTSTATUS list(struct torture *t, const struct opens *o, unsigned cls,
		     uint32_t max, struct wire_reader *out)
{
	const struct smb2_query_directory_request in = {
		.info_class = (uint8_t)cls,
		.flags = SMB2_RESTART_SCANS,
		.id = o->id[A_DIRECTORY],
		.output_buffer_length = max,
	};

	return cli_query_directory(t->mem, o->tree, "inside", &in, out);
}

/* The entry says what the file's own classes say. */
static void list_one(struct torture *t, const struct opens *o, size_t i,
		     const struct fscc_file_id *id, uint64_t index)
{
	struct fscc_dir_entry_read e;
	struct wire_reader out;

	torture_note("class %u", listings[i].cls);
	STATUS(list(t, o, listings[i].cls, 0, &out), INFO_LENGTH_MISMATCH);
	STATUS(list(t, o, listings[i].cls, listings[i].least - 1, &out),
	       INFO_LENGTH_MISMATCH);
	OK(list(t, o, listings[i].cls, MOST, &out));
	OK(fscc_dir_next(&out, (enum file_information_class)listings[i].cls,
			 &e));
	EQUAL(e.name.length, 12);
	if (listings[i].id) {
		EQUAL(e.e.file_id, index);
	}
	if (listings[i].id_128) {
		CHECK(memcmp(e.e.file_id_128, id->file_id, 16) == 0);
	}
	if (listings[i].cls != FileNamesInformation) {
		EQUAL(e.e.end_of_file, 4);
	}
}

static void directory_classes(struct torture *t)
{
	const struct opens o = open_all(t);
	struct smb2_file_id inside = torture_open(
		t, o.tree, torture_file(t, o.tree, "dir\\inside", "text"),
		FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct fscc_file_id id = {0};
	struct wire_reader out;
	uint64_t index = 0;

	OK(torture_query(t, o.tree, inside, FileIdInformation, 24, &out));
	OK(fscc_file_id_decode(out, &id));
	OK(torture_query(t, o.tree, inside, FileInternalInformation, 8, &out));
	OK(fscc_u64_decode(out, &index));
	for (unsigned cls = 0; cls < 256; cls++) {
		size_t i = 0;

		while (i < COUNT_OF(listings) && listings[i].cls != cls) {
			i++;
		}
		if (i < COUNT_OF(listings)) {
			list_one(t, &o, i, &id, index);
		} else if (cls != NUM_CLASS) {
			torture_note("class %u", cls);
			STATUS(list(t, &o, cls, MOST, &out),
			       INVALID_INFO_CLASS);
		}
	}
}

/* --- FileStatInformation ----------------------------------------------------
 */

/* It says what the other classes say. */
static void stat_agrees(struct torture *t)
{
	const struct opens o = open_all(t);
	struct fscc_network_open n = {0};
	struct fscc_stat_lx lx = {0};
	struct fscc_stat st = {0};
	struct wire_reader out;
	uint64_t index = 0;

	OK(torture_query(t, o.tree, o.id[A_FILE], FileStatInformation, 72,
			 &out));
	OK(fscc_stat_decode(out, &st));
	OK(torture_query(t, o.tree, o.id[A_FILE], FileStatLxInformation, 96,
			 &out));
	OK(fscc_stat_lx_decode(out, &lx));
	OK(torture_query(t, o.tree, o.id[A_FILE], FileNetworkOpenInformation,
			 56, &out));
	OK(fscc_network_open_decode(out, &n));
	OK(torture_query(t, o.tree, o.id[A_FILE], FileInternalInformation, 8,
			 &out));
	OK(fscc_u64_decode(out, &index));
	EQUAL(st.file_id, index);
	EQUAL(st.end_of_file, 10);
	EQUAL(st.creation_time, n.creation_time);
	EQUAL(st.last_write_time, n.last_write_time);
	EQUAL(st.change_time, n.change_time);
	EQUAL(st.allocation_size, n.allocation_size);
	EQUAL(st.file_attributes, n.file_attributes);
	EQUAL(st.number_of_links, 1);
	CHECK((st.effective_access & FILE_READ_DATA) != 0);
	EQUAL(lx.stat.effective_access, st.effective_access);
	EQUAL(lx.flags & LX_FILE_METADATA_HAS_MODE, LX_FILE_METADATA_HAS_MODE);
	EQUAL(lx.mode & 0170000, 0100000);
}

/* [MS-FSA] 2.1.5.12.29: whole entries, of which the last one ends the list. */
static void streams_cut(struct torture *t)
{
	const struct opens o = open_all(t);
	struct wire_reader out = {0}, name;
	struct fscc_stream stream;
	uint32_t whole;

	OK(torture_query(t, o.tree, o.id[A_FILE], FileStreamInformation, 4096,
			 &out));
	whole = (uint32_t)out.length;
	for (uint32_t max = 24 + 14; max < whole; max++) {
		unsigned int count = 0;
		NTSTATUS status;

		STATUS(torture_query(t, o.tree, o.id[A_FILE],
				     FileStreamInformation, max, &out),
		       BUFFER_OVERFLOW);
		while (NT_STATUS_IS_OK(
			status = fscc_stream_next(&out, &stream, &name))) {
			count++;
		}
		STATUS(status, NO_MORE_FILES);
		EQUAL(count, 1);
	}
}

/* [MS-FSA] 2.1.5.13.10 */
static void sector_sizes(struct torture *t)
{
	const struct opens o = open_all(t);
	struct fscc_fs_sector_size s = {0};
	struct fscc_fs_size size = {0};
	struct wire_reader out;
	uint32_t aligned;

	OK(torture_query_fs(t, o.tree, o.id[A_FILE],
			    FileFsSectorSizeInformation, 28, &out));
	OK(fscc_fs_sector_size_decode(out, &s));
	OK(torture_query_fs(t, o.tree, o.id[A_FILE], FileFsSizeInformation, 24,
			    &out));
	OK(fscc_fs_size_decode(out, &size));
	EQUAL(s.logical_bytes_per_sector, size.bytes_per_sector);
	EQUAL(s.physical_for_atomicity % s.logical_bytes_per_sector, 0);
	EQUAL(s.physical_for_atomicity & (s.physical_for_atomicity - 1), 0);
	EQUAL(s.physical_for_performance, s.physical_for_atomicity);
	CHECK(s.effective_physical_for_atomicity <= s.physical_for_atomicity);
	aligned =
		(s.physical_for_atomicity - s.offset_for_partition_alignment) %
		s.physical_for_atomicity;
	EQUAL((s.flags & SSINFO_FLAGS_ALIGNED_DEVICE) != 0,
	      s.offset_for_sector_alignment == 0);
	EQUAL((s.flags & SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE) != 0,
	      s.offset_for_sector_alignment == aligned);
}

/* The set is of what the directory can be. */
static void case_sensitive(struct torture *t)
{
	static const uint8_t off[4], on[4] = {1}, wrong[4] = {2};
	const struct opens o = open_all(t);
	struct wire_reader out;
	NTSTATUS status;
	uint32_t flags = 7;

	OK(torture_set(o.tree, o.id[A_DIRECTORY], FileCaseSensitiveInformation,
		       off, 4));
	STATUS(torture_set(o.tree, o.id[A_DIRECTORY],
			   FileCaseSensitiveInformation, wrong, 4),
	       INVALID_PARAMETER);
	status = torture_set(o.tree, o.id[A_DIRECTORY],
			     FileCaseSensitiveInformation, on, 4);
	STATUS_IN(status, NT_STATUS_OK, NT_STATUS(NOT_SUPPORTED));
	OK(torture_query(t, o.tree, o.id[A_DIRECTORY],
			 FileCaseSensitiveInformation, 4, &out));
	OK(fscc_u32_decode(out, &flags));
	EQUAL(flags, NT_STATUS_IS_OK(status) ? 1 : 0);
}

const struct torture_test torture_info_classes_tests[] = {
	{"info_classes.query", "[MS-SMB2] 3.3.5.20.1, [MS-FSA] 2.1.5.12",
	 query_classes, 120},
	{"info_classes.query_fs", "[MS-SMB2] 3.3.5.20.2, [MS-FSA] 2.1.5.13",
	 query_fs_classes, 120},
	{"info_classes.set", "[MS-SMB2] 3.3.5.21.1, [MS-FSA] 2.1.5.15",
	 set_classes, 120},
	{"info_classes.set_fs", "[MS-SMB2] 3.3.5.21.2, [MS-FSA] 2.1.5.16",
	 set_fs_classes, 0},
	{"info_classes.directory", "[MS-SMB2] 3.3.5.18, [MS-FSCC] 2.4",
	 directory_classes, 0},
	{"info_classes.stat_agrees", "FileStatInformation", stat_agrees, 0},
	{"info_classes.streams_cut", "[MS-FSA] 2.1.5.12.29: BUFFER_OVERFLOW",
	 streams_cut, 0},
	{"info_classes.sector_sizes", "[MS-FSA] 2.1.5.13.10", sector_sizes, 0},
	{"info_classes.case_sensitive", "FileCaseSensitiveInformation",
	 case_sensitive, 0},
	{NULL, NULL, NULL, 0},
};
