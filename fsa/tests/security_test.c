/* fsa/tests/security_test.c - descriptors of real files: [MS-FSA] 2.1.5.14,
 * 2.1.5.17, and what they let an open do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fsa/tests/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/sd.h"

#define PARTS                                                                  \
	(OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |             \
	 DACL_SECURITY_INFORMATION)

/* Without extended attributes there is nothing to keep a descriptor in. */
static int setup(void **state)
{
	struct fixture *fx;

	if (fixture_setup(state) != 0) {
		return -1;
	}
	fx = *state;
	if (setxattr(fx->share, "user.test", "", 0, 0) != 0) {
		print_message("no extended attributes here: %s\n",
			      strerror(errno));
		fixture_teardown(state);
		*state = NULL;
	}
	return 0;
}

static int teardown(void **state)
{
	return *state == NULL ? 0 : fixture_teardown(state);
}

#define NEED(fx)                                                               \
	do {                                                                   \
		if ((fx) == NULL) {                                            \
			skip();                                                \
		}                                                              \
	} while (0)

static struct fsa_file *open_for(struct fixture *fx, const char *name,
				 uint32_t access, uint32_t options)
{
	struct fsa_file *f = NULL;
	const struct open_args args = {.name = name,
				       .access = access,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN_IF,
				       .options = options};

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static NTSTATUS set(struct fixture *fx, struct fsa_file *f, uint32_t which,
		    const struct security_descriptor *sd)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_SECURITY, f);

	io.u.security.which = which;
	assert_ok(sd_encode(fx->mem_ctx, sd, &io.u.security.descriptor));
	return fixture_run(fx, &io);
}

static struct security_descriptor get(struct fixture *fx, struct fsa_file *f)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_SECURITY, f);
	struct security_descriptor sd;

	io.u.security.which = PARTS;
	io.u.security.mem_ctx = fx->mem_ctx;
	assert_ok(fixture_run(fx, &io));
	assert_ok(sd_decode(fx->mem_ctx, io.u.security.descriptor, &sd));
	return sd;
}

/* One entry for Everyone. */
static void set_everyone(struct fixture *fx, struct fsa_file *f, uint8_t flags,
			 uint32_t mask)
{
	struct ace a = {.type = ACE_ALLOWED,
			.flags = flags,
			.mask = mask,
			.sid = sid_everyone()};
	const struct security_descriptor sd = {
		.control = SE_DACL_PRESENT,
		.has_dacl = true,
		.dacl = {.revision = ACL_REVISION, .count = 1, .aces = &a}};

	assert_ok(set(fx, f, DACL_SECURITY_INFORMATION, &sd));
}

static NTSTATUS try_open(struct fixture *fx, const char *name, uint32_t access)
{
	const struct open_args args = {.name = name,
				       .access = access,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN};

	return fixture_open(fx, &args, NULL);
}

static mode_t mode_of(struct fixture *fx, const char *name)
{
	struct stat st;

	assert_int_equal(stat(fixture_path(fx, name), &st), 0);
	return st.st_mode & 07777;
}

static void test_made_from_the_mode(void **state)
{
	struct fixture *fx = *state;
	struct security_descriptor sd;
	struct fsa_file *f;

	NEED(fx);
	fixture_make_file(fx, "a", "");
	assert_int_equal(chmod(fixture_path(fx, "a"), 0640), 0);
	f = open_for(fx, "a", READ_CONTROL, 0);
	sd = get(fx, f);
	assert_true(sid_equal(&sd.owner, &fx->sids[0]));
	assert_int_equal(sd.dacl.count, 3);
	assert_int_equal(sd.dacl.aces[0].mask, FILE_ALL_ACCESS);
	assert_true((sd.dacl.aces[1].mask & FILE_READ_DATA) != 0);
	assert_int_equal(sd.dacl.aces[2].mask & FILE_READ_DATA, 0);
	assert_ok(fixture_close(fx, f));
}

static void test_what_is_set_is_kept_and_holds(void **state)
{
	struct fixture *fx = *state;
	struct security_descriptor sd;
	struct fsa_file *f;

	NEED(fx);
	f = open_for(fx, "a", GENERIC_USE | WRITE_DAC, 0);
	set_everyone(fx, f, 0, FILE_GENERIC_READ);
	sd = get(fx, f);
	assert_int_equal(sd.dacl.count, 1);
	assert_int_equal(sd.dacl.aces[0].mask, FILE_GENERIC_READ);
	assert_ok(fixture_close(fx, f));
	assert_int_equal(mode_of(fx, "a"), 0444);
	assert_ok(try_open(fx, "a", FILE_READ_DATA));
	assert_status(try_open(fx, "a", FILE_WRITE_DATA), ACCESS_DENIED);
	/* Owners can always make it right again. */
	assert_ok(try_open(fx, "a", WRITE_DAC));
	assert_status(try_open(fx, "a", WRITE_OWNER), ACCESS_DENIED);
	assert_status(try_open(fx, "a", ACCESS_SYSTEM_SECURITY),
		      PRIVILEGE_NOT_HELD);
}

