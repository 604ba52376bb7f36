/* smbd/eas.c - see eas.h. */
#include "smbd/eas.h"

#include <string.h>

#include "lib/utf16.h"
#include "smb2/constants.h"
#include "smb2/fscc_list.h"

/* NextEntryOffset, flags, two lengths, the zero behind the name. */
#define ENTRY_OVERHEAD 9

NTSTATUS smbd_eas_decode(TALLOC_CTX *mem_ctx, struct wire_reader in,
			 struct fsa_ea **out, size_t *out_count)
{
	struct fsa_ea *list = NULL;
	size_t count = 0;
	struct fscc_ea ea;
	NTSTATUS status;

	for (;;) {
		struct fsa_ea *more;

		status = fscc_ea_next(&in, &ea);
		if (!NT_STATUS_IS_OK(status)) {
			break;
		}
		more = talloc_realloc(mem_ctx, list, struct fsa_ea, count + 1);
		if (more == NULL) {
			status = NT_STATUS(NO_MEMORY);
			break;
		}
		list = more;
		list[count++] = (struct fsa_ea){
			.name = ea.name,
			.flags = ea.flags,
			.value = {.data = (uint8_t *)(uintptr_t)ea.value.data,
				  .length = ea.value.length},
		};
	}
	if (!NT_STATUS_IS(status, NO_MORE_FILES)) {
		talloc_free(list);
		return status;
	}
	*out = list;
	*out_count = count;
	return NT_STATUS_OK;
}

/* --- queries ------------------------------------------------------------- */

struct output {
	struct fscc_list list;
	size_t room;
	size_t used; /* bytes, without padding behind the last entry */
	uint32_t entries;
};

/* False: there is no room. */
static bool put_one(struct output *o, const struct fsa_ea *ea)
{
	const struct fscc_ea entry = {
		.flags = ea->flags,
		.name = ea->name,
		.value = wire_reader(ea->value.data, ea->value.length),
	};
	size_t start =
		(o->used + FSCC_EA_ALIGN - 1) / FSCC_EA_ALIGN * FSCC_EA_ALIGN;
	size_t end =
		start + ENTRY_OVERHEAD + strlen(ea->name) + ea->value.length;

	if (end > o->room) {
		return false;
	}
	fscc_ea_put(&o->list, &entry);
	o->used = end;
	o->entries++;
	return true;
}

static NTSTATUS result(const struct output *o, bool complete)
{
	if (complete) {
		return NT_STATUS_OK;
	}
	return o->entries == 0 ? NT_STATUS(BUFFER_TOO_SMALL)
			       : NT_STATUS(BUFFER_OVERFLOW);
}

/* A name that no attribute has is answered with an empty value. */
static struct fsa_ea find(const struct fsa_ea *eas, size_t count,
			  const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (utf8_casecmp(eas[i].name, name) == 0) {
			return eas[i];
		}
	}
	return (struct fsa_ea){.name = name};
}

static NTSTATUS put_named(struct output *o, const struct smbd_ea_query *q,
			  const struct fsa_ea *eas, size_t count)
{
	struct wire_reader names = q->names;
	const char *name = NULL;
	NTSTATUS status = fscc_get_ea_next(&names, &name);

	while (NT_STATUS_IS_OK(status)) {
		const struct fsa_ea ea = find(eas, count, name);

		if (!put_one(o, &ea)) {
			return result(o, false);
		}
		if ((q->flags & SL_RETURN_SINGLE_ENTRY) != 0) {
			return result(o, true);
		}
		status = fscc_get_ea_next(&names, &name);
	}
	return NT_STATUS_IS(status, NO_MORE_FILES) ? result(o, true) : status;
}

static NTSTATUS put_from(struct output *o, const struct smbd_ea_query *q,
			 const struct fsa_ea *eas, size_t count, size_t first)
{
	size_t i = first;
	bool fits = true;

	while (fits && i < count) {
		fits = put_one(o, &eas[i]);
		i += fits;
		if (fits && (q->flags & SL_RETURN_SINGLE_ENTRY) != 0) {
			break;
		}
	}
	return result(o, fits);
}

NTSTATUS smbd_eas_put(struct wire_writer *w, const struct smbd_ea_query *q,
		      const struct fsa_ea *eas, size_t count,
		      uint32_t *position)
{
	struct output o = {.list = fscc_list(w, FSCC_EA_ALIGN),
			   .room = q->room};
	NTSTATUS status;

	if (count == 0) {
		return NT_STATUS(NO_EAS_ON_FILE);
	}
	if (q->names.length > 0) {
		return put_named(&o, q, eas, count);
	}
	if ((q->flags & SL_INDEX_SPECIFIED) != 0) {
		if (q->index == 0 || q->index > count) {
			return NT_STATUS(NONEXISTENT_EA_ENTRY);
		}
		return put_from(&o, q, eas, count, q->index - 1);
	}
	if ((q->flags & SL_RESTART_SCAN) != 0) {
		*position = 0;
	}
	if (*position >= count) {
		return NT_STATUS(NO_MORE_EAS);
	}
	status = put_from(&o, q, eas, count, *position);
	*position += o.entries;
	return status;
}
