/* vfs_modules/posix/casefold.c - directories that find names in any case. */
#include "vfs_modules/posix/casefold.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/utf16.h"

/* The flags are an int, whatever is declared. */
static bool get_flags(int fd, unsigned int *out)
{
	*out = 0;
	return ioctl(fd, FS_IOC_GETFLAGS, out) == 0;
}

bool casefold_is_on(int dir)
{
	unsigned int flags;
	int fd;

	if (get_flags(dir, &flags)) {
		return (flags & FS_CASEFOLD_FL) != 0;
	}
	if (errno != EBADF) {
		return false;
	}
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		return false;
	}
	if (!get_flags(fd, &flags)) {
		flags = 0;
	}
	close(fd);
	return (flags & FS_CASEFOLD_FL) != 0;
}

/* errno stays. */
static void go_back(int from_dir, const char *from, int to_dir,
		    const char *temporary)
{
	int err = errno;

	if (renameat2(to_dir, temporary, from_dir, from, RENAME_NOREPLACE) !=
	    0) {
		LOG_ERR(LOG_VFS, "%s is called %s now: %s", from, temporary,
			strerror(errno));
	}
	errno = err;
}

int casefold_respell(int from_dir, const char *from, int to_dir, const char *to,
		     const char *name, bool replace)
{
	char temporary[40];
	struct stat st;
	uint64_t r = 0;

	if (getrandom(&r, sizeof(r), 0) != sizeof(r)) {
		return -1;
	}
	snprintf(temporary, sizeof(temporary), ".rename-%016llx",
		 (unsigned long long)r);
	if (renameat2(from_dir, from, to_dir, temporary, RENAME_NOREPLACE) !=
	    0) {
		return -1;
	}
	if (fstatat(to_dir, to, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (renameat2(to_dir, temporary, to_dir, name,
			      RENAME_NOREPLACE) == 0) {
			return 0;
		}
	} else if (!replace) {
		errno = EEXIST;
	} else if (unlinkat(to_dir, temporary, 0) == 0) {
		return 0;
	}
	go_back(from_dir, from, to_dir, temporary);
	return -1;
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
