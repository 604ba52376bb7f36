/* fsa/object_id.c - object ids of files and volumes. */
#include "fsa/object_id.h"

#include <string.h>

/* --- of volumes: kept with the share's root ------------------------------- */

static NTSTATUS open_root(TALLOC_CTX *mem_ctx, struct fsa_volume *v,
			  struct fsa_node **out)
{
	const struct fsa_how how = {.path = "", .access = FILE_READ_ATTRIBUTES};
	struct fsa_stat st;

	if (v->driver->get_record == NULL) {
		return NT_STATUS(VOLUME_NOT_UPGRADED);
	}
	return v->driver->open(mem_ctx, v->mount, &how, out, &st);
}

NTSTATUS object_id_get_volume(struct fsa_volume *v,
			      const uint8_t default_id[16],
			      uint8_t out[OBJECT_ID_SIZE])
{
	TALLOC_CTX *tmp = talloc_new(v);
	struct fsa_node *root = NULL;
	struct blob record = {0};
	NTSTATUS status = open_root(tmp, v, &root);

	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->get_record(tmp, root, FSA_RECORD_VOLUME_ID,
					       &record);
	}
	if (NT_STATUS_IS_OK(status) && record.length == OBJECT_ID_SIZE) {
		memcpy(out, record.data, OBJECT_ID_SIZE);
	} else if (NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, NOT_FOUND)) {
		memcpy(out, default_id, 16);
		memset(out + 16, 0, OBJECT_ID_SIZE - 16);
		status = NT_STATUS_OK;
	}
	talloc_free(tmp);
	return status;
}

NTSTATUS object_id_set_volume(struct fsa_volume *v,
			      const uint8_t id[OBJECT_ID_SIZE])
{
	const struct blob record = {.data = (uint8_t *)(uintptr_t)id,
				    .length = OBJECT_ID_SIZE};
	struct fsa_node *root = NULL;
	NTSTATUS status = open_root(v, v, &root);

	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->set_record(root, FSA_RECORD_VOLUME_ID,
					       record);
	}
	talloc_free(root);
	return status;
}
