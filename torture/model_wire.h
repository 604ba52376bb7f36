/* torture/model_wire.h - the model's operations as requests of SMB2, and the
 * answers as the model's. */
#ifndef TORTURE_MODEL_WIRE_H
#define TORTURE_MODEL_WIRE_H

#include "client/file.h"
#include "torture/model.h"
#include "torture/torture.h"

struct guid model_client_guid(const struct torture_options *options,
			      uint8_t client);
struct guid model_lease_key(const struct torture_options *options,
			    uint8_t client, uint8_t key);

/* ids: of the client's opens by slot; a CREATE's answer goes there, too. */
struct tevent_req *model_op_send(TALLOC_CTX *mem_ctx,
				 const struct torture_options *options,
				 struct cli_tree *tree,
				 const struct model_op *op,
				 const struct smb2_file_id *ids);
/* Not OK: the answer is none. */
MUST_CHECK NTSTATUS model_op_recv(struct tevent_req *req,
				  const struct model_op *op,
				  struct smb2_file_id *ids,
				  struct model_answer *out);

/* All but whose it is. */
struct model_notice model_notice_read(const struct smb2_break_notification *n);

#endif
