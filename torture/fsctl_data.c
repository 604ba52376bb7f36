/* torture/fsctl_data.c - what FSCTLs about data and volumes answer: regions,
 * trimming, the volume's numbers, marked handles ([MS-FSCC] 2.3.13, 2.3.22,
 * 2.3.39, 2.3.55). */
#include "smb2/fscc_fs.h"
#include "torture/features.h"
#include "torture/util.h"

#define PAGE	      4096u
#define READ_COPY     0x80u
#define NOT_READ_COPY 0x100u

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code,
		      const struct wire_writer *in, struct wire_reader *out)
{
	struct smb2_ioctl_request r = {
		.ctl_code = code,
		.id = id,
		.max_output_response = 1024,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};
	struct smb2_ioctl_response reply = {0};
	NTSTATUS status;

	if (in != NULL) {
		r.input = wire_reader(in->data, in->length);
	}
	status = cli_ioctl(t->mem, tree, &r, &reply);
	*out = reply.output;
	return status;
}

/* --- FSCTL_QUERY_FILE_REGIONS -------------------------------------------- */

static NTSTATUS regions_of(struct torture *t, struct cli_tree *tree,
			   struct smb2_file_id id, uint64_t offset,
			   uint64_t length, struct wire_reader *out)
{
	struct wire_writer w = wire_writer(t->mem, 24);

	wire_put_u64(&w, offset);
	wire_put_u64(&w, length);
	wire_put_u32(&w, 1); /* FILE_REGION_USAGE_VALID_CACHED_DATA */
	wire_put_u32(&w, 0);
	return fsctl(t, tree, id, FSCTL_QUERY_FILE_REGIONS, &w, out);
}

static void is_region(struct wire_reader r, uint64_t offset, uint64_t length,
		      uint32_t usage)
{
	EQUAL(r.length, 40);
	wire_skip(&r, 4);
	EQUAL(wire_u32(&r), 1);
	EQUAL(wire_u32(&r), 1);
	wire_skip(&r, 4);
	EQUAL(wire_u64(&r), offset);
	EQUAL(wire_u64(&r), length);
	EQUAL(wire_u32(&r), usage);
}

static void regions(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "a", "0123456789"),
			     TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id empty =
		torture_open(t, tree, torture_file(t, tree, "b", ""),
			     TORTURE_ALL, FILE_OPEN, 0);
	struct wire_reader out;
	NTSTATUS status =
		fsctl(t, tree, id, FSCTL_QUERY_FILE_REGIONS, NULL, &out);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		torture_skip("no regions");
	}
	OK(status);
	is_region(out, 0, 10, 1);
	OK(regions_of(t, tree, id, 3, 4, &out));
	is_region(out, 3, 4, 1);
	OK(regions_of(t, tree, id, 3, 400, &out));
	is_region(out, 3, 7, 1);
	OK(regions_of(t, tree, id, 10, 1, &out));
	EQUAL(out.length, 0);
	OK(regions_of(t, tree, empty, 0, 1, &out));
	is_region(out, 0, 0, 0);
	STATUS(regions_of(t, tree, id, INT64_MAX, 1, &out), INVALID_PARAMETER);
	STATUS(regions_of(t, tree, id, 0, UINT64_MAX, &out), INVALID_PARAMETER);
}

/* --- FSCTL_FILE_LEVEL_TRIM ------------------------------------------------ */

static NTSTATUS trim(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id id, uint32_t key, uint64_t offset,
		     uint64_t length, struct wire_reader *out)
{
	struct wire_writer w = wire_writer(t->mem, 24);

	wire_put_u32(&w, key);
	wire_put_u32(&w, 1);
	wire_put_u64(&w, offset);
	wire_put_u64(&w, length);
	return fsctl(t, tree, id, FSCTL_FILE_LEVEL_TRIM, &w, out);
}

