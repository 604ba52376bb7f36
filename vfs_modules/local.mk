# vfs_modules/: its part of the build.
