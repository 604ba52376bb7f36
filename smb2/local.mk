# smb2/: its part of the build.
