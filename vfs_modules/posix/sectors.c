/* vfs_modules/posix/sectors.c - the device that a folder lies on, as sysfs
 * describes it ([MS-FSA] 2.1.5.13.10). */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "vfs_modules/posix/posix.h"

#define SECTOR 512 /* what sysfs counts in, whatever the device has */

/* A number in a file of the device's folder; a partition has its queue in the
 * folder above. */
static bool read_number(dev_t dev, const char *file, uint64_t *out)
{
	char path[128];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/%s", major(dev),
		 minor(dev), file);
	f = fopen(path, "re");
	if (f == NULL) {
		return false;
	}
	ok = fscanf(f, "%" SCNu64, out) == 1;
	fclose(f);
	return ok;
}

static bool read_queue(dev_t dev, const char *name, uint64_t *out)
{
	char file[64];

	snprintf(file, sizeof(file), "queue/%s", name);
	if (read_number(dev, file, out)) {
		return true;
	}
	snprintf(file, sizeof(file), "../queue/%s", name);
	return read_number(dev, file, out);
}

NTSTATUS posix_sectors(struct fsa_mount *mount, struct fsa_sectors *out)
{
	struct fsa_sectors s = {.offset = SSINFO_OFFSET_UNKNOWN};
	struct stat st;
	uint64_t n;

	if (fstat(posix_mount(mount)->root, &st) != 0 ||
	    !read_queue(st.st_dev, "physical_block_size", &n)) {
		return NT_STATUS(NOT_FOUND);
	}
	s.physical = n <= UINT32_MAX ? (uint32_t)n : 0;
	if (read_number(st.st_dev, "alignment_offset", &n) && n < UINT32_MAX) {
		s.offset = (uint32_t)n;
	}
	if (read_number(st.st_dev, "start", &n)) {
		s.partition = n * SECTOR;
	}
	s.no_seek_penalty = read_queue(st.st_dev, "rotational", &n) && n == 0;
	*out = s;
	return NT_STATUS_OK;
}
