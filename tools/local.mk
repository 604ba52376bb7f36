# tools/: the administrator's programs.
noinst_HEADERS += tools/tool.h
bin_PROGRAMS += tools/testparm
tools_testparm_SOURCES = tools/testparm.c tools/tool.c
tools_testparm_LDADD = $(LINK_LIB) $(POPT_LIBS)
