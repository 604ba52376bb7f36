/* torture/remove.c - removes what the tests of a run left on the share. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture/util.h"

#define REMOVE_SECONDS 120

struct names {
	char **names;
	bool *is_dir;
	size_t count;
};

static bool collect(void *private_data, const char *name,
		    const struct fscc_dir_entry *e)
{
	struct names *n = private_data;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		return true;
	}
	n->names = talloc_realloc(NULL, n->names, char *, n->count + 1);
	n->is_dir = talloc_realloc(NULL, n->is_dir, bool, n->count + 1);
	CHECK(n->names != NULL && n->is_dir != NULL);
	n->names[n->count] = talloc_strdup(n->names, name);
	n->is_dir[n->count] =
		(e->file_attributes &
		 (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) ==
		FILE_ATTRIBUTE_DIRECTORY;
	n->count++;
	return true;
}

/* What cannot be removed stays. */
static void ignore(NTSTATUS status)
{
	(void)status.v;
}

/* Whatever its attributes are. */
static void remove_one(struct torture *t, struct cli_tree *tree,
		       const char *name)
{
	struct smb2_create_request in =
		torture_request(DELETE_ACCESS | FILE_WRITE_ATTRIBUTES,
				FILE_OPEN, FILE_OPEN_REPARSE_POINT);
	struct smb2_create_response out;
	uint8_t basic[40] = {0};

	if (!NT_STATUS_IS_OK(cli_create(t->mem, tree, name, &in, NULL, &out))) {
		return;
	}
	basic[32] = FILE_ATTRIBUTE_NORMAL;
	if (!NT_STATUS_IS_OK(torture_set_delete(tree, out.id, true)) &&
	    NT_STATUS_IS_OK(torture_set(tree, out.id, FileBasicInformation,
					basic, sizeof(basic)))) {
		ignore(torture_set_delete(tree, out.id, true));
	}
	ignore(cli_close(tree, out.id));
}

static void remove_tree(struct torture *t, struct cli_tree *tree,
			const char *name, int depth)
{
	struct smb2_create_request in = torture_request(
		FILE_GENERIC_READ, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_create_response dir;
	struct names n = {0};

	if (depth < 16 &&
	    NT_STATUS_IS_OK(cli_create(t->mem, tree, name, &in, NULL, &dir))) {
		ignore(torture_list_dir(t, tree, dir.id, "*",
					FileDirectoryInformation, 65536,
					collect, &n));
		ignore(cli_close(tree, dir.id));
	}
	for (size_t i = 0; i < n.count; i++) {
		char *path =
			talloc_asprintf(t->mem, "%s\\%s", name, n.names[i]);

		if (n.is_dir[i]) {
			remove_tree(t, tree, path, depth + 1);
		} else {
			remove_one(t, tree, path);
		}
		talloc_free(path);
	}
	talloc_free(n.names);
	talloc_free(n.is_dir);
	remove_one(t, tree, name);
}

static void remove_on_share(struct torture *t, const char *share)
{
	char *top = talloc_asprintf(t->mem, "torture-%u", t->options->run_id);
	struct cli_tree *tree = NULL;

	OK(cli_tree_connect(torture_session(t), share, &tree));
	remove_tree(t, tree, top, 0);
}

void torture_remove_all(const struct torture_options *options)
{
	struct torture t = {.options = options, .test_name = "remove"};
	pid_t pid = fork();

	if (pid == 0) {
		alarm(REMOVE_SECONDS);
		CHECK(freopen("/dev/null", "w", stdout) != NULL);
		t.mem = talloc_named_const(NULL, 0, "remove");
		t.ev = tevent_context_init(t.mem);
		CHECK(t.ev != NULL);
		remove_on_share(&t, options->share);
		if (options->encrypted_share != NULL) {
			remove_on_share(&t, options->encrypted_share);
		}
		_Exit(0);
	}
	if (pid > 0) {
		(void)waitpid(pid, NULL, 0);
	}
}
