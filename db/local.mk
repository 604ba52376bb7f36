# db/: its part of the build.
noinst_HEADERS += db/db.h
