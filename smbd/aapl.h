/* smbd/aapl.h - what a connection has agreed on with macOS by the create
 * context "AAPL" (smb2/aapl.h), and what follows from it. */
#ifndef SMBD_AAPL_H
#define SMBD_AAPL_H

#include "smb2/aapl.h"

struct smbd_client;
struct smbd_tree;
struct smbd_request;
struct conf_share;

/* Of a connection. */
struct smbd_aapl {
	bool negotiated;
	uint64_t caps; /* AAPL_SUPPORTS_..., those that both have */
};

/* Of a tree connect. */
struct smbd_aapl_share {
	bool zero_file_id; /* file ids are not told */
	bool full_sync;	   /* good for Time Machine */
	uint32_t want;	   /* FSA_WANT_*: what listings carry */
};

struct smbd_aapl_share smbd_aapl_share(const struct conf_share *share);

#define SMBD_AAPL_MAX_ANSWER (32 * 1024) /* bytes: one with a path */

/* Answers a request that came with req's CREATE, on req: the context's data.
 * A server query is what negotiates. */
MUST_CHECK NTSTATUS smbd_aapl_answer(struct smbd_request *req,
				     const struct aapl_request *in,
				     struct blob *out);

/* Whether both sides can do what the bit stands for. */
static inline bool smbd_aapl_has(const struct smbd_aapl *a, uint64_t cap)
{
	return (a->caps & cap) != 0;
}

/* id as req's client is told: 0 to macOS, which takes ids for ones that are
 * never used again. */
uint64_t smbd_aapl_file_id(const struct smbd_request *req, uint64_t id);

#endif
