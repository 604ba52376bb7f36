/* fsa/driver_table.h - a driver's table, with what it leaves out: so that the
 * core calls what may be left out without asking. */
#ifndef FSA_DRIVER_TABLE_H
#define FSA_DRIVER_TABLE_H

#include "fsa/driver.h"

/* The name of an operation that every driver must have and this one does not;
 * NULL: it has them all. */
const char *driver_table_missing(const struct fsa_driver *d);

/* d's table; what is left out there, and marked "may be left out" in
 * driver.h, is done for it. */
struct fsa_driver driver_table_complete(const struct fsa_driver *d);

#endif
