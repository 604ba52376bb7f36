/* torture/ioctl.c - IOCTL, and ECHO ([MS-SMB2] 3.3.5.15, 3.3.5.17). */
#include "smb2/simple.h"
#include "smb2/network_interface.h"
#include "torture/features.h"
#include "torture/util.h"

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code, uint32_t flags,
		      uint32_t max)
{
	struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.max_output_response = max,
		.flags = flags,
	};
	struct smb2_ioctl_response out;

	return cli_ioctl(t->mem, tree, &in, &out);
}

static void unknown_code(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);

	STATUS_IN(fsctl(t, tree, id, 0x00091234, SMB2_0_IOCTL_IS_FSCTL, 100),
		  NT_STATUS(INVALID_DEVICE_REQUEST), NT_STATUS(NOT_SUPPORTED));
}

static void not_fsctl(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);

	STATUS(fsctl(t, tree, id, FSCTL_GET_COMPRESSION, 0, 100),
	       NOT_SUPPORTED);
}

static void closed_handle(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = {0x1234, 0x5678};

	STATUS(fsctl(t, tree, id, FSCTL_GET_COMPRESSION, SMB2_0_IOCTL_IS_FSCTL,
		     100),
	       FILE_CLOSED);
}

static void larger_than_allowed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	uint32_t max =
		cli_conn_negotiated(cli_tree_conn(tree))->max_transact_size;
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);

	STATUS(fsctl(t, tree, id, FSCTL_GET_COMPRESSION, SMB2_0_IOCTL_IS_FSCTL,
		     max + 1),
	       INVALID_PARAMETER);
}

static void no_dfs_here(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	/* [MS-SMB2] 3.3.5.15.2; Samba: NOT_FOUND */
	STATUS_IN(fsctl(t, tree, SMB2_FILE_ID_RELATED, FSCTL_DFS_GET_REFERRALS,
			SMB2_0_IOCTL_IS_FSCTL, 100),
		  NT_STATUS(FS_DRIVER_REQUIRED), NT_STATUS(NOT_FOUND),
		  NT_STATUS(INVALID_PARAMETER), NT_STATUS(NOT_SUPPORTED));
}

/* Each interface has an index and an address; the one we came by is there. */
static void network_interfaces(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_ioctl_request in = {
		.ctl_code = FSCTL_QUERY_NETWORK_INTERFACE_INFO,
		.id = SMB2_FILE_ID_RELATED,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.max_output_response = 65536,
	};
	struct smb2_ioctl_response reply;
	struct smb2_network_interface i;
	unsigned int count = 0;
	NTSTATUS status = cli_ioctl(t->mem, tree, &in, &reply);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("interfaces are not told");
	}
	OK(status);
	while (NT_STATUS_IS_OK(
		smb2_network_interface_next(&reply.output, &i))) {
		CHECK(i.index != 0);
		CHECK(i.speed > 0);
		count++;
	}
	CHECK(wire_ok(&reply.output));
	CHECK(count > 0);
	in.max_output_response = 1;
	STATUS(cli_ioctl(t->mem, tree, &in, &reply), BUFFER_TOO_SMALL);
	in.max_output_response = 65536;
	in.id.persistent_id = 7;
	STATUS(cli_ioctl(t->mem, tree, &in, &reply), INVALID_PARAMETER);
}

/* Samba's, for its tests: only where smb.conf asks for them. */
static void private_codes(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	static const uint32_t codes[] = {0x83848023, 0x83848043};
	NTSTATUS status = fsctl(t, tree, SMB2_FILE_ID_RELATED, 0x83848013,
				SMB2_0_IOCTL_IS_FSCTL, 1);

	if (NT_STATUS_IS_OK(status)) {
		torture_skip("smbd:FSCTL_SMBTORTURE is on");
	}
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		STATUS_IN(fsctl(t, tree, SMB2_FILE_ID_RELATED, codes[i],
				SMB2_0_IOCTL_IS_FSCTL, 0),
			  NT_STATUS(FILE_CLOSED), NT_STATUS(NOT_SUPPORTED),
			  NT_STATUS(INVALID_DEVICE_REQUEST));
	}
}

static void echo(struct torture *t)
{
	struct cli_session *session = torture_session(t);

	OK(cli_echo(cli_session_conn(session), NULL));
	OK(cli_echo(cli_session_conn(session), session));
}

const struct torture_test torture_ioctl_tests[] = {
	{"ioctl.unknown_code", "[MS-SMB2] 3.3.5.15: INVALID_DEVICE_REQUEST",
	 unknown_code, 0},
	{"ioctl.not_fsctl", "[MS-SMB2] 3.3.5.15: NOT_SUPPORTED", not_fsctl, 0},
	{"ioctl.closed_handle", "[MS-SMB2] 3.3.5.15: FILE_CLOSED",
	 closed_handle, 0},
	{"ioctl.larger_than_allowed", "[MS-SMB2] 3.3.5.15: INVALID_PARAMETER",
	 larger_than_allowed, 0},
	{"ioctl.no_dfs_here", "[MS-SMB2] 3.3.5.15.2", no_dfs_here, 0},
	{"ioctl.network_interfaces", "[MS-SMB2] 3.3.5.15.11",
	 network_interfaces, 0},
	{"ioctl.private_codes", "smbd:FSCTL_SMBTORTURE is off", private_codes,
	 0},
	{"echo.with_and_without_session", "[MS-SMB2] 3.3.5.17", echo, 0},
	{NULL, NULL, NULL, 0},
};
