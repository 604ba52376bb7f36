/* fsa/keep_times.c - times that operations on an open leave alone, because its
 * user has set them ([MS-FSA] 2.1.1.6), and write times that move late.
 *
 * Write times move at once, as on NTFS since Windows 10 1809.  With `smbd:
 * writetimeupdatedelay` they do as they did before ([MS-FSA] note 43): an open
 * that writes sees the old time for that long, then that of its first write,
 * and closing makes it the time of the close.  A flush, a new end of file and
 * FileBasicInformation end the waiting.  On disk the time is always true: it is
 * the open that is shown an older one. */
#include "fsa/file.h"
#include "fsa/times.h"

/* --- fixed -----------------------------------------------------------------
 */

static bool has_fixed(const struct fsa_file *f)
{
	return f->fixed.write != 0 || f->fixed.change != 0;
}

NTSTATUS file_keep_times(struct fsa_file *f)
{
	const struct fsa_basic basic = {
		.times = {.write = f->fixed.write, .change = f->fixed.change}};

	if (!has_fixed(f)) {
		return NT_STATUS_OK;
	}
	return driver_of(f)->set_basic(file_node(f), &basic);
}

static void fix(NTTIME asked, NTTIME now, NTTIME *fixed)
{
	if (asked == TIME_RESUME) {
		*fixed = 0;
	} else if (asked == TIME_FREEZE) {
		*fixed = *fixed == 0 ? now : *fixed;
	} else if (asked != 0) {
		*fixed = asked;
	}
}

static bool freezes(const struct fsa_times *t)
{
	return t->write == TIME_FREEZE || t->change == TIME_FREEZE ||
	       t->access == TIME_FREEZE;
}

NTSTATUS file_plan_times(struct fsa_file *f, const struct fsa_times *asked,
			 struct fsa_times *to_fix, struct fsa_times *to_set)
{
	struct fsa_times fixed = f->fixed;
	struct fsa_stat st = {0};
	NTSTATUS status = NT_STATUS_OK;

	if (freezes(asked)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	fix(asked->write, st.times.write, &fixed.write);
	fix(asked->change, st.times.change, &fixed.change);
	fix(asked->access, st.times.access, &fixed.access);
	*to_fix = fixed;
	*to_set = times_to_set(asked);
	/* What is fixed is not moved by this operation either. */
	to_set->change = fixed.change;
	return status;
}

NTSTATUS file_fix_times(struct fsa_file *f, const struct fsa_times *to_fix)
{
	const struct fsa_driver *d = driver_of(f);
	bool access = f->fixed.access != 0;

	f->fixed = *to_fix;
	if (access == (to_fix->access != 0) || d->keep_access_time == NULL) {
		return NT_STATUS_OK;
	}
	/* Reading leaves it alone while it is fixed. */
	return d->keep_access_time(file_node(f), !access);
}

/* --- late ------------------------------------------------------------------
 */

NTSTATUS file_defer_write_time(struct fsa_file *f)
{
	NTTIME delay = f->volume->write_time_delay;
	NTTIME now;
	struct fsa_stat st;
	NTSTATUS status;

	if (delay == 0 || f->fixed.write != 0 || f->stream != NULL) {
		return NT_STATUS_OK;
	}
	now = nttime_now();
	if (f->deferred.on && (f->deferred.again || now < f->deferred.until)) {
		return NT_STATUS_OK;
	}
	status = driver_of(f)->stat(f->node, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	f->deferred.again = f->deferred.on;
	f->deferred.on = true;
	f->deferred.shown = st.times.write;
	f->deferred.until = f->deferred.again ? UINT64_MAX : now + delay;
	f->deferred.since = now;
	return NT_STATUS_OK;
}

/* Whether the time on disk is that of our write: not set by somebody since. */
static bool is_ours(const struct fsa_file *f, NTTIME write, NTTIME now)
{
	/* The kernel's clock for files ticks up to 10 ms late. */
	return write + NTTIME_SECOND / 100 >= f->deferred.since && write <= now;
}

static bool is_waiting(const struct fsa_file *f, const struct fsa_stat *st)
{
	NTTIME now;

	if (!f->deferred.on) {
		return false;
	}
	now = nttime_now();
	return now < f->deferred.until && is_ours(f, st->times.write, now);
}

void file_show_times(const struct fsa_file *f, struct fsa_stat *st)
{
	if (is_waiting(f, st)) {
		st->times.write = f->deferred.shown;
	}
}

void file_settle_times(struct fsa_file *f)
{
	f->deferred.on = false;
	f->deferred.again = false;
}

NTSTATUS file_close_times(struct fsa_file *f)
{
	struct fsa_basic basic = {0};
	struct fsa_stat st;
	NTSTATUS status;

	if (!f->deferred.on) {
		return NT_STATUS_OK;
	}
	status = driver_of(f)->stat(f->node, &st);
	if (!NT_STATUS_IS_OK(status) || !is_waiting(f, &st)) {
		return status;
	}
	basic.times.write = nttime_now();
	return driver_of(f)->set_basic(f->node, &basic);
}
