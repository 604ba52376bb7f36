/* client/oplock.c - oplocks and leases: asking, breaks, answers. */
#include "client/oplock.h"

#include "client/conn_int.h"

struct cli_break {
	struct cli_break *prev, *next;
	struct smb2_break_notification b;
};

struct cli_oplock cli_lease(struct guid key, uint32_t state)
{
	return (struct cli_oplock){
		.level = SMB2_OPLOCK_LEVEL_LEASE,
		.lease = {.version = 2, .key = key, .state = state},
	};
}

struct tevent_req *cli_create_oplock_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts,
	const struct cli_oplock *want)
{
	struct smb2_create_request r = *in;
	struct smb2_create_request_contexts c = {0};

	if (contexts != NULL) {
		c = *contexts;
	}
	r.oplock_level = want->level;
	if (want->level == SMB2_OPLOCK_LEVEL_LEASE) {
		c.present |= 1u << SMB2_CREATE_REQUEST_LEASE;
		c.lease = want->lease;
	}
	return cli_create_send(mem_ctx, tree, name, &r, &c);
}

NTSTATUS cli_oplock_granted(const struct smb2_create_response *response,
			    struct cli_oplock *out)
{
	struct cli_oplock granted = {.level = response->oplock_level};
	struct smb2_create_response_contexts c;
	NTSTATUS status;

	if (granted.level == SMB2_OPLOCK_LEVEL_LEASE) {
		status = smb2_create_response_contexts_decode(
			response->contexts, &c);
		if (!NT_STATUS_IS_OK(status) ||
		    (c.present & 1u << SMB2_CREATE_REQUEST_LEASE) == 0) {
			return NT_STATUS(INVALID_NETWORK_RESPONSE);
		}
		granted.lease = c.lease;
	}
	*out = granted;
	return NT_STATUS_OK;
}

/* --- breaks --------------------------------------------------------------- */

void cli_conn_set_on_break(struct cli_conn *conn, cli_break_fn *fn,
			   void *private_data)
{
	conn->on_break = fn;
	conn->on_break_data = private_data;
}

static bool keep(struct cli_conn *conn, const struct smb2_break_notification *b)
{
	struct cli_break *kept;

	if (conn->num_breaks == CLI_BREAKS_MAX) {
		return false;
	}
	kept = talloc_zero(conn, struct cli_break);
	if (kept == NULL) {
		return false;
	}
	kept->b = *b;
	DLIST_ADD_END(conn->breaks, kept);
	conn->num_breaks++;
	return true;
}

void cli_break_came(struct cli_conn *conn, struct wire_reader pdu)
{
	struct smb2_break_notification b;

	if (!NT_STATUS_IS_OK(smb2_break_notification_decode(pdu, &b))) {
		conn->unmatched++;
		return;
	}
	if (conn->on_break != NULL) {
		conn->on_break(conn->on_break_data, conn, &b);
	} else if (!keep(conn, &b)) {
		conn->unmatched++;
	}
}

bool cli_break_take(struct cli_conn *conn, struct smb2_break_notification *out)
{
	struct cli_break *first = conn->breaks;

	if (first == NULL) {
		return false;
	}
	*out = first->b;
	DLIST_REMOVE(conn->breaks, first);
	conn->num_breaks--;
	talloc_free(first);
	return true;
}

/* --- answers -------------------------------------------------------------- */

struct tevent_req *cli_oplock_ack_send(TALLOC_CTX *mem_ctx,
				       struct cli_tree *tree,
				       struct smb2_file_id id, uint8_t level)
{
	struct smb2_break_ack in = {
		.kind = SMB2_BREAK_OPLOCK,
		.oplock = {.level = level, .id = id},
	};

	return cli_break_ack_send(mem_ctx, tree->session, tree, &in);
}

struct tevent_req *cli_lease_ack_send(TALLOC_CTX *mem_ctx,
				      struct cli_tree *tree, struct guid key,
				      uint32_t state)
{
	struct smb2_break_ack in = {
		.kind = SMB2_BREAK_LEASE,
		.lease = {.key = key, .state = state},
	};

	return cli_break_ack_send(mem_ctx, tree->session, tree, &in);
}

NTSTATUS cli_ack_recv(struct tevent_req *req, struct smb2_break_ack *out)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct smb2_break_ack ack;
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	if (NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS_OK(smb2_break_ack_decode(reply.pdu, &ack))) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (NT_STATUS_IS_OK(status) && out != NULL) {
		*out = ack;
	}
	talloc_free(tmp);
	return status;
}
