# fsa/: its part of the build.
