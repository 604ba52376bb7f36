# fsa/: its part of the build.
noinst_HEADERS += fsa/fsa.h
