# docs/: its part of the build.
EXTRA_DIST += docs/pidl-gen.md
