# man/: its part of the build.
dist_man_MANS += man/smbpasswd.8
