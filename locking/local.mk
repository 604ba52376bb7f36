# locking/: its part of the build.
noinst_HEADERS += locking/client_store.h locking/locking.h \
	locking/open_store.h locking/session_store.h \
	locking/share_mode.h locking/share_mode_rules.h \
	locking/tree_store.h
