# auth/: its part of the build.
