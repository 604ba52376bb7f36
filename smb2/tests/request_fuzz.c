/* smb2/tests/request_fuzz.c - a frame as a server takes it: compound, headers,
 * each request by its command. */
#include "smb2/tests/fuzz_util.h"

#include "smb2/change_notify.h"
#include "smb2/close.h"
#include "smb2/compound.h"
#include "smb2/create.h"
#include "smb2/create_contexts.h"
#include "smb2/flush.h"
#include "smb2/ioctl.h"
#include "smb2/lock.h"
#include "smb2/negotiate.h"
#include "smb2/negotiate_contexts.h"
#include "smb2/oplock_break.h"
#include "smb2/query_directory.h"
#include "smb2/query_info.h"
#include "smb2/read.h"
#include "smb2/session_setup.h"
#include "smb2/set_info.h"
#include "smb2/simple.h"
#include "smb2/tree_connect.h"
#include "smb2/write.h"

static void negotiate(struct wire_reader pdu)
{
	struct smb2_negotiate_request in;
	struct smb2_negotiate_contexts contexts;
	NTSTATUS status = smb2_negotiate_request_decode(pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return;
	}
	touch(in.contexts);
	status = smb2_negotiate_contexts_decode(in.contexts, in.context_count,
						&contexts);
	if (NT_STATUS_IS_OK(status)) {
		touch(contexts.preauth.salt);
		touch(contexts.netname.name);
	}
}

static void session_setup(struct wire_reader pdu)
{
	struct smb2_session_setup_request in;

	if (NT_STATUS_IS_OK(smb2_session_setup_request_decode(pdu, &in))) {
		touch(in.security_buffer);
	}
}

static void tree_connect(struct wire_reader pdu)
{
	struct smb2_tree_connect_request in;
	struct wire_reader data;
	uint16_t type;

	if (!NT_STATUS_IS_OK(smb2_tree_connect_request_decode(pdu, &in))) {
		return;
	}
	touch(in.path);
	while (NT_STATUS_IS_OK(
		smb2_tree_connect_context_next(&in.contexts, &type, &data))) {
		touch(data);
	}
}

static void create(struct wire_reader pdu)
{
	struct smb2_create_request in;
	struct smb2_create_request_contexts contexts;
	NTSTATUS status = smb2_create_request_decode(pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return;
	}
	touch(in.name);
	status = smb2_create_request_contexts_decode(in.contexts, &contexts);
	if (NT_STATUS_IS_OK(status)) {
		touch(contexts.ea);
		touch(contexts.sd);
		touch(contexts.aapl);
	}
}

static void close_flush(struct wire_reader pdu)
{
	struct smb2_close_request c;
	struct smb2_flush_request f;

	(void)!NT_STATUS_IS_OK(smb2_close_request_decode(pdu, &c));
	(void)!NT_STATUS_IS_OK(smb2_flush_request_decode(pdu, &f));
}

static void read_write(struct wire_reader pdu)
{
	struct smb2_read_request r;
	struct smb2_write_request w;

	if (NT_STATUS_IS_OK(smb2_read_request_decode(pdu, &r))) {
		touch(r.channel_info);
	}
	if (NT_STATUS_IS_OK(smb2_write_request_decode(pdu, &w))) {
		touch(w.channel_info);
		touch(w.data);
	}
}

static void lock(struct wire_reader pdu)
{
	struct smb2_lock_request in;

	if (NT_STATUS_IS_OK(smb2_lock_request_decode(pdu, &in))) {
		for (uint16_t i = 0; i < in.count; i++) {
			(void)smb2_lock_element_read(&in.elements);
		}
	}
}

static void ioctl(struct wire_reader pdu)
{
	struct smb2_ioctl_request in;
	struct smb2_validate_negotiate_request v;

	if (NT_STATUS_IS_OK(smb2_ioctl_request_decode(pdu, &in))) {
		touch(in.input);
		touch(in.output);
		(void)!NT_STATUS_IS_OK(
			smb2_validate_negotiate_request_decode(in.input, &v));
	}
}

static void directory(struct wire_reader pdu)
{
	struct smb2_query_directory_request q;
	struct smb2_change_notify_request n;

	if (NT_STATUS_IS_OK(smb2_query_directory_request_decode(pdu, &q))) {
		touch(q.pattern);
	}
	(void)!NT_STATUS_IS_OK(smb2_change_notify_request_decode(pdu, &n));
}

static void info(struct wire_reader pdu)
{
	struct smb2_query_info_request q;
	struct smb2_set_info_request s;

	if (NT_STATUS_IS_OK(smb2_query_info_request_decode(pdu, &q))) {
		touch(q.input);
	}
	if (NT_STATUS_IS_OK(smb2_set_info_request_decode(pdu, &s))) {
		touch(s.buffer);
	}
}

static void request(uint16_t command, struct wire_reader pdu)
{
	struct smb2_break_ack ack;

	switch (command) {
	case SMB2_NEGOTIATE:
		negotiate(pdu);
		break;
	case SMB2_SESSION_SETUP:
		session_setup(pdu);
		break;
	case SMB2_TREE_CONNECT:
		tree_connect(pdu);
		break;
	case SMB2_CREATE:
		create(pdu);
		break;
	case SMB2_CLOSE:
	case SMB2_FLUSH:
		close_flush(pdu);
		break;
	case SMB2_READ:
	case SMB2_WRITE:
		read_write(pdu);
		break;
	case SMB2_LOCK:
		lock(pdu);
		break;
	case SMB2_IOCTL:
		ioctl(pdu);
		break;
	case SMB2_QUERY_DIRECTORY:
	case SMB2_CHANGE_NOTIFY:
		directory(pdu);
		break;
	case SMB2_QUERY_INFO:
	case SMB2_SET_INFO:
		info(pdu);
		break;
	case SMB2_OPLOCK_BREAK:
		(void)!NT_STATUS_IS_OK(smb2_break_ack_decode(pdu, &ack));
		break;
	default:
		(void)!NT_STATUS_IS_OK(smb2_simple_decode(pdu));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smb2_compound c = smb2_compound(wire_reader(data, size));
	struct smb2_header h;
	struct wire_reader pdu;
	struct smb1_negotiate smb1;

	if (smb2_protocol_id(wire_reader(data, size)) == SMB1_PROTOCOL_ID) {
		(void)!NT_STATUS_IS_OK(
			smb1_negotiate_decode(wire_reader(data, size), &smb1));
		return 0;
	}
	while (NT_STATUS_IS_OK(smb2_compound_next(&c, &h, &pdu))) {
		touch(pdu);
		request(h.command, pdu);
	}
	return 0;
}