static void trims(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "a", ""),
			     TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id reader =
		torture_open(t, tree, torture_path(t, tree, "a"),
			     FILE_GENERIC_READ, FILE_OPEN, 0);
	uint8_t data[4 * PAGE];
	struct wire_reader out;
	struct blob got;
	NTSTATUS status;

	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i % 251 + 1);
	}
	OK(torture_write(tree, id, 0, data, sizeof(data)));
	status = trim(t, tree, id, 0, PAGE - 1, 2 * PAGE + 2, &out);
	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		torture_skip("this file system does not trim");
	}
	OK(status);
	EQUAL(wire_u32(&out), 1);
	/* Outside of the two whole pages nothing is lost. */
	OK(torture_read(t, tree, id, 0, sizeof(data), &got));
	EQUAL(got.length, sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++) {
		if ((i < PAGE || i >= 3 * PAGE) && got.data[i] != data[i]) {
			FAIL("byte %zu is lost", i);
		}
	}
	STATUS(trim(t, tree, id, 0, 1, PAGE, &out), NO_RANGES_PROCESSED);
	STATUS(trim(t, tree, id, 0, 100 * PAGE, PAGE, &out),
	       NO_RANGES_PROCESSED);
	STATUS(trim(t, tree, id, 1, 0, PAGE, &out), INVALID_PARAMETER);
	STATUS(trim(t, tree, id, 0, UINT64_MAX - 1, PAGE, &out),
	       INTEGER_OVERFLOW);
	STATUS(trim(t, tree, id, 0, PAGE, UINT64_MAX, &out), INTEGER_OVERFLOW);
	STATUS(trim(t, tree, reader, 0, 0, PAGE, &out), ACCESS_DENIED);
}

/* --- FSCTL_GET_NTFS_VOLUME_DATA ------------------------------------------- */

static void volume_data(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = torture_open(t, tree, torture_dir(t, tree),
					      FILE_GENERIC_READ, FILE_OPEN, 0);
	struct fscc_fs_full_size size;
	struct wire_reader out, full;
	uint64_t sectors, clusters;
	NTSTATUS status =
		fsctl(t, tree, id, FSCTL_GET_NTFS_VOLUME_DATA, NULL, &out);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		torture_skip("not NTFS");
	}
	OK(status);
	EQUAL(out.length, 96);
	OK(torture_query_fs(t, tree, id, FileFsFullSizeInformation, 64, &full));
	OK(fscc_fs_full_size_decode(full, &size));
	wire_skip(&out, 8);
	sectors = wire_u64(&out);
	clusters = wire_u64(&out);
	EQUAL(clusters, size.total_units);
	EQUAL(sectors, clusters * size.sectors_per_unit);
	wire_skip(&out, 16);
	EQUAL(wire_u32(&out), size.bytes_per_sector);
	EQUAL(wire_u32(&out), size.bytes_per_sector * size.sectors_per_unit);
}

/* --- FSCTL_MARK_HANDLE -----------------------------------------------------
 */

static NTSTATUS mark(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id id, uint32_t info, uint32_t copy)
{
	struct wire_writer w = wire_writer(t->mem, 24);
	struct wire_reader out;

	wire_put_u32(&w, copy);
	wire_put_u32(&w, 0);
	wire_put_u64(&w, 0);
	wire_put_u32(&w, info);
	wire_put_u32(&w, 0);
	return fsctl(t, tree, id, FSCTL_MARK_HANDLE, &w, &out);
}

static void marks(struct torture *t)
{
	struct cli_tree *tree = torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, SMB2_DIALECT_311)));
	struct cli_tree *old = torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, SMB2_DIALECT_302)));
	const char *name = torture_file(t, tree, "a", "x");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN,
			     FILE_NO_INTERMEDIATE_BUFFERING);
	struct smb2_file_id cached =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id dir = torture_open(t, tree, torture_dir(t, tree),
					       FILE_GENERIC_READ, FILE_OPEN, 0);

	STATUS_IN(mark(t, tree, id, READ_COPY, 0),
		  NT_STATUS(NOT_REDUNDANT_STORAGE), NT_STATUS_OK);
	OK(mark(t, tree, id, NOT_READ_COPY, 0));
	STATUS(mark(t, tree, id, READ_COPY, 1000), INVALID_PARAMETER);
	STATUS(mark(t, tree, id, READ_COPY | NOT_READ_COPY, 0), NOT_SUPPORTED);
	STATUS(mark(t, tree, cached, NOT_READ_COPY, 0), INVALID_PARAMETER);
	STATUS(mark(t, tree, dir, NOT_READ_COPY, 0), DIRECTORY_NOT_SUPPORTED);
	STATUS(mark(t, old,
		    torture_open(t, old, name, TORTURE_ALL, FILE_OPEN,
				 FILE_NO_INTERMEDIATE_BUFFERING),
		    NOT_READ_COPY, 0),
	       NOT_SUPPORTED);
}

const struct torture_test torture_fsctl_data_tests[] = {
	{"fsctl_data.regions", "[MS-FSA] 2.1.5.10.24", regions, 0},
	{"fsctl_data.trims", "[MS-FSA] 2.1.5.10.6", trims, 0},
	{"fsctl_data.volume", "[MS-FSA] 2.1.5.10.11", volume_data, 0},
	{"fsctl_data.marks", "[MS-FSA] 2.1.5.10.19; [MS-SMB2] 3.3.5.15.19",
	 marks, 0},
	{NULL, NULL, NULL, 0},
};
