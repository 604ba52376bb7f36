/* fsa/tests/fixture.h - a share in a temporary folder, and short ways to do
 * things with it. */
#ifndef FSA_TESTS_FIXTURE_H
#define FSA_TESTS_FIXTURE_H

#include <limits.h>

#include "fsa/fsa.h"
#include "idl/token_gen.h"
#include "lib/identity.h"

#define READ_WRITE  (FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES)
#define GENERIC_USE (FILE_GENERIC_READ | FILE_GENERIC_WRITE)
#define SHARE_ALL   FILE_SHARE_ALL

struct fixture {
	char dir[PATH_MAX];   /* of the test; the lock files are in it */
	char share[PATH_MAX]; /* the folder served */
	TALLOC_CTX *mem_ctx;
	struct tevent_context *ev;
	struct messaging_context *messaging;
	struct locking *locking;
	struct fsa_server *server;
	struct fsa_volume *volume;
	struct fsa_volume_params params;
	struct identity who;
	struct sid sids[3];
	struct security_token token; /* of who, without privileges */
	uint64_t next_open_id;
};

/* cmocka set-up and tear-down; *state is the struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* The same, in memory if that is possible: to make many files. */
int fixture_setup_in_memory(void **state);

/* Another mount of the same folder with changed params. */
struct fsa_volume *fixture_mount(struct fixture *fx,
				 const struct fsa_volume_params *params);

/* In the child after a fork. */
void fixture_after_fork(struct fixture *fx);

struct fsa_io fixture_io(struct fixture *fx, enum fsa_op op,
			 struct fsa_file *f);

/* fsa_dispatch(), and waits for what is pending. */
NTSTATUS fixture_run(struct fixture *fx, struct fsa_io *io);

struct open_args {
	const char *name;
	uint32_t access; /* 0: GENERIC_USE */
	uint32_t share;	 /* as given */
	enum create_disposition disposition;
	uint32_t options;
	uint32_t attributes;
	struct fsa_volume *volume; /* NULL: the fixture's */
};

/* out may be NULL: then an open that succeeds is closed again. */
NTSTATUS fixture_open_io(struct fixture *fx, const struct open_args *args,
			 struct fsa_io *io);
NTSTATUS fixture_open(struct fixture *fx, const struct open_args *args,
		      struct fsa_file **out);
NTSTATUS fixture_close(struct fixture *fx, struct fsa_file *f);
NTSTATUS fixture_write(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		       const char *text);
NTSTATUS fixture_read(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		      char *out, uint32_t length, uint32_t *out_n);
NTSTATUS fixture_stat(struct fixture *fx, struct fsa_file *f,
		      struct fsa_stat *out);
NTSTATUS fixture_rename(struct fixture *fx, struct fsa_file *f,
			const char *name, bool replace);
NTSTATUS fixture_set_delete(struct fixture *fx, struct fsa_file *f, bool on);

/* Directly on disk, past the server. */
void fixture_make_file(struct fixture *fx, const char *name, const char *text);
void fixture_make_dir(struct fixture *fx, const char *name);
void fixture_make_link(struct fixture *fx, const char *target,
		       const char *name);
bool fixture_exists(struct fixture *fx, const char *name);
void fixture_remove(struct fixture *fx, const char *name);
char *fixture_path(struct fixture *fx, const char *name); /* on mem_ctx */

#define assert_status(status, name)                                            \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" #name)
#define assert_ok(status) assert_status(status, SUCCESS)

#endif
