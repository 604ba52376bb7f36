# smb2/: the wire, shared by server and client.
noinst_LIBRARIES += smb2/libsmb2.a
smb2_libsmb2_a_SOURCES = \
	smb2/constants.h \
	smb2/buffer_response.h \
	smb2/change_notify.h \
	smb2/close.h \
	smb2/compound.h \
	smb2/create.h \
	smb2/create_contexts.h \
	smb2/error.h \
	smb2/flush.h \
	smb2/fscc_dir.h \
	smb2/fscc_file.h \
	smb2/fscc_fs.h \
	smb2/fscc_list.h \
	smb2/header.c smb2/header.h \
	smb2/ioctl.h \
	smb2/keys.h \
	smb2/lock.h \
	smb2/negotiate.h \
	smb2/negotiate_contexts.h \
	smb2/oplock_break.h \
	smb2/preauth.h \
	smb2/query_directory.h \
	smb2/query_info.h \
	smb2/read.h \
	smb2/seal.h \
	smb2/session_setup.h \
	smb2/set_info.h \
	smb2/sign.h \
	smb2/simple.h \
	smb2/tree_connect.h \
	smb2/write.h
