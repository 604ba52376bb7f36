/* auth/ntlmssp_av.c - AV pairs, [MS-NLMP] 2.2.2.1: id, length, value, packed
 * without padding, ended by id 0. */
#include "auth/ntlmssp_msg.h"

#include "lib/utf16.h"

bool ntlmssp_av_read(struct wire_reader *av, uint16_t *out_id,
		     struct blob *out_value)
{
	uint16_t id = wire_u16(av);
	uint16_t length = wire_u16(av);
	const uint8_t *value = wire_view(av, length);

	if (!wire_ok(av) || id == NTLMSSP_AV_EOL) {
		return false;
	}
	*out_id = id;
	*out_value = (struct blob){(uint8_t *)value, length};
	return true;
}

static void summarize_pair(uint16_t id, struct blob value,
			   struct ntlmssp_av_summary *sum, bool *ok)
{
	struct wire_reader r = wire_reader(value.data, value.length);

	switch (id) {
	case NTLMSSP_AV_NB_COMPUTER:
		sum->has_nb_computer = true;
		break;
	case NTLMSSP_AV_NB_DOMAIN:
		sum->has_nb_domain = true;
		break;
	case NTLMSSP_AV_FLAGS:
		sum->flags = wire_u32(&r);
		*ok = *ok && wire_ok(&r) && value.length == 4;
		break;
	case NTLMSSP_AV_TIMESTAMP:
		sum->timestamp = wire_u64(&r);
		sum->has_timestamp = true;
		*ok = *ok && wire_ok(&r) && value.length == 8;
		break;
	default:
		break;
	}
}

NTSTATUS ntlmssp_av_summarize(struct blob list, struct ntlmssp_av_summary *out)
{
	struct wire_reader r = wire_reader(list.data, list.length);
	struct ntlmssp_av_summary sum = {0};
	struct blob value;
	uint16_t id;
	bool ok = true;

	while (ntlmssp_av_read(&r, &id, &value)) {
		summarize_pair(id, value, &sum, &ok);
	}
	if (!ok || !wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = sum;
	return NT_STATUS_OK;
}

void ntlmssp_av_put(struct wire_writer *w, enum ntlmssp_av_id id,
		    struct blob value)
{
	wire_put_u16(w, (uint16_t)id);
	wire_put_u16(w, (uint16_t)value.length);
	wire_put_bytes(w, value.data, value.length);
}

void ntlmssp_av_put_text(struct wire_writer *w, enum ntlmssp_av_id id,
			 const char *text)
{
	wire_put_u16(w, (uint16_t)id);
	wire_put_u16(w, (uint16_t)utf16_size(text));
	wire_put_utf16(w, text);
}

void ntlmssp_av_put_u32(struct wire_writer *w, enum ntlmssp_av_id id,
			uint32_t value)
{
	wire_put_u16(w, (uint16_t)id);
	wire_put_u16(w, 4);
	wire_put_u32(w, value);
}

void ntlmssp_av_put_time(struct wire_writer *w, NTTIME value)
{
	wire_put_u16(w, NTLMSSP_AV_TIMESTAMP);
	wire_put_u16(w, 8);
	wire_put_u64(w, value);
}

void ntlmssp_av_put_end(struct wire_writer *w)
{
	wire_put_u16(w, NTLMSSP_AV_EOL);
	wire_put_u16(w, 0);
}
