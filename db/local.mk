# db/: its part of the build.
