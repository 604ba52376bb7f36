# vfs_modules/: its part of the build.
noinst_LIBRARIES += vfs_modules/libvfs_modules.a
vfs_modules_libvfs_modules_a_SOURCES = \
	vfs_modules/catia/catia.c \
	vfs_modules/catia/char_map.c vfs_modules/catia/char_map.h \
	vfs_modules/fruit/apple_double.c vfs_modules/fruit/apple_double.h \
	vfs_modules/fruit/convert.c \
	vfs_modules/fruit/fork.c \
	vfs_modules/fruit/fruit.c vfs_modules/fruit/fruit.h \
	vfs_modules/fruit/info.c \
	vfs_modules/fruit/locking.c \
	vfs_modules/audit/audit.c vfs_modules/audit/audit.h \
	vfs_modules/audit/events.c vfs_modules/audit/writer.c \
	vfs_modules/memory/arena.c vfs_modules/memory/arena.h \
	vfs_modules/memory/content.c \
	vfs_modules/memory/data.c \
	vfs_modules/memory/ea.c \
	vfs_modules/memory/lookup.c \
	vfs_modules/memory/memory.c vfs_modules/memory/memory.h \
	vfs_modules/memory/names.c \
	vfs_modules/memory/open.c \
	vfs_modules/memory/resolve.c \
	vfs_modules/memory/scan.c \
	vfs_modules/memory/security.c \
	vfs_modules/memory/stream.c \
	vfs_modules/memory/tree.c \
	vfs_modules/memory/unix.c \
	vfs_modules/memory/volume.c \
	vfs_modules/names/shown_name.c vfs_modules/names/shown_name.h \
	vfs_modules/posix/async.c vfs_modules/posix/async.h \
	vfs_modules/posix/attr.c vfs_modules/posix/attr.h \
	vfs_modules/posix/casefold.c vfs_modules/posix/casefold.h \
	vfs_modules/posix/copy.c \
	vfs_modules/posix/data.c \
	vfs_modules/posix/dir.c \
	vfs_modules/posix/dosattrib.c vfs_modules/posix/dosattrib.h \
	vfs_modules/posix/ea.c \
	vfs_modules/posix/flags.c \
	vfs_modules/posix/exact.c \
	vfs_modules/posix/hold_off.c \
	vfs_modules/posix/lock.c \
	vfs_modules/posix/mode_map.c vfs_modules/posix/mode_map.h \
	vfs_modules/posix/name_index.c vfs_modules/posix/name_index.h \
	vfs_modules/posix/name_table.c vfs_modules/posix/name_table.h \
	vfs_modules/posix/new_mode.c vfs_modules/posix/new_mode.h \
	vfs_modules/posix/ntacl.c vfs_modules/posix/ntacl.h \
	vfs_modules/posix/open.c \
	vfs_modules/posix/posix_acl.c vfs_modules/posix/posix_acl.h \
	vfs_modules/posix/posix.h \
	vfs_modules/posix/privileged.c vfs_modules/posix/privileged.h \
	vfs_modules/posix/quota.c \
	vfs_modules/posix/ranges.c \
	vfs_modules/posix/read_dir.c vfs_modules/posix/read_dir.h \
	vfs_modules/posix/inode_path.c vfs_modules/posix/inode_path.h \
	vfs_modules/posix/record.c \
	vfs_modules/posix/rename.c \
	vfs_modules/posix/reparse.c vfs_modules/posix/reparse.h \
	vfs_modules/posix/rights.c vfs_modules/posix/rights.h \
	vfs_modules/posix/sectors.c \
	vfs_modules/posix/security.c vfs_modules/posix/set_times.c \
	vfs_modules/posix/side_store.c vfs_modules/posix/side_store.h \
	vfs_modules/posix/stream.c \
	vfs_modules/posix/symlink.c vfs_modules/posix/symlink.h \
	vfs_modules/posix/stepwise.c vfs_modules/posix/stepwise.h \
	vfs_modules/posix/volume.c \
	vfs_modules/posix/sweep.c vfs_modules/posix/sweep.h \
	vfs_modules/posix/walk.c \
	vfs_modules/posix/work.c vfs_modules/posix/work.h \
	vfs_modules/posix/xattr.c vfs_modules/posix/xattr.h \
	vfs_modules/readonly.c \
	vfs_modules/recycle/names.c vfs_modules/recycle/recycle.h \
	vfs_modules/recycle/recycle.c \
	vfs_modules/recycle/save.c \
	vfs_modules/shadow_copy/shadow_copy.c \
	vfs_modules/shadow_copy/snapshot_time.c \
	vfs_modules/shadow_copy/snapshot_time.h \
	vfs_modules/shadow_copy/snapshots.c \
	vfs_modules/shadow_copy/snapshots.h

