# man/: a manual page for every program and module.
dist_man_MANS += \
	man/smb.conf.5 \
	man/smbacl.1 \
	man/smbcontrol.1 \
	man/smbd.8 \
	man/smbpasswd.8 \
	man/smbstatus.1 \
	man/testparm.1 \
	man/torture.1 \
	man/vfs_audit.8 \
	man/vfs_catia.8 \
	man/vfs_delay_inject.8 \
	man/vfs_error_inject.8 \
	man/vfs_fruit.8 \
	man/vfs_memory.8 \
	man/vfs_readonly.8 \
	man/vfs_recycle.8 \
	man/vfs_shadow_copy.8