/* A mode changed by a local program is the newer word. */
static void test_a_changed_mode_voids_it(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;

	NEED(fx);
	f = open_for(fx, "a", GENERIC_USE | WRITE_DAC, 0);
	set_everyone(fx, f, 0, FILE_GENERIC_READ);
	assert_int_equal(chmod(fixture_path(fx, "a"), 0600), 0);
	assert_int_equal(get(fx, f).dacl.count, 3);
	assert_ok(fixture_close(fx, f));
	assert_ok(try_open(fx, "a", FILE_WRITE_DATA));
}

static void test_what_is_made_inherits(void **state)
{
	struct fixture *fx = *state;
	struct security_descriptor sd;
	struct fsa_file *dir;
	struct fsa_file *f;

	NEED(fx);
	dir = open_for(fx, "d", GENERIC_USE | WRITE_DAC, FILE_DIRECTORY_FILE);
	set_everyone(fx, dir, ACE_OBJECT_INHERIT, FILE_ALL_ACCESS);
	f = open_for(fx, "d\\f", GENERIC_USE, 0);
	sd = get(fx, f);
	assert_int_equal(sd.dacl.count, 1);
	assert_int_equal(sd.dacl.aces[0].flags, 0);
	assert_true(sid_equal(&sd.owner, &fx->sids[0]));
	assert_ok(fixture_close(fx, f));
	assert_int_equal(mode_of(fx, "d/f"), 0777);
	assert_ok(fixture_close(fx, dir));
}

static void test_a_directory_forbids_to_add(void **state)
{
	struct fixture *fx = *state;
	const struct open_args file = {
		.name = "d\\f", .share = SHARE_ALL, .disposition = FILE_CREATE};
	const struct open_args folder = {.name = "d\\g",
					 .share = SHARE_ALL,
					 .disposition = FILE_CREATE,
					 .options = FILE_DIRECTORY_FILE};
	struct fsa_file *dir;

	NEED(fx);
	dir = open_for(fx, "d", GENERIC_USE | WRITE_DAC, FILE_DIRECTORY_FILE);
	set_everyone(fx, dir, 0, FILE_ALL_ACCESS & ~FILE_ADD_SUBDIRECTORY);
	assert_ok(fixture_open(fx, &file, NULL));
	assert_status(fixture_open(fx, &folder, NULL), ACCESS_DENIED);
	set_everyone(fx, dir, 0, FILE_ALL_ACCESS & ~FILE_ADD_FILE);
	assert_ok(fixture_close(fx, dir));
}

/* DELETE by the file's descriptor, or FILE_DELETE_CHILD by the directory's. */
static void test_deleting(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *dir;
	struct fsa_file *f;

	NEED(fx);
	dir = open_for(fx, "d", GENERIC_USE | WRITE_DAC, FILE_DIRECTORY_FILE);
	f = open_for(fx, "d\\f", GENERIC_USE | WRITE_DAC, 0);
	set_everyone(fx, f, 0, FILE_GENERIC_READ | FILE_GENERIC_WRITE);
	assert_ok(try_open(fx, "d\\f", DELETE_ACCESS));
	set_everyone(fx, dir, 0, FILE_ALL_ACCESS & ~FILE_DELETE_CHILD);
	assert_status(try_open(fx, "d\\f", DELETE_ACCESS), ACCESS_DENIED);
	set_everyone(fx, f, 0, FILE_ALL_ACCESS);
	assert_ok(try_open(fx, "d\\f", DELETE_ACCESS));
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, dir));
}

