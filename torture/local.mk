# torture/: its part of the build.
