/* vfs_modules/fruit/apple_double.h - what macOS keeps beside a file's data, as
 * bytes: AppleDouble files ("._NAME") and what is in them, the metadata that
 * netatalk keeps in an extended attribute, and AFP_AfpInfo.
 *
 * AppleDouble, all of it big-endian (RFC 1740, appendix B):
 *
 *	magic 4, version 4, filler 16, number of entries 2,
 *	then for each entry: id 4, offset 4, length 4
 *
 * macOS keeps extended attributes in the entry of the Finder info, behind the
 * 32 bytes of that and 2 of padding: "ATTR", then their own table. */
#ifndef FRUIT_APPLE_DOUBLE_H
#define FRUIT_APPLE_DOUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FINDER_INFO_SIZE 32

/* --- AppleDouble ---------------------------------------------------------- */

#define APPLE_DOUBLE_MAX_ENTRIES 16
#define APPLE_DOUBLE_HEADER_MAX	 (26 + 12 * APPLE_DOUBLE_MAX_ENTRIES)

struct apple_double_part {
	uint32_t offset;
	uint32_t length; /* 0: not there */
};

struct apple_double {
	struct apple_double_part finder; /* Finder info: at least 32 bytes */
	struct apple_double_part fork;	 /* resource fork */
	struct apple_double_part dates;	 /* 16 bytes */
	uint32_t fork_entry; /* where the fork's entry is; 0: nowhere */
};

/* bytes: the beginning of a file, as much as there is up to
 * APPLE_DOUBLE_HEADER_MAX or more; file_size: of all of it.  False when it is
 * no AppleDouble file, or parts lie outside of it or in its table of entries
 * (but a fork that ends behind the end is cut). */
bool apple_double_parse(const uint8_t *bytes, size_t length, uint64_t file_size,
			struct apple_double *out);

/* The file that is written for a resource fork: Finder info of zeros, then the
 * fork. */
#define FORK_HEADER_SIZE 82
void fork_header_build(uint32_t fork_length, uint8_t out[FORK_HEADER_SIZE]);

/* Where the length of the fork is in it, and how it is written. */
void apple_double_put_u32(uint8_t out[4], uint32_t v);

/* Calls take for each extended attribute that is in the Finder info of a whole
 * AppleDouble file, until it says false; name is ended by a zero byte.  False
 * when there are none, or they are malformed; what came before has been given
 * to take then. */
bool apple_double_each_attr(const uint8_t *bytes, size_t length,
			    const struct apple_double *ad,
			    bool (*take)(void *private_data, const char *name,
					 const uint8_t *data, size_t size),
			    void *private_data);

/* Whether a resource fork is the one that macOS writes where there is none:
 * 286 bytes that say so. */
#define BLANK_FORK_SIZE 286
bool fork_is_blank(const uint8_t *bytes, size_t length);

/* --- netatalk's metadata ---------------------------------------------------
 */

#define META_SIZE 402
#define NO_DATE	  0x80000000u

/* Seconds since 1970 as AppleDouble counts them, from 2000. */
uint32_t apple_date(int64_t unix_seconds);

/* Of a file made at created (apple_date()), without Finder info. */
void meta_build(uint32_t created, uint8_t out[META_SIZE]);
/* Finder info and backup date of the metadata; false when it is none. */
bool meta_get(const uint8_t *bytes, size_t length,
	      uint8_t finder[FINDER_INFO_SIZE], uint32_t *out_backup);
/* Replaces them in what meta_get() likes. */
void meta_set(uint8_t *bytes, size_t length,
	      const uint8_t finder[FINDER_INFO_SIZE], uint32_t backup);

/* --- AFP_AfpInfo -----------------------------------------------------------
 */

#define AFP_INFO_SIZE 60

void afp_info_build(const uint8_t finder[FINDER_INFO_SIZE], uint32_t backup,
		    uint8_t out[AFP_INFO_SIZE]);
/* False when the signature is missing. */
bool afp_info_get(const uint8_t in[AFP_INFO_SIZE],
		  uint8_t finder[FINDER_INFO_SIZE], uint32_t *out_backup);

bool finder_info_is_empty(const uint8_t finder[FINDER_INFO_SIZE]);

#endif
