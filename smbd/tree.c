/* smbd/tree.c - see tree.h: which shares are for whom. */
#include "smbd/tree.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "auth/auth.h"
#include "auth/token.h"
#include "fsa/fsa.h"
#include "idl/token_gen.h"
#include "lib/assert.h"
#include "lib/conf.h"
#include "lib/hosts.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/tree_store.h"
#include "messaging/messaging.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/share_command.h"

/* What Windows gives for IPC$: read, write and execute of pipes. */
#define IPC_MAXIMAL_ACCESS 0x001F00A9u

static struct tree_store *store_of(const struct smbd_tree *tree)
{
	return tree->session->client->server->locking->trees;
}

/* --- life ---------------------------------------------------------------- */

static void start_commands(const struct smbd_tree *tree);

static int tree_destructor(struct smbd_tree *tree)
{
	NTSTATUS status;

	ASSERT(tree->num_opens == 0);
	id_table_remove(tree->session->trees, tree->id);
	tree->session->client->num_trees--;
	if (tree->record_id == 0) {
		return 0;
	}
	start_commands(tree);
	status = tree_store_remove(store_of(tree), tree->record_id);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2, "the record of a tree connect: %s",
			 ntstatus_name(status));
	}
	return 0;
}

static NTSTATUS tree_create(struct smbd_session *session, const char *name,
			    struct smbd_tree **out)
{
	struct smbd_tree *tree;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (session->client->num_trees >= SMBD_MAX_TREES) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	tree = talloc_zero(session, struct smbd_tree);
	if (tree == NULL) {
		return status;
	}
	tree->session = session;
	tree->identity = &session->user->identity;
	tree->token = session->user->token;
	tree->share_name = talloc_strdup(tree, name);
	if (tree->share_name != NULL) {
		status = id_table_add(session->trees, tree, &tree->id);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(tree);
		return status;
	}
	session->client->num_trees++;
	talloc_set_destructor(tree, tree_destructor);
	*out = tree;
	return NT_STATUS_OK;
}

static NTSTATUS tree_register(struct smbd_tree *tree, const char *path)
{
	struct tree_record rec = {
		.owner = tree->session->record->owner,
		.session_id = tree->session->id,
		.tree_id = tree->id,
		.created = nttime_now(),
		.share_name = tree->share_name,
		.share_path = path,
	};
	NTSTATUS status;

	if (tree->ipc) {
		rec.flags |= TREE_IPC;
	}
	if (tree->encryption_required) {
		rec.flags |= TREE_ENCRYPTED;
	}
	status = tree_store_create(store_of(tree), &rec);
	if (NT_STATUS_IS_OK(status)) {
		tree->record_id = rec.id;
	}
	return status;
}

struct smbd_tree *smbd_tree_lookup(const struct smbd_session *session,
				   uint32_t id)
{
	struct smbd_tree *tree = id_table_lookup(session->trees, id);

	return tree == NULL || tree->closing ? NULL : tree;
}

/* --- who may ------------------------------------------------------------- */

/* Primary and other groups of the user, on mem_ctx. */
static gid_t *groups_of(TALLOC_CTX *mem_ctx, const struct security_token *token,
			size_t *out_count)
{
	gid_t *gids = talloc_array(mem_ctx, gid_t, token->num_gids + 1);

	if (gids == NULL) {
		return NULL;
	}
	gids[0] = (gid_t)token->gid;
	for (uint32_t i = 0; i < token->num_gids; i++) {
		gids[i + 1] = (gid_t)token->gids[i];
	}
	*out_count = (size_t)token->num_gids + 1;
	return gids;
}

static bool is_for_user(const struct conf_share *share, const char *user,
			const gid_t *gids, size_t count)
{
	if (conf_user_in_list(share->invalid_users, user, gids, count)) {
		return false;
	}
	return share->valid_users[0] == NULL ||
	       conf_user_in_list(share->valid_users, user, gids, count);
}

