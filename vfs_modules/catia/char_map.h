/* vfs_modules/catia/char_map.h - characters that are others on disk than for
 * clients. */
#ifndef CATIA_CHAR_MAP_H
#define CATIA_CHAR_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

struct char_map;

/* "0x3a:0xf7,0x22:0xa8": on disk, for clients; in hexadecimal, up to 0xFFFF.
 * NULL with a reason (constant text) when it is none: a character that comes
 * twice on one side, a separator, one that is half of a pair. */
struct char_map *char_map_parse(TALLOC_CTX *mem_ctx, const char *text,
				const char **out_reason);

/* What macOS and Windows' services for it have for the characters that no name
 * on NTFS can have: U+F001 and on. */
struct char_map *char_map_macos(TALLOC_CTX *mem_ctx);

/* text with its characters mapped, on mem_ctx; NULL without memory.  Those that
 * a driver shows by a private-use character, since no client could see them
 * else, are known by that too. */
char *char_map_to_client(TALLOC_CTX *mem_ctx, const struct char_map *m,
			 const char *text);
char *char_map_to_disk(TALLOC_CTX *mem_ctx, const struct char_map *m,
		       const char *text);

#endif
