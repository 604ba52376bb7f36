# notifyd/: its part of the build.
noinst_LIBRARIES += notifyd/libnotifyd.a
notifyd_libnotifyd_a_SOURCES = \
	notifyd/index.c notifyd/index.h \
	notifyd/notifyd.c notifyd/notifyd.h
$(notifyd_libnotifyd_a_OBJECTS): | $(IDL_GENERATED)
