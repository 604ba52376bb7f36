/* smbd/aapl.c - see aapl.h. */
#include "smbd/aapl.h"

#include <string.h>

#include "fsa/fsa.h"
#include "lib/conf.h"
#include "smbd/client.h"
#include "smbd/request.h"
#include "smbd/server.h"
#include "smbd/tree.h"

/* Bytes of a path, which are more than units; longer than any that Linux can
 * have. */
#define MAX_PATH ((SMBD_AAPL_MAX_ANSWER - 1024) / 2)

struct smbd_aapl_share smbd_aapl_share(const struct conf_share *share)
{
	const struct conf_fruit_share *f = &share->fruit;
	struct smbd_aapl_share out = {
		.zero_file_id = f->zero_file_id,
		.full_sync = f->time_machine,
	};

	out.want |= f->dir_max_access ? FSA_WANT_MAX_ACCESS : 0;
	out.want |= f->dir_resource_size ? FSA_WANT_FORK_SIZE : 0;
	out.want |= f->dir_finder_info ? FSA_WANT_FINDER_INFO : 0;
	return out;
}

/* What this server can.  Names are never case-sensitive here. */
static uint64_t server_caps(const struct conf_fruit *conf)
{
	return AAPL_SUPPORTS_READ_DIR_ATTR | AAPL_UNIX_BASED |
	       (conf->nfs_aces ? AAPL_SUPPORTS_NFS_ACE : 0) |
	       (conf->copyfile ? AAPL_SUPPORTS_OSX_COPYFILE : 0);
}

/* Who is told no ids has none to ask for. */
static uint64_t volume_caps(const struct smbd_tree *tree)
{
	bool ids = !tree->aapl.zero_file_id &&
		   fsa_volume_resolves_ids(tree->volume);

	return (ids ? AAPL_SUPPORT_RESOLVE_ID : 0) |
	       (tree->aapl.full_sync ? AAPL_SUPPORTS_FULL_SYNC : 0);
}

static void negotiate(struct smbd_request *req, const struct aapl_request *in,
		      struct aapl_response *out)
{
	const struct conf_fruit *conf =
		&conf_global(req->client->server->conf)->fruit;
	struct smbd_aapl *state = &req->client->aapl;
	uint64_t caps = server_caps(conf);

	/* Listings change for those alone who say that they understand. */
	if ((in->client_caps & AAPL_SUPPORTS_READ_DIR_ATTR) == 0) {
		caps &= ~(uint64_t)AAPL_SUPPORTS_READ_DIR_ATTR;
	}
	state->negotiated = true;
	if ((in->bitmap & AAPL_SERVER_CAPS) != 0) {
		state->caps = caps & in->client_caps;
	}
	out->bitmap = in->bitmap &
		      (AAPL_SERVER_CAPS | AAPL_VOLUME_CAPS | AAPL_MODEL_INFO);
	out->server_caps = caps;
	out->volume_caps = volume_caps(req->tree);
	out->model = conf->model;
}

/* The path is one of the share, with backslashes. */
static void resolve(struct smbd_request *req, uint64_t id,
		    struct aapl_response *out)
{
	const char *path = NULL;

	out->status = fsa_resolve_id(req, &req->io, id, &path);
	if (NT_STATUS_IS_OK(out->status) && strlen(path) > MAX_PATH) {
		out->status = NT_STATUS(NAME_TOO_LONG);
	}
	if (NT_STATUS_IS_OK(out->status)) {
		out->path = path;
	}
}

NTSTATUS smbd_aapl_answer(struct smbd_request *req,
			  const struct aapl_request *in, struct blob *out)
{
	struct wire_writer w = wire_writer(req, SMBD_AAPL_MAX_ANSWER);
	struct aapl_response answer = {.command = in->command, .path = ""};

	if (in->command == AAPL_SERVER_QUERY) {
		negotiate(req, in, &answer);
	} else {
		resolve(req, in->file_id, &answer);
	}
	aapl_response_put(&w, &answer);
	return wire_finish(&w, out);
}

uint64_t smbd_aapl_file_id(const struct smbd_request *req, uint64_t id)
{
	return req->client->aapl.negotiated && req->tree->aapl.zero_file_id
		       ? 0
		       : id;
}
