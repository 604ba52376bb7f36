/* fsa/offload_token.c - see offload_token.h.
 *
 * The bytes: TokenType and TokenIdLength big-endian, as [MS-FSCC] 2.1.11 has
 * them; then, in the 504 of TokenId, what struct offload_token has, the path
 * padded with zeros, and HMAC-SHA256 of all before it, the holder's SID and the
 * share's path. */
#include "fsa/offload_token.h"

#include <string.h>

#include "lib/crypto.h"
#include "lib/sid.h"

#define TYPE_ZERO     0xFFFF0001u
#define TYPE_OURS     0x484F4C44u
#define ID_LENGTH     504
#define VERSION	      1
#define AUTHENTICATED (OFFLOAD_TOKEN_SIZE - SHA256_SIZE)

NTSTATUS offload_token_set_path(struct offload_token *t, const char *path)
{
	size_t n = strlen(path);

	if (n > OFFLOAD_MAX_PATH) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	memset(t->path, 0, sizeof(t->path));
	memcpy(t->path, path, n);
	return NT_STATUS_OK;
}

static void authenticate(const uint8_t raw[AUTHENTICATED],
			 const struct offload_holder *holder,
			 uint8_t out[SHA256_SIZE])
{
	uint8_t user[SID_MAX_SIZE];
	struct wire_writer w = wire_writer_fixed(user, sizeof(user));
	struct iovec iov[3];

	sid_put(&w, holder->user);
	iov[0] = (struct iovec){.iov_base = (void *)(uintptr_t)raw,
				.iov_len = AUTHENTICATED};
	iov[1] = (struct iovec){.iov_base = user, .iov_len = w.length};
	iov[2] = (struct iovec){.iov_base =
					(void *)(uintptr_t)holder->share_path,
				.iov_len = strlen(holder->share_path)};
	crypto_hmac_sha256(holder->key, OFFLOAD_KEY_SIZE, iov, 3, out);
}

void offload_token_put(struct wire_writer *w, const struct offload_token *t,
		       const struct offload_holder *holder)
{
	uint8_t raw[OFFLOAD_TOKEN_SIZE] = {0};
	struct wire_writer b = wire_writer_fixed(raw, sizeof(raw));

	wire_put_u32be(&b, t->zero ? TYPE_ZERO : TYPE_OURS);
	wire_put_u32be(&b, ID_LENGTH); /* Reserved, TokenIdLength */
	if (!t->zero) {
		wire_put_u32(&b, VERSION);
		wire_put_u32(&b, (uint32_t)strlen(t->path));
		wire_put_u64(&b, t->expires);
		wire_put_u64(&b, t->device);
		wire_put_u64(&b, t->inode);
		wire_put_bytes(&b, t->version, sizeof(t->version));
		wire_put_u64(&b, t->offset);
		wire_put_u64(&b, t->length);
		wire_put_bytes(&b, t->path, OFFLOAD_MAX_PATH);
		authenticate(raw, holder, raw + AUTHENTICATED);
	}
	wire_put_bytes(w, raw, sizeof(raw));
}

NTSTATUS offload_token_decode(const uint8_t raw[OFFLOAD_TOKEN_SIZE],
			      struct offload_token *out)
{
	struct wire_reader r = wire_reader(raw, AUTHENTICATED);
	struct offload_token t = {0};
	uint32_t type = wire_u32be(&r);
	uint32_t length, version;

	if (type == TYPE_ZERO) {
		t.zero = true;
		*out = t;
		return NT_STATUS_OK;
	}
	wire_skip(&r, 4);
	version = wire_u32(&r);
	length = wire_u32(&r);
	t.expires = wire_u64(&r);
	t.device = wire_u64(&r);
	t.inode = wire_u64(&r);
	wire_bytes(&r, t.version, sizeof(t.version));
	t.offset = wire_u64(&r);
	t.length = wire_u64(&r);
	wire_bytes(&r, t.path, OFFLOAD_MAX_PATH);
	if (!wire_ok(&r) || type != TYPE_OURS || version != VERSION ||
	    strlen(t.path) != length || t.offset > UINT64_MAX - t.length) {
		return NT_STATUS(INVALID_TOKEN);
	}
	*out = t;
	return NT_STATUS_OK;
}

NTSTATUS offload_token_read(struct wire_reader *r, NTTIME now,
			    const struct offload_holder *holder,
			    struct offload_token *out)
{
	uint8_t raw[OFFLOAD_TOKEN_SIZE];
	uint8_t mac[SHA256_SIZE];
	struct offload_token t;
	NTSTATUS status;

	wire_bytes(r, raw, sizeof(raw));
	if (!wire_ok(r)) {
		return NT_STATUS(INVALID_TOKEN);
	}
	status = offload_token_decode(raw, &t);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	authenticate(raw, holder, mac);
	if (!t.zero && (!crypto_equal(mac, raw + AUTHENTICATED, sizeof(mac)) ||
			now >= t.expires)) {
		return NT_STATUS(INVALID_TOKEN);
	}
	*out = t;
	return NT_STATUS_OK;
}
