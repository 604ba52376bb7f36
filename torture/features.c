/* torture/features.c - the list of all tests, in the order they run. */
#include "torture/features.h"

#include <stddef.h>

/* clang-format off */
const struct torture_test *const torture_features[] = {
	torture_negotiate,
	torture_session_tests,
	torture_tree_tests,
	torture_signing_tests,
	torture_encryption_tests,
	torture_credits_tests,
	torture_compound_tests,
	torture_cancel_tests,
	torture_notify_tests,
	torture_oplock_tests,
	torture_lease_tests,
	torture_caching_table_tests,
	torture_dir_lease_tests,
	torture_dir_lease_change_tests,
	torture_coherence_tests,
	torture_create_tests,
	torture_names_tests,
	torture_share_tests,
	torture_delete_tests,
	torture_rename_tests,
	torture_io_tests,
	torture_directory_tests,
	torture_info_tests,
	torture_info_classes_tests,
	torture_info_ex_tests,
	torture_object_id_tests,
	torture_quota_tests,
	torture_hostile_tests,
	torture_ioctl_tests,
	torture_fsctl_tests,
	torture_fsctl_data_tests,
	torture_copies_tests,
	torture_copychunk_tests,
	torture_streams_tests,
	torture_reparse_tests,
	torture_symlink_tests,
	torture_posix_tests,
	torture_times_tests,
	torture_aapl_tests,
	NULL,
};
/* clang-format on */
