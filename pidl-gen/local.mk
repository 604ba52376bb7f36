# pidl-gen/: its part of the build.
