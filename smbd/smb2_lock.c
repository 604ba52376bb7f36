/* smbd/smb2_lock.c - LOCK: [MS-SMB2] 3.3.5.14. */
#include "smb2/lock.h"

#include "fsa/fsa.h"
#include "smb2/constants.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/lock_sequence.h"
#include "smbd/open.h"

#define KIND_FLAGS                                                             \
	(SMB2_LOCKFLAG_SHARED_LOCK | SMB2_LOCKFLAG_EXCLUSIVE_LOCK |            \
	 SMB2_LOCKFLAG_UNLOCK)

struct lock_state {
	struct fsa_lock_range *ranges;
	size_t count;
	bool unlock;
	bool wait;
	NTSTATUS after; /* why no more than count ranges are looked at */
	uint32_t sequence_index;
	uint8_t sequence_number;
};

/* --- lock sequences ------------------------------------------------------- */

/* Whether requests of this open are known again (3.3.5.14).  Note <370>:
 * Windows does so for resilient and persistent opens only.  A connection on
 * which several channels may be has them for every open; durable opens are not
 * there yet. */
static bool has_sequences(const struct smbd_request *req)
{
	return smbd_is_3x(req->conn) &&
	       (req->conn->negotiated.server_capabilities &
		SMB2_GLOBAL_CAP_MULTI_CHANNEL) != 0;
}

static bool is_done_before(const struct smbd_request *req,
			   const struct lock_state *s)
{
	struct lock_sequences *seen = req->open->lock_sequences;

	return seen != NULL && has_sequences(req) &&
	       lock_sequence_is_done(seen, s->sequence_index,
				     s->sequence_number);
}

/* Nothing is kept when there is no memory: then it is not known again. */
static void set_done(const struct smbd_request *req, const struct lock_state *s)
{
	struct smbd_open *open = req->open;

	if (s->sequence_index == 0 || !has_sequences(req)) {
		return;
	}
	if (open->lock_sequences == NULL) {
		open->lock_sequences = talloc_zero(open, struct lock_sequences);
	}
	if (open->lock_sequences != NULL) {
		lock_sequence_set_done(open->lock_sequences, s->sequence_index,
				       s->sequence_number);
	}
}

/* --- the elements --------------------------------------------------------- */

/* 3.3.5.14.1: what stands before a bad element is unlocked nevertheless.  Note
 * <371> would ignore FAIL_IMMEDIATELY; Windows refuses it (smbtorture
 * smb2.lock.valid-request). */
static NTSTATUS take_unlock(struct lock_state *s, uint32_t flags)
{
	if (flags != SMB2_LOCKFLAG_UNLOCK) {
		s->after = NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

/* 3.3.5.14.2: one that waits is alone.  Note <373> looks at the first element
 * only. */
static bool waits_among_others(const struct smb2_lock_request *in)
{
	struct wire_reader elements = in->elements;

	for (uint16_t i = 0; i < in->count && in->count > 1; i++) {
		if ((smb2_lock_element_read(&elements).flags &
		     SMB2_LOCKFLAG_FAIL_IMMEDIATELY) == 0) {
			return true;
		}
	}
	return false;
}

/* 3.3.5.14.2, 2.2.26.1: what stands before an unlock is locked nevertheless. */
static NTSTATUS take_lock(struct lock_state *s, uint32_t flags)
{
	uint32_t kind = flags & KIND_FLAGS;
	bool wait = (flags & SMB2_LOCKFLAG_FAIL_IMMEDIATELY) == 0;

	if ((kind & SMB2_LOCKFLAG_UNLOCK) != 0) {
		s->after = NT_STATUS(INVALID_PARAMETER);
		return NT_STATUS_OK;
	}
	if ((kind != SMB2_LOCKFLAG_SHARED_LOCK &&
	     kind != SMB2_LOCKFLAG_EXCLUSIVE_LOCK) ||
	    (flags & ~(KIND_FLAGS | SMB2_LOCKFLAG_FAIL_IMMEDIATELY)) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	s->wait = wait;
	s->ranges[s->count].exclusive = kind == SMB2_LOCKFLAG_EXCLUSIVE_LOCK;
	return NT_STATUS_OK;
}

static NTSTATUS take_elements(struct lock_state *s,
			      struct smb2_lock_request *in)
{
	bool bad_locks = waits_among_others(in);
	NTSTATUS status = NT_STATUS_OK;

	for (uint16_t i = 0; i < in->count; i++) {
		struct smb2_lock_element e =
			smb2_lock_element_read(&in->elements);

		if (i == 0) {
			s->unlock = (e.flags & SMB2_LOCKFLAG_UNLOCK) != 0;
		}
		if (!s->unlock && bad_locks) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		status = s->unlock ? take_unlock(s, e.flags)
				   : take_lock(s, e.flags);
		if (!NT_STATUS_IS_OK(status) || !NT_STATUS_IS_OK(s->after)) {
			break;
		}
		s->ranges[s->count].offset = e.offset;
		s->ranges[s->count].length = e.length;
		s->count++;
	}
	return status;
}

/* --- the request ---------------------------------------------------------- */

NTSTATUS smb2_lock_start(struct smbd_request *req)
{
	struct fsa_lock *args = &req->io.u.lock;
	struct smb2_lock_request in;
	struct lock_state *s;
	NTSTATUS status = smb2_lock_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s = talloc_zero(req, struct lock_state);
	if (s != NULL) {
		s->ranges =
			talloc_zero_array(s, struct fsa_lock_range, in.count);
	}
	if (s == NULL || s->ranges == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->sequence_index = in.sequence_index;
	s->sequence_number = in.sequence_number;
	if (is_done_before(req, s)) {
		return NT_STATUS_OK;
	}
	req->state = s;
	status = take_elements(s, &in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*args = (struct fsa_lock){.ranges = s->ranges,
				  .count = s->count,
				  .unlock = s->unlock,
				  .wait = s->wait};
	req->io.op = FSA_LOCK;
	return smbd_request_io(req);
}

NTSTATUS smb2_lock_done(struct smbd_request *req, NTSTATUS status)
{
	const struct lock_state *s = req->state;

	/* Windows: whose open is closed under him did not lock anything
	 * (smbtorture smb2.lock.cancel). */
	if (req->torn_down && NT_STATUS_IS(status, CANCELLED)) {
		return NT_STATUS(RANGE_NOT_LOCKED);
	}
	if (!NT_STATUS_IS_OK(status) || s == NULL) {
		return status;
	}
	if (NT_STATUS_IS_OK(s->after)) {
		set_done(req, s);
	}
	return s->after;
}
