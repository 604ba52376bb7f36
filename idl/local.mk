# idl/: what is stored, sent and called, and the NDR run time.
# To add a file, add its name to this list.
IDL_FILES = \
	idl/auth.idl \
	idl/db.idl \
	idl/locking.idl \
	idl/messages.idl \
	idl/notify.idl \
	idl/server_id.idl \
	idl/state.idl \
	idl/token.idl

# For tests of the compiler only.
IDL_TEST_FILES = \
	pidl-gen/tests/features.idl \
	pidl-gen/tests/imported.idl

noinst_LIBRARIES += idl/libidl.a
idl_libidl_a_SOURCES = \
	idl/ndr.c idl/ndr.h \
	idl/ndr_print.c idl/ndr_print.h
nodist_idl_libidl_a_SOURCES = $(IDL_FILES:.idl=_gen.c)

IDL_GENERATED = $(IDL_FILES:.idl=_gen.c) $(IDL_FILES:.idl=_gen.h)
BUILT_SOURCES += $(IDL_GENERATED)
CLEANFILES += $(IDL_GENERATED)
EXTRA_DIST += $(IDL_FILES) $(IDL_TEST_FILES)

# One run writes both.
%_gen.c %_gen.h: %.idl pidl-gen/pidl-gen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	pidl-gen/pidl-gen$(EXEEXT) -o $*_gen $<

%_gen_test.c %_gen_test.h: %.idl pidl-gen/pidl-gen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	pidl-gen/pidl-gen$(EXEEXT) --test -o $*_gen $<

# What imports what, noted by pidl-gen.
-include $(IDL_FILES:.idl=_gen.d) $(IDL_TEST_FILES:.idl=_gen.d)
CLEANFILES += $(IDL_FILES:.idl=_gen.d) $(IDL_TEST_FILES:.idl=_gen.d)

# The headers are there before anything is compiled that may include them,
# also when a single library is made.
$(idl_libidl_a_OBJECTS) $(messaging_libmessaging_a_OBJECTS) \
$(db_libdb_a_OBJECTS) $(locking_liblocking_a_OBJECTS) \
$(auth_libauth_a_OBJECTS) $(fsa_libfsa_a_OBJECTS) \
$(vfs_modules_libvfs_modules_a_OBJECTS) $(client_libclient_a_OBJECTS): \
	| $(IDL_FILES:.idl=_gen.h)

# --- tests: every type of every file ---
IDL_ALL_FILES = $(IDL_FILES) $(IDL_TEST_FILES)
IDL_TEST_INCLUDES = $(IDL_ALL_FILES:.idl=_gen_test.h) \
	$(IDL_TEST_FILES:.idl=_gen.h) idl/tests/all_files.inc
CLEANFILES += $(IDL_TEST_INCLUDES) $(IDL_ALL_FILES:.idl=_gen_test.c) \
	$(IDL_TEST_FILES:.idl=_gen.c)

idl/tests/all_files.inc: $(IDL_ALL_FILES)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && for f in $(IDL_ALL_FILES); do \
		echo "NDR_TEST_FILE(`basename $$f .idl`)"; done >$@.tmp && \
	mv $@.tmp $@

check_LIBRARIES = idl/tests/libndrtest.a
idl_tests_libndrtest_a_SOURCES = \
	idl/tests/ndr_random.c idl/tests/ndr_random.h
nodist_idl_tests_libndrtest_a_SOURCES = \
	$(IDL_ALL_FILES:.idl=_gen_test.c) $(IDL_TEST_FILES:.idl=_gen.c)
$(idl_tests_libndrtest_a_OBJECTS) $(idl_tests_ndr_test_OBJECTS): \
	| $(IDL_TEST_INCLUDES) $(IDL_FILES:.idl=_gen.h)

check_PROGRAMS += idl/tests/ndr_test idl/tests/records_test \
	idl/tests/records_fuzz
TESTS += idl/tests/ndr_test idl/tests/records_test idl/tests/records_fuzz
idl_tests_ndr_test_SOURCES = idl/tests/ndr_test.c
idl_tests_ndr_test_LDADD = idl/tests/libndrtest.a $(LINK_IDL) $(CMOCKA_LIBS)
idl_tests_records_test_SOURCES = idl/tests/records_test.c
idl_tests_records_test_LDADD = idl/tests/libndrtest.a $(LINK_IDL) \
	$(CMOCKA_LIBS)
idl_tests_records_fuzz_SOURCES = idl/tests/records_fuzz.c $(FUZZ_MAIN)
idl_tests_records_fuzz_LDADD = idl/tests/libndrtest.a $(LINK_IDL)
idl_tests_records_fuzz_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
EXTRA_DIST += idl/tests/corpus/records
