# idl/: what is stored, sent and called, and the NDR run time.
# To add a file, add its name to this list.
IDL_FILES = \
	idl/auth.idl \
	idl/db.idl \
	idl/locking.idl \
	idl/messages.idl \
	idl/server_id.idl \
	idl/token.idl

noinst_LIBRARIES += idl/libidl.a
idl_libidl_a_SOURCES = \
	idl/ndr.c idl/ndr.h \
	idl/ndr_print.c idl/ndr_print.h
nodist_idl_libidl_a_SOURCES = $(IDL_FILES:.idl=_gen.c)

IDL_GENERATED = $(IDL_FILES:.idl=_gen.c) $(IDL_FILES:.idl=_gen.h)
BUILT_SOURCES += $(IDL_GENERATED)
CLEANFILES += $(IDL_GENERATED)
EXTRA_DIST += $(IDL_FILES)

# One run writes both.  All files are looked at, since they import each other.
idl/%_gen.c idl/%_gen.h: idl/%.idl $(IDL_FILES) pidl-gen/pidl-gen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) idl && \
	pidl-gen/pidl-gen$(EXEEXT) -o idl/$*_gen $<

# The headers are there before anything is compiled that may include them,
# also when a single target is made.
$(idl_libidl_a_OBJECTS): | $(IDL_GENERATED)
