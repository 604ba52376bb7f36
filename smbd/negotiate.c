/* smbd/negotiate.c - see negotiate.h. */
#include "smbd/negotiate.h"

#include "lib/conf.h"
#include "smbd/client.h"
#include "smbd/server.h"

#define SMALL_BUFFER 65536u /* without multi-credit requests */

uint16_t smbd_choose_dialect(const struct smbd_offer *offer,
			     const uint16_t *dialects, size_t count)
{
	static const uint16_t known[] = {SMB2_DIALECT_202, SMB2_DIALECT_210,
					 SMB2_DIALECT_300, SMB2_DIALECT_302,
					 SMB2_DIALECT_311};
	uint16_t best = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] < offer->min_dialect ||
		    known[i] > offer->max_dialect) {
			continue;
		}
		for (size_t j = 0; j < count; j++) {
			if (dialects[j] == known[i]) {
				best = known[i];
			}
		}
	}
	return best;
}

static uint16_t choose(const uint16_t *wanted, size_t count,
		       const struct smb2_id_list *list, uint16_t none)
{
	for (size_t i = 0; i < count; i++) {
		if (smb2_id_list_has(list, wanted[i])) {
			return wanted[i];
		}
	}
	return none;
}

uint16_t smbd_choose_cipher(const struct smb2_id_list *ciphers)
{
	static const uint16_t wanted[] = {
		SMB2_ENCRYPTION_AES128_GCM, SMB2_ENCRYPTION_AES128_CCM,
		SMB2_ENCRYPTION_AES256_GCM, SMB2_ENCRYPTION_AES256_CCM};

	return choose(wanted, sizeof(wanted) / sizeof(wanted[0]), ciphers,
		      SMB2_ENCRYPTION_NONE);
}

uint16_t smbd_choose_signing(const struct smb2_id_list *algorithms)
{
	static const uint16_t wanted[] = {SMB2_SIGNING_AES_GMAC,
					  SMB2_SIGNING_AES_CMAC,
					  SMB2_SIGNING_HMAC_SHA256};

	return choose(wanted, sizeof(wanted) / sizeof(wanted[0]), algorithms,
		      SMB2_SIGNING_AES_CMAC);
}

static bool is_posix_anywhere(const struct conf *conf)
{
	for (size_t i = 0; i < conf_share_count(conf); i++) {
		if (conf_share_at(conf, i)->unix_extensions) {
			return true;
		}
	}
	return false;
}

struct smbd_offer smbd_offer(const struct smbd_server *server)
{
	const struct conf_global *g = conf_global(server->conf);

	return (struct smbd_offer){
		.min_dialect = (uint16_t)g->server_min_protocol,
		.max_dialect = (uint16_t)g->server_max_protocol,
		.encryption = g->smb_encrypt != CONF_ENCRYPT_OFF,
		.posix = is_posix_anywhere(server->conf),
	};
}

void smbd_negotiate_limits(struct smbd_connection *conn)
{
	const struct conf_global *g = conf_global(conn->client->server->conf);
	struct smbd_negotiated *n = &conn->negotiated;

	n->server_security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED;
	if (g->server_signing == CONF_SIGNING_REQUIRED) {
		n->server_security_mode |= SMB2_NEGOTIATE_SIGNING_REQUIRED;
	}
	n->multi_credit = n->dialect != SMB2_DIALECT_202;
	n->server_capabilities = 0;
	if (!n->multi_credit) {
		n->max_transact = SMALL_BUFFER;
		n->max_read = SMALL_BUFFER;
		n->max_write = SMALL_BUFFER;
		return;
	}
	n->server_capabilities |= SMB2_GLOBAL_CAP_LARGE_MTU;
	n->max_transact = (uint32_t)g->smb2_max_trans;
	if (g->smb2_leases) {
		n->server_capabilities |= SMB2_GLOBAL_CAP_LEASING;
	}
	/* 3.3.5.4 */
	if (g->smb2_leases && g->directory_leases && smbd_is_3x(conn)) {
		n->server_capabilities |= n->client_capabilities &
					  SMB2_GLOBAL_CAP_DIRECTORY_LEASING;
	}
	if (g->multi_channel && smbd_is_3x(conn)) {
		/* If the client has it as well: 3.3.5.4. */
		n->server_capabilities |=
			n->client_capabilities & SMB2_GLOBAL_CAP_MULTI_CHANNEL;
	}
	n->max_read = (uint32_t)g->smb2_max_read;
	n->max_write = (uint32_t)g->smb2_max_write;
}

struct smb2_negotiate_response smbd_negotiate_response(
	const struct smbd_connection *conn)
{
	const struct smbd_negotiated *n = &conn->negotiated;
	const struct smbd_server *server = conn->client->server;

	return (struct smb2_negotiate_response){
		.security_mode = n->server_security_mode,
		.dialect = n->dialect,
		.server_guid = server->guid,
		.capabilities = n->server_capabilities,
		.max_transact_size = n->max_transact,
		.max_read_size = n->max_read,
		.max_write_size = n->max_write,
		.system_time = nttime_now(),
		.security_buffer =
			wire_reader(server->hello.data, server->hello.length),
	};
}
