# client/: an asynchronous SMB2/3 client library.
noinst_LIBRARIES += client/libclient.a
client_libclient_a_SOURCES = \
	client/conn.c client/conn.h client/conn_int.h \
	client/file.c client/file.h \
	client/negotiate.c client/negotiate.h \
	client/request.c \
	client/session.c client/session.h \
	client/sync.c client/sync.h \
	client/transport.c client/transport.h \
	client/tree.c client/tree.h
