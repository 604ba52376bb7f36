# client/: its part of the build.
