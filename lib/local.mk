# lib/: what every other folder stands on.
noinst_LIBRARIES += lib/liblib.a
lib_liblib_a_SOURCES = \
	lib/assert.c lib/assert.h \
	lib/blob.h \
	lib/guid.h \
	lib/identity.h \
	lib/log.h \
	lib/nt.h lib/ntstatus.c lib/ntstatus.h lib/ntstatus_list.h \
	lib/nttime.h \
	lib/sid.h \
	lib/utf16.h \
	lib/wire.c lib/wire.h
EXTRA_DIST += lib/tests/fuzz_main.c