/* 2.1.5.15.12: adding to a directory, and replacing what is there. */
static void test_renaming(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *dir;
	struct fsa_file *f;
	struct fsa_file *target;

	NEED(fx);
	dir = open_for(fx, "d", GENERIC_USE | WRITE_DAC, FILE_DIRECTORY_FILE);
	target = open_for(fx, "d\\t", GENERIC_USE | WRITE_DAC, 0);
	set_everyone(fx, target, 0, FILE_GENERIC_READ);
	assert_ok(fixture_close(fx, target));
	f = open_for(fx, "f", GENERIC_USE | DELETE_ACCESS, 0);
	set_everyone(fx, dir, 0,
		     FILE_ALL_ACCESS & ~(FILE_ADD_FILE | FILE_DELETE_CHILD));
	assert_status(fixture_rename(fx, f, "d\\f", false), ACCESS_DENIED);
	set_everyone(fx, dir, 0, FILE_ALL_ACCESS & ~FILE_DELETE_CHILD);
	assert_status(fixture_rename(fx, f, "d\\t", true), ACCESS_DENIED);
	assert_ok(fixture_rename(fx, f, "d\\f", false));
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, dir));
}

struct seen {
	unsigned int count;
	bool found;
};

static bool take(void *private_data, const struct fsa_dir_entry *e)
{
	struct seen *seen = private_data;

	seen->count++;
	seen->found = seen->found || strcmp(e->name, "f") == 0;
	return true;
}

static bool is_listed(struct fixture *fx, struct fsa_file *dir)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_DIRECTORY, dir);
	struct seen seen = {0};

	io.volume = fx->volume;
	io.u.query_directory.pattern = "*";
	io.u.query_directory.restart = true;
	io.u.query_directory.take = take;
	io.u.query_directory.private_data = &seen;
	assert_ok(fixture_run(fx, &io));
	assert_true(seen.count >= 2);
	return seen.found;
}

/* `hide unreadable` */
static void test_listing_what_may_be_read(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params;
	struct fsa_file *dir;
	struct fsa_file *f;

	NEED(fx);
	params = fx->params;
	params.hide_unreadable = true;
	fx->volume = fixture_mount(fx, &params);
	dir = open_for(fx, "d", FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE);
	f = open_for(fx, "d\\f", GENERIC_USE | WRITE_DAC, 0);
	assert_true(is_listed(fx, dir));
	set_everyone(fx, f, 0, FILE_GENERIC_WRITE);
	assert_false(is_listed(fx, dir));
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, dir));
}

static void test_given_with_create(void **state)
{
	struct fixture *fx = *state;
	struct ace a = {.type = ACE_ALLOWED,
			.mask = GENERIC_READ,
			.sid = sid_everyone()};
	const struct security_descriptor given = {
		.control = SE_DACL_PRESENT,
		.has_dacl = true,
		.dacl = {.revision = ACL_REVISION, .count = 1, .aces = &a}};
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);
	struct security_descriptor sd;

	NEED(fx);
	io.u.create = (struct fsa_create){.name = "a",
					  .open_id = ++fx->next_open_id,
					  .desired_access = GENERIC_USE,
					  .disposition = FILE_CREATE};
	assert_ok(sd_encode(fx->mem_ctx, &given, &io.u.create.security));
	assert_ok(fixture_run(fx, &io));
	sd = get(fx, io.u.create.file);
	assert_int_equal(sd.dacl.count, 1);
	assert_int_equal(sd.dacl.aces[0].mask, FILE_GENERIC_READ);
	assert_ok(fixture_close(fx, io.u.create.file));

	io.u.create.disposition = FILE_OPEN;
	io.u.create.security.length--;
	assert_status(fixture_run(fx, &io), INVALID_ACL);
}

