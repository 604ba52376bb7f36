/* smbd/info_class.h - which information classes may be queried and set over
 * SMB2, and how long they are at least ([MS-SMB2] 2.2.37, 2.2.39). */
#ifndef SMBD_INFO_CLASS_H
#define SMBD_INFO_CLASS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/ntstatus.h"

/* What is answered to a query with a buffer of length bytes, or a set of length
 * bytes, before the file is looked at: OK, INFO_LENGTH_MISMATCH when it is too
 * short for the class, else NOT_SUPPORTED or INVALID_INFO_CLASS ([MS-SMB2]
 * 3.3.5.20.1, 3.3.5.21.1). */
MUST_CHECK NTSTATUS info_class_check_query(uint8_t info_class, uint32_t length);
MUST_CHECK NTSTATUS info_class_check_set(uint8_t info_class, size_t length);

/* The same for file system information classes (3.3.5.20.2, 3.3.5.21.2). */
MUST_CHECK NTSTATUS info_class_check_query_fs(uint8_t info_class,
					      uint32_t length);
MUST_CHECK NTSTATUS info_class_check_set_fs(uint8_t info_class, size_t length);

#endif
