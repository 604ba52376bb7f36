/* fsa/ea.c - extended attributes. */
#include "fsa/ea.h"

#include <string.h>

#include "fsa/notify.h"
#include "fsa/reparse.h"
#include "lib/log.h"
#include "lib/utf16.h"

/* [MS-FSA] 2.1.5.15.6 */
#define EA_TOTAL_MAX (65536 - 5)

/* Flags, two lengths, and the zero behind the name. */
#define ENTRY_OVERHEAD 5

struct ea_list {
	struct fsa_ea *eas;
	size_t count;
};

static NTSTATUS get_all(TALLOC_CTX *mem_ctx, struct fsa_file *f,
			struct ea_list *out)
{
	*out = (struct ea_list){0};
	if (!f->volume->eas) {
		return NT_STATUS(EAS_NOT_SUPPORTED);
	}
	return driver_of(f)->get_eas(mem_ctx, file_node(f), &out->eas,
				     &out->count);
}

NTSTATUS fsa_query_eas(struct fsa_io *io)
{
	struct fsa_query_info *q = &io->u.query_info;
	struct ea_list all;
	NTSTATUS status = get_all(q->mem_ctx, io->file, &all);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	q->eas = all.eas;
	q->num_eas = all.count;
	return NT_STATUS_OK;
}

/* --- setting ------------------------------------------------------------- */

static const struct fsa_ea *find(const struct ea_list *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++) {
		if (utf8_casecmp(l->eas[i].name, name) == 0) {
			return &l->eas[i];
		}
	}
	return NULL;
}

static size_t size_of(const struct ea_list *l)
{
	size_t size = 0;

	for (size_t i = 0; i < l->count; i++) {
		size += ENTRY_OVERHEAD + strlen(l->eas[i].name) +
			l->eas[i].value.length;
	}
	return size;
}

/* How large all would be together; one name twice counts twice. */
static NTSTATUS check_total(const struct ea_list *old,
			    const struct ea_list *new)
{
	size_t size = size_of(old) + size_of(new);

	for (size_t i = 0; i < new->count; i++) {
		const struct fsa_ea *was = find(old, new->eas[i].name);

		if (was != NULL) {
			const struct ea_list one = {
				.eas = (struct fsa_ea *)(uintptr_t)was,
				.count = 1};

			size -= size_of(&one) < size ? size_of(&one) : size;
		}
	}
	return size > EA_TOTAL_MAX ? NT_STATUS(EA_TOO_LARGE) : NT_STATUS_OK;
}

/* Puts the first count of new back to what they were. */
static void undo(struct fsa_file *f, const struct ea_list *old,
		 const struct ea_list *new, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = new->eas[i].name;
		const struct fsa_ea gone = {.name = name};
		const struct fsa_ea *was = find(old, name);
		NTSTATUS status = driver_of(f)->set_ea(
			file_node(f), was != NULL ? was : &gone);

		if (!NT_STATUS_IS_OK(status)) {
			LOG_ERR(LOG_FSA, "%s: attribute %s stays changed: %s",
				f->name, name, ntstatus_name(status));
		}
	}
}

static NTSTATUS set_all(struct fsa_file *f, const struct ea_list *old,
			const struct ea_list *new)
{
	NTSTATUS status = check_total(old, new);

	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < new->count; i++) {
		status = driver_of(f)->set_ea(file_node(f), &new->eas[i]);
		if (!NT_STATUS_IS_OK(status)) {
			undo(f, old, new, i);
		}
	}
	return status;
}

NTSTATUS ea_apply(struct fsa_file *f, const struct fsa_ea *eas, size_t count)
{
	const struct ea_list new = {.eas = (struct fsa_ea *)(uintptr_t)eas,
				    .count = count};
	TALLOC_CTX *tmp = talloc_new(f);
	struct ea_list old;
	NTSTATUS status = get_all(tmp, f, &old);

	if (NT_STATUS_IS_OK(status)) {
		status = set_all(f, &old, &new);
	}
	talloc_free(tmp);
	return status;
}

bool ea_is_needed(struct fsa_file *f)
{
	TALLOC_CTX *tmp = talloc_new(f);
	struct ea_list all;
	bool needed = false;

	if (NT_STATUS_IS_OK(get_all(tmp, f, &all))) {
		for (size_t i = 0; i < all.count; i++) {
			needed |= (all.eas[i].flags & FILE_NEED_EA) != 0;
		}
	}
	talloc_free(tmp);
	return needed;
}

NTSTATUS fsa_set_eas(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	NTSTATUS status = file_check_access(f, FILE_WRITE_EA);

	if (NT_STATUS_IS_OK(status)) {
		status = reparse_check_eas(f, s->u.eas.list, s->u.eas.count);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = ea_apply(f, s->u.eas.list, s->u.eas.count);
	}
	if (NT_STATUS_IS_OK(status)) {
		file_mark_archive(f);
		fsa_notify_modified(f, FILE_NOTIFY_CHANGE_EA |
					       FILE_NOTIFY_CHANGE_ATTRIBUTES);
		status = file_keep_times(f);
	}
	return status;
}
