/* fsa/time_machine.c - see time_machine.h.  As in Samba the size of an image is
 * reckoned: the number of its bands times their size. */
#include "fsa/time_machine.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define SUFFIX	   ".sparsebundle"
#define MAX_PLIST  65536u
#define KEY	   "<key>band-size</key>"
#define INTEGER	   "<integer>"
#define MAX_DIGITS 18

/* --- one image ------------------------------------------------------------ */

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && isspace((unsigned char)*p)) {
		p++;
	}
	return p;
}

bool time_machine_band_size(const char *text, size_t length, uint64_t *out)
{
	const char *end = text + length;
	const char *p = memmem(text, length, KEY, sizeof(KEY) - 1);
	uint64_t value = 0;
	unsigned int digits = 0;

	if (p == NULL) {
		return false;
	}
	p = skip_space(p + sizeof(KEY) - 1, end);
	if ((size_t)(end - p) < sizeof(INTEGER) - 1 ||
	    memcmp(p, INTEGER, sizeof(INTEGER) - 1) != 0) {
		return false;
	}
	p = skip_space(p + sizeof(INTEGER) - 1, end);
	for (; p < end && isdigit((unsigned char)*p); p++) {
		if (++digits > MAX_DIGITS) {
			return false;
		}
		value = value * 10 + (uint64_t)(*p - '0');
	}
	p = skip_space(p, end);
	if (digits == 0 || p == end || *p != '<' || value == 0) {
		return false;
	}
	*out = value;
	return true;
}

/* Opens NAME\leaf on mem_ctx, or gives NULL. */
static struct fsa_node *open_part(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
				  const char *name, const char *leaf)
{
	const struct fsa_how how = {
		.path = talloc_asprintf(mem_ctx, "%s\\%s", name, leaf),
		.access = FILE_READ_DATA,
	};
	struct fsa_node *node = NULL;
	struct fsa_stat st;

	if (how.path == NULL || !NT_STATUS_IS_OK(v->driver->open(
					mem_ctx, v->mount, &how, &node, &st))) {
		return NULL;
	}
	return node;
}

static uint64_t get_band_size(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			      const char *name)
{
	struct fsa_node *plist = open_part(mem_ctx, v, name, "Info.plist");
	char *text = talloc_size(mem_ctx, MAX_PLIST);
	struct fsa_io io = {.op = FSA_READ,
			    .u.read = {.data = (uint8_t *)text,
				       .length = MAX_PLIST,
				       .at_once = true}};
	uint64_t size = 0;

	if (plist == NULL || plist->directory || text == NULL ||
	    !NT_STATUS_IS_OK(v->driver->read(plist, &io)) ||
	    !time_machine_band_size(text, io.u.read.nread, &size)) {
		return 0;
	}
	return size;
}

static uint64_t count_bands(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			    const char *name)
{
	struct fsa_node *bands = open_part(mem_ctx, v, name, "bands");
	struct fsa_scan *scan = NULL;
	const char *entry;
	uint64_t count = 0;

	if (bands == NULL || !bands->directory ||
	    !NT_STATUS_IS_OK(v->driver->scan_open(mem_ctx, bands, &scan))) {
		return 0;
	}
	while (NT_STATUS_IS_OK(v->driver->scan_next(scan, &entry))) {
		count++;
	}
	return count;
}

static bool is_image(const char *name)
{
	size_t n = strlen(name);

	return n > sizeof(SUFFIX) - 1 &&
	       strcasecmp(name + n - (sizeof(SUFFIX) - 1), SUFFIX) == 0;
}

/* --- all of them ------------------------------------------------------------
 */

static uint64_t add(uint64_t used, uint64_t count, uint64_t size)
{
	uint64_t more;

	return __builtin_mul_overflow(count, size, &more) ||
			       __builtin_add_overflow(used, more, &used)
		       ? UINT64_MAX
		       : used;
}

static uint64_t get_used(TALLOC_CTX *tmp, struct fsa_volume *v)
{
	const struct fsa_how how = {.path = "", .access = FILE_READ_DATA};
	struct fsa_node *root = NULL;
	struct fsa_scan *scan = NULL;
	struct fsa_stat st;
	const char *name;
	uint64_t used = 0;

	if (!NT_STATUS_IS_OK(
		    v->driver->open(tmp, v->mount, &how, &root, &st)) ||
	    !NT_STATUS_IS_OK(v->driver->scan_open(tmp, root, &scan))) {
		return 0;
	}
	while (NT_STATUS_IS_OK(v->driver->scan_next(scan, &name))) {
		TALLOC_CTX *image = is_image(name) ? talloc_new(tmp) : NULL;

		if (image != NULL) {
			used = add(used, count_bands(image, v, name),
				   get_band_size(image, v, name));
			talloc_free(image);
		}
	}
	return used;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void time_machine_limit(struct fsa_volume *v, struct fsa_volume_info *info)
{
	uint64_t max = v->time_machine_max_size;
	uint64_t unit =
		(uint64_t)info->sectors_per_unit * info->bytes_per_sector;
	TALLOC_CTX *tmp;
	uint64_t used, left;

	if (max == 0 || unit == 0) {
		return;
	}
	tmp = talloc_new(NULL);
	used = tmp == NULL ? 0 : get_used(tmp, v);
	talloc_free(tmp);
	left = used < max ? (max - used) / unit : 0;
	info->total_units = min(info->total_units, max / unit);
	info->caller_free_units = min(info->caller_free_units, left);
	info->actual_free_units = min(info->actual_free_units, left);
}
