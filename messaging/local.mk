# messaging/: its part of the build.
