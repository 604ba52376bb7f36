# idl/: its part of the build.
