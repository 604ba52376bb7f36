# docs/: for people.
EXTRA_DIST += docs/architecture.md docs/pidl-gen.md docs/vfs.md
