# tools/: the administrator's programs.
noinst_HEADERS += tools/tool.h
EXTRA_DIST += tools/compile-commands
bin_PROGRAMS += tools/testparm
tools_testparm_SOURCES = tools/testparm.c tools/tool.c
tools_testparm_LDADD = $(LINK_FSA) $(POPT_LIBS)
tools_testparm_LDFLAGS = $(AM_LDFLAGS) $(MODULE_HOST)
$(tools_testparm_OBJECTS): | $(IDL_GENERATED)

noinst_HEADERS += tools/status.h tools/status_int.h
bin_PROGRAMS += tools/smbcontrol tools/smbstatus
noinst_HEADERS += tools/control.h tools/watches.h
tools_smbcontrol_SOURCES = tools/smbcontrol.c tools/control_opens.c \
	tools/control_record.c tools/control_state.c \
	tools/watches.c \
	tools/tool.c
tools_smbcontrol_LDADD = $(LINK_LOCKING) $(POPT_LIBS)
tools_smbstatus_SOURCES = tools/smbstatus.c tools/status_collect.c \
	tools/status_files.c tools/status_json.c tools/status_locks.c \
	tools/status_print.c tools/status_print_files.c \
	tools/status_watch.c tools/watches.c tools/tool.c
tools_smbstatus_LDADD = $(LINK_LOCKING) $(POPT_LIBS)

noinst_HEADERS += tools/password.h
bin_PROGRAMS += tools/smbpasswd
tools_smbpasswd_SOURCES = tools/smbpasswd.c tools/password.c tools/tool.c
tools_smbpasswd_LDADD = $(LINK_AUTH) $(POPT_LIBS)

TESTS += tools/tests/testparm_test
dist_check_SCRIPTS += tools/tests/testparm_test

bin_PROGRAMS += tools/smbacl
tools_smbacl_SOURCES = tools/smbacl.c tools/tool.c
tools_smbacl_LDADD = auth/libauth.a $(LINK_FSA) $(TASN1_LIBS) $(POPT_LIBS)
$(tools_smbacl_OBJECTS): | $(IDL_GENERATED)