static bool is_read_only(const struct conf_share *share, const char *user,
			 const gid_t *gids, size_t count)
{
	bool read_only = share->read_only;

	/* As Samba: the write list has the last word. */
	if (conf_user_in_list(share->read_list, user, gids, count)) {
		read_only = true;
	}
	if (conf_user_in_list(share->write_list, user, gids, count)) {
		read_only = false;
	}
	return read_only;
}

bool smbd_tree_is_for_address(const struct smbd_tree *tree, const char *address)
{
	const struct conf *conf = tree->session->client->server->conf;
	const struct conf_share *share =
		tree->ipc ? NULL : conf_share_lookup(conf, tree->share_name);

	return share == NULL || hosts_may_connect(share->hosts_allow,
						  share->hosts_deny, address);
}

/* All that it is used over. */
static bool is_for_channels(const struct smbd_session *session,
			    const struct conf_share *share)
{
	const struct smbd_channel *channel = session->channels;

	while (channel != NULL &&
	       hosts_may_connect(share->hosts_allow, share->hosts_deny,
				 channel->conn->address)) {
		channel = channel->next;
	}
	return channel == NULL;
}

static NTSTATUS authorize(struct smbd_tree *tree,
			  const struct conf_share *share)
{
	const struct smbd_session *session = tree->session;
	const char *user = smbd_session_account(session);
	size_t count = 0;
	gid_t *gids = groups_of(tree, session->user->token, &count);
	NTSTATUS status = NT_STATUS_OK;

	if (gids == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (session->user->is_anonymous || !is_for_channels(session, share) ||
	    !is_for_user(share, user, gids, count)) {
		status = NT_STATUS(ACCESS_DENIED);
	} else {
		tree->read_only = is_read_only(share, user, gids, count);
		tree->is_admin =
			geteuid() == 0 && conf_user_in_list(share->admin_users,
							    user, gids, count);
	}
	talloc_free(gids);
	return status;
}

/* --- "force user", "force group" ----------------------------------------- */

static NTSTATUS forced_user(struct identity *id, TALLOC_CTX *mem_ctx,
			    const char *name)
{
	const struct passwd *pw = getpwnam(name);
	int count = 64;
	gid_t *groups;

	if (pw == NULL) {
		return NT_STATUS(NO_SUCH_USER);
	}
	id->uid = pw->pw_uid;
	id->gid = pw->pw_gid;
	groups = talloc_array(mem_ctx, gid_t, count);
	if (groups != NULL &&
	    getgrouplist(name, pw->pw_gid, groups, &count) < 0) {
		groups = talloc_realloc(mem_ctx, groups, gid_t, count);
		if (groups != NULL &&
		    getgrouplist(name, pw->pw_gid, groups, &count) < 0) {
			return NT_STATUS(INTERNAL_ERROR);
		}
	}
	id->groups = groups;
	id->ngroups = groups == NULL ? 0 : (size_t)count;
	return groups == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static bool has_group(const struct identity *id, gid_t gid)
{
	bool found = id->gid == gid;

	for (size_t i = 0; !found && i < id->ngroups; i++) {
		found = id->groups[i] == gid;
	}
	return found;
}

/* "+group": only for whose group it is anyway. */
static NTSTATUS forced_group(struct identity *id, const char *name)
{
	bool members_only = name[0] == '+';
	const struct group *gr = getgrnam(name + (members_only ? 1 : 0));

	if (gr == NULL) {
		return NT_STATUS(NO_SUCH_USER);
	}
	if (!members_only || has_group(id, gr->gr_gid)) {
		id->gid = gr->gr_gid;
	}
	return NT_STATUS_OK;
}

/* As whom the share is served; "" if as the user himself. */
static const char *forced_name(const struct smbd_tree *tree,
			       const struct conf_share *share)
{
	return tree->is_admin ? "root" : share->force_user;
}

/* Descriptors must see whom the kernel sees. */
static NTSTATUS force_token(struct smbd_tree *tree,
			    const struct conf_share *share)
{
	const struct auth_server *auth = tree->session->client->server->auth;
	const struct security_token *own = tree->token;
	const char *forced_user = forced_name(tree, share);
	const char *name =
		*forced_user != '\0' ? forced_user : own->account_name;
	struct security_token *forced = NULL;
	NTSTATUS status = token_create_forced(tree, auth_server_passdb(auth),
					      own->domain_name, name,
					      tree->identity->gid, &forced);

	if (NT_STATUS_IS_OK(status)) {
		tree->token = forced;
	}
	return status;
}

static NTSTATUS force_identity(struct smbd_tree *tree,
			       const struct conf_share *share)
{
	const char *name = forced_name(tree, share);
	struct identity *id;
	NTSTATUS status = NT_STATUS_OK;

	if (*name == '\0' && share->force_group[0] == '\0') {
		return NT_STATUS_OK;
	}
	id = talloc_memdup(tree, tree->identity, sizeof(*id));
	if (id == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (*name != '\0') {
		status = forced_user(id, id, name);
	}
	if (NT_STATUS_IS_OK(status) && share->force_group[0] != '\0') {
		status = forced_group(id, share->force_group);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2,
			 "share %s: \"force user\" or \"force "
			 "group\" names nobody",
			 share->name);
		return status;
	}
	tree->identity = id;
	return force_token(tree, share);
}

/* --- shares on disk ------------------------------------------------------ */

/* What %-words stand for. */
static struct conf_subst words_of(const struct smbd_tree *tree)
{
	const struct smbd_session *session = tree->session;
	const struct conf *conf = session->client->server->conf;
	const char *account = smbd_session_account(session);

	return (struct conf_subst){
		.session_user = account,
		.unix_user = account,
		.client_name = tree->client_address,
		.client_address = tree->client_address,
		.server_address = tree->server_address,
		.share = tree->share_name,
		.server_name = conf_global(conf)->netbios_name,
		.domain = session->user->token->domain_name,
	};
}

static NTSTATUS share_path(struct smbd_tree *tree,
			   const struct conf_share *share, char **out)
{
	const struct conf_subst subst = words_of(tree);
	NTSTATUS status = conf_substitute(tree, share->path, &subst, out);

	if (NT_STATUS_IS(status, INVALID_PARAMETER)) {
		LOG_ERR(LOG_SMB2,
			"share %s: a word in \"path = %s\" is not known",
			share->name, share->path);
		status = NT_STATUS(BAD_NETWORK_NAME);
	}
	return status;
}

/* --- commands ------------------------------------------------------------ */

/* *out, on tree, is NULL when there is no command. */
static NTSTATUS put_in_words(struct smbd_tree *tree, const char *option,
			     const char *text, const char *path, char **out)
{
	struct conf_subst subst = words_of(tree);
	NTSTATUS status;

	*out = NULL;
	if (*text == '\0') {
		return NT_STATUS_OK;
	}
	subst.path = path;
	subst.shell = true;
	status = conf_substitute(tree, text, &subst, out);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_SMB2,
			"share %s: a word in \"%s\" is not known, or not safe",
			tree->share_name, option);
	}
	return status;
}

