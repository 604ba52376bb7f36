/* torture/features.c - the list of all tests, in the order they run. */
#include "torture/features.h"

#include <stddef.h>

const struct torture_test *const torture_features[] = {
	torture_negotiate,     torture_session_tests,	 torture_tree_tests,
	torture_signing_tests, torture_encryption_tests, NULL,
};
