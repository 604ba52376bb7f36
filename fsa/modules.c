/* fsa/modules.c - drivers and filters by their names. */
#include <string.h>

#include "fsa/filter.h"

static const struct fsa_driver *const linked_in[] = {&fsa_posix_driver, NULL};

const struct fsa_driver *const *fsa_drivers_linked_in(void)
{
	return linked_in;
}

const struct fsa_driver *fsa_driver_find(const char *name)
{
	for (size_t i = 0; linked_in[i] != NULL; i++) {
		if (strcmp(linked_in[i]->name, name) == 0) {
			return linked_in[i];
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