/* A command that fails is logged, and refuses the share only if it is to. */
static NTSTATUS run_command(struct smbd_tree *tree, const char *option,
			    const char *text, const char *path,
			    const struct identity *who, bool refuses)
{
	char *command;
	NTSTATUS status = put_in_words(tree, option, text, path, &command);

	if (NT_STATUS_IS_OK(status) && command != NULL) {
		status = share_command_run(command, who);
		talloc_free(command);
	}
	if (NT_STATUS_IS_OK(status)) {
		return status;
	}
	LOG_WARN(LOG_SMB2, "%s: share %s: \"%s\" failed: %s",
		 tree->client_address, tree->share_name, option,
		 ntstatus_name(status));
	return refuses ? NT_STATUS(ACCESS_DENIED) : NT_STATUS_OK;
}

/* As Samba: root's first; those of the end are put in words while all is
 * known. */
static NTSTATUS run_commands(struct smbd_tree *tree,
			     const struct conf_share *share, const char *path)
{
	NTSTATUS status =
		run_command(tree, "root preexec", share->commands.root_preexec,
			    path, NULL, share->commands.root_preexec_close);

	if (NT_STATUS_IS_OK(status)) {
		status = run_command(tree, "preexec", share->commands.preexec,
				     path, tree->identity,
				     share->commands.preexec_close);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* One that cannot be put in words is not run. */
	status = put_in_words(tree, "postexec", share->commands.postexec, path,
			      &tree->postexec);
	if (NT_STATUS_IS_OK(status)) {
		status = put_in_words(tree, "root postexec",
				      share->commands.root_postexec, path,
				      &tree->root_postexec);
	}
	return NT_STATUS_OK;
}

/* Nobody waits for what is to be run when the share is left. */
static void start_commands(const struct smbd_tree *tree)
{
	NTSTATUS status = NT_STATUS_OK, roots = NT_STATUS_OK;

	if (tree->postexec == NULL && tree->root_postexec == NULL) {
		return;
	}
	identity_save();
	if (tree->postexec != NULL) {
		status = share_command_start(tree->postexec, tree->identity);
	}
	if (tree->root_postexec != NULL) {
		roots = share_command_start(tree->root_postexec, NULL);
	}
	identity_restore();
	if (!NT_STATUS_IS_OK(status) || !NT_STATUS_IS_OK(roots)) {
		LOG_WARN(LOG_SMB2, "%s: share %s: a command is not started",
			 tree->client_address, tree->share_name);
	}
}

/* --- its folder ---------------------------------------------------------- */

static enum fsa_acl_style acl_style(int style)
{
	switch (style) {
	case CONF_ACL_WINDOWS:
		return FSA_ACL_WINDOWS;
	case CONF_ACL_EVERYONE:
		return FSA_ACL_EVERYONE;
	default:
		return FSA_ACL_POSIX;
	}
}

static NTSTATUS set_options(TALLOC_CTX *mem_ctx, const struct conf_share *share,
			    struct fsa_volume_params *params)
{
	struct fsa_option *o =
		talloc_array(mem_ctx, struct fsa_option, share->num_options);

	if (o == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; i < share->num_options; i++) {
		o[i].name = share->options[i].name;
		o[i].value = share->options[i].value;
	}
	params->options = o;
	params->num_options = share->num_options;
	return NT_STATUS_OK;
}

static enum fsa_mangle mangled_names(int setting)
{
	switch (setting) {
	case CONF_MANGLED_YES:
		return FSA_MANGLE_YES;
	case CONF_MANGLED_ILLEGAL:
		return FSA_MANGLE_ILLEGAL;
	default:
		return FSA_MANGLE_NO;
	}
}

static struct fsa_mode_map mode_map(const struct conf_share *share)
{
	static const enum fsa_map_readonly readonly[] = {
		[CONF_MAP_READONLY_NO] = FSA_READONLY_NO,
		[CONF_MAP_READONLY_YES] = FSA_READONLY_YES,
		[CONF_MAP_READONLY_PERMISSIONS] = FSA_READONLY_PERMISSIONS,
	};

	return (struct fsa_mode_map){
		.readonly = readonly[share->map_readonly],
		.archive = share->map_archive,
		.system = share->map_system,
		.hidden = share->map_hidden,
	};
}

static NTSTATUS open_volume(struct smbd_tree *tree,
			    const struct conf_share *share, const char *path)
{
	const struct smbd_client *client = tree->session->client;
	const struct conf_subst words = words_of(tree);
	struct fsa_volume_params params = {
		.share_name = share->name,
		.path = path,
		.driver = share->driver,
		.label = share->volume[0] == '\0' ? share->name : share->volume,
		.read_only = tree->read_only,
		.follow_symlinks = share->follow_symlinks,
		.wide_links = share->wide_links,
		.hide_dot_files = share->hide_dot_files,
		.hide_unreadable = share->hide_unreadable,
		.hide_special_files = share->hide_special_files,
		.hide_files = share->hide_files,
		.veto_files = share->veto_files,
		.delete_veto_files = share->delete_veto_files,
		.delete_readonly = share->delete_readonly,
		.dos_filemode = share->dos_filemode,
		.dos_filetimes = share->dos_filetimes,
		.map = mode_map(share),
		.mangled_names = mangled_names(share->mangled_names),
		.store_dos_attributes = share->store_dos_attributes,
		.strict_sync = share->strict_sync,
		.posix_locking = share->posix_locking,
		.kernel_oplocks = share->kernel_oplocks,
		.local_changes = share->kernel_change_notify,
		.strict_locking = share->strict_locking,
		.named_streams = conf_share_has_streams(share),
		.ea_support = share->ea_support,
		.keep_inherited_flag = !share->canonical_inherited_flag,
		.ignore_system_acls = share->ignore_system_acls,
		.default_acl_style = acl_style(share->default_acl_style),
		.security_acl_name = share->security_acl_name[0] == '\0'
					     ? NULL
					     : share->security_acl_name,
		.create_mask = (mode_t)share->create_mask,
		.directory_mask = (mode_t)share->directory_mask,
		.force_create_mode = (mode_t)share->force_create_mode,
		.force_directory_mode = (mode_t)share->force_directory_mode,
		.inherit_permissions = share->inherit_permissions,
		.inherit_acls = share->inherit_acls,
		.inherit_owner = share->inherit_owner != 0,
		.write_time_delay = (NTTIME)share->write_time_delay * 10,
		.modules_dir = conf_global(client->server->conf)->modules_dir,
		.filters = share->filters,
		.client_address = tree->client_address,
		.words = &words,
		.macos = &client->aapl.negotiated,
		.macos_posix_rename = share->fruit.posix_rename,
		.time_machine_max_size =
			share->fruit.time_machine
				? share->fruit.time_machine_max_size
				: 0,
	};
	NTSTATUS status = set_options(tree, share, &params);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	identity_assume(tree->identity);
	status = fsa_volume_open(tree, tree->session->client->server->fsa,
				 &params, &tree->volume);
	talloc_free((void *)(uintptr_t)params.options);
	if (NT_STATUS_IS_OK(status)) {
		tree->maximal_access = fsa_volume_maximal_access(tree->volume);
		tree->posix = share->unix_extensions &&
			      fsa_volume_has_posix(tree->volume);
	}
	return status;
}

static NTSTATUS set_up_disk(struct smbd_tree *tree,
			    const struct conf_share *share)
{
	NTSTATUS status = authorize(tree, share);
	char *path = NULL;

	if (NT_STATUS_IS_OK(status)) {
		status = force_identity(tree, share);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_path(tree, share, &path);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = run_commands(tree, share, path);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_volume(tree, share, path);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = tree_register(tree, path);
	}
	talloc_free(path);
	return status;
}

NTSTATUS smbd_tree_create_disk(struct smbd_session *session,
			       const struct smbd_connection *conn,
			       const struct conf_share *share,
			       struct smbd_tree **out)
{
	struct smbd_tree *tree;
	NTSTATUS status;

	if (!share->available) {
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	status = tree_create(session, share->name, &tree);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	tree->client_address = talloc_strdup(tree, conn->address);
	tree->server_address = talloc_strdup(tree, conn->local_address);
	if (tree->client_address == NULL || tree->server_address == NULL) {
		talloc_free(tree);
		return NT_STATUS(NO_MEMORY);
	}
	tree->hides_unreadable = share->hide_unreadable;
	tree->aapl = smbd_aapl_share(share);
	tree->oplocks = share->oplocks;
	/* The kernel knows of none that several may have. */
	tree->leases = !share->kernel_oplocks;
	tree->encryption_required = share->smb_encrypt == CONF_ENCRYPT_REQUIRED;
	status = set_up_disk(tree, share);
	if (!NT_STATUS_IS_OK(status)) {
		identity_drop();
		talloc_free(tree);
		return status;
	}
	*out = tree;
	return NT_STATUS_OK;
}

NTSTATUS smbd_tree_create_ipc(struct smbd_session *session,
			      struct smbd_tree **out)
{
	struct smbd_tree *tree;
	NTSTATUS status = tree_create(session, "IPC$", &tree);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	tree->ipc = true;
	tree->maximal_access = IPC_MAXIMAL_ACCESS;
	status = tree_register(tree, "");
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(tree);
		return status;
	}
	*out = tree;
	return NT_STATUS_OK;
}
