# tools/: its part of the build.
