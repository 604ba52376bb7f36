# man/: its part of the build.
