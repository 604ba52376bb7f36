# torture/: protocol tests and benchmarks against any SMB server.
bin_PROGRAMS += torture/torture
torture_torture_SOURCES = \
	torture/aapl.c \
	torture/args.c torture/args.h \
	torture/bench.c torture/bench.h \
	torture/bench_bulk.c \
	torture/bench_caching.c \
	torture/bench_contention.c \
	torture/bench_idle.c \
	torture/bench_locks.c \
	torture/bench_small.c \
	torture/breaks.c torture/breaks.h \
	torture/callgrind.c torture/callgrind.h \
	torture/bind.c \
	torture/cancel.c \
	torture/channels.c torture/channels.h \
	torture/coherence.c torture/coherence.h \
	torture/coherence_client.c \
	torture/coherence_records.c \
	torture/caching_table.c \
	torture/compound.c \
	torture/copies.c \
	torture/copychunk.c \
	torture/create.c \
	torture/credits.c \
	torture/delete.c \
	torture/dir_lease.c \
	torture/dir_lease_change.c \
	torture/dir_lease_random.c \
	torture/dir_leases.c torture/dir_leases.h \
	torture/directory.c \
	torture/encryption.c \
	torture/features.c \
	torture/fsctl.c \
	torture/fsctl_data.c \
	torture/hostile.c \
	torture/info.c \
	torture/info_classes.c \
	torture/info_ex.c \
	torture/io.c \
	torture/ioctl.c \
	torture/lease.c \
	torture/locks.c \
	torture/main.c \
	torture/model_client.c torture/model_client.h \
	torture/model_file.c torture/model_file.h \
	torture/model_main.c \
	torture/model_play.c torture/model_play.h \
	torture/model_print.c torture/model_print.h \
	torture/model_run.c torture/model_run.h \
	torture/model_wire.c torture/model_wire.h \
	torture/names.c \
	torture/negotiate.c \
	torture/notify.c \
	torture/object_id.c \
	torture/oplock.c \
	torture/point.c torture/point.h \
	torture/posix.c \
	torture/quota.c \
	torture/remove.c \
	torture/rename.c \
	torture/reparse.c \
	torture/report.c \
	torture/features.h \
	torture/run.c torture/run.h \
	torture/server.c torture/server.h \
	torture/session.c \
	torture/share.c \
	torture/streams.c \
	torture/symlink.c \
	torture/times.c \
	torture/signing.c \
	torture/torture.h \
	torture/tree.c \
	torture/util.c torture/util.h
torture_torture_LDADD = torture/libmodel.a $(LINK_CLIENT) $(POPT_LIBS)

# What a server's answers must be: values only.
noinst_LIBRARIES += torture/libmodel.a
torture_libmodel_a_SOURCES = \
	torture/model.c torture/model.h torture/model_int.h \
	torture/model_check.c torture/model_check.h \
	torture/model_grants.c \
	torture/model_locks.c

TORTURE_TESTS = torture/tests/model_test
check_PROGRAMS += $(TORTURE_TESTS)
TESTS += $(TORTURE_TESTS)
torture_tests_model_test_LDADD = torture/libmodel.a $(LINK_LIB) $(CMOCKA_LIBS)

EXTRA_DIST += torture/bench-compare torture/expected torture/smbtorture-run torture/suites

# The rows of docs/caching.md, for torture/caching_table.c.
torture/caching_rows.h: $(top_srcdir)/docs/caching.md
	$(AM_V_GEN)$(MKDIR_P) torture && awk -F ' *[|] *' \
		'/^[|] operation/ { in_table = 1; getline; next } \
		in_table && !/^[|]/ { exit } \
		in_table { printf "{\"%s\", {", $$2; \
			for (i = 3; i < NF; i++) printf "\"%s\",", $$i; \
			print "}}," }' $(top_srcdir)/docs/caching.md >$@.new && \
		mv $@.new $@
BUILT_SOURCES += torture/caching_rows.h
CLEANFILES += torture/caching_rows.h
