# locking/: its part of the build.
