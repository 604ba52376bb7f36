# packaging/: how a system starts the server.
EXTRA_DIST += packaging/holdfast.init packaging/holdfast.service \
	packaging/smb.conf
