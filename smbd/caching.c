/* smbd/caching.c - oplocks and leases on the wire. */
#include "smbd/caching.h"

#include "lib/conf.h"
#include "smbd/client.h"
#include "smbd/open.h"
#include "smbd/request.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

#define ALL (FSA_CACHE_READ | FSA_CACHE_WRITE | FSA_CACHE_HANDLE)

/* --- asking --------------------------------------------------------------- */

/* 2.2.13.2.8: R, RW, RH, RWH, or nothing. */
static uint8_t lease_state(uint32_t state)
{
	return (state & SMB2_LEASE_READ_CACHING) != 0 ? state & ALL : 0;
}

static struct guid parent_key(const struct smb2_lease *lease)
{
	return lease->version == 2 &&
			       (lease->flags &
				SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET) != 0
		       ? lease->parent_key
		       : (struct guid){{0}};
}

static struct fsa_caching_request lease_wanted(
	const struct smbd_connection *conn, const struct smb2_lease *lease)
{
	return (struct fsa_caching_request){
		.lease = true,
		.v2 = lease->version == 2,
		.directories = (conn->negotiated.server_capabilities &
				SMB2_GLOBAL_CAP_DIRECTORY_LEASING) != 0,
		.state = lease_state(lease->state),
		.client = conn->negotiated.client_guid,
		.key = lease->key,
		.parent_key = parent_key(lease),
		.epoch = lease->epoch,
	};
}

/* 3.3.5.9.8, 3.3.5.9.11: those that are to be ignored are. */
static bool is_lease_for_us(const struct smbd_connection *conn,
			    const struct smb2_create_request_contexts *c)
{
	return smb2_create_has(c, SMB2_CREATE_REQUEST_LEASE) &&
	       (conn->negotiated.server_capabilities &
		SMB2_GLOBAL_CAP_LEASING) != 0 &&
	       (c->lease.version == 1 || smbd_is_3x(conn)) &&
	       !guid_is_zero(&c->lease.key);
}

struct fsa_caching_request smbd_caching_wanted(
	const struct smbd_request *req, const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *c)
{
	struct fsa_caching_request want = {0};

	if (!req->tree->oplocks) {
		return want;
	}
	switch (in->oplock_level) {
	case SMB2_OPLOCK_LEVEL_II:
		want.state = FSA_CACHE_READ;
		break;
	case SMB2_OPLOCK_LEVEL_EXCLUSIVE:
		want.state = FSA_CACHE_READ | FSA_CACHE_WRITE;
		break;
	case SMB2_OPLOCK_LEVEL_BATCH:
		want.state = ALL;
		break;
	case SMB2_OPLOCK_LEVEL_LEASE:
		if (req->tree->leases && is_lease_for_us(req->conn, c)) {
			want = lease_wanted(req->conn, &c->lease);
		}
		break;
	default:
		break;
	}
	return want;
}

uint8_t smbd_caching_level(const struct fsa_create *result)
{
	const struct fsa_caching *got = &result->caching;

	if (!got->granted) {
		return SMB2_OPLOCK_LEVEL_NONE;
	}
	if (result->caching_wanted.lease) {
		return SMB2_OPLOCK_LEVEL_LEASE;
	}
	if ((got->state & FSA_CACHE_HANDLE) != 0) {
		return SMB2_OPLOCK_LEVEL_BATCH;
	}
	return (got->state & FSA_CACHE_WRITE) != 0 ? SMB2_OPLOCK_LEVEL_EXCLUSIVE
						   : SMB2_OPLOCK_LEVEL_II;
}

void smbd_caching_note(struct smbd_open *open, const struct fsa_create *result)
{
	open->oplock_level = smbd_caching_level(result);
	if (open->oplock_level == SMB2_OPLOCK_LEVEL_LEASE) {
		open->lease_key = result->caching_wanted.key;
	}
}

void smbd_caching_answer(const struct fsa_create *result,
			 const struct smb2_create_request_contexts *in,
			 struct smb2_create_response_contexts *out)
{
	const struct fsa_caching *got = &result->caching;

	if (smbd_caching_level(result) != SMB2_OPLOCK_LEVEL_LEASE) {
		return;
	}
	out->present |= 1u << SMB2_CREATE_REQUEST_LEASE;
	out->lease = (struct smb2_lease){.version = got->v2 ? 2 : 1,
					 .key = in->lease.key,
					 .state = got->state,
					 .epoch = got->epoch};
	if (got->breaking) {
		out->lease.flags |= SMB2_LEASE_FLAG_BREAK_IN_PROGRESS;
	}
	if (got->v2 && !guid_is_zero(&got->parent_key)) {
		out->lease.flags |= SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET;
		out->lease.parent_key = got->parent_key;
	}
}
