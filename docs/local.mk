# docs/: its part of the build.
