/* fsa/modules.c - drivers and filters by their names. */
#include <string.h>

#include "fsa/filter.h"

const struct fsa_driver *fsa_driver_find(const char *name)
{
	static const struct fsa_driver *const drivers[] = {&fsa_posix_driver};

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (strcmp(drivers[i]->name, name) == 0) {
			return drivers[i];
		}
	}
	return NULL;
}

const struct fsa_filter *fsa_filter_find(const char *name)
{
	static const struct fsa_filter *const filters[] = {NULL};

	for (size_t i = 0; filters[i] != NULL; i++) {
		if (strcasecmp(filters[i]->name, name) == 0) {
			return filters[i];
		}
	}
	return NULL;
}
