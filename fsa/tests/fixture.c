/* fsa/tests/fixture.c - a share in a temporary folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fsa/tests/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "locking/locking.h"
#include "messaging/messaging.h"

static void run_step(struct fsa_io *io, void (*step)(struct fsa_io *io))
{
	identity_assume(io->identity);
	step(io);
}

static void set_up_server(struct fixture *fx)
{
	const struct fsa_server_params params = {
		.ev = fx->ev,
		.locking = fx->locking,
		.messaging = fx->messaging,
		.run_step = run_step,
	};

	assert_ok(fsa_server_create(fx->mem_ctx, &params, &fx->server));
	assert_ok(fsa_volume_open(fx->mem_ctx, fx->server, &fx->params,
				  &fx->volume));
}

static int setup_in(const char *tmp, void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));
	char lock_dir[PATH_MAX + 8];

	assert_non_null(fx);
	umask(0);
	snprintf(fx->dir, sizeof(fx->dir) - 16, "%s/fsa-test-XXXXXX", tmp);
	assert_non_null(mkdtemp(fx->dir));
	assert_int_equal(chmod(fx->dir, 0755), 0);
	snprintf(fx->share, sizeof(fx->share), "%.4000s/share", fx->dir);
	snprintf(lock_dir, sizeof(lock_dir), "%s/lock", fx->dir);
	assert_int_equal(mkdir(fx->share, 0777), 0);
	assert_int_equal(mkdir(lock_dir, 0700), 0);
	fx->mem_ctx = talloc_new(NULL);
	fx->ev = tevent_context_init(fx->mem_ctx);
	assert_ok(messaging_create(fx->mem_ctx, fx->ev, lock_dir,
				   &fx->messaging));
	assert_ok(locking_open(fx->mem_ctx, lock_dir, fx->messaging, false,
			       &fx->locking));
	fx->params = (struct fsa_volume_params){
		.share_name = "share",
		.path = fx->share,
		.driver = "posix",
		.label = "share",
		.follow_symlinks = true,
		.hide_dot_files = true,
		.dos_filetimes = true,
		.map = {.readonly = FSA_READONLY_YES},
		.store_dos_attributes = true,
		.strict_sync = true,
		.posix_locking = true,
		.strict_locking = true,
		.named_streams = true,
		.ea_support = true,
		.create_mask = 0744,
		.directory_mask = 0755,
	};
	fx->who = (struct identity){.uid = geteuid(), .gid = getegid()};
	identity_assume(&fx->who);
	fx->sids[0] = sid_unix_user(geteuid());
	fx->sids[1] = sid_unix_group(getegid());
	fx->sids[2] = sid_everyone();
	fx->token = (struct security_token){.num_sids = 3, .sids = fx->sids};
	set_up_server(fx);
	*state = fx;
	return 0;
}

static const char *tmp_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp != NULL ? tmp : "/tmp";
}

int fixture_setup(void **state)
{
	return setup_in(tmp_dir(), state);
}

int fixture_setup_in_memory(void **state)
{
	return setup_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : tmp_dir(),
			state);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	return remove(path);
}

int fixture_teardown(void **state)
{
	struct fixture *fx = *state;

	identity_drop();
	talloc_free(fx->mem_ctx);
	nftw(fx->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(fx);
	return 0;
}

struct fsa_volume *fixture_mount(struct fixture *fx,
				 const struct fsa_volume_params *params)
{
	struct fsa_volume *v = NULL;

	assert_ok(fsa_volume_open(fx->mem_ctx, fx->server, params, &v));
	return v;
}

void fixture_after_fork(struct fixture *fx)
{
	assert_int_equal(tevent_re_initialise(fx->ev), 0);
	assert_ok(messaging_reinit(fx->messaging));
	assert_ok(locking_reopen_after_fork(fx->locking));
	fx->next_open_id += 1000000;
}

struct fsa_io fixture_io(struct fixture *fx, enum fsa_op op, struct fsa_file *f)
{
	return (struct fsa_io){.op = op,
			       .volume = fx->volume,
			       .file = f,
			       .token = &fx->token,
			       .identity = &fx->who};
}

static void note_complete(struct fsa_io *io)
{
	*(bool *)io->private_data = true;
}

NTSTATUS fixture_run(struct fixture *fx, struct fsa_io *io)
{
	bool done = false;
	NTSTATUS status;

	io->complete = note_complete;
	io->private_data = &done;
	status = fsa_dispatch(io);
	if (!NT_STATUS_IS(status, PENDING)) {
		return status;
	}
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	return io->status;
}

NTSTATUS fixture_open_io(struct fixture *fx, const struct open_args *args,
			 struct fsa_io *io)
{
	*io = fixture_io(fx, FSA_CREATE, NULL);
	if (args->volume != NULL) {
		io->volume = args->volume;
	}
	io->u.create = (struct fsa_create){
		.name = args->name,
		.open_id = ++fx->next_open_id,
		.desired_access =
			args->access != 0 ? args->access : GENERIC_USE,
		.file_attributes = args->attributes,
		.share_access = args->share,
		.disposition = args->disposition,
		.options = args->options,
	};
	return fixture_run(fx, io);
}

NTSTATUS fixture_open(struct fixture *fx, const struct open_args *args,
		      struct fsa_file **out)
{
	struct fsa_io io;
	NTSTATUS status = fixture_open_io(fx, args, &io);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (out == NULL) {
		return fixture_close(fx, io.u.create.file);
	}
	*out = io.u.create.file;
	return NT_STATUS_OK;
}

NTSTATUS fixture_close(struct fixture *fx, struct fsa_file *f)
{
	struct fsa_io io = fixture_io(fx, FSA_CLOSE, f);

	return fixture_run(fx, &io);
}

NTSTATUS fixture_write(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		       const char *text)
{
	struct fsa_io io = fixture_io(fx, FSA_WRITE, f);

	io.u.write = (struct fsa_write){.offset = offset,
					.data = (const uint8_t *)text,
					.length = (uint32_t)strlen(text)};
	return fixture_run(fx, &io);
}

NTSTATUS fixture_read(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		      char *out, uint32_t length, uint32_t *out_n)
{
	struct fsa_io io = fixture_io(fx, FSA_READ, f);
	NTSTATUS status;

	io.u.read = (struct fsa_read){
		.offset = offset, .data = (uint8_t *)out, .length = length};
	status = fixture_run(fx, &io);
	*out_n = io.u.read.nread;
	return status;
}

NTSTATUS fixture_stat(struct fixture *fx, struct fsa_file *f,
		      struct fsa_stat *out)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_INFO, f);
	NTSTATUS status;

	io.u.query_info.info_class = FileAllInformation;
	status = fixture_run(fx, &io);
	*out = io.u.query_info.info.stat;
	return status;
}

NTSTATUS fixture_rename(struct fixture *fx, struct fsa_file *f,
			const char *name, bool replace)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileRenameInformation;
	io.u.set_info.u.rename.name = name;
	io.u.set_info.u.rename.replace = replace;
	return fixture_run(fx, &io);
}

NTSTATUS fixture_set_delete(struct fixture *fx, struct fsa_file *f, bool on)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileDispositionInformation;
	io.u.set_info.u.disposition = on ? FILE_DISPOSITION_DELETE : 0;
	return fixture_run(fx, &io);
}

/* --- past the server ----------------------------------------------------- */

char *fixture_path(struct fixture *fx, const char *name)
{
	return talloc_asprintf(fx->mem_ctx, "%s/%s", fx->share, name);
}

void fixture_make_file(struct fixture *fx, const char *name, const char *text)
{
	FILE *f = fopen(fixture_path(fx, name), "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

void fixture_make_dir(struct fixture *fx, const char *name)
{
	assert_int_equal(mkdir(fixture_path(fx, name), 0777), 0);
}

void fixture_make_link(struct fixture *fx, const char *target, const char *name)
{
	assert_int_equal(symlink(target, fixture_path(fx, name)), 0);
}

bool fixture_exists(struct fixture *fx, const char *name)
{
	struct stat st;

	return lstat(fixture_path(fx, name), &st) == 0;
}

void fixture_remove(struct fixture *fx, const char *name)
{
	assert_int_equal(remove(fixture_path(fx, name)), 0);
}
