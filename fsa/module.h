/* fsa/module.h - a driver or filter in a file of its own, NAME.so in `modules
 * directory`: what such a file exports.
 *
 *   #include "fsa/module.h"
 *   FSA_MODULE(.filter = &my_filter)
 *
 * stands once in it.  The functions of fsa/filter.h and lib/, talloc and tevent
 * are the server's.  A module stays until the process ends. */
#ifndef FSA_MODULE_H
#define FSA_MODULE_H

#include "fsa/filter.h"

#define FSA_MODULE_VERSION 1
#define FSA_MODULE_ENTRY   "holdfast_module"

struct fsa_module {
	uint32_t version; /* FSA_MODULE_VERSION; all else depends on it */
	/* Sizes of what both sides know: a module that was compiled with other
	 * headers is refused. */
	uint32_t io_size, params_size, driver_size, filter_size;
	/* Its name there is the file's. */
	const struct fsa_driver *driver; /* or NULL */
	const struct fsa_filter *filter; /* or NULL */
};

/* The one entry point. */
__attribute__((visibility("default"))) const struct fsa_module *holdfast_module(
	void);

#define FSA_MODULE(...)                                                        \
	const struct fsa_module *holdfast_module(void)                         \
	{                                                                      \
		static const struct fsa_module module = {                      \
			.version = FSA_MODULE_VERSION,                         \
			.io_size = sizeof(struct fsa_io),                      \
			.params_size = sizeof(struct fsa_volume_params),       \
			.driver_size = sizeof(struct fsa_driver),              \
			.filter_size = sizeof(struct fsa_filter),              \
			__VA_ARGS__};                                          \
		return &module;                                                \
	}

#endif
