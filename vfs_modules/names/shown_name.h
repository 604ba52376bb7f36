/* vfs_modules/names/shown_name.h - names on disk, as clients see them.
 *
 * A Linux name may hold what no Windows name can: such characters are shown in
 * the private-use range, where the Linux and macOS clients look for them and
 * change them back (Services for Macintosh):
 *   0x01-0x1f  U+F001-U+F01F        "  U+F020   *  U+F021   :  U+F022
 *   <  U+F023   >  U+F024           ?  U+F025   \  U+F026   |  U+F027
 *   a space at the end  U+F028      a period at the end  U+F029
 * Bytes 0x80-0xff that are not UTF-8 are shown as U+EF80-U+EFFF.
 *
 * There is no way back by rule, nor need there be: a name is looked for among
 * the shown names of its directory (name_index.h).  New names are stored as
 * the client writes them. */
#ifndef VFS_MODULES_NAMES_SHOWN_NAME_H
#define VFS_MODULES_NAMES_SHOWN_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define SHOWN_NAME_SIZE (3 * 255 + 1)

/* disk itself when it is shown as it is, else buffer. */
const char *shown_name(const char *disk, char buffer[SHOWN_NAME_SIZE]);

/* The path on disk (with slashes) that this one may be the shown form of, to
 * out (which has room for shown): false when there is nothing to undo in
 * it.  A client that puts its own names into the private-use range, as Linux
 * does unless told not to, looks for them so. */
bool shown_name_undo(const char *shown, char *out);

/* As it is, but for the bytes that are not UTF-8: what clients see who are told
 * all other names as they are.  disk itself, or buffer. */
const char *shown_name_exact(const char *disk, char buffer[SHOWN_NAME_SIZE]);

/* Hashes of shown names that differ in case only are equal. */
uint32_t shown_name_hash(const char *shown, uint64_t seed);

#endif
