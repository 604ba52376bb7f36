/* fsa/short_name.h - 8.3 names ([MS-FSCC] 2.1.5.2.1), made from long ones.
 *
 * A short name is seven characters of a hash of the long one in upper case, a
 * tilde before the last of them, and what can be had of the extension: "Long
 * name.text" may be "0KX3QZ~7.TEX".  It is the same at any time and in any
 * server, so it needs not be stored. */
#ifndef FSA_SHORT_NAME_H
#define FSA_SHORT_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define SHORT_NAME_SIZE 13

/* Whether a name is an 8.3 name as it is, but for its case. */
bool short_name_is_valid(const char *name);

/* Whether a name has characters that no Windows name can have, which are shown
 * in the private-use range. */
bool short_name_is_illegal(const char *name);

void short_name_make(const char *name, char out[SHORT_NAME_SIZE]);

/* Whether length bytes of name may have been made by the above. */
bool short_name_is_made(const char *name, size_t length);

#endif
