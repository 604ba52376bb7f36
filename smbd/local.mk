# smbd/: its part of the build.
