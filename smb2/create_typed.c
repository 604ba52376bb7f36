/* smb2/create_typed.c - create contexts as structs ([MS-SMB2] 2.2.13.2.1 to
 * 2.2.13.2.15, 2.2.14.2). */
#include "smb2/create_contexts.h"

#include "lib/assert.h"
#include "smb2/body.h"

#define LEASE_V2_SIZE  52
#define APP_ID_SIZE    20
#define APP_VER_SIZE   24
#define MAX_FIXED_SIZE 64 /* more than any context of a fixed size has */

/* --- both directions ------------------------------------------------- */

/* The size tells the version (2.2.13.2.10). */
static struct smb2_lease read_lease(struct wire_reader *r)
{
	struct smb2_lease l = {.version = r->length == LEASE_V2_SIZE ? 2 : 1};

	l.key = guid_read(r);
	l.state = wire_u32(r);
	l.flags = wire_u32(r);
	wire_skip(r, 8); /* LeaseDuration */
	if (l.version == 2) {
		l.parent_key = guid_read(r);
		l.epoch = wire_u16(r);
		wire_skip(r, 2); /* Reserved */
	}
	return l;
}

static void put_lease(struct wire_writer *w, const struct smb2_lease *l)
{
	guid_put(w, &l->key);
	wire_put_u32(w, l->state);
	wire_put_u32(w, l->flags);
	wire_put_u64(w, 0); /* LeaseDuration */
	if (l->version == 2) {
		guid_put(w, &l->parent_key);
		wire_put_u16(w, l->epoch);
		wire_put_u16(w, 0); /* Reserved */
	}
}

/* A context of a fixed size is put together here, then added. */
struct small {
	uint8_t bytes[MAX_FIXED_SIZE];
	struct wire_writer w;
};

static struct wire_writer *small_begin(struct small *s)
{
	s->w = wire_writer_fixed(s->bytes, sizeof(s->bytes));
	return &s->w;
}

static void small_add(struct small *s, struct smb2_create_chain *c,
		      enum smb2_create_context_tag tag)
{
	ASSERT(wire_writer_ok(&s->w));
	smb2_create_chain_add(c, tag, s->bytes, s->w.length);
}

static void add_lease(struct smb2_create_chain *c, const struct smb2_lease *l)
{
	struct small s;

	put_lease(small_begin(&s), l);
	small_add(&s, c, SMB2_CREATE_REQUEST_LEASE);
}

static void add_u64(struct smb2_create_chain *c,
		    enum smb2_create_context_tag tag, uint64_t v)
{
	struct small s;

	wire_put_u64(small_begin(&s), v);
	small_add(&s, c, tag);
}

static void add_raw(struct smb2_create_chain *c,
		    enum smb2_create_context_tag tag, struct wire_reader data)
{
	smb2_create_chain_add(c, tag, data.data, data.length);
}

/* What a context turns into: reads r, of which all must be consumed. */
typedef void (*context_reader)(struct wire_reader *r,
			       enum smb2_create_context_tag tag, void *out);

