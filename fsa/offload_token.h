/* fsa/offload_token.h - the tokens of FSCTL_OFFLOAD_READ and
 * FSCTL_OFFLOAD_WRITE ([MS-FSCC] 2.1.11).
 *
 * A token says which bytes of which version of which file it stands for and
 * until when; nothing is kept of it.  It is authenticated with a key that the
 * master has made and every child knows, so it is good in any connection.  Into
 * that goes, too, who asked for it and in which share: it opens to nobody else
 * what he might not read. */
#ifndef FSA_OFFLOAD_TOKEN_H
#define FSA_OFFLOAD_TOKEN_H

#include "fsa/driver.h"
#include "lib/wire.h"

#define OFFLOAD_TOKEN_SIZE 512
#define OFFLOAD_KEY_SIZE   32
#define OFFLOAD_MAX_PATH   384 /* bytes of a name that a token has room for */

struct offload_token {
	bool zero; /* the well-known one: nothing below counts */
	NTTIME expires;
	uint64_t device;
	uint64_t inode;
	uint8_t version[FSA_VERSION_SIZE];
	uint64_t offset;
	uint64_t length;
	char path[OFFLOAD_MAX_PATH + 1];
};

/* Whose tokens: another holder's are not good. */
struct offload_holder {
	const uint8_t *key; /* OFFLOAD_KEY_SIZE bytes */
	const struct sid *user;
	const char *share_path;
};

/* NOT_SUPPORTED when path is too long. */
MUST_CHECK NTSTATUS offload_token_set_path(struct offload_token *t,
					   const char *path);

/* Appends OFFLOAD_TOKEN_SIZE bytes to w. */
void offload_token_put(struct wire_writer *w, const struct offload_token *t,
		       const struct offload_holder *holder);

/* INVALID_TOKEN: not one of ours, another holder's, changed, or too old. */
MUST_CHECK NTSTATUS offload_token_read(struct wire_reader *r, NTTIME now,
				       const struct offload_holder *holder,
				       struct offload_token *out);

/* What is in the bytes, whoever has made them: for offload_token_read(), and
 * its fuzz target. */
MUST_CHECK NTSTATUS offload_token_decode(const uint8_t raw[OFFLOAD_TOKEN_SIZE],
					 struct offload_token *out);

#endif
