/* vfs_modules/posix/casefold.c - directories that find names in any case. */
#include "vfs_modules/posix/casefold.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/utf16.h"

bool casefold_is_on(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned int flags = 0; /* it is an int, whatever is declared */
	bool on;

	if (fd == -1) {
		return false;
	}
	on = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
	     (flags & FS_CASEFOLD_FL) != 0;
	close(fd);
	return on;
}

/* Scripts that are in common use, where each code point was assigned by Unicode
 * 12.1, and no case was added to any since. */
static const struct {
	uint32_t first, last;
} known[] = {
	{0x0001, 0x017f},   /* Latin */
	{0x0300, 0x036f},   /* combining marks */
	{0x0386, 0x038a},   /* Greek */
	{0x038e, 0x03a1},   /* Greek */
	{0x03a3, 0x03ff},   /* Greek */
	{0x0400, 0x052f},   /* Cyrillic */
	{0x05d0, 0x05ea},   /* Hebrew */
	{0x0620, 0x0655},   /* Arabic */
	{0x1e00, 0x1eff},   /* Latin, Vietnamese */
	{0x2010, 0x2027},   /* punctuation */
	{0x2190, 0x23ff},   /* arrows, signs */
	{0x2500, 0x27bf},   /* shapes */
	{0x3041, 0x3096},   /* Hiragana */
	{0x3099, 0x30ff},   /* Katakana */
	{0x4e00, 0x9fef},   /* Chinese characters */
	{0xac00, 0xd7a3},   /* Hangul */
	{0xff01, 0xff5e},   /* wide ASCII */
	{0x1f300, 0x1f64f}, /* pictures */
};

static bool is_known(uint32_t c)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (c >= known[i].first && c <= known[i].last) {
			return true;
		}
	}
	return false;
}

bool casefold_is_certain(const char *name)
{
	uint32_t c;

	while ((c = utf8_next(&name)) != 0) {
		if (!is_known(c)) {
			return false;
		}
	}
	return true;
}