VFS_TESTS = \
	vfs_modules/tests/apple_double_fuzz \
	vfs_modules/tests/apple_double_test \
	vfs_modules/tests/async_test \
	vfs_modules/tests/char_map_test \
	vfs_modules/tests/dosattrib_fuzz \
	vfs_modules/tests/dosattrib_test \
	vfs_modules/tests/memory_kill_test \
	vfs_modules/tests/memory_model_test \
	vfs_modules/tests/memory_test \
	vfs_modules/tests/name_index_test \
	vfs_modules/tests/names_test \
	vfs_modules/tests/ntacl_fuzz \
	vfs_modules/tests/ntacl_test \
	vfs_modules/tests/quota_test \
	vfs_modules/tests/record_test \
	vfs_modules/tests/recycle_test \
	vfs_modules/tests/snapshot_test \
	vfs_modules/tests/sweep_test \
	vfs_modules/tests/work_test \
	vfs_modules/tests/stepwise_test
check_PROGRAMS += $(VFS_TESTS)
TESTS += $(VFS_TESTS)
EXTRA_DIST += vfs_modules/tests/corpus
vfs_modules_tests_dosattrib_fuzz_SOURCES = \
	vfs_modules/tests/dosattrib_fuzz.c $(FUZZ_MAIN)
vfs_modules_tests_dosattrib_fuzz_LDADD = $(LINK_VFS)
vfs_modules_tests_dosattrib_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
vfs_modules_tests_apple_double_fuzz_SOURCES = \
	vfs_modules/tests/apple_double_fuzz.c $(FUZZ_MAIN)
vfs_modules_tests_apple_double_fuzz_LDADD = $(LINK_VFS)
vfs_modules_tests_apple_double_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
vfs_modules_tests_apple_double_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_async_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_char_map_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_dosattrib_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_memory_kill_test_SOURCES = \
	vfs_modules/tests/memory_kill_test.c \
	vfs_modules/tests/memory_check.c vfs_modules/tests/memory_check.h
vfs_modules_tests_memory_kill_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_memory_model_test_SOURCES = \
	vfs_modules/tests/memory_model_test.c \
	vfs_modules/tests/memory_check.c vfs_modules/tests/memory_check.h
vfs_modules_tests_memory_model_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_memory_test_SOURCES = \
	vfs_modules/tests/memory_test.c \
	vfs_modules/tests/memory_check.c vfs_modules/tests/memory_check.h
vfs_modules_tests_memory_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_name_index_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_names_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_record_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_quota_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_snapshot_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_stepwise_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_sweep_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_work_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_ntacl_fuzz_SOURCES = \
	vfs_modules/tests/ntacl_fuzz.c $(FUZZ_MAIN)
vfs_modules_tests_ntacl_fuzz_LDADD = $(LINK_VFS)
vfs_modules_tests_ntacl_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
vfs_modules_tests_ntacl_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)
vfs_modules_tests_recycle_test_LDADD = $(LINK_VFS) $(CMOCKA_LIBS)

# Filters in files of their own, loaded by name.
vfsmodule_PROGRAMS += vfs_modules/delay_inject.so vfs_modules/error_inject.so
INJECT = vfs_modules/inject/inject.c vfs_modules/inject/inject.h
vfs_modules_delay_inject_so_SOURCES = \
	vfs_modules/inject/delay_inject.c $(INJECT)
vfs_modules_delay_inject_so_CFLAGS = $(CFLAGS_MODULE)
vfs_modules_delay_inject_so_LDFLAGS = $(LDFLAGS_MODULE)
vfs_modules_error_inject_so_SOURCES = \
	vfs_modules/inject/error_inject.c $(INJECT)
vfs_modules_error_inject_so_CFLAGS = $(CFLAGS_MODULE)
vfs_modules_error_inject_so_LDFLAGS = $(LDFLAGS_MODULE)

# The examples of docs/modules.md: built, and tried by tests/filters, but not
# installed.
noinst_PROGRAMS += vfs_modules/examples/block.so vfs_modules/examples/machine.so
vfs_modules_examples_block_so_SOURCES = vfs_modules/examples/block.c
vfs_modules_examples_block_so_CFLAGS = $(CFLAGS_MODULE)
vfs_modules_examples_block_so_LDFLAGS = $(LDFLAGS_MODULE)
vfs_modules_examples_machine_so_SOURCES = vfs_modules/examples/machine.c
vfs_modules_examples_machine_so_CFLAGS = $(CFLAGS_MODULE)
vfs_modules_examples_machine_so_LDFLAGS = $(LDFLAGS_MODULE)
