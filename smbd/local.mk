# smbd/: the server.  All but main.c is a library, so that tests can link it.
noinst_LIBRARIES += smbd/libsmbd.a
smbd_libsmbd_a_SOURCES = \
	smbd/check.c \
	smbd/child.c smbd/child.h \
	smbd/client.c smbd/client.h \
	smbd/commands.c smbd/handlers.h \
	smbd/control.c smbd/control.h \
	smbd/credits.c smbd/credits.h \
	smbd/dispatch.c smbd/request.h smbd/request_int.h \
	smbd/id_table.c smbd/id_table.h \
	smbd/iobuf.c smbd/iobuf.h \
	smbd/listen.c smbd/listen.h \
	smbd/logging.c smbd/logging.h \
	smbd/master.c smbd/master.h \
	smbd/negotiate.c smbd/negotiate.h \
	smbd/open.c smbd/open.h \
	smbd/pidfile.c smbd/pidfile.h \
	smbd/privileges.c smbd/privileges.h \
	smbd/query_encode.c smbd/query_encode.h \
	smbd/reply.c \
	smbd/server.c smbd/server.h \
	smbd/session.c smbd/session.h \
	smbd/smb1_negotiate.c \
	smbd/smb2_change_notify.c \
	smbd/smb2_close.c \
	smbd/smb2_create.c \
	smbd/smb2_echo.c \
	smbd/smb2_flush.c \
	smbd/smb2_ioctl.c \
	smbd/smb2_lock.c \
	smbd/smb2_logoff.c \
	smbd/smb2_negotiate.c \
	smbd/smb2_oplock_break.c \
	smbd/smb2_query_directory.c \
	smbd/smb2_query_info.c \
	smbd/smb2_read.c \
	smbd/smb2_session_setup.c \
	smbd/smb2_set_info.c \
	smbd/smb2_tree_connect.c \
	smbd/smb2_tree_disconnect.c \
	smbd/smb2_write.c \
	smbd/teardown.c smbd/teardown.h \
	smbd/transport.c smbd/transport.h \
	smbd/tree.c smbd/tree.h \
	smbd/waiting.c

sbin_PROGRAMS += smbd/smbd
smbd_smbd_SOURCES = smbd/main.c
smbd_smbd_LDADD = smbd/libsmbd.a $(LINK_SMBD) $(CAPNG_LIBS) $(POPT_LIBS)
