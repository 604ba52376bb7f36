/* smbd/tests/frame_fuzz.c - frames to a whole connection, with nothing of the
 * network but the bytes.
 *
 * An input is a byte of options and then frames, each after two bytes of its
 * length.  With option 1 the connection begins negotiated and logged on, with
 * a file and a folder open; then what a fuzzer cannot guess is put into each
 * first header: message id, session, tree connect, and the ids of the file
 * (or, with option 2, of the folder). */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fsa/fsa.h"
#include "lib/assert.h"
#include "lib/identity.h"
#include "smb2/constants.h"
#include "smbd/credits.h"
#include "smbd/open.h"
#include "smbd/request.h"
#include "smbd/tests/fixture.h"

#define LOGGED_ON     0x1
#define ON_A_FOLDER   0x2
#define ENCRYPTED_311 0x4
#define MAX_FRAMES    64
#define MAX_FILE      (4 << 20) /* bytes; the databases grow to half of that */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fixture *fixture;

static void clean_up(void)
{
	void *state = fixture;

	if (fixture != NULL) {
		(void)fixture_teardown(&state);
	}
}

static struct fixture *get_fixture(void)
{
	const struct rlimit small = {.rlim_cur = MAX_FILE,
				     .rlim_max = MAX_FILE};
	void *state = NULL;

	if (fixture != NULL) {
		return fixture;
	}
	ASSERT(fixture_setup(&state) == 0);
	fixture = state;
	atexit(clean_up);
	/* What is written and reserved stays small. */
	signal(SIGXFSZ, SIG_IGN);
	ASSERT(setrlimit(RLIMIT_FSIZE, &small) == 0);
	return fixture;
}

static struct smb2_file_id open_name(struct fixture *fx, const char *name,
				     bool folder)
{
	struct open_record rec = {.name = name};
	struct smbd_open *open;
	struct fsa_io io = {
		.op = FSA_CREATE,
		.volume = fx->tree->volume,
		.token = fx->session->user->token,
		.identity = fx->tree->identity,
		.u.create = {.name = name,
			     .desired_access = MAXIMUM_ALLOWED,
			     .share_access = FILE_SHARE_ALL,
			     .disposition = FILE_OPEN_IF,
			     .options = folder ? FILE_DIRECTORY_FILE : 0},
	};

	ASSERT(NT_STATUS_IS_OK(smbd_open_create(fx->tree, &open)));
	io.u.create.open_id = open->id.persistent_id;
	identity_assume(fx->tree->identity);
	if (!NT_STATUS_IS_OK(fsa_dispatch(&io))) {
		talloc_free(open);
		return SMB2_FILE_ID_RELATED;
	}
	ASSERT(NT_STATUS_IS_OK(
		smbd_open_register(open, io.u.create.file, &rec)));
	return open->id;
}

static void put_u64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v)); /* on a little-endian machine */
}

/* What the sender of a real frame would know. */
struct known {
	uint64_t session_id;
	uint32_t tree_id;
	struct smb2_file_id id;
};

static void complete(struct fixture *fx, uint8_t *frame, size_t length,
		     const struct known *known)
{
	const struct smbd_command *cmd;

	if (length < SMB2_HEADER_SIZE) {
		return;
	}
	put_u64(frame + 24, fx->message_id++);
	memcpy(frame + 36, &known->tree_id, sizeof(known->tree_id));
	put_u64(frame + 40, known->session_id);
	cmd = smbd_command_lookup((uint16_t)(frame[12] | frame[13] << 8));
	if (cmd != NULL && cmd->file_id_at != 0 &&
	    length >= SMB2_HEADER_SIZE + cmd->file_id_at + 16u) {
		put_u64(frame + SMB2_HEADER_SIZE + cmd->file_id_at,
			known->id.persistent_id);
		put_u64(frame + SMB2_HEADER_SIZE + cmd->file_id_at + 8,
			known->id.volatile_id);
	}
}

static void begin(struct fixture *fx, uint8_t options, struct known *known)
{
	fixture_connect(fx);
	if ((options & LOGGED_ON) == 0) {
		return;
	}
	fixture_negotiate(fx, options & ENCRYPTED_311 ? SMB2_DIALECT_311
						      : SMB2_DIALECT_210);
	fixture_log_on(fx);
	credits_grant(fx->conn->credits, 1000);
	known->session_id = fx->session->id;
	known->tree_id = fx->tree->id;
	known->id = open_name(fx, options & ON_A_FOLDER ? "folder" : "file",
			      (options & ON_A_FOLDER) != 0);
}

static void drain(struct fixture *fx)
{
	struct blob reply;

	do {
		reply = fixture_receive(fx, NULL);
		talloc_free(reply.data);
	} while (reply.length > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fixture *fx = get_fixture();
	struct known known = {0};
	uint8_t options = size > 0 ? data[0] : 0;
	size_t pos = 1;

	begin(fx, options, &known);
	for (int n = 0; n < MAX_FRAMES && pos + 2 <= size; n++) {
		size_t length = (size_t)(data[pos] | data[pos + 1] << 8);
		uint8_t *frame;

		pos += 2;
		if (length > size - pos) {
			length = size - pos;
		}
		frame = talloc_size(fx->mem_ctx, length + 1);
		memcpy(frame, data + pos, length);
		pos += length;
		if (options & LOGGED_ON) {
			complete(fx, frame, length, &known);
		}
		fixture_send(fx, frame, length);
		talloc_free(frame);
		drain(fx);
	}
	return 0;
}
