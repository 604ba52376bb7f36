/* fsa/quiet.c - see quiet.h. */
#include "fsa/quiet.h"

#include "locking/file_board.h"
#include "locking/locking.h"

static file_board_counter *counter_of(struct fsa_file *f)
{
	if (f->quiet.counter == NULL) {
		f->quiet.counter = file_board_counter_of(
			f->volume->server->params.locking->board, &f->id);
	}
	return f->quiet.counter;
}

bool quiet_is(struct fsa_file *f, uint8_t what)
{
	uint64_t now = atomic_load(counter_of(f));

	if (f->quiet.seen != now) {
		f->quiet.seen = now;
		f->quiet.known = 0;
	}
	return (f->quiet.known & what) == what;
}

void quiet_note(struct fsa_file *f, uint8_t what)
{
	f->quiet.known |= what;
}

void quiet_raise(struct fsa_file *f, uint8_t gone)
{
	uint64_t before = atomic_fetch_add(counter_of(f), 1);

	if (f->quiet.seen != before) {
		f->quiet.known = 0;
	}
	f->quiet.seen = before + 1;
	f->quiet.known &= (uint8_t)~gone;
}

void quiet_forget(struct fsa_file *f)
{
	f->quiet.known = 0;
}

void quiet_moved(struct fsa_file *f)
{
	f->quiet.counter = NULL;
	quiet_forget(f);
	if (f->num_locks > 0) {
		quiet_raise(f, QUIET_LOCKS);
	}
}
