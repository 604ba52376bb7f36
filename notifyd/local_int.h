/* notifyd/local_int.h - the two ways to hear of programs, for local.c. */
#ifndef NOTIFYD_LOCAL_INT_H
#define NOTIFYD_LOCAL_INT_H

#include "lib/nt.h"
#include "notifyd/local.h"

/* What utimes, chmod, chown and setxattr may have changed. */
#define LOCAL_ATTRIB_FILTER                                                    \
	(FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_LAST_WRITE |       \
	 FILE_NOTIFY_CHANGE_LAST_ACCESS | FILE_NOTIFY_CHANGE_CREATION |        \
	 FILE_NOTIFY_CHANGE_EA | FILE_NOTIFY_CHANGE_SECURITY)

/* What a program that has written and closed may have changed. */
#define LOCAL_WRITE_FILTER                                                     \
	(FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE)

/* As the functions of local.h; told may be NULL. */
struct local_kind {
	NTSTATUS(*create)
	(TALLOC_CTX *mem_ctx, const struct notify_local_args *args,
	 struct notify_local **out);
	NTSTATUS(*watch)
	(TALLOC_CTX *mem_ctx, struct notify_local *l, const char *path,
	 struct notify_local_dir **out);
	bool (*is_there)(const struct notify_local_dir *d);
	void (*set_tree)(struct notify_local_dir *d, bool tree);
	void (*told)(struct notify_local *l,
		     const struct notify_change_message *change);
};

/* What each of them begins with. */
struct notify_local {
	const struct local_kind *kind;
};
struct notify_local_dir {
	const struct local_kind *kind;
};

extern const struct local_kind local_fanotify;
extern const struct local_kind local_inotify;

#endif
