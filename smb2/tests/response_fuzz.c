/* smb2/tests/response_fuzz.c - a frame as a client takes it: compound, headers,
 * each response by its command, errors. */
#include "smb2/tests/fuzz_util.h"

#include "smb2/buffer_response.h"
#include "smb2/close.h"
#include "smb2/compound.h"
#include "smb2/create.h"
#include "smb2/create_contexts.h"
#include "smb2/error.h"
#include "smb2/ioctl.h"
#include "smb2/negotiate.h"
#include "smb2/negotiate_contexts.h"
#include "smb2/oplock_break.h"
#include "smb2/read.h"
#include "smb2/session_setup.h"
#include "smb2/set_info.h"
#include "smb2/simple.h"
#include "smb2/tree_connect.h"
#include "smb2/write.h"

static void negotiate(struct wire_reader pdu)
{
	struct smb2_negotiate_response in;
	struct smb2_negotiate_contexts contexts;

	if (NT_STATUS_IS_OK(smb2_negotiate_response_decode(pdu, &in))) {
		touch(in.security_buffer);
		touch(in.contexts);
		(void)!NT_STATUS_IS_OK(smb2_negotiate_contexts_decode(
			in.contexts, in.context_count, &contexts));
	}
}

static void session_and_tree(struct wire_reader pdu)
{
	struct smb2_session_setup_response s;
	struct smb2_tree_connect_response t;

	if (NT_STATUS_IS_OK(smb2_session_setup_response_decode(pdu, &s))) {
		touch(s.security_buffer);
	}
	(void)!NT_STATUS_IS_OK(smb2_tree_connect_response_decode(pdu, &t));
}

static void create(struct wire_reader pdu)
{
	struct smb2_create_response in;
	struct smb2_create_response_contexts contexts;

	if (NT_STATUS_IS_OK(smb2_create_response_decode(pdu, &in))) {
		touch(in.contexts);
		(void)!NT_STATUS_IS_OK(smb2_create_response_contexts_decode(
			in.contexts, &contexts));
	}
}

static void close_write(struct wire_reader pdu)
{
	struct smb2_close_response c;
	struct smb2_write_response w;

	(void)!NT_STATUS_IS_OK(smb2_close_response_decode(pdu, &c));
	(void)!NT_STATUS_IS_OK(smb2_write_response_decode(pdu, &w));
}

static void read_ioctl(struct wire_reader pdu)
{
	struct smb2_read_response r;
	struct smb2_ioctl_response i;
	struct smb2_validate_negotiate_response v;

	if (NT_STATUS_IS_OK(smb2_read_response_decode(pdu, &r))) {
		touch(r.data);
	}
	if (NT_STATUS_IS_OK(smb2_ioctl_response_decode(pdu, &i))) {
		touch(i.input);
		touch(i.output);
		(void)!NT_STATUS_IS_OK(
			smb2_validate_negotiate_response_decode(i.output, &v));
	}
}

static void error(struct wire_reader pdu)
{
	struct smb2_error e;
	struct smb2_symlink_error link;
	struct wire_reader data;

	if (!NT_STATUS_IS_OK(smb2_error_decode(pdu, &e))) {
		return;
	}
	touch(e.data);
	if (NT_STATUS_IS_OK(smb2_error_context_find(&e, SMB2_ERROR_ID_DEFAULT,
						    &data))) {
		touch(data);
		if (NT_STATUS_IS_OK(smb2_symlink_error_decode(data, &link))) {
			touch(link.substitute_name);
			touch(link.print_name);
		}
	}
}

static void rest(struct wire_reader pdu)
{
	struct smb2_break_notification b;
	struct wire_reader buffer;

	(void)!NT_STATUS_IS_OK(smb2_break_notification_decode(pdu, &b));
	(void)!NT_STATUS_IS_OK(smb2_session_closed_decode(pdu));
	(void)!NT_STATUS_IS_OK(smb2_set_info_response_decode(pdu));
	(void)!NT_STATUS_IS_OK(smb2_simple_decode(pdu));
	if (NT_STATUS_IS_OK(smb2_buffer_response_decode(pdu, &buffer))) {
		touch(buffer);
	}
}

static void response(uint16_t command, struct wire_reader pdu)
{
	switch (command) {
	case SMB2_NEGOTIATE:
		negotiate(pdu);
		break;
	case SMB2_SESSION_SETUP:
	case SMB2_TREE_CONNECT:
		session_and_tree(pdu);
		break;
	case SMB2_CREATE:
		create(pdu);
		break;
	case SMB2_CLOSE:
	case SMB2_WRITE:
		close_write(pdu);
		break;
	case SMB2_READ:
	case SMB2_IOCTL:
		read_ioctl(pdu);
		break;
	default:
		rest(pdu);
		break;
	}
	error(pdu);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smb2_compound c = smb2_compound(wire_reader(data, size));
	struct smb2_header h;
	struct wire_reader pdu;

	while (NT_STATUS_IS_OK(smb2_compound_next(&c, &h, &pdu))) {
		response(h.command, pdu);
	}
	return 0;
}
