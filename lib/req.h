/* lib/req.h - NTSTATUS as the result of a tevent_req. */
#ifndef LIB_REQ_H
#define LIB_REQ_H

#include <tevent.h>

#include "lib/ntstatus.h"

/* Ends req with an error and returns true, unless status is OK: then nothing
 * happens. */
static inline bool req_failed(struct tevent_req *req, NTSTATUS status)
{
	return tevent_req_error(req, status.v);
}

/* For _recv: the status req ended with. */
static inline NTSTATUS req_status(struct tevent_req *req)
{
	enum tevent_req_state state;
	uint64_t err;

	if (!tevent_req_is_error(req, &state, &err)) {
		return NT_STATUS_OK;
	}
	switch (state) {
	case TEVENT_REQ_TIMED_OUT:
		return NT_STATUS(IO_TIMEOUT);
	case TEVENT_REQ_NO_MEMORY:
		return NT_STATUS(NO_MEMORY);
	case TEVENT_REQ_USER_ERROR:
		return (NTSTATUS){(uint32_t)err};
	default:
		return NT_STATUS(INTERNAL_ERROR);
	}
}

#endif
