/* torture/model_play.h - what clients do next, by chance: from what is known of
 * their opens. */
#ifndef TORTURE_MODEL_PLAY_H
#define TORTURE_MODEL_PLAY_H

#include "torture/model_check.h"

/* Numbers that a seed gives (xorshift). */
struct model_dice {
	uint64_t state;
};
struct model_dice model_dice(uint64_t seed);
uint32_t model_roll(struct model_dice *d, uint32_t sides);

enum model_slot_use {
	MODEL_FREE,
	MODEL_HELD,
	MODEL_BUSY_FREE, /* something is under way: CREATE */
	MODEL_BUSY_HELD
};

struct model_slot {
	enum model_slot_use use;
	uint8_t access;
	uint8_t caching; /* that was granted */
	uint8_t locks;	 /* that it has */
	uint8_t asks;	 /* is about to have one more */
	uint8_t lock_offset, lock_length;
};

/* A break that is to be acknowledged. */
struct model_due {
	bool due;
	bool ignored; /* for ever */
	uint8_t caching;
	uint8_t to;
};

struct model_player {
	struct model_slot slots[MODEL_SLOTS];
	struct model_due due[MODEL_SLOTS + MODEL_KEYS];
	unsigned int under_way;
};

struct model_table {
	struct model_dice dice;
	struct model_player players[MODEL_CLIENTS];
	unsigned int num_players;
	unsigned int locks; /* held or asked for */
	uint8_t next_byte;
};

/* Something for the client to do; false: nothing now. */
bool model_choose(struct model_table *t, uint8_t client, struct model_op *out);

/* The client has been answered, or told something, or is gone. */
void model_note_answer(struct model_table *t, const struct model_op *op,
		       const struct model_answer *a);
void model_note_told(struct model_table *t, const struct model_notice *n);
void model_note_gone(struct model_table *t, uint8_t client);

#endif
