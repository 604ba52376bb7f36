# messaging/: its part of the build.
noinst_HEADERS += messaging/messaging.h messaging/server_id.h