static void test_owners(void **state)
{
	struct fixture *fx = *state;
	struct security_descriptor sd = {.has_owner = true,
					 .owner = fx->sids[0]};
	struct fsa_file *f;

	NEED(fx);
	f = open_for(fx, "a", GENERIC_USE | WRITE_OWNER, 0);
	assert_ok(set(fx, f, OWNER_SECURITY_INFORMATION, &sd));
	sd.owner = sid_unix_user(geteuid() + 1);
	assert_status(set(fx, f, OWNER_SECURITY_INFORMATION, &sd),
		      INVALID_OWNER);
	sd.has_owner = false;
	assert_status(set(fx, f, OWNER_SECURITY_INFORMATION, &sd),
		      INVALID_OWNER);
	assert_status(set(fx, f, DACL_SECURITY_INFORMATION, &sd),
		      ACCESS_DENIED);
	assert_status(set(fx, f, SACL_SECURITY_INFORMATION, &sd),
		      ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

/* SACLs are for who has the privilege. */
static void test_audits(void **state)
{
	struct fixture *fx = *state;
	struct ace a = {.type = ACE_AUDIT,
			.flags = 0x40,
			.mask = FILE_WRITE_DATA,
			.sid = sid_everyone()};
	struct security_descriptor sd = {
		.control = SE_SACL_PRESENT,
		.has_sacl = true,
		.sacl = {.revision = ACL_REVISION, .count = 1, .aces = &a}};
	struct fsa_file *f;
	struct fsa_io io;

	NEED(fx);
	fx->token.privileges = TOKEN_SECURITY;
	f = open_for(fx, "a", GENERIC_USE | ACCESS_SYSTEM_SECURITY, 0);
	assert_ok(set(fx, f, SACL_SECURITY_INFORMATION, &sd));
	io = fixture_io(fx, FSA_QUERY_SECURITY, f);
	io.u.security.which = SACL_SECURITY_INFORMATION;
	io.u.security.mem_ctx = fx->mem_ctx;
	assert_ok(fixture_run(fx, &io));
	assert_ok(sd_decode(fx->mem_ctx, io.u.security.descriptor, &sd));
	assert_false(sd.has_owner || sd.has_group || sd.has_dacl);
	assert_int_equal(sd.sacl.count, 1);
	assert_int_equal(sd.sacl.aces[0].flags, 0x40);
	assert_ok(fixture_close(fx, f));
	fx->token.privileges = 0;
	f = open_for(fx, "a", GENERIC_USE, 0);
	io.file = f;
	assert_status(fixture_run(fx, &io), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

/* The restore privilege: any owner, known here or not. */
static void test_restoring(void **state)
{
	struct fixture *fx = *state;
	struct security_descriptor sd = {.has_owner = true,
					 .owner = sid_system()};
	struct security_descriptor now;
	struct fsa_file *f;

	NEED(fx);
	fx->token.privileges = TOKEN_RESTORE;
	f = open_for(fx, "a", GENERIC_USE | WRITE_OWNER | WRITE_DAC, 0);
	assert_ok(set(fx, f, OWNER_SECURITY_INFORMATION, &sd));
	now = get(fx, f);
	assert_true(sid_equal(&now.owner, &sd.owner));
	/* Who is no owner may still change the list he may change. */
	fx->token.privileges = 0;
	set_everyone(fx, f, 0, FILE_GENERIC_READ);
	now = get(fx, f);
	assert_true(sid_equal(&now.owner, &sd.owner));
	assert_ok(fixture_close(fx, f));
	assert_status(try_open(fx, "a", WRITE_DAC), ACCESS_DENIED);
}

/* `acl_xattr:ignore system acls`: the mode stays, and voids nothing. */
static void test_descriptors_alone(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params;
	struct open_args args = {.name = "a",
				 .access = GENERIC_USE | WRITE_DAC,
				 .share = SHARE_ALL,
				 .disposition = FILE_CREATE};
	struct fsa_file *f = NULL;
	struct fsa_io io;

	NEED(fx);
	params = fx->params;
	params.ignore_system_acls = true;
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open(fx, &args, &f));
	assert_int_equal(mode_of(fx, "a"), 0666);
	set_everyone(fx, f, 0, FILE_GENERIC_READ);
	assert_int_equal(mode_of(fx, "a"), 0666);
	assert_int_equal(chmod(fixture_path(fx, "a"), 0600), 0);
	assert_int_equal(get(fx, f).dacl.count, 1);
	assert_ok(fixture_close(fx, f));
	args.disposition = FILE_OPEN;
	args.access = FILE_WRITE_DATA;
	assert_status(fixture_open_io(fx, &args, &io), ACCESS_DENIED);
}

static void set_sacl(struct fixture *fx, struct fsa_file *f, uint32_t which,
		     struct ace *aces, uint32_t count)
{
	const struct security_descriptor sd = {
		.control = SE_SACL_PRESENT,
		.has_sacl = true,
		.sacl = {.revision = ACL_REVISION,
			 .count = count,
			 .aces = aces}};

	assert_ok(set(fx, f, which, &sd));
}

/* The types of the entries that are told, as one number: 0x1112 is a label and
 * an attribute. */
static uint64_t told(struct fixture *fx, struct fsa_file *f, uint32_t which)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_SECURITY, f);
	struct security_descriptor sd;
	uint64_t types = 0;

	io.u.security.which = which;
	io.u.security.mem_ctx = fx->mem_ctx;
	assert_ok(fixture_run(fx, &io));
	assert_ok(sd_decode(fx->mem_ctx, io.u.security.descriptor, &sd));
	assert_false(sd.has_owner || sd.has_group || sd.has_dacl);
	for (uint32_t i = 0; sd.has_sacl && i < sd.sacl.count; i++) {
		types = types << 8 | sd.sacl.aces[i].type;
	}
	return types;
}

/* [MS-DTYP] 2.4.7: each part is set and told apart. */
static void test_parts_of_sacl(void **state)
{
	struct fixture *fx = *state;
	struct ace all[] = {
		{.type = ACE_AUDIT, .flags = 0x40, .sid = sid_everyone()},
		{.type = ACE_MANDATORY_LABEL,
		 .mask = 1,
		 .sid = sid_make(16, 1, 0x2000)},
		{.type = ACE_RESOURCE_ATTRIBUTE, .sid = sid_everyone()},
		{.type = ACE_SCOPED_POLICY_ID, .sid = sid_make(17, 1, 1)},
	};
	struct fsa_file *f;

	NEED(fx);
	fx->token.privileges = TOKEN_SECURITY;
	f = open_for(fx, "a",
		     GENERIC_USE | ACCESS_SYSTEM_SECURITY | WRITE_OWNER |
			     WRITE_DAC,
		     0);
	/* Only what is named is taken of what is given. */
	set_sacl(fx, f, LABEL_SECURITY_INFORMATION, all, 4);
	assert_int_equal(told(fx, f, LABEL_SECURITY_INFORMATION), 0x11);
	assert_int_equal(told(fx, f, SACL_SECURITY_INFORMATION), 0);
	set_sacl(fx, f, ATTRIBUTE_SECURITY_INFORMATION, all, 4);
	set_sacl(fx, f, SCOPE_SECURITY_INFORMATION, all, 4);
	assert_int_equal(told(fx, f, ATTRIBUTE_SECURITY_INFORMATION), 0x12);
	assert_int_equal(told(fx, f, SCOPE_SECURITY_INFORMATION), 0x13);
	/* What is audited comes and goes with all but the label. */
	set_sacl(fx, f, SACL_SECURITY_INFORMATION, all, 1);
	assert_int_equal(told(fx, f, SACL_SECURITY_INFORMATION), 0x02);
	assert_int_equal(told(fx, f, LABEL_SECURITY_INFORMATION), 0x11);
	set_sacl(fx, f, SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION,
		 all, 4);
	assert_int_equal(
		told(fx, f,
		     SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION),
		0x02111213);
	assert_int_equal(told(fx, f, SACL_SECURITY_INFORMATION), 0x021213);
	set_sacl(fx, f, LABEL_SECURITY_INFORMATION, NULL, 0);
	assert_int_equal(told(fx, f, LABEL_SECURITY_INFORMATION), 0);
	assert_int_equal(told(fx, f, SACL_SECURITY_INFORMATION), 0x021213);
	assert_ok(fixture_close(fx, f));
}

static void test_parts_of_sacl_refused(void **state)
{
	struct fixture *fx = *state;
	struct ace a = {.type = ACE_MANDATORY_LABEL, .sid = sid_everyone()};
	const struct security_descriptor sd = {
		.control = SE_SACL_PRESENT,
		.has_sacl = true,
		.sacl = {.revision = ACL_REVISION, .count = 1, .aces = &a}};
	struct fsa_file *f;

	NEED(fx);
	f = open_for(fx, "a", GENERIC_USE, 0);
	assert_status(set(fx, f, LABEL_SECURITY_INFORMATION, &sd),
		      ACCESS_DENIED);
	assert_status(set(fx, f, ATTRIBUTE_SECURITY_INFORMATION, &sd),
		      ACCESS_DENIED);
	assert_status(set(fx, f, SCOPE_SECURITY_INFORMATION, &sd),
		      ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
	f = open_for(fx, "a", GENERIC_USE | WRITE_OWNER, 0);
	assert_status(set(fx, f, LABEL_SECURITY_INFORMATION, &sd),
		      INVALID_LABEL);
	a.sid = sid_make(16, 2, 0x2000, 1);
	assert_status(set(fx, f, LABEL_SECURITY_INFORMATION, &sd),
		      INVALID_LABEL);
	assert_ok(fixture_close(fx, f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_made_from_the_mode, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			test_what_is_set_is_kept_and_holds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_changed_mode_voids_it,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_made_inherits,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_directory_forbids_to_add,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_deleting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_renaming, setup, teardown),
		cmocka_unit_test_setup_teardown(test_listing_what_may_be_read,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_with_create, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_owners, setup, teardown),
		cmocka_unit_test_setup_teardown(test_audits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts_of_sacl, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_parts_of_sacl_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_restoring, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_descriptors_alone, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
