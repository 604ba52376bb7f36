# docs/: for people.
EXTRA_DIST += docs/architecture.md docs/audit.md docs/audit.schema.json docs/caching.md docs/macos.md docs/modules.md docs/performance.md docs/pidl-gen.md docs/posix-extensions.md docs/previous-versions.md docs/vfs.md
