/* torture/features.h - each feature's tests; one file per feature. */
#ifndef TORTURE_FEATURES_H
#define TORTURE_FEATURES_H

#include "torture/torture.h"

extern const struct torture_test torture_negotiate[];
extern const struct torture_test torture_session_tests[];
extern const struct torture_test torture_tree_tests[];
extern const struct torture_test torture_signing_tests[];
extern const struct torture_test torture_encryption_tests[];
extern const struct torture_test torture_credits_tests[];
extern const struct torture_test torture_compound_tests[];
extern const struct torture_test torture_cancel_tests[];
extern const struct torture_test torture_bind_tests[];
extern const struct torture_test torture_channels_tests[];
extern const struct torture_test torture_notify_tests[];
extern const struct torture_test torture_oplock_tests[];
extern const struct torture_test torture_lease_tests[];
extern const struct torture_test torture_caching_table_tests[];
extern const struct torture_test torture_dir_lease_tests[];
extern const struct torture_test torture_dir_lease_change_tests[];
extern const struct torture_test torture_dir_lease_random_tests[];
extern const struct torture_test torture_coherence_tests[];
extern const struct torture_test torture_create_tests[];
extern const struct torture_test torture_names_tests[];
extern const struct torture_test torture_share_tests[];
extern const struct torture_test torture_delete_tests[];
extern const struct torture_test torture_rename_tests[];
extern const struct torture_test torture_io_tests[];
extern const struct torture_test torture_directory_tests[];
extern const struct torture_test torture_info_tests[];
extern const struct torture_test torture_info_classes_tests[];
extern const struct torture_test torture_info_ex_tests[];
extern const struct torture_test torture_object_id_tests[];
extern const struct torture_test torture_quota_tests[];
extern const struct torture_test torture_hostile_tests[];
extern const struct torture_test torture_ioctl_tests[];
extern const struct torture_test torture_fsctl_tests[];
extern const struct torture_test torture_fsctl_data_tests[];
extern const struct torture_test torture_copies_tests[];
extern const struct torture_test torture_copychunk_tests[];
extern const struct torture_test torture_locks_tests[];
extern const struct torture_test torture_streams_tests[];
extern const struct torture_test torture_reparse_tests[];
extern const struct torture_test torture_symlink_tests[];
extern const struct torture_test torture_posix_tests[];
extern const struct torture_test torture_times_tests[];
extern const struct torture_test torture_aapl_tests[];

#endif
