# fsa/: its part of the build.
noinst_HEADERS += fsa/driver.h fsa/fsa.h
