/* fsa/times.c - times as FileBasicInformation sets them. */
#include "fsa/times.h"

static bool is_valid(NTTIME t)
{
	return t <= INT64_MAX || t >= TIME_RESUME;
}

bool times_are_valid(const struct fsa_times *t)
{
	return is_valid(t->creation) && is_valid(t->access) &&
	       is_valid(t->write) && is_valid(t->change);
}

static NTTIME to_set(NTTIME t)
{
	return t >= TIME_RESUME ? 0 : t;
}

struct fsa_times times_to_set(const struct fsa_times *asked)
{
	return (struct fsa_times){
		.creation = to_set(asked->creation),
		.access = to_set(asked->access),
		.write = to_set(asked->write),
		.change = to_set(asked->change),
	};
}