/* Walks the chain, each known context once; *present gets their bits. */
static NTSTATUS read_chain(struct wire_reader list, context_reader read,
			   void *out, uint32_t *present)
{
	list.pos = 0;
	for (;;) {
		enum smb2_create_context_tag tag;
		struct wire_reader data;
		NTSTATUS status = smb2_create_context_next(&list, &tag, &data);

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			return NT_STATUS_OK;
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		if (tag == SMB2_CREATE_CONTEXT_UNKNOWN) {
			continue;
		}
		if ((*present & 1u << tag) != 0 && tag != SMB2_CREATE_POSIX) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		*present |= 1u << tag;
		read(&data, tag, out);
		if (!wire_ok(&data) || wire_left(&data) > 0) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
}

/* The whole of r, lent. */
static struct wire_reader take_raw(struct wire_reader *r)
{
	struct wire_reader raw = *r;

	wire_skip(r, wire_left(r));
	return raw;
}

/* --- requests ---------------------------------------------------------- */

static void read_durable_v2(struct wire_reader *r, struct smb2_durable_v2 *d)
{
	d->timeout = wire_u32(r);
	d->flags = wire_u32(r);
	wire_skip(r, 8); /* Reserved */
	d->create_guid = guid_read(r);
}

static void read_reconnect_v2(struct wire_reader *r,
			      struct smb2_reconnect_v2 *d)
{
	d->id = smb2_file_id_read(r);
	d->create_guid = guid_read(r);
	d->flags = wire_u32(r);
}

static void read_app(struct wire_reader *r, enum smb2_create_context_tag tag,
		     struct smb2_create_request_contexts *c)
{
	uint16_t size = wire_u16(r);

	wire_skip(r, 2); /* Reserved */
	if (size != r->length) {
		r->failed = true;
	}
	if (tag == SMB2_CREATE_APP_INSTANCE_ID) {
		c->app_instance_id = guid_read(r);
		return;
	}
	wire_skip(r, 4); /* Padding */
	c->app_version_high = wire_u64(r);
	c->app_version_low = wire_u64(r);
}

/* Whoever has not agreed on the extensions does not know what this is. */
static void read_posix(struct wire_reader *r,
		       struct smb2_create_request_contexts *c)
{
	if (c->num_posix++ > 0 || r->length != 4) {
		c->posix_malformed = true;
		(void)take_raw(r);
		return;
	}
	c->posix_mode = wire_u32(r);
}

static void read_request(struct wire_reader *r,
			 enum smb2_create_context_tag tag, void *out)
{
	struct smb2_create_request_contexts *c = out;

	switch (tag) {
	case SMB2_CREATE_EA_BUFFER:
		c->ea = take_raw(r);
		break;
	case SMB2_CREATE_SD_BUFFER:
		c->sd = take_raw(r);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST:
		wire_skip(r, 16); /* DurableRequest */
		break;
	case SMB2_CREATE_DURABLE_HANDLE_RECONNECT:
		c->reconnect = smb2_file_id_read(r);
		break;
	case SMB2_CREATE_ALLOCATION_SIZE:
		c->allocation_size = wire_u64(r);
		break;
	case SMB2_CREATE_QUERY_MAXIMAL_ACCESS:
		if (r->length > 0) { /* 3.3.5.9.5: none, or a timestamp */
			c->max_access_timestamp = wire_u64(r);
		}
		break;
	case SMB2_CREATE_TIMEWARP_TOKEN:
		c->timewarp = wire_u64(r);
		break;
	case SMB2_CREATE_QUERY_ON_DISK_ID:
		(void)take_raw(r); /* there is none; ignored if there is */
		break;
	case SMB2_CREATE_REQUEST_LEASE:
		c->lease = read_lease(r);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2:
		read_durable_v2(r, &c->durable_v2);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2:
		read_reconnect_v2(r, &c->reconnect_v2);
		break;
	case SMB2_CREATE_APP_INSTANCE_ID:
	case SMB2_CREATE_APP_INSTANCE_VERSION:
		read_app(r, tag, c);
		break;
	case SVHDX_OPEN_DEVICE_CONTEXT:
		c->svhdx = take_raw(r);
		break;
	case SMB2_CREATE_POSIX:
		read_posix(r, c);
		break;
	case SMB2_CREATE_AAPL:
		c->aapl = take_raw(r);
		break;
	case SMB2_CREATE_CONTEXT_TAGS:
		break;
	}
}

NTSTATUS smb2_create_request_contexts_decode(
	struct wire_reader list, struct smb2_create_request_contexts *out)
{
	struct smb2_create_request_contexts c = {0};
	NTSTATUS status = read_chain(list, read_request, &c, &c.present);

	if (NT_STATUS_IS_OK(status)) {
		*out = c;
	}
	return status;
}

static void add_durable_v2(struct smb2_create_chain *c,
			   const struct smb2_durable_v2 *d)
{
	struct small s;
	struct wire_writer *w = small_begin(&s);

	wire_put_u32(w, d->timeout);
	wire_put_u32(w, d->flags);
	wire_put_u64(w, 0); /* Reserved */
	guid_put(w, &d->create_guid);
	small_add(&s, c, SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2);
}

static void add_reconnect_v2(struct smb2_create_chain *c,
			     const struct smb2_reconnect_v2 *d)
{
	struct small s;
	struct wire_writer *w = small_begin(&s);

	smb2_file_id_put(w, &d->id);
	guid_put(w, &d->create_guid);
	wire_put_u32(w, d->flags);
	small_add(&s, c, SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2);
}

static void add_app_id(struct smb2_create_chain *c,
		       const struct smb2_create_request_contexts *in)
{
	struct small s;
	struct wire_writer *w = small_begin(&s);

	wire_put_u16(w, APP_ID_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	guid_put(w, &in->app_instance_id);
	small_add(&s, c, SMB2_CREATE_APP_INSTANCE_ID);
}

static void add_app_version(struct smb2_create_chain *c,
			    const struct smb2_create_request_contexts *in)
{
	struct small s;
	struct wire_writer *w = small_begin(&s);

	wire_put_u16(w, APP_VER_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, 0); /* Padding */
	wire_put_u64(w, in->app_version_high);
	wire_put_u64(w, in->app_version_low);
	small_add(&s, c, SMB2_CREATE_APP_INSTANCE_VERSION);
}

static void add_request(struct smb2_create_chain *c,
			enum smb2_create_context_tag tag,
			const struct smb2_create_request_contexts *in)
{
	struct small s;

	switch (tag) {
	case SMB2_CREATE_EA_BUFFER:
		add_raw(c, tag, in->ea);
		break;
	case SMB2_CREATE_SD_BUFFER:
		add_raw(c, tag, in->sd);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST:
		wire_put_zero(small_begin(&s), 16); /* DurableRequest */
		small_add(&s, c, tag);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_RECONNECT:
		smb2_file_id_put(small_begin(&s), &in->reconnect);
		small_add(&s, c, tag);
		break;
	case SMB2_CREATE_ALLOCATION_SIZE:
		add_u64(c, tag, in->allocation_size);
		break;
	case SMB2_CREATE_QUERY_MAXIMAL_ACCESS:
		if (in->max_access_timestamp == 0) {
			smb2_create_chain_add(c, tag, NULL, 0);
		} else {
			add_u64(c, tag, in->max_access_timestamp);
		}
		break;
	case SMB2_CREATE_TIMEWARP_TOKEN:
		add_u64(c, tag, in->timewarp);
		break;
	case SMB2_CREATE_QUERY_ON_DISK_ID:
		smb2_create_chain_add(c, tag, NULL, 0);
		break;
	case SMB2_CREATE_REQUEST_LEASE:
		add_lease(c, &in->lease);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2:
		add_durable_v2(c, &in->durable_v2);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2:
		add_reconnect_v2(c, &in->reconnect_v2);
		break;
	case SMB2_CREATE_APP_INSTANCE_ID:
		add_app_id(c, in);
		break;
	case SMB2_CREATE_APP_INSTANCE_VERSION:
		add_app_version(c, in);
		break;
	case SVHDX_OPEN_DEVICE_CONTEXT:
		add_raw(c, tag, in->svhdx);
		break;
	case SMB2_CREATE_POSIX:
		wire_put_u32(small_begin(&s), in->posix_mode);
		small_add(&s, c, tag);
		break;
	case SMB2_CREATE_AAPL:
		add_raw(c, tag, in->aapl);
		break;
	case SMB2_CREATE_CONTEXT_TAGS:
		break;
	}
}

void smb2_create_request_contexts_put(
	struct wire_writer *w, const struct smb2_create_request_contexts *in)
{
	struct smb2_create_chain c = smb2_create_chain(w);

	for (unsigned int i = 0; i < SMB2_CREATE_CONTEXT_TAGS; i++) {
		if ((in->present & 1u << i) != 0) {
			add_request(&c, (enum smb2_create_context_tag)i, in);
		}
	}
}

/* --- responses ----------------------------------------------------------- */

static void read_response(struct wire_reader *r,
			  enum smb2_create_context_tag tag, void *out)
{
	struct smb2_create_response_contexts *c = out;

	switch (tag) {
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST:
		wire_skip(r, 8); /* Reserved */
		break;
	case SMB2_CREATE_QUERY_MAXIMAL_ACCESS:
		c->max_access_status.v = wire_u32(r);
		c->max_access = wire_u32(r);
		break;
	case SMB2_CREATE_QUERY_ON_DISK_ID:
		c->disk_file_id = wire_u64(r);
		c->volume_id = wire_u64(r);
		wire_skip(r, 16); /* Reserved */
		break;
	case SMB2_CREATE_REQUEST_LEASE:
		c->lease = read_lease(r);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2:
		c->durable_v2_timeout = wire_u32(r);
		c->durable_v2_flags = wire_u32(r);
		break;
	case SMB2_CREATE_POSIX:
		c->posix = take_raw(r);
		break;
	case SMB2_CREATE_AAPL:
		c->aapl = take_raw(r);
		break;
	default: /* one that has no response: nothing to learn from it */
		(void)take_raw(r);
		break;
	}
}

NTSTATUS smb2_create_response_contexts_decode(
	struct wire_reader list, struct smb2_create_response_contexts *out)
{
	struct smb2_create_response_contexts c = {0};
	NTSTATUS status = read_chain(list, read_response, &c, &c.present);

	if (NT_STATUS_IS_OK(status)) {
		*out = c;
	}
	return status;
}

static void add_two_u32(struct smb2_create_chain *c,
			enum smb2_create_context_tag tag, uint32_t a,
			uint32_t b)
{
	add_u64(c, tag, (uint64_t)b << 32 | a);
}

static void add_disk_id(struct smb2_create_chain *c,
			const struct smb2_create_response_contexts *in)
{
	struct small s;
	struct wire_writer *w = small_begin(&s);

	wire_put_u64(w, in->disk_file_id);
	wire_put_u64(w, in->volume_id);
	wire_put_zero(w, 16); /* Reserved */
	small_add(&s, c, SMB2_CREATE_QUERY_ON_DISK_ID);
}

static void add_response(struct smb2_create_chain *c,
			 enum smb2_create_context_tag tag,
			 const struct smb2_create_response_contexts *in)
{
	switch (tag) {
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST:
		add_u64(c, tag, 0); /* Reserved */
		break;
	case SMB2_CREATE_QUERY_MAXIMAL_ACCESS:
		add_two_u32(c, tag, in->max_access_status.v, in->max_access);
		break;
	case SMB2_CREATE_QUERY_ON_DISK_ID:
		add_disk_id(c, in);
		break;
	case SMB2_CREATE_REQUEST_LEASE:
		add_lease(c, &in->lease);
		break;
	case SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2:
		add_two_u32(c, tag, in->durable_v2_timeout,
			    in->durable_v2_flags);
		break;
	case SMB2_CREATE_POSIX:
		add_raw(c, tag, in->posix);
		break;
	case SMB2_CREATE_AAPL:
		add_raw(c, tag, in->aapl);
		break;
	default: /* has no response */
		ASSERT(false);
	}
}

void smb2_create_response_contexts_put(
	struct wire_writer *w, const struct smb2_create_response_contexts *in)
{
	struct smb2_create_chain c = smb2_create_chain(w);

	for (unsigned int i = 0; i < SMB2_CREATE_CONTEXT_TAGS; i++) {
		if ((in->present & 1u << i) != 0) {
			add_response(&c, (enum smb2_create_context_tag)i, in);
		}
	}
}
